/** The six services as production has them: on engines that were prepared, with their own users and nothing else, and an issuer of tokens outside. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { EngineProcess } from '../engines/engine-process.mjs';
import { guardOf, Kafka } from '../engines/kafka.mjs';
import { Watchdog } from '../engines/watchdog.mjs';
import { listening } from '../images/listening.mjs';
import { initDeployment, keksOf } from '../init/deployment.mjs';
import { CONTEXTS } from '../rights.mjs';
import { prepareKafka } from './kafka.mjs';
import { prepareMongoDb } from './mongodb.mjs';
import { until } from './settings.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
const { exportJWK, generateKeyPair, SignJWT } = createRequire(path.join(ROOT, 'libs/nest/package.json'))('jose');
// How a case is played over HTTP, as npm run demo plays it.
const { newestMailTo, World } = createRequire(import.meta.url)(path.join(ROOT, 'apps/standalone/dist/play/index.js'));
const AUDIENCE = 'second-opinion';
const DOCTOR = { sub: 'doctor-1', role: 'company-doctor', organisation: 'arbodienst-1' };

describe('a production deployment', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-production-'));
  const secret = (file) => fs.readFileSync(path.join(folder, file), 'utf8').trim();
  const passwordOf = (context) => secret(`mongodb/${context}.password`);
  const children = [];
  const urls = {};
  const watchdog = new Watchdog();
  let issuer;
  let broker;
  let kafka;

  before(async () => {
    issuer = await Issuer.open();
    initDeployment(folder);
    const mongo = new URL(process.env.MONGODB_URL);
    const root = { name: mongo.username, password: mongo.password };
    await prepareMongoDb({ host: mongo.host, root, passwordOf });
    // The broker of the other tests knows no users.
    const own = path.join(folder, 'broker');
    fs.mkdirSync(own);
    broker = new EngineProcess('Kafka', own, watchdog);
    kafka = new Kafka(broker, guardOf(folder));
    await kafka.prepare();
    await kafka.start();
    const admin = { name: 'admin', password: secret('kafka/admin.password') };
    const ssl = { ca: [fs.readFileSync(path.join(folder, 'ca/ca.crt'))] };
    await prepareKafka({ brokers: [kafka.url], ssl, admin, partitions: 2 });
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await broker?.stop();
    await watchdog.end();
    issuer?.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const start = async (context) => {
    const mongo = new URL(process.env.MONGODB_URL);
    [mongo.username, mongo.password] = [context, passwordOf(context)];
    const keks = keksOf(context).map(({ variable, file }) => [variable, path.join(folder, file)]);
    const env = {
      ...{ PATH: process.env.PATH, NODE_ENV: 'production', DEPLOYMENT: 'production', HOST: '127.0.0.1', PORT: '0' },
      ...{ EVENTSTOREDB_URL: process.env.EVENTSTOREDB_URL, NODE_EXTRA_CA_CERTS: path.join(folder, 'ca/ca.crt') },
      ...{ KAFKA_BROKERS: kafka.url, KAFKA_SSL: 'true', KAFKA_USERNAME: context },
      KAFKA_PASSWORD_FILE: path.join(folder, `kafka/${context}.password`),
      ...{ MONGODB_URL: mongo.href, DATA_DIR: path.join(folder, 'data', context), ...Object.fromEntries(keks) },
      ...{ OIDC_ISSUER: issuer.url, OIDC_JWKS_URL: `${issuer.url}/keys`, OIDC_AUDIENCE: AUDIENCE },
    };
    const args = ['--disable-warning=ExperimentalWarning', path.join(ROOT, 'apps', context, 'dist', 'main.js')];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    urls[context] = await listening(child);
  };

  test('starts on what was prepared, each service with its own user', async () => {
    await Promise.all(CONTEXTS.map(start));
    for (const context of CONTEXTS)
      assert.equal((await fetch(`${urls[context]}/health/ready`)).status, 200, `${context} is ready`);
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

  test('keeps a case with the rights of its users: registers, seals, mails, logins, tasks and the history', async () => {
    const gate = await Gate.open(urls, issuer);
    try {
      const world = new World(gate.url, (address) =>
        newestMailTo(path.join(folder, 'data', 'notification', 'mail'), address, 'code='),
      );
      await world.load();
      const { items } = await world.user('employee').read('/intake/cases');
      assert.equal(items.length, 1);
      const auditor = world.user('auditor');
      const recorded = async () => {
        const history = await auditor.read(`/records/cases/${items[0].caseId}/history`);
        return history.items.some(({ type }) => type === 'SecondOpinionWishRecorded');
      };
      await until('the history', async () => assert.ok(await recorded()), { withinMs: 60_000 });
    } finally {
      gate.close();
    }
  });

  test('stops with exit code 0', async () => {
    const exits = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGTERM');
    assert.deepEqual(
      await Promise.all(exits),
      CONTEXTS.map(() => [0, null]),
    );
  });
});

/** Gate is one address in front of the services, as the gateway is, for people who get their tokens from this issuer. */
class Gate {
  static async open(urls, issuer) {
    const server = http.createServer((request, response) => {
      answer(request).then(
        ({ status, headers, body }) => response.writeHead(status, headers).end(body),
        (error) => response.writeHead(502).end(error.message),
      );
    });
    const answer = async (request) => {
      const body = Buffer.concat(await request.toArray());
      const json = (value) => {
        const headers = { 'content-type': 'application/json' };
        return { status: 200, headers, body: JSON.stringify(value) };
      };
      if (request.url === '/demo/clock') return json({ now: new Date().toISOString() });
      if (request.url === '/development-issuer/token') {
        const { subject, role, organisation } = JSON.parse(body);
        return json({ token: await issuer.token({ sub: subject, role, organisation }) });
      }
      const { host, connection, 'content-length': length, 'transfer-encoding': encoding, ...headers } = request.headers;
      const init = { method: request.method, headers, ...(body.length > 0 ? { body } : {}) };
      const reply = await fetch(`${urls[request.url.split('/')[1]]}${request.url}`, init);
      const type = reply.headers.get('content-type');
      return {
        status: reply.status,
        headers: type ? { 'content-type': type } : {},
        body: Buffer.from(await reply.arrayBuffer()),
      };
    };
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Gate(server);
  }

  constructor(server) {
    this.server = server;
    this.url = `http://127.0.0.1:${server.address().port}`;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** Issuer signs tokens as an identity provider does, and shows its keys. */
class Issuer {
  static async open() {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }];
    const server = http.createServer((_, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys }));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    return new Issuer(server, privateKey);
  }

  constructor(server, key) {
    this.server = server;
    this.key = key;
    this.url = `http://127.0.0.1:${server.address().port}`;
  }

  token(claims) {
    const signed = new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'one' });
    return signed.setIssuer(this.url).setAudience(AUDIENCE).setIssuedAt().setExpirationTime('5 minutes').sign(this.key);
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
