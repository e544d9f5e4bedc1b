import { createHash, randomUUID } from 'node:crypto';
import { Invalid, NotFound } from '@second-opinion/kernel';
import type { SqliteDatabase } from '@second-opinion/sqlite';
import { chunked } from '../chunked';
import { DocumentStore, type StoredDocument } from '../document-store';

const SCHEMA = `
create table if not exists documents (id text not null primary key, size integer not null, upload text not null unique) strict;
create table if not exists document_uploads (upload text not null primary key, started integer not null) strict;
create table if not exists document_chunks (
  upload text not null,
  number integer not null,
  bytes blob not null,
  primary key (upload, number)
) strict;
`;

/** CHUNK bytes in a row: big enough to be few, small enough that one write does not hold up others. */
const CHUNK = 256 * 1024;
/** An upload that began longer ago than this was cut off by a crash. */
const ABANDONED_MS = 24 * 3_600_000;

/**
 * SqliteDocumentStore keeps ciphertext in rows of 256 KiB. The chunks of an upload are written as they come; the last write makes the
 * document, and with it everything durable. What a crash cut off is cleared away a day later, at the next opening or when asked to.
 */
export class SqliteDocumentStore extends DocumentStore {
  constructor(private readonly database: SqliteDatabase) {
    super();
    database.schema(SCHEMA);
    void this.clear().catch(() => undefined);
  }

  async put(content: AsyncIterable<Uint8Array>, { maxBytes }: { maxBytes: number }): Promise<StoredDocument> {
    const upload = randomUUID();
    const hash = createHash('sha256');
    let size = 0;
    let number = 0;
    await this.database.writeRebuildable((connection) =>
      connection.run('insert into document_uploads (upload, started) values (?, ?)', upload, Date.now()),
    );
    try {
      for await (const bytes of chunked(content, CHUNK)) {
        size += bytes.length;
        if (size > maxBytes) throw new Invalid('document-too-large', { maxBytes });
        hash.update(bytes);
        const place = number++;
        await this.database.writeRebuildable((connection) =>
          connection.run('insert into document_chunks (upload, number, bytes) values (?, ?, ?)', upload, place, bytes),
        );
      }
      const stored = { id: hash.digest('hex'), size };
      await this.finish(upload, stored);
      return stored;
    } catch (error) {
      // If even this fails, the rest is cleared away later; what went wrong first is what counts.
      await this.discard(upload).catch(() => undefined);
      throw error;
    }
  }

  async *get(id: string): AsyncIterable<Uint8Array> {
    const document = this.database.read.get<{ size: number; upload: string }>(
      'select size, upload from documents where id = ?',
      id,
    );
    if (!document) throw new NotFound('document-missing');
    let size = 0;
    for (let number = 0; size < document.size; number++) {
      const chunk = this.database.read.get<{ bytes: Uint8Array }>(
        'select bytes from document_chunks where upload = ? and number = ?',
        document.upload,
        number,
      );
      if (!chunk) throw new NotFound('document-missing');
      size += chunk.bytes.length;
      yield chunk.bytes;
    }
  }

  async has(id: string): Promise<boolean> {
    return this.database.read.get('select 1 from documents where id = ?', id) !== undefined;
  }

  async delete(id: string): Promise<void> {
    await this.database.write((connection) => {
      connection.run('delete from document_chunks where upload in (select upload from documents where id = ?)', id);
      connection.run('delete from documents where id = ?', id);
    });
  }

  async clear(): Promise<void> {
    const before = Date.now() - ABANDONED_MS;
    const uploads = this.database.read.all<{ upload: string }>(
      'select upload from document_uploads where started < ?',
      before,
    );
    await Promise.all(uploads.map(({ upload }) => this.discard(upload)));
  }

  private async finish(upload: string, { id, size }: StoredDocument): Promise<void> {
    await this.database.write((connection) => {
      const { changes } = connection.run(
        'insert into documents (id, size, upload) values (?, ?, ?) on conflict (id) do nothing',
        id,
        size,
        upload,
      );
      if (changes === 0) connection.run('delete from document_chunks where upload = ?', upload);
      connection.run('delete from document_uploads where upload = ?', upload);
    });
  }

  private async discard(upload: string): Promise<void> {
    if (this.database.closed) return;
    await this.database.write((connection) => {
      connection.run('delete from document_chunks where upload = ?', upload);
      connection.run('delete from document_uploads where upload = ?', upload);
    });
  }
}
