import { EventStore } from '@second-opinion/event-store';
import { categoryOf, type Position, type RecordedEvent, type View } from '@second-opinion/kernel';
import { ViewStore, type Change, type Lease } from '@second-opinion/view-store';
import type { Follower } from './follower';
import { tableOf } from './reads';

// Rows differ per view; the runner only moves them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyView = View<any>;

const BATCH = 2_000;

/** Projections turns the log into the rows of some views, in one pass, and moves rows and checkpoints together. */
export class Projections {
  private readonly at = new Map<AnyView, Position | undefined>();

  constructor(
    private readonly store: EventStore,
    private readonly rows: ViewStore,
    private readonly views: readonly AnyView[],
    private readonly follower: Follower,
    /** inTurn keeps the deadline ticker and the projection from writing the same row at once. */
    private readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>,
  ) {}

  /** declare makes the tables. */
  async declare(): Promise<void> {
    for (const view of this.views) await this.rows.declare({ name: tableOf(view), indexes: view.indexes });
  }

  /** run follows the log until the signal; throws when the lease is lost, so that whoever runs it starts again from what is stored. */
  async run(lease: Lease | undefined, signal: AbortSignal): Promise<void> {
    const from = await this.resume();
    const categories = [...new Set(this.views.flatMap((view) => view.categories))];
    let saved = from;
    for await (const batch of this.store.subscribe({
      ...(from === undefined ? {} : { after: from }),
      categories,
      signal,
      batchSize: BATCH,
    })) {
      // All views at once, so that their writes share one commit; each still moves its rows and its checkpoint together.
      await this.inTurn(() =>
        Promise.all(this.views.map((view) => this.project(view, batch.events, batch.position, lease))),
      );
      this.follower.moved(batch.position);
      if (batch.caughtUp && batch.position !== saved) {
        saved = batch.position;
        if (!(await this.rows.saveCheckpoint(this.follower.progressName, batch.position, lease))) throw new LeaseLost();
      }
    }
  }

  /** resume finds where to go on: a view that was never built begins at the beginning, the others where all were. */
  private async resume(): Promise<Position | undefined> {
    const progress = await this.rows.checkpoint(this.follower.progressName);
    let from: Position | undefined | null = null;
    for (const view of this.views) {
      const own = await this.rows.checkpoint(tableOf(view));
      const at = own === undefined ? undefined : this.later(own, progress);
      this.at.set(view, at);
      if (from === null || this.store.comparePositions(at, from) < 0) from = at;
    }
    const start = from ?? undefined;
    if (start !== undefined) this.follower.moved(start);
    return start;
  }

  private later(a: Position, b: Position | undefined): Position {
    return b !== undefined && this.store.comparePositions(b, a) > 0 ? b : a;
  }

  private async project(
    view: AnyView,
    events: readonly RecordedEvent[],
    position: Position,
    lease: Lease | undefined,
  ): Promise<void> {
    const at = this.at.get(view);
    if (this.store.comparePositions(at, position) >= 0) return;
    const touched: { event: RecordedEvent; keys: readonly string[] }[] = [];
    for (const event of events) {
      if (this.store.comparePositions(event.position, at) <= 0 || !view.categories.includes(categoryOf(event.stream)))
        continue;
      const keys = view.keys(event);
      if (keys.length > 0) touched.push({ event, keys });
    }
    const first = at === undefined;
    if (touched.length > 0 || first) {
      const changes = touched.length > 0 ? await this.changes(view, touched) : [];
      const applied = await this.rows.apply(tableOf(view), changes, position, lease);
      if (!applied) throw new LeaseLost();
    }
    this.at.set(view, position);
  }

  private async changes(
    view: AnyView,
    touched: readonly { event: RecordedEvent; keys: readonly string[] }[],
  ): Promise<Change[]> {
    const table = tableOf(view);
    const stored = await this.rows.getMany<object>(table, [...new Set(touched.flatMap(({ keys }) => keys))]);
    const rows = new Map<string, object | undefined>();
    const standing = (key: string) => (rows.has(key) ? rows.get(key) : stored.get(key)?.row);
    const changed = new Map<string, Position>();
    for (const { event, keys } of touched) {
      for (const key of keys) {
        const before = standing(key);
        const after = view.project(before, event, key, standing) as object | null | undefined;
        if (after === before || (after == null && before === undefined)) continue;
        rows.set(key, after ?? undefined);
        changed.set(key, event.position);
      }
    }
    return [...changed].map(([key, position]) => ({
      key,
      row: rows.get(key) ?? null,
      position,
    }));
  }
}

/** LeaseLost ends a run whose writes no longer count. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}
