import { Unavailable } from '@second-opinion/kernel';
import {
  binaryOf,
  ensureSchema,
  isDuplicateKey,
  type MongoConnection,
  retried,
  UNBOUNDED,
  upserted,
} from '@second-opinion/mongodb';
import type { AnyBulkWriteOperation, Collection, Db } from 'mongodb';
import { KeyStore, type DestroyScope, type KeyScope, type LinkKind, type WrappedKey } from '../key-store';
import { answerOf, destruction, entryOf, freeFor, isWithin, keyOf, type PersonDocument } from './persons';
import { SecretDocuments } from './secret-documents';

interface LinkDocument {
  readonly _id: string;
  readonly ids: readonly string[];
}

type Answer = WrappedKey | 'destroyed';

const PAGE = 100;
const MOST_ROUNDS = 100;

/**
 * MongoKeyStore keeps keys in a database of their own. All keys of a person stand in one document (16 MiB hold about 50,000), so that a
 * put and a destruction of any scope exclude each other without a transaction, which a killed process would leave open for a minute.
 * Destroyed keys are gone from the documents and their indexes at once; MongoDB itself keeps earlier contents in its operation log until
 * that rolls over (by its size, or the minimum hours that are set), in its journal until the next checkpoint, in free pages until they are
 * used again, and in backups. They are wrapped, so the rotation of the key-encryption key that follows destructions, and the retirement
 * of its old version, make all of that worthless.
 */
export class MongoKeyStore extends KeyStore {
  private readonly persons: Collection<PersonDocument>;
  private readonly links: Collection<LinkDocument>;
  private readonly secrets: SecretDocuments;

  private constructor(database: Db) {
    super();
    this.persons = database.collection('persons');
    this.links = database.collection('links');
    this.secrets = new SecretDocuments(database.collection('secrets'));
  }

  /** open the keys in this database, made when missing. Throws `Unavailable`: `storage-not-ours`, `storage-too-new`. */
  static async open(connection: MongoConnection, database: string): Promise<MongoKeyStore> {
    await ensureSchema(connection.database(database));
    const store = new MongoKeyStore(connection.database(database));
    await retried(() => store.persons.createIndex({ 'keys.keyId': 1 }, { name: 'key' }), UNBOUNDED);
    await retried(() => store.persons.createIndex({ 'destroyed.keyId': 1 }, { name: 'destroyed' }), UNBOUNDED);
    await retried(() => store.links.createIndex({ ids: 1 }, { name: 'ids' }), UNBOUNDED);
    return store;
  }

  async put(keys: readonly WrappedKey[]): Promise<readonly Answer[]> {
    const answers = new Map<WrappedKey, Answer>();
    const perPerson = Map.groupBy(keys, ({ personId }) => personId);
    await Promise.all(
      [...perPerson].map(async ([personId, theirs]) => {
        for (const [key, answer] of await this.putFor(personId, theirs)) answers.set(key, answer);
      }),
    );
    return keys.map((key) => answers.get(key) ?? 'destroyed');
  }

  async find(scope: KeyScope, object?: string): Promise<Answer | undefined> {
    const { caseId, category } = scope;
    const place = { caseId, category, object: object ?? '' };
    const cond = {
      $and: Object.entries(place).map(([field, value]) => ({ $eq: [`$$key.${field}`, { $literal: value }] })),
    };
    const keys = { $filter: { input: { $ifNull: ['$keys', []] }, as: 'key', cond } };
    const person = await retried(() =>
      this.persons.findOne<PersonDocument>({ _id: scope.personId }, { projection: { keys, scopes: 1 } }),
    );
    return answerOf(person, scope, object);
  }

  async byId(keyId: string): Promise<Answer | undefined> {
    const person = await retried(() =>
      this.persons.findOne({ 'keys.keyId': keyId }, { projection: { keys: { $elemMatch: { keyId } } } }),
    );
    const entry = person?.keys?.[0];
    if (person && entry) return keyOf(person._id, entry);
    const destroyed = await retried(() =>
      this.persons.findOne({ 'destroyed.keyId': keyId }, { projection: { _id: 1 } }),
    );
    return destroyed ? 'destroyed' : undefined;
  }

  async within(scope: DestroyScope): Promise<readonly WrappedKey[]> {
    const person = await retried(() => this.persons.findOne({ _id: scope.personId }));
    return (person?.keys ?? [])
      .filter((entry) => isWithin(scope, entry))
      .map((entry) => keyOf(scope.personId, entry))
      .sort((one, other) => (one.keyId < other.keyId ? -1 : 1));
  }

  async destroy(scope: DestroyScope): Promise<readonly string[]> {
    const after = await upserted(() =>
      this.persons.findOneAndUpdate({ _id: scope.personId }, destruction(scope), {
        upsert: true,
        returnDocument: 'after',
        projection: { destroyed: 1 },
      }),
    );
    const ids = (after?.destroyed ?? []).filter((entry) => isWithin(scope, entry)).map(({ keyId }) => keyId);
    return [...new Set(ids)].sort();
  }

