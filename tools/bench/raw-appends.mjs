import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { eventsOf, logOf, within } from './log.mjs';
import { isOfCommand } from './own-events.mjs';

/**
 * The baseline on EventStoreDB, in a process of its own: what the commands of a round appended, append by append with the exact revision,
 * appended again with the same client and nothing else, so many in flight. Each waits for its answer; making JSON is part of it. When all
 * of it is there, again into other streams, until the time is over.
 */
const { jsonEvent, NO_STREAM } = createRequire(import.meta.url)('@eventstore/db-client');
const WARM_UP_SECONDS = 1;
/** So long the programs can stand still meanwhile without being taken for dead. */
const MOST_SECONDS = 5;

process.on('message', (plan) => {
  run(plan).then(
    (result) => process.send(result),
    (error) => process.send({ error: String(error?.stack ?? error) }),
  );
});

async function run({ url, namespace, after, upTo, prefix, inFlight, seconds }) {
  const log = await logOf(url);
  const events = [];
  for await (const batch of eventsOf(within(log, namespace), { after, upTo }))
    events.push(...batch.filter(isOfCommand));
  const streams = appendsByStream(events);
  const { client } = log;
  await append(client, streams, { prefix: `${prefix}w`, inFlight, seconds: WARM_UP_SECONDS });
  const result = await append(client, streams, { prefix, inFlight, seconds: Math.min(seconds, MOST_SECONDS) });
  await log.close();
  const appends = [...streams.values()].reduce((sum, { length }) => sum + length, 0);
  return { ...result, ofCommands: { appends, events: events.length } };
}

/** appendsByStream: what one command wrote to one stream was one append. */
function appendsByStream(events) {
  const streams = new Map();
  for (const event of events) {
    const appends = streams.get(event.stream) ?? [];
    streams.set(event.stream, appends);
    const last = appends.at(-1);
    if (last?.[0].metadata.commandId === event.metadata.commandId) last.push(event);
    else appends.push([event]);
  }
  return streams;
}

async function append(client, streams, { prefix, inFlight, seconds }) {
  const tally = { appends: 0, events: 0 };
  const began = performance.now();
  const until = began + seconds * 1000;
  const turns = againAndAgain(streams, prefix);
  await Promise.all(Array.from({ length: inFlight }, () => appendInTurn(client, turns, until, tally)));
  return { ...tally, seconds: (performance.now() - began) / 1000 };
}

function* againAndAgain(streams, prefix) {
  for (let pass = 1; ; pass++)
    for (const [name, appends] of streams) yield { stream: `${prefix}x${pass}.${name}`, appends };
}

/** appendInTurn takes one stream after the other, and appends to it in order. */
async function appendInTurn(client, turns, until, tally) {
  for (const { stream, appends } of turns) {
    let revision = -1;
    for (const events of appends) {
      if (performance.now() >= until) return;
      const batch = events.map(({ type, data, metadata }) => jsonEvent({ id: randomUUID(), type, data, metadata }));
      const expectedRevision = revision < 0 ? NO_STREAM : BigInt(revision);
      await client.appendToStream(stream, batch, { expectedRevision });
      revision += batch.length;
      tally.appends++;
      tally.events += batch.length;
    }
  }
}
