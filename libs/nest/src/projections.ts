import { setTimeout as pause } from 'node:timers/promises';
import { EventStore, type Batch } from '@second-opinion/event-store';
import { type Position, type View } from '@second-opinion/kernel';
import { ViewStore, type Change, type Lease } from '@second-opinion/view-store';
import { Batches } from './batches';
import { Ending } from './ending';
import type { Follower } from './follower';
import { ProjectionPass, type IsAfter } from './projection-pass';
import { tableOf } from './names';

// Rows differ per view; the runner only moves them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyView = View<any>;

const BATCH = 2_000;
/**
 * PassBounds bound the memory and the transaction of one pass, and how long it may last: who is followed may never be still, and what is
 * projected must be seen.
 */
export interface PassBounds {
  readonly events: number;
  readonly rows: number;
  readonly ms: number;
}
const BOUNDS: PassBounds = { events: 16_384, rows: 4_096, ms: 250 };
/** ProjectionsOptions: what differs between those who project. */
export interface ProjectionsOptions {
  /** wrote is told which rows of a view have changed. */
  readonly wrote?: (view: AnyView, changes: readonly Change[]) => void;
  /** rests: after a pass that wrote, it rests as long as that took (at most 100 ms), so that under load more is written at once. */
  readonly rests?: boolean;
  readonly most?: PassBounds;
}
/** KEEP_MS: how often progress over what concerns no view is kept, while the log is never quiet. */
const KEEP_MS = 500;
/** MOST_KEYS that are kept of all views that are built from nothing, some twenty megabytes; with more rows, all are looked for again. */
const MOST_KEYS = 200_000;
/** MOST_REST_MS after a pass, where the processors are shared with other programs. */
const MOST_REST_MS = 100;

/**
 * Projections turns the log into the rows of some views, and moves rows and checkpoints together. While it is behind, one pass goes
 * through as many batches as its memory may hold, for a moment; at the end of the log every batch is written at once.
 */
export class Projections {
  private readonly at = new Map<AnyView, Position | undefined>();
  /** built: how far a view that was new had to come to be where all the others were. */
  private readonly built = new Map<AnyView, Position>();
  /** keys of the rows that a view has, for those that were empty when this run began: most rows of a rebuild are new, and need not be looked for. */
  private readonly keys = new Map<AnyView, Set<string>>();

  constructor(
    private readonly store: EventStore,
    private readonly rows: ViewStore,
    private readonly views: readonly AnyView[],
    private readonly follower: Pick<Follower, 'moved' | 'progressName'>,
    /** inTurn keeps the deadline ticker and the projection from writing the same row at once. */
    private readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>,
    private readonly options: ProjectionsOptions = {},
  ) {}

  /** declare makes the tables. */
  async declare(): Promise<void> {
    for (const view of this.views) await this.rows.declare({ name: tableOf(view), indexes: view.indexes });
  }

