/** A production deployment on engines of its own, that know users and speak TLS; for `production.check.mjs`. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import kafkajs from 'kafkajs';
import { MongoClient } from 'mongodb';
import { startEngines } from '../engines/engines.mjs';
import { eventstoredbGuard } from '../engines/eventstoredb.mjs';
import { kafkaGuard } from '../engines/kafka.mjs';
import { freePort } from '../engines/machine.mjs';
import { mongoGuard } from '../engines/mongodb.mjs';
import { listening } from '../gateway/listening.mjs';
import { initDeployment, keksOf } from '../init/deployment.mjs';
import { AUDIENCE, Issuer } from '../oidc/issuer.mjs';
import { CONTEXTS } from '../rights.mjs';
import { prepareEventStoreDb, putUser } from './eventstoredb.mjs';
import { CLAIMS, prepareKafka } from './kafka.mjs';
import { prepareMongoDb } from './mongodb.mjs';
import { UP } from './settings.mjs';
import { until } from './until.mjs';

const { Kafka, logLevel } = kafkajs;

export const ROOT = path.join(import.meta.dirname, '..', '..');
/** NO_ENGINES takes all engines out of a service's settings. */
export const NO_ENGINES = {
  EVENTSTOREDB_URL: '',
  KAFKA_BROKERS: '',
  KAFKA_USERNAME: '',
  KAFKA_PASSWORD_FILE: '',
  KAFKA_SSL: '',
  MONGODB_URL: '',
};
/** HOSTS: each service has an address of its own on the loopback interface and the same port, as in Compose. */
export const HOSTS = Object.fromEntries(CONTEXTS.map((context, index) => [context, `127.77.0.${index + 1}`]));
/** QUIET: as the image starts it. */
export const QUIET = ['--disable-warning=ExperimentalWarning'];
/** REFUSED_MS: so long a service that cannot start may take to say so. */
const REFUSED_MS = 120_000;
/** TAIL of what a service said that is shown when something fails, in characters. */
const TAIL = 3_000;

/** Production is what infra/init writes and infra/prepare prepares, and the services that are started on it. */
export class Production {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-production-'));
  children = [];
  /** exits of the children, each with its code and signal. */
  exits = [];
  urls = {};
  engines;
  issuer;
  port;

  /** open starts and prepares the engines. */
  async open() {
    this.issuer = await Issuer.open();
    this.port = await freePort();
    initDeployment(this.folder);
    // Engines that know users and speak TLS, unlike those of the other tests.
    const guards = {
      eventstoredb: eventstoredbGuard(this.folder),
      kafka: kafkaGuard(this.folder),
      mongodb: mongoGuard(this.folder),
    };
    this.engines = await startEngines({ env: {}, guards });
    await this.prepareEvents();
    await this.prepareMongo();
    await this.prepareMessages();
  }

