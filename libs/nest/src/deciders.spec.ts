import { NamespacedEventStore, RevisionConflict, type EventStore } from '@second-opinion/event-store';
import { SqliteEventStore } from '@second-opinion/event-store/sqlite';
import { Command, Refused, type Decider, type Relation } from '@second-opinion/kernel';
import { anActor, testCalendar, testNow } from '@second-opinion/kernel/testing';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { attach, type Attached } from './circumstances';
import { Deciders } from './deciders';
import { TestHashes } from './testing/test-identity';

class Count extends Command {
  thingId!: string;
  by!: number;
}
class Whisper extends Command {
  thingId!: string;
}
class Ask extends Command {
  thingId!: string;
}
interface Commands {
  readonly Count: Count;
  readonly Whisper: Whisper;
  readonly Ask: Ask;
}
type CounterEvent = { type: 'Counted'; data: { to: number } } | { type: 'Whispered'; data: object };

const counter: Decider<Commands, number, CounterEvent> = {
  category: 'test.counter',
  rulesVersion: 'rules-1',
  initial: 0,
  streamId: ({ thingId }) => String(thingId),
  decide: {
    Count: ({ by }, state) => {
      if (by < 0) throw new Refused('test.negative');
      return Array.from({ length: by }, (_, index) => ({ type: 'Counted' as const, data: { to: state + index + 1 } }));
    },
    Whisper: () => [{ type: 'Whispered', data: {} }],
    Ask: () => [],
  },
  evolve: (state, event) => (event.type === 'Counted' ? event.data.to : state),
  hiddenFrom: (event, relation) => event.type === 'Whispered' && relation === 'own-doctor',
};

