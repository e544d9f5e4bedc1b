/** The test server for EventStoreDB of this repository, as the third engine: a real one is not to be had as a package. */
import fs from 'node:fs';
import path from 'node:path';
import { freePort } from './machine.mjs';
import { until } from '../prepare/until.mjs';

const SERVER = path.join(import.meta.dirname, 'eventstoredb-test-server', 'main.cjs');
const READY_MS = 30_000;

/** Eventstoredb is the launcher of the test server: `url` is what EVENTSTOREDB_URL wants. */
export class Eventstoredb {
  static variable = 'EVENTSTOREDB_URL';
  #process;
  #guard;

  /** `guard` ({@link eventstoredbGuard}) makes it the server of docker-compose.yml instead: TLS, users and rights. */
  constructor(process, guard = { options: [], env: {} }) {
    this.#process = process;
    this.#guard = guard;
  }

  async prepare() {
    this.port = await freePort();
    // Over TLS the client takes names only, no addresses.
    const { ca } = this.#guard;
    this.url = ca
      ? `esdb://localhost:${this.port}?tls=true&tlsCaFile=${encodeURIComponent(ca)}`
      : `esdb://127.0.0.1:${this.port}?tls=false`;
    this.data = path.join(this.#process.folder, 'log');
    fs.mkdirSync(this.data);
  }

  /** start resolves when the server has said that it serves. */
  async start() {
    const from = fs.existsSync(this.#process.log) ? fs.statSync(this.#process.log).size : 0;
    const options = ['--port', String(this.port), '--data', this.data, '--with-elections'];
    const env = { ...process.env, ...this.#guard.env };
    await this.#process.start(process.execPath, [SERVER, ...options, ...this.#guard.options], { env });
    const said = () => fs.readFileSync(this.#process.log).subarray(from).toString();
    await until(() => said().includes(`ready ${this.url.split('&')[0]}`), {
      what: 'the ready line of the EventStoreDB test server',
      withinMs: READY_MS,
      alive: () => this.#process.alive(),
    });
  }

  /** elect makes it lead, or resign so that nobody does; it has that role when this resolves. */
  async elect(role) {
    const { status } = await fetch(`http://127.0.0.1:${this.port}/elections/${role}`, { method: 'POST' });
    if (status !== 204) throw new Error(`The EventStoreDB test server answered ${status} to an election.`);
  }

  stopped() {}

  emptied() {}
}

/** eventstoredbGuard of the secrets of a deployment (their folder, infra/init): its certificate, and the passwords that the server begins with. */
export function eventstoredbGuard(secrets) {
  const at = (...file) => path.join(secrets, ...file);
  const lines = fs.readFileSync(at('eventstoredb', 'passwords.env'), 'utf8').trim().split('\n');
  return {
    options: ['--certificate', at('eventstoredb', 'tls.crt'), '--key', at('eventstoredb', 'tls.key')],
    env: Object.fromEntries(lines.map((line) => line.split(/=(.*)/).slice(0, 2))),
    ca: at('ca', 'ca.crt'),
  };
}
