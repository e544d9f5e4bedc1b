import type { SqlValue } from '@second-opinion/sqlite';
import type { Place } from '../cursor';
import type { Query, RowValue } from '../view-store';
import { column, pathOf, tableOf } from './tables';

/** Question is a statement with its values. */
export interface Question {
  readonly sql: string;
  readonly values: SqlValue[];
}

/** pageQuestion asks for the rows after this place, in the query's order. */
export function pageQuestion(view: string, query: Query, place: Place | undefined, limit: number): Question {
  const { conditions, values } = conditionsOf(query.where);
  const order = query.orderBy === undefined ? undefined : column(query.orderBy);
  if (place) {
    const after = afterPlace(order, query.descending ?? false, place);
    conditions.push(after.sql);
    values.push(...after.values);
  }
  const direction = query.descending ? 'desc' : 'asc';
  const orderBy = [...(order ? [order] : []), 'key'].map((term) => `${term} ${direction}`).join(', ');
  const sql =
    `select key, row, cast(position as text) as position, ${typed(query.orderBy)} as place ` +
    `from ${tableOf(view)}${whereOf(conditions)} order by ${orderBy} limit ?`;
  return { sql, values: [...values, limit] };
}

/** countQuestion asks how many rows match. */
export function countQuestion(view: string, where: Query['where']): Question {
  const { conditions, values } = conditionsOf(where);
  return { sql: `select count(*) as count from ${tableOf(view)}${whereOf(conditions)}`, values };
}

/** countByQuestion asks how many rows match for each value of a field. */
export function countByQuestion(view: string, field: string, where: Query['where']): Question {
  const { conditions, values } = conditionsOf(where);
  const by = column(field);
  const sql = `select ${by} as value, count(*) as count from ${tableOf(view)}${whereOf(conditions)} group by ${by}`;
  return { sql, values };
}

/** typed gives the order value as JSON text, so that a cursor keeps true apart from 1 and a number from its text. */
function typed(field: string | undefined): string {
  return field === undefined ? 'null' : `row -> ${pathOf(field)}`;
}

function whereOf(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}

function conditionsOf(where: Query['where'] = {}): { conditions: string[]; values: SqlValue[] } {
  const conditions: string[] = [];
  const values: SqlValue[] = [];
  for (const [field, wanted] of Object.entries(where)) {
    if (isList(wanted)) {
      const list = wanted.filter((value) => value !== null);
      const among = `${column(field)} in (select value from json_each(?))`;
      conditions.push(list.length < wanted.length ? `(${among} or ${column(field)} is null)` : among);
      values.push(JSON.stringify(list.map(bound)));
    } else if (wanted === null) {
      conditions.push(`${column(field)} is null`);
    } else {
      conditions.push(`${column(field)} = ?`);
      values.push(bound(wanted));
    }
  }
  return { conditions, values };
}

/** afterPlace: NULL sorts before everything, as SQLite does. */
function afterPlace(order: string | undefined, descending: boolean, { value, key }: Place): Question {
  if (order === undefined) return { sql: descending ? 'key < ?' : 'key > ?', values: [key] };
  if (value === null) {
    const rest = descending ? `(${order} is null and key < ?)` : `(${order} is not null or key > ?)`;
    return { sql: rest, values: [key] };
  }
  if (descending) {
    return {
      sql: `(${order} < ? or (${order} = ? and key < ?) or ${order} is null)`,
      values: [bound(value), bound(value), key],
    };
  }
  // The first condition alone lets SQLite begin in the middle of the index.
  return { sql: `${order} >= ? and (${order} > ? or key > ?)`, values: [bound(value), bound(value), key] };
}

/** bound: truth values stand as 1 and 0. */
function bound(value: RowValue): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

function isList(value: RowValue | readonly RowValue[]): value is readonly RowValue[] {
  return Array.isArray(value);
}