  /** run follows the log until the signal; throws when the lease is lost, so that whoever runs it starts again from what is stored. */
  async run(lease: Lease | undefined, signal: AbortSignal): Promise<void> {
    const from = await this.resume();
    const categories = [...new Set(this.views.flatMap((view) => view.categories))];
    const ended = new Ending(signal);
    const batches = new Batches(
      this.store.subscribe({
        ...(from === undefined ? {} : { after: from }),
        categories,
        signal: ended.signal,
        batchSize: BATCH,
      }),
    );
    let at = from;
    let kept = { at: from, ms: performance.now() };
    const keep = async () => {
      if (at === undefined || at === kept.at) return;
      if (!(await this.rows.saveCheckpoint(this.follower.progressName, at, lease))) throw new LeaseLost();
      kept = { at, ms: performance.now() };
    };
    try {
      for (;;) {
        // Progress over what concerns no view is kept when the log is quiet, or now and then.
        const soon = at === kept.at ? undefined : await batches.soon();
        if (!soon) await keep();
        const first = soon ?? (await batches.next());
        if (!first) return;
        const began = performance.now();
        // The turn is kept for the whole pass: rows that it holds must not be changed by anybody else meanwhile.
        const { position, wrote } = await this.inTurn(() => this.pass(first, batches, lease));
        this.follower.moved(position);
        at = position;
        if (wrote || performance.now() - kept.ms >= KEEP_MS) await keep();
        const rest = Math.min(performance.now() - began, MOST_REST_MS);
        if (wrote && this.options.rests) await pause(rest, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      ended.end();
      await batches.end();
    }
  }

  /** pass takes batches until the log is at its end or the pass is full or long, then writes all views at once, so that they share one commit. */
  private async pass(
    first: Batch,
    batches: Batches,
    lease: Lease | undefined,
  ): Promise<{ position: Position; wrote: boolean }> {
    const pass = new ProjectionPass(this.rows, this.views, this.at, this.isAfter, this.mayBeStored);
    let last = first;
    await pass.take(first.events);
    const { most = BOUNDS } = this.options;
    const until = performance.now() + most.ms;
    const mayGrow = () => pass.events < most.events && pass.rowsHeld < most.rows && performance.now() < until;
    while (!last.caughtUp && mayGrow()) {
      const next = await batches.soon();
      if (!next) break;
      last = next;
      await pass.take(next.events);
    }
    const { position } = last;
    const written = await Promise.all(this.views.map((view) => this.write(view, pass, position, lease)));
    if (last.caughtUp) this.keys.clear();
    return { position, wrote: written.includes(true) };
  }

  /** write a view, when something concerned it; true when it was. */
  private async write(
    view: AnyView,
    pass: ProjectionPass,
    position: Position,
    lease: Lease | undefined,
  ): Promise<boolean> {
    const at = this.at.get(view);
    if (this.store.comparePositions(at, position) >= 0) return false;
    const changes = pass.changes(view);
    const first = at === undefined;
    const built = this.built.get(view);
    const isBuilt = built !== undefined && this.isAfter(built, at) && !this.isAfter(built, position);
    const due = changes.length > 0 || pass.touches(view) || first || isBuilt;
    if (due) {
      if (!(await this.rows.apply(tableOf(view), changes, position, lease))) throw new LeaseLost();
    }
    if (changes.length > 0) this.options.wrote?.(view, changes);
    this.remember(view, changes);
    this.at.set(view, position);
    return due;
  }

  private remember(view: AnyView, changes: readonly Change[]): void {
    const keys = this.keys.get(view);
    if (!keys) return;
    for (const { key } of changes) keys.add(key);
    const all = [...this.keys.values()].reduce((sum, { size }) => sum + size, 0);
    if (all > MOST_KEYS) this.keys.clear();
  }

  private readonly mayBeStored = (view: AnyView, key: string): boolean => this.keys.get(view)?.has(key) ?? true;

  /** resume finds where to go on: a view that was never built begins at the beginning (undefined), the others where all were. */
  async resume(): Promise<Position | undefined> {
    const progress = await this.rows.checkpoint(this.follower.progressName);
    let from: Position | undefined | null = null;
    for (const view of this.views) {
      const at = await this.placeOf(view, progress);
      this.at.set(view, at);
      if (at === undefined) this.keys.set(view, new Set());
      else this.keys.delete(view);
      if (from === null || this.store.comparePositions(at, from) < 0) from = at;
    }
    // Also the furthest: who begins at the beginning with the others would pass by what another log holds there.
    for (const at of new Set([progress, ...this.at.values()])) if (at !== undefined) await this.store.demandReached(at);
    const start = from ?? undefined;
    if (start !== undefined) this.follower.moved(start);
    return start;
  }

  /** placeOf a view: where all were, unless a crash came while it was still being built, which is then gone on with. */
  private async placeOf(view: AnyView, progress: Position | undefined): Promise<Position | undefined> {
    const name = `${tableOf(view)}.built`;
    const own = await this.rows.checkpoint(tableOf(view));
    if (progress === undefined || (own !== undefined && !this.isAfter(progress, own))) return own;
    if (own === undefined) await this.rows.saveCheckpoint(name, progress);
    const built = own === undefined ? progress : await this.rows.checkpoint(name);
    if (built === undefined || !this.isAfter(built, own)) return progress;
    this.built.set(view, built);
    return own;
  }

  private readonly isAfter: IsAfter = (position, place) => this.store.comparePositions(position, place) > 0;
}

/** LeaseLost ends a run whose writes no longer count. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
