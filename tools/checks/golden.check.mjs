import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import { firstFile, formsOf, furtherShapes, goldenFiles, hashOf, list, uncovered, wanted } from '../golden.mjs';
import { files, read, ROOT } from './repository.mjs';

const require = createRequire(import.meta.url);
const Ajv = require('ajv/dist/2020').default;

test('every event that can be stored or published has its golden file (npm run golden writes missing ones)', () => {
  const have = new Set(goldenFiles());
  assert.deepEqual(
    wanted()
      .map(({ file }) => file)
      .filter((file) => !have.has(file)),
    [],
  );
});

test('every optional field and every code of an event stands in one of its golden files (npm run golden adds a form)', () => {
  const have = goldenFiles();
  const missing = wanted().flatMap(({ file, schema }) =>
    uncovered(schema, formsOf(file, have).flatMap(shapes)).map((what) => `${file}: ${what}`),
  );
  assert.deepEqual(missing, []);
});

test('an optional field or a code that no shape holds is found, also inside lists and records, and a further form holds it', () => {
  const text = { type: 'string' };
  const line = { type: 'object', required: ['kind'], properties: { kind: { enum: ['A', 'B'] }, note: text } };
  const schema = {
    type: 'object',
    required: ['lines', 'place'],
    properties: { lines: { type: 'array', items: line }, place: line, reason: text },
  };
  const first = [{ lines: [{ kind: 'A' }], place: { kind: 'B', note: 'x' } }];
  assert.deepEqual(uncovered(schema, first), ['lines[].kind=B', 'lines[].note?', 'place.kind=A', 'reason?']);
  assert.deepEqual(uncovered(schema, [...first, ...furtherShapes(schema, first)]), []);
  assert.deepEqual(furtherShapes(schema, [...first, ...furtherShapes(schema, first)]), []);
});

test('no golden file was edited or removed', () => {
  const changed = Object.entries(list()).filter(
    ([file, { sha256 }]) => !files(file).length || hashOf(read(file)) !== sha256,
  );
  assert.deepEqual(
    changed.map(([file]) => file),
    [],
  );
  assert.deepEqual(
    goldenFiles().filter((file) => !list()[file]),
    [],
  );
});

test('today’s declarations take every shape that was ever stored or published', () => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const schemas = new Map(wanted().map(({ file, schema }) => [file, schema]));
  const refused = goldenFiles().flatMap((file) => {
    const schema = schemas.get(firstFile(file));
    if (!schema) return [`${file}: its event is no longer declared`];
    const validate = ajv.compile(schema);
    const { data } = JSON.parse(read(file));
    return data.filter((shape) => !validate(shape)).map(() => `${file}: ${ajv.errorsText(validate.errors)}`);
  });
  assert.deepEqual(refused, []);
});

test('today’s folds take every shape that was ever stored', () => {
  const deciders = exported(
    '*.decider.ts',
    (value) => typeof value?.evolve === 'function' && typeof value.category === 'string',
  );
  const thrown = [];
  const have = goldenFiles();
  for (const { file, where, type } of wanted().filter(({ published }) => !published)) {
    for (const data of formsOf(file, have).flatMap(shapes)) {
      for (const decider of deciders.filter(({ category }) => category === where)) {
        try {
          decider.evolve(decider.initial, { type, data });
        } catch (error) {
          thrown.push(`${file}: ${error.message}`);
        }
      }
    }
  }
  assert.deepEqual(thrown, []);
});

const shapes = (file) => JSON.parse(read(file)).data;

function exported(pattern, matches) {
  return files(`libs/*/src/${pattern}`).flatMap((file) => {
    const built = path.join(ROOT, file.replace('/src/', '/dist/').replace(/\.ts$/, '.js'));
    return Object.values(require(built)).filter(matches);
  });
}
