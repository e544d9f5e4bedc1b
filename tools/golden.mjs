/**
 * Golden files: one for every event that is stored or published, with the fullest and the barest shape its declaration allows. Today's
 * declarations, folds and views must still take them, for ever: what was written once is read in twenty years.
 *   npm run golden                  writes the missing ones; never touches one that exists
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

/** shapesOf gives the fullest and the barest data a declaration allows; the same at every run. */
export function shapesOf(schema) {
  const shapes = [exampleOf(schema, true), exampleOf(schema, false)];
  return JSON.stringify(shapes[0]) === JSON.stringify(shapes[1]) ? shapes.slice(0, 1) : shapes;
}

const BY_PATTERN = [
  [/T.*Z\$$/, '2026-11-24T09:30:00.000Z'],
  [/T\\d\\d:\\d\\d\$$/, '2026-11-24T09:30'],
  [/^\^\\d\{4\}-\\d\\d-\\d\\d\$$/, '2026-11-24'],
  [/\[1-9\]\[0-9\]/, '35'],
  [/A-Za-z0-9_-/, 'Z29sZGVuLWdvbGRlbi1nb2xkZW4'],
];

function exampleOf(schema, full) {
  if (schema.enum) return schema.enum[0];
  if (schema.const !== undefined) return schema.const;
  if (schema['x-sealed']) return 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..Z29sZGVu.Z29sZGVu.Z29sZGVu';
  if (schema.type === 'boolean') return full;
  if (schema.type === 'integer' || schema.type === 'number') return full ? 1200 : (schema.minimum ?? 0);
  if (schema.type === 'array') return full ? [exampleOf(schema.items, full)] : [];
  if (schema.type === 'object') return objectOf(schema, full);
  return (
    BY_PATTERN.find(([pattern]) => pattern.test(schema.pattern ?? ''))?.[1] ?? `golden-${schema['x-plain'] ?? 'text'}`
  );
}

function objectOf({ properties, required = [] }, full) {
  const names = Object.keys(properties).filter((name) => full || required.includes(name));
  return Object.fromEntries(names.map((name) => [name, exampleOf(properties[name], full)]));
}

const textOf = ({ type, schema }) => `${JSON.stringify({ type, data: shapesOf(schema) }, undefined, 2)}\n`;

function write(alsoUnreleased) {
  const known = list();
  const all = wanted();
  for (const golden of all) {
    const target = path.join(ROOT, golden.file);
    if (fs.existsSync(target) && !(alsoUnreleased && !known[golden.file]?.released)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, textOf(golden));
    known[golden.file] = { sha256: hashOf(textOf(golden)), released: false };
  }
  if (alsoUnreleased) forget(known, new Set(all.map(({ file }) => file)));
  const sorted = Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1)));
  fs.writeFileSync(path.join(ROOT, LIST), `${JSON.stringify(sorted, undefined, 2)}\n`);
}

/** forget takes away what was never released and is no longer declared. */
function forget(known, declaredFiles) {
  for (const [file, { released }] of Object.entries(known)) {
    if (released || declaredFiles.has(file)) continue;
    fs.rmSync(path.join(ROOT, file), { force: true });
    delete known[file];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) write(process.argv.includes('--unreleased'));
