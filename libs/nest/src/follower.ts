import { EventStore } from '@second-opinion/event-store';
import { Unavailable, type Position } from '@second-opinion/kernel';
import { ViewStore } from '@second-opinion/view-store';
import { ContextDefinition } from './context-definition';
import { allViews } from './deadlines';
import { progressNameOf } from './names';
import { Injectable } from '@nestjs/common';

const BOUND_MS = 2_000;
const POLL_MS = 25;
/** LOOK_MS: who waits longer waits for something that concerns no view here. */
const LOOK_MS = 100;
/** PLACE_MS: how old a place may be that a read begins from. */
const PLACE_MS = 100;

interface Waiter {
  readonly position: Position;
  readonly done: () => void;
}

/** Follower knows how far the views of this context are, and lets readers wait for it (read your own writes). */
@Injectable()
export class Follower {
  /** progressName is the checkpoint that says: all views of this context are at least here. */
  readonly progressName: string;
  private position: Position | undefined;
  private waiters: Waiter[] = [];
  private looked = { at: -Infinity, done: Promise.resolve() };
  /** leading: this replica runs the projections itself and need not ask the store how far they are. */
  leading = false;

  constructor(
    private readonly store: EventStore,
    private readonly views: ViewStore,
    { parts }: ContextDefinition,
  ) {
    this.progressName = progressNameOf(parts.name, allViews(parts));
  }

  /** at is how far the views are, as far as this replica knows. */
  get at(): Position | undefined {
    return this.position;
  }

  /** place that all views have reached at least; a replica that does not run them asks the store now and then, once for all who read meanwhile. */
  async place(): Promise<Position | undefined> {
    if (!this.leading && performance.now() - this.looked.at >= PLACE_MS)
      this.looked = { at: performance.now(), done: this.look() };
    await this.looked.done;
    return this.position;
  }

  /** moved tells that all views are at this position now. */
  moved(position: Position): void {
    if (this.store.comparePositions(this.position, position) >= 0) return;
    this.position = position;
    const ready = this.waiters.filter((waiter) => this.isAt(waiter.position));
    if (ready.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.done();
  }

  /** reached resolves when the views are at this position; after a bound it throws `Unavailable('view-behind')`. */
  async reached(position: Position, boundMs = BOUND_MS): Promise<void> {
    if (this.isAt(position)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter: Waiter = { position, done: resolve };
    this.waiters.push(waiter);
    let expired = false;
    const bound = setTimeout(() => ((expired = true), resolve()), boundMs);
    const poll = setInterval(() => void this.look(), POLL_MS);
    // Whoever asks where the log ends makes the subscriptions look for what they have not been told.
    const asking = setTimeout(() => void this.store.end().catch(() => undefined), LOOK_MS);
    try {
      await promise;
    } finally {
      clearTimeout(bound);
      clearTimeout(asking);
      clearInterval(poll);
      this.waiters = this.waiters.filter((other) => other !== waiter);
    }
    if (expired && !this.isAt(position)) throw new Unavailable('view-behind');
  }

  /** look asks the view store how far the views are, unless this replica runs them itself. */
  async look(): Promise<void> {
    if (this.leading) return;
    const position = await this.views.checkpoint(this.progressName).catch(() => undefined);
    if (position !== undefined) this.moved(position);
  }

  private isAt(position: Position): boolean {
    return this.store.comparePositions(this.position, position) >= 0;
  }
}
