import { SqliteDatabase } from '@second-opinion/sqlite';
import { messageBusContract } from './message-bus.contract';
import { NamespacedMessageBus } from './namespaced';
import { SqliteMessageBus } from './sqlite';

messageBusContract('NamespacedMessageBus', () => {
  const database = SqliteDatabase.open();
  const bus = () => new NamespacedMessageBus(new SqliteMessageBus(database), 'one');
  return Promise.resolve({
    bus: bus(),
    restart: () => Promise.resolve(bus()),
    close: () => Promise.resolve(database.close()),
  });
});

describe('NamespacedMessageBus', () => {
  it('keeps deployments on the same brokers apart: same topics and groups, nothing of each other', async () => {
    const database = SqliteDatabase.open();
    const shared = new SqliteMessageBus(database);
    const [one, other] = [new NamespacedMessageBus(shared, 'one'), new NamespacedMessageBus(shared, 'other')];
    const stop = new AbortController();
    const got: string[] = [];
    const consume = (bus: NamespacedMessageBus, name: string, failing: boolean) =>
      bus.consume({
        ...{ group: 'g', topics: ['a.events.v1'], startsAt: 'beginning', retries: 0, signal: stop.signal },
        handle: ({ topic }) => {
          got.push(`${name} ${topic}`);
          return failing ? Promise.reject(new Error('no')) : Promise.resolve();
        },
      });
    const consumptions = [await consume(one, 'one', true), await consume(other, 'other', false)];
    const of = { specversion: '1.0', id: 'i', source: '/s', type: 'T', subject: 'k', time: 't', data: {} } as const;
    const event = { ...of, datacontenttype: 'application/json', correlationid: 'c', causationid: 'c' } as const;
    await one.publish([{ topic: 'a.events.v1', key: 'k', event }]);
    for (const consumption of consumptions) await consumption.idle();
    expect(got).toEqual(['one a.events.v1']);
    expect(await other.parked()).toEqual([]);
    expect([...(await other.countParked())]).toEqual([]);
    expect([...(await one.countParked())]).toEqual([['g', 1]]);
    expect(await one.parked()).toEqual([expect.objectContaining({ group: 'g', topic: 'a.events.v1', key: 'k' })]);
    stop.abort();
    for (const { done } of consumptions) await done;
    database.close();
  });
});
