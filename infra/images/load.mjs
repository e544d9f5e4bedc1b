/** Clients that record wishes as fast as they can, and remember every one that was acknowledged. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const PLAY = pathToFileURL(path.join(import.meta.dirname, '..', '..', 'apps/standalone/dist/play/index.js')).href;

/** Load runs until it is ended. */
export class Load {
  #running = true;
  #clients;
  /** acknowledged holds the ids of the cases that were answered with 201. */
  acknowledged = [];

  constructor(url, clients) {
    this.#clients = Array.from({ length: clients }, (_, client) => this.#client(url, client));
  }

  /** reached resolves when so many have been acknowledged. */
  async reached(count) {
    while (this.acknowledged.length < count) {
      if (!this.#running) throw new Error('the load ended early');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** end lets each client finish what it does. */
  async end() {
    this.#running = false;
    await Promise.all(this.#clients);
  }

  async #client(url, client) {
    const { User, people, wishOf } = (await import(PLAY)).default;
    const doctor = new User(url, people['own-doctor'], 1);
    for (let n = 0; this.#running; n++) {
      const name = `Persoon ${client} ${n}`;
      const wish = wishOf({ name, birthDate: '1980-01-01', address: `p${client}.${n}@prive.example` });
      const reply = await doctor.post('/intake/cases', wish, { key: `load-${client}-${n}` }).catch(() => undefined);
      if (reply?.status === 201) this.acknowledged.push(reply.body.id);
    }
  }
}
