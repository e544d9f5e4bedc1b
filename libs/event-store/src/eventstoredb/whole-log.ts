import { setTimeout as pause } from 'node:timers/promises';
import type { AllStreamRecordedEvent } from '@eventstore/db-client';
import type { RecordedEvent } from '@second-opinion/kernel';
import type { Batch } from '../event-store';
import type { Connection, Patience } from './connection';
import { Feed } from './feed';
import { checkPlace, LogEnd, readForward } from './log-reads';
import { AttemptTimedOut, CutOff } from './passing-errors';
import type { FollowedLog } from './subscription';

/** How often a process looks for the appends of others while somebody follows the log. */
const LOOK_MS = 500;
const NEVER = new AbortController().signal;

/** WholeLog is the log over all streams, as subscriptions and readers use it. */
export class WholeLog implements FollowedLog {
  private readonly lastOwn = new LogEnd();
  private known = 0n;
  private settled = 0n;
  private asked = 0n;
  private watchers = 0;

  constructor(
    private readonly connection: Connection,
    readonly closed: AbortSignal,
  ) {}

  /** noticed tells of an append. */
  noticed(place: bigint): void {
    if (place > this.known) this.known = place;
  }

  knownEnd(): bigint {
    return this.known;
  }

  settledEnd(): bigint {
    return this.settled;
  }

  askedEnd(): bigint {
    return this.asked;
  }

  /** end asks the server for the last event of this product; undefined in an empty log. */
  async end(patience: Patience = {}): Promise<bigint | undefined> {
    const end = await this.connection.call((client, silentMs) => this.lastOwn.find(client, silentMs), patience);
    this.noticed(end ?? 0n);
    if (end !== undefined && end > this.asked) this.asked = end;
    return end;
  }

  async open(place: bigint, categories: readonly string[] | undefined): Promise<Feed> {
    await this.connection.once((client, silentMs) => checkPlace(client, place, silentMs));
    const end = await this.find();
    return new Feed(this.connection.client, place, end ?? 0n, categories);
  }

  next(place: bigint, count: number): Promise<AllStreamRecordedEvent[]> {
    return this.connection.once((client, silentMs) => readForward(client, place, count, silentMs));
  }

  watchEnd(signal: AbortSignal): void {
    if (signal.aborted) return;
    signal.addEventListener('abort', () => this.watchers--, { once: true });
    if (this.watchers++ === 0) void this.look();
  }

  private find(): Promise<bigint | undefined> {
    return this.connection.once((client, silentMs) => this.lastOwn.find(client, silentMs));
  }

  private async look(): Promise<void> {
    while (this.watchers > 0 && !this.closed.aborted) {
      this.settled = this.known;
      this.noticed((await this.find().catch(() => undefined)) ?? 0n);
      await pause(LOOK_MS, undefined, { ref: false });
    }
  }
}

/** FilteredRead: what to read, up to `end`, and how long the server may be silent meanwhile. */
interface FilteredRead {
  readonly after: bigint;
  readonly end: bigint;
  readonly categories: readonly string[] | undefined;
  readonly limit: number;
  readonly silentMs: number;
}

/** readFiltered reads through a subscription: the server filters nothing else. It ends at the limit, or where the log ended. */
export async function readFiltered(log: FollowedLog, read: FilteredRead): Promise<Batch> {
  const feed = await log.open(read.after, read.categories);
  const events: RecordedEvent[] = [];
  let place = read.after;
  try {
    for (;;) {
      const taken = feed.take(read.limit - events.length);
      if (taken) {
        events.push(...taken.events);
        place = taken.place;
      }
      if (events.length >= read.limit) return { events, position: place.toString(), caughtUp: place >= read.end };
      if (feed.isLive || place >= read.end) return { events, position: place.toString(), caughtUp: true };
      if (!taken && feed.isOver()) throw new CutOff('the server ended the subscription');
      const before = performance.now();
      await feed.wait(read.silentMs, NEVER);
      if (performance.now() - before >= read.silentMs) throw new AttemptTimedOut('the server sent nothing');
    }
  } finally {
    feed.close();
  }
}
