import type { AllStreamResolvedEvent, AllStreamSubscription, EventStoreDBClient } from '@eventstore/db-client';
import type { RecordedEvent } from '@second-opinion/kernel';
import { filterOf, FROM_LEADER, fromPlace, isOwn, passes, recordedOf } from './records';

/** Mark stands between the events of a subscription: everything up to `place` was there, nothing more when `live`. */
interface Mark {
  readonly place: bigint;
  readonly live: boolean;
}

/** Taken from a feed: events, and how far the log was read with them. */
export interface Taken {
  readonly events: readonly RecordedEvent[];
  readonly place: bigint;
  readonly caughtUp: boolean;
}

/** How much is taken in ahead of a slow reader; past that the server's patience decides, and the reader subscribes again. */
const MOST_AHEAD = 1_024;

/**
 * Feed is one subscription of the server, from a place on until it breaks. It takes in events, checkpoints and the sign of having
 * caught up in the order in which they came, ahead of its reader; `take` hands them out in batches.
 */
export class Feed {
  private queue: (RecordedEvent | Mark)[] = [];
  private readonly subscription: AllStreamSubscription;
  private wake: (() => void) | undefined;
  private room: (() => void) | undefined;
  private live = false;
  private over = false;
  private heardAt = performance.now();
  private failure: Error | undefined;

  /**
   * `end` is where the log ended before this feed was opened: once the server says that it has caught up, it has searched that far,
   * even when nothing passed the filter.
   */
  constructor(
    client: EventStoreDBClient,
    private place: bigint,
    end: bigint,
    private readonly categories: readonly string[] | undefined,
  ) {
    const filter = filterOf(categories, (subscription, { commit }) =>
      mark(subscription, { place: commit, live: false }),
    );
    this.subscription = client.subscribeToAll(
      { fromPosition: fromPlace(place), filter, ...FROM_LEADER },
      { highWaterMark: MOST_AHEAD / 4 },
    );
    // Both arrive ahead of events that are still buffered: put among them, they are handled in turn.
    this.subscription.on('caughtUp', () => mark(this.subscription, { place: end, live: true }));
    void this.pump();
  }

  /** isLive: the server has nothing more to search; what comes now is new. */
  get isLive(): boolean {
    return this.live && this.queue.length === 0;
  }

  /**
   * silentMs: how long nothing has come while there was room for it. Until it is live the server always has something to say: events, or
   * how far it has searched.
   */
  get silentMs(): number {
    return performance.now() - this.heardAt;
  }

  /** skipTo tells that everything up to this place was read by other means; it will not be handed out again. */
  skipTo(place: bigint): void {
    if (place > this.place) this.place = place;
  }

  /** take gives up to `most` events that are there now, or undefined when nothing moved. */
  take(most: number): Taken | undefined {
    const events: RecordedEvent[] = [];
    const { place: before, live: wasLive } = this;
    let used = 0;
    while (used < this.queue.length && events.length < most) {
      const item = this.queue[used++] as RecordedEvent | Mark;
      if ('live' in item) this.live ||= item.live;
      const place = 'live' in item ? item.place : BigInt(item.position);
      if (place <= this.place) continue;
      this.place = place;
      if (!('live' in item) && passes(item.stream, this.categories)) events.push(item);
    }
    if (used > 0) this.heardAt = performance.now();
    this.queue = this.queue.slice(used);
    if (this.queue.length < MOST_AHEAD) this.room?.();
    if (this.place === before && this.live === wasLive) return undefined;
    return { events, place: this.place, caughtUp: this.isLive };
  }

  /** wait resolves when there is something to take, the feed is over, the signal aborts or the time has passed. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.queue.length > 0 || this.over || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    this.wake = () => resolve(undefined);
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', resolve, { once: true });
    await promise;
    clearTimeout(timer);
    signal.removeEventListener('abort', resolve);
    this.wake = undefined;
  }

  /** isOver: nothing more will come; throws what broke it. A clean end by the server has no error. */
  isOver(): boolean {
    if (!this.over || this.queue.length > 0) return false;
    if (this.failure) throw this.failure;
    return true;
  }

  /** close ends the subscription on the server too. */
  close(): void {
    this.queue = [];
    this.room?.();
    this.subscription.destroy();
    // A call that could not even begin has nothing to cancel.
    this.subscription.unsubscribe().catch(() => undefined);
  }

  private async pump(): Promise<void> {
    try {
      for await (const item of this.subscription as AsyncIterable<AllStreamResolvedEvent | Mark>) {
        if ('live' in item) this.queue.push(item);
        else if (item.event && isOwn(item.event)) this.queue.push(recordedOf(item.event));
        this.heardAt = performance.now();
        this.wake?.();
        if (this.queue.length >= MOST_AHEAD) await this.untilRoom();
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error('the subscription broke', { cause: error });
    }
    this.over = true;
    this.wake?.();
  }

  private async untilRoom(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.room = resolve;
    await promise;
    this.room = undefined;
  }
}

/** mark puts it among the events that this subscription has not handed out yet, in its place. */
function mark(subscription: AllStreamSubscription, item: Mark): void {
  if (!subscription.destroyed && !subscription.readableEnded) subscription.push(item);
}
