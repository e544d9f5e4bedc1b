/**
 * pure: a decider, view, policy, publisher, table of rules or deadline may read nothing but its arguments, or a fold of the same
 * events gives another state tomorrow. So no clock, no chance, no I/O, no framework; also not through an alias or globalThis.
 */

/** IMPORTS that reach outside, or that only the rim may know. */
const BANNED_IMPORTS = [
  /^@nestjs\//,
  /^class-validator$/,
  /^class-transformer$/,
  /^fastify$/,
  /^@fastify\//,
  /^node:/,
  /^rxjs$/,
];
const NODE_MODULES =
  /^(fs|http|https|net|dns|os|crypto|child_process|worker_threads|timers|perf_hooks|process|path|stream)(\/|$)/;

/** ALLOWED_NAMES of modules that are banned otherwise: hashing is a function of its argument. */
const ALLOWED_NAMES = { 'node:crypto': new Set(['createHash', 'hash']) };

/** CHANCE: names of packages that differ from call to call. */
const BANNED_NAMES = { uuid: new Set(['default', 'v1', 'v4', 'v6', 'v7']) };

/** GLOBALS that may not be touched at all. */
const BANNED_GLOBALS = new Set([
  'process',
  'performance',
  'crypto',
  'globalThis',
  'global',
  'window',
  'self',
  'console',
  'fetch',
  'require',
  'eval',
  'Function',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'clearImmediate',
  'queueMicrotask',
]);

/** PARTLY: globals whose use is limited to named members; passing them around would hide the rest. */
const PARTLY = { Date: new Set(['now']), Math: new Set(['random']), Temporal: new Set(['Now']) };

export default {
  meta: { type: 'problem', schema: [], messages: { impure: '{{what}} has no place in a pure file: {{why}}.' } },
  create(context) {
    const report = (node, what, why = 'time, ids and facts are arguments') =>
      context.report({ node, messageId: 'impure', data: { what, why } });
    return {
      ImportDeclaration: (node) => node.importKind !== 'type' && checkImport(node, report),
      ImportExpression: (node) => report(node, 'import()', 'it is I/O'),
      'CallExpression[arguments.length=0] > MemberExpression.callee[property.name=/^format(ToParts)?$/]': (node) =>
        report(node, 'format() without a time', 'it formats the present moment'),
      'Program:exit': (node) => checkGlobals(context.sourceCode.getScope(node), report),
    };
  },
};

function checkImport(node, report) {
  const source = node.source.value;
  const named = node.specifiers.map((specifier) => specifier.imported?.name ?? 'default');
  const chance = BANNED_NAMES[source];
  if (chance) named.filter((name) => chance.has(name)).forEach((name) => report(node, `${name} of ${source}`));
  if (!BANNED_IMPORTS.some((pattern) => pattern.test(source)) && !NODE_MODULES.test(source)) return;
  const allowed = ALLOWED_NAMES[source];
  if (allowed && named.length > 0 && named.every((name) => allowed.has(name))) return;
  report(node, source, 'it stays at the rim');
}

/** checkGlobals looks at every name that the file itself does not define. */
function checkGlobals(scope, report) {
  const seen = [
    ...scope.through,
    ...scope.set.values().flatMap((variable) => (variable.defs.length ? [] : variable.references)),
  ];
  for (const { identifier } of new Set(seen)) {
    if (isType(identifier)) continue;
    if (BANNED_GLOBALS.has(identifier.name)) report(identifier, identifier.name);
    else if (Object.hasOwn(PARTLY, identifier.name)) checkPartly(identifier, report);
  }
}

function checkPartly(identifier, report) {
  const { parent, name } = identifier;
  if (parent.type === 'MemberExpression' && parent.object === identifier) {
    const member = parent.computed ? parent.property.value : parent.property.name;
    if (member === undefined || PARTLY[name].has(member)) report(parent, `${name}.${member ?? '[…]'}`);
  } else if (parent.type === 'NewExpression' && parent.callee === identifier && name === 'Date') {
    const [first] = parent.arguments;
    if (!first || first.type === 'SpreadElement') report(parent, 'new Date() without an instant');
  } else if (!(parent.type === 'BinaryExpression' && parent.operator === 'instanceof')) {
    report(identifier, `${name} as a value`, 'use its members, so that a reader sees which');
  }
}

function isType({ parent }) {
  return (
    parent.type.startsWith('TS') &&
    !['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'].includes(parent.type)
  );
}