  async close() {
    for (const child of this.children) child.kill('SIGKILL');
    await this.engines?.stop();
    this.issuer?.close();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  prepareMongo(passwordOf = (context) => this.secret(`mongodb/${context}.password`)) {
    const mongo = new URL(this.engines.env.MONGODB_URL);
    const root = { name: mongo.username, password: mongo.password };
    const options = `&tls=true&tlsCAFile=${encodeURIComponent(this.caFile)}`;
    return prepareMongoDb({ host: mongo.host, root, options, passwordOf });
  }

  get caFile() {
    return path.join(this.folder, 'ca/ca.crt');
  }

  secret(file) {
    return fs.readFileSync(path.join(this.folder, file), 'utf8').trim();
  }

  prepareEvents(servicesPassword = this.secret('eventstoredb/services.password')) {
    return prepareEventStoreDb({
      ...{ host: new URL(this.engines.env.EVENTSTOREDB_URL).host, ca: fs.readFileSync(this.caFile) },
      ...{ caFile: this.caFile, admin: this.secret('eventstoredb/admin.password'), servicesPassword },
    });
  }

  /** neighbours keep their events in the same EventStoreDB: another deployment these cases, another program what is no JSON. */
  async neighbours(cases) {
    const login = `admin:${this.secret('eventstoredb/admin.password')}@`;
    const url = this.engines.env.EVENTSTOREDB_URL.replace('//', `//${login}`);
    const client = EventStoreDBClient.connectionString(url);
    const type = 'SecondOpinionWishRecorded';
    for (const caseId of cases)
      await client.appendToStream(`north.intake.case-${caseId}`, jsonEvent({ type, data: {}, metadata: { caseId } }));
    await client.appendToStream('shipments-1', binaryEvent({ type: 'Shipped', data: Buffer.from([0xff]) }));
    await client.dispose();
  }

  /** second users, as docs/operations.md makes them for a change of passwords: the rights of the first ones, another password. */
  async second(context, password) {
    const { host } = new URL(this.engines.env.EVENTSTOREDB_URL);
    const admin = this.secret('eventstoredb/admin.password');
    await putUser({ host, ca: fs.readFileSync(this.caFile), admin, name: 'services-next', password });
    const client = new MongoClient(this.engines.env.MONGODB_URL);
    try {
      const { users } = await client.db('admin').command({ usersInfo: context });
      const roles = users[0].roles;
      await client.db('admin').command({ createUser: `${context}-next`, pwd: password, roles });
    } finally {
      await client.close();
    }
    return {
      EVENTSTOREDB_URL: this.eventsUrl().replace(/services:[^@]+/, `services-next:${password}`),
      MONGODB_URL: this.envOf(context).MONGODB_URL.replace(/\/\/[^@]+/, `//${context}-next:${password}`),
    };
  }

  /** kafka is where it is, and who may do everything in it. */
  get kafka() {
    const admin = { name: 'admin', password: this.secret('kafka/admin.password') };
    return { brokers: [this.engines.env.KAFKA_BROKERS], ssl: { ca: [fs.readFileSync(this.caFile)] }, admin };
  }

  prepareMessages() {
    return prepareKafka({ ...this.kafka, partitions: 2 });
  }

  /** takeBackClaim in Kafka, as infra/README.md has it: its topic goes, and is made anew by the step that prepares. */
  async takeBackClaim() {
    const { brokers, ssl, admin } = this.kafka;
    const sasl = { mechanism: 'scram-sha-512', username: admin.name, password: admin.password };
    const client = new Kafka({ brokers, clientId: 'runbook', ssl, sasl, logLevel: logLevel.NOTHING }).admin();
    await client.connect();
    await client.deleteTopics({ topics: [CLAIMS] });
    await until(async () => !(await client.listTopics()).includes(CLAIMS), { what: 'the topic to go', ...UP });
    await client.disconnect();
    await this.prepareMessages();
  }

  /** eventsUrl of the services, as infra/init wrote it, with another address and path. */
  eventsUrl() {
    return this.secret('eventstoredb/services.url')
      .replace('eventstoredb:2113', new URL(this.engines.env.EVENTSTOREDB_URL).host)
      .replace('/run/secrets/ca.crt', this.caFile);
  }

  /** envOf a service: what infra/init wrote for it, with another address and path. */
  envOf(context) {
    const mongo = this.secret(`mongodb/${context}.url`)
      .replace('mongodb:27017', new URL(this.engines.env.MONGODB_URL).host)
      .replace('/run/secrets/ca.crt', this.caFile);
    const keks = keksOf(context).map(({ variable, file }) => [variable, path.join(this.folder, file)]);
    return {
      ...{ PATH: process.env.PATH, NODE_ENV: 'production', DEPLOYMENT: 'production' },
      ...{ HOST: HOSTS[context], PORT: String(this.port) },
      ...{ EVENTSTOREDB_URL: this.eventsUrl(), NODE_EXTRA_CA_CERTS: this.caFile },
      ...{ KAFKA_BROKERS: this.engines.env.KAFKA_BROKERS, KAFKA_SSL: 'true', KAFKA_USERNAME: context },
      KAFKA_PASSWORD_FILE: path.join(this.folder, `kafka/${context}.password`),
      ...{ MONGODB_URL: mongo, DATA_DIR: this.dataOf(context), ...Object.fromEntries(keks) },
      ...{ OIDC_ISSUER: this.issuer.url, OIDC_JWKS_URL: `${this.issuer.url}/keys`, OIDC_AUDIENCE: AUDIENCE },
    };
  }

  dataOf(name) {
    return path.join(this.folder, 'data', name);
  }

  spawned(context, env = {}) {
    const args = [...QUIET, path.join(ROOT, 'apps', context, 'dist', 'main.js')];
    return spawn(process.execPath, args, {
      env: { ...this.envOf(context), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** refused: it does not start, and says why; one that does is ended. */
  async refused(context, env, sentence) {
    const child = this.spawned(context, env);
    const late = setTimeout(() => child.kill('SIGKILL'), REFUSED_MS);
    const said = child.stderr.toArray();
    const ended = await once(child, 'exit');
    clearTimeout(late);
    const text = Buffer.concat(await said).toString();
    assert.deepEqual(ended, [1, null], text);
    assert.match(text, sentence);
  }

  async start(context) {
    const child = this.spawned(context);
    this.children.push(child);
    this.exits.push(once(child, 'exit'));
    const log = fs.createWriteStream(this.logOf(context));
    for (const said of [child.stdout, child.stderr]) said.pipe(log, { end: false });
    this.urls[context] = await listening(child);
  }

  logOf(context) {
    return path.join(this.folder, `${context}.log`);
  }

  /** tell what the services said at last. */
  tell() {
    for (const context of CONTEXTS)
      if (fs.existsSync(this.logOf(context)))
        process.stderr.write(
          `${context} said at last:\n${fs.readFileSync(this.logOf(context), 'utf8').slice(-TAIL)}\n`,
        );
  }

  /** endedServer speaks TLS with a certificate of our authority that has ended, for `localhost`; close it. */
  async endedServer() {
    const cwd = path.join(this.folder, 'ended');
    fs.mkdirSync(cwd);
    const openssl = (command) => assert.equal(spawnSync('openssl', command.split(' '), { cwd }).status, 0, command);
    openssl('req -new -newkey rsa:2048 -nodes -subj /CN=x -keyout key -out csr');
    fs.writeFileSync(path.join(cwd, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1');
    const authority = '-CA ../ca/ca.crt -CAkey ../ca/ca.key -CAserial serial -CAcreateserial';
    openssl(`x509 -req -in csr ${authority} -days -1 -extfile names -out ended`);
    const [key, cert] = ['key', 'ended'].map((file) => fs.readFileSync(path.join(cwd, file)));
    const server = tls.createServer({ key, cert, ALPNProtocols: ['h2'] }).on('tlsClientError', () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return server;
  }
}
