import type { Position } from '@second-opinion/kernel';
import type { SqliteConnection, SqliteDatabase } from '@second-opinion/sqlite';
import { cursorOf, limitOf, placeOf } from '../cursor';
import {
  ViewStore,
  type Change,
  type Lease,
  type Page,
  type Query,
  type RowValue,
  type StoredRow,
  type ViewDeclaration,
} from '../view-store';
import { countByQuestion, countQuestion, pageQuestion } from './questions';
import { declareTable, statementsOf, tableOf, VIEWS_SCHEMA, type Statements } from './tables';
import { moved, textOf, write as writeRow } from './unwritten';

/** SqliteViewStoreOptions: `now` gives real time in milliseconds, for leases. */
export interface SqliteViewStoreOptions {
  readonly now?: () => number;
}

interface StoredText {
  readonly key: string;
  readonly row: string;
  readonly position: string;
  readonly place?: string | null;
}

interface Counted {
  readonly value: string | number | null;
  readonly count: number;
}

const CHECKPOINT = 'select cast(position as text) as position from view_checkpoints where name = ?';
const PAGE = 500;
/** MANY changes at once. */
export const MANY = 256;
/** MOST_POSITION comes after every place in a log. */
const MOST_POSITION = 2n ** 63n - 1n;

/** SqliteViewStore keeps each view in a table of JSON rows, indexed on the declared fields. */
export class SqliteViewStore extends ViewStore {
  private readonly declared = new Map<string, Statements>();
  private readonly now: () => number;

  constructor(
    protected readonly database: SqliteDatabase,
    options: SqliteViewStoreOptions = {},
  ) {
    super();
    this.now = options.now ?? Date.now;
    database.schema(VIEWS_SCHEMA);
  }

  async declare(view: ViewDeclaration): Promise<void> {
    await this.database.writeRebuildable((connection) => declareTable(connection, view));
    this.declared.set(view.name, statementsOf(view));
  }

  async get<Row extends object>(view: string, key: string): Promise<StoredRow<Row> | undefined> {
    const row = this.read(view).get<StoredText>(this.statements(view).one, key);
    return row && stored<Row>(row);
  }

