import { setTimeout as pause } from 'node:timers/promises';
import { MongoConnection } from './connection';
import { isSpent, retried, transact } from './retry';
import { ensureSchema, assertSchema } from './schema';
import {
  asAdmin,
  cuttable,
  dropDatabases,
  engineControl,
  engineUrl,
  engineUrlFor,
  freshDatabase,
  openEngine,
} from './testing';

// A server in a process of its own, on a machine that has other things to do.
jest.setTimeout(300_000);

interface Counter {
  readonly _id: string;
  readonly count: number;
}

const databases: string[] = [];
const fresh = () => {
  const name = freshDatabase();
  databases.push(name);
  return name;
};
const opened: MongoConnection[] = [];
const kept = (connection: MongoConnection) => {
  opened.push(connection);
  return connection;
};
let connection: MongoConnection;
beforeAll(async () => {
  connection = kept(await openEngine());
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
  await dropDatabases(databases);
});
const codeOf = async (attempt: () => Promise<unknown>): Promise<string> => {
  const error = await attempt().then(
    () => ({ code: 'none' }),
    (caught: unknown) => caught,
  );
  return (error as { code: string }).code;
};

describe('MongoConnection', () => {
  it('refuses at once what waiting cannot mend: a wrong password, another replica set', async () => {
    const wrong = { waitMs: 60_000, selectionMs: 1_000 };
    expect(await codeOf(() => MongoConnection.open(engineUrlFor('root', 'wrong'), wrong))).toBe(
      'mongodb-credentials-refused',
    );
    const url = new URL(engineUrl());
    url.searchParams.set('replicaSet', 'another');
    expect(await codeOf(() => MongoConnection.open(url.href, wrong))).toBe('mongodb-no-replica-set');
  });

  it('says that it is closed', async () => {
    const own = await openEngine();
    await own.close();
    await own.close();
    expect(own.closed).toBe(true);
    expect(await codeOf(() => own.ping())).toBe('storage-closed');
    expect(() => own.database('any')).toThrow('storage-closed');
  });

  it('says which right is missing, and does not try again', async () => {
    const name = fresh();
    await asAdmin((client) =>
      client.db(name).command({ createUser: 'nobody', pwd: 'nothing-to-hide', roles: [{ role: 'read', db: name }] }),
    );
    const url = new URL(engineUrlFor('nobody', 'nothing-to-hide'));
    url.searchParams.set('authSource', name);
    const nobody = kept(await MongoConnection.open(url.href, { waitMs: 0 }));
    const write = () => retried(() => nobody.database(name).collection('a').insertOne({}));
    expect(await codeOf(write)).toBe('storage-refused');
    await asAdmin((client) => client.db(name).command({ dropUser: 'nobody' }));
  });
});

describe('the schema of a database', () => {
  it('is marked once, also by many at once, and recognised', async () => {
    const name = fresh();
    await expect(assertSchema(connection.database(name))).rejects.toMatchObject({ code: 'storage-not-prepared' });
    await Promise.all(Array.from({ length: 8 }, () => ensureSchema(connection.database(name))));
    await assertSchema(connection.database(name));
  });

  it('of a later version is refused, with both versions', async () => {
    const name = fresh();
    await ensureSchema(connection.database(name));
    await asAdmin((client) =>
      client
        .db(name)
        .collection('schema')
        .updateOne({}, { $set: { version: 2 } }),
    );
    await expect(ensureSchema(connection.database(name))).rejects.toMatchObject({
      code: 'storage-too-new',
      facts: { database: name, version: 2, known: 1 },
    });
  });

  it('of another program is refused', async () => {
    const [unmarked, theirs] = [fresh(), fresh()];
    await asAdmin(async (client) => {
      await client.db(unmarked).collection('theirs').insertOne({});
      await client.db(theirs).collection<{ _id: string }>('schema').insertOne({ _id: 'schema' });
    });
    for (const name of [unmarked, theirs])
      await expect(ensureSchema(connection.database(name))).rejects.toMatchObject({ code: 'storage-not-ours' });
  });
});

