import { sha256 } from '@second-opinion/kernel';
import type { SqliteConnection, SqlValue } from '@second-opinion/sqlite';
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

/** column that repeats an indexed top-level field of the row: a row whose fields stay as they were touches no index. */
export function column(field: string): string {
  return quoted(`field ${field}`);
}

/** pathOf a top-level field in the row's JSON. */
export function pathOf(field: string): string {
  return `'$."${field.replaceAll('"', '').replaceAll("'", "''")}"'`;
}

/** fieldsOf a view are those that its indexes name, each once. */
export function fieldsOf({ indexes }: ViewDeclaration): readonly string[] {
  return [...new Set(indexes.flat())];
}

/** columnValue of a field, as `json_extract` would give it: truth values as 1 and 0, nothing as NULL. */
export function columnValue(row: object, field: string): SqlValue {
  const value = (row as Readonly<Record<string, unknown>>)[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : JSON.stringify(value);
}

/** declareTable makes the table, adds the columns and indexes that are missing and drops the indexes that are no longer declared. */
export function declareTable(connection: SqliteConnection, view: ViewDeclaration): void {
  const table = tableOf(view.name);
  connection.execute(
    `create table if not exists ${table} (key text primary key, row text not null, position integer not null) strict`,
  );
  const columns = connection
    .all<{ name: string }>('select name from pragma_table_info(?)', `view ${view.name}`)
    .map(({ name }) => name);
  for (const field of fieldsOf(view)) {
    if (columns.includes(`field ${field}`)) continue;
    connection.execute(`alter table ${table} add column ${column(field)} any`);
    connection.execute(`update ${table} set ${column(field)} = json_extract(row, ${pathOf(field)})`);
  }
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
    connection.execute(`create index ${quoted(name)} on ${table} (${[...fields.map(column), 'key'].join(', ')})`);
  }
}

/** TOGETHER so many rows are put by one statement. */
export const TOGETHER = 8;

/** Statements of one view, made once. */
export interface Statements {
  readonly fields: readonly string[];
  /** touch changes a row whose fields stay as they are, unless a later event has changed it: no index is written. */
  readonly touch: string;
  /** put makes or changes a row, unless a later event has changed it. */
  readonly put: string;
  /** putTogether does so with {@link TOGETHER} rows, their values one after the other: each costs two thirds of what it does alone. */
  readonly putTogether: string;
  /** lay makes or changes a row and leaves the position of one that is there. */
  readonly lay: string;
  readonly remove: string;
  readonly one: string;
  readonly many: string;
}

/** statementsOf a view. Values come in the order key, row, position, fields; those of `remove` are key and position. */
export function statementsOf(view: ViewDeclaration): Statements {
  const table = tableOf(view.name);
  const fields = fieldsOf(view);
  const columns = fields.map(column);
  const places = ['?1', '?2', '?3', ...fields.map((_, index) => `?${index + 4}`)];
  const into = `insert into ${table} (${['key', 'row', 'position', ...columns].join(', ')}) values`;
  const insert = `${into} (${places.join(', ')})`;
  const rows = Array<string>(TOGETHER).fill(`(${places.map(() => '?').join(', ')})`);
  const taken = ['row', ...columns].map((name) => `${name} = excluded.${name}`);
  const same = columns.map((name, index) => ` and ${name} is ?${index + 4}`).join('');
  const unlessLater = `on conflict (key) do update set ${taken.join(', ')}, position = excluded.position
      where excluded.position >= position`;
  const select = `select key, row, cast(position as text) as position from ${table}`;
  return {
    fields,
    touch: `update ${table} set row = ?2, position = ?3 where key = ?1 and position <= ?3${same}`,
    put: `${insert} ${unlessLater}`,
    putTogether: `${into} ${rows.join(', ')} ${unlessLater}`,
    lay: `${insert} on conflict (key) do update set ${taken.join(', ')}`,
    remove: `delete from ${table} where key = ?1 and position <= ?2`,
    one: `${select} where key = ?`,
    many: `${select} where key in (select value from json_each(?))`,
  };
}

function indexName(view: string, fields: readonly string[]): string {
  return `index ${view} ${sha256(JSON.stringify(fields.map(column))).slice(0, 12)}`;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
