import type { Position } from '@second-opinion/kernel';
import type { SqliteConnection, SqlValue } from '@second-opinion/sqlite';
import type { Change, Lease } from '../view-store';
import type { KnownRow } from './known-rows';
import { columnValue, TOGETHER, type Statements } from './tables';

/** Standing is a change with what stands under its key. */
export interface Standing extends Change {
  readonly stands: KnownRow;
}

interface WaitingRow extends KnownRow {
  /** before is what stands in the table. */
  readonly before: object | null;
}

interface WaitingView {
  readonly statements: Statements;
  readonly lease: Lease | undefined;
  readonly rows: Map<string, WaitingRow>;
}

interface WaitingPlace {
  readonly position: bigint;
  readonly lease: Lease | undefined;
}

/** Unwritten is what views and subscriptions were told and the file not yet: rows and the places that belong to them go together. */
export class Unwritten {
  private readonly views = new Map<string, WaitingView>();
  private readonly places = new Map<string, WaitingPlace>();
  private count = 0;

  /** size: how many rows wait. */
  get size(): number {
    return this.count;
  }

  get empty(): boolean {
    return this.views.size === 0 && this.places.size === 0;
  }

  /** has rows of this view. */
  has(view: string): boolean {
    return this.views.has(view);
  }

  row(view: string, key: string): KnownRow | undefined {
    return this.views.get(view)?.rows.get(key);
  }

  place(name: string): Position | undefined {
    const waiting = this.places.get(name);
    return waiting && String(waiting.position);
  }

  /** move a place forward. */
  move(name: string, position: bigint, lease: Lease | undefined): void {
    this.places.set(name, { position, lease });
  }

  /** change rows, each unless a later event has changed it already. */
  change(view: string, statements: Statements, lease: Lease | undefined, changes: readonly Standing[]): void {
    if (changes.length === 0) return;
    let waiting = this.views.get(view);
    if (waiting?.lease !== lease || !waiting)
      this.views.set(view, (waiting = { statements, lease, rows: waiting?.rows ?? new Map<string, WaitingRow>() }));
    for (const { key, row, position, stands } of changes) {
      const at = BigInt(position);
      const mine = waiting.rows.get(key);
      const known = mine ?? stands;
      if (known.row !== null && at < known.position) continue;
      if (!mine) this.count++;
      waiting.rows.set(key, { row, position: at, before: mine ? mine.before : known.row });
    }
  }

  /** overtakenBy takes what was told later, when this could not be written. */
  overtakenBy(later: Unwritten): void {
    for (const [view, { statements, lease, rows }] of later.views) {
      const mine = this.views.get(view)?.rows ?? new Map<string, WaitingRow>();
      for (const [key, row] of rows) {
        const earlier = mine.get(key);
        mine.set(key, { ...row, before: earlier ? earlier.before : row.before });
      }
      this.views.set(view, { statements, lease, rows: mine });
    }
    for (const [name, place] of later.places) this.places.set(name, place);
    this.count = [...this.views.values()].reduce((sum, { rows }) => sum + rows.size, 0);
  }

  /** written makes the job that writes all of it and says whether it did; what belongs to a lease that is lost by then is left out. */
  written(
    lost: (connection: SqliteConnection, lease: Lease | undefined) => boolean,
  ): (connection: SqliteConnection) => boolean {
    const views = [...this.views.values()].map(({ statements, lease, rows }) => ({
      lease,
      rows: [...rows].map(([key, row]) => textOf(statements, key, row)),
      statements,
    }));
    return (connection) => {
      const gone = new Map<Lease | undefined, boolean>();
      const isLost = (lease: Lease | undefined) => {
        let answer = gone.get(lease);
        if (answer === undefined) gone.set(lease, (answer = lost(connection, lease)));
        return answer;
      };
      for (const { lease, rows, statements } of views) if (!isLost(lease)) writeAll(connection, statements, rows);
      for (const [name, { position, lease }] of this.places) if (!isLost(lease)) moved(connection, name, position);
      return ![...gone.values()].includes(true);
    };
  }
}

/** RowText is a row as it is written. */
export interface RowText {
  readonly key: string;
  readonly at: bigint;
  readonly text: string | null;
  /** values of the columns that repeat its indexed fields. */
  readonly values: readonly SqlValue[];
  /** keepsFields: as far as is known, no indexed field changes. */
  readonly keepsFields: boolean;
}

/** textOf a row; `before` undefined: it is not known what stands there. */
export function textOf(
  { fields }: Statements,
  key: string,
  {
    row,
    position,
    before,
  }: { readonly row: object | null; readonly position: bigint; readonly before?: object | null },
): RowText {
  if (row === null) return { key, at: position, text: null, values: [], keepsFields: false };
  const values = fields.map((field) => columnValue(row, field));
  const keepsFields =
    before === undefined ||
    (before !== null && fields.every((field, index) => columnValue(before, field) === values[index]));
  return { key, at: position, text: JSON.stringify(row), values, keepsFields };
}

/** write sets or removes a row, unless a later event has changed it already. */
export function write(
  connection: SqliteConnection,
  { touch, put, remove }: Statements,
  { key, at, text, values, keepsFields }: RowText,
): void {
  if (text === null) connection.run(remove, key, at);
  else if (!keepsFields || connection.run(touch, key, text, at, ...values).changes === 0)
    connection.run(put, key, text, at, ...values);
}

/** writeAll rows, each of another key. */
function writeAll(connection: SqliteConnection, statements: Statements, rows: readonly RowText[]): void {
  const alike: RowText[] = [];
  for (const row of rows)
    if (row.text === null || row.keepsFields) write(connection, statements, row);
    else alike.push(row);
  const together = alike.length - (alike.length % TOGETHER);
  for (let from = 0; from < together; from += TOGETHER) {
    const values: SqlValue[] = [];
    for (const { key, text, at, values: fields } of alike.slice(from, from + TOGETHER))
      values.push(key, text, at, ...fields);
    connection.run(statements.putTogether, ...values);
  }
  for (const row of alike.slice(together)) write(connection, statements, row);
}

/** moved sets a place forward; false when it is there or beyond already. */
export function moved(connection: SqliteConnection, name: string, position: bigint): boolean {
  const { changes } = connection.run(
    `insert into view_checkpoints (name, position) values (?, ?)
     on conflict (name) do update set position = excluded.position where excluded.position > position`,
    name,
    position,
  );
  return changes > 0;
}
