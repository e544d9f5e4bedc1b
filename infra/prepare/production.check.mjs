/** The six services as production has them: on engines that were prepared, with their own users and nothing else, and an issuer of tokens outside. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { after, afterEach, before, describe, test } from 'node:test';
import { startEngines } from '../engines/engines.mjs';
import { eventstoredbGuard } from '../engines/eventstoredb.mjs';
import { kafkaGuard } from '../engines/kafka.mjs';
import { freePort } from '../engines/machine.mjs';
import { mongoGuard } from '../engines/mongodb.mjs';
import { GatewayProcess, nginxVersion } from '../gateway/process.mjs';
import { Gate } from '../images/gate.mjs';
import { listening } from '../gateway/listening.mjs';
import { initDeployment, keksOf } from '../init/deployment.mjs';
import { AUDIENCE, Issuer } from '../oidc/issuer.mjs';
import { CONTEXTS } from '../rights.mjs';
import { prepareEventStoreDb } from './eventstoredb.mjs';
import { prepareKafka } from './kafka.mjs';
import { prepareMongoDb } from './mongodb.mjs';
import { until } from './until.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
// How a case is played over HTTP, as npm run demo plays it.
const { newestMailTo, World } = createRequire(import.meta.url)(path.join(ROOT, 'apps/standalone/dist/play/index.js'));
const eventStoreDb = createRequire(path.join(ROOT, 'libs/event-store/package.json'))('@eventstore/db-client');
/** HOSTS: each service has an address of its own on the loopback interface and the same port, as in Compose. */
const HOSTS = Object.fromEntries(CONTEXTS.map((context, index) => [context, `127.77.0.${index + 1}`]));
/** QUIET: as the image starts it. */
const QUIET = ['--disable-warning=ExperimentalWarning', '--disable-warning=TimeoutNegativeWarning'];
/** NEIGHBOURS is how many cases of another deployment stand in the same EventStoreDB. */
const NEIGHBOURS = 2_000;
const neighbour = (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
/** REFUSED_MS: so long a service that cannot start may take to say so. */
const REFUSED_MS = 120_000;
/** TAIL of what a service said that is shown when something fails, in characters. */
const TAIL = 3_000;
const OPERATOR = { sub: 'operator-1', role: 'operator', organisation: 'provider' };
const DOCTOR = { sub: 'doctor-1', role: 'company-doctor', organisation: 'arbodienst-1' };

describe('a production deployment', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-production-'));
  const secret = (file) => fs.readFileSync(path.join(folder, file), 'utf8').trim();
  const passwordOf = (context) => secret(`mongodb/${context}.password`);
  const logOf = (context) => path.join(folder, `${context}.log`);
  const children = [];
  /** exits of the children, each with its code and signal. */
  const exits = [];
  const urls = {};
  let engines;
  let issuer;
  let port;
  let gateway;

  before(async () => {
    issuer = await Issuer.open();
    port = await freePort();
    initDeployment(folder);
    // Engines that know users and speak TLS, unlike those of the other tests.
    const guards = {
      eventstoredb: eventstoredbGuard(folder),
      kafka: kafkaGuard(folder),
      mongodb: mongoGuard(folder),
    };
    engines = await startEngines({ env: {}, guards });
    await prepareEvents();
    const mongo = new URL(engines.env.MONGODB_URL);
    const root = { name: mongo.username, password: mongo.password };
    const options = `&tls=true&tlsCAFile=${encodeURIComponent(path.join(folder, 'ca/ca.crt'))}`;
    await prepareMongoDb({ host: mongo.host, root, options, passwordOf });
    const admin = { name: 'admin', password: secret('kafka/admin.password') };
    const ssl = { ca: [fs.readFileSync(path.join(folder, 'ca/ca.crt'))] };
    await prepareKafka({ brokers: [engines.env.KAFKA_BROKERS], ssl, admin, partitions: 2 });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await gateway?.close();
    await engines?.stop();
    issuer?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const caFile = path.join(folder, 'ca/ca.crt');
  const prepareEvents = (servicesPassword = secret('eventstoredb/services.password')) =>
    prepareEventStoreDb({
      ...{ host: new URL(engines.env.EVENTSTOREDB_URL).host, ca: fs.readFileSync(caFile), caFile },
      ...{ admin: secret('eventstoredb/admin.password'), servicesPassword },
    });
  /** eventsUrl of the services, as infra/init wrote it, with another address and path. */
  const eventsUrl = () =>
    secret('eventstoredb/services.url')
      .replace('eventstoredb:2113', new URL(engines.env.EVENTSTOREDB_URL).host)
      .replace('/run/secrets/ca.crt', caFile);
  const envOf = (context) => {
    // What infra/init wrote for it, with another address and path.
    const mongo = secret(`mongodb/${context}.url`)
      .replace('mongodb:27017', new URL(engines.env.MONGODB_URL).host)
      .replace('/run/secrets/ca.crt', path.join(folder, 'ca/ca.crt'));
    const keks = keksOf(context).map(({ variable, file }) => [variable, path.join(folder, file)]);
    return {
      ...{ PATH: process.env.PATH, NODE_ENV: 'production', DEPLOYMENT: 'production' },
      ...{ HOST: HOSTS[context], PORT: String(port) },
      ...{ EVENTSTOREDB_URL: eventsUrl(), NODE_EXTRA_CA_CERTS: caFile },
      ...{ KAFKA_BROKERS: engines.env.KAFKA_BROKERS, KAFKA_SSL: 'true', KAFKA_USERNAME: context },
      KAFKA_PASSWORD_FILE: path.join(folder, `kafka/${context}.password`),
      ...{ MONGODB_URL: mongo, DATA_DIR: path.join(folder, 'data', context), ...Object.fromEntries(keks) },
      ...{ OIDC_ISSUER: issuer.url, OIDC_JWKS_URL: `${issuer.url}/keys`, OIDC_AUDIENCE: AUDIENCE },
    };
  };
  const spawned = (context, env = {}) => {
    const args = [...QUIET, path.join(ROOT, 'apps', context, 'dist', 'main.js')];
    return spawn(process.execPath, args, { env: { ...envOf(context), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  };
  /** refused: it does not start, and says why; one that does is ended. */
  const refused = async (context, env, sentence) => {
    const child = spawned(context, env);
    const late = setTimeout(() => child.kill('SIGKILL'), REFUSED_MS);
    const said = child.stderr.toArray();
    const ended = await once(child, 'exit');
    clearTimeout(late);
    const text = Buffer.concat(await said).toString();
    assert.deepEqual(ended, [1, null], text);
    assert.match(text, sentence);
  };
  const start = async (context) => {
    const child = spawned(context);
    children.push(child);
    exits.push(once(child, 'exit'));
    const log = fs.createWriteStream(logOf(context));
    for (const said of [child.stdout, child.stderr]) said.pipe(log, { end: false });
    urls[context] = await listening(child);
  };

  afterEach(({ passed }) => {
    if (passed) return;
    for (const context of CONTEXTS)
      if (fs.existsSync(logOf(context)))
        process.stderr.write(`${context} said at last:\n${fs.readFileSync(logOf(context), 'utf8').slice(-TAIL)}\n`);
  });

  test('does not begin alone: another deployment and another program keep their events in the same EventStoreDB', async () => {
    const login = `admin:${secret('eventstoredb/admin.password')}@`;
    const client = eventStoreDb.EventStoreDBClient.connectionString(
      engines.env.EVENTSTOREDB_URL.replace('//', `//${login}`),
    );
    const type = 'SecondOpinionWishRecorded';
    for (let number = 0; number < NEIGHBOURS; number++) {
      const event = eventStoreDb.jsonEvent({ type, data: {}, metadata: { caseId: neighbour(number) } });
      await client.appendToStream(`north.intake.case-${neighbour(number)}`, event);
    }
    await client.appendToStream(
      'shipments-1',
      eventStoreDb.binaryEvent({ type: 'Shipped', data: Buffer.from([0xff]) }),
    );
    await client.dispose();
  });

  test('says in one sentence that EventStoreDB does not know its user, or lets him do too little', async () => {
    for (const [url, sentence] of [
      [
        eventsUrl().replace(/services:[^@]+/, 'services:another'),
        /^EventStoreDB refuses the user or the password.*access-denied/,
      ],
      [
        eventsUrl().replace(/services:[^@]+/, `ops:${secret('eventstoredb/ops.password')}`),
        /may not do what.*not-permitted/,
      ],
    ]) {
      await refused('billing', { EVENTSTOREDB_URL: url }, sentence);
    }
  });

  test('says of each engine in one sentence why its certificate is not taken', async () => {
    const bad = path.join(folder, 'bad');
    fs.mkdirSync(bad);
    const files = [path.join(folder, 'ca/ca.crt'), path.join(folder, 'ca/ca.key')];
    spawnSync(
      'openssl',
      ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=x', '-keyout', 'key', '-out', 'csr'],
      { cwd: bad },
    );
    fs.writeFileSync(path.join(bad, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    spawnSync(
      'openssl',
      [
        'x509',
        '-req',
        '-in',
        'csr',
        '-CA',
        files[0],
        '-CAkey',
        files[1],
        '-CAserial',
        'serial',
        '-CAcreateserial',
        '-days',
        '-1',
        '-extfile',
        'names',
        '-out',
        'ended',
      ],
      { cwd: bad },
    );
    const [key, cert] = ['key', 'ended'].map((file) => fs.readFileSync(path.join(bad, file)));
    const ended = tls.createServer({ key, cert, ALPNProtocols: ['h2'] }).on('tlsClientError', () => undefined);
    await once(ended.listen(0, '127.0.0.1'), 'listening');
    const at = `localhost:${ended.address().port}`;
    const alone = {
      EVENTSTOREDB_URL: '',
      KAFKA_BROKERS: '',
      KAFKA_USERNAME: '',
      KAFKA_PASSWORD_FILE: '',
      KAFKA_SSL: '',
      MONGODB_URL: '',
    };
    const { EVENTSTOREDB_URL, MONGODB_URL } = envOf('billing');
    const { KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD_FILE } = envOf('billing');
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
          const own = { DATA_DIR: path.join(folder, 'data', `untrusting-${index}`), ENGINES_WAIT_SECONDS: '2' };
          await refused('billing', { ...alone, ...own, ...env }, sentence);
        }),
      );
    } finally {
      ended.close();
    }
  });

  test('may have Kafka as its only engine: a service claims what it has besides, and one with other files is refused', async () => {
    const files = { EVENTSTOREDB_URL: '', MONGODB_URL: '' };
    const first = spawned('scheduling', { ...files, DATA_DIR: path.join(folder, 'data', 'beside-kafka') });
    const ended = once(first, 'exit');
    try {
      await listening(first);
      const other = { ...files, DATA_DIR: path.join(folder, 'data', 'other-files') };
      await refused('records', other, /^The other services .*other-files/);
    } finally {
      first.kill('SIGTERM');
      assert.deepEqual(await ended, [0, null]);
    }
  });

  test('starts on what was prepared, each service with its own user', async () => {
    await Promise.all(CONTEXTS.map(start));
    const status = async (context) => (await fetch(`${urls[context]}/health/ready`)).status;
    for (const context of CONTEXTS)
      await until(async () => assert.equal(await status(context), 200), {
        what: `${context} ready`,
        withinMs: 60_000,
        pollMs: 1_000,
        trying: true,
      });
  });

  test('serves who has a token of its issuer, and nobody else; it has no clock to move and no tokens to give', async () => {
    const ask = async (url, token) =>
      (await fetch(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})).status;
    const token = await issuer.token(DOCTOR);
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
    gateway = await GatewayProcess.open({ folder: own, secrets: folder, hosts: HOSTS, port, document });
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
    const token = ({ subject, ...claims }) => issuer.token({ sub: subject, ...claims });
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
    const authorization = `Bearer ${await issuer.token(DOCTOR)}`;
    const register = async () => {
      const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': randomUUID() };
      const url = `${urls.intake}/intake/cases/${randomUUID()}/honour-request`;
      const reply = await fetch(url, { method: 'POST', headers, body: '{}' });
      return [reply.status, (await reply.json()).code];
    };
    const usual = await register();
    assert.ok(usual[0] < 500, usual.join(' '));
    await prepareEvents('another0password0for0a0while');
    try {
      assert.deepEqual(await register(), [503, 'event-store.unavailable']);
    } finally {
      await prepareEvents();
    }
    assert.deepEqual(await register(), usual);
  });

  test('tells operations what is parked', async () => {
    const parked = path.join(ROOT, 'libs/service/dist/parked.js');
    const child = spawn(process.execPath, [...QUIET, parked, 'list', '--service', 'billing'], {
      env: envOf('billing'),
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
    await engines.engines.mongodb.freeze();
    try {
      await soon('that it is away', async () => assert.deepEqual(await ready(), [503, 'unavailable', ['mongodb']]));
      const from = performance.now();
      await Promise.all(Array.from({ length: 20 }, ready));
      assert.ok(performance.now() - from < 20_000, 'many who ask wait for one answer');
      const authorization = `Bearer ${await issuer.token(OPERATOR)}`;
      const numbers = await (await fetch(`${urls.billing}/metrics`, { headers: { authorization } })).text();
      assert.match(numbers, /^second_opinion_engine_away\{engine="mongodb"\} 1$/m);
    } finally {
      engines.engines.mongodb.thaw();
    }
    for (const context of CONTEXTS)
      await soon(context, async () => assert.ok((await fetch(`${urls[context]}/health/ready`)).ok));
  });

  test('stops with exit code 0; then the gateway says in our own words that it is away', async () => {
    for (const child of children) child.kill('SIGTERM');
    assert.deepEqual(
      await Promise.all(exits),
      CONTEXTS.map(() => [0, null]),
    );
    if (!gateway) return;
    const { status, headers, body } = await gateway.ask('/records/cases');
    assert.deepEqual([status, headers['content-type'], headers['retry-after']], [503, 'application/problem+json', '1']);
    assert.equal(JSON.parse(body).code, 'service-away');
  });

  test('drops what a stopped service has from the log, with the rights of its own user', async () => {
    const main = path.join(ROOT, 'apps', 'billing', 'dist', 'main.js');
    const child = spawn(process.execPath, [...QUIET, main, 'rebuild'], { env: envOf('billing') });
    const said = Promise.all([child.stdout, child.stderr].map(async (one) => Buffer.concat(await one.toArray())));
    assert.deepEqual(await once(child, 'exit'), [0, null], String(await said));
    assert.match(String((await said)[0]), /^billing: \d+ views and the places in the log are dropped\.$/m);
  });
});
