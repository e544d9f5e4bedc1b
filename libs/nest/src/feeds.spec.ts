import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import { Command, derivedId, issue, type OwnPolicy, type Publisher } from '@second-opinion/kernel';
import { testMetadata } from '@second-opinion/kernel/testing';
import { MessageBus, type Message } from '@second-opinion/message-bus';
import { SqliteMessageBus } from '@second-opinion/message-bus/sqlite';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import { Feeds, ownTopic } from './feeds';

const publisher: Publisher = {
  topic: 'test.events.v1',
  categories: ['test.thing'],
  on: { Told: ({ stream }) => ({ type: 'ThingTold', key: stream, data: { stream } }), Kept: () => undefined },
};
class DoIt extends Command {
  readonly thingId!: string;
}
const policy: OwnPolicy = {
  name: 'when-told-do-it',
  listensTo: 'own-events',
  startsAt: 'deployment',
  on: {
    Told: ({ stream }) => [issue(DoIt, { thingId: stream })],
    Kept: () => [],
    Odd: () => {
      throw new TypeError('nobody thought of this');
    },
  },
};

/** A bus that stores what it is given and then dies before it can say so, once. */
class DyingBus extends SqliteMessageBus {
  dies = false;
  override async publish(messages: readonly Message[]): Promise<void> {
    await super.publish(messages);
    if (this.dies) {
      this.dies = false;
      throw new Error('killed');
    }
  }
}

describe('feeds', () => {
  let database: SqliteDatabase;
  let store: SqliteEventStore;
  let views: SqliteViewStore;
  let bus: DyingBus;

  beforeEach(() => {
    database = SqliteDatabase.open();
    store = new SqliteEventStore(database);
    views = new SqliteViewStore(database);
    bus = new DyingBus(database);
  });
  afterEach(() => database.close());

  const append = (type: string, revision: number) => {
    const id = derivedId(type, revision);
    const metadata = { ...testMetadata, commandId: id };
    return store.append('test.thing-1', revision === 0 ? 'no-stream' : revision - 1, [
      { id, type, data: {}, metadata },
    ]);
  };
  const pass = async () => {
    const feeds = new Feeds('test', [publisher], [policy], ['test.thing'], store, views, bus);
    const lease = await views.acquire('test.feeds', 'one', 60_000);
    if (!lease) throw new Error('the lease is free');
    const stop = new AbortController();
    const running = feeds.run(lease, stop.signal);
    const end = await store.end();
    await Promise.race([running, end === undefined ? undefined : feeds.caughtUp(end)]);
    stop.abort();
    await running;
  };
  const published = async (topic: string): Promise<readonly string[]> => {
    const ids: string[] = [];
    const stop = new AbortController();
    const consumption = await (bus as MessageBus).consume({
      group: `test-${topic}`,
      topics: [topic],
      startsAt: 'beginning',
      signal: stop.signal,
      handle: ({ event }) => Promise.resolve(void ids.push(`${event.type} ${event.id}`)),
    });
    await consumption.idle();
    stop.abort();
    await consumption.done;
    return ids;
  };

  it('tells what is to be told, in order, and nothing else', async () => {
    await append('Told', 0);
    await append('Kept', 1);
    await append('Told', 2);
    await pass();
    await pass();
    const told = await published('test.events.v1');
    expect(told.map((one) => one.split(' ')[0])).toEqual(['ThingTold', 'ThingTold']);
  });

  it('hands a policy what it has commands for, and what it stumbles over, and nothing else', async () => {
    await append('First', 0);
    await pass();
    for (const [index, type] of ['Told', 'Kept', 'Odd', 'Unknown'].entries()) await append(type, index + 1);
    await pass();
    const handed = await published(ownTopic('test', policy.name));
    expect(handed.map((one) => one.split(' ')[0])).toEqual(['Told', 'Odd']);
  });

  it('repeats under the same ids what a crash left unsaid', async () => {
    await append('Told', 0);
    bus.dies = true;
    await expect(pass()).rejects.toThrow('killed');
    await pass();
    const told = await published('test.events.v1');
    expect(told).toHaveLength(2);
    expect(new Set(told).size).toBe(1);
  });

  it('gives a policy that starts at its deployment nothing of what was before', async () => {
    await append('Told', 0);
    await pass();
    await append('Told', 1);
    await pass();
    expect(await published(ownTopic('test', policy.name))).toEqual([`Told ${derivedId('Told', 1)}`]);
  });
});
