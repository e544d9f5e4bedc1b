/**
 * docs/rules.md: which test proves which business rule. Collected from the names of the tests, so that it cannot say more than they do.
 *   node tools/rules.mjs            writes docs/rules.md
 *   node tools/rules.mjs --accept   also marks in tools/rules.json every rule that has a test now; from then on it must keep one
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { files, read, ROOT } from './checks/repository.mjs';

export const DOCUMENT = 'docs/rules.md';
const LIST = 'tools/rules.json';
const TESTING = new Set(['test', 'it', 'describe']);

export const rules = () => JSON.parse(read(LIST));

/** proofs gives, for each rule that a test names, the tests: `{ file, name }` in the order of files. */
export function proofs() {
  const found = new Map();
  for (const file of files('*.spec.ts', '*.contract.ts').sort()) {
    for (const name of testNames(file)) {
      for (const id of new Set(name.match(/\bBR-\d\d\b/g))) found.set(id, [...(found.get(id) ?? []), { file, name }]);
    }
  }
  return found;
}

/** testNames reads the names of tests and groups as written; a name that is computed counts by its fixed beginning. */
function testNames(file) {
  const names = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && TESTING.has(rootOf(node.expression)) && node.arguments[0]) {
      const [first] = node.arguments;
      if (ts.isStringLiteralLike(first)) names.push(first.text);
      else if (ts.isTemplateExpression(first))
        names.push([first.head.text, ...first.templateSpans.map((s) => `…${s.literal.text}`)].join(''));
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return names;
}

/** rootOf `test.each(table)` and of `test.each`…`` is `test`. */
function rootOf(node) {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootOf(node.expression);
  return ts.isTaggedTemplateExpression(node) ? rootOf(node.tag) : '';
}

/** document gives the text of docs/rules.md. */
export async function document() {
  const found = proofs();
  const all = rules();
  const now = all.filter(({ route }) => route === 'A');
  const proved = now.filter(({ id }) => found.has(id));
  const open = now.filter(({ id }) => !found.has(id)).map(({ id }) => id);
  const text = [
    '# Business rules and their proofs',
    'Generated from the names of the tests by `npm run docs`; do not edit. A rule counts when a test bears its number.',
    `${proved.length} of the ${now.length} rules of route A are proved.` +
      (open.length ? ` Still open: ${open.join(', ')}.` : ''),
    '## Route A',
    ...now.map((rule) => entry(rule, found.get(rule.id))),
    '## Routes B, C and D (later)',
    ...all.filter(({ route }) => route !== 'A').map((rule) => entry(rule, found.get(rule.id))),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(path.join(ROOT, DOCUMENT))), parser: 'markdown' });
}

const escaped = (text) => text.replaceAll(/([\\`*_{}[\]<>|#])/g, '\\$1');

function entry({ id, title }, tests) {
  const lines = (tests ?? []).map(({ file, name }) => `- [${file}](../${file}): ${escaped(name)}`);
  return [`**${id}** ${escaped(title)}`, tests ? lines.join('\n') : '- open'].join('\n\n');
}

/** accept writes down that these rules are proved, so that nobody loses a proof unnoticed. It never takes a mark away. */
function accept() {
  const found = proofs();
  const marked = rules().map((rule) => ({ ...rule, proved: rule.proved || found.has(rule.id) }));
  fs.writeFileSync(path.join(ROOT, LIST), `[\n${marked.map((rule) => `  ${JSON.stringify(rule)}`).join(',\n')}\n]\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--accept')) accept();
  fs.writeFileSync(path.join(ROOT, DOCUMENT), await document());
}
