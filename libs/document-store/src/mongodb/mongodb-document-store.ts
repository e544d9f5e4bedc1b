import { createHash, randomUUID } from 'node:crypto';
import { Invalid, NotFound } from '@second-opinion/kernel';
import {
  binaryOf,
  bytesOf,
  ensureSchema,
  inserted,
  type MongoConnection,
  retried,
  UNBOUNDED,
} from '@second-opinion/mongodb';
import type { Binary, Collection, Db } from 'mongodb';
import { chunked } from '../chunked';
import { DocumentStore, type StoredDocument } from '../document-store';

/** FileDocument and ChunkDocument are those of GridFS: `filename` is the hash of the content, `_id` the upload that brought it. */
interface FileDocument {
  readonly _id: string;
  readonly filename: string;
  readonly length: number;
  readonly chunkSize: number;
  readonly uploadDate: Date;
}
interface ChunkDocument {
  /** _id makes a repeated insert of the same chunk the same one. */
  readonly _id: string;
  readonly files_id: string;
  readonly n: number;
  readonly data: Binary;
}
interface UploadDocument {
  readonly _id: string;
  readonly started: Date;
}

/** CHUNK is GridFS's own size. */
const CHUNK = 255 * 1024;
/** An upload that began longer ago than this was cut off by a crash. */
const ABANDONED_MS = 24 * 3_600_000;
const DELETED = 'deleted:';

/**
 * MongoDocumentStore keeps ciphertext in GridFS (`documents.files`, `documents.chunks`), so that its tools can read and back it up. The
 * chunks of an upload are written as they come; the file that is inserted last makes the document. What a crash cut off is cleared away
 * when the store is opened or asked to: an upload a day later, an unfinished deletion at once. No transaction: each step is safe alone and may be repeated.
 */
export class MongoDocumentStore extends DocumentStore {
  private readonly files: Collection<FileDocument>;
  private readonly chunks: Collection<ChunkDocument>;
  private readonly uploads: Collection<UploadDocument>;

  private constructor(private readonly database: Db) {
    super();
    this.files = database.collection('documents.files');
    this.chunks = database.collection('documents.chunks');
    this.uploads = database.collection('documents.uploads');
  }

  /** open the documents in this database, made when missing. Throws `Unavailable`: `storage-not-ours`, `storage-too-new`. */
  static async open(connection: MongoConnection, database: string): Promise<MongoDocumentStore> {
    const store = new MongoDocumentStore(connection.database(database));
    await store.prepare();
    return store;
  }

  async put(content: AsyncIterable<Uint8Array>, { maxBytes }: { maxBytes: number }): Promise<StoredDocument> {
    const upload = randomUUID();
    const hash = createHash('sha256');
    let size = 0;
    let number = 0;
    await inserted(() => this.uploads.insertOne({ _id: upload, started: new Date() }));
    try {
      for await (const bytes of chunked(content, CHUNK)) {
        size += bytes.length;
        if (size > maxBytes) throw new Invalid('document-too-large', { maxBytes });
        hash.update(bytes);
        await this.insertChunk(upload, number++, bytes);
      }
    } catch (error) {
      // If even this fails, the rest is cleared away later; what went wrong first is what counts.
      await this.discard(upload).catch(() => undefined);
      throw error;
    }
    const stored = { id: hash.digest('hex'), size };
    await this.finish(upload, stored);
    return stored;
  }

  async *get(id: string): AsyncIterable<Uint8Array> {
    const file = await this.find(id);
    if (!file) throw new NotFound('document-missing');
    let size = 0;
    for (let n = 0; size < file.length; n++) {
      const chunk = await retried(() => this.chunks.findOne({ files_id: file._id, n }));
      if (!chunk) throw new NotFound('document-missing');
      const bytes = bytesOf(chunk.data);
      size += bytes.length;
      yield bytes;
    }
  }

  async has(id: string): Promise<boolean> {
    return (await this.find(id)) !== undefined;
  }

  async delete(id: string): Promise<void> {
    const file = await this.find(id);
    // Renamed first: from then on nobody reads it, and whoever deletes it again finishes what a crash cut off.
    if (file)
      await retried(() =>
        this.files.updateOne({ _id: file._id, filename: id }, { $set: { filename: `${DELETED}${id}:${file._id}` } }),
      );
    await this.clearDeleted(id);
  }

  async clear(): Promise<void> {
    await this.clearDeleted();
    await this.clearAbandoned();
  }

  private async find(id: string): Promise<FileDocument | undefined> {
    return (await retried(() => this.files.findOne({ filename: id }))) ?? undefined;
  }

  private async insertChunk(upload: string, n: number, data: Buffer): Promise<void> {
    const _id = `${upload}:${n}`;
    await inserted(() => this.chunks.insertOne({ _id, files_id: upload, n, data: binaryOf(data) }));
  }

  private async finish(upload: string, { id, size }: StoredDocument): Promise<void> {
    const file = { _id: upload, filename: id, length: size, chunkSize: CHUNK, uploadDate: new Date() };
    // When this fails, nobody knows whether the file is there: its chunks stay, and whoever clears away a day later looks.
    await inserted(() => this.files.insertOne(file));
    if (await retried(() => this.files.findOne({ _id: upload })))
      await retried(() => this.uploads.deleteOne({ _id: upload }));
    else await this.discard(upload);
  }

  private async discard(upload: string): Promise<void> {
    await retried(() => this.chunks.deleteMany({ files_id: upload }));
    await retried(() => this.uploads.deleteOne({ _id: upload }));
  }

  /** clearDeleted takes away what deletions have left, of one document or of all. */
  private async clearDeleted(id?: string): Promise<void> {
    const from = id === undefined ? DELETED : `${DELETED}${id}:`;
    const deleted = { filename: { $gte: from, $lt: `${from}\uffff` } };
    for (const { _id } of await retried(() => this.files.find(deleted).toArray())) {
      await retried(() => this.chunks.deleteMany({ files_id: _id }));
      await retried(() => this.files.deleteOne({ _id }));
    }
  }

  private async clearAbandoned(): Promise<void> {
    const before = new Date(Date.now() - ABANDONED_MS);
    for (const { _id } of await retried(() => this.uploads.find({ started: { $lt: before } }).toArray())) {
      // Finished, and cut off before it was struck off the list.
      if (await retried(() => this.files.findOne({ _id }))) await retried(() => this.uploads.deleteOne({ _id }));
      else await this.discard(_id);
    }
  }

  private async prepare(): Promise<void> {
    await ensureSchema(this.database);
    await retried(() => this.files.createIndex({ filename: 1 }, { unique: true, name: 'filename' }), UNBOUNDED);
    await retried(
      () => this.chunks.createIndex({ files_id: 1, n: 1 }, { unique: true, name: 'files_id_n' }),
      UNBOUNDED,
    );
    await this.clear();
  }
}
