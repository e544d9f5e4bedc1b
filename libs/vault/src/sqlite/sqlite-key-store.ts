import { Refused, type Category } from '@second-opinion/kernel';
import type { SqliteConnection, SqliteDatabase, SqlValue } from '@second-opinion/sqlite';
import { LRUCache } from 'lru-cache';
import { KeyStore, type DestroyScope, type KeyScope, type LinkKind, type WrappedKey } from '../key-store';
import { ALL, KEY_SCHEMA } from './schema';

interface KeyRow {
  readonly key_id: string;
  readonly person_id: string;
  readonly case_id: string;
  readonly category: string;
  readonly object: string;
  readonly kek_version: number;
  readonly wrapped: Uint8Array;
}

const DATA = `select key_id, person_id, case_id, category, '' as object, kek_version, wrapped from data_keys`;
const CONTENT = 'select key_id, person_id, case_id, category, object, 0 as kek_version, wrapped from content_keys';
const PLACE = 'person_id = ? and case_id = ? and category = ?';
const DATA_AT = `${DATA} where ${PLACE}`;
const CONTENT_AT = `${CONTENT} where ${PLACE} and object = ? order by number desc limit 1`;
const DESTROYED_OF = 'select 1 from destroyed_scopes where person_id = ? limit 1';
const DESTROYED_AT = `select 1 from destroyed_scopes where person_id = ? and case_id in (?, '${ALL}')
  and category in (?, '${ALL}') and object in (?, '${ALL}') limit 1`;
const WITHIN = `person_id = ?1 and (?2 = '${ALL}' or case_id = ?2) and (?3 = '${ALL}' or category = ?3)`;
const OF_OBJECT = `and (?4 = '${ALL}' or object = ?4)`;
const INSERT_DATA = `insert into data_keys (person_id, case_id, category, key_id, kek_version, wrapped)
  values (?, ?, ?, ?, ?, ?) on conflict (person_id, case_id, category) do nothing`;
const INSERT_CONTENT = `insert into content_keys (person_id, case_id, category, object, key_id, wrapped)
  values (?, ?, ?, ?, ?, ?)`;
const PAGE = 500;

/** SqliteKeyStoreOptions: `alone` says that no other process has the file open. */
export interface SqliteKeyStoreOptions {
  readonly alone?: boolean;
}

/**
 * SqliteKeyStore keeps keys in a file of their own: open its {@link SqliteDatabase} with `secureDelete`. After a destruction the
 * write-ahead log is truncated, so that the bytes stand nowhere any more.
 */
export class SqliteKeyStore extends KeyStore {
  override readonly alone: boolean;
  /** logins that ask again and again; only where nobody else writes to the file, so that what changes is known here. */
  private readonly logins: LRUCache<string, readonly string[]> | undefined;

  constructor(
    private readonly database: SqliteDatabase,
    options: SqliteKeyStoreOptions = {},
  ) {
    super();
    this.alone = options.alone ?? false;
    if (this.alone) this.logins = new LRUCache<string, readonly string[]>({ max: 20_000 });
    database.schema(KEY_SCHEMA);
  }

  put(keys: readonly WrappedKey[]): Promise<readonly (WrappedKey | 'destroyed')[]> {
    return this.database.write((connection) => {
      const persons = [...new Set(keys.map(({ personId }) => personId))];
      const lessened = new Set(persons.filter((personId) => isAnyDestroyed(connection, personId)));
      return keys.map((key) => putOne(connection, key, lessened.has(key.personId)));
    });
  }

  async find(scope: KeyScope, object?: string): Promise<WrappedKey | 'destroyed' | undefined> {
    const connection = this.database.read;
    const key = dataOrContent(connection, scope, object);
    // Somebody else may just have made it, and what is sealed with it must not be there without it.
    if (key) await this.database.onDisk();
    return key ?? (isDestroyed(connection, scope, object) ? 'destroyed' : undefined);
  }

