import { sha256 } from '@second-opinion/kernel';
import type { SqliteConnection } from '@second-opinion/sqlite';
import type { ViewDeclaration } from '../view-store';

/** VIEWS_SCHEMA: checkpoints and leases; each view has a table of its own beside them. */
export const VIEWS_SCHEMA = `
  create table if not exists view_checkpoints (
    name text primary key,
    position integer not null
  ) strict, without rowid;
  create table if not exists view_leases (
    name text primary key,
    holder text not null,
    token integer not null,
    expires_at integer not null
  ) strict, without rowid`;

/** tableOf a view, quoted: names of views hold dots and dashes. */
export function tableOf(view: string): string {
  return quoted(`view ${view}`);
}

/** column of a top-level field of the row, written exactly as in the indexes, so that SQLite uses them. */
export function column(field: string): string {
  return `json_extract(row, '$."${field.replaceAll('"', '').replaceAll("'", "''")}"')`;
}

/** declareTable makes the table, adds the indexes that are missing and drops those that are no longer declared. */
export function declareTable(connection: SqliteConnection, view: ViewDeclaration): void {
  connection.execute(
    `create table if not exists ${tableOf(view.name)}
       (key text primary key, row text not null, position integer not null) strict`,
  );
  const wanted = new Map(view.indexes.map((fields) => [indexName(view.name, fields), fields]));
  const present = connection
    .all<{ name: string }>(
      `select name from sqlite_schema where type = 'index' and tbl_name = ? and sql is not null`,
      `view ${view.name}`,
    )
    .map((row) => row.name);
  for (const name of present) if (!wanted.has(name)) connection.execute(`drop index ${quoted(name)}`);
  for (const [name, fields] of wanted) {
    if (present.includes(name)) continue;
    connection.execute(
      `create index ${quoted(name)} on ${tableOf(view.name)} (${[...fields.map(column), 'key'].join(', ')})`,
    );
  }
}

function indexName(view: string, fields: readonly string[]): string {
  return `index ${view} ${sha256(JSON.stringify(fields)).slice(0, 12)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
