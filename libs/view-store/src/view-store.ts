import type { Position } from '@second-opinion/kernel';

/** RowValue is what an indexed field may hold. */
export type RowValue = string | number | boolean | null;

/** ViewDeclaration makes a table: `name` carries the version (`intake.case-overview.v1`). */
export interface ViewDeclaration {
  readonly name: string;
  readonly indexes: readonly (readonly string[])[];
}

/** StoredRow is a row with the position of the last event that changed it. */
export interface StoredRow<Row> {
  readonly key: string;
  readonly row: Row;
  readonly position: Position;
}

/** Change sets a row, or removes it with null. */
export interface Change {
  readonly key: string;
  readonly row: object | null;
  readonly position: Position;
  /** begins: nothing can stand under its key before `position`, so a store need not look. */
  readonly begins?: true;
}

/** Query over one view: all `where` fields equal (a list = any of), ordered by `orderBy` then key, stable paging by cursor. */
export interface Query {
  readonly where?: Readonly<Record<string, RowValue | readonly RowValue[]>>;
  readonly orderBy?: string;
  readonly descending?: boolean;
  /** limit, default 50, at most 500. */
  readonly limit?: number;
  /** cursor from the page before; a foreign or damaged one throws `Invalid('invalid-cursor')`. */
  readonly cursor?: string;
}

/** Page of rows; `next` is absent on the last one. */
export interface Page<Row> {
  readonly rows: readonly StoredRow<Row>[];
  readonly next?: string;
}

/** Lease says who may run something now. `token` grows with each holder and fences the writes of an earlier one. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly token: number;
}

/**
 * ViewStore keeps rows that can be rebuilt. Promises: rows and the view's checkpoint move together or not at all; an older
 * position never overwrites a newer one; a write with a lost lease changes nothing and says so; paging is stable while rows change.
 */
export abstract class ViewStore {
  /** declare makes the view when it is missing; an existing one with other indexes gets them. */
  abstract declare(view: ViewDeclaration): Promise<void>;
  abstract get<Row extends object>(view: string, key: string): Promise<StoredRow<Row> | undefined>;
  abstract getMany<Row extends object>(
    view: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, StoredRow<Row>>>;
  abstract find<Row extends object>(view: string, query: Query): Promise<Page<Row>>;
  /** count of rows that match. */
  abstract count(view: string, where?: Query['where']): Promise<number>;
  /** countBy counts the rows that match by what stands in `field`: truth values as 1 and 0, null where nothing does. */
  abstract countBy(
    view: string,
    field: string,
    where?: Query['where'],
  ): Promise<ReadonlyMap<string | number | null, number>>;
  /**
   * apply writes rows and moves the checkpoint named after the view to `position`, in one transaction. Returns false, and changes
   * nothing, when the lease is lost or the checkpoint is at `position` or beyond already.
   */
  abstract apply(view: string, changes: readonly Change[], position: Position, lease?: Lease): Promise<boolean>;
  /** patch writes rows without moving the checkpoint: for what no event says, such as a deadline that was sent. False when the lease is lost. */
  abstract patch(view: string, changes: readonly Pick<Change, 'key' | 'row'>[], lease?: Lease): Promise<boolean>;
  /** drop removes a view and its checkpoint (blue/green rebuild, tests). */
  abstract drop(view: string): Promise<void>;
  /** all rows of a view by key, for comparing a rebuild. */
  abstract all<Row extends object>(view: string): AsyncIterable<StoredRow<Row>>;

  abstract checkpoint(name: string): Promise<Position | undefined>;
  /** saveCheckpoint for subscriptions that keep no rows (policies, publishers). False when the lease is lost. Never moves backwards. */
  abstract saveCheckpoint(name: string, position: Position, lease?: Lease): Promise<boolean>;

  /** acquire gets or renews the lease for `ttlMs` real milliseconds; undefined while somebody else holds it. */
  abstract acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined>;
  abstract release(lease: Lease): Promise<void>;
}
