import { sha256 } from '@second-opinion/kernel';
import { retried, UNBOUNDED } from '@second-opinion/mongodb';
import type { Binary, Collection, Db } from 'mongodb';
import type { RowValue, ViewDeclaration } from '../view-store';

/** RowDocument is a row as it is kept: its JSON text, and beside it the declared fields, for indexes only. */
export interface RowDocument {
  readonly _id: string;
  readonly row: string;
  readonly position: bigint;
  readonly fields: Readonly<Record<string, string | number | null>>;
}

/** CheckpointDocument of a view or of a subscription; `dropping` while its view is taken away. */
export interface CheckpointDocument {
  readonly _id: string;
  readonly position: bigint;
  readonly dropping?: true;
}

/** WriterDocument: the session of who last declared a view, in which he writes it when he has no lease. */
export interface WriterDocument {
  readonly _id: string;
  readonly session: Binary;
}

/** LeaseDocument: who holds a lease; `session` is the one in which he writes, `writes` is touched by every write under the lease. */
export interface LeaseDocument {
  readonly _id: string;
  readonly holder: string;
  readonly token: number;
  readonly expiresAt: Date;
  readonly session?: Binary;
  readonly writes?: number;
}

/** NOWHERE is the position of a view that was declared and never applied to. */
export const NOWHERE = -1n;

const LONGEST_NAME = 150;
const SHORT = 200;

/** Collections of one database: a collection for each view, one for checkpoints, one for leases, one for who writes without one. */
export class Collections {
  readonly checkpoints: Collection<CheckpointDocument>;
  readonly leases: Collection<LeaseDocument>;
  readonly writers: Collection<WriterDocument>;

  constructor(private readonly database: Db) {
    this.checkpoints = database.collection('checkpoints');
    this.leases = database.collection('leases');
    this.writers = database.collection('writers');
  }

  /** rows of a view. */
  rows(view: string): Collection<RowDocument> {
    return this.database.collection(collectionOf(view));
  }

  /** declare makes the collection, adds the indexes that are missing and drops those that are no longer declared. */
  async declare(view: ViewDeclaration): Promise<void> {
    const rows = this.rows(view.name);
    const name = rows.collectionName;
    // Looked for first: making one waits for the transactions that are open on it.
    const found = await retried(() => this.database.listCollections({ name }, { nameOnly: true }).toArray());
    if (found.length === 0)
      await retried(() =>
        this.database.createCollection(name).catch((error: unknown) => {
          if (!exists(error)) throw error;
        }),
      );
    const wanted = new Map(view.indexes.map((fields) => [indexName(fields), fields]));
    const present = (await retried(() => rows.indexes())).map((index) => index.name ?? '');
    for (const index of present)
      if (index !== '_id_' && !wanted.has(index)) await retried(() => rows.dropIndex(index).catch(ignoreMissingIndex));
    for (const [index, fields] of wanted) {
      if (present.includes(index)) continue;
      const keys = Object.fromEntries([...fields.map((field): [string, 1] => [path(field), 1]), ['_id', 1]]);
      // Filled first: after a crash in between, the index that is missing says that this is to be done again.
      await retried(() => this.fill(view.name, fields), UNBOUNDED);
      await retried(() => rows.createIndex(keys, { name: index }), UNBOUNDED);
    }
  }

  /** fill adds newly declared fields to rows that were written without them. */
  private async fill(view: string, fields: readonly string[]): Promise<void> {
    const rows = this.rows(view);
    const lacking = { $or: fields.map((field) => ({ [path(field)]: { $exists: false } })) };
    for await (const { _id, row } of rows.find(lacking, { projection: { row: 1 } }))
      // A row that was written meanwhile has them, or is filled by the next who declares.
      await rows.updateOne({ _id, row }, { $set: { fields: fieldsOf(row, fields) } });
  }
}

/** collectionOf a view: names of views hold dots and dashes, which MongoDB takes; what it does not take is written as %XX, and a long name cut. */
export function collectionOf(view: string): string {
  const name = `view.${escaped(view, /[^A-Za-z0-9._-]/g)}`;
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 33)}%${sha256(view).slice(0, 32)}`;
}

/** path of a declared field; its name may hold what means something to MongoDB. */
export function path(field: string): string {
  return `fields.${fieldName(field)}`;
}

/**
 * fieldsOf a row, as they are indexed: truth values as 1 and 0, the JSON text of lists and objects (as in SQLite), null for a declared
 * field that is not there. Short fields that are not declared stand there too, so that a later version may declare them while this one writes.
 */
export function fieldsOf(row: string, declared: readonly string[]): Record<string, string | number | null> {
  const parsed = JSON.parse(row) as Readonly<Record<string, unknown>>;
  const fields = new Map<string, string | number | null>();
  for (const field of new Set([...declared, ...Object.keys(parsed)])) {
    const value = indexed(valueOf(parsed, field));
    if (declared.includes(field) || typeof value !== 'string' || value.length <= SHORT)
      fields.set(fieldName(field), value);
  }
  return Object.fromEntries(fields);
}

/** valueOf a top-level field of a row, typed as it stands there. */
export function valueOf(row: object, field: string): RowValue {
  const value = Object.hasOwn(row, field) ? (row as Readonly<Record<string, unknown>>)[field] : null;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  return JSON.stringify(value);
}

/** indexed is how a value stands in `fields`. */
export function indexed(value: RowValue): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value;
}

function fieldName(field: string): string {
  return escaped(field, /[^A-Za-z0-9_-]/g);
}

function escaped(text: string, what: RegExp): string {
  return text.replace(what, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}

function indexName(fields: readonly string[]): string {
  return `fields ${sha256(JSON.stringify(fields)).slice(0, 12)}`;
}

const NAMESPACE_EXISTS = 48;
const INDEX_NOT_FOUND = 27;

function exists(error: unknown): boolean {
  return (error as { code?: unknown }).code === NAMESPACE_EXISTS;
}

function ignoreMissingIndex(error: unknown): void {
  if ((error as { code?: unknown }).code !== INDEX_NOT_FOUND) throw error;
}