  async getMany<Row extends object>(
    view: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, StoredRow<Row>>> {
    if (keys.length === 0) return new Map();
    const rows = this.read(view).all<StoredText>(this.statements(view).many, JSON.stringify(keys));
    return new Map(rows.map((row) => [row.key, stored<Row>(row)]));
  }

  async find<Row extends object>(view: string, query: Query): Promise<Page<Row>> {
    const connection = this.read(view, [...Object.keys(query.where ?? {}), ...(query.orderBy ? [query.orderBy] : [])]);
    const limit = limitOf(query);
    const { sql, values } = pageQuestion(view, query, placeOf(view, query), limit + 1);
    const found = connection.all<StoredText>(sql, ...values);
    const rows = found.slice(0, limit);
    const last = rows.at(-1);
    if (found.length <= limit || !last) return { rows: rows.map((row) => stored<Row>(row)) };
    const value = last.place == null ? null : (JSON.parse(last.place) as RowValue);
    return { rows: rows.map((row) => stored<Row>(row)), next: cursorOf(view, query, { value, key: last.key }) };
  }

  async count(view: string, where: Query['where'] = {}): Promise<number> {
    const { sql, values } = countQuestion(view, where);
    return this.read(view, Object.keys(where)).get<{ count: number }>(sql, ...values)?.count ?? 0;
  }

  async countBy(view: string, field: string, where: Query['where'] = {}) {
    const { sql, values } = countByQuestion(view, field, where);
    const counted = this.read(view, [...Object.keys(where), field]).all<Counted>(sql, ...values);
    return new Map(counted.map(({ value, count }) => [value, count]));
  }

  async apply(view: string, changes: readonly Change[], position: Position, lease?: Lease): Promise<boolean> {
    const statements = this.statements(view);
    // Many changes at once are a rebuild: mostly new rows, for which nothing stands there yet.
    const many = changes.length > MANY;
    const rows = changes.map(({ key, row, position: at, begins }) =>
      textOf(statements, key, { row, position: BigInt(at), ...(many || begins ? { before: null } : {}) }),
    );
    return this.database.writeRebuildable((connection) => {
      if (lost(connection, lease) || !moved(connection, view, BigInt(position))) return false;
      for (const row of rows) writeRow(connection, statements, row);
      return true;
    });
  }

  async patch(view: string, changes: readonly Pick<Change, 'key' | 'row'>[], lease?: Lease): Promise<boolean> {
    const statements = this.statements(view);
    const rows = changes.map(({ key, row }) => textOf(statements, key, { row, position: 0n }));
    return this.database.writeRebuildable((connection) => {
      if (lost(connection, lease)) return false;
      for (const { key, text, values } of rows) {
        if (text === null) connection.run(statements.remove, key, MOST_POSITION);
        else connection.run(statements.lay, key, text, 0, ...values);
      }
      return true;
    });
  }

  async drop(view: string): Promise<void> {
    await this.database.writeRebuildable((connection) => {
      connection.execute(`drop table if exists ${tableOf(view)}`);
      connection.run('delete from view_checkpoints where name = ?', view);
    });
    this.declared.delete(view);
  }

  async *all<Row extends object>(view: string): AsyncIterable<StoredRow<Row>> {
    let after = '';
    for (let first = true; ; first = false) {
      const rows = this.read(view).all<StoredText>(
        `select key, row, cast(position as text) as position from ${tableOf(view)}
         where key ${first ? '>=' : '>'} ? order by key limit ${PAGE}`,
        after,
      );
      for (const row of rows) yield stored<Row>(row);
      if (rows.length < PAGE) return;
      after = rows.at(-1)?.key ?? after;
    }
  }

  async checkpoint(name: string): Promise<Position | undefined> {
    return this.place(name);
  }

  /** place of a view or subscription, as it stands in the file. */
  protected place(name: string): Position | undefined {
    return this.database.read.get<{ position: string }>(CHECKPOINT, name)?.position;
  }

  saveCheckpoint(name: string, position: Position, lease?: Lease): Promise<boolean> {
    return this.database.writeRebuildable((connection) => {
      if (lost(connection, lease)) return false;
      moved(connection, name, BigInt(position));
      return true;
    });
  }

  acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    return this.database.writeRebuildable((connection) => {
      const now = this.now();
      const held = connection.get<{ holder: string; token: number; expires: number }>(
        'select holder, token, expires_at as expires from view_leases where name = ?',
        name,
      );
      if (held && held.holder !== holder && held.expires > now) return undefined;
      const token = held ? held.token + Number(held.holder !== holder) : 1;
      connection.run(
        'insert or replace into view_leases (name, holder, token, expires_at) values (?, ?, ?, ?)',
        name,
        holder,
        token,
        now + ttlMs,
      );
      return { name, holder, token };
    });
  }

  async release(lease: Lease): Promise<void> {
    await this.database.writeRebuildable((connection) =>
      connection.run(
        `update view_leases set holder = '', expires_at = 0 where name = ? and token = ? and holder = ?`,
        lease.name,
        lease.token,
        lease.holder,
      ),
    );
  }

  private read(view: string, fields: readonly string[] = []): SqliteConnection {
    const known = this.statements(view).fields;
    for (const field of fields)
      if (!known.includes(field)) throw new TypeError(`${view} has no declared index on ${field}`);
    return this.database.read;
  }

  /** statements of a declared view. */
  protected statements(view: string): Statements {
    const statements = this.declared.get(view);
    if (!statements) throw new TypeError(`view ${view} is not declared`);
    return statements;
  }
}

function stored<Row extends object>({ key, row, position }: StoredText): StoredRow<Row> {
  return { key, row: JSON.parse(row) as Row, position };
}

/** lost: another holder came after this lease, or it was released. */
export function lost(connection: SqliteConnection, lease: Lease | undefined): boolean {
  if (!lease) return false;
  const held = connection.get<{ holder: string; token: number }>(
    'select holder, token from view_leases where name = ?',
    lease.name,
  );
  return held?.token !== lease.token || held.holder !== lease.holder;
}
