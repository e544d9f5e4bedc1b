import { Invalid } from '@second-opinion/kernel';
import type { PageQuery } from '@second-opinion/nest';

const DEFAULT_LIMIT = 50;
const MOST = 200;

/** Limit of a page as it stands in the query string. */
export function limitOf({ limit }: PageQuery): number {
  if (limit === undefined) return DEFAULT_LIMIT;
  if (typeof limit !== 'string' || !/^[1-9][0-9]{0,2}$/.test(limit))
    throw new Invalid('invalid-request', { at: '/limit', rule: 'pattern' });
  return Math.min(Number(limit), MOST);
}

/** The cursor as text, for whoever can read it. */
export function cursorOf({ cursor }: PageQuery): string | undefined {
  if (cursor === undefined || (typeof cursor === 'string' && cursor.length <= 1000)) return cursor;
  throw new Invalid('invalid-cursor');
}

/** The cursor of a history is the number of the entry that comes next. */
export function numberAt(page: PageQuery): number {
  const cursor = cursorOf(page);
  if (cursor === undefined) return 0;
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!/^[0-9]{1,9}$/.test(text) || cursorAt(Number(text)) !== cursor) throw new Invalid('invalid-cursor');
  return Number(text);
}

export function cursorAt(number: number): string {
  return Buffer.from(String(number)).toString('base64url');
}
