import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { Kafka, logLevel, type ISocketFactory } from 'kafkajs';
import { Refused, type Envelope } from '@second-opinion/kernel';
import { SqliteDatabase } from '@second-opinion/sqlite';
import type { Change } from '@second-opinion/view-store';
import { SqliteViewStore } from '@second-opinion/view-store/sqlite';
import type { ConsumeOptions, Consumption, Message } from '../message-bus';
import { messageBusContract, type BusUnderTest } from '../message-bus.contract';
import { KafkaMessageBus, type KafkaMessageBusOptions } from './kafka-message-bus';
import { declareTopics } from './topics';

const brokers = (process.env['KAFKA_BROKERS'] ?? '').split(',');
const control = process.env['ENGINES_CONTROL'];
const settings = { brokers, clientId: 'message-bus-suite' };
const pace = { maxWaitMs: 50, sessionTimeoutMs: 6_000, pollMs: 100, watchMs: 500, stallMs: 5_000 };

jest.setTimeout(180_000);

async function onKafka(): Promise<BusUnderTest> {
  const database = SqliteDatabase.open();
  const views = new SqliteViewStore(database);
  const open = () => KafkaMessageBus.connect({ ...settings, pace, waitMs: 10_000 }, views);
  const topics: string[] = [];
  let bus = await open();
  return {
    bus,
    declare: async (topic) => void topics.push(...(await declareTopics(settings, [topic], { partitions: 3 }))),
    restart: async () => {
      await bus.close();
      return (bus = await open());
    },
    close: async () => {
      await bus.close();
      database.close();
      await forget(topics);
    },
  };
}

messageBusContract('KafkaMessageBus', onKafka);

