import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import type { ContextParts } from './context-definition';
import { progressNameOf } from './names';
import { derivedOf, dropDerived } from './rebuild';

const parts: ContextParts = {
  ...{ name: 'test', controllers: [], problems: {}, events: {}, handlers: [], deadlines: [] },
  views: [{ name: 'test.sums', version: 2, categories: [], indexes: [], keys: () => [], project: () => null }],
  policies: [
    { name: 'when-a-do-b', listensTo: 'own-events', startsAt: 'beginning', on: {} },
    { name: 'when-a-mail-it', listensTo: 'own-events', startsAt: 'deployment', on: {} },
    { name: 'when-c-do-d', listensTo: ['other.events.v1'], startsAt: 'beginning', on: {} },
  ],
  publishers: [{ topic: 'test.events.v1', categories: [], on: {} }],
  retraced: ['test.history'],
};
const PROGRESS = progressNameOf('test', parts.views);
const PARKED = 'bus.parked';
const KEPT = 'test.policy.when-a-mail-it';

describe('what a context has from the log', () => {
  let database: SqliteDatabase;
  let views: SqliteViewStore;
  let now: number;

  beforeEach(async () => {
    now = 0;
    database = SqliteDatabase.open();
    views = new SqliteViewStore(database, { now: () => now });
    for (const name of ['test.sums.v2', PARKED]) {
      await views.declare({ name, indexes: [] });
      await views.apply(name, [{ key: 'a', row: { sum: 1 }, position: '7' }], '7');
    }
    for (const place of [...derivedOf(parts).places, KEPT]) await views.saveCheckpoint(place, '7');
  });
  afterEach(() => database.close());

  const counted = async () => [await views.count('test.sums.v2'), await views.count(PARKED)];

  it('is its views and the places of all that follows the log and may be told again', () => {
    expect(derivedOf(parts)).toEqual({
      views: ['test.sums.v2'],
      places: [
        ...[PROGRESS, 'test.sums.v2.built', 'test.publisher.test.events.v1', 'test.policy.when-a-do-b'],
        'test.history',
      ],
    });
  });

  it('is dropped as a whole, and nothing else is; again does no harm', async () => {
    for (const round of [1, 2]) {
      expect(await dropDerived(parts, views, `rebuild-${round}`, 0)).toEqual(derivedOf(parts));
      expect(await counted()).toEqual([0, 1]);
      for (const place of ['test.sums.v2', ...derivedOf(parts).places])
        expect({ place, at: await views.checkpoint(place) }).toEqual({ place, at: undefined });
      expect([await views.checkpoint(PARKED), await views.checkpoint(KEPT)]).toEqual(['7', '7']);
    }
    expect(await views.acquire('test.views', 'service', 1_000)).toBeDefined();
  });

  it.each(['test.views', 'test.feeds', 'test.history'])('stays while somebody has the lease %s', async (lease) => {
    await views.acquire(lease, 'service', 1_000);
    await expect(dropDerived(parts, views, 'rebuild', 0)).rejects.toMatchObject({ code: 'service-runs' });
    expect(await counted()).toEqual([1, 1]);
    expect(await views.checkpoint(PROGRESS)).toBe('7');
    // Nothing is left held either, and the lease of a process that was killed runs out.
    now = 1_000;
    await dropDerived(parts, views, 'rebuild-2', 0);
    expect(await counted()).toEqual([0, 1]);
  });
});
