import type { Position } from '@second-opinion/kernel';
import type { SqliteDatabase } from '@second-opinion/sqlite';
import type { Change, Lease, Page, Query, StoredRow, ViewDeclaration } from '../view-store';
import { lost, MANY, SqliteViewStore, type SqliteViewStoreOptions } from './sqlite-view-store';
import { KnownRows, type KnownRow } from './known-rows';
import { Unwritten, type Standing } from './unwritten';

/** WRITE_MS: what views were told waits so long for more of it. */
const WRITE_MS = 200;
/** MOST_WAITING rows; more are not taken before these are written. */
const MOST_WAITING = 2_000;
/** ABSENT is a row that is not there. */
const ABSENT: KnownRow = { row: null, position: -1n };

/**
 * GatheringViewStore is a {@link SqliteViewStore} for the only process on a file. What it is told can be read at once and stands in the file a
 * moment later, many changes in one transaction, rows and places together: what a crash takes is told again, because the places are as
 * old as the rows.
 */
export class GatheringViewStore extends SqliteViewStore {
  /** known rows, so that the next event of a thing does not read what the last one wrote; good while nobody else held a lease. */
  private readonly known = new KnownRows(4_000);
  private readonly leases = new Map<string, Lease>();
  private told = new Unwritten();
  /** underWay: what is just being written. */
  private underWay: { readonly batch: Unwritten; readonly done: Promise<void> } | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** changing: a lease is just changing hands. */
  private changing: Promise<undefined> | undefined;

  constructor(database: SqliteDatabase, options: SqliteViewStoreOptions = {}) {
    super(database, options);
    database.beforeClose(() => this.handIn());
  }

  override async declare(view: ViewDeclaration): Promise<void> {
    await this.allWritten();
    await super.declare(view);
  }

  override async get<Row extends object>(view: string, key: string): Promise<StoredRow<Row> | undefined> {
    const waiting = this.waiting(view, key);
    if (!waiting) return super.get<Row>(view, key);
    return waiting.row === null ? undefined : copyOf<Row>(key, waiting);
  }

  override async getMany<Row extends object>(
    view: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, StoredRow<Row>>> {
    if (keys.length > MANY) {
      await this.written(view);
      return super.getMany<Row>(view, keys);
    }
    const found = new Map<string, StoredRow<Row>>();
    const unknown = keys.filter((key) => !this.take(view, key, found));
    if (unknown.length === 0) return found;
    const stored = await super.getMany<Row>(view, unknown);
    for (const key of unknown) {
      const one = stored.get(key);
      if (one) found.set(key, one);
      // What was told meanwhile is newer than what was read.
      if (!this.knows(view, key))
        this.known.set(view, key, one ? { row: one.row, position: BigInt(one.position) } : ABSENT);
    }
    return found;
  }

  override async find<Row extends object>(view: string, query: Query): Promise<Page<Row>> {
    await this.written(view);
    return super.find<Row>(view, query);
  }

  override async count(view: string, where: Query['where'] = {}): Promise<number> {
    await this.written(view);
    return super.count(view, where);
  }

  override async countBy(view: string, field: string, where: Query['where'] = {}) {
    await this.written(view);
    return super.countBy(view, field, where);
  }

  override async apply(view: string, changes: readonly Change[], position: Position, lease?: Lease): Promise<boolean> {
    const statements = this.statements(view);
    if (changes.length > MANY || this.told.size > MOST_WAITING) await this.allWritten();
    if (changes.length > MANY) {
      for (const { key } of changes) this.known.delete(view, key);
      return super.apply(view, changes, position, lease);
    }
    // What stands under these keys is mostly known: whoever makes changes has asked for the rows. What is let go while this waits is read again.
    let standing: readonly Standing[] | undefined;
    while (this.changing || !(standing = this.standing(view, changes)))
      await (this.changing ?? this.getMany(view, [...new Set(changes.map(({ key }) => key))]));
    if (this.isLost(lease) || !this.move(view, position, lease)) return false;
    this.told.change(view, statements, lease, standing);
    for (const { key } of changes) {
      const row = this.told.row(view, key);
      if (row) this.known.set(view, key, row);
    }
    return true;
  }

  override async patch(view: string, changes: readonly Pick<Change, 'key' | 'row'>[], lease?: Lease): Promise<boolean> {
    await this.written(view);
    try {
      return await super.patch(view, changes, lease);
    } finally {
      for (const { key } of changes) this.known.delete(view, key);
    }
  }

  override async drop(view: string): Promise<void> {
    await this.allWritten();
    await super.drop(view);
    this.known.clear();
  }

  override async *all<Row extends object>(view: string): AsyncIterable<StoredRow<Row>> {
    await this.written(view);
    yield* super.all<Row>(view);
  }

  override async checkpoint(name: string): Promise<Position | undefined> {
    return this.lastTold(name) ?? super.checkpoint(name);
  }

  override async saveCheckpoint(name: string, position: Position, lease?: Lease): Promise<boolean> {
    while (this.changing) await this.changing;
    if (this.isLost(lease)) return false;
    this.move(name, position, lease);
    return true;
  }

  override async acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    const mine = this.leases.get(name);
    const lease = await (mine?.holder === holder
      ? super.acquire(name, holder, ttlMs)
      : this.changeHands(() => super.acquire(name, holder, ttlMs)));
    if (lease && lease.token !== mine?.token) {
      // Somebody else may have written meanwhile: what was known before does not count.
      this.known.clear();
      this.leases.set(name, lease);
    }
    return lease;
  }

