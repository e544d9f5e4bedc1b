import { INTAKE_TOPIC, openBus } from './bus.mjs';
import { now } from './figures.mjs';

/** Arrivals is a consumer of what intake tells the others, with a group of its own in this process; it notes when it hears of a new case. */
export class Arrivals {
  #opened;
  #consumption;
  #done = new AbortController();
  #at = new Map();

  static async of(namespace, brokers) {
    const arrivals = new Arrivals();
    arrivals.#opened = await openBus(brokers, namespace);
    arrivals.#consumption = await arrivals.#opened.bus.consume({
      group: 'bench.arrivals',
      topics: [INTAKE_TOPIC],
      startsAt: 'deployment',
      signal: arrivals.#done.signal,
      handle: async ({ key, event }) => {
        if (event.type === 'SecondOpinionWishRecorded') arrivals.#at.set(key, now());
      },
    });
    await arrivals.#consumption.idle();
    return arrivals;
  }

  /** after gives for each new case the milliseconds from its answer until we heard of it: 0 when we heard of it before its client did. */
  async after(created) {
    await this.#consumption.idle();
    const missing = created.filter(({ id }) => !this.#at.has(id)).length;
    if (missing > 0) throw new Error(`of ${missing} new cases nobody was told`);
    return created.map(({ id, answeredAt }) => Math.max(0, this.#at.get(id) - answeredAt));
  }

  async close() {
    this.#done.abort();
    await this.#consumption.done;
    await this.#opened.close();
  }
}
