/** The six services as production has them: on engines that were prepared, with their own users and nothing else, and an issuer of tokens outside. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { listening } from '../gateway/listening.mjs';
import { GatewayProcess, nginxVersion } from '../gateway/process.mjs';
import { Gate } from '../images/gate.mjs';
import { Issuer } from '../oidc/issuer.mjs';
import { CONTEXTS } from '../rights.mjs';
import { HOSTS, NO_ENGINES, Production, QUIET, ROOT } from './production.mjs';
import { until } from './until.mjs';

// How a case is played over HTTP, as npm run demo plays it.
const { newestMailTo, World } = createRequire(import.meta.url)(path.join(ROOT, 'apps/standalone/dist/play/index.js'));
/** NEIGHBOURS is how many cases of another deployment stand in the same EventStoreDB. */
const NEIGHBOURS = 2_000;
const neighbour = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const OPERATOR = { sub: 'operator-1', role: 'operator', organisation: 'provider' };
const DOCTOR = { sub: 'doctor-1', role: 'company-doctor', organisation: 'arbodienst-1' };

describe('a production deployment', () => {
  const production = new Production();
  const { folder, urls } = production;
  let gateway;

  before(() => production.open());
  after(async () => {
    await gateway?.close();
    await production.close();
  });
  afterEach(({ passed }) => {
    if (!passed) production.tell();
  });

  test('does not begin alone: another deployment and another program keep their events in the same EventStoreDB', async () => {
    await production.neighbours(Array.from({ length: NEIGHBOURS }, (_, number) => neighbour(number)));
  });

  test('says in one sentence that EventStoreDB does not know its user, or lets him do too little', async () => {
    for (const [url, sentence] of [
      [
        production.eventsUrl().replace(/services:[^@]+/, 'services:another'),
        /^EventStoreDB refuses the user or the password.*access-denied/,
      ],
      [
        production.eventsUrl().replace(/services:[^@]+/, `ops:${production.secret('eventstoredb/ops.password')}`),
        /may not do what.*not-permitted/,
      ],
    ]) {
      await production.refused('billing', { EVENTSTOREDB_URL: url }, sentence);
    }
  });

  test('says of each engine in one sentence why its certificate is not taken', async () => {
    const ended = await production.endedServer();
    const at = `localhost:${ended.address().port}`;
    const { EVENTSTOREDB_URL, MONGODB_URL, ...own } = production.envOf('billing');
    const { KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD_FILE } = own;
    const kafka = { KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD_FILE, KAFKA_SSL: 'true' };
    const elsewhere = (url) => url.replace(/@[^/?]+/, `@${at}`);
    const untrusted = (url) => url.replace(/&tls(CA|Ca)File=[^&]+/, '');
    try {
      await Promise.all(
        [
          [{ EVENTSTOREDB_URL: elsewhere(EVENTSTOREDB_URL) }, /^EventStoreDB .* its certificate has ended/],
          [
            { EVENTSTOREDB_URL: untrusted(EVENTSTOREDB_URL), NODE_EXTRA_CA_CERTS: '' },
            /^EventStoreDB .* its certificate is not trusted/,
          ],
          [{ ...kafka, KAFKA_BROKERS: at }, /^Kafka .* its certificate has ended/],
          [{ ...kafka, NODE_EXTRA_CA_CERTS: '' }, /^Kafka .* its certificate is not trusted/],
          [{ MONGODB_URL: elsewhere(MONGODB_URL) }, /^MongoDB .* its certificate has ended/],
          [
            { MONGODB_URL: untrusted(MONGODB_URL), NODE_EXTRA_CA_CERTS: '' },
            /^MongoDB .* its certificate is not trusted/,
          ],
        ].map(async ([env, sentence], index) => {
          const own = { DATA_DIR: production.dataOf(`untrusting-${index}`), ENGINES_WAIT_SECONDS: '2' };
          await production.refused('billing', { ...NO_ENGINES, ...own, ...env }, sentence);
        }),
      );
    } finally {
      ended.close();
    }
  });

  describe('with Kafka as its only engine', () => {
    const files = { EVENTSTOREDB_URL: '', MONGODB_URL: '' };
    const others = /^The other services .*other-files/;

    test('claims what it has besides, and refuses a service with other files or with another engine besides', async () => {
      const first = production.spawned('scheduling', { ...files, DATA_DIR: production.dataOf('beside-kafka') });
      const ended = once(first, 'exit');
      try {
        await listening(first);
        await production.refused('records', { ...files, DATA_DIR: production.dataOf('other-files') }, others);
        await production.refused('records', { ...files, EVENTSTOREDB_URL: production.eventsUrl() }, others);
      } finally {
        first.kill('SIGTERM');
        assert.deepEqual(await ended, [0, null]);
      }
    });

    test('refuses all services of a move to more engines, until its claim is taken back as the runbook says', async () => {
      await production.refused('records', {}, others);
      await production.takeBackClaim();
    });
  });

  test('starts on what was prepared, each service with its own user', async () => {
    await Promise.all(CONTEXTS.map((context) => production.start(context)));
    const status = async (context) => (await fetch(`${urls[context]}/health/ready`)).status;
    for (const context of CONTEXTS)
      await until(async () => assert.equal(await status(context), 200), {
        what: `${context} ready`,
        withinMs: 60_000,
        pollMs: 1_000,
        trying: true,
      });
  });

  test('tells when the certificates end on which it stands: those in its files, and those that its engines present', async () => {
    const headers = { authorization: `Bearer ${await production.issuer.token(OPERATOR)}` };
    const numbers = await (await fetch(`${urls.billing}/metrics`, { headers })).text();
    const told = numbers.matchAll(/^second_opinion_certificate_end_seconds\{certificate="(.+)"\} (\d+)$/gm);
    const endOf = (file) => Date.parse(new X509Certificate(production.secret(file)).validTo) / 1000;
    const files = ['eventstoredb-authority', 'mongodb-authority', 'authorities'].map((role) => [role, 'ca/ca.crt']);
    const servers = ['eventstoredb', 'mongodb', 'kafka'].map((engine) => [`${engine}-server`, `${engine}/tls.crt`]);
    const ends = Object.fromEntries([...files, ...servers].map(([role, file]) => [role, endOf(file)]));
    assert.deepEqual(Object.fromEntries([...told].map(([, role, end]) => [role, Number(end)])), ends);
  });

  test('serves who has a token of its issuer, and nobody else; it has no clock to move and no tokens to give', async () => {
    const ask = async (url, token) =>
      (await fetch(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})).status;
    const token = await production.issuer.token(DOCTOR);
    assert.equal(await ask(`${urls.intake}/intake/cases`, token), 200);
    assert.equal(await ask(`${urls.intake}/intake/cases`), 401);
    assert.equal(await ask(`${urls.intake}/intake/cases`, await (await Issuer.open()).token(DOCTOR)), 401);
    assert.equal(await ask(`${urls.intake}/demo/settle`, token), 404);
  });

  // What is not here is said, and left out: the gateway is no engine.
  const behindGateway = nginxVersion() ? test : (name) => process.stderr.write(`No nginx here, not tried: ${name}\n`);

  behindGateway('has a gateway that serves the paths of all services over TLS, and no other', async () => {
    const own = path.join(folder, 'gateway-data');
    const document = path.join(folder, 'openapi.json');
    const making = [path.join(ROOT, 'infra/gateway/openapi.mjs'), document];
    await once(spawn(process.execPath, making, { env: { PATH: process.env.PATH }, stdio: 'inherit' }), 'exit');
    gateway = await GatewayProcess.open({
      folder: own,
      secrets: folder,
      hosts: HOSTS,
      port: production.port,
      document,
    });
    for (const context of CONTEXTS)
      for (const probe of ['live', 'ready', 'startup'])
        assert.equal((await gateway.ask(`/health/${context}/${probe}`)).status, 200, `${context} is ${probe}`);
    const { paths } = JSON.parse((await gateway.ask('/openapi.json')).body);
    for (const context of CONTEXTS) assert.ok(Object.keys(paths).some((at) => at.startsWith(`/${context}/`)));
    assert.deepEqual(
      Object.keys(paths).filter((at) => at.startsWith('/demo/')),
      [],
    );
    assert.equal((await gateway.ask('/intake/cases')).status, 401);
    for (const at of ['/metrics', '/docs', '/demo/settle', '/development-issuer/token', '/intakes'])
      assert.equal((await gateway.ask(at)).status, 404, at);
  });

  test('keeps a case with the rights of its users: registers, seals, mails, logins, tasks and the history', async () => {
    const token = ({ subject, ...claims }) => production.issuer.token({ sub: subject, ...claims });
    const gate = await Gate.open(token, (request) => (gateway ? gateway.ask(request.url, request) : direct(request)));
    try {
      const mails = path.join(folder, 'data', 'notification', 'mail');
      const world = new World(gate.url, (address) => newestMailTo(mails, address, 'code='));
      await world.load();
      const { items } = await world.user('employee').read('/intake/cases');
      assert.equal(items.length, 1);
      const auditor = world.user('auditor');
      const recorded = async () => {
        const history = await auditor.read(`/records/cases/${items[0].caseId}/history`);
        return history.items.some(({ type }) => type === 'SecondOpinionWishRecorded');
      };
      await until(recorded, { what: 'the history', withinMs: 60_000, pollMs: 1_000, trying: true });
      for (const number of [0, NEIGHBOURS - 1]) {
        const asked = auditor.read(`/records/cases/${neighbour(number)}/history`);
        await assert.rejects(asked, /404/, 'a case of the neighbour has no history here');
      }
    } finally {
      gate.close();
    }
  });

  /** direct asks the service itself. */
  const direct = async ({ url, method, headers, body }) => {
    const reply = await fetch(`${urls[url.split('/')[1]]}${url}`, { method, headers, body });
    const own = Object.fromEntries(reply.headers);
    return { status: reply.status, headers: own, body: Buffer.from(await reply.arrayBuffer()) };
  };

  test('answers 503 while the password of EventStoreDB is another one, and goes on when it is the same again', async () => {
    const authorization = `Bearer ${await production.issuer.token(DOCTOR)}`;
    const register = async () => {
      const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const url = `${urls.intake}/intake/cases/${randomUUID()}/honour-request`;
      const reply = await fetch(url, { method: 'POST', headers, body: '{}' });
      return [reply.status, (await reply.json()).code];
    };
    const usual = await register();
    assert.ok(usual[0] < 500, usual.join(' '));
    await production.prepareEvents('another0password0for0a0while');
    try {
      assert.deepEqual(await register(), [503, 'event-store.unavailable']);
    } finally {
      await production.prepareEvents();
    }
    assert.deepEqual(await register(), usual);
  });

  test('goes over to other passwords by second users with the rights of the first, and is ready all the while', async () => {
    const changed = 'changed0password0for0a0while';
    const second = await production.second('billing', changed);
    const next = production.spawned('billing', { PORT: '0', DATA_DIR: production.dataOf('billing-next'), ...second });
    const ended = once(next, 'exit');
    try {
      const url = await listening(next);
      const ready = async () => (await fetch(`${url}/health/ready`)).status === 200;
      await until(ready, { what: 'billing with its second users', withinMs: 60_000, pollMs: 500 });
      await production.prepareEvents(changed);
      await production.prepareMongo(() => changed);
      assert.ok(await ready());
      const { EVENTSTOREDB_URL } = second;
      await production.refused('billing', { EVENTSTOREDB_URL, DATA_DIR: production.dataOf('old') }, /^MongoDB refuses/);
    } finally {
      await production.prepareEvents();
      await production.prepareMongo();
      next.kill('SIGTERM');
    }
    assert.deepEqual(await ended, [0, null]);
  });

  test('tells operations what is parked', async () => {
    const parked = path.join(ROOT, 'libs/service/dist/parked.js');
    const child = spawn(process.execPath, [...QUIET, parked, 'list', '--service', 'billing'], {
      env: production.envOf('billing'),
    });
    const said = child.stderr.toArray();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    assert.match(Buffer.concat(await said).toString(), /^0 parked$/m);
  });

  test('is not ready while MongoDB is silent, says so, and is ready again when it answers', async () => {
    const ready = async () => {
      const reply = await fetch(`${urls.billing}/health/ready`);
      const { status, away } = await reply.json();
      return [reply.status, status, away];
    };
    const soon = (what, ask) => until(ask, { what, withinMs: 60_000, pollMs: 500, trying: true });
    await production.engines.engines.mongodb.freeze();
    try {
      await soon('that it is away', async () => assert.deepEqual(await ready(), [503, 'unavailable', ['mongodb']]));
      const from = performance.now();
      await Promise.all(Array.from({ length: 20 }, ready));
      assert.ok(performance.now() - from < 20_000, 'many who ask wait for one answer');
      const authorization = `Bearer ${await production.issuer.token(OPERATOR)}`;
      const numbers = await (await fetch(`${urls.billing}/metrics`, { headers: { authorization } })).text();
      assert.match(numbers, /^second_opinion_engine_away\{engine="mongodb"\} 1$/m);
    } finally {
      production.engines.engines.mongodb.thaw();
    }
    for (const context of CONTEXTS)
      await soon(context, async () => assert.ok((await fetch(`${urls[context]}/health/ready`)).ok));
  });

  test('stops with exit code 0; then the gateway says in our own words that it is away', async () => {
    for (const child of production.children) child.kill('SIGTERM');
    assert.deepEqual(
      await Promise.all(production.exits),
      CONTEXTS.map(() => [0, null]),
    );
    if (!gateway) return;
    const { status, headers, body } = await gateway.ask('/records/cases');
    assert.deepEqual([status, headers['content-type'], headers['retry-after']], [503, 'application/problem+json', '1']);
    assert.equal(JSON.parse(body).code, 'service-away');
  });

  test('drops what a stopped service has from the log, with the rights of its own user', async () => {
    const main = path.join(ROOT, 'apps', 'billing', 'dist', 'main.js');
    const child = spawn(process.execPath, [...QUIET, main, 'rebuild'], { env: production.envOf('billing') });
    const said = Promise.all([child.stdout, child.stderr].map(async (one) => Buffer.concat(await one.toArray())));
    assert.deepEqual(await once(child, 'exit'), [0, null], String(await said));
    assert.match(String((await said)[0]), /^billing: \d+ views and the places in the log are dropped\.$/m);
  });
});
