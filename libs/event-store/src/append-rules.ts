import { Invalid, type NewEvent } from '@second-opinion/kernel';
import { MAX_APPEND_BYTES, type ExpectedRevision, type Spelt } from './event-store';

/** SerialisedEvent is a checked event with its JSON, as adapters write it. */
export interface SerialisedEvent {
  readonly id: string;
  readonly type: string;
  /** data and metadata as JSON text: what is stored, to the byte. */
  readonly data: string;
  readonly metadata: string;
  /** event as a reader gets it: without the fields that were `undefined`. */
  readonly event: NewEvent;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const STREAM = /^[a-z][a-z0-9.]*-[^\s\p{Cc}]+$/u;
const TYPE = /^[A-Z][A-Za-z0-9]*(\.v[0-9]+)?$/;
const MAX_NAME_BYTES = 250;
const MAX_DEPTH = 32;

/**
 * checkAppend refuses with `Invalid('event-store.invalid-append')` what a store would not take or not give back as it was: an
 * empty batch, a stream name without category or with `$`, an id that is no lower-case UUID, the same id twice, data that is no
 * JSON (dates, class instances, NaN, lone surrogates), metadata that is not flat strings, more than {@link MAX_APPEND_BYTES}.
 */
export function checkAppend(
  stream: string,
  expected: ExpectedRevision,
  events: readonly NewEvent[],
): readonly SerialisedEvent[] {
  if (!STREAM.test(stream) || !stream.isWellFormed() || Buffer.byteLength(stream) > MAX_NAME_BYTES) refuse('stream');
  if (expected !== 'no-stream' && !(Number.isSafeInteger(expected) && expected >= 0)) refuse('expected-revision');
  if (events.length === 0) refuse('empty-batch');
  if (events.length > 1 && new Set(events.map((event) => event.id)).size !== events.length) refuse('repeated-id');
  const serialised = events.map(serialise);
  let characters = 0;
  for (const { type, data, metadata } of serialised) characters += type.length + data.length + metadata.length;
  // A character is at most three bytes: what is short needs no counting.
  if (characters * 3 > MAX_APPEND_BYTES && bytesOf(serialised) > MAX_APPEND_BYTES) refuse('too-large');
  return serialised;
}

/** bytesOf an append as the strictest server counts them: newer ones add two for each character of a type. */
function bytesOf(events: readonly SerialisedEvent[]): number {
  const bytes = ({ type, data, metadata }: SerialisedEvent) =>
    2 * type.length + Buffer.byteLength(data) + Buffer.byteLength(metadata);
  return events.reduce((sum, event) => sum + bytes(event), 0);
}

function serialise(event: NewEvent | Spelt): SerialisedEvent {
  const { id, type } = event;
  const json = 'json' in event ? event.json : undefined;
  if (typeof id !== 'string' || !UUID.test(id)) refuse('event-id');
  if (typeof type !== 'string' || type.length > 100 || !TYPE.test(type)) refuse('event-type');
  const sparseData = checkPart(event.data, 'data');
  const sparse = checkPart(event.metadata, 'metadata') || sparseData;
  const data = json?.data ?? JSON.stringify(event.data);
  const metadata = json?.metadata ?? JSON.stringify(event.metadata);
  const clean: NewEvent = sparse
    ? { id, type, data: JSON.parse(data) as object, metadata: JSON.parse(metadata) as NewEvent['metadata'] }
    : { id, type, data: event.data, metadata: event.metadata };
  return { id, type, data, metadata, event: clean };
}

type Part = 'data' | 'metadata';

/** checkPart of an event, and what is within it; true when some field is `undefined`, so that it will be left out. */
function checkPart(value: object, part: Part): boolean {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) refuse(part);
  return checkTree(value, part, 0);
}

function checkTree(value: object, part: Part, depth: number): boolean {
  if (depth > MAX_DEPTH) refuse(part);
  let sparse = false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) if (checkJson(value[index], part, depth)) sparse = true;
    return sparse;
  }
  if (!isPlain(value)) refuse(part);
  const fields = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(fields)) {
    if (key === '__proto__' || !key.isWellFormed()) refuse(part);
    const entry = fields[key];
    if (entry === undefined || checkJson(entry, part, depth)) sparse = true;
  }
  return sparse;
}

function checkJson(value: unknown, part: Part, depth: number): boolean {
  if (part === 'metadata' && typeof value !== 'string') refuse(part);
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) refuse(part);
      return false;
    case 'number':
      if (!Number.isFinite(value) || Object.is(value, -0)) refuse(part);
      return false;
    case 'boolean':
      return false;
    case 'object':
      return value !== null && checkTree(value, part, depth + 1);
    default:
      refuse(part);
  }
}

/** isPlain: an object literal, also of another realm (worker, test sandbox); no class instance. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function refuse(what: string): never {
  throw new Invalid('event-store.invalid-append', { what });
}
