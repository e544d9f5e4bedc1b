import { randomUUID } from 'node:crypto';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { eventStoreContract } from './event-store.contract';
import { NamespacedEventStore } from './namespaced';
import { SqliteEventStore } from './sqlite';

eventStoreContract('NamespacedEventStore', () => {
  const database = SqliteDatabase.open();
  const store = () => new NamespacedEventStore(new SqliteEventStore(database), 'one');
  return Promise.resolve({
    store: store(),
    restart: () => Promise.resolve(store()),
    close: () => Promise.resolve(database.close()),
  });
});

describe('NamespacedEventStore', () => {
  const metadata = {
    ...{ correlationId: 'c', causationId: 'c', commandId: 'c', actorId: 'a', actorRole: 'system' as const },
    ...{ actorOrganisation: 'o', rulesVersion: '1', recordedAt: '2026-11-28T09:00:00.000Z' },
  };
  const event = () => ({ id: randomUUID(), type: 'Noted', data: {}, metadata });

  it('keeps deployments on one server apart: same streams, nothing of each other', async () => {
    const database = SqliteDatabase.open();
    const shared = new SqliteEventStore(database);
    const [one, other] = [new NamespacedEventStore(shared, 'one'), new NamespacedEventStore(shared, 'other')];
    await one.append('a.b-1', 'no-stream', [event()]);
    await other.append('a.b-1', 'no-stream', [event(), event()]);
    expect(await one.readStream('a.b-1')).toHaveLength(1);
    expect((await one.readAll({})).events.map(({ stream }) => stream)).toEqual(['a.b-1']);
    expect((await other.readAll({ categories: ['a.'] })).events).toHaveLength(2);
    await expect(one.append('a.b-1', 'no-stream', [event()])).rejects.toMatchObject({ stream: 'a.b-1', actual: 0 });
    database.close();
  });

  it('refuses a namespace that could end in another', () => {
    const database = SqliteDatabase.open();
    for (const name of ['', 'One', 'one.two', '1', '$all'])
      expect(() => new NamespacedEventStore(new SqliteEventStore(database), name)).toThrow(TypeError);
    database.close();
  });
});
