import { createRequire } from 'node:module';

/** The log on EventStoreDB, through the product's adapter: also for what is appended bare, since a process has one client. */
const require = createRequire(import.meta.url);
const { NamespacedEventStore } = require('../../libs/event-store/dist/index.js');
const { EventStoreDbEventStore } = require('../../libs/event-store/dist/eventstoredb/index.js');

/** logOf a server; `close` it afterwards. */
export const logOf = (url) => EventStoreDbEventStore.connect(url);

/** within a namespace: the log as that deployment sees it. */
export const within = (log, namespace) => new NamespacedEventStore(log, namespace);

/** eventsOf a log after a position, up to one that it has reached, batch by batch. */
export async function* eventsOf(log, { after, upTo, categories }) {
  const done = new AbortController();
  const options = {
    signal: done.signal,
    ...(after === undefined ? {} : { after }),
    ...(categories ? { categories } : {}),
  };
  for await (const { events, position } of log.subscribe(options)) {
    yield events.filter((event) => log.comparePositions(event.position, upTo) <= 0);
    if (log.comparePositions(position, upTo) >= 0) break;
  }
  done.abort();
}
