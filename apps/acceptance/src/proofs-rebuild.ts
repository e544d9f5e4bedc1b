import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';

const PREFIX = 'view ';

/** Rows of every view: its name, and each row as text with its key and position. */
export type Rows = Readonly<Record<string, readonly string[]>>;

/** rowsOf reads all rows of all views in this file; nothing else may have it open. */
export async function rowsOf(file: string): Promise<Rows> {
  const database = SqliteDatabase.open(file);
  try {
    const store = new SqliteViewStore(database);
    const rows: Record<string, readonly string[]> = {};
    for (const { view, indexes } of viewsIn(database)) {
      await store.declare({ name: view, indexes });
      const texts: string[] = [];
      for await (const row of store.all(view)) texts.push(JSON.stringify(row));
      rows[view] = texts;
    }
    return rows;
  } finally {
    database.close();
  }
}

/** dropViews drops all views and forgets how far everything was that can be repeated: views, policies, publishers. */
export async function dropViews(file: string): Promise<void> {
  const database = SqliteDatabase.open(file);
  try {
    const store = new SqliteViewStore(database);
    for (const { view } of viewsIn(database)) await store.drop(view);
    await database.write((connection) => connection.run('delete from view_checkpoints'));
  } finally {
    database.close();
  }
}

/** The declared fields do not matter for reading all rows, and the program declares them again at its start. */
function viewsIn(database: SqliteDatabase): readonly { view: string; indexes: readonly string[][] }[] {
  return database.read
    .all<{ name: string }>(
      `select name from sqlite_schema where type = 'table' and name like '${PREFIX}%' order by name`,
    )
    .map(({ name }) => ({ view: name.slice(PREFIX.length), indexes: [] }));
}