  async byId(keyId: string): Promise<WrappedKey | 'destroyed' | undefined> {
    const connection = this.database.read;
    const row =
      connection.get<KeyRow>(`${DATA} where key_id = ?`, keyId) ??
      connection.get<KeyRow>(`${CONTENT} where key_id = ?`, keyId);
    if (row) return keyOf(row);
    return connection.get('select 1 from destroyed_keys where key_id = ?', keyId) ? 'destroyed' : undefined;
  }

  async within(scope: DestroyScope): Promise<readonly WrappedKey[]> {
    return livingWithin(this.database.read, scope);
  }

  async destroy(scope: DestroyScope): Promise<readonly string[]> {
    const destroyed = await this.database.write((connection) => destroyWithin(connection, scope));
    this.database.checkpointTruncate();
    return destroyed;
  }

  async *living(): AsyncIterable<WrappedKey> {
    for (const table of [DATA, CONTENT]) {
      let after = '';
      for (;;) {
        const rows = this.database.read.all<KeyRow>(`${table} where key_id > ? order by key_id limit ?`, after, PAGE);
        for (const row of rows) yield keyOf(row);
        const last = rows.at(-1);
        if (!last || rows.length < PAGE) break;
        after = last.key_id;
      }
    }
  }

  async rewrap(keys: readonly WrappedKey[]): Promise<void> {
    await this.database.write((connection) => {
      for (const { keyId, kekVersion, wrapped, object } of keys) {
        if (object !== undefined) continue;
        connection.run(
          'update data_keys set kek_version = ?1, wrapped = ?2 where key_id = ?3 and kek_version < ?1',
          kekVersion,
          wrapped,
          keyId,
        );
      }
    });
    this.database.checkpointTruncate();
  }

  async link(kind: LinkKind, hash: string, id: string): Promise<void> {
    await this.database.write((connection) =>
      connection.run('insert into links (kind, hash, id) values (?, ?, ?) on conflict do nothing', kind, hash, id),
    );
    this.logins?.delete(`${kind}:${hash}`);
  }

  async linked(kind: LinkKind, hash: string): Promise<readonly string[]> {
    const login = kind.startsWith('login') ? `${kind}:${hash}` : undefined;
    const known = login === undefined ? undefined : this.logins?.get(login);
    if (known) return known;
    const rows = this.database.read.all<{ id: string }>(
      'select id from links where kind = ? and hash = ? order by number',
      kind,
      hash,
    );
    const ids = rows.map(({ id }) => id);
    if (login !== undefined) this.logins?.set(login, ids);
    return ids;
  }

  async unlink(id: string, kind?: LinkKind): Promise<void> {
    await this.database.write((connection) =>
      kind === undefined
        ? connection.run('delete from links where id = ?', id)
        : connection.run('delete from links where id = ? and kind = ?', id, kind),
    );
    this.logins?.clear();
    this.database.checkpointTruncate();
  }

  async secret(name: string, make: () => Uint8Array): Promise<Uint8Array> {
    const found = secretOf(this.database.read, name);
    if (found) {
      await this.database.onDisk();
      return found;
    }
    return this.database.write((connection) => {
      const first = secretOf(connection, name);
      if (first) return first;
      if (connection.get('select 1 from destroyed_secrets where name = ?', name))
        throw new Refused('vault.secret-destroyed', { name });
      const wrapped = make();
      connection.run('insert into secrets (name, wrapped) values (?, ?)', name, wrapped);
      return wrapped;
    });
  }

  async rewrapSecret(name: string, from: Uint8Array, to: Uint8Array): Promise<void> {
    await this.database.write((connection) =>
      connection.run('update secrets set wrapped = ? where name = ? and wrapped = ?', to, name, from),
    );
    this.database.checkpointTruncate();
  }

  async destroySecret(name: string): Promise<void> {
    await this.database.write((connection) => {
      connection.run('delete from secrets where name = ?', name);
      connection.run('insert into destroyed_secrets (name) values (?) on conflict do nothing', name);
    });
    this.database.checkpointTruncate();
  }

  async secretNames(): Promise<readonly string[]> {
    return this.database.read.all<{ name: string }>('select name from secrets order by name').map(({ name }) => name);
  }
}