  async *living(): AsyncIterable<WrappedKey> {
    let after: string | undefined;
    for (;;) {
      const filter = after === undefined ? {} : { _id: { $gt: after } };
      const page = await retried(() =>
        this.persons.find(filter, { projection: { keys: 1 }, sort: { _id: 1 }, limit: PAGE }).toArray(),
      );
      for (const { _id, keys = [] } of page) for (const entry of keys) yield keyOf(_id, entry);
      if (page.length < PAGE) return;
      after = page.at(-1)?._id;
    }
  }

  async rewrap(keys: readonly WrappedKey[]): Promise<void> {
    const operations = keys
      .filter(({ object }) => object === undefined)
      .map(({ personId, keyId, kekVersion, wrapped }): AnyBulkWriteOperation<PersonDocument> => ({
        updateOne: {
          filter: { _id: personId, keys: { $elemMatch: { keyId, object: '', kekVersion: { $lt: kekVersion } } } },
          update: { $set: { 'keys.$.kekVersion': kekVersion, 'keys.$.wrapped': binaryOf(wrapped) } },
        },
      }));
    if (operations.length > 0) await retried(() => this.persons.bulkWrite(operations, { ordered: false }));
  }

  async link(kind: LinkKind, hash: string, id: string): Promise<void> {
    await upserted(() =>
      this.links.updateOne({ _id: `${kind}:${hash}` }, { $addToSet: { ids: id } }, { upsert: true }),
    );
  }

  async linked(kind: LinkKind, hash: string): Promise<readonly string[]> {
    return (await retried(() => this.links.findOne({ _id: `${kind}:${hash}` })))?.ids ?? [];
  }

  async unlink(id: string, kind?: LinkKind): Promise<void> {
    const which = kind === undefined ? { ids: id } : { ids: id, _id: { $regex: `^${kind}:` } };
    await retried(() => this.links.updateMany(which, { $pull: { ids: id } }));
    await retried(() => this.links.deleteMany({ ids: { $size: 0 } }));
  }

  secret(name: string, make: () => Uint8Array): Promise<Uint8Array> {
    return this.secrets.secret(name, make);
  }

  rewrapSecret(name: string, from: Uint8Array, to: Uint8Array): Promise<void> {
    return this.secrets.rewrap(name, from, to);
  }

  destroySecret(name: string): Promise<void> {
    return this.secrets.destroy(name);
  }

  secretNames(): Promise<readonly string[]> {
    return this.secrets.names();
  }

  /** putFor one person: all that may come in one write; when it does not match, a look tells which may not, and the others try again. */
  private async putFor(personId: string, keys: readonly WrappedKey[]): Promise<ReadonlyMap<WrappedKey, Answer>> {
    const answers = new Map<WrappedKey, Answer>();
    for (let rounds = 0; rounds < MOST_ROUNDS; rounds++) {
      const coming = firstOfEachScope(keys.filter((key) => !answers.has(key)));
      if (coming.length === 0) return answers;
      if (await this.added(personId, coming)) {
        for (const key of coming) answers.set(key, key);
        continue;
      }
      const person = await retried(() => this.persons.findOne({ _id: personId }));
      for (const key of keys) {
        if (answers.has(key)) continue;
        const answer = answerNow(person, key);
        if (answer) answers.set(key, answer);
      }
    }
    throw new Unavailable('storage-unavailable', { mongodb: 'contention' });
  }

  private async added(personId: string, keys: readonly WrappedKey[]): Promise<boolean> {
    const entries = keys.map(entryOf);
    return retried(async () => {
      try {
        await this.persons.updateOne(
          { _id: personId, ...freeFor(entries) },
          { $push: { keys: { $each: entries } } },
          { upsert: true },
        );
        return true;
      } catch (error) {
        // The person is there, and not free for these keys.
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    });
  }
}

/** firstOfEachScope: a scope has one data key, so only the first one of a call can come; content keys all do. */
function firstOfEachScope(keys: readonly WrappedKey[]): readonly WrappedKey[] {
  const seen = new Set<string>();
  return keys.filter(({ caseId, category, object }) => {
    const scope = JSON.stringify([caseId, category]);
    if (object !== undefined) return true;
    if (seen.has(scope)) return false;
    seen.add(scope);
    return true;
  });
}

/** answerNow: a content key is never in force for another one, so only itself or 'destroyed' answers it. */
function answerNow(person: PersonDocument | null, key: WrappedKey): Answer | undefined {
  if (person?.keys?.some(({ keyId }) => keyId === key.keyId)) return key;
  const answer = answerOf(person, key, key.object);
  return key.object === undefined || answer === 'destroyed' ? answer : undefined;
}
