import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** Brand marks a string so that ids of different things cannot be mixed up; it costs nothing at run time. */
export type Brand<Name extends string> = string & { readonly __brand?: Name };

/** CaseId names one request for independent advice, across all contexts. It says nothing about the person. */
export type CaseId = Brand<'CaseId'>;
/** PersonId names an employee; given with the first wish, never derived from personal data. */
export type PersonId = Brand<'PersonId'>;
/** DoctorId names a company doctor in our register; one id whichever role he has in a case. */
export type DoctorId = Brand<'DoctorId'>;
/** OrganisationId names an occupational health service, company, institution or provider. */
export type OrganisationId = Brand<'OrganisationId'>;
/** Instant is a UTC instant with milliseconds and `Z`, for example `2026-11-24T09:30:00.000Z` (RFC 3339). */
export type Instant = Brand<'Instant'>;
/** LocalDate is a date in Europe/Amsterdam, `YYYY-MM-DD`. */
export type LocalDate = Brand<'LocalDate'>;
/** LocalDateTime is a wall-clock time without offset, `YYYY-MM-DDTHH:MM`; its IANA zone stands beside it. */
export type LocalDateTime = Brand<'LocalDateTime'>;
/** Cents is an amount in integer euro cents. */
export type Cents = number;

/** NAMESPACE is the fixed UUIDv5 namespace of everything this product derives; changing it would double every retry. */
export const NAMESPACE = '6f3d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10';
/** canonicalJson is the RFC 8785 form: equal values give equal text, whatever the order of their keys. */
export function canonicalJson(value: unknown): string {
  const ordered = inOrder(value);
  // One call of JSON.stringify costs half of what the library needs; what is not quite ordinary is the library's.
  const text = ordered === undefined ? canonicalize(value) : JSON.stringify(ordered);
  if (text === undefined) throw new TypeError('only JSON values have a canonical form');
  return text;
}

/** inOrder gives ordinary JSON with its names in the order of RFC 8785, copying only what is not in it already; undefined for anything else. */
function inOrder(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object') return typeof value === 'boolean' ? value : undefined;
  if (value === null) return value;
  if (Array.isArray(value)) return itemsInOrder(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  return membersInOrder(value as Members);
}

type Members = Readonly<Record<string, unknown>>;

function itemsInOrder(items: readonly unknown[]): readonly unknown[] | undefined {
  let ordered: unknown[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = inOrder(items[index]);
    if (item === undefined) return undefined;
    if (item !== items[index]) (ordered ??= [...items])[index] = item;
  }
  return ordered ?? items;
}

function membersInOrder(members: Members): Members | undefined {
  const names = Object.keys(members);
  const order = orderOf(names);
  if (!order.kept) return undefined;
  let same = order.stands;
  const values: unknown[] = [];
  for (const name of order.ordered) {
    const value = inOrder(members[name]);
    if (value === undefined) return undefined;
    same &&= value === members[name];
    values.push(value);
  }
  if (same) return members;
  const ordered: Record<string, unknown> = {};
  order.ordered.forEach((name, index) => (ordered[name] = values[index]));
  return ordered;
}

/** Order of the names of an object: by their UTF-16 code units, as JavaScript compares texts. */
interface Order {
  readonly names: readonly string[];
  readonly ordered: readonly string[];
  /** stands: they stand in order already. */
  readonly stands: boolean;
  /** kept: an object that is made in this order has its members in this order. */
  readonly kept: boolean;
}

/** known orders by the number of names: there are few kinds of objects, and each comes again and again. */
const known: Order[][] = [];
const MOST_OF_SIZE = 16;
const MOST_NAMES = 64;

function orderOf(names: readonly string[]): Order {
  if (names.length > MOST_NAMES) return newOrder(names);
  const ofSize = (known[names.length] ??= []);
  for (const order of ofSize) if (areEqual(order.names, names)) return order;
  const order = newOrder(names);
  if (ofSize.push(order) > MOST_OF_SIZE) ofSize.shift();
  return order;
}

function newOrder(names: readonly string[]): Order {
  const ordered = [...names].sort();
  return { names, ordered, stands: areEqual(names, ordered), kept: ordered.every(keepsItsPlace) };
}

function areEqual(some: readonly string[], others: readonly string[]): boolean {
  for (let index = 0; index < others.length; index++) if (some[index] !== others[index]) return false;
  return true;
}

/** keepsItsPlace: an object has members in the order in which they came, except that numbers come first; `__proto__` is none. */
function keepsItsPlace(name: string): boolean {
  const first = name.charCodeAt(0);
  return !(first >= 0x30 && first <= 0x39) && name !== '__proto__' && name.isWellFormed();
}

/** derivedId gives the same UUIDv5 for the same parts, so that a retry names what the first try made. */
export function derivedId(...parts: readonly (string | number)[]): string {
  // A flat list of texts and whole numbers is its own canonical form.
  return nameBased(parts.every(isPlain) ? JSON.stringify(parts) : canonicalJson(parts));
}

/** beside gives a derived id the place of another in the order of ids, if that one begins with the time (UUIDv7, or UUIDv8 from here): as good a name, of version 8. */
export function beside(id: string, derived: string): string {
  const isTimed = id.length === derived.length && (id.charAt(VERSION_AT) === '7' || id.charAt(VERSION_AT) === '8');
  return isTimed ? `${id.slice(0, VERSION_AT)}8${derived.slice(VERSION_AT + 1)}` : derived;
}

/** INPUT begins with the namespace; what is hashed is written behind it, so that an id costs one call and no copies. */
const INPUT = Buffer.alloc(4096);
const NAMESPACE_BYTES = INPUT.write(NAMESPACE.replaceAll('-', ''), 'hex');
const VARIANT = '89ab';
/** VERSION_AT this place in the text of a UUID stands its version; before it, in version 7, the time. */
const VERSION_AT = 14;

/** nameBased is UUIDv5 (RFC 9562): SHA-1 of namespace and name, with version and variant in their places. */
function nameBased(name: string): string {
  const most = NAMESPACE_BYTES + 3 * name.length;
  const input = most <= INPUT.length ? INPUT : Buffer.concat([INPUT.subarray(0, NAMESPACE_BYTES)], most);
  const end = NAMESPACE_BYTES + input.write(name, NAMESPACE_BYTES, 'utf8');
  const digest = hash('sha1', input.subarray(0, end), 'hex');
  const variant = VARIANT[Number.parseInt(digest.charAt(16), 16) & 3] ?? '8';
  return (
    `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-` +
    `${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`
  );
}

function isPlain(part: string | number): boolean {
  return typeof part === 'string' ? part.isWellFormed() : Number.isSafeInteger(part);
}
