import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { lintPlanted, refreshGraph } from './planted.mjs';

const BOUNDARY = '@nx/enforce-module-boundaries';
const imports = (name) => `import '${name}';\n`;
const ours = (name) => imports(`@second-opinion/${name}`);

/** Each line: a project, what it may not do, the rule that must say so, and where it stands (src/planted.ts unless named). */
const FORBIDDEN = [
  ['libs/intake', 'a context imports another context', BOUNDARY, ours('reporting')],
  [
    'libs/intake',
    'a context takes a type of another context',
    BOUNDARY,
    "export type { X } from '@second-opinion/billing';\n",
  ],
  ['libs/records', 'a context reaches into the folder of another', BOUNDARY, imports('../../reporting/src/index')],
  ['libs/billing', 'a context imports the SQLite writer', BOUNDARY, ours('sqlite')],
  ['libs/scheduling', 'a context imports an application', BOUNDARY, imports('../../../apps/standalone/src/main')],
  ['libs/kernel', 'the kernel imports contracts', BOUNDARY, ours('contracts')],
  ['libs/kernel', 'the kernel imports the access rules', BOUNDARY, ours('access')],
  ['libs/kernel', 'the kernel imports Nest', BOUNDARY, imports('@nestjs/common')],
  ['libs/contracts', 'contracts import the access rules', BOUNDARY, ours('access')],
  ['libs/contracts', 'contracts import Fastify', BOUNDARY, imports('fastify')],
  ['libs/access', 'the access rules import contracts', BOUNDARY, ours('contracts')],
  ['libs/access', 'the access rules import a port', BOUNDARY, ours('access-log')],
  ['libs/sqlite', 'the SQLite writer imports a port', BOUNDARY, ours('event-store')],
  ['libs/event-store', 'a port imports another port', BOUNDARY, ours('message-bus')],
  ['libs/view-store', 'a port imports the glue', BOUNDARY, ours('nest')],
  ['libs/message-bus', 'a port imports contracts', BOUNDARY, ours('contracts')],
  ['libs/document-store', 'a port imports the access rules', BOUNDARY, ours('access')],
  ['libs/access-log', 'the access log imports the access rules', BOUNDARY, ours('access')],
  ['libs/vault', 'the vault imports the event store', BOUNDARY, ours('event-store')],
  ['libs/nest', 'the glue imports a context', BOUNDARY, ours('intake')],
  ['libs/intake', 'a context chooses an adapter', 'house/adapter-subpath', ours('event-store/sqlite')],
  ['libs/nest', 'the glue chooses an adapter', 'house/adapter-subpath', ours('vault/sqlite')],
  ['libs/nest', 'somebody else deciphers', 'house/one-door', "export { createDecipheriv } from 'node:crypto';\n"],
  [
    'libs/reporting',
    'a context opens a seal with jose',
    'house/one-door',
    "import { compactDecrypt } from 'jose';\nvoid compactDecrypt;\n",
  ],
  [
    'libs/records',
    'deciphering by another name',
    'house/one-door',
    "import * as c from 'node:crypto';\nvoid c['createDecipheriv'];\n",
  ],
  ['libs/notification', 'deciphering with WebCrypto', 'house/one-door', 'export const open = crypto.subtle.decrypt;\n'],
  [
    'apps/standalone',
    'an application deciphers',
    'house/one-door',
    "export { createDecipheriv } from 'node:crypto';\n",
  ],
  ['libs/billing', 'a file grows past 300 lines', 'max-lines', '// line\n'.repeat(301)],
  ['libs/billing', 'a promise is forgotten', '@typescript-eslint/no-floating-promises', 'Promise.resolve(1);\n'],
  ['libs/billing', 'any', '@typescript-eslint/no-explicit-any', 'export const x: any = 1;\n'],
];

/** The same things where they are at home: no rule may fire, or people learn to switch rules off. */
const ALLOWED = [
  [
    'libs/intake',
    'a context imports kernel, contracts, access, glue and ports',
    ['kernel', 'contracts', 'access', 'nest', 'event-store', 'vault'].map(ours).join(''),
  ],
  ['libs/intake', 'a spec chooses an adapter', ours('event-store/sqlite'), 'src/planted.spec.ts'],
  ['libs/nest', 'the test kit chooses adapters', ours('event-store/sqlite'), 'src/testing/planted.ts'],
  ['libs/vault', 'the vault deciphers', "export { createDecipheriv } from 'node:crypto';\n"],
  ['libs/vault', 'the vault knows access and the access log', ours('access') + ours('access-log') + ours('sqlite')],
  [
    'apps/standalone',
    'an application puts everything together',
    ours('intake') + ours('event-store/sqlite') + ours('vault/sqlite'),
  ],
];

describe('who may depend on whom', () => {
  before(refreshGraph);
  for (const [project, entries] of byProject(FORBIDDEN, ALLOWED)) {
    test(project, async (t) => {
      const found = await lintPlanted(project, Object.fromEntries(entries.map(({ file, text }) => [file, text])));
      for (const { what, rule, file } of entries) {
        await t.test(rule ? `forbidden: ${what}` : `allowed: ${what}`, () => {
          const fired = found[file].map(({ ruleId, message }) => ruleId ?? message);
          if (rule) assert.ok(fired.includes(rule), `${rule} did not fire, but: ${fired.join(', ') || 'nothing'}`);
          else
            assert.deepEqual(
              found[file].map(({ ruleId, message }) => `${ruleId}: ${message}`),
              [],
            );
        });
      }
    });
  }
});

function byProject(forbidden, allowed) {
  const entries = [
    ...forbidden.map(([project, what, rule, text], at) => ({
      project,
      what,
      rule,
      text,
      file: `src/planted-${at}.ts`,
    })),
    ...allowed.map(([project, what, text, file], at) => ({
      project,
      what,
      text,
      file: file ?? `src/planted-ok-${at}.ts`,
    })),
  ];
  return Map.groupBy(entries, ({ project }) => project);
}
