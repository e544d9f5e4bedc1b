import { canonicalJson, Invalid, sha256 } from '@second-opinion/kernel';
import type { Query, RowValue } from './view-store';

/** Place is where a page ended: the last row's order value and key. */
export interface Place {
  readonly value: RowValue;
  readonly key: string;
}

/** cursorOf makes the opaque text of a place; it belongs to this view and this question only. */
export function cursorOf(view: string, query: Query, place: Place): string {
  return Buffer.from(JSON.stringify([mark(view, query), place.value, place.key])).toString('base64url');
}

/** placeOf reads a cursor back; throws `Invalid('invalid-cursor')` for one that is damaged or of another question. */
export function placeOf(view: string, query: Query): Place | undefined {
  if (query.cursor === undefined) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(query.cursor, 'base64url').toString('utf8'));
  } catch {
    throw new Invalid('invalid-cursor');
  }
  if (!Array.isArray(parts) || parts.length !== 3) throw new Invalid('invalid-cursor');
  const [marked, value, key] = parts as unknown[];
  if (marked !== mark(view, query) || typeof key !== 'string' || !isRowValue(value))
    throw new Invalid('invalid-cursor');
  return { value, key };
}

/** DEFAULT_LIMIT and MOST_ROWS of a page. */
const DEFAULT_LIMIT = 50;
const MOST_ROWS = 500;

/** limitOf a query: the default when absent, between 1 and the most that a page may hold. */
export function limitOf(query: Query): number {
  return Math.min(MOST_ROWS, Math.max(1, Math.trunc(query.limit ?? DEFAULT_LIMIT)));
}

function isRowValue(value: unknown): value is RowValue {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function mark(view: string, { where = {}, orderBy = '', descending = false }: Query): string {
  return sha256(canonicalJson([view, where, orderBy, descending])).slice(0, 16);
}