function putOne(connection: SqliteConnection, key: WrappedKey, anyDestroyed: boolean): WrappedKey | 'destroyed' {
  const { personId, caseId, category, keyId, kekVersion, wrapped, object } = key;
  if (anyDestroyed && isWithinDestroyed(connection, key, object)) return 'destroyed';
  const place = [personId, caseId, category] as const;
  if (object !== undefined) {
    connection.run(INSERT_CONTENT, ...place, object, keyId, wrapped);
    return key;
  }
  const { changes } = connection.run(INSERT_DATA, ...place, keyId, kekVersion, wrapped);
  const standing = changes === 0 ? dataOrContent(connection, key, undefined) : key;
  return standing ?? 'destroyed';
}

function dataOrContent(connection: SqliteConnection, scope: KeyScope, object: string | undefined) {
  const { personId, caseId, category } = scope;
  const row =
    object === undefined
      ? connection.get<KeyRow>(DATA_AT, personId, caseId, category)
      : connection.get<KeyRow>(CONTENT_AT, personId, caseId, category, object);
  return row && keyOf(row);
}

function isDestroyed(connection: SqliteConnection, scope: KeyScope, object: string | undefined): boolean {
  return isAnyDestroyed(connection, scope.personId) && isWithinDestroyed(connection, scope, object);
}

/** isAnyDestroyed: of almost everybody nothing is, which the person alone says for a quarter of what the whole question costs. */
function isAnyDestroyed(connection: SqliteConnection, personId: string): boolean {
  return connection.get(DESTROYED_OF, personId) !== undefined;
}

function isWithinDestroyed(connection: SqliteConnection, scope: KeyScope, object: string | undefined): boolean {
  return connection.get(DESTROYED_AT, scope.personId, scope.caseId, scope.category, object ?? '') !== undefined;
}

function patternOf({ personId, caseId, category, object }: DestroyScope): [string, string, string, string] {
  return [personId, caseId ?? ALL, category ?? ALL, object ?? ALL];
}

function livingWithin(connection: SqliteConnection, scope: DestroyScope): WrappedKey[] {
  const pattern = patternOf(scope);
  const [personId, caseId, category] = pattern;
  const data =
    scope.object === undefined
      ? connection.all<KeyRow>(`${DATA} where ${WITHIN} order by key_id`, personId, caseId, category)
      : [];
  const content = connection.all<KeyRow>(`${CONTENT} where ${WITHIN} ${OF_OBJECT} order by key_id`, ...pattern);
  return [...data, ...content].map(keyOf);
}

function destroyWithin(connection: SqliteConnection, scope: DestroyScope): readonly string[] {
  const pattern = patternOf(scope);
  const [personId, caseId, category] = pattern;
  connection.run(
    'insert into destroyed_scopes (person_id, case_id, category, object) values (?, ?, ?, ?) on conflict do nothing',
    ...pattern,
  );
  for (const key of livingWithin(connection, scope)) {
    const values: SqlValue[] = [key.keyId, key.personId, key.caseId, key.category, key.object ?? ''];
    connection.run(
      'insert into destroyed_keys (key_id, person_id, case_id, category, object) values (?, ?, ?, ?, ?) on conflict do nothing',
      ...values,
    );
  }
  if (scope.object === undefined) connection.run(`delete from data_keys where ${WITHIN}`, personId, caseId, category);
  connection.run(`delete from content_keys where ${WITHIN} ${OF_OBJECT}`, ...pattern);
  return connection
    .all<{ key_id: string }>(
      `select key_id from destroyed_keys where ${WITHIN} ${OF_OBJECT} order by key_id`,
      ...pattern,
    )
    .map((row) => row.key_id);
}

function secretOf(connection: SqliteConnection, name: string): Uint8Array | undefined {
  return connection.get<{ wrapped: Uint8Array }>('select wrapped from secrets where name = ?', name)?.wrapped;
}

function keyOf(row: KeyRow): WrappedKey {
  return {
    keyId: row.key_id,
    personId: row.person_id,
    caseId: row.case_id,
    category: row.category as Category,
    kekVersion: row.kek_version,
    wrapped: row.wrapped,
    ...(row.object === '' ? {} : { object: row.object }),
  };
}
