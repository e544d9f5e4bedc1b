/**
 * one-door: plain text comes out of a seal only through the vault, which asks whether the reader may see it and records that he did.
 * So nobody else may name a function that deciphers.
 */
const DECIPHERING = new Set([
  'createDecipheriv',
  'createDecipher',
  'privateDecrypt',
  'compactDecrypt',
  'flattenedDecrypt',
  'generalDecrypt',
  'jwtDecrypt',
  'unwrapKey',
]);

export default {
  meta: { type: 'problem', schema: [], messages: { door: '{{name}}: only libs/vault opens seals (vault.open).' } },
  create(context) {
    const report = (node, name) => context.report({ node, messageId: 'door', data: { name } });
    return {
      Identifier: (node) => DECIPHERING.has(node.name) && report(node, node.name),
      Literal: (node) => DECIPHERING.has(node.value) && report(node, node.value),
      TemplateElement: (node) => DECIPHERING.has(node.value.cooked) && report(node, node.value.cooked),
      'MemberExpression[property.name="decrypt"]': (node) =>
        /subtle|crypto/i.test(context.sourceCode.getText(node.object)) && report(node, 'decrypt'),
    };
  },
};
