import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as events from '../events-doc.mjs';
import * as problems from '../problems.mjs';
import * as rules from '../rules.mjs';
import { files, read } from './repository.mjs';

test('docs/rules.md says what the tests say (npm run docs writes it)', async () => {
  assert.equal(read(rules.DOCUMENT), await rules.document());
});

test('a rule that was proved once keeps a test that bears its number', () => {
  const found = rules.proofs();
  assert.deepEqual(
    rules
      .rules()
      .filter(({ id, proved }) => proved && !found.has(id))
      .map(({ id }) => id),
    [],
  );
});

test('the list of rules is BR-01 to BR-78, and tests name no other', () => {
  const ids = rules.rules().map(({ id }) => id);
  assert.deepEqual(
    ids,
    Array.from({ length: 78 }, (_, at) => `BR-${String(at + 1).padStart(2, '0')}`),
  );
  assert.deepEqual(
    [...rules.proofs().keys()].filter((id) => !ids.includes(id)),
    [],
  );
});

test('docs/events.md says what is declared (npm run docs writes it)', async () => {
  assert.equal(read(events.DOCUMENT), await events.document());
});

test('<context>.problems.ts say what the sources throw (npm run docs writes them)', async () => {
  for (const [file, text] of await problems.documents()) assert.equal(read(file), text, file);
});

test('every field of every event is either plain of a known kind or sealed under a category', () => {
  const kinds = ['id', 'code', 'label', 'time', 'amount', 'count', 'flag', 'hash', 'register', 'region'];
  const loose = events.declared().flatMap(({ name, events: schemas }) =>
    Object.entries(schemas).flatMap(([type, schema]) =>
      events
        .fieldsOf(schema)
        .filter(({ kind, sealed }) =>
          sealed ? kind || !/^(IDENTITY|CONTACT|MEDICAL|BILLING)$/.test(sealed) : !kinds.includes(kind),
        )
        .map(({ path }) => `${name}.${type}.${path}`),
    ),
  );
  assert.deepEqual(loose, []);
});

test('every set of declared events belongs to a category of streams or to a topic', () => {
  assert.deepEqual(
    events
      .declared()
      .filter(({ where }) => !where)
      .map(({ file, name }) => `${file}: ${name}`),
    [],
  );
});

test('events of a context stand in *.events.ts only', () => {
  const strays = files('libs/*/src/*.ts', 'libs/*/src/**/*.ts').filter(
    (file) => !/\.(events|spec)\.ts$|^libs\/contracts\//.test(file) && /=\s*events\(\s*\{/.test(read(file)),
  );
  assert.deepEqual(strays, []);
});