  override release(lease: Lease): Promise<void> {
    return this.changeHands(async () => {
      await super.release(lease);
      this.leases.delete(lease.name);
    });
  }

  /** changeHands: what a holder was told is written before somebody else may have the lease, and nothing is told in between. */
  private async changeHands<T>(change: () => Promise<T>): Promise<T> {
    while (this.changing) await this.changing;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.changing = promise;
    try {
      await this.allWritten();
      return await change();
    } finally {
      this.changing = undefined;
      resolve(undefined);
    }
  }

  private waiting(view: string, key: string): KnownRow | undefined {
    return this.told.row(view, key) ?? this.underWay?.batch.row(view, key);
  }

  /** knows a row that waits, and one that was read or written a short while ago. */
  private knows(view: string, key: string): KnownRow | undefined {
    return this.waiting(view, key) ?? this.known.get(view, key);
  }

  /** standing: the changes, each with what stands under its key now; undefined when that is not known of one of them. */
  private standing(view: string, changes: readonly Change[]): readonly Standing[] | undefined {
    const standing: Standing[] = [];
    for (const change of changes) {
      const stands = this.knows(view, change.key) ?? (change.begins ? ABSENT : undefined);
      if (!stands) return undefined;
      standing.push({ ...change, stands });
    }
    return standing;
  }

  /** take a row that is known into what was found; false when it must be looked up. */
  private take<Row extends object>(view: string, key: string, found: Map<string, StoredRow<Row>>): boolean {
    const known = this.knows(view, key);
    if (known?.row) found.set(key, { key, row: known.row as Row, position: String(known.position) });
    return known !== undefined;
  }

  /** isLost as far as is known here, where leases come from; what is written is compared with the file once more. */
  private isLost(lease: Lease | undefined): boolean {
    return lease !== undefined && this.leases.get(lease.name)?.token !== lease.token;
  }

  /** lastTold place that is not in the file yet. */
  private lastTold(name: string): Position | undefined {
    return this.told.place(name) ?? this.underWay?.batch.place(name);
  }

  private move(name: string, position: Position, lease: Lease | undefined): boolean {
    const before = this.lastTold(name) ?? this.place(name);
    if (before !== undefined && BigInt(before) >= BigInt(position)) return false;
    this.told.move(name, BigInt(position), lease);
    this.soon();
    return true;
  }

  private soon(): void {
    if (!this.database.closed)
      this.timer ??= setTimeout(() => void this.write().catch(() => undefined), WRITE_MS).unref();
  }

  /** written resolves when nothing of this view waits. */
  private async written(view: string): Promise<void> {
    if (this.told.has(view) || this.underWay?.batch.has(view)) await this.allWritten();
  }

  private async allWritten(): Promise<void> {
    await this.underWay?.done;
    await this.write();
  }

  /** write what waits; when it fails it waits on, and whoever asked for it is told. */
  private async write(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    while (this.underWay) await this.underWay.done.catch(() => undefined);
    if (this.told.empty) return;
    const batch = this.told;
    this.told = new Unwritten();
    const done = this.database.writeRebuildable(batch.written(lost)).then(
      (whole) => {
        this.underWay = undefined;
        if (!whole) this.known.clear();
      },
      (error: unknown) => {
        this.underWay = undefined;
        batch.overtakenBy(this.told);
        this.told = batch;
        this.soon();
        throw error;
      },
    );
    this.underWay = { batch, done };
    await done;
  }

  /** handIn gives what waits to the file that is being closed. */
  private handIn(): void {
    clearTimeout(this.timer);
    if (!this.told.empty) void this.database.writeRebuildable(this.told.written(lost)).catch(() => undefined);
    this.told = new Unwritten();
  }
}

/** copyOf a row that waits, as it will be read from the table. */
function copyOf<Row extends object>(key: string, { row, position }: KnownRow): StoredRow<Row> {
  return { key, row: JSON.parse(JSON.stringify(row)) as Row, position: String(position) };
}
