import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { databasesOf, MongoConnection } from '@second-opinion/mongodb';
import {
  asAdmin,
  cuttable,
  dropDatabases,
  engineControl,
  freshDatabase,
  openEngine,
  serviceUser,
} from '@second-opinion/mongodb/testing';
import type { Document } from 'mongodb';
import { viewStoreContract } from '../view-store.contract';
import type { Lease, Query, ViewStore } from '../view-store';
import { Collections } from './collections';
import { Leases, sessionId } from './leases';
import { MongoViewStore } from './mongodb-view-store';
import { countedBy, matching, pageFilter, sortOf } from './questions';
import { MOST_ROW_BYTES } from './rows';

// A server in a process of its own, on a machine that has other things to do.
jest.setTimeout(300_000);

const database = freshDatabase();
const opened: MongoConnection[] = [];
const open = async () => {
  const connection = await openEngine();
  opened.push(connection);
  return connection;
};
const store = async () => MongoViewStore.open(await open(), database);
const closeAll = () => Promise.all(opened.splice(0).map((connection) => connection.close()));
afterAll(async () => {
  await closeAll();
  await dropDatabases([database]);
});

viewStoreContract('MongoViewStore', async () => ({
  views: await store(),
  another: store,
  restart: async () => {
    await closeAll();
    return store();
  },
  pass: (milliseconds) => pause(milliseconds),
  close: async () => {
    await closeAll();
  },
}));

