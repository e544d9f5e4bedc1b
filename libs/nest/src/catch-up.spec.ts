import { Logger } from '@nestjs/common';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import { derivedId, type View } from '@second-opinion/kernel';
import { testMetadata } from '@second-opinion/kernel/testing';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { catchUp, viewsStart } from './catch-up';
import type { ContextParts } from './context-definition';
import { progressNameOf, tableOf, viewsLease } from './names';

const sums: View<{ sum: number }> = {
  name: 'test.sums',
  version: 1,
  categories: ['test.thing'],
  indexes: [],
  keys: ({ stream }) => [stream],
  project: (row, { data }) => ({ sum: (row?.sum ?? 0) + (data as { by: number }).by }),
};
const nothing = {
  controllers: [],
  problems: {},
  events: {},
  handlers: [],
  policies: [],
  publishers: [],
  deadlines: [],
};
const parts: ContextParts = { ...nothing, name: 'test', views: [sums] };

describe('catching up views beside the program', () => {
  let database: SqliteDatabase;
  let events: SqliteEventStore;
  let views: SqliteViewStore;

  beforeEach(() => {
    database = SqliteDatabase.open();
    events = new SqliteEventStore(database);
    views = new SqliteViewStore(database);
  });
  afterEach(() => database.close());

  const append = async (revision: number) => {
    const id = derivedId('test.thing-1', revision);
    const event = { id, type: 'Added', data: { by: 1 }, metadata: { ...testMetadata, commandId: id } };
    return events.append('test.thing-1', revision === 0 ? 'no-stream' : revision - 1, [event]);
  };
  const ports = () => ({ events, views, holder: 'beside', logger: new Logger('test') });
  const never = new AbortController().signal;
  const sum = async () => {
    await views.declare({ name: tableOf(sums), indexes: [] });
    return (await views.get<{ sum: number }>(tableOf(sums), 'test.thing-1'))?.row.sum;
  };

  it('brings them to the end, says how far they are, and gives their lease back', async () => {
    for (let revision = 0; revision < 3; revision++) await append(revision);
    expect(await viewsStart(parts, { events, views })).toBeUndefined();
    await catchUp(parts, ports(), never);
    expect(await sum()).toBe(3);
    expect(await views.checkpoint(progressNameOf('test', [sums]))).toBe('3');
    expect(await viewsStart(parts, { events, views })).toBe('3');
    expect(await views.acquire(viewsLease('test'), 'program', 1_000)).toMatchObject({ holder: 'program', token: 2 });
  });

  it('goes on from where they are', async () => {
    await append(0);
    await catchUp(parts, ports(), never);
    await append(1);
    await catchUp(parts, ports(), never);
    expect(await sum()).toBe(2);
  });

  it('does nothing to an empty log', async () => {
    await catchUp(parts, ports(), never);
    expect(await views.checkpoint(progressNameOf('test', [sums]))).toBeUndefined();
  });

  it('waits for whoever runs the views, and ends when it is told to', async () => {
    await append(0);
    await views.acquire(viewsLease('test'), 'program', 60_000);
    const stop = new AbortController();
    const catching = catchUp(parts, ports(), stop.signal);
    stop.abort();
    await catching;
    expect(await sum()).toBeUndefined();
  });

  it('begins at the beginning when one of the views is new', async () => {
    await append(0);
    await catchUp(parts, ports(), never);
    const counts: View<{ sum: number }> = { ...sums, name: 'test.counts' };
    expect(await viewsStart({ ...parts, views: [sums, counts] }, { events, views })).toBeUndefined();
  });
});
