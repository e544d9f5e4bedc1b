import { performance } from 'node:perf_hooks';
import { INTAKE_TOPIC, openBus } from './bus.mjs';
import { eventsOf, logOf } from './log.mjs';

/** How fast one comes after who begins at the start, in a process of its own: with the log, and with a topic. */
process.on('message', (plan) => {
  run(plan).then(
    (result) => process.send(result),
    (error) => process.send({ error: String(error?.stack ?? error) }),
  );
});

async function run({ env, namespace }) {
  return { log: await readLog(env.EVENTSTOREDB_URL, namespace), bus: await readTopic(env.KAFKA_BROKERS, namespace) };
}

/** readLog subscribes from the start to what this deployment and its baselines appended. */
async function readLog(url, namespace) {
  const log = await logOf(url);
  const upTo = await log.end();
  const began = performance.now();
  let events = 0;
  for await (const batch of eventsOf(log, { upTo, categories: [namespace] })) events += batch.length;
  const seconds = (performance.now() - began) / 1000;
  await log.close();
  return { events, seconds };
}

/** readTopic handles everything that intake told, from its first message on; joining the group is not counted, and told apart. */
async function readTopic(brokers, namespace) {
  const { bus, close } = await openBus(brokers, namespace);
  const done = new AbortController();
  const began = performance.now();
  const seen = { events: 0, first: 0, last: 0 };
  const consumption = await bus.consume({
    group: 'bench.catch-up',
    topics: [INTAKE_TOPIC],
    startsAt: 'beginning',
    signal: done.signal,
    handle: async () => {
      seen.last = performance.now();
      if (seen.events++ === 0) seen.first = seen.last;
    },
  });
  await consumption.idle();
  done.abort();
  await consumption.done;
  await close();
  const { events, first, last } = seen;
  return { events, seconds: (last - first) / 1000, joinSeconds: (first - began) / 1000 };
}
