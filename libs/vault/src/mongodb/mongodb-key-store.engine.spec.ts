import { randomBytes, randomUUID } from 'node:crypto';
import { databasesOf, MongoConnection } from '@second-opinion/mongodb';
import { asAdmin, engineControl, engineSuite, serviceUser } from '@second-opinion/mongodb/testing';
import { keyStoreContract, wrappedKey } from '../key-store.contract';
import { MongoKeyStore } from './mongodb-key-store';

// A server in a process of its own, on a machine that has other things to do.
jest.setTimeout(300_000);

const suite = engineSuite();
beforeAll(suite.open);
afterAll(suite.close);

keyStoreContract('MongoKeyStore', () => MongoKeyStore.open(suite.connection, suite.fresh()));

describe('MongoKeyStore', () => {
  let name: string;
  let store: MongoKeyStore;
  let other: MongoKeyStore;
  beforeEach(async () => {
    name = suite.fresh();
    [store, other] = await Promise.all([
      MongoKeyStore.open(suite.connection, name),
      MongoKeyStore.open(suite.another, name),
    ]);
  });
  const living = async (of: MongoKeyStore) => {
    const ids: string[] = [];
    for await (const key of of.living()) ids.push(key.keyId);
    return ids;
  };
  const everything = () =>
    asAdmin(async (client) => {
      const database = client.db(name);
      const collections = await database.listCollections({}, { nameOnly: true }).toArray();
      const all = await Promise.all(collections.map((one) => database.collection(one.name).find().toArray()));
      return JSON.stringify(all);
    });

  it('keeps one data key of a scope, whichever of two processes was first', async () => {
    const keys = Array.from({ length: 30 }, () => wrappedKey());
    const answers = await Promise.all(keys.map((key, index) => (index % 2 ? store : other).put([key])));
    const ids = answers.map(([answer]) => (typeof answer === 'object' ? answer.keyId : answer));
    expect(new Set(ids).size).toBe(1);
    expect(await living(store)).toEqual([ids[0]]);
  });

  it('gives two processes that make a secret at once the same one', async () => {
    const values = await Promise.all(
      Array.from({ length: 12 }, (_, index) => (index % 2 ? store : other).secret('etag', () => randomBytes(60))),
    );
    expect(new Set(values.map((value) => Buffer.from(value).toString('hex'))).size).toBe(1);
  });

  it('lets no key survive that is put while its scope is destroyed by another process', async () => {
    for (let round = 0; round < 15; round++) {
      const personId = `person-${round}`;
      const puts = Array.from({ length: 12 }, (_, index) =>
        store.put([
          wrappedKey({ personId, caseId: `case-${index % 3}` }),
          wrappedKey({ personId, caseId: 'case-0', object: `document-${index}`, kekVersion: 0 }),
        ]),
      );
      const destroyed = other.destroy({ personId, caseId: 'case-0' });
      await Promise.all(puts);
      await destroyed;
      expect(await store.within({ personId, caseId: 'case-0' })).toEqual([]);
      expect(await store.within({ personId })).toHaveLength(2);
    }
  });

  it('adds the keys of one call for several persons, and says of each what is in force', async () => {
    const here = wrappedKey({ personId: 'person-1' });
    await store.put([here]);
    await store.destroy({ personId: 'person-2' });
    const fresh3 = wrappedKey({ personId: 'person-3' });
    const answers = await other.put([
      wrappedKey({ personId: 'person-1' }),
      wrappedKey({ personId: 'person-2' }),
      fresh3,
    ]);
    expect(answers.map((answer) => (typeof answer === 'object' ? answer.keyId : answer))).toEqual([
      here.keyId,
      'destroyed',
      fresh3.keyId,
    ]);
  });

  it('leaves no wrapping of a destroyed key or secret, nor an old one, in any document', async () => {
    const key = wrappedKey({ wrapped: randomBytes(60) });
    const secret = randomBytes(60);
    const rewrapped = wrappedKey({ personId: 'person-2' });
    await store.put([key, rewrapped]);
    await store.secret('mac-2026-01', () => secret);
    const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
    const before = await everything();
    for (const bytes of [key.wrapped, secret, rewrapped.wrapped]) expect(before).toContain(text(bytes));
    await store.destroy({ personId: 'person-1' });
    await store.destroySecret('mac-2026-01');
    await store.rewrap([{ ...rewrapped, kekVersion: 2, wrapped: randomBytes(60) }]);
    const after = await everything();
    for (const bytes of [key.wrapped, secret, rewrapped.wrapped]) expect(after).not.toContain(text(bytes));
  });

  it('destroys again what an older copy of the database has brought back', async () => {
    const key = wrappedKey();
    await store.put([key]);
    const copy = await asAdmin((client) => client.db(name).collection('persons').find().toArray());
    await store.destroy({ personId: 'person-1' });
    await asAdmin(async (client) => {
      const persons = client.db(name).collection('persons');
      await persons.deleteMany({});
      await persons.insertMany(copy);
    });
    expect(await store.byId(key.keyId)).toMatchObject({ keyId: key.keyId });
    expect(await store.destroy({ personId: 'person-1' })).toEqual([key.keyId]);
    expect(await store.byId(key.keyId)).toBe('destroyed');
  });

  it('takes ids that mean something to MongoDB for what they are', async () => {
    const scope = { personId: '$a.b', caseId: '$$ROOT', category: 'MEDICAL' } as const;
    const key = wrappedKey(scope);
    await store.put([key, wrappedKey({ ...scope, caseId: '$keys' })]);
    expect(await store.find(scope)).toMatchObject({ keyId: key.keyId });
    expect(await store.destroy({ personId: '$a.b', caseId: '$$ROOT' })).toEqual([key.keyId]);
    expect(await store.within({ personId: '$a.b' })).toHaveLength(1);
  });

  describe('with the rights of a service', () => {
    const names = databasesOf(`t${randomBytes(6).toString('hex')}`);
    const as = async (service: string, work: (connection: MongoConnection) => Promise<void>) => {
      suite.fresh(names.keys);
      const user = await serviceUser(service, names);
      const own = await MongoConnection.open(user.url, { waitMs: 5_000 });
      try {
        await work(own);
      } finally {
        await own.close();
        await user.remove();
      }
    };

    it.each(['intake', 'reporting', 'billing', 'notification', 'records'])('puts and destroys keys as %s', (service) =>
      as(service, async (own) => {
        const theirs = await MongoKeyStore.open(own, names.keys);
        const [key] = await theirs.put([wrappedKey({ personId: service })]);
        if (typeof key !== 'object') throw new Error('not put');
        await theirs.rewrap([{ ...key, kekVersion: 2 }]);
        await theirs.link('command', service, 'mac');
        await theirs.secret(`of-${service}`, () => randomBytes(60));
        expect(await theirs.destroy({ personId: service })).toEqual([key.keyId]);
      }),
    );

    it.each(['intake', 'records'])('takes out what led to a person as %s', (service) =>
      as(service, async (own) => {
        const theirs = await MongoKeyStore.open(own, names.keys);
        await theirs.link('login', service, service);
        await theirs.unlink(service);
        expect(await theirs.linked('login', service)).toEqual([]);
      }),
    );

    it('destroys and rewraps a secret as records', () =>
      as('records', async (own) => {
        const theirs = await MongoKeyStore.open(own, names.keys);
        const first = await theirs.secret('of-records', () => randomBytes(60));
        await theirs.rewrapSecret('of-records', first, randomBytes(60));
        await theirs.destroySecret('of-records');
      }));

    it.each(['intake', 'scheduling', 'reporting', 'billing', 'notification'])(
      'makes secrets as %s, a check value of a key-encryption key among them, and changes none',
      (service) =>
        as(service, async (own) => {
          const theirs = await MongoKeyStore.open(own, names.keys);
          const made = await theirs.secret(`kek.${service}`, () => randomBytes(60));
          const refused = { code: 'storage-refused' };
          await expect(theirs.rewrapSecret(`kek.${service}`, made, randomBytes(60))).rejects.toMatchObject(refused);
          await expect(theirs.destroySecret(`kek.${service}`)).rejects.toMatchObject(refused);
          const secrets = own.database(names.keys).collection('secrets');
          for (const change of [
            secrets.updateOne({}, { $set: { wrapped: 'other' } }),
            secrets.updateMany({}, { $unset: { wrapped: true } }),
            secrets.findOneAndUpdate({}, { $set: { destroyed: true } }),
            secrets.findOneAndDelete({}),
          ])
            await expect(change).rejects.toMatchObject({ code: 13 });
          expect(await theirs.secret(`kek.${service}`, () => randomBytes(60))).toEqual(made);
        }),
    );

    it('only reads keys as scheduling, which seals nothing', () =>
      as('scheduling', async (own) => {
        const theirs = await MongoKeyStore.open(own, names.keys);
        await theirs.link('command', 'hash', 'mac');
        await theirs.secret('of-scheduling', () => randomBytes(60));
        expect(await theirs.find({ personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' })).toBeUndefined();
        const refused = { code: 'storage-refused' };
        await expect(theirs.put([wrappedKey()])).rejects.toMatchObject(refused);
        await expect(theirs.destroy({ personId: 'person-1' })).rejects.toMatchObject(refused);
      }));

    it.each(['intake', 'scheduling', 'reporting', 'billing', 'notification', 'records'])(
      'removes no key, no secret and no claim as %s, drops none of their collections, and changes no claim',
      (service) =>
        as(service, async (own) => {
          await MongoKeyStore.open(own, names.keys);
          const keys = own.database(names.keys);
          const refused = { code: 13 };
          for (const collection of ['persons', 'secrets', 'deployment', 'schema']) {
            await expect(keys.collection(collection).deleteMany({})).rejects.toMatchObject(refused);
            await expect(keys.collection(collection).drop()).rejects.toMatchObject(refused);
          }
          for (const collection of ['deployment', 'schema'])
            await expect(
              keys.collection(collection).updateMany({}, { $set: { files: 'other' } }),
            ).rejects.toMatchObject(refused);
          await expect(keys.collection('links').drop()).rejects.toMatchObject(refused);
          await expect(keys.collection('other').insertOne({ a: 1 })).rejects.toMatchObject(refused);
          await expect(keys.dropDatabase()).rejects.toMatchObject(refused);
        }),
    );
  });

  if (engineControl) {
    const control = engineControl;
    it('keeps every acknowledged key and every destruction, when the server is killed under many writes', async () => {
      const put: string[] = [];
      const gone: string[] = [];
      let stop = false;
      let more: () => void = () => undefined;
      const acknowledged = (count: number) =>
        new Promise<void>((resolve) => {
          more = () => void (put.length >= count && resolve());
        });
      const writer = async (of: MongoKeyStore, number: number) => {
        for (let round = 0; !stop; round++) {
          const key = wrappedKey({ personId: `person-${number}`, caseId: `case-${round}`, keyId: randomUUID() });
          try {
            const [answer] = await of.put([key]);
            if (typeof answer === 'object') put.push(answer.keyId);
            more();
            if (round % 3 > 0) continue;
            gone.push(...(await of.destroy({ personId: key.personId, caseId: key.caseId })));
          } catch (error) {
            expect(error).toMatchObject({ code: 'storage-unavailable' });
          }
        }
      };
      const writers = Array.from({ length: 8 }, (_, index) => writer(index % 2 ? store : other, index));
      try {
        for (let kills = 0; kills < 3; kills++) {
          await acknowledged(put.length + 20);
          await control('kill');
          await control('start');
        }
      } finally {
        stop = true;
        await Promise.all(writers);
      }
      const destroyed = new Set(gone);
      expect(put.length).toBeGreaterThan(60);
      for (const keyId of put) {
        const answer = await store.byId(keyId);
        if (destroyed.has(keyId)) expect(answer).toBe('destroyed');
        else expect(answer).toBeDefined();
      }
    });
  }
});
