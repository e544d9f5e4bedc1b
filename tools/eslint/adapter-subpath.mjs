/**
 * adapter-subpath: an adapter is chosen where an application is put together. Everybody else knows the port only, or importing a
 * context would load every engine's client.
 */
const ADAPTER = /^@second-opinion\/[a-z-]+\/(sqlite|eventstoredb|kafka|mongodb)$/;

export default {
  meta: { type: 'problem', schema: [], messages: { adapter: '{{source}} is chosen by apps only; import the port.' } },
  create(context) {
    const check = (node) => {
      const source = node.source?.value;
      if (typeof source === 'string' && ADAPTER.test(source))
        context.report({ node, messageId: 'adapter', data: { source } });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};
