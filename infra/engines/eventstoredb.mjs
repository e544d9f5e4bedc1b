/** The test server for EventStoreDB of this repository, as the third engine: a real one is not to be had as a package. */
import fs from 'node:fs';
import path from 'node:path';
import { freePort, until } from './machine.mjs';

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
    await this.#process.start(process.execPath, [SERVER, '--port', String(this.port), '--data', this.data]);
    const said = () => fs.readFileSync(this.#process.log).subarray(from).toString();
    await until(() => said().includes(`ready ${this.url}`), {
      what: 'the ready line of the EventStoreDB test server',
      withinMs: READY_MS,
      alive: () => this.#process.alive(),
    });
  }

  stopped() {}
}
