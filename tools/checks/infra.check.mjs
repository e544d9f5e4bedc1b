/** What operations get: one place says which service may what, and everything that is deployed follows it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { initSecrets, keksOf } from '../../infra/init/deployment.mjs';
import { suiteFiles } from '../../infra/engines/suites.mjs';
import { sentenceOf, up } from '../../infra/prepare/refused.mjs';
import { fileOf, setting } from '../../infra/prepare/settings.mjs';
import { CONTEXTS, KEKS, RIGHTS, topicOf } from '../../infra/rights.mjs';
import { files, read, ROOT } from './repository.mjs';

const require = createRequire(path.join(ROOT, 'libs/vault/package.json'));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-infra-'));
after(() => fs.rmSync(folder, { recursive: true, force: true }));

/** serviceIn gives the lines of one service of docker-compose.yml. */
function serviceIn(compose, name) {
  const [, found] = new RegExp(`^  ${name}:\\n((?:    .*\\n|\\n)+)`, 'm').exec(compose) ?? [];
  return found ?? '';
}

describe('each service', () => {
  const compose = read('docker-compose.yml');
  const readme = read('infra/README.md');
  for (const context of CONTEXTS) {
    const { keks, hears } = RIGHTS[context];
    test(`${context} is given its own secrets, and no others`, () => {
      const service = serviceIn(compose, context);
      const named = [...service.matchAll(/^ {6}- (\S+)$/gm)].map(([, name]) => name);
      const own = ['ca.crt', 'eventstoredb-services-url', `kafka-${context}-password`, `mongodb-${context}-url`];
      const mail = context === 'notification' ? ['smtp-url'] : [];
      assert.deepEqual(named.sort(), [...own, ...mail, ...keks.map((kek) => `kek-${kek}`)].sort());
      const files = [...service.matchAll(/VAULT_KEK_(\w+)_FILE/g)].map(([, name]) => name.toLowerCase());
      assert.deepEqual(files.sort(), [...keks].sort());
      assert.match(service, new RegExp(`KAFKA_USERNAME: ${context}\\n`));
    });
    test(`${context} may read the topics that its policies listen to, and no others`, () => {
      const heard = files(`libs/${context}/src/*.policy.ts`).flatMap((file) =>
        [...read(file).matchAll(/listensTo: \[([A-Z_, ]+)\]/g)].flatMap(([, list]) => list.split(/,\s*/)),
      );
      const others = [...new Set(heard.map((name) => name.replace('_TOPIC', '').toLowerCase()))];
      assert.deepEqual(others.filter((one) => one !== context).sort(), [...hears].sort());
    });
    test(`${context} stands so in infra/README.md`, () => {
      const row = readme.split('\n').find((line) => line.startsWith(`| ${context} `)) ?? '';
      const cells = row.split('|').map((cell) => cell.trim());
      const wanted = [keks.join(', '), `\`${context}\``, `\`${topicOf(context)}\``, hears.join(', ') || '–'];
      assert.deepEqual(cells.slice(2, 6), wanted);
    });
    test(`${context} has the keys of the categories that its own events seal, and no others`, () => {
      const own = read('docs/events.md')
        .split(/^## /m)
        .find((part) => part.startsWith(`${context}\n`));
      const [stored] = own.split('### Published');
      const sealed = new Set([...stored.matchAll(/\*\*sealed ([A-Z]+)\*\*/g)].map(([, name]) => name.toLowerCase()));
      assert.deepEqual([...sealed, 'secrets'].sort(), [...keks].sort());
    });
  }
});

describe('every container of docker-compose.yml', () => {
  const compose = read('docker-compose.yml');
  const [, services] = /^services:\n([^]*?)^\w/m.exec(compose) ?? [];
  const anchored = (name) => new RegExp(`^x-${name}: &${name}\\n((?:  .*\\n)+)`, 'm').exec(compose)?.[1];
  const names = [...services.matchAll(/^ {2}(\S+):\n/gm)].map(([, name]) => name);
  for (const name of names.filter((one) => !/profiles: \[tools\]/.test(serviceIn(compose, one))))
    test(`${name} has an end to its memory and its logs`, () => {
      const own = serviceIn(compose, name);
      const [, base] = /^ {4}<<: \*(service|engine)$/m.exec(own) ?? [];
      const all = own + (base ? anchored(base) : '');
      assert.match(all, /^ +mem_limit: (\$\{\w+_MEMORY:-)?\d+[mg]\}?$/m);
      assert.match(all, /^ +logging: \*logging$/m);
    });
  test('a stop takes longer than the drain, at the gateway too, which stops first', () => {
    const [, drain] = /DRAIN_SECONDS: \$\{DRAIN_SECONDS:-(\d+)\}/.exec(compose) ?? [];
    const graces = [...compose.matchAll(/stop_grace_period: \$\{STOP_GRACE_PERIOD:-(\d+)s\}/g)].map(([, s]) => s);
    assert.equal(graces.length, 2);
    for (const grace of graces) assert.ok(Number(grace) > Number(drain));
    assert.ok(serviceIn(compose, 'gateway').includes(`depends_on: [${CONTEXTS.join(', ')}]\n`));
  });
});

test('the settings of a service have the same default in docker-compose.yml as in README.md', () => {
  const compose = read('docker-compose.yml');
  const readme = read('README.md');
  const given = (name) => new RegExp(`^  ${name}: \\$\\{${name}:-(\\d+)\\}$`, 'm').exec(compose)?.[1];
  for (const name of ['DRAIN_SECONDS', 'ENGINES_WAIT_SECONDS', 'REQUESTS_PER_MINUTE']) {
    const row = readme.split('\n').find((line) => line.startsWith('| `') && line.includes(`\`${name}\``)) ?? '';
    const [, variables, defaults] = row.split('|');
    const place = variables.split(',').findIndex((one) => one.includes(`\`${name}\``));
    assert.equal(given(name), defaults.split(',')[place].replaceAll(/[\s`]/g, ''), name);
  }
});

test('the images are built on the version of Node that everything else runs on', () => {
  const { version } = JSON.parse(read('tools/node-runtime/package.json'));
  for (const file of files('*Dockerfile'))
    for (const [image] of read(file).matchAll(/node:\S+/g)) assert.equal(image, `node:${version}-slim`, file);
});

test('prepare says what to do when an engine knows another password of its administrator', () => {
  const within = (cause) => new Error('the user did not happen within 180 s', { cause });
  const refusals = {
    EventStoreDB: new Error('EventStoreDB answered 401 to the change of its user.'),
    Kafka: Object.assign(new Error('no'), { name: 'KafkaJSSASLAuthenticationError' }),
    MongoDB: Object.assign(new Error('Authentication failed.'), { code: 18 }),
  };
  for (const [engine, error] of Object.entries(refusals))
    assert.match(sentenceOf(engine, within(error)), new RegExp(`^${engine} refuses the password of its administrator`));
  assert.equal(sentenceOf('Kafka', within(new Error('away'))), 'the user did not happen within 180 s: away');
});

test('prepare goes on while an engine comes up, and says at once that it refuses its administrator for good', async () => {
  const refusal = Object.assign(new Error('Authentication failed.'), { code: 18 });
  const failing =
    (...errors) =>
    () =>
      errors.length > 0 ? Promise.reject(errors.shift()) : Promise.resolve('there');
  assert.equal(await up('MongoDB', 'it', failing(new Error('away'), refusal)), 'there');
  const began = Date.now();
  await assert.rejects(
    up('MongoDB', 'it', () => Promise.reject(refusal)),
    refusal,
  );
  assert.ok(Date.now() - began < 10_000);
  const unfit = Object.assign(new Error('partitions'), { name: 'TopicsUnfit' });
  await assert.rejects(up('Kafka', 'it', failing(unfit)), unfit);
});

test('prepare names the setting that is not set, or whose file cannot be read', () => {
  const empty = path.join(folder, 'empty');
  fs.writeFileSync(empty, '\n');
  assert.throws(() => setting('X', {}), { message: 'X or X_FILE must be set.' });
  assert.throws(() => setting('X', { X_FILE: '/nope' }), /^Error: X_FILE \(\/nope\) cannot be read \(ENOENT\): check/);
  assert.throws(() => setting('X', { X_FILE: empty }), /^Error: X_FILE \(.*\) is empty\.$/);
  assert.throws(() => fileOf('CA_FILE', {}), { message: 'CA_FILE must be set.' });
  assert.throws(() => fileOf('CA_FILE', { CA_FILE: '/nope' }), /^Error: CA_FILE \(\/nope\) cannot be read \(ENOENT\)/);
});

test('every variable of the demo realm is given to Keycloak', () => {
  const names = new Set([...read('infra/keycloak/realm.json').matchAll(/\$\{([A-Z_]+)\}/g)].map(([, name]) => name));
  const given = serviceIn(read('docker-compose.yml'), 'keycloak') + read('infra/init/deployment.mjs');
  for (const name of names) assert.match(given, new RegExp(`\\b${name}[:=]`));
  assert.deepEqual([...names].sort(), ['DEMO_PASSWORD', 'PORTAL_URL']);
});

test('the demo realm holds the people of the demo world, and no password', () => {
  const { people } = require(path.join(ROOT, 'apps/standalone/dist/play/index.js'));
  const { users } = JSON.parse(read('infra/keycloak/realm.json'));
  const found = users.map(({ username, attributes: { role, organisation } }) => [
    username,
    { role: role[0], organisation: organisation[0] },
  ]);
  const wanted = Object.entries(people).map(([name, { role, organisation }]) => [name, { role, organisation }]);
  assert.deepEqual(Object.fromEntries(found), Object.fromEntries(wanted));
  for (const { credentials } of users)
    assert.deepEqual(
      credentials.map(({ value }) => value),
      ['${DEMO_PASSWORD}'],
    );
});

test('billing cannot open a medical seal with its own secrets; reporting can', async () => {
  if (!fs.existsSync(path.join(folder, 'keks'))) initSecrets(folder);
  const { Keks, SealingVault } = require('@second-opinion/vault');
  const { SqliteKeyStore } = require('@second-opinion/vault/sqlite');
  const { SqliteAccessLog } = require('@second-opinion/access-log/sqlite');
  const { SqliteDatabase } = require('@second-opinion/sqlite');
  const database = SqliteDatabase.open();
  const [keys, accessLog] = [new SqliteKeyStore(database), new SqliteAccessLog(SqliteDatabase.open())];
  const clock = { now: () => '2026-11-24T09:00:00.000Z' };
  const vaultOf = (context) => {
    const files = keksOf(context).map(({ variable, file }) => [
      variable.replace(/^VAULT_KEK_|_FILE$/g, ''),
      path.join(folder, file),
    ]);
    return new SealingVault({ keys, keks: Keks.load({ files: Object.fromEntries(files) }), accessLog, clock });
  };
  const place = {
    personId: 'person-1',
    caseId: 'case-1',
    category: 'MEDICAL',
    purpose: 'reporting.findings',
    object: 'report-1',
  };
  const [seal] = await vaultOf('reporting').seal([{ ...place, text: 'rugklachten' }]);
  const { personId, caseId, purpose, object } = place;
  const opening = [{ seal, personId, caseId, purpose, object }];
  const access = {
    ...{ requestId: 'request-1', operation: 'reporting.GetReport', actorId: 'person-1', actorRole: 'employee' },
    ...{ actorOrganisation: 'none', relation: 'employee', application: 'check' },
  };
  const [opened] = await vaultOf('reporting').open(opening, access);
  assert.equal(opened.text, 'rugklachten');
  await assert.rejects(vaultOf('billing').open(opening, access), { code: 'category-not-ours' });
  assert.deepEqual([...RIGHTS.billing.keks].sort(), ['billing', 'secrets']);
  assert.ok(KEKS.includes('medical'));
});

test('the number of copies of a topic is said to the brokers, and room is left for one that is away', () => {
  const properties = read('infra/kafka/server.properties');
  const valueOf = (name) => Number(new RegExp(`^${name.replaceAll('.', '\\.')}=(\\d+)$`, 'm').exec(properties)?.[1]);
  assert.ok(valueOf('default.replication.factor') >= valueOf('min.insync.replicas'));
});

test('every suite that needs an engine is run by npm run test:engines', () => {
  assert.deepEqual(suiteFiles(), files('*.engine.spec.ts').sort());
});

test('what stands in for an image under its own name has the version of that name', () => {
  const compose = read('docker-compose.yml');
  const [, kafka] = /<version>(\d+\.[\d.]+)<\/version>/.exec(read('infra/engines/kafka/pom.xml')) ?? [];
  const [, keycloak] = /dist-([\d.]+)\.zip/.exec(read('infra/oidc/keycloak.sha256')) ?? [];
  const [, mailpit] = / (v\S+) /.exec(read('infra/compose/stand-ins/mailpit/module.sum')) ?? [];
  for (const image of [`apache/kafka:${kafka}`, `keycloak/keycloak:${keycloak}`, `axllent/mailpit:${mailpit}`])
    assert.ok(compose.includes(`${image}\n`), image);
});
