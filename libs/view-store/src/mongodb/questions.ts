import type { Document, Filter, Sort } from 'mongodb';
import type { Place } from '../cursor';
import type { Query, RowValue } from '../view-store';
import { indexed, path, type RowDocument } from './collections';

/** matching is the filter of a query's `where`. */
export function matching(where: Query['where'] = {}): Filter<RowDocument> {
  const conditions = Object.entries(where).map(([field, wanted]) => ({
    [path(field)]: isList(wanted) ? { $in: wanted.map(indexed) } : { $eq: indexed(wanted) },
  }));
  return conditions.length === 0 ? {} : { $and: conditions };
}

/** Counted is how many rows hold a value. */
export interface Counted {
  readonly _id: string | number | null;
  readonly count: number;
}

/** countedBy is how rows that match are counted by the values of a field. */
export function countedBy(field: string, where: Query['where']): Document[] {
  return [{ $match: matching(where) }, { $group: { _id: `$${path(field)}`, count: { $sum: 1 } } }];
}

/** pageFilter is the filter for the rows after this place, in the query's order. */
export function pageFilter(query: Query, place: Place | undefined): Filter<RowDocument> {
  const where = matching(query.where);
  if (!place) return where;
  return { $and: [where, afterPlace(query.orderBy, query.descending ?? false, place)] };
}

/** sortOf a query: equal ones by key. */
export function sortOf({ orderBy, descending }: Query): Sort {
  const direction = descending ? -1 : 1;
  return { ...(orderBy === undefined ? {} : { [path(orderBy)]: direction }), _id: direction };
}

// MongoDB compares only values of one type in a condition, but sorts null before numbers before strings: each later type is a branch of its own.
function afterPlace(orderBy: string | undefined, descending: boolean, { value, key }: Place): Filter<RowDocument> {
  const byKey = descending ? { _id: { $lt: key } } : { _id: { $gt: key } };
  if (orderBy === undefined) return byKey;
  const field = path(orderBy);
  const at = indexed(value);
  const branches: Filter<RowDocument>[] = [{ [field]: at, ...byKey }];
  if (at !== null) branches.push({ [field]: descending ? { $lt: at } : { $gt: at } });
  for (const type of typesBeyond(at, descending)) branches.push({ [field]: type });
  return { $or: branches };
}

const NULLS = { $eq: null };
const NUMBERS = { $gte: Number.NEGATIVE_INFINITY };
const STRINGS = { $gte: '' };

function typesBeyond(value: string | number | null, descending: boolean): readonly object[] {
  if (descending) return typeof value === 'string' ? [NUMBERS, NULLS] : typeof value === 'number' ? [NULLS] : [];
  return value === null ? [NUMBERS, STRINGS] : typeof value === 'number' ? [STRINGS] : [];
}

function isList(value: RowValue | readonly RowValue[]): value is readonly RowValue[] {
  return Array.isArray(value);
}
