import { randomBytes } from 'node:crypto';
import { databasesOf, MongoConnection } from '@second-opinion/mongodb';
import {
  asAdmin,
  engineControl,
  engineSuite,
  openEngine,
  serviceUser,
  type ServiceUser,
} from '@second-opinion/mongodb/testing';
import { MongoClient, type Collection, type MongoServerError } from 'mongodb';
import { accessLogContract, accessRecord } from '../access-log.contract';
import { MongoAccessLog } from './mongodb-access-log';
import { prepareAccessLog, recordsOf, type RecordDocument } from './prepare';

// A server in a process of its own, on a machine that has other things to do.
jest.setTimeout(300_000);

const suite = engineSuite();
beforeAll(suite.open);
afterAll(suite.close);
const freshLog = async (name = suite.fresh()) => {
  await prepareAccessLog(suite.connection, name);
  return MongoAccessLog.open(suite.connection, name);
};
const ids = (count: number, prefix = '') => Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

accessLogContract('MongoAccessLog', () => freshLog());

describe('MongoAccessLog', () => {
  let name: string;
  let log: MongoAccessLog;
  beforeEach(async () => {
    name = suite.fresh();
    log = await freshLog(name);
  });
  const inside = <T>(work: (records: Collection<RecordDocument>) => Promise<T>) =>
    asAdmin((client) => work(recordsOf(client.db(name))));

  it('is not opened before it was prepared', async () => {
    await expect(MongoAccessLog.open(suite.connection, suite.fresh())).rejects.toMatchObject({
      code: 'storage-not-prepared',
    });
  });

  it('keeps a chain for each process, and proves them all', async () => {
    const other = await MongoAccessLog.open(suite.connection, name);
    await Promise.all(
      ids(40).map((id, index) => (index % 2 ? log : other).write([accessRecord(id), accessRecord(`${id}-b`)])),
    );
    const proof = await log.prove();
    expect(proof).toEqual({ records: 80, head: expect.any(String) });
    expect(await other.prove()).toEqual(proof);
    const chains = await inside((records) => records.distinct('_id'));
    expect(new Set(chains.map((place) => place.split('.')[0])).size).toBe(2);
  });

  it('writes a record once that two processes write', async () => {
    const other = await MongoAccessLog.open(suite.connection, name);
    await log.write([accessRecord('1')]);
    await other.write([accessRecord('1'), accessRecord('2'), accessRecord('2')]);
    await Promise.all([log.write([accessRecord('3'), accessRecord('4')]), other.write([accessRecord('3')])]);
    const { records } = await log.read({});
    expect(records.map(({ id }) => id).sort()).toEqual(['1', '2', '3', '4']);
    expect(await log.prove()).toEqual({ records: 4, head: expect.any(String) });
  });

  it('gives the records of many processes in the order in which they were written', async () => {
    const other = await MongoAccessLog.open(suite.connection, name);
    for (const id of ids(20)) await (Number(id) % 3 ? log : other).write([accessRecord(id)]);
    expect((await log.read({})).records.map(({ id }) => id)).toEqual(ids(20));
  });

  it.each<[string, (records: Collection<RecordDocument>, all: readonly RecordDocument[]) => Promise<unknown>, number]>([
    [
      'a changed record',
      (records, all) =>
        records.updateOne({ id: '3' }, { $set: { record: String(all[2]?.record).replace('doctor-2', 'doctor-3') } }),
      3,
    ],
    ['a removed record', (records) => records.deleteOne({ id: '3' }), 3],
    ['a removed first record', (records) => records.deleteOne({ id: '1' }), 1],
    [
      'a record put in the place of another',
      (records, all) => records.updateOne({ id: '3' }, { $set: { record: String(all[3]?.record) } }),
      3,
    ],
    ['a record hidden from its person', (records) => records.updateOne({ id: '2' }, { $set: { personId: 'x' } }), 2],
    ['a record hidden from its case', (records) => records.updateOne({ id: '4' }, { $set: { caseId: 'x' } }), 4],
  ])('shows %s to whoever proves the chain', async (_, tamper, brokenAt) => {
    await log.write(['1', '2', '3', '4'].map((id) => accessRecord(id)));
    await inside(async (records) => tamper(records, await records.find().sort({ _id: 1 }).toArray()));
    expect(await log.prove()).toMatchObject({ brokenAt, records: brokenAt - 1 });
  });

  it('rejects when the connection is closed, so that the door stays shut', async () => {
    const own = await openEngine();
    const closed = await MongoAccessLog.open(own, name);
    await own.close();
    await expect(closed.write([accessRecord('9')])).rejects.toMatchObject({ kind: 'unavailable' });
  });

  describe('for the users of the services', () => {
    const names = databasesOf(`t${randomBytes(6).toString('hex')}`);
    const users: ServiceUser[] = [];
    const opened: MongoConnection[] = [];
    const as = async (service: string) => {
      const user = await serviceUser(service, names);
      users.push(user);
      const own = await MongoConnection.open(user.url, { waitMs: 5_000 });
      opened.push(own);
      return { log: await MongoAccessLog.open(own, names.accessLog), url: user.url };
    };
    beforeAll(async () => {
      suite.fresh(names.accessLog);
      await prepareAccessLog(suite.connection, names.accessLog);
    });
    afterAll(async () => {
      await Promise.all(opened.map((one) => one.close()));
      for (const user of users) await user.remove();
    });

    it('lets a service write, also several records together and again, and read, change or remove nothing', async () => {
      const { log: theirs, url } = await as('billing');
      await theirs.write([accessRecord('b1')]);
      await theirs.write([accessRecord('b2'), accessRecord('b3')]);
      await theirs.write([accessRecord('b3'), accessRecord('b4')]);
      await expect(theirs.read({})).rejects.toMatchObject({ code: 'storage-refused' });
      await expect(theirs.prove()).rejects.toMatchObject({ code: 'storage-refused' });
      await refusesAllChanges(url, names.accessLog);
      const whole = await MongoAccessLog.open(suite.connection, names.accessLog);
      expect((await whole.read({})).records.map(({ id }) => id)).toEqual(['b1', 'b2', 'b3', 'b4']);
    });

    it('lets records also read and prove, and change or remove nothing', async () => {
      const { log: theirs, url } = await as('records');
      await theirs.write([accessRecord('r1')]);
      expect((await theirs.read({ personId: 'person-1' })).records.map(({ id }) => id)).toContain('r1');
      expect((await theirs.prove()).brokenAt).toBeUndefined();
      await refusesAllChanges(url, names.accessLog);
    });
  });

  if (engineControl) {
    const control = engineControl;
    it('has every acknowledged record, each once and all in whole chains, after the server was killed under many writes', async () => {
      const acknowledged: string[] = [];
      let stop = false;
      let more: () => void = () => undefined;
      const writer = async (number: number) => {
        for (let round = 0; !stop; round++) {
          const records = ids(1 + (round % 3), `w${number}-${round}-`).map((id) => accessRecord(id));
          for (;;) {
            try {
              await log.write(records);
              break;
            } catch (error) {
              expect(error).toMatchObject({ code: 'storage-unavailable' });
            }
          }
          acknowledged.push(...records.map(({ id }) => id));
          more();
        }
      };
      const written = (count: number) =>
        new Promise<void>((resolve) => {
          more = () => void (acknowledged.length >= count && resolve());
        });
      const writers = Array.from({ length: 8 }, (_, index) => writer(index));
      try {
        for (let kills = 0; kills < 3; kills++) {
          await written(acknowledged.length + 100);
          await control('kill');
          await control('start');
        }
        await written(acknowledged.length + 100);
      } finally {
        stop = true;
        await Promise.all(writers);
      }
      const proof = await log.prove();
      expect(proof).toEqual({ records: acknowledged.length, head: expect.any(String) });
      const stored = await inside((records) => records.distinct('id'));
      expect(stored.sort()).toEqual(acknowledged.sort());
    });
  }
});

/** refusesAllChanges tries everything that would change history, past the adapter. */
async function refusesAllChanges(url: string, database: string): Promise<void> {
  const client = new MongoClient(url);
  const records = recordsOf(client.db(database));
  const attempts: (() => Promise<unknown>)[] = [
    () => records.updateMany({}, { $set: { record: '{}' } }),
    () => records.replaceOne({}, {} as RecordDocument),
    () => records.deleteMany({}),
    () => records.findOneAndDelete({}),
    () => records.drop(),
    () => records.rename('elsewhere'),
    () => records.dropIndex('id'),
    () => client.db(database).dropDatabase(),
    () => client.db(database).collection('schema').deleteMany({}),
    () => client.db(database).command({ collMod: 'access_log', validationLevel: 'off' }),
  ];
  try {
    for (const attempt of attempts) {
      const error = await attempt().catch((caught: unknown) => caught as MongoServerError);
      expect(error).toMatchObject({ codeName: 'Unauthorized' });
    }
  } finally {
    await client.close();
  }
}
