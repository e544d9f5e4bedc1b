import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { documentStoreContract, pieces, whole } from '../document-store.contract';
import { SqliteDocumentStore } from './sqlite-document-store';

documentStoreContract('SqliteDocumentStore', async () => new SqliteDocumentStore(SqliteDatabase.open()));

describe('SqliteDocumentStore', () => {
  const count = (database: SqliteDatabase, table: string) =>
    database.read.get<{ n: number }>(`select count(*) as n from ${table}`)?.n;

  it('passes the contract on a file too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'documents-'));
    const file = join(folder, 'documents.db');
    let database = SqliteDatabase.open(file);
    const bytes = randomBytes(700_000);
    const { id } = await new SqliteDocumentStore(database).put(pieces(bytes, 65_552), { maxBytes: 1_000_000 });
    database.close();
    database = SqliteDatabase.open(file);
    expect((await whole(new SqliteDocumentStore(database).get(id))).equals(bytes)).toBe(true);
    database.close();
    rmSync(folder, { recursive: true });
  });

  it('leaves no chunk of failed, repeated or deleted documents behind', async () => {
    const database = SqliteDatabase.open();
    const store = new SqliteDocumentStore(database);
    const bytes = randomBytes(600_000);
    await store.put(pieces(bytes, 1000), { maxBytes: 1000 }).catch(() => undefined);
    const { id } = await store.put(pieces(bytes, 1000), { maxBytes: 600_000 });
    await store.put(pieces(bytes, 1000), { maxBytes: 600_000 });
    expect([count(database, 'document_chunks'), count(database, 'document_uploads')]).toEqual([3, 0]);
    await store.delete(id);
    expect([count(database, 'document_chunks'), count(database, 'documents')]).toEqual([0, 0]);
  });

  it.each([
    ['when it is opened', async (database: SqliteDatabase) => void new SqliteDocumentStore(database)],
    ['when it is asked to', (_: SqliteDatabase, store: SqliteDocumentStore) => store.clear()],
  ])('clears away what a crash cut off, a day later, and nothing else, %s', async (_, clear) => {
    const database = SqliteDatabase.open();
    const store = new SqliteDocumentStore(database);
    const now = Date.now();
    await database.write((connection) => {
      for (const [upload, started] of [
        ['old', now - 25 * 3_600_000],
        ['running', now - 60_000],
      ] as const) {
        connection.run('insert into document_uploads (upload, started) values (?, ?)', upload, started);
        connection.run("insert into document_chunks (upload, number, bytes) values (?, 0, x'00')", upload);
      }
    });
    await clear(database, store);
    await database.write(() => undefined);
    expect(
      database.read.all<{ upload: string }>('select upload from document_chunks').map((row) => row.upload),
    ).toEqual(['running']);
  });
});
