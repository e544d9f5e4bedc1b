import { Unavailable } from '@second-opinion/kernel';
import type { Db } from 'mongodb';
import { inserted, retried } from './retry';

/** SCHEMA_VERSION of the databases of this product; one of a later version is refused instead of damaged. */
export const SCHEMA_VERSION = 1;

const PRODUCT = 'second-opinion';
const ID = 'schema';

interface SchemaDocument {
  readonly _id: string;
  readonly product: string;
  readonly version: number;
}

/**
 * ensureSchema marks a new database as ours and its version. Throws `Unavailable`: `storage-not-ours` (it holds somebody else's
 * collections), `storage-too-new` (a later version has written it).
 */
export async function ensureSchema(database: Db): Promise<void> {
  if (await schemaOf(database)) return;
  const names = await retried(() => database.listCollections({}, { nameOnly: true }).toArray());
  // Whoever makes collections of ours writes the mark first, so it is there by now if another process was quicker.
  if (await schemaOf(database)) return;
  const theirs = names.some(({ name }) => name !== SCHEMA_COLLECTION && !name.startsWith('system.'));
  if (theirs) throw new Unavailable('storage-not-ours', { database: database.databaseName });
  await inserted(() => schemas(database).insertOne({ _id: ID, product: PRODUCT, version: SCHEMA_VERSION }));
  await schemaOf(database);
}

/** assertSchema for users that may read the mark and nothing else; throws `Unavailable('storage-not-prepared')` when it is not there. */
export async function assertSchema(database: Db): Promise<void> {
  if (!(await schemaOf(database))) throw new Unavailable('storage-not-prepared', { database: database.databaseName });
}

/** SCHEMA_COLLECTION holds the mark; every user of a database may read it. */
export const SCHEMA_COLLECTION = 'schema';

async function schemaOf(database: Db): Promise<boolean> {
  const found = await retried(() => schemas(database).findOne({ _id: ID }));
  if (!found) return false;
  const facts = { database: database.databaseName };
  if (found.product !== PRODUCT) throw new Unavailable('storage-not-ours', facts);
  if (found.version > SCHEMA_VERSION)
    throw new Unavailable('storage-too-new', { ...facts, version: found.version, known: SCHEMA_VERSION });
  return true;
}

function schemas(database: Db) {
  return database.collection<SchemaDocument>(SCHEMA_COLLECTION);
}
