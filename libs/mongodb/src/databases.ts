import { SCHEMA_COLLECTION } from './schema';

/** MongoDatabases names the databases of one deployment: of each service its own (views, leases, checkpoints, documents), and two that they share. */
export interface MongoDatabases {
  /** service gives the database of one service's views, leases, checkpoints, parked messages and documents. */
  service(name: string): string;
  readonly keys: string;
  readonly accessLog: string;
}

/** databasesOf a deployment; the prefix (letters, digits, `_`) lets several stand on one server. */
export function databasesOf(prefix = 'second_opinion'): MongoDatabases {
  if (!/^[a-z][a-z0-9_]{0,30}$/i.test(prefix)) throw new TypeError('the prefix of databases is letters, digits and _');
  return {
    service: (name) => `${prefix}_${name.replaceAll('-', '_')}`,
    keys: `${prefix}_keys`,
    accessLog: `${prefix}_access_log`,
  };
}

/** ACCESS_LOG_COLLECTION is where access records stand. */
export const ACCESS_LOG_COLLECTION = 'access_log';

/** Actions of a role on one collection, or on every collection of a database with an empty name. */
export interface MongoPrivilege {
  readonly resource: { readonly db: string; readonly collection: string };
  readonly actions: readonly string[];
}

/** MongoRole is made with `createRole` in its database; a user gets it as `{ role, db }`. */
export interface MongoRole {
  readonly db: string;
  readonly role: string;
  readonly privileges: readonly MongoPrivilege[];
}

/** COLLECTIONS of the database of keys: those of each person, what leads to a person, the secrets, and what the deployment claims. */
const COLLECTIONS = { persons: 'persons', links: 'links', secrets: 'secrets', claims: 'deployment' } as const;

/** SEALS_NOTHING is the service that neither makes keys nor destroys them. */
const SEALS_NOTHING = 'scheduling';

/** UNLINKS are the services that take out what led to a person: intake when a login ends or a name was wrong, records with his keys. */
const UNLINKS: ReadonlySet<string> = new Set(['intake', 'records']);

/** DESTROYS_SECRETS is the only service that may change a secret: it destroys the keys of bodies of months that are long over. */
export const DESTROYS_SECRETS = 'records';

/** READS_ACCESS_LOG is the only service that may also read access records. */
const READS_ACCESS_LOG = 'records';

/**
 * mongoRolesFor is what the database user of a service needs, and nothing more: everything but dropping the database in the service's own
 * one; of the keys what stands in {@link keeperOfKeys}; to insert access records, which only `records` may also read and nobody may change
 * or remove. The marks of the two shared databases, and the collection and indexes of the access log, are made
 * beforehand with greater rights (`prepareAccessLog`).
 */
export function mongoRolesFor(service: string, databases: MongoDatabases = databasesOf()): readonly MongoRole[] {
  const all = (db: string) => ({ db, collection: '' });
  const records = { db: databases.accessLog, collection: ACCESS_LOG_COLLECTION };
  const marks = { db: databases.accessLog, collection: SCHEMA_COLLECTION };
  return [
    {
      db: databases.service(service),
      role: 'owner_of_views',
      privileges: [
        {
          resource: all(databases.service(service)),
          actions: [...DATA, 'createCollection', 'createIndex', 'dropCollection', 'dropIndex', ...LISTS],
        },
      ],
    },
    {
      db: databases.keys,
      role: 'keeper_of_keys',
      privileges: keeperOfKeys(service, databases.keys),
    },
    service === READS_ACCESS_LOG
      ? {
          db: databases.accessLog,
          role: 'reader_of_access',
          privileges: [
            { resource: records, actions: ['insert', 'find'] },
            { resource: marks, actions: ['find'] },
          ],
        }
      : {
          db: databases.accessLog,
          role: 'writer_of_access',
          privileges: [
            { resource: records, actions: ['insert'] },
            { resource: marks, actions: ['find'] },
          ],
        },
  ];
}

/**
 * keeperOfKeys: nobody removes a document of keys, secrets or the claim, or changes the claim or the mark, and only one service changes a secret. The keys of a person are one
 * document, so that putting and destroying exclude each other: who may put a key into it may also change it otherwise.
 */
function keeperOfKeys(service: string, db: string): readonly MongoPrivilege[] {
  const of = (collection: string, ...actions: string[]) => ({ resource: { db, collection }, actions });
  const { persons, links, secrets, claims } = COLLECTIONS;
  return [
    of('', ...LISTS),
    of(SCHEMA_COLLECTION, 'find', 'insert'),
    of(persons, 'find', 'createIndex', ...(service === SEALS_NOTHING ? [] : ['insert', 'update'])),
    of(links, 'find', 'createIndex', 'insert', 'update', ...(UNLINKS.has(service) ? ['remove'] : [])),
    of(secrets, 'find', 'insert', ...(service === DESTROYS_SECRETS ? ['update'] : [])),
    of(claims, 'find', 'insert'),
  ];
}

const DATA = ['find', 'insert', 'update', 'remove'];
const LISTS = ['listCollections', 'listIndexes'];