describe('KafkaMessageBus', () => {
  const raw = new Kafka({ ...settings, logLevel: logLevel.NOTHING });
  const admin = raw.admin();
  let database: SqliteDatabase;
  let views: SqliteViewStore;
  let topic: string;
  let group: string;
  let buses: KafkaMessageBus[];
  let running: { stop: AbortController; consumption: Consumption }[];

  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  beforeEach(async () => {
    database = SqliteDatabase.open();
    views = new SqliteViewStore(database);
    [buses, running] = [[], []];
    topic = `engine-${randomUUID().slice(0, 8)}.events.v1`;
    group = `group-${topic}`;
    await declareTopics(settings, [topic], { partitions: 6 });
  });
  afterEach(async () => {
    for (const { stop } of running) stop.abort();
    await Promise.all(running.map(({ consumption }) => consumption.done));
    await Promise.all(buses.map((bus) => bus.close()));
    database.close();
    await forget([topic]);
  });

  async function open(over: Partial<KafkaMessageBusOptions> = {}): Promise<KafkaMessageBus> {
    const bus = await KafkaMessageBus.connect({ ...settings, pace, waitMs: 10_000, ...over }, views);
    buses.push(bus);
    return bus;
  }
  async function consume(bus: KafkaMessageBus, over: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'handle'>) {
    const stop = new AbortController();
    const options = { group, topics: [topic], startsAt: 'beginning', pauseMs: () => 1, retries: 1 } as const;
    const consumption = await bus.consume({ ...options, signal: stop.signal, ...over });
    running.push({ stop, consumption });
    return { consumption, stop: () => (stop.abort(), consumption.done) };
  }
  /** shared waits until the group has so many members that all have a share. */
  async function shared(members: number): Promise<void> {
    for (let state = ''; state !== `Stable ${members}`;) {
      const [described] = (await admin.describeGroups([group])).groups;
      state = `${described?.state} ${described?.members.length}`;
    }
  }
  /** remake the topic: the same name with nothing in it, as after Kafka was lost; the rows of the view store stay. */
  async function remake(): Promise<void> {
    await admin.deleteTopics({ topics: [topic] });
    for (let made: readonly string[] = []; made.length === 0;)
      made = await declareTopics(settings, [topic], { partitions: 6 }).catch(() => []);
  }
  const message = (key: string, id: string, data: object = { id }): Message => ({
    topic,
    key,
    event: { ...envelope(key, id), data },
  });
  const keys = Array.from({ length: 24 }, (_, index) => `k${index}`);
  /** ofEachKey gives messages that are numbered within their keys. */
  const ofEachKey = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => keys.map((key) => message(key, `${key}-${from + index}`))).flat();
  /** expectOrder: each key's messages were begun for the first time in their order, and none is missing. */
  function expectOrder(got: readonly string[], to: number): void {
    const first = [...new Set(got)];
    for (const key of keys)
      expect(first.filter((id) => id.startsWith(`${key}-`))).toEqual(
        Array.from({ length: to }, (_, index) => `${key}-${index}`),
      );
  }

  it('names the topics that are missing, at start and when they are used', async () => {
    const lacks = 'run the step that declares topics.';
    await expect(open({ topics: [topic, 'no.events.v1', 'no.own.policy'] })).rejects.toThrow(
      `Kafka lacks the topics no.events.v1, no.own.policy: ${lacks}`,
    );
    const bus = await open({ topics: [topic] });
    await expect(bus.publish([{ ...message('a', 'a1'), topic: 'no.events.v1' }])).rejects.toThrow(lacks);
    await expect(consume(bus, { topics: ['no.events.v1'], handle: () => Promise.resolve() })).rejects.toThrow(lacks);
  });

  it('declares topics that keep everything, again and again, and corrects those that would not', async () => {
    const other = topic.replace('engine', 'other');
    await admin.createTopics({
      topics: [{ topic: other, numPartitions: 6, configEntries: [{ name: 'retention.ms', value: '1000' }] }],
    });
    const fresh = topic.replace('engine', 'fresh');
    expect(await declareTopics(settings, [topic, other, fresh])).toEqual([fresh]);
    expect(await declareTopics(settings, [topic, other, fresh])).toEqual([]);
    const names = ['cleanup.policy', 'retention.ms', 'retention.bytes', 'max.message.bytes'];
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [topic, other, fresh].map((name) => ({ type: 2, name, configNames: names })),
    });
    for (const { configEntries } of resources)
      expect(Object.fromEntries(configEntries.map(({ configName, configValue }) => [configName, configValue]))).toEqual(
        { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1', 'max.message.bytes': '4194304' },
      );
    await forget([other, fresh]);
  });

  it('makes topics with as many partitions as the others have, and refuses other numbers, in the step before the start and at the start', async () => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => topic.replace('engine', name)) as [
      string,
      string,
      string,
    ];
    await declareTopics(settings, [one], { partitions: 2 });
    expect(await declareTopics(settings, [one, two])).toEqual([two]);
    await expect(declareTopics(settings, [one, two], { partitions: 4 })).rejects.toThrow(
      'with 2 partitions, and 4 are asked',
    );
    const bus = await open({ topics: [one, two] });
    await admin.createPartitions({ topicPartitions: [{ topic: two, count: 5 }] });
    const differ = `Kafka has ${two} with 5 partitions, and`;
    await expect(declareTopics(settings, [one, two, three])).rejects.toThrow(differ);
    expect(await admin.listTopics()).not.toContain(three);
    await expect(open({ topics: [one, two] })).rejects.toThrow(differ);
    await expect(consume(await open(), { topics: [one, two], handle: () => Promise.resolve() })).rejects.toThrow(
      differ,
    );
    await bus.demand([one, two]);
    await forget([one, two]);
  });

  it('writes the key, the fields of CloudEvents as headers and the envelope as the value', async () => {
    const bus = await open();
    await bus.publish([message('sleutel-é', 'u1')]);
    const consumer = raw.consumer({ groupId: `raw-${topic}`, maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const read = Promise.withResolvers<{ key: string; value: unknown; headers: Record<string, string> }>();
    await consumer.run({
      eachMessage: ({ message: { key, value, headers } }) => {
        const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
        read.resolve({
          key: String(key),
          value: JSON.parse(String(value)),
          headers: Object.fromEntries(texts) as Record<string, string>,
        });
        return Promise.resolve();
      },
    });
    const { event } = message('sleutel-é', 'u1');
    const { data, ...fields } = event;
    expect(await read.promise).toEqual({
      key: 'sleutel-é',
      value: { ...fields, data },
      headers: {
        'content-type': 'application/cloudevents+json; charset=UTF-8',
        ...Object.fromEntries(Object.entries(fields).map(([name, text]) => [`ce_${name}`, text])),
      },
    });
    await consumer.disconnect();
  });

  it('gives whoever asks the first message that a topic holds, the same to all, and in no group', async () => {
    const groups = async () => (await admin.listGroups()).groups.map(({ groupId }) => groupId).sort();
    const before = await groups();
    const buses = await Promise.all([open(), open(), open()]);
    expect(await Promise.all(buses.map((bus) => bus.first(topic)))).toEqual([undefined, undefined, undefined]);
    const firsts = await Promise.all(
      buses.map(async (bus, index) => {
        await bus.publish([message('a', `first-${index}`)]);
        return await bus.first(topic);
      }),
    );
    const [first] = firsts;
    expect(first).toEqual(message('a', expect.stringMatching(/^first-/) as string, expect.any(Object) as object));
    expect(firsts).toEqual([first, first, first]);
    await buses[0]?.publish([message('a', 'later')]);
    expect(await buses[1]?.first(topic)).toEqual(first);
    expect(await groups()).toEqual(before);
  });

  it('gives no first message any more once somebody has taken all out of a topic, then the next one', async () => {
    const bus = await open();
    await bus.publish([message('a', 'a1'), message('a', 'a2')]);
    // A client that has asked for a topic answers nothing any more when that is deleted.
    const own = raw.admin();
    await own.connect();
    const [held] = (await own.fetchTopicOffsets(topic)).filter(({ low, high }) => low !== high);
    await own.deleteTopicRecords({ topic, partitions: [{ partition: held?.partition ?? -1, offset: '-1' }] });
    await own.disconnect();
    expect(await bus.first(topic)).toBeUndefined();
    await bus.publish([message('a', 'a3')]);
    expect((await bus.first(topic))?.event.id).toBe('a3');
    await expect(bus.first('no.events.v1')).rejects.toThrow('run the step that declares topics.');
  });

  it('gives the first message also where the end of a transaction stands before it, or what was before it is gone', async () => {
    const bus = await open();
    const producer = raw.producer({ transactionalId: topic, maxInFlightRequests: 1, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'a', value: 'x' }] });
    await transaction.commit();
    await producer.disconnect();
    const own = raw.admin();
    await own.connect();
    /** ended is the partition that holds the end of the transaction too: brokers write it down after they have answered. */
    const ended = async (): Promise<number> =>
      (await own.fetchTopicOffsets(topic)).find(({ high }) => high === '2')?.partition ?? ended();
    const partition = await ended();
    /** forgetBefore takes out what stands before this offset. */
    const forgetBefore = (offset: string) => own.deleteTopicRecords({ topic, partitions: [{ partition, offset }] });
    try {
      await forgetBefore('1');
      expect(await bus.first(topic)).toBeUndefined();
      await bus.publish([message('a', 'a1')]);
      await bus.publish([message('a', 'a2'), message('a', 'a3')]);
      expect((await bus.first(topic))?.event.id).toBe('a1');
      await forgetBefore('4');
      expect((await bus.first(topic))?.event.id).toBe('a3');
    } finally {
      await own.disconnect();
    }
  });

  it('carries large messages, many at once, and refuses one that is too large before anything is written', async () => {
    const bus = await open();
    const got: number[] = [];
    const { consumption } = await consume(bus, {
      handle: ({ event }) => Promise.resolve(void got.push(JSON.stringify(event).length)),
    });
    const large = (kib: number, id: string) => message('a', id, { text: 'é'.repeat(kib * 512) });
    await expect(bus.publish([message('a', 'first'), large(3_000, 'too-large')])).rejects.toMatchObject({
      code: 'message-bus.message-too-large',
    });
    await bus.publish([large(500, 'l1'), large(2_048, 'l2'), ...Array.from({ length: 8 }, () => large(500, 'l3'))]);
    await consumption.idle();
    expect(got).toHaveLength(10);
    expect(Math.max(...got)).toBeGreaterThan(1_024 * 1_024);
  });

  it('parks what is no envelope, and goes on with other keys', async () => {
    const bus = await open();
    const producer = raw.producer();
    await producer.connect();
    const texts = ['not json', '{"id":1}', null];
    await producer.send({ topic, messages: texts.map((value) => ({ key: 'bad', value })) });
    await producer.send({ topic, messages: [{ key: null, value: 'nothing' }] });
    await producer.disconnect();
    const got: string[] = [];
    const { consumption } = await consume(bus, { handle: ({ event }) => Promise.resolve(void got.push(event.id)) });
    await bus.publish([message('bad', 'behind'), message('good', 'g1')]);
    await consumption.idle();
    expect(got).toEqual(['g1']);
    const parked = await bus.parked(group);
    expect(parked.map(({ key, reason }) => `${key} ${reason}`).sort()).toEqual(
      [' message-bus.unreadable', 'bad message-bus.unreadable', ...Array(3).fill('bad behind')].sort(),
    );
    for (let index = 0; index < 3; index++) {
      await bus.skip(group, 'bad', 'not-ours');
      await consumption.idle();
    }
    expect(got).toEqual(['g1', 'behind']);
  });

  it('replays and skips for another process, which consumes nothing itself', async () => {
    const bus = await open();
    const tool = await open();
    const bad = new Set(['a1', 'b1']);
    const got: string[] = [];
    const { consumption } = await consume(bus, {
      handle: ({ event }) => {
        got.push(event.id);
        return bad.has(event.id) ? Promise.reject(new Refused('contract.no')) : Promise.resolve();
      },
    });
    await bus.publish([message('a', 'a1'), message('a', 'a2'), message('b', 'b1'), message('b', 'b2')]);
    await consumption.idle();
    expect((await tool.parked(group)).map(({ event }) => event.id).sort()).toEqual(['a1', 'a2', 'b1', 'b2']);
    got.length = 0;
    bad.delete('a1');
    await tool.replay(group, 'a');
    await tool.skip(group, 'b', 'operator-decided');
    expect((await tool.parked(group)).map(({ event }) => event.id)).not.toContain('b1');
    await consumption.idle();
    expect(got.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2']);
    expect(got.filter((id) => id.startsWith('b'))).toEqual(['b2']);
    expect(await tool.parked()).toEqual([]);
    const { rows } = await views.find<Record<string, string>>('bus.parked.v1', { where: { kind: 'skipped' } });
    expect(rows.map(({ row }) => [row['eventId'], row['failure'], row['reason']])).toEqual([
      ['b1', 'contract.no', 'operator-decided'],
    ]);
  });

  it('shares the work between members, and knows of each other what is handled', async () => {
    const [one, two] = [await open(), await open()];
    const got: [string[], string[]] = [[], []];
    const first = await consume(one, { handle: ({ event }) => Promise.resolve(void got[0].push(event.id)) });
    const second = await consume(two, { handle: ({ event }) => Promise.resolve(void got[1].push(event.id)) });
    await shared(2);
    await one.publish(ofEachKey(0, 3));
    await first.consumption.idle();
    expect(got[0].length + got[1].length).toBe(72);
    expect(got.every((ids) => ids.length > 0)).toBe(true);
    await one.publish(ofEachKey(3, 5));
    await second.consumption.idle();
    expectOrder([...got[0], ...got[1]], 5);
  });

  it('takes over from a member that vanishes without a word; what that one had in hand comes again, and it writes nothing down', async () => {
    const link = cuttable();
    const [one, two] = [await open(), await open({ socketFactory: link.socketFactory })];
    const [got, reached, hold] = [[] as string[], Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = await consume(one, { handle: ({ event }) => Promise.resolve(void got.push(event.id)) });
    await first.consumption.idle();
    const late: string[] = [];
    await consume(two, {
      handle: async ({ event }) => {
        reached.resolve();
        await hold.promise;
        late.push(event.id);
      },
    });
    await shared(2);
    await one.publish(ofEachKey(0, 3));
    await reached.promise;
    link.cut();
    await first.consumption.idle();
    expectOrder(got, 3);
    hold.resolve();
    link.mend();
    await one.publish(ofEachKey(3, 4));
    await first.consumption.idle();
    expect(late.length).toBeGreaterThan(0);
    expectOrder([...got, ...late], 4);
    expect(await one.parked()).toEqual([]);
  });

  it('keeps the order of each key when the group is divided anew while it handles', async () => {
    const [one, two] = [await open(), await open()];
    const got: string[] = [];
    const active = new Set<string>();
    const handle = async ({ event, key }: Message) => {
      got.push(event.id);
      active.add(key);
      await new Promise((resolve) => setTimeout(resolve, 5));
      active.delete(key);
    };
    const first = await consume(one, { handle });
    await shared(1);
    await one.publish(ofEachKey(0, 20));
    const second = await consume(two, { handle });
    await shared(2);
    await one.publish(ofEachKey(20, 30));
    await second.stop();
    const third = await consume(two, { handle });
    await one.publish(ofEachKey(30, 40));
    await Promise.all([first.consumption.idle(), third.consumption.idle()]);
    expectOrder(got, 40);
    // What was taken and not yet begun moves without a double; only what was in hand, or not yet written down, comes again.
    expect(got.length - new Set(got).size).toBeLessThan(200);
  });

  it('stays a member while one message takes longer than a session may last', async () => {
    const [one, two] = [await open(), await open()];
    const got: string[] = [];
    const reached = Promise.withResolvers<void>();
    const handle = async ({ event }: Message) => {
      got.push(event.id);
      reached.resolve();
      if (event.id === 'slow') await new Promise((resolve) => setTimeout(resolve, pace.sessionTimeoutMs + 2_000));
    };
    const first = await consume(one, { handle });
    await shared(1);
    await one.publish([message('a', 'slow'), message('a', 'a2'), message('b', 'b1')]);
    await reached.promise;
    await first.consumption.idle();
    expect(got.filter((id) => id !== 'b1')).toEqual(['slow', 'a2']);
    const second = await consume(two, { handle });
    await second.consumption.idle();
    expect(got).toHaveLength(3);
  });

  it('parks once, and keeps the key waiting, when the process dies between parking and commit', async () => {
    const link = cuttable();
    class Dying extends SqliteViewStore {
      override async patch(view: string, changes: readonly Omit<Change, 'position'>[]): Promise<boolean> {
        const done = await super.patch(view, changes);
        link.cut();
        return done;
      }
    }
    const dying = await KafkaMessageBus.connect(
      { ...settings, pace, waitMs: 10_000, socketFactory: link.socketFactory },
      new Dying(database),
    );
    buses.push(dying);
    const one = await open();
    await one.publish([message('a', 'a1'), message('a', 'a2')]);
    const parked = Promise.withResolvers<void>();
    const died = await consume(dying, {
      handle: () => {
        parked.resolve();
        return Promise.reject(new Refused('contract.no'));
      },
      retries: 0,
    });
    await parked.promise;
    const got: string[] = [];
    const { consumption } = await consume(one, { handle: ({ event }) => Promise.resolve(void got.push(event.id)) });
    await consumption.idle();
    expect(got).toEqual([]);
    expect((await one.parked(group)).map(({ event, reason }) => [event.id, reason])).toEqual([
      ['a1', 'contract.no'],
      ['a2', 'behind'],
    ]);
    link.mend();
    await died.stop();
    await one.replay(group, 'a');
    await consumption.idle();
    expect(got).toEqual(['a1', 'a2']);
  });

  it('begins at the start when the offsets of a group are lost, and one that started at its deployment begins there', async () => {
    const bus = await open();
    const got: Record<'all' | 'late', string[]> = { all: [], late: [] };
    const groups = { all: `all-${topic}`, late: `late-${topic}` };
    await bus.publish([message('a', 'old')]);
    const start = async () => [
      await consume(bus, {
        group: groups.all,
        handle: ({ event }) => Promise.resolve(void got.all.push(event.id)),
      }),
      await consume(bus, {
        group: groups.late,
        startsAt: 'deployment',
        handle: ({ event }) => Promise.resolve(void got.late.push(event.id)),
      }),
    ];
    const before = await start();
    await bus.publish([message('a', 'new')]);
    for (const { consumption, stop } of before) await consumption.idle().then(stop);
    await admin.deleteGroups(Object.values(groups));
    for (const { consumption } of await start()) await consumption.idle();
    expect(got).toEqual({ all: ['old', 'new', 'old', 'new'], late: ['new', 'new'] });
  });

  it('lets what waits wait as it stands in its partition when a group is put back to before that, as by an older copy of Kafka', async () => {
    const bus = await open();
    const bad = new Set(['a1']);
    const got: string[] = [];
    const handle = ({ event }: Message) => {
      if (bad.has(event.id)) return Promise.reject(new Refused('contract.no'));
      return Promise.resolve(void got.push(event.id));
    };
    await bus.publish(['a0', 'a1', 'a2'].map((id) => message('a', id)));
    const before = await consume(bus, { handle });
    await before.consumption.idle().then(before.stop);
    expect((await bus.parked(group)).map(({ event }) => event.id)).toEqual(['a1', 'a2']);
    await admin.deleteGroups([group]);
    const again = await consume(bus, { handle });
    await again.consumption.idle();
    expect((await bus.parked(group)).map(({ event }) => event.id)).toEqual(['a0', 'a1', 'a2']);
    bad.clear();
    got.length = 0;
    await bus.replay(group, 'a');
    await again.consumption.idle();
    expect(got).toEqual(['a0', 'a1', 'a2']);
  });

  it('begins at the start when the offsets of a group are beyond the end, as after a topic was made anew', async () => {
    const bus = await open();
    const got: string[] = [];
    const handle = ({ event }: Message) => Promise.resolve(void got.push(event.id));
    await bus.publish([message('a', 'a1'), message('a', 'a2')]);
    const { consumption, stop } = await consume(bus, { handle });
    await consumption.idle();
    await stop();
    await remake();
    await bus.publish([message('a', 'a3')]);
    const again = await consume(bus, { handle });
    await again.consumption.idle();
    await bus.publish([message('a', 'a4')]);
    await again.consumption.idle();
    expect(got).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('hands out all of a topic that was made anew, also when more stands in it than was handled of the one before', async () => {
    const bus = await open();
    const got: string[] = [];
    const handle = ({ event }: Message) => Promise.resolve(void got.push(event.id));
    const { consumption, stop } = await consume(bus, { handle });
    await bus.publish([message('a', 'a1'), message('a', 'a2')]);
    await consumption.idle();
    await stop();
    await remake();
    const anew = ['b1', 'b2', 'b3', 'b4', 'b5'];
    await bus.publish(anew.map((id) => message('a', id)));
    await (await consume(bus, { handle })).consumption.idle();
    expect(got).toEqual(['a1', 'a2', ...anew]);
  });

  it('goes on while the topic is made anew under it, with a message in hand', async () => {
    const bus = await open();
    const got: string[] = [];
    const [reached, hold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await consume(bus, {
      handle: async ({ event }) => {
        got.push(event.id);
        if (event.id !== 'slow') return;
        reached.resolve();
        await hold.promise;
      },
    });
    await bus.publish(['slow', 'a2', 'a3', 'a4', 'a5', 'a6'].map((id) => message('a', id)));
    await reached.promise;
    await remake();
    await bus.publish([message('a', 'b1'), message('a', 'b2'), message('a', 'b3')]);
    hold.resolve();
    await until(() => ['b1', 'b2', 'b3'].every((id) => got.includes(id)));
    expect(got.filter((id) => id.startsWith('b'))).toEqual(['b1', 'b2', 'b3']);
  });

  describe('with rows of a topic that was made anew since', () => {
    let bus: KafkaMessageBus;
    let got: string[];
    const bad = new Set<string>();
    const handle = ({ event }: Message) => {
      got.push(event.id);
      return bad.has(event.id) ? Promise.reject(new Refused('contract.no')) : Promise.resolve();
    };
    const ids = async () => (await bus.parked(group)).map(({ event }) => event.id);
    beforeEach(async () => {
      [bus, got] = [await open(), []];
      for (const id of ['a1', 'b1']) bad.add(id);
      const { consumption, stop } = await consume(bus, { handle });
      await bus.publish(['a1', 'a2', 'b1', 'c1'].map((id) => message(id.charAt(0), id)));
      await consumption.idle();
      await bus.skip(group, 'b', 'operator-decided');
      await consumption.idle();
      await stop();
      bad.clear();
      got.length = 0;
      await remake();
    });

    it('takes no other message for one that was parked or skipped at its offset, and keeps the order of its key', async () => {
      bad.add('y1').add('z1');
      await bus.publish(['x1', 'x2', 'x3'].map((id) => message('a', id)));
      await bus.publish([message('b', 'y1'), message('c', 'z1')]);
      const { consumption } = await consume(bus, { handle });
      await consumption.idle();
      expect((await ids()).filter((id) => /[ax]/.test(id))).toEqual(['a1', 'a2', 'x1', 'x2', 'x3']);
      expect((await ids()).sort()).toEqual(['a1', 'a2', 'x1', 'x2', 'x3', 'y1', 'z1']);
      got.length = 0;
      await bus.replay(group, 'a');
      await consumption.idle();
      expect(got).toEqual(['a1', 'a2', 'x1', 'x2', 'x3']);
      expect((await ids()).sort()).toEqual(['y1', 'z1']);
    });

    it('keeps that order over a restart, and skips the first of it', async () => {
      await bus.publish(['x1', 'x2'].map((id) => message('a', id)));
      const first = await consume(bus, { handle });
      await first.consumption.idle();
      await first.stop();
      await bus.skip(group, 'a', 'operator-decided');
      await (await consume(bus, { handle })).consumption.idle();
      expect(got).toEqual(['a2', 'x1', 'x2']);
    });

    it('knows a message again that is told again: it waits once, and what was skipped stays skipped', async () => {
      await bus.publish(['c0', 'c1', 'a1', 'a2', 'b1', 'a3', 'b2'].map((id) => message(id.charAt(0), id)));
      const { consumption } = await consume(bus, { handle });
      await consumption.idle();
      expect(await ids()).toEqual(['a1', 'a2', 'a3']);
      expect([...new Set(got)].sort()).toEqual(['b2', 'c0', 'c1']);
      got.length = 0;
      await bus.replay(group, 'a');
      await consumption.idle();
      expect(got).toEqual(['a1', 'a2', 'a3']);
      expect(await ids()).toEqual([]);
    });

    it('replays what waits before it reads the new topic, and then leaves out nothing of that', async () => {
      await bus.replay(group, 'a');
      await bus.publish(['x1', 'x2', 'x3'].map((id) => message('a', id)));
      await (await consume(bus, { handle })).consumption.idle();
      expect([...got].sort()).toEqual(['a1', 'a2', 'x1', 'x2', 'x3']);
      expect(got.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2']);
      expect(await ids()).toEqual([]);
    });
  });

  it('goes on with rows of before messages were known by what they are', async () => {
    const bus = await open();
    await bus.publish([message('a', 'a1'), message('b', 'b1'), message('a', 'a2')]);
    const got: string[] = [];
    const handle = ({ event }: Message) => Promise.resolve(void got.push(event.id));
    const consumed = await consume(bus, { handle: () => Promise.reject(new Refused('contract.no')), retries: 0 });
    await consumed.consumption.idle();
    await consumed.stop();
    // As an earlier version wrote them: the id without what the message is, and b1 skipped by its offset.
    const { rows } = await views.find<Record<string, string>>('bus.parked.v1', { where: { kind: 'parked' } });
    const before = (row: Record<string, string>) =>
      `parked|${group}|${row['place']}|${String(row['offset']).padStart(19, '0')}`;
    await views.patch('bus.parked.v1', [
      ...rows.map(({ key }) => ({ key, row: null })),
      ...rows.filter(({ row }) => row['key'] !== 'b').map(({ row }) => ({ key: before(row), row })),
    ]);
    const b1 = rows.map(({ row }) => row).find(({ key }) => key === 'b') as Record<string, string>;
    const { place, topic: its, key } = b1;
    const told = { eventId: 'b1', failure: 'contract.no', reason: 'old-reason', skippedAt: '2026-11-25T09:00:00.000Z' };
    await views.patch('bus.parked.v1', [
      { key: `skipped|${before(b1)}`, row: { kind: 'skipped', group, place, topic: its, key, ...told } },
    ]);
    expect((await bus.parked(group)).map(({ event }) => event.id)).toEqual(['a1', 'a2']);
    // The messages come again, as when the process died before it had written down how far it was, and then others in their place.
    await admin.deleteGroups([group]);
    const { consumption, stop } = await consume(bus, { handle });
    await consumption.idle();
    expect(got).toEqual(['b1']);
    expect((await bus.parked(group)).map(({ event }) => event.id)).toEqual(['a1', 'a2']);
    await stop();
    await remake();
    await bus.publish([message('a', 'x1'), message('b', 'y1')]);
    const after = await consume(bus, { handle });
    await after.consumption.idle();
    expect(got).toEqual(['b1', 'y1']);
    await bus.replay(group, 'a');
    await after.consumption.idle();
    expect(got).toEqual(['b1', 'y1', 'a1', 'a2', 'x1']);
    expect(await bus.parked(group)).toEqual([]);
  });

  describe('a group that started at its deployment', () => {
    let bus: KafkaMessageBus;
    let got: string[];
    const late = async () => {
      const handle = ({ event }: Message) => Promise.resolve(void got.push(event.id));
      const { consumption, stop } = await consume(bus, { startsAt: 'deployment', handle });
      await consumption.idle();
      await stop();
    };
    beforeEach(async () => {
      [bus, got] = [await open(), []];
      await bus.publish(['o1', 'o2', 'o3'].map((id) => message('a', id)));
      await late();
      expect(got).toEqual([]);
    });

    it('begins there also when the clock of who published before was ahead, and hears all that comes then', async () => {
      const producer = raw.producer();
      await producer.connect();
      const [value, timestamp] = [JSON.stringify(envelope('a', 'o4')), String(Date.now() + 60_000)];
      await producer.send({ topic, messages: [{ key: 'a', value, timestamp }] });
      await producer.disconnect();
      await bus.publish([message('a', 'o5')]);
      group = `ahead-${group}`;
      await late();
      await bus.publish([message('a', 'n1')]);
      await late();
      expect(got).toEqual(['n1']);
    });

    it('begins at the start of a topic that was made anew, also when that has grown beyond where it began', async () => {
      await remake();
      const anew = ['n1', 'n2', 'n3', 'n4', 'n5'];
      await bus.publish(anew.map((id) => message('a', id)));
      await late();
      expect(got).toEqual(anew);
    });

    it('leaves out nothing of it either when it grows beyond that little by little', async () => {
      await remake();
      await bus.publish([message('a', 'n1')]);
      await late();
      const more = ['n2', 'n3', 'n4', 'n5'];
      await bus.publish(more.map((id) => message('a', id)));
      await late();
      expect(got).toEqual(['n1', ...more]);
    });

    it('knows that also of one whose beginning an earlier version wrote down', async () => {
      const [begin] = (await views.find<{ since?: unknown }>('bus.parked.v1', { where: { kind: 'begin' } })).rows;
      const { since: _, ...before } = begin?.row ?? {};
      await views.patch('bus.parked.v1', [{ key: begin?.key ?? '', row: before }]);
      await bus.publish([message('a', 'n1')]);
      await late();
      await remake();
      await bus.publish(['n2', 'n3', 'n4', 'n5'].map((id) => message('a', id)));
      await late();
      expect(got).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    });
  });

  it('tells of its health: connected, how far behind, and when it stands still', async () => {
    const link = cuttable();
    const told: string[] = [];
    const bus = await open({
      pace: { ...pace, stallMs: 1_500 },
      socketFactory: link.socketFactory,
      report: ({ what }) => void told.push(what),
    });
    const hold = Promise.withResolvers<void>();
    const { consumption } = await consume(bus, { handle: () => hold.promise });
    await shared(1);
    await bus.publish([message('a', 'a1'), message('a', 'a2')]);
    await until(() => consumption.health?.().stalled === true);
    expect(consumption.health?.()).toMatchObject({ group, connected: true, lag: 2, stalled: true });
    hold.resolve();
    await consumption.idle();
    await until(() => consumption.health?.().lag === 0);
    expect(consumption.health?.()).toMatchObject({
      connected: true,
      stalled: false,
      lastHandledAt: expect.any(String) as string,
    });
    link.cut();
    await until(() => consumption.health?.().connected === false);
    link.mend();
    await until(() => consumption.health?.().connected === true);
    expect(told.length).toBeGreaterThan(0);
    await bus.publish([message('a', 'a3')]);
    await consumption.idle();
  });

  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('is a member again, and handles nothing twice, after the clock went %s an hour', async (_, jumpMs) => {
    const told: string[] = [];
    const bus = await open({ report: ({ what }) => void told.push(what) });
    const got: string[] = [];
    const handle = ({ event }: Message) => Promise.resolve(void got.push(event.id));
    const { consumption, stop } = await consume(bus, { handle });
    await shared(1);
    const real = Date.now;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() + jumpMs);
    try {
      await bus.publish([message('a', 'a1')]);
      await consumption.idle();
      // As long as the group would need to give up a member that it does not hear, and more.
      await new Promise((resolve) => setTimeout(resolve, 2 * pace.sessionTimeoutMs));
      await until(() => consumption.health?.().connected === true);
      await shared(1);
      await bus.publish([message('a', 'a2')]);
      await consumption.idle();
      await stop();
      await (await consume(bus, { handle })).consumption.idle();
    } finally {
      clock.mockRestore();
    }
    expect(got).toEqual(['a1', 'a2']);
    expect(told).toEqual(jumpMs < 0 ? ['the consumer heard nothing from its group; it is made anew'] : []);
  });

  it('parks in their order also what fails while a clock that went back a little keeps the client from asking whether it is a member', async () => {
    const told: string[] = [];
    const bus = await open({ report: ({ what }) => void told.push(what) });
    const got: string[] = [];
    const failed: string[] = [];
    const handle = ({ event }: Message) => {
      if (event.id === 'a1') return Promise.reject(new Refused('contract.no'));
      return Promise.resolve(void got.push(event.id));
    };
    const report = (what: string, { event }: Message) => void (what === 'parked' && failed.push(event.id));
    const { consumption } = await consume(bus, { handle, report });
    await shared(1);
    await bus.publish([message('a', 'a0')]);
    await consumption.idle();
    const real = Date.now;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => real() - 4_000);
    try {
      // Past what counts as a moment ago, and before the session is over.
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      const begun = performance.now();
      await until(() => failed.length === 2 || performance.now() - begun > 20_000);
    } finally {
      clock.mockRestore();
    }
    expect({ got, failed, told }).toEqual({ got: ['a0'], failed: ['a1', 'a2'], told: [] });
  });

  if (control)
    describe('with a broker that goes away', () => {
      const engine = async (action: string) => {
        const answer = await fetch(`${control}/kafka/${action}`, { method: 'POST' });
        if (!answer.ok) throw new Error(`the engines refuse to ${action}: ${await answer.text()}`);
      };

      it.each([
        ['killed', 'kill', 'start'],
        ['frozen for long', 'freeze', 'thaw'],
      ])('loses and reorders nothing when it is %s and comes back', async (_, away, back) => {
        const [one, two] = [await open(), await open()];
        const got: string[] = [];
        const handle = ({ event }: Message) => Promise.resolve(void got.push(event.id));
        const first = await consume(one, { handle });
        await consume(two, { handle });
        await shared(2);
        const published = (async () => {
          for (let index = 0; index < 40; index++) await one.publish(ofEachKey(index, index + 1));
        })();
        await until(() => got.length > 100);
        await engine(away);
        if (away === 'freeze') await new Promise((resolve) => setTimeout(resolve, pace.sessionTimeoutMs + 2_000));
        await engine(back);
        await published;
        await first.consumption.idle();
        expectOrder(got, 40);
        expect(await one.parked()).toEqual([]);
      });
    });
});

/** cuttable connections: after `cut` nothing comes through and no new one is made. */
function cuttable(): { socketFactory: ISocketFactory; cut(): void; mend(): void } {
  const sockets = new Set<Socket>();
  let isCut = false;
  return {
    socketFactory: ({ host, port, onConnect }) => {
      const socket = connect({ host, port: isCut ? 1 : port }, onConnect);
      sockets.add(socket.on('close', () => sockets.delete(socket)));
      return socket;
    },
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.destroy(new Error('cut'));
    },
    mend: () => void (isCut = false),
  };
}

/** forget topics: a broker that keeps those of every run takes long to come back. */
async function forget(topics: string[]): Promise<void> {
  const admin = new Kafka({ ...settings, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  await admin.deleteTopics({ topics });
  await admin.disconnect();
}

async function until(met: () => boolean): Promise<void> {
  while (!met()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function envelope(key: string, id: string): Envelope {
  return {
    specversion: '1.0',
    id,
    source: '/second-opinion/engine-suite',
    type: 'SomethingHappened',
    subject: key,
    time: '2026-11-25T09:00:00.000Z',
    datacontenttype: 'application/json',
    correlationid: 'correlation-1',
    causationid: 'causation-1',
    data: {},
  };
}
