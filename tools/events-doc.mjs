/**
 * docs/events.md: every event that is stored or published, each field plain or sealed. Collected from what the build made of
 * libs/<context>/src/*.events.ts and of libs/contracts, so it needs a build. `node tools/events-doc.mjs` writes it.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { files, read, ROOT } from './checks/repository.mjs';

export const DOCUMENT = 'docs/events.md';
const require = createRequire(import.meta.url);

/** declared gives every set of declared events: `{ context, file, name, where, events }`; where = category of streams, or topic. */
export function declared() {
  const stored = files('libs/*/src/*.events.ts').sort();
  const published = files('libs/contracts/src/*.ts')
    .filter((file) => !/(index|fields|codes|\.spec)\.ts$/.test(file))
    .sort();
  return [...stored, ...published].flatMap((file) => {
    const exported = Object.entries(require(path.join(ROOT, built(file))));
    return exported
      .filter(([, value]) => isEvents(value))
      .map(([name, events]) => ({ ...place(file, name), file, name, events }));
  });
}

/** built is what the compiler made of a source. */
function built(file) {
  const output = file.replace('/src/', '/dist/').replace(/\.ts$/, '.js');
  if (!fs.existsSync(path.join(ROOT, output))) throw new Error(`${output} is missing: npm run build:fast makes it`);
  return output;
}

/** isEvents tells a set of declared events from whatever else a file exports. */
function isEvents(value) {
  const schemas = value && typeof value === 'object' && !Array.isArray(value) ? Object.values(value) : [];
  return schemas.length > 0 && schemas.every((schema) => schema?.type === 'object' && schema.properties);
}

/** place reads from the module which category of streams, or from the contracts which topic, these events belong to. */
function place(file, name) {
  const [, library] = file.split('/');
  if (library === 'contracts')
    return {
      context: path.basename(file, '.ts'),
      published: true,
      where: /'([\w.]+\.events\.v\d+)'/.exec(read(file))?.[1],
    };
  const module = files(`libs/${library}/src/*.module.ts`).map(read).join('\n');
  return { context: library, published: false, where: new RegExp(`'([\\w.]+)':\\s*${name}\\b`).exec(module)?.[1] };
}

/** fieldsOf lists the fields of an event, nested ones with their path: `{ path, kind, sealed, optional, values }`. */
export function fieldsOf(schema, prefix = '') {
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const optional = !(schema.required ?? []).includes(name);
    return leaves(field, prefix + name, optional);
  });
}

function leaves(field, at, optional) {
  if (field.type === 'array') return leaves(field.items, `${at}[]`, optional);
  if (field.type === 'object' && field.properties)
    return fieldsOf(field, `${at}.`).map((leaf) => ({ ...leaf, optional: optional || leaf.optional }));
  return [{ path: at, kind: field['x-plain'], sealed: field['x-sealed'], optional, values: field.enum ?? [] }];
}

/** document gives the text of docs/events.md. */
export async function document() {
  const sets = declared();
  const contexts = [...new Set(sets.map(({ context }) => context))].sort();
  const text = [
    '# Events',
    'Generated from their declarations by `npm run docs`; do not edit. **Sealed** fields are encrypted under a key of (person, case, category) and ' +
      'are gone when that key is destroyed; all others are plain and name nobody.',
    ...contexts.flatMap((context) => [
      `## ${context}`,
      ...sets.filter((set) => set.context === context).flatMap(section),
    ]),
  ].join('\n\n');
  return format(text, { ...(await resolveConfig(path.join(ROOT, DOCUMENT))), parser: 'markdown' });
}

function section({ file, where, published, name, events }) {
  const title = published ? `Published on \`${where ?? name}\`` : `Stored in \`${where ?? name}\``;
  return [
    `### ${title}`,
    `Declared in [${file}](../${file}).`,
    ...Object.entries(events).map(([type, schema]) => lineOf(type, fieldsOf(schema))),
  ];
}

function lineOf(type, fields) {
  const shown = fields.map(({ path: at, kind, sealed, optional, values }) => {
    const what = sealed
      ? `**sealed ${sealed}**`
      : values.length
        ? `${kind}: ${values.map((value) => `\`${value}\``).join(' ')}`
        : kind;
    return `- \`${at}\`${optional ? ' (optional)' : ''}: ${what}`;
  });
  return `**${type}**\n\n${shown.join('\n') || '- nothing but that it happened'}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) fs.writeFileSync(path.join(ROOT, DOCUMENT), await document());
