import { type DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** SqlValue is what a parameter may be; `undefined` is refused, because SQLite would take it for NULL in silence. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** Written tells what one statement did. */
export interface Written {
  readonly changes: number;
  /** rowId of the last inserted row. */
  readonly rowId: number;
}

/**
 * SqliteConnection runs statements, prepared once and kept: give it the same text each time, not one put together anew. Everything is synchronous: what one call chain does is never
 * interleaved with another's. Rows have no prototype: map them before they leave an adapter. Integers above 2^53 throw on
 * reading: store them as text, or select them as text.
 */
export class SqliteConnection {
  private readonly statements = new Map<string, StatementSync>();
  private readonly arrays = new Map<string, StatementSync>();
  private written = 0;

  constructor(private readonly database: DatabaseSync) {}

  /** writes counts the statements that may have written something, so that two looks tell whether anything did in between. */
  get writes(): number {
    return this.written;
  }

  /** run a statement that gives no rows; rows are written through here only, tables made and dropped through `execute`. */
  run(sql: string, ...values: SqlValue[]): Written {
    const { changes, lastInsertRowid } = this.prepared(sql).run(...checked(values));
    if (changes !== 0) this.written++;
    return { changes: Number(changes), rowId: Number(lastInsertRowid) };
  }

  /** get the first row, or undefined. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.prepared(sql).get(...checked(values)) as Row | undefined;
  }

  /** all rows. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.prepared(sql).all(...checked(values)) as Row[];
  }

  /** tuples gives all rows as arrays of their columns: cheaper, for reading a lot. */
  tuples<Row extends readonly unknown[]>(sql: string, ...values: SqlValue[]): Row[] {
    let statement = this.arrays.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      this.arrays.set(sql, statement);
    }
    return statement.all(...checked(values)) as unknown as Row[];
  }

  /** execute statements without parameters, for schemas. */
  execute(sql: string): void {
    this.written++;
    this.database.exec(sql);
  }

  /** inTransaction: false after SQLite has rolled back by itself (disk full, I/O error). */
  get inTransaction(): boolean {
    return this.database.isTransaction;
  }

  /** close the connection; using it afterwards throws. */
  close(): void {
    this.statements.clear();
    this.arrays.clear();
    this.database.close();
  }

  private prepared(sql: string): StatementSync {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

function checked(values: SqlValue[]): SQLInputValue[] {
  for (const value of values) {
    if (value === undefined) throw new TypeError('undefined is no SQL value; say null when you mean it');
  }
  return values;
}