describe('MongoViewStore', () => {
  let number = 0;
  let view: string;
  let views: MongoViewStore;
  beforeEach(async () => {
    view = `own.rows-${++number}.v1`;
    views = await store();
    await views.declare({ name: view, indexes: [] });
  });
  afterEach(closeAll);

  const count = async (of: ViewStore) => (await of.get<{ count: number }>(view, 'sum'))?.row.count ?? 0;
  /** project counts positions as a projection does: from what is stored, in order, each once. */
  const project = async (of: ViewStore, until: () => boolean, lease?: Lease) => {
    const at = Number((await of.checkpoint(view)) ?? 0) + 1;
    for (let next = at; !until(); next++) {
      const position = String(next);
      const sum = { key: 'sum', row: { count: (await count(of)) + 1 }, position };
      if (!(await of.apply(view, [sum, { key: `row-${position}`, row: {}, position }], position, lease))) return;
    }
  };
  const projectOn = async (of: ViewStore, until: () => boolean) => {
    while (!until())
      await project(of, until).catch((error: unknown) => expect(error).toMatchObject({ code: 'storage-unavailable' }));
  };
  const whole = async (of: ViewStore) => {
    const last = Number(await of.checkpoint(view));
    expect(await count(of)).toBe(last);
    expect(await of.count(view)).toBe(last + 1);
    return last;
  };

  it('answers from the declared indexes, without looking at every row and without sorting', async () => {
    await views.declare({ name: view, indexes: [['assignee', 'dueAt'], ['dueAt']] });
    const rows = Array.from({ length: 300 }, (_, index) => ({
      key: `k${index}`,
      row: { assignee: `doctor-${index % 7}`, dueAt: index % 5 ? `2026-01-0${index % 9}` : null },
      position: '1',
    }));
    await views.apply(view, rows, '1');
    const stages = async (query: Query, from?: { value: string | null; key: string }) => {
      const plan = await asAdmin((client) =>
        new Collections(client.db(database))
          .rows(view)
          .find(pageFilter(query, from), { sort: sortOf(query), limit: 10 })
          .explain('executionStats'),
      );
      const { executionStats, queryPlanner } = plan as Record<string, Document>;
      return {
        stages: JSON.stringify(queryPlanner?.['winningPlan']).match(/(?<="stage":")[A-Z_]+/g) ?? [],
        looked: Number(executionStats?.['totalDocsExamined']),
      };
    };
    const places = [undefined, { value: '2026-01-04', key: 'k1' }, { value: null, key: 'k1' }];
    const narrowed: NonNullable<Query['where']>[] = [{}, { assignee: 'doctor-1' }];
    for (const where of narrowed)
      for (const descending of [false, true])
        for (const place of places) {
          const plan = await stages({ where, orderBy: 'dueAt', descending }, place);
          expect(plan.stages).not.toEqual(expect.arrayContaining(['COLLSCAN']));
          expect(plan.stages).not.toEqual(expect.arrayContaining(['SORT']));
          expect(plan.looked).toBeLessThanOrEqual(30);
        }
    const counted = await asAdmin((client) =>
      new Collections(client.db(database))
        .rows(view)
        .find(matching({ assignee: 'doctor-1' }))
        .explain(),
    );
    expect(JSON.stringify(counted['queryPlanner'])).toContain('IXSCAN');
    const by = await asAdmin((client) =>
      new Collections(client.db(database))
        .rows(view)
        .aggregate(countedBy('dueAt', { assignee: 'doctor-1' }))
        .explain('executionStats'),
    );
    expect(JSON.stringify(by)).toContain('"totalDocsExamined":0');
  });

  it('refuses a row that MongoDB could not keep, and writes nothing of its batch', async () => {
    const large = { text: 'x'.repeat(MOST_ROW_BYTES - 200) };
    const batch = (row: object) => [
      { key: 'small', row: {}, position: '1' },
      { key: 'large', row, position: '1' },
    ];
    const tooLarge = batch({ text: `${large.text}${'x'.repeat(200)}` });
    await expect(views.apply(view, tooLarge, '1')).rejects.toMatchObject({ code: 'view-row-too-large' });
    await expect(views.patch(view, tooLarge)).rejects.toMatchObject({ code: 'view-row-too-large' });
    expect(await views.count(view)).toBe(0);
    expect(await views.apply(view, batch(large), '1')).toBe(true);
    expect((await views.get<typeof large>(view, 'large'))?.row.text).toHaveLength(large.text.length);
  });

  it('finishes a drop that a crash has cut off', async () => {
    await views.apply(view, [{ key: 'a', row: {}, position: '7' }], '7');
    await asAdmin((client) =>
      new Collections(client.db(database)).checkpoints.updateOne({ _id: view }, { $set: { dropping: true } }),
    );
    expect(await views.apply(view, [], '1000000')).toBe(false);
    const later = await store();
    await later.declare({ name: view, indexes: [] });
    expect([await later.count(view), await later.checkpoint(view)]).toEqual([0, undefined]);
    expect(await later.apply(view, [], '1')).toBe(true);
  });

  it('needs no other rights than those of a service', async () => {
    const names = databasesOf(`t${randomBytes(6).toString('hex')}`);
    const user = await serviceUser('billing', names);
    const connection = await MongoConnection.open(user.url, { waitMs: 5_000 });
    opened.push(connection);
    try {
      const theirs = await MongoViewStore.open(connection, names.service('billing'));
      const again = await MongoViewStore.open(connection, names.service('billing'));
      for (const one of [theirs, again]) await one.declare({ name: view, indexes: [['a'], ['b']] });
      // Each takes the lease over from the other: that ends a session, which a user may do with his own ones.
      for (const [of, holder] of [
        [theirs, 'one'],
        [again, 'two'],
        [theirs, 'three'],
      ] as const) {
        const lease = await of.acquire('own.rights', holder, 0);
        expect(await of.apply(view, [], String(lease?.token), lease)).toBe(true);
      }
      await again.declare({ name: view, indexes: [['b']] });
      await again.drop(view);
      await expect(MongoViewStore.open(connection, names.service('intake'))).rejects.toMatchObject({
        code: 'storage-refused',
      });
    } finally {
      await user.remove();
      await dropDatabases([names.service('billing')]);
    }
  });

  it('shows rows of a writer that does not know of an index yet, and fills in what he left out', async () => {
    const long = 'x'.repeat(1_000);
    const rows = ['short', long].map((text) => ({ key: text.slice(0, 5), row: { text }, position: '1' }));
    const newer = await store();
    await views.apply(view, rows, '1');
    await newer.declare({ name: view, indexes: [['text']] });
    await views.apply(view, [{ key: 'later', row: { text: 'short' }, position: '2' }], '2');
    const keys = async (text: string) =>
      (await newer.find(view, { where: { text } })).rows.map(({ key }) => key).sort();
    expect(await keys('short')).toEqual(['later', 'short']);
    expect(await keys(long)).toEqual(['xxxxx']);
  });

  describe('a transaction that was left open', () => {
    const name = () => `own.lease-${number}`;
    const openTransaction = async (ttlMs: number) => {
      const connection = await open();
      const collections = new Collections(connection.database(database));
      const leases = new Leases(connection, collections);
      const lease = (await leases.acquire(name(), 'killed', ttlMs)) as Lease;
      const session = leases.session(name());
      session.startTransaction({ writeConcern: { w: 'majority' }, readConcern: { level: 'snapshot' } });
      expect(await leases.keeps(lease, session)).toBe(true);
      await collections.checkpoints.updateOne({ _id: view }, { $set: { position: 99n } }, { session });
      return session;
    };

    it.each(['another holder', 'the same holder'])(
      'does not keep %s from going on at once, and comes to nothing',
      async (who) => {
        const left = await openTransaction(who === 'another holder' ? 0 : 60_000);
        const lease = await views.acquire(name(), who === 'another holder' ? 'another' : 'killed', 10_000);
        expect(await views.apply(view, [{ key: 'a', row: {}, position: '1' }], '1', lease)).toBe(true);
        await expect(left.commitTransaction()).rejects.toMatchObject({ codeName: 'NoSuchTransaction' });
        expect(await views.checkpoint(view)).toBe('1');
      },
    );

    it('does not keep the next process from declaring the view, before it asks for the lease', async () => {
      await openTransaction(60_000);
      const declared = store().then(async (next) => {
        await next.declare({ name: view, indexes: [['a']] });
        return 'declared';
      });
      // The server would forget the transaction a minute later.
      expect(await Promise.race([declared, pause(20_000, 'still waits', { ref: false })])).toBe('declared');
    });

    it('does not keep a process without leases from going on, once it has declared the view', async () => {
      const connection = await open();
      const collections = new Collections(connection.database(database));
      const session = connection.session();
      await collections.writers.updateOne({ _id: view }, { $set: { session: sessionId(session) } }, { upsert: true });
      session.startTransaction();
      await collections.checkpoints.updateOne({ _id: view }, { $set: { position: 99n } }, { session });
      const later = await store();
      await later.declare({ name: view, indexes: [['a']] });
      expect(await later.apply(view, [], '1')).toBe(true);
    });

    it('of a holder who lives is ended by whoever takes the lease over: its commit fails', async () => {
      const early = (await views.acquire(name(), 'early', 0)) as Lease;
      const [written, late] = await Promise.all([
        views.apply(
          view,
          Array.from({ length: 2_000 }, (_, n) => ({ key: `k${n}`, row: {}, position: '1' })),
          '1',
          early,
        ),
        pause(20).then(async () => (await store()).acquire(name(), 'late', 10_000)),
      ]);
      expect(late).toMatchObject({ holder: 'late' });
      expect(await views.count(view)).toBe(written ? 2_000 : 0);
      expect(await views.checkpoint(view)).toBe(written ? '1' : undefined);
    });
  });

  it('loses and doubles nothing when its connections are cut in the middle of writes', async () => {
    const line = await cuttable();
    const connection = await MongoConnection.open(line.url, { waitMs: 5_000 });
    const cutOff = await MongoViewStore.open(connection, database);
    await cutOff.declare({ name: view, indexes: [] });
    let writes = 0;
    const until = () => {
      // At another moment of the next write each time.
      if (++writes % 2 === 0) setTimeout(() => line.cut(), writes % 9);
      return writes > 40;
    };
    try {
      await projectOn(cutOff, until);
      expect(await whole(views)).toBeGreaterThan(20);
    } finally {
      await connection.close();
      await line.close();
    }
  });

  if (engineControl) {
    const control = engineControl;
    it('loses and doubles nothing when the server is killed in the middle of writes, and goes on in seconds', async () => {
      let stop = false;
      const projecting = [views, await store()].map(async (of, index) => {
        await of.declare({ name: view, indexes: [] });
        while (!stop) {
          const lease = await of.acquire(`own.kill-${number}`, `holder-${index}`, 1_000).catch(() => undefined);
          if (!lease) await pause(100);
          else
            await project(of, () => stop, lease).catch((error: unknown) =>
              expect(error).toMatchObject({ code: 'storage-unavailable' }),
            );
        }
      });
      try {
        let last = 0;
        for (let kills = 0; kills < 4; kills++) {
          await pause(400);
          await control('kill');
          await control('start');
          const moved = async () => Number(await views.checkpoint(view).catch(() => last)) > last;
          while (!(await moved())) await pause(50);
          last = Number(await views.checkpoint(view));
        }
      } finally {
        stop = true;
        await Promise.all(projecting);
      }
      expect(await whole(views)).toBeGreaterThan(10);
    }, 90_000);

    it('fails within seconds while the server is frozen, and goes on afterwards', async () => {
      await views.apply(view, [], '1');
      await control('freeze');
      await expect(views.apply(view, [], '2')).rejects.toMatchObject({ code: 'storage-unavailable' });
      await expect(views.checkpoint(view)).rejects.toMatchObject({ code: 'storage-unavailable' });
      await control('thaw');
      await views.apply(view, [], '3');
      expect(await views.checkpoint(view)).toBe('3');
    });
  }
});
