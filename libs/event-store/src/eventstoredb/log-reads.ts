import {
  BACKWARDS,
  END,
  StreamDeletedError,
  StreamNotFoundError,
  type AllStreamRecordedEvent,
  type EventStoreDBClient,
  type Position as LogPosition,
  type StreamingRead,
} from '@eventstore/db-client';
import { Unavailable, type RecordedEvent } from '@second-opinion/kernel';
import { AttemptTimedOut, isPassing, isRefused } from './passing-errors';
import { FROM_LEADER, fromPlace, isOwn, recordedOf } from './records';

const MOST_BACKWARDS = 4_096;

/** readStreamFrom gives a stream's events from this revision on; none when it is missing, deleted or ended for good. */
export async function readStreamFrom(
  client: EventStoreDBClient,
  stream: string,
  from: number,
  silentMs: number,
): Promise<RecordedEvent[]> {
  try {
    const reading = client.readStream(stream, { fromRevision: BigInt(Math.max(from, 0)), ...FROM_LEADER });
    const resolved = await collect(reading, silentMs);
    return resolved.flatMap(({ event }) => (event && isOwn(event) ? [recordedOf(event)] : []));
  } catch (error) {
    if (error instanceof StreamNotFoundError || error instanceof StreamDeletedError) return [];
    throw error;
  }
}

/** readForward gives up to `count` events of the whole log after this place, the server's own among them. */
export async function readForward(
  client: EventStoreDBClient,
  after: bigint,
  count: number,
  silentMs: number,
): Promise<AllStreamRecordedEvent[]> {
  // Reads are inclusive.
  const reading = client.readAll({ fromPosition: fromPlace(after), maxCount: count + 1, ...FROM_LEADER });
  const events = eventsOf(await collect(reading, silentMs));
  return events.filter(({ position }) => position.commit > after || after === 0n).slice(0, count);
}

/**
 * checkPlace refuses a place that this log has never reached (then it is another log, or an older copy of this one, and a subscription
 * would silently wait) or does not know.
 */
export async function checkPlace(client: EventStoreDBClient, place: bigint, silentMs: number): Promise<void> {
  if (place === 0n) return;
  const facts = { position: place.toString() };
  const reading = client.readAll({ fromPosition: fromPlace(place), maxCount: 1, ...FROM_LEADER });
  const found = await collect(reading, silentMs).catch((error: unknown) => {
    if (isPassing(error) || isRefused(error)) throw error;
    throw new Unavailable('event-store.position-unknown', facts, { cause: error });
  });
  if (found.length === 0) throw new Unavailable('event-store.position-beyond-end', facts);
}

/** LogEnd finds the last event that this product wrote, past whatever the server wrote after it. */
export class LogEnd {
  private scanned = 0n;
  private own: bigint | undefined;

  /** find gives its place, or undefined in an empty log. */
  async find(client: EventStoreDBClient, silentMs: number): Promise<bigint | undefined> {
    let from: LogPosition | typeof END = END;
    let newest: bigint | undefined;
    for (let count = 1; ; count = Math.min(count * 8, MOST_BACKWARDS)) {
      const reading = client.readAll({ direction: BACKWARDS, fromPosition: from, maxCount: count, ...FROM_LEADER });
      const events = eventsOf(await collect(reading, silentMs));
      newest ??= events[0]?.position.commit ?? 0n;
      if (newest < this.scanned) [this.scanned, this.own] = [0n, undefined];
      for (const event of events) {
        if (event.position.commit <= this.scanned) return this.keep(newest, this.own);
        if (isOwn(event)) return this.keep(newest, event.position.commit);
      }
      const last = events.at(-1);
      if (!last || events.length < count) return this.keep(newest, undefined);
      from = last.position;
    }
  }

  private keep(scanned: bigint, own: bigint | undefined): bigint | undefined {
    this.scanned = scanned;
    this.own = own;
    return own;
  }
}

const eventsOf = (resolved: readonly { event?: AllStreamRecordedEvent }[]) =>
  resolved.flatMap(({ event }) => (event ? [event] : []));

/** collect reads to the end; a server that falls silent in between counts as away. */
async function collect<T>(reading: StreamingRead<T>, silentMs: number): Promise<T[]> {
  const silence = setTimeout(() => reading.destroy(new AttemptTimedOut(`silent for ${silentMs} ms`)), silentMs);
  try {
    const found: T[] = [];
    for await (const resolved of reading) {
      found.push(resolved);
      silence.refresh();
    }
    return found;
  } finally {
    clearTimeout(silence);
    // A call that could not even begin has nothing to cancel.
    reading.cancel().catch(() => undefined);
  }
}
