import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { lintPlanted, refreshGraph } from './planted.mjs';

const IMPURE = {
  'the clock': 'export const f = () => Date.now();',
  'the clock by constructor': 'export const f = () => new Date();',
  'the clock as text': 'export const f = () => Date();',
  'the clock by alias': 'const D = Date;\nexport const f = () => D.now();',
  'the clock taken apart': 'const { now } = Date;\nexport const f = now;',
  'the clock by key': "export const f = () => Date['now']();",
  'the clock by spread': 'export const f = (...a: []) => new Date(...a);',
  'Temporal.Now': 'export const f = () => Temporal.Now.instant();',
  'a format of now': "export const f = () => new Intl.DateTimeFormat('nl').format();",
  chance: 'export const f = () => Math.random();',
  'chance by alias': 'const { random } = Math;\nexport const f = random;',
  'a random id': "import { randomUUID } from 'node:crypto';\nexport const f = randomUUID;",
  'a random id of WebCrypto': 'export const f = () => crypto.randomUUID();',
  'a random id of uuid': "import { v4 } from 'uuid';\nexport const f = v4;",
  globalThis: 'export const f = () => globalThis.Date.now();',
  'globalThis by key': "export const f = () => (globalThis as never)['process'];",
  'the environment': 'export const f = () => process.env.TZ;',
  performance: 'export const f = () => performance.now();',
  'a timer': 'export const f = () => setTimeout(() => undefined, 1);',
  files: "import { readFileSync } from 'node:fs';\nexport const f = readFileSync;",
  'files without the prefix': "import { readFileSync } from 'fs';\nexport const f = readFileSync;",
  'all of node:crypto': "import * as crypto from 'node:crypto';\nexport const f = crypto;",
  'a late import': "export const f = () => import('./x');",
  require: "export const f = () => require('./x') as unknown;",
  fetch: "export const f = () => fetch('http://x');",
  'the console': "export const f = () => console.log('x');",
  eval: "export const f = () => eval('1') as unknown;",
  Nest: "import { Injectable } from '@nestjs/common';\nexport const f = Injectable;",
  'class-validator': "import { IsString } from 'class-validator';\nexport const f = IsString;",
};

const PURE = {
  'an instant that is given':
    'export const f = (now: string) => new Date(now).toISOString() + String(Date.parse(now));',
  'working with dates': 'export const f = (day: string) => Temporal.PlainDate.from(day).add({ days: 1 }).toString();',
  arithmetic: 'export const f = (a: number, b: number) => Math.max(a, Math.round(b));',
  hashing:
    "import { createHash } from 'node:crypto';\nexport const f = (x: string) => createHash('sha256').update(x).digest('hex');",
  'a derived id': "import { v5 } from 'uuid';\nexport const f = (x: string, n: string) => v5(x, n);",
  'a field by an unlucky name': 'export const f = (self: { process: string; now: string }) => self.process + self.now;',
  'a date as a type': 'export const f = (at: Date) => at.getTime();',
  'a type of the rim': "import type { FastifyRequest } from 'fastify';\nexport type R = FastifyRequest;",
};

const ROLES = ['decider', 'view', 'policy', 'publisher', 'rules', 'terms', 'deadlines', 'upcasts', 'events', 'process'];

describe('a pure file', () => {
  before(refreshGraph);
  test('may not touch', async (t) => each(t, await lintPlanted('libs/intake', texts(IMPURE, 'decider')), true));
  test('may well use', async (t) => each(t, await lintPlanted('libs/intake', texts(PURE, 'decider')), false));
  test('is each of these', async (t) => {
    const clock = Object.fromEntries(ROLES.map((role) => [`src/planted.${role}.ts`, IMPURE['the clock']]));
    for (const [file, messages] of Object.entries(await lintPlanted('libs/billing', clock))) {
      await t.test(file, () => assert.ok(messages.some(({ ruleId }) => ruleId === 'house/pure')));
    }
  });
  for (const project of ['libs/kernel', 'libs/access']) {
    test(`is every file of ${project}`, async () => {
      const found = await lintPlanted(project, { 'src/planted.ts': IMPURE['the clock'] });
      assert.ok(found['src/planted.ts'].some(({ ruleId }) => ruleId === 'house/pure'));
    });
  }
  test('is not a controller', async () => {
    const found = await lintPlanted('libs/intake', { 'src/planted.controller.ts': IMPURE['the clock'] });
    assert.deepEqual(found['src/planted.controller.ts'], []);
  });
});

function texts(examples, role) {
  return Object.fromEntries(
    Object.entries(examples).map(([name, text]) => [
      `src/planted-${name.replaceAll(/\W/g, '-')}.${role}.ts`,
      `${text}\n`,
    ]),
  );
}

async function each(t, found, fires) {
  for (const [file, messages] of Object.entries(found)) {
    const pure = messages.filter(({ ruleId, fatal }) => ruleId === 'house/pure' || fatal);
    await t.test(file.replace('src/planted-', ''), () => {
      if (fires) assert.ok(pure.length > 0, 'house/pure did not fire');
      else
        assert.deepEqual(
          pure.map(({ message }) => message),
          [],
        );
    });
  }
}