describe('a transaction', () => {
  const counters = (of: MongoConnection, name: string) => of.database(name).collection<Counter>('counters');
  const increment = (of: MongoConnection, name: string) =>
    of.transaction(async (session) => {
      const found = await counters(of, name).findOne({ _id: 'a' }, { session });
      const count = (found?.count ?? 0) + 1;
      await counters(of, name).updateOne({ _id: 'a' }, { $set: { count } }, { session, upsert: true });
    });

  it('that conflicts with others is run again, also when both make the same document', async () => {
    const name = fresh();
    await asAdmin((client) => client.db(name).createCollection('counters'));
    await Promise.all(Array.from({ length: 12 }, () => increment(connection, name)));
    expect(await counters(connection, name).findOne()).toEqual({ _id: 'a', count: 12 });
  });

  it('changes nothing when its work throws, and the error is the work’s own', async () => {
    const name = fresh();
    await increment(connection, name);
    const failing = connection.transaction(async (session) => {
      await counters(connection, name).updateOne({ _id: 'a' }, { $set: { count: 99 } }, { session });
      throw new Error('mine');
    });
    await expect(failing).rejects.toThrow('mine');
    expect(await counters(connection, name).findOne()).toEqual({ _id: 'a', count: 1 });
  });

  it('survives a connection that is cut under it, and counts once', async () => {
    const name = fresh();
    const line = await cuttable();
    const own = kept(await MongoConnection.open(line.url, { waitMs: 5_000 }));
    for (let count = 1; count <= 40; count++) {
      const done = increment(own, name);
      if (count % 5 === 0) setImmediate(() => line.cut());
      await done;
    }
    expect(await counters(connection, name).findOne()).toEqual({ _id: 'a', count: 40 });
    await own.close();
    await line.close();
  });
});

if (engineControl) {
  const control = engineControl;
  describe('a server that is killed or frozen', () => {
    it('is waited for at start', async () => {
      await control('kill');
      const told: string[] = [];
      let asked: () => void = () => undefined;
      const waiting = new Promise<void>((resolve) => (asked = resolve));
      const opening = MongoConnection.open(engineUrl(), {
        waitMs: 30_000,
        selectionMs: 300,
        waiting: (code) => {
          told.push(code);
          asked();
        },
      });
      await waiting;
      await control('start');
      await kept(await opening).ping();
      expect(new Set(told)).toEqual(new Set(['mongodb-unreachable']));
    });

    it('fails operations within seconds, and serves them again when it is back', async () => {
      const name = fresh();
      const insert = () => retried(() => connection.database(name).collection('a').insertOne({}));
      await insert();
      await control('kill');
      expect(await codeOf(insert)).toBe('storage-unavailable');
      expect(await codeOf(() => connection.ping())).toBe('storage-unavailable');
      await control('start');
      await insert();
      await control('freeze');
      expect(await codeOf(insert)).toBe('storage-unavailable');
      await control('thaw');
      await insert();
    });

    it('is not waited for for ever by what it does not take in, and a transaction that was given up is never committed', async () => {
      const name = fresh();
      const rows = connection.database(name).collection<{ _id: string; text: string }>('rows');
      await rows.insertOne({ _id: 'a', text: '' });
      const session = connection.session();
      await control('freeze');
      // More than a socket takes: the driver never settles this once it has given up the connection.
      const text = 'x'.repeat(15_000_000);
      const late = transact(session, () => rows.updateOne({ _id: 'a' }, { $set: { text } }, { session }), 8_000);
      const code = codeOf(() => late);
      // Longer than the heartbeat bears it.
      await pause(6_000);
      await control('thaw');
      expect(await code).toBe('storage-unavailable');
      expect(isSpent(session)).toBe(true);
      await retried(() => rows.updateOne({ _id: 'a' }, { $set: { text: 'other' } }));
      expect(await rows.findOne({ _id: 'a' })).toEqual({ _id: 'a', text: 'other' });
    });
  });
}
