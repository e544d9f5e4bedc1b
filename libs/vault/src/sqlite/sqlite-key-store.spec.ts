import { randomBytes } from 'node:crypto';
import fs, { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { keyStoreContract, wrappedKey } from '../key-store.contract';
import { SqliteKeyStore } from './sqlite-key-store';

keyStoreContract('SqliteKeyStore', async () => new SqliteKeyStore(SqliteDatabase.open()));
keyStoreContract('SqliteKeyStore, alone', async () => new SqliteKeyStore(SqliteDatabase.open(), { alone: true }));

describe('SqliteKeyStore', () => {
  let folder: string;
  let database: SqliteDatabase;
  const file = () => join(folder, 'keys.db');
  const open = () => {
    database = SqliteDatabase.open(file(), { secureDelete: true });
    return new SqliteKeyStore(database);
  };
  const onDisk = (bytes: Uint8Array) =>
    readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(bytes));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keys-'));
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves no byte of a destroyed key in any file', async () => {
    const store = open();
    const key = wrappedKey();
    const content = wrappedKey({ object: 'document-1', kekVersion: 0 });
    const kept = wrappedKey({ personId: 'person-2' });
    await store.put([key, content, kept]);
    expect(onDisk(key.wrapped)).not.toEqual([]);
    await store.destroy({ personId: 'person-1' });
    expect([onDisk(key.wrapped), onDisk(content.wrapped)]).toEqual([[], []]);
    expect(onDisk(kept.wrapped)).not.toEqual([]);
  });

  it('leaves no byte of an old wrapping after a rotation, nor of a destroyed secret', async () => {
    const store = open();
    const key = wrappedKey();
    await store.put([key]);
    await store.rewrap([{ ...key, kekVersion: 2, wrapped: randomBytes(60) }]);
    expect(onDisk(key.wrapped)).toEqual([]);
    const secret = await store.secret('mac-2026-01', () => randomBytes(60));
    expect(onDisk(secret)).not.toEqual([]);
    await store.destroySecret('mac-2026-01');
    expect(onDisk(secret)).toEqual([]);
  });

  it('gives nobody a key, or a secret, that is not on disk yet', async () => {
    const store = open();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sync = jest.spyOn(fs, 'fdatasync').mockImplementation((_, done) => void promise.then(() => done(null)));
    const key = wrappedKey();
    const told: string[] = [];
    const tell = (what: string, done: Promise<unknown>) => done.then(() => told.push(what));
    const all = [
      tell('put', store.put([key])),
      tell(
        'made',
        store.secret('mac-2026-01', () => randomBytes(60)),
      ),
    ];
    await new Promise((later) => setTimeout(later, 20));
    all.push(
      tell('found', store.find(key)),
      tell(
        'known',
        store.secret('mac-2026-01', () => randomBytes(60)),
      ),
    );
    await new Promise((later) => setTimeout(later, 20));
    expect(told).toEqual([]);
    resolve();
    await Promise.all(all);
    expect(told).toHaveLength(4);
    sync.mockRestore();
  });

  it('destroys again what an older copy of the file has brought back', async () => {
    let store = open();
    const key = wrappedKey();
    await store.put([key]);
    database.checkpointTruncate();
    copyFileSync(file(), `${file()}.old`);
    await store.destroy({ personId: 'person-1' });
    database.close();
    for (const name of ['keys.db', 'keys.db-wal', 'keys.db-shm']) rmSync(join(folder, name), { force: true });
    copyFileSync(`${file()}.old`, file());
    rmSync(`${file()}.old`);
    store = open();
    expect(await store.byId(key.keyId)).toMatchObject({ keyId: key.keyId });
    expect(await store.destroy({ personId: 'person-1' })).toEqual([key.keyId]);
    expect(await store.byId(key.keyId)).toBe('destroyed');
    expect(onDisk(key.wrapped)).toEqual([]);
  });

  it('remembers destructions after it was opened again', async () => {
    const key = wrappedKey();
    const store = open();
    await store.put([key]);
    await store.destroy({ personId: 'person-1', caseId: 'case-1' });
    database.close();
    expect(await open().put([wrappedKey()])).toEqual(['destroyed']);
  });
});
