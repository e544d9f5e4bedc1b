import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Stored is an event as it stands in the file. */
export interface Stored {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Row of a view. */
export interface Row {
  readonly key: string;
  readonly row: unknown;
  readonly position: number;
}

/** StoppedLog reads, and for the rebuild changes, the file of a program that does not run. It knows the tables, not the program. */
export class StoppedLog {
  private readonly file: string;

  constructor(dataDir: string) {
    this.file = path.join(dataDir, 'second-opinion.db');
  }

  events(): readonly Stored[] {
    return this.within((database) =>
      database
        .prepare('select position, stream, revision, id, type, data, metadata from events order by position')
        .all()
        .map((row) => ({
          position: Number(row['position']),
          stream: String(row['stream']),
          revision: Number(row['revision']),
          id: String(row['id']),
          type: String(row['type']),
          data: JSON.parse(String(row['data'])) as Stored['data'],
          metadata: JSON.parse(String(row['metadata'])) as Stored['metadata'],
        })),
    );
  }

  /** views gives all rows of all views by name. */
  views(): ReadonlyMap<string, readonly Row[]> {
    return this.within(
      (database) =>
        new Map(
          tablesIn(database).map((table) => [
            table,
            database
              .prepare(`select key, row, position from "${table}" order by key`)
              .all()
              .map((row) => ({
                key: String(row['key']),
                row: JSON.parse(String(row['row'])) as unknown,
                position: Number(row['position']),
              })),
          ]),
        ),
    );
  }

  /** parked counts messages that wait for a person: after crashes alone there are none. */
  parked(): number {
    return this.within((database) => Number(database.prepare('select count(*) as n from bus_parked').get()?.['n']));
  }

  /** forgetViews drops every view and what says how far they were, as before a rebuild. */
  forgetViews(): void {
    this.within((database) => {
      for (const table of tablesIn(database)) {
        database.exec(`drop table "${table}"`);
        database.prepare('delete from view_checkpoints where name = ?').run(table.slice('view '.length));
      }
      database.exec(`delete from view_checkpoints where name like '%.progress'`);
    });
  }

  private within<T>(work: (database: DatabaseSync) => T): T {
    const database = new DatabaseSync(this.file);
    try {
      return work(database);
    } finally {
      database.close();
    }
  }
}

function tablesIn(database: DatabaseSync): readonly string[] {
  return database
    .prepare(`select name from sqlite_schema where type = 'table' and name like 'view %' order by name`)
    .all()
    .map(({ name }) => String(name));
}
