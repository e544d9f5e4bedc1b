import { setTimeout as pause } from 'node:timers/promises';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import { derivedId, failureOf, type NewEvent, type View } from '@second-opinion/kernel';
import { testMetadata } from '@second-opinion/kernel/testing';
import { SqliteDatabase } from '@second-opinion/sqlite';
import type { Lease } from '@second-opinion/view-store';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { ContextDefinition } from './context-definition';
import { Follower } from './follower';
import { LeaseLost, Projections, type AnyView } from './projections';
import { tableOf } from './names';

interface Sum {
  readonly sum: number;
}
const sums: View<Sum> = {
  name: 'test.sums',
  version: 1,
  categories: ['test.thing'],
  indexes: [['sum']],
  keys: ({ stream }) => [stream],
  project: (row, { data }) => ({ sum: (row?.sum ?? 0) + (data as { by: number }).by }),
};
const counts: View<Sum> = { ...sums, name: 'test.counts', project: (row) => ({ sum: (row?.sum ?? 0) + 1 }) };
const definition = new ContextDefinition({
  name: 'test',
  controllers: [],
  problems: {},
  events: {},
  handlers: [],
  views: [],
  policies: [],
  publishers: [],
  deadlines: [],
});

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

describe('projections', () => {
  let database: SqliteDatabase;
  let store: SqliteEventStore;
  let rows: SqliteViewStore;
  let now: number;

  beforeEach(() => {
    now = 0;
    database = SqliteDatabase.open();
    store = new SqliteEventStore(database);
    rows = new SqliteViewStore(database, { now: () => now });
  });
  afterEach(() => database.close());

  const append = async (stream: string, revision: number, by: number) => {
    const id = derivedId(stream, revision);
    const metadata = { ...testMetadata, commandId: id };
    const event: NewEvent = { id, type: 'Added', data: { by }, metadata };
    await store.append(stream, revision === 0 ? 'no-stream' : revision - 1, [event]);
  };
  /** follow lets views follow the log until it is ended. */
  const follow = async (views: readonly AnyView[], lease?: Lease, version = definition) => {
    const follower = new Follower(store, rows, version);
    const projections = new Projections(store, rows, views, follower, (work) => work());
    await projections.declare();
    const stop = new AbortController();
    const running = projections.run(lease, stop.signal);
    const end = async () => {
      stop.abort();
      await running;
    };
    return { follower, running, end };
  };
  /** pass lets the views follow to the end of the log and stops. */
  const pass = async (views: readonly AnyView[], holder = 'one') => {
    const { follower, running, end } = await follow(views, await rows.acquire('test.views', holder, 1_000));
    const last = await store.end();
    await Promise.race([running, last === undefined ? undefined : follower.reached(last, 5_000)]);
    await end();
  };
  const all = async (view: AnyView) => {
    const found: [string, Sum][] = [];
    for await (const { key, row } of rows.all<Sum>(tableOf(view))) found.push([key, row]);
    return found;
  };

  it('gives the same rows from a rebuild as from following along', async () => {
    await append('test.thing-1', 0, 5);
    await pass([sums]);
    await append('test.thing-1', 1, 7);
    await append('test.thing-2', 0, 1);
    await pass([sums]);
    const along = await all(sums);
    expect(along).toEqual([
      ['test.thing-1', { sum: 12 }],
      ['test.thing-2', { sum: 1 }],
    ]);
    await rows.drop(tableOf(sums));
    await pass([sums]);
    expect(await all(sums)).toEqual(along);
  });

  it('builds a new view from the beginning while the others go on where they were', async () => {
    await append('test.thing-1', 0, 5);
    await pass([sums]);
    await append('test.thing-1', 1, 7);
    await pass([sums, counts]);
    expect(await all(sums)).toEqual([['test.thing-1', { sum: 12 }]]);
    expect(await all(counts)).toEqual([['test.thing-1', { sum: 2 }]]);
  });

  it('refuses to go on where a view is further than the log, also when a new one begins at the beginning', async () => {
    await append('test.thing-1', 0, 5);
    await pass([sums]);
    await rows.apply(tableOf(sums), [], '9');
    const beyond = { code: 'event-store.position-beyond-end', facts: { position: '9' } };
    await expect((await follow([sums, counts])).running).rejects.toMatchObject(beyond);
    expect(await all(counts)).toEqual([]);
  });

  it('names the event over which a view stumbles, and nothing that it holds', async () => {
    await append('test.thing-1', 0, 5);
    const stumbling: View<Sum> = {
      ...sums,
      project: () => {
        throw new TypeError('An Jansen');
      },
    };
    const [event] = await store.readStream('test.thing-1');
    const failure = await (await follow([stumbling])).running.catch(failureOf);
    expect(failure).toEqual({
      ...{ error: 'Unavailable', code: 'projection-failed' },
      facts: { view: 'test.sums', event: event?.id },
    });
  });

  it('gives the same rows however many batches one pass goes through, and writes a row once for all of them', async () => {
    for (let number = 0; number < 1_500; number++) await append(`test.thing-${number % 3}`, Math.floor(number / 3), 1);
    // A store that begins anew reads the log from its table, in parts.
    store = new SqliteEventStore(database);
    const apply = jest.spyOn(rows, 'apply');
    // However slow this machine is.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(0);
    await pass([sums]);
    clock.mockRestore();
    expect(apply.mock.calls.map(([, changes]) => changes.map(({ key, position }) => [key, position]))).toEqual([
      [
        ['test.thing-0', '1498'],
        ['test.thing-1', '1499'],
        ['test.thing-2', '1500'],
      ],
    ]);
    expect(await all(sums)).toEqual([0, 1, 2].map((thing) => [`test.thing-${thing}`, { sum: 500 }]));
    expect(await rows.checkpoint(tableOf(sums))).toBe('1500');
  });

  it('writes what it holds when the rest of the log does not come', async () => {
    await append('test.thing-1', 0, 5);
    await append('test.thing-2', 0, 7);
    const [first] = (await store.readAll({ limit: 1 })).events;
    // A server that says there is more, and then is away.
    jest.spyOn(store, 'subscribe').mockImplementation(async function* ({ signal }) {
      yield { events: first ? [first] : [], position: '1', caughtUp: false };
      await aborted(signal);
    });
    const { follower, end } = await follow([sums]);
    await follower.reached('1', 5_000);
    await end();
    expect(await all(sums)).toEqual([['test.thing-1', { sum: 5 }]]);
  });

  it('looks for no row that cannot be there while it builds a view from nothing, and for every other', async () => {
    await append('test.thing-1', 0, 5);
    await append('test.thing-1', 1, 7);
    await append('test.thing-2', 0, 1);
    const { events } = await store.readAll({});
    jest.spyOn(store, 'subscribe').mockImplementation(async function* ({ signal, after }) {
      for (const event of events.filter(({ position }) => Number(position) > Number(after ?? 0))) {
        yield { events: [event], position: event.position, caughtUp: event.position === '3' };
        // So late that each is written before the next comes.
        await pause(300);
      }
      await aborted(signal);
    });
    const getMany = jest.spyOn(rows, 'getMany');
    const { follower, end } = await follow([sums]);
    await follower.reached('3', 5_000);
    await end();
    expect(getMany.mock.calls.flatMap(([, keys]) => keys)).toEqual(['test.thing-1']);
    expect(await all(sums)).toEqual([
      ['test.thing-1', { sum: 12 }],
      ['test.thing-2', { sum: 1 }],
    ]);
    jest.restoreAllMocks();
    await append('test.thing-3', 0, 1);
    const later = jest.spyOn(rows, 'getMany');
    await pass([sums]);
    expect(later.mock.calls.flatMap(([, keys]) => keys)).toEqual(['test.thing-3']);
  });

  it('looks for no row that begins with its event, and for the same one when the next event touches it', async () => {
    const begun: AnyView = { ...sums, name: 'test.begun', begins: ({ revision }) => revision === 0 };
    await append('test.thing-1', 0, 1);
    await pass([begun]);
    const getMany = jest.spyOn(rows, 'getMany');
    const apply = jest.spyOn(rows, 'apply');
    await append('test.thing-2', 0, 5);
    await append('test.thing-2', 1, 7);
    await append('test.thing-1', 1, 2);
    await pass([begun]);
    expect(getMany.mock.calls.flatMap(([, keys]) => keys)).toEqual(['test.thing-1']);
    const told = apply.mock.calls.flatMap(([, changes]) => changes);
    expect(told.map(({ key, begins = false }) => [key, begins])).toEqual([
      ['test.thing-2', true],
      ['test.thing-1', false],
    ]);
    expect(await all(begun)).toEqual([
      ['test.thing-1', { sum: 3 }],
      ['test.thing-2', { sum: 12 }],
    ]);
    jest.restoreAllMocks();
  });

  it('goes on with a new view where a crash came while it was built, and not where the others were', async () => {
    for (let revision = 0; revision < 3; revision++) await append('test.thing-1', revision, 1);
    await append('test.thing-2', 0, 1);
    await pass([sums]);
    const { events } = await store.readAll({ limit: 1 });
    const whole = jest.spyOn(store, 'subscribe').mockImplementation(async function* ({ signal }) {
      yield { events, position: '1', caughtUp: false };
      await aborted(signal);
    });
    const { end } = await follow([sums, counts]);
    while ((await rows.checkpoint(tableOf(counts))) !== '1') await new Promise((resolve) => setTimeout(resolve, 5));
    await end();
    whole.mockRestore();
    await pass([sums, counts]);
    expect(await all(counts)).toEqual([
      ['test.thing-1', { sum: 3 }],
      ['test.thing-2', { sum: 1 }],
    ]);
    expect(await rows.checkpoint(tableOf(counts))).toBe('4');
  });

  it('is not read again once it is built, however little concerns it', async () => {
    await append('test.thing-1', 0, 1);
    for (let number = 0; number < 3; number++) await append(`other.thing-${number}`, 0, 1);
    await pass([sums]);
    const { events } = await store.readAll({ limit: 1 });
    const inParts = jest.spyOn(store, 'subscribe').mockImplementation(async function* ({ signal }) {
      yield { events, position: '1', caughtUp: false };
      // Later than a pass waits for more.
      await new Promise((resolve) => setTimeout(resolve, 400));
      yield { events: [], position: '4', caughtUp: true };
      await aborted(signal);
    });
    await pass([sums, counts]);
    inParts.mockRestore();
    expect(await rows.checkpoint(tableOf(counts))).toBe('4');
  });

  it('shows what is projected although the log is never at its end', async () => {
    for (let number = 0; number < 40; number++) await append(`test.thing-${number}`, 0, 1);
    const { events } = await store.readAll({ limit: 100 });
    let told = 0;
    jest.spyOn(store, 'subscribe').mockImplementation(async function* ({ signal }) {
      for (const event of events) {
        if (signal.aborted) return;
        await new Promise((resolve) => setTimeout(resolve, 30));
        told++;
        yield { events: [event], position: event.position, caughtUp: false };
      }
      await aborted(signal);
    });
    const { follower, end } = await follow([sums]);
    await follower.reached('1', 5_000);
    const seenAfter = told;
    await end();
    expect(seenAfter).toBeLessThan(events.length);
    expect(await rows.checkpoint(follower.progressName)).toBeDefined();
  });

  it('keeps how far it came over what concerns no view once for many batches, when the log is quiet', async () => {
    const firsts: View<Sum> = { ...sums, keys: ({ stream, revision }) => (revision === 0 ? [stream] : []) };
    await append('test.thing-1', 0, 5);
    const { follower, end } = await follow([firsts], await rows.acquire('test.views', 'one', 60_000));
    await follower.reached((await store.end())!, 5_000);
    const kept = jest.spyOn(rows, 'saveCheckpoint');
    // However slow this machine is.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now());
    for (let revision = 1; revision <= 5; revision++) {
      await append('test.thing-1', revision, 1);
      const last = (await store.end())!;
      while (store.comparePositions(follower.at, last) < 0) await pause(1);
    }
    clock.mockRestore();
    const last = await store.end();
    while ((await rows.checkpoint(follower.progressName)) !== last) await pause(10);
    // Mostly one; on a machine that is busy with other things the log may look quiet in between.
    expect(kept.mock.calls.length).toBeLessThan(5);
    await end();
  });

  it('counts nothing twice when the progress was written and the row was not touched again', async () => {
    await append('test.thing-1', 0, 5);
    await pass([sums]);
    await append('other.thing-1', 0, 5);
    await pass([sums]);
    await pass([sums]);
    expect(await all(sums)).toEqual([['test.thing-1', { sum: 5 }]]);
  });

  it('misses nothing that another version of it has passed by: one that is put back, and the newer one again', async () => {
    const newer: View<Sum> = { ...sums, version: 2 };
    const [old, next] = [sums, newer].map((view) => new ContextDefinition({ ...definition.parts, views: [view] }));
    let revision = 0;
    for (const [view, version] of [
      [sums, old],
      [newer, next],
      [sums, old],
      [newer, next],
      [sums, old],
    ] as const) {
      await append('test.thing-1', revision++, 1);
      const { follower, end } = await follow([view, counts], undefined, version);
      await follower.reached((await store.end())!, 5_000);
      await end();
      expect(await all(view)).toEqual([['test.thing-1', { sum: revision }]]);
      // What both have alike, neither counts twice.
      expect(await all(counts)).toEqual([['test.thing-1', { sum: revision }]]);
    }
  });

  it('writes nothing more once the lease is lost', async () => {
    const lost = await rows.acquire('test.views', 'one', 1_000);
    now = 2_000;
    await rows.acquire('test.views', 'two', 1_000);
    await append('test.thing-1', 0, 5);
    await expect((await follow([sums], lost)).running).rejects.toBeInstanceOf(LeaseLost);
    expect(await all(sums)).toEqual([]);
  });
});