describe('running deciders', () => {
  let database: SqliteDatabase;
  let store: SqliteEventStore;
  let deciders: Deciders;
  const hashes = new TestHashes();
  const deployment = { application: 'test', kind: 'test', replica: 'test', alone: false } as const;
  const around = (commandId: string, over: Partial<Attached> = {}): Attached => ({
    actor: anActor('company-doctor', 'doctor-1'),
    now: testNow,
    commandId,
    calendar: testCalendar,
    correlationId: 'c',
    causationId: commandId,
    requestId: 'r',
    relation: 'employee',
    mac: (version) => hashes.bodyMac('{}', version),
    ...over,
  });
  const count = (commandId: string, by = 1, over: Partial<Attached> = {}) =>
    deciders.execute(counter, attach(Object.assign(new Count(), { thingId: '1', by }), around(commandId, over)));

  /** elsewhere another process counts. */
  const elsewhere = (commandId: string) =>
    new Deciders(store, hashes, deployment).execute(
      counter,
      attach(Object.assign(new Count(), { thingId: '1', by: 1 }), around(commandId)),
    );
  const countingReads = () => {
    let reads = 0;
    const counting = new Proxy(store, {
      get(target, name) {
        if (name === 'readStream') reads++;
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    return { reads: () => reads, counting };
  };

  beforeEach(() => {
    database = SqliteDatabase.open();
    store = new SqliteEventStore(database);
    deciders = new Deciders(store, hashes, deployment);
  });
  afterEach(() => database.close());

  it('answers a repeat with the first result and appends nothing', async () => {
    const first = await count('a', 2);
    await count('b', 1);
    const again = await count('a', 2);
    expect(again).toMatchObject({ id: '1', happened: ['Counted', 'Counted'], position: first.position });
    expect(await store.readStream('test.counter-1')).toHaveLength(3);
  });

  it('finds the repeat also after a restart', async () => {
    await count('a', 1);
    deciders = new Deciders(store, hashes, deployment);
    expect((await count('a', 1)).happened).toEqual(['Counted']);
    expect(await store.readStream('test.counter-1')).toHaveLength(1);
  });

  it('refuses the same key with another body, and compares nothing once the key of that month is gone', async () => {
    await count('a', 1);
    await expect(count('a', 1, { mac: (version) => hashes.bodyMac('{"by":2}', version) })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    expect(
      (await count('a', 1, { mac: (version) => (version ? undefined : hashes.bodyMac('{"by":2}')) })).happened,
    ).toEqual(['Counted']);
  });

  it('stores nothing on a refusal, and may decide otherwise on the next try', async () => {
    await expect(count('a', -1)).rejects.toMatchObject({ code: 'test.negative' });
    expect(await store.readStream('test.counter-1')).toEqual([]);
    expect((await count('a', 1)).happened).toEqual(['Counted']);
  });

  it('decides again after a conflict, so that two at once both count', async () => {
    await Promise.all([count('a'), count('b'), count('c')]);
    const events = await store.readStream('test.counter-1');
    expect(events.map(({ data }) => (data as { to: number }).to)).toEqual([1, 2, 3]);
  });

  it('sees what another process appended', async () => {
    await count('a');
    await elsewhere('b');
    expect((await deciders.state<number>(counter, '1')).state).toBe(2);
    await count('c');
    expect((await store.readStream('test.counter-1')).map(({ data }) => (data as { to: number }).to)).toEqual([
      1, 2, 3,
    ]);
  });

  it.each([
    ['all of it and more', Infinity, 3],
    ['a part of it', 1, 2],
  ])('loses and doubles nothing when a look between an append and its answer finds %s', async (_, seen, after) => {
    const readStream = store.readStream.bind(store);
    const append = store.append.bind(store);
    jest.spyOn(store, 'append').mockImplementationOnce(async (...batch) => {
      const appended = await append(...batch);
      if (seen > 2) await elsewhere('b');
      jest
        .spyOn(store, 'readStream')
        .mockImplementationOnce(async (...from) => (await readStream(...from)).slice(0, seen));
      await deciders.state(counter, '1');
      return appended;
    });
    expect(await count('a', 2)).toMatchObject({ happened: ['Counted', 'Counted'] });
    expect(await deciders.state<number>(counter, '1')).toEqual({ state: after, revision: after - 1 });
    jest.restoreAllMocks();
  });

  it('that is alone reads a stream once, and looks again when an append tells it otherwise', async () => {
    const { reads, counting } = countingReads();
    deciders = new Deciders(counting, hashes, { ...deployment, alone: true });
    await count('a');
    await count('b');
    expect(reads()).toBe(1);
    await elsewhere('c');
    await count('d');
    expect((await store.readStream('test.counter-1')).map(({ data }) => (data as { to: number }).to)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('reads a stream once for a command, from when it came', async () => {
    const { reads, counting } = countingReads();
    deciders = new Deciders(counting, hashes, deployment);
    const began = performance.now();
    await deciders.state(counter, '1');
    await count('a', 1, { began });
    expect(reads()).toBe(1);
    await count('b', 1, { began: performance.now() });
    expect(reads()).toBe(2);
  });

  it('for the system first decides on what is known, and looks before anything is refused, left or lost', async () => {
    const { reads, counting } = countingReads();
    deciders = new Deciders(counting, hashes, deployment);
    const bySystem = (commandId: string, by: number) =>
      count(commandId, by, { relation: 'system', began: performance.now() });
    await bySystem('a', 1);
    await bySystem('b', 1);
    expect(reads()).toBe(1);
    await elsewhere('c');
    await bySystem('d', 1);
    expect((await store.readStream('test.counter-1')).map(({ data }) => (data as { to: number }).to)).toEqual([
      1, 2, 3, 4,
    ]);
    // What a command has done already, here or elsewhere, it does not do again; a refusal is not made on what was known before.
    await elsewhere('e');
    expect((await bySystem('e', 1)).happened).toEqual(['Counted']);
    await elsewhere('f');
    const before = reads();
    await expect(bySystem('g', -1)).rejects.toMatchObject({ code: 'test.negative' });
    expect((await bySystem('h', 0)).happened).toEqual([]);
    expect(reads() - before).toBe(2);
    expect((await deciders.state<number>(counter, '1')).state).toBe(6);
  });

  it('takes what stands for a command that was done before, though it comes to something else now', async () => {
    const bySystem = (on: Deciders, commandId: string, by: number) =>
      on.execute(
        counter,
        attach(Object.assign(new Count(), { thingId: '1', by }), around(commandId, { relation: 'system' })),
      );
    const behind = new Deciders(store, hashes, deployment);
    await bySystem(behind, 'a', 1);
    // Another process does it while this one knows the stream as it was; then it comes here too, decided on other facts.
    await bySystem(deciders, 'b', 2);
    expect((await bySystem(behind, 'b', 1)).happened).toEqual(['Counted', 'Counted']);
    expect(await behind.state<number>(counter, '1')).toEqual({ state: 3, revision: 2 });
    const alone = new Deciders(store, hashes, { ...deployment, alone: true });
    expect((await bySystem(alone, 'b', 1)).happened).toEqual(['Counted', 'Counted']);
    expect(await alone.state<number>(counter, '1')).toEqual({ state: 3, revision: 2 });
  });

  it('that is alone looks at no stream that a command of the system most likely begins, and takes what stands there all the same', async () => {
    const { reads, counting } = countingReads();
    const beginning = { ...counter, begins: ['Count'] as const };
    const alone = () => new Deciders(counting, hashes, { ...deployment, alone: true });
    const begin = (on: Deciders, commandId: string, by: number, thingId = '1', relation: Relation = 'system') =>
      on.execute(
        beginning,
        attach(Object.assign(new Count(), { thingId, by }), around(commandId, { relation, began: performance.now() })),
      );
    const counted = async () => (await store.readStream('test.counter-1')).map(({ data }) => data);
    deciders = alone();
    await begin(deciders, 'a', 2);
    await begin(deciders, 'b', 1);
    expect(reads()).toBe(0);
    expect(await deciders.state<number>(beginning, '1')).toEqual({ state: 3, revision: 2 });
    // After a restart nothing is in memory: another command goes on from what stands, one that was done before is answered from it.
    const restarted = alone();
    await begin(restarted, 'c', 1);
    expect(await counted()).toEqual([{ to: 1 }, { to: 2 }, { to: 3 }, { to: 4 }]);
    expect(await restarted.state<number>(beginning, '1')).toEqual({ state: 4, revision: 3 });
    const again = alone();
    expect(await begin(again, 'a', 1)).toMatchObject({ happened: ['Counted', 'Counted'] });
    expect(await again.state<number>(beginning, '1')).toEqual({ state: 4, revision: 3 });
    // Neither a refusal nor that there is nothing to do is believed before somebody has looked, and of a user no command at all.
    const before = reads();
    await expect(begin(alone(), 'd', -1)).rejects.toMatchObject({ code: 'test.negative' });
    expect((await begin(alone(), 'e', 0)).happened).toEqual([]);
    await begin(alone(), 'f', 1, '2', 'employee');
    expect(reads() - before).toBe(3);
    expect(await counted()).toHaveLength(4);
  });

  it('that is alone does not believe a look that began before an append was found to have gone otherwise', async () => {
    const looking = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    const slow = new Proxy(store, {
      get(target, name) {
        if (name === 'readStream')
          return async (stream: string) => {
            const found = await target.readStream(stream);
            looking.resolve();
            await answered.promise;
            return found;
          };
        if (name === 'append')
          return async (...appended: Parameters<EventStore['append']>) => {
            await looking.promise;
            await target.append(...appended);
            throw new Error('nobody knows');
          };
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (member.bind(target) as unknown) : member;
      },
    });
    const beginning = { ...counter, begins: ['Count'] as const };
    deciders = new Deciders(slow, hashes, { ...deployment, alone: true });
    const command = attach(Object.assign(new Count(), { thingId: '1', by: 1 }), around('a', { relation: 'system' }));
    const appending = deciders.execute(beginning, command);
    const look = deciders.state<number>(beginning, '1');
    await expect(appending).rejects.toThrow('nobody knows');
    answered.resolve();
    await look;
    expect(await deciders.state<number>(beginning, '1')).toEqual({ state: 1, revision: 0 });
  });

  it('keeps a long stream while many short ones come', async () => {
    const { reads, counting } = countingReads();
    deciders = new Deciders(counting, hashes, { ...deployment, alone: true });
    await count('a', 20);
    await count('b');
    const before = reads();
    for (let number = 0; number < 6_000; number++) deciders.begins(counter, `another-${number}`);
    expect(await deciders.state<number>(counter, '1')).toEqual({ state: 21, revision: 20 });
    expect(reads()).toBe(before);
  });

  it('takes no stream for new that somebody was quicker to begin', async () => {
    deciders = new Deciders(store, hashes, { ...deployment, alone: true });
    deciders.begins(counter, '1');
    await count('a');
    deciders.begins(counter, '1');
    expect(await deciders.state<number>(counter, '1')).toEqual({ state: 1, revision: 0 });
    await count('b');
    expect(await deciders.state<number>(counter, '1')).toEqual({ state: 2, revision: 1 });
  });

  it('gives the same answer to one who sent the same command twice at once', async () => {
    const [one, two] = await Promise.all([count('a', 2), count('a', 2)]);
    expect(one).toEqual(two);
    expect(await store.readStream('test.counter-1')).toHaveLength(2);
  });

  it('with If-Match answers 412 instead of deciding again, but a repeat is still found', async () => {
    const first = await count('a');
    await expect(count('b', 1, { ifMatch: '"old"' })).rejects.toMatchObject({ code: 'precondition-failed' });
    await count('c', 1, { ifMatch: first.etag! });
    await expect(count('d', 1, { ifMatch: first.etag! })).rejects.toMatchObject({ code: 'precondition-failed' });
    expect((await count('c', 1, { ifMatch: first.etag! })).happened).toEqual(['Counted']);
  });

  it('keeps a hidden event out of the answer and the ETag of whoever may not know of it', async () => {
    const before = await count('a', 1, { relation: 'own-doctor' });
    const whisper = (commandId: string, relation: Relation) =>
      deciders.execute(
        counter,
        attach(Object.assign(new Whisper(), { thingId: '1' }), around(commandId, { relation })),
      );
    const told = await whisper('b', 'employee');
    const { position } = await whisper('c', 'own-doctor');
    expect(told.happened).toEqual(['Whispered']);
    expect(told.etag).not.toBe(before.etag);
    expect((await whisper('c', 'own-doctor')).happened).toEqual([]);
    expect(await deciders.etag(counter, 'test.counter-1', 'own-doctor', position!)).toBe(before.etag);
  });

  it('tells no position of a hidden event to whoever asks without effect', async () => {
    const { position } = await count('a', 1, { relation: 'own-doctor' });
    await deciders.execute(counter, attach(Object.assign(new Whisper(), { thingId: '1' }), around('b')));
    const asked = attach(Object.assign(new Ask(), { thingId: '1' }), around('c', { relation: 'own-doctor' }));
    expect((await deciders.execute(counter, asked)).position).toBe(position);
  });

  it('runs a second command of another stream under an id of its own, once', async () => {
    const first = attach(Object.assign(new Count(), { thingId: '1', by: 1 }), around('a'));
    const second = { type: Count, fields: { thingId: '2', by: 1 } };
    await deciders.also(counter, second, first);
    await deciders.also(counter, second, first);
    expect(await store.readStream('test.counter-2')).toHaveLength(1);
  });

  it('serialises a contended stream until all are decided', async () => {
    const contended = { ...counter, contended: true };
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        deciders.execute(contended, attach(Object.assign(new Count(), { thingId: '9', by: 1 }), around(`k${index}`))),
      ),
    );
    const events = await store.readStream('test.counter-9');
    expect(events.map(({ data }) => (data as { to: number }).to)).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  describe.each([
    ['in one transaction', (sqlite: SqliteEventStore): EventStore => sqlite],
    ['one after the other', (sqlite: SqliteEventStore): EventStore => new NamespacedEventStore(sqlite, 'one')],
  ])('both of two commands, appended %s', (how, over) => {
    let log: EventStore;
    const reuse = (version?: string) => hashes.bodyMac('{"by":2}', version);
    beforeEach(() => {
      log = over(store);
      deciders = new Deciders(log, hashes, deployment);
    });
    /** both: the second command counts thing 2, the first thing 1. */
    const both = (
      commandId: string,
      {
        second = 1,
        first = 1,
        other = '2',
        decider = counter,
        ...more
      }: Partial<Attached> & {
        second?: number;
        first?: number;
        other?: string;
        decider?: typeof counter;
      } = {},
      on = deciders,
    ) => {
      const command = attach(Object.assign(new Count(), { thingId: '1', by: first }), around(commandId, more));
      return on.both(decider, { type: Count, fields: { thingId: other, by: second } }, decider, command);
    };
    /** there: what the log holds, in its order. */
    const there = async () =>
      (await log.readAll({})).events.map(({ stream, data }) => [stream.slice(-1), (data as { to: number }).to]);
    /** cut is a log that fails from this append on, up to that one. */
    const cut = (from: number, error: Error, upTo = Infinity): EventStore => {
      let appends = 0;
      const failing: EventStore = new Proxy(log, {
        get(target, name) {
          if (name === 'append')
            return async (...args: Parameters<EventStore['append']>) => {
              if (++appends >= from && appends <= upTo) throw error;
              return target.append(...args);
            };
          // Whatever the store does, here one is appended after the other.
          if (name === 'appendInOrder') return NamespacedEventStore.prototype.appendInOrder.bind(failing);
          const member: unknown = Reflect.get(target, name);
          return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        },
      });
      return failing;
    };
    const counts = async (commandId: string, thingId: string) =>
      new Deciders(log, hashes, deployment).execute(
        counter,
        attach(Object.assign(new Count(), { thingId, by: 1 }), around(commandId)),
      );

    it('puts the second before the first and answers for the first, as if they had come one after the other', async () => {
      const answer = await both('a', { second: 2 });
      expect(await there()).toEqual([
        ['2', 1],
        ['2', 2],
        ['1', 1],
      ]);
      const { events } = await log.readAll({});
      expect(answer).toEqual({
        ...{ id: '1', happened: ['Counted'], position: events[2]?.position },
        etag: hashes.etag('test.counter-1', 0),
      });
      const [second, , first] = events.map(({ metadata }) => metadata);
      expect([first?.commandId, second?.causationId]).toEqual(['a', 'a']);
      expect(second?.commandId).not.toBe('a');
      expect((await deciders.state<number>(counter, '2')).state).toBe(2);
      expect((await both('b')).happened).toEqual(['Counted']);
      expect(await there()).toHaveLength(5);
    });

    it('asks the log to append once, where nothing is in the way', async () => {
      const appended = jest.spyOn(log, 'appendInOrder');
      const alone = jest.spyOn(log, 'append');
      await both('a');
      expect(appended).toHaveBeenCalledTimes(1);
      expect(alone).toHaveBeenCalledTimes(how === 'in one transaction' ? 0 : 2);
    });

    it('appends nothing when either is refused', async () => {
      await expect(both('a', { first: -1 })).rejects.toMatchObject({ code: 'test.negative' });
      await expect(both('b', { second: -1 })).rejects.toMatchObject({ code: 'test.negative' });
      expect(await there()).toEqual([]);
    });

    it('appends what the one comes to when the other comes to nothing', async () => {
      expect((await both('a', { second: 0 })).happened).toEqual(['Counted']);
      expect((await both('b', { first: 0 })).happened).toEqual([]);
      expect(await there()).toEqual([
        ['1', 1],
        ['2', 1],
      ]);
    });

    it('answers a repeat with the first result, also after a restart', async () => {
      const answer = await both('a');
      expect(await both('a')).toEqual(answer);
      expect(await both('a', {}, new Deciders(log, hashes, deployment))).toEqual(answer);
      expect(await there()).toHaveLength(2);
    });

    it('completes what a crash between them cut, once', async () => {
      await expect(both('a', {}, new Deciders(cut(2, new Error('killed')), hashes, deployment))).rejects.toThrow(
        'killed',
      );
      expect(await there()).toEqual([['2', 1]]);
      await both('a');
      await both('a');
      expect(await there()).toEqual([
        ['2', 1],
        ['1', 1],
      ]);
    });

    it.each([1, 2])(
      'takes nothing for granted when append %d fails, and goes on once the log is there again',
      async (from) => {
        const those = new Deciders(cut(from, new Error('away'), from), hashes, { ...deployment, alone: true });
        await expect(both('a', {}, those)).rejects.toThrow('away');
        await counts('elsewhere', '1');
        await both('a', {}, those);
        expect(await there()).toEqual(
          from === 1
            ? [
                ['1', 1],
                ['2', 1],
                ['1', 2],
              ]
            : [
                ['2', 1],
                ['1', 1],
                ['1', 2],
              ],
        );
      },
    );

    it('that is alone looks again after an append of which it does not know what came', async () => {
      const told = jest.spyOn(log, 'appendInOrder').mockImplementationOnce(async (batches) => {
        await log.appendInOrder(batches);
        throw new Error('away');
      });
      deciders = new Deciders(log, hashes, { ...deployment, alone: true });
      await expect(both('a')).rejects.toThrow('away');
      expect(told).toHaveBeenCalledTimes(2);
      for (const thing of ['1', '2']) expect((await deciders.state<number>(counter, thing)).state).toBe(1);
    });

    it('reads each stream once for a command, from when it came', async () => {
      const read = jest.spyOn(log, 'readStream');
      const began = performance.now();
      await deciders.state(counter, '1');
      await both('a', { began });
      expect(read).toHaveBeenCalledTimes(2);
      await both('b', { began: performance.now() });
      expect(read).toHaveBeenCalledTimes(4);
    });

    it('refuses the same key with another body, whatever of it stands', async () => {
      await both('a');
      await expect(both('a', { mac: reuse })).rejects.toMatchObject({ code: 'idempotency-key-reused' });
      await expect(both('b', {}, new Deciders(cut(2, new Error('killed')), hashes, deployment))).rejects.toThrow(
        'killed',
      );
      await expect(both('b', { mac: reuse })).rejects.toMatchObject({ code: 'idempotency-key-reused' });
      expect(await there()).toHaveLength(3);
    });

    it('refuses the key of a body that went to another stream before anything is appended', async () => {
      const claim = () => Promise.resolve(reuse());
      await expect(both('a', { claim })).rejects.toMatchObject({ code: 'idempotency-key-reused' });
      expect(await there()).toEqual([]);
      await both('a', { claim, mac: reuse });
      expect(await there()).toHaveLength(2);
    });

    it('refuses one of two bodies that came at once under one key, and leaves nothing of it where a transaction can', async () => {
      const [won, lost] = await Promise.allSettled([both('a'), both('a', { other: '3', mac: reuse })]);
      expect(won.status).toBe('fulfilled');
      expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'idempotency-key-reused' } });
      const things = (await there()).map(([thing]) => thing);
      expect(things.toSorted()).toEqual(how === 'in one transaction' ? ['1', '2'] : ['1', '2', '3']);
    });

    it('gives the same answer to one who sent the same twice at once, here or to another process', async () => {
      const other = new Deciders(log, hashes, deployment);
      const [one, two, three] = await Promise.all([both('a'), both('a'), both('a', {}, other)]);
      expect([two, three]).toEqual([one, one]);
      expect(await there()).toHaveLength(2);
    });

    it('takes what stands when the same came to something else in another process at once', async () => {
      const other = new Deciders(log, hashes, deployment);
      const [first, later] = await Promise.all([both('a', { first: 2, second: 2 }, other), both('a')]);
      expect(later).toEqual(first);
      for (const thing of ['1', '2'])
        expect(await deciders.state<number>(counter, thing)).toEqual({ state: 2, revision: 1 });
    });

    it('decides again when several come at once, so that all count', async () => {
      await Promise.all([both('a'), both('b'), counts('c', '2'), counts('d', '1')]);
      const seen = await there();
      for (const thing of ['1', '2'])
        expect(seen.filter(([stream]) => stream === thing).map(([, to]) => to)).toEqual([1, 2, 3]);
    });

    it.each([
      ['2', false],
      ['1', false],
      ['2', true],
      ['1', true],
    ])('decides again when thing %s was counted elsewhere since it was read (alone: %p)', async (thing, alone) => {
      deciders = new Deciders(log, hashes, { ...deployment, alone });
      await both('a');
      const began = performance.now();
      await deciders.state(counter, '1');
      await deciders.state(counter, '2');
      await counts('elsewhere', thing);
      expect((await both('b', { began })).happened).toEqual(['Counted']);
      expect((await there()).filter(([stream]) => stream === thing).map(([, to]) => to)).toEqual([1, 2, 3]);
      expect(await there()).toHaveLength(5);
    });

    it('gives up when somebody is always quicker', async () => {
      const never = cut(1, new RevisionConflict('test.counter-2', 'no-stream', 0));
      await expect(both('a', {}, new Deciders(never, hashes, deployment))).rejects.toMatchObject({ code: 'too-busy' });
      expect(await there()).toEqual([]);
    });

    it('with If-Match compares the first alone', async () => {
      const { etag } = await both('a');
      await expect(both('b', { ifMatch: '"old"' })).rejects.toMatchObject({ code: 'precondition-failed' });
      expect((await both('c', { ifMatch: etag as string })).happened).toEqual(['Counted']);
    });

    it('takes turns on contended streams', async () => {
      const decider = { ...counter, contended: true };
      await Promise.all(Array.from({ length: 20 }, (_, index) => both(`k${index}`, { decider })));
      expect(await there()).toHaveLength(40);
    });
  });
});
