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

  constructor(process) {
    this.#process = process;
  }

  async prepare() {
    this.port = await freePort();
    this.url = `esdb://127.0.0.1:${this.port}?tls=false`;
    this.data = path.join(this.#process.folder, 'log');
    fs.mkdirSync(this.data);
  }

  /** start resolves when the server has said that it serves. */
  async start() {
    const from = fs.existsSync(this.#process.log) ? fs.statSync(this.#process.log).size : 0;
    const options = ['--port', String(this.port), '--data', this.data, '--with-elections'];
    await this.#process.start(process.execPath, [SERVER, ...options]);
    const said = () => fs.readFileSync(this.#process.log).subarray(from).toString();
    await until(() => said().includes(`ready ${this.url}`), {
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
}
