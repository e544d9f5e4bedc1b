import { Unavailable } from '@second-opinion/kernel';
import {
  ACCESS_LOG_COLLECTION,
  assertSchema,
  ensureSchema,
  type MongoConnection,
  retried,
  SCHEMA_COLLECTION,
  UNBOUNDED,
  upserted,
} from '@second-opinion/mongodb';
import type { Collection, Db, Timestamp } from 'mongodb';

/** RecordDocument: a record as its text, with what it is asked for by. */
export interface RecordDocument {
  /** _id is the place in a chain: the chain's name and the number in it. */
  readonly _id: string;
  readonly id: string;
  readonly personId: string;
  readonly caseId?: string;
  readonly record: string;
  readonly previous: string;
  readonly hash: string;
  /** stamp is set by the server: the order in which it took the records. */
  readonly stamp: Timestamp;
}

/** BY_ID is the index by which a record stands once. */
export const BY_ID = 'id';

const PREPARED = 'access-log';

interface Mark {
  readonly _id: string;
}

/** recordsOf the access log in this database. */
export function recordsOf(database: Db): Collection<RecordDocument> {
  return database.collection(ACCESS_LOG_COLLECTION);
}

/**
 * prepareAccessLog makes the collection and its indexes, with rights that no service has: run it before the services' users are given
 * out; again does nothing. Throws `Unavailable`: `storage-not-ours`, `storage-too-new`.
 */
export async function prepareAccessLog(connection: MongoConnection, name: string): Promise<void> {
  const database = connection.database(name);
  await ensureSchema(database);
  const records = recordsOf(database);
  await retried(() => records.createIndex({ id: 1 }, { unique: true, name: BY_ID }), UNBOUNDED);
  await retried(() => records.createIndex({ stamp: 1 }, { name: 'stamp' }), UNBOUNDED);
  await retried(() => records.createIndex({ personId: 1, stamp: 1 }, { name: 'person' }), UNBOUNDED);
  await retried(
    () =>
      records.createIndex(
        { caseId: 1, stamp: 1 },
        { name: 'case', partialFilterExpression: { caseId: { $exists: true } } },
      ),
    UNBOUNDED,
  );
  await upserted(() =>
    marksOf(database).updateOne({ _id: PREPARED }, { $setOnInsert: { at: new Date() } }, { upsert: true }),
  );
}

/** assertPrepared throws `Unavailable('storage-not-prepared')` until somebody has run {@link prepareAccessLog} to its end. */
export async function assertPrepared(database: Db): Promise<void> {
  await assertSchema(database);
  const mark = await retried(() => marksOf(database).findOne({ _id: PREPARED }));
  if (!mark) throw new Unavailable('storage-not-prepared', { database: database.databaseName });
}

function marksOf(database: Db): Collection<Mark> {
  return database.collection(SCHEMA_COLLECTION);
}
