import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { AllStreamRecordedEvent } from '@eventstore/db-client';
import type { Batch, SubscribeOptions } from '../event-store';
import { Feed, type Taken } from './feed';
import { AttemptTimedOut, backoffMs, isPassing } from './passing-errors';
import { isOwn, passes, placeOf, recordedOf } from './records';

/** FollowedLog is what a subscription needs to know of the log besides its feed. */
export interface FollowedLog {
  readonly closed: AbortSignal;
  /** open a feed after this place; throws when the log has never reached it. */
  open(place: bigint, categories: readonly string[] | undefined): Promise<Feed>;
  /** knownEnd: where the log ends, as far as this process knows. */
  knownEnd(): bigint;
  /** settledEnd: where it ended as far as was known half a second to a second ago. */
  settledEnd(): bigint;
  /** askedEnd: where it ended when somebody of this process asked, who may wait until all is read up to there. */
  askedEnd(): bigint;
  /** watchEnd keeps that knowledge fresh until the signal. */
  watchEnd(signal: AbortSignal): void;
  /** next events of the whole log after this place. */
  next(place: bigint, count: number): Promise<AllStreamRecordedEvent[]>;
}

const DEFAULT_BATCH = 512;
/** So long the position may stand still behind an end that somebody has asked for, before what lies between is read. */
const QUIET_MS = 50;
/** So long behind any other end: mostly the next event that passes, or the server's own checkpoint, moves it on for nothing. */
const STILL_MS = 500;
const QUIET_EVENTS = 256;
/** So long a feed that has not caught up may bring nothing, then it is opened again. */
const SILENT_MS = 5_000;
const MOST_BACKOFF_MS = 2_000;

/**
 * follow yields batches from a position on, for ever. A feed that breaks, ends or was too slow for the server is opened again after
 * the last position that was yielded; what comes twice is left out.
 */
export async function* follow(log: FollowedLog, options: SubscribeOptions): AsyncIterable<Batch> {
  const { categories, batchSize = DEFAULT_BATCH } = options;
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, log.closed, left.signal]);
  const follower = new Follower(log, placeOf(options.after), categories, batchSize, signal);
  log.watchEnd(signal);
  try {
    for (let failures = 0; !signal.aborted;) {
      try {
        for await (const batch of follower.batches()) {
          failures = 0;
          yield batch;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) throw error;
      }
      await pause(backoffMs(failures++, MOST_BACKOFF_MS), undefined, { signal }).catch(() => undefined);
    }
  } finally {
    left.abort();
  }
}

/** Follower keeps the place of one subscription over the feeds that it uses up. */
class Follower {
  private toldCaughtUp = false;
  /** movedAt: when the place last moved. */
  private movedAt = performance.now();

  constructor(
    private readonly log: FollowedLog,
    private place: bigint,
    private readonly categories: readonly string[] | undefined,
    private readonly batchSize: number,
    private readonly signal: AbortSignal,
  ) {}

  /** batches of one feed, until it is over. */
  async *batches(): AsyncIterable<Batch> {
    const feed = await this.log.open(this.place, this.categories);
    try {
      let rescued = 0;
      while (!this.signal.aborted) {
        const taken = feed.take(this.batchSize);
        if (taken) {
          if (taken.events.length > 0) rescued = 0;
          yield* this.told(taken);
        } else if (feed.isOver()) return;
        else if (!feed.isLive) {
          if (feed.silentMs > SILENT_MS)
            throw new AttemptTimedOut('the server neither sends nor says that it has caught up');
        } else if (this.isStill()) {
          const read = await this.between();
          feed.skipTo(read.place);
          yield* this.told(read);
          // A feed that leaves out twice what is there has died silently.
          if (read.events.length > 0 && ++rescued === 2) return;
        }
        await feed.wait(QUIET_MS, this.signal);
        // What arrives in one go is handed out in one batch.
        await turn();
      }
    } finally {
      feed.close();
    }
  }

  private *told({ events, place, caughtUp: nothingHere }: Taken): Iterable<Batch> {
    // A newer server lets a slow reader of a live feed fall behind, and does not say so.
    const caughtUp = nothingHere && place >= this.log.settledEnd();
    const moved = place > this.place;
    this.place = place;
    if (moved) this.movedAt = performance.now();
    if (place === 0n || (!moved && (!caughtUp || this.toldCaughtUp))) return;
    this.toldCaughtUp = caughtUp;
    yield { events, position: place.toString(), caughtUp };
  }

  /** isStill: the log is further, and nothing has moved the place for long enough to look. */
  private isStill(): boolean {
    const still = performance.now() - this.movedAt;
    if (this.log.askedEnd() > this.place) return still >= QUIET_MS;
    return this.log.knownEnd() > this.place && still >= STILL_MS;
  }

  /** between the place and the end of the log there is something that the filter leaves out, or that the feed has lost. */
  private async between(): Promise<Taken> {
    const read = await this.log.next(this.place, QUIET_EVENTS);
    const place = read.at(-1)?.position.commit ?? this.place;
    const events = read.filter((event) => isOwn(event) && passes(event.streamId, this.categories)).map(recordedOf);
    const most = events.slice(0, this.batchSize);
    if (most.length < events.length) return { events: most, place: placeOf(most.at(-1)?.position), caughtUp: false };
    return { events, place, caughtUp: place >= this.log.knownEnd() };
  }
}
