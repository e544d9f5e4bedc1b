/**
 * Golden files: for every event that is stored or published, the fullest and the barest shape its declaration allows and every code. Today's
 * declarations, folds and views must still take them, for ever: what was written once is read in twenty years. What a declaration gains
 * later (an optional field, a code) stands in a further form: `<Type>.json`, `<Type>.2.json`, …
 *   npm run golden                  writes the missing ones and the forms they lack; never touches one that exists
 *   npm run golden -- --unreleased  also writes anew those that no release has carried yet (tools/golden.json says which those are)
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { declared } from './events-doc.mjs';
import { files, read, ROOT } from './checks/repository.mjs';

/** LIST holds the hash of every golden file, and whether a release has carried it. */
const LIST = 'tools/golden.json';

export const list = () => (fs.existsSync(path.join(ROOT, LIST)) ? JSON.parse(read(LIST)) : {});
export const hashOf = (text) => createHash('sha256').update(text).digest('hex');
export const goldenFiles = () => files('libs/*/golden/**/*.json').sort();

/** wanted gives the golden file of every declared event that has its place: `{ file, where, type, schema, published }`. */
export function wanted() {
  return declared()
    .filter(({ where }) => where)
    .flatMap(({ file, where, events, published }) =>
      Object.entries(events).map(([type, schema]) => {
        const library = file.split('/').slice(0, 2).join('/');
        return { file: `${library}/golden/${where}/${type}.json`, where, type, schema, published };
      }),
    );
}

/** firstFile of a golden file: that of the first form of its event. */
export const firstFile = (file) => file.replace(/\.\d+\.json$/, '.json');

/** formsOf gives the golden files of an event, the oldest form first. */
export function formsOf(file, among = goldenFiles()) {
  const place = (form) => Number(/\.(\d+)\.json$/.exec(form)?.[1] ?? 1);
  return among.filter((form) => firstFile(form) === file).sort((a, b) => place(a) - place(b));
}

/** uncovered gives what a declaration allows and no shape holds: optional fields as `path?`, codes as `path=CODE`. */
export function uncovered(schema, shapes) {
  const held = new Set(shapes.flatMap((shape) => traces(schema, shape)));
  return allowed(schema).filter((trace) => !held.has(trace));
}

function allowed(schema, at = '', optional = false) {
  const own = optional ? [`${at}?`] : [];
  if (schema.enum) return [...own, ...schema.enum.map((code) => `${at}=${code}`)];
  if (schema.type === 'array') return [...own, ...allowed(schema.items, `${at}[]`)];
  return schema.type === 'object' ? [...own, ...propertiesOf(schema, at).flatMap((one) => allowed(...one))] : own;
}

function traces(schema, value, at = '', optional = false) {
  if (value === undefined) return [];
  const own = optional ? [`${at}?`] : [];
  if (schema.enum) return [...own, `${at}=${value}`];
  if (schema.type === 'array') return [...own, ...value.flatMap((item) => traces(schema.items, item, `${at}[]`))];
  if (schema.type !== 'object') return own;
  const inner = propertiesOf(schema, at).map(([field, path, may]) => [field, value[path.split('.').at(-1)], path, may]);
  return [...own, ...inner.flatMap((one) => traces(...one))];
}

const propertiesOf = ({ properties, required = [] }, at) =>
  Object.entries(properties).map(([name, field]) => [field, at ? `${at}.${name}` : name, !required.includes(name)]);

/** furtherShapes gives the shapes that hold what the given ones do not, as bare as they can; the same at every run. */
export function furtherShapes(schema, shapes) {
  const added = [];
  const lacking = (...more) => uncovered(schema, [...shapes, ...added, ...more]).length;
  for (let turn = 0; lacking() > 0; turn++) {
    const [full, bare] = [exampleOf(schema, true, turn), exampleOf(schema, false, turn)];
    if (lacking(full) === lacking()) continue;
    added.push(lacking(bare) === lacking(full) ? bare : full);
  }
  return added;
}

/** shapesOf gives the fullest and the barest data a declaration allows, then every other code; the same at every run. */
export function shapesOf(schema) {
  const [full, bare] = [exampleOf(schema, true), exampleOf(schema, false)];
  const shapes = JSON.stringify(full) === JSON.stringify(bare) ? [full] : [full, bare];
  return [...shapes, ...furtherShapes(schema, shapes)];
}

const BY_PATTERN = [
  [/T.*Z\$$/, '2026-11-24T09:30:00.000Z'],
  [/T\\d\\d:\\d\\d\$$/, '2026-11-24T09:30'],
  [/^\^\\d\{4\}-\\d\\d-\\d\\d\$$/, '2026-11-24'],
  [/\[1-9\]\[0-9\]/, '35'],
  [/A-Za-z0-9_-/, 'Z29sZGVuLWdvbGRlbi1nb2xkZW4'],
];

/** exampleOf gives one value; `turn` chooses among the codes. */
function exampleOf(schema, full, turn = 0) {
  if (schema.enum) return schema.enum[turn % schema.enum.length];
  if (schema.const !== undefined) return schema.const;
  if (schema['x-sealed']) return 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..Z29sZGVu.Z29sZGVu.Z29sZGVu';
  if (schema.type === 'boolean') return full;
  if (schema.type === 'integer' || schema.type === 'number') return full ? 1200 : (schema.minimum ?? 0);
  if (schema.type === 'array') return full ? [exampleOf(schema.items, full, turn)] : [];
  if (schema.type === 'object') return objectOf(schema, full, turn);
  return (
    BY_PATTERN.find(([pattern]) => pattern.test(schema.pattern ?? ''))?.[1] ?? `golden-${schema['x-plain'] ?? 'text'}`
  );
}

function objectOf({ properties, required = [] }, full, turn) {
  const names = Object.keys(properties).filter((name) => full || required.includes(name));
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name], full, turn)]));
}

const textOf = (type, data) => `${JSON.stringify({ type, data }, undefined, 2)}\n`;

function write(alsoUnreleased) {
  const known = list();
  if (alsoUnreleased) forget(known);
  const have = goldenFiles();
  for (const { file, type, schema } of wanted()) {
    const forms = formsOf(file, have);
    const shapes = forms.flatMap((form) => JSON.parse(read(form)).data);
    const data = forms.length === 0 ? shapesOf(schema) : furtherShapes(schema, shapes);
    if (data.length === 0) continue;
    const name = forms.length === 0 ? file : file.replace(/\.json$/, `.${forms.length + 1}.json`);
    fs.mkdirSync(path.dirname(path.join(ROOT, name)), { recursive: true });
    fs.writeFileSync(path.join(ROOT, name), textOf(type, data));
    known[name] = { sha256: hashOf(textOf(type, data)), released: false };
  }
  const sorted = Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1)));
  fs.writeFileSync(path.join(ROOT, LIST), `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** forget takes away what was never released; what is still declared is written anew. */
function forget(known) {
  for (const [file, { released }] of Object.entries(known)) {
    if (released) continue;
    fs.rmSync(path.join(ROOT, file), { force: true });
    delete known[file];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write(process.argv.includes('--unreleased'));
