import { randomBytes } from 'node:crypto';
import { databasesOf, MongoConnection } from '@second-opinion/mongodb';
import { asAdmin, engineControl, engineSuite, openEngine, serviceUser } from '@second-opinion/mongodb/testing';
import { GridFSBucket, type Db } from 'mongodb';
import { documentStoreContract, pieces, whole } from '../document-store.contract';
import { MongoDocumentStore } from './mongodb-document-store';

// A server in a process of its own, on a machine that has other things to do.
jest.setTimeout(300_000);

const suite = engineSuite();
beforeAll(suite.open);
afterAll(suite.close);

documentStoreContract('MongoDocumentStore', () => MongoDocumentStore.open(suite.connection, suite.fresh()));

describe('MongoDocumentStore', () => {
  let name: string;
  let store: MongoDocumentStore;
  beforeEach(async () => {
    name = suite.fresh();
    store = await MongoDocumentStore.open(suite.connection, name);
  });
  const inside = <T>(work: (database: Db) => Promise<T>) => asAdmin((client) => work(client.db(name)));
  const counts = () =>
    inside(async (database) => {
      const count = (collection: string) => database.collection(`documents.${collection}`).countDocuments();
      return { files: await count('files'), chunks: await count('chunks'), uploads: await count('uploads') };
    });

  it('is readable by the tools of GridFS, by the hash of its content', async () => {
    const bytes = randomBytes(700_000);
    const { id } = await store.put(pieces(bytes, 65_552), { maxBytes: 1_000_000 });
    const read = await inside((database) =>
      whole(new GridFSBucket(database, { bucketName: 'documents' }).openDownloadStreamByName(id)),
    );
    expect(read.equals(bytes)).toBe(true);
  });

  it('gives the same bytes to a process that opens it later', async () => {
    const bytes = randomBytes(700_000);
    const { id } = await store.put(pieces(bytes, 65_552), { maxBytes: 1_000_000 });
    const later = await openEngine();
    expect((await whole((await MongoDocumentStore.open(later, name)).get(id))).equals(bytes)).toBe(true);
    await later.close();
  });

  it('leaves no chunk of failed, repeated or deleted documents behind', async () => {
    const bytes = randomBytes(600_000);
    await store.put(pieces(bytes, 1000), { maxBytes: 300_000 }).catch(() => undefined);
    expect(await counts()).toEqual({ files: 0, chunks: 0, uploads: 0 });
    const { id } = await store.put(pieces(bytes, 1000), { maxBytes: 600_000 });
    await store.put(pieces(bytes, 1000), { maxBytes: 600_000 });
    expect(await counts()).toEqual({ files: 1, chunks: 3, uploads: 0 });
    await store.delete(id);
    expect(await counts()).toEqual({ files: 0, chunks: 0, uploads: 0 });
  });

  it('shows nothing of an upload before its last byte', async () => {
    const bytes = randomBytes(600_000);
    const { id } = await (
      await MongoDocumentStore.open(suite.connection, suite.fresh())
    ).put(pieces(bytes, 1000), {
      maxBytes: 600_000,
    });
    const seen: boolean[] = [];
    async function* watched(): AsyncIterable<Uint8Array> {
      for await (const part of pieces(bytes, 300_000)) {
        yield part;
        seen.push(await store.has(id));
      }
    }
    await store.put(watched(), { maxBytes: 600_000 });
    expect([...seen, await store.has(id)]).toEqual([false, false, true]);
  });

  it('finishes a deletion that a crash has cut off, when it is asked again, opened, or told to clear', async () => {
    for (const finish of [
      (id: string) => store.delete(id),
      () => MongoDocumentStore.open(suite.connection, name),
      () => store.clear(),
    ]) {
      const { id } = await store.put(pieces(randomBytes(600_000), 1000), { maxBytes: 600_000 });
      await inside(async (database) => {
        const files = database.collection<{ _id: string; filename: string }>('documents.files');
        const file = await files.findOne({ filename: id });
        await files.updateOne({ filename: id }, { $set: { filename: `deleted:${id}:${String(file?._id)}` } });
      });
      expect(await store.has(id)).toBe(false);
      await finish(id);
      expect(await counts()).toEqual({ files: 0, chunks: 0, uploads: 0 });
    }
  });

  it.each([
    ['when it is opened', () => MongoDocumentStore.open(suite.connection, name)],
    ['when it is told to', () => store.clear()],
  ])('clears away what a crash cut off, a day later, and nothing else, %s', async (_, clear) => {
    const bytes = randomBytes(1_000);
    const { id } = await store.put(pieces(bytes, 1000), { maxBytes: 1_000 });
    const now = Date.now();
    await inside(async (database) => {
      const uploads = database.collection<{ _id: string; started: Date }>('documents.uploads');
      const chunks = database.collection<{ _id: string; files_id: string; n: number }>('documents.chunks');
      const finished = await database.collection<{ _id: string }>('documents.files').findOne({});
      for (const [upload, started] of [
        ['old', now - 25 * 3_600_000],
        ['running', now - 60_000],
      ] as const) {
        await uploads.insertOne({ _id: upload, started: new Date(started) });
        await chunks.insertOne({ _id: `${upload}:0`, files_id: upload, n: 0 });
      }
      await uploads.insertOne({ _id: String(finished?._id), started: new Date(now - 25 * 3_600_000) });
    });
    await clear();
    expect(await counts()).toEqual({ files: 1, chunks: 2, uploads: 1 });
    expect((await whole(store.get(id))).equals(bytes)).toBe(true);
  });

  it('needs no other rights than those of a service', async () => {
    const names = databasesOf(`t${randomBytes(6).toString('hex')}`);
    suite.fresh(names.service('reporting'));
    const user = await serviceUser('reporting', names);
    const own = await MongoConnection.open(user.url, { waitMs: 5_000 });
    try {
      const theirs = await MongoDocumentStore.open(own, names.service('reporting'));
      const { id } = await theirs.put(pieces(randomBytes(1000), 100), { maxBytes: 1000 });
      await theirs.delete(id);
      expect(await theirs.has(id)).toBe(false);
    } finally {
      await own.close();
      await user.remove();
    }
  });

  if (engineControl) {
    const control = engineControl;
    it('stores the whole document or says so, when the server is killed under the upload and comes back', async () => {
      const bytes = randomBytes(1_500_000);
      async function* interrupted(): AsyncIterable<Uint8Array> {
        yield bytes.subarray(0, 700_000);
        await control('kill');
        await control('start');
        yield bytes.subarray(700_000);
      }
      const { id } = await store.put(interrupted(), { maxBytes: 2_000_000 });
      expect((await whole(store.get(id))).equals(bytes)).toBe(true);
      expect(await counts()).toEqual({ files: 1, chunks: 6, uploads: 0 });
    });
  }
});
