import { randomUUID } from 'node:crypto';
import { eventHash, Invalid, type NewEvent, type Position, type RecordedEvent } from '@second-opinion/kernel';
import { testMetadata } from '@second-opinion/kernel/testing';
import {
  MAX_APPEND_BYTES,
  RevisionConflict,
  type Append,
  type AppendResult,
  type EventStore,
  type Spelt,
  type SubscribeOptions,
} from './event-store';

/** StoreUnderTest: a store, and how to come back to the same events after a restart. */
export interface StoreUnderTest {
  readonly store: EventStore;
  /** restart closes the store and opens it again on the same storage. */
  restart(): Promise<EventStore>;
  close(): Promise<void>;
}

/** eventStoreContract proves the promises of {@link EventStore}; every adapter passes it. */
export function eventStoreContract(name: string, make: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the promises of the event store`, () => {
    let under: StoreUnderTest;
    let store: EventStore;
    /** area is a context of this test's own: servers keep what other tests wrote. */
    let area: string;
    let stream: string;
    const running: AbortController[] = [];

    beforeEach(async () => {
      under = await make();
      store = under.store;
      area = `contract${randomUUID().replaceAll('-', '')}`;
      stream = `${area}.case-1`;
    });
    afterEach(async () => {
      for (const stop of running.splice(0)) stop.abort();
      await under.close();
    });

    const noted = (number: number, over: Partial<NewEvent> = {}): NewEvent => ({
      id: randomUUID(),
      type: 'Noted',
      data: { number },
      metadata: testMetadata,
      ...over,
    });
    /** placeOf a result; not every store can tell that something stood there already. */
    const placeOf = ({ stream: of, revision, position }: AppendResult) => ({ stream: of, revision, position });
    /** follow collects events until it is asked for so many. */
    function follow(options: Omit<SubscribeOptions, 'signal'> = {}, on = store) {
      const stop = new AbortController();
      running.push(stop);
      const events: RecordedEvent[] = [];
      const batches: { position: Position; caughtUp: boolean; size: number }[] = [];
      const iterator = on.subscribe({ categories: [area], ...options, signal: stop.signal })[Symbol.asyncIterator]();
      const next = async () => {
        const { done, value } = await iterator.next();
        if (done) return false;
        events.push(...value.events);
        batches.push({ position: value.position, caughtUp: value.caughtUp, size: value.events.length });
        return true;
      };
      return {
        events,
        batches,
        next,
        stop: () => stop.abort(),
        numbers: () => events.map((event) => (event.data as { number: number }).number),
        until: async (count: number) => {
          while (events.length < count && (await next()));
        },
      };
    }
    const all = async (on = store) => {
      const events: RecordedEvent[] = [];
      let after: Position | undefined;
      for (;;) {
        const batch = await on.readAll({ categories: [area], limit: 100, ...(after === undefined ? {} : { after }) });
        events.push(...batch.events);
        if (batch.caughtUp) return events;
        after = batch.position;
      }
    };
    const conflictOf = async (attempt: Promise<unknown>) => {
      const error: unknown = await attempt.catch((caught: unknown) => caught);
      if (!(error instanceof RevisionConflict)) throw error;
      return [error.expected, error.actual];
    };

    describe('append', () => {
      it('creates a stream and gives its events back whole, in order', async () => {
        const events = [noted(1), noted(2)];
        const result = await store.append(stream, 'no-stream', events);
        expect(result).toMatchObject({ stream, revision: 1 });
        const read = await store.readStream(stream);
        expect(read).toEqual(
          events.map((event, revision) => ({ ...event, stream, revision, position: read[revision]?.position })),
        );
        expect(read[1]?.position).toBe(result.position);
      });

      it('refuses to create a stream that exists, and names where it is', async () => {
        await store.append(stream, 'no-stream', [noted(1), noted(2)]);
        expect(await conflictOf(store.append(stream, 'no-stream', [noted(3)]))).toEqual(['no-stream', 1]);
        expect(await store.readStream(stream)).toHaveLength(2);
      });

      it('refuses an older revision, a later one and one of no stream, and names where it is', async () => {
        await store.append(stream, 'no-stream', [noted(1), noted(2)]);
        expect(await conflictOf(store.append(stream, 0, [noted(3)]))).toEqual([0, 1]);
        expect(await conflictOf(store.append(stream, 7, [noted(3)]))).toEqual([7, 1]);
        expect(await conflictOf(store.append(`${area}.case-none`, 0, [noted(3)]))).toEqual([0, 'no-stream']);
        expect(await all()).toHaveLength(2);
      });

      it('gives the first result for the same events at the same revision, also after a restart', async () => {
        const first = [noted(1), noted(2)];
        const more = [noted(3)];
        const created = await store.append(stream, 'no-stream', first);
        const appended = await store.append(stream, 1, more);
        await store.append(stream, 2, [noted(4)]);
        store = await under.restart();
        expect(placeOf(await store.append(stream, 'no-stream', first))).toEqual(placeOf(created));
        expect(placeOf(await store.append(stream, 1, more))).toEqual(placeOf(appended));
        expect(await store.readStream(stream)).toHaveLength(4);
      });

      it('takes other events at a revision that is gone for a conflict, not for a repeat', async () => {
        const first = [noted(1), noted(2)];
        await store.append(stream, 'no-stream', first);
        const mixed = [first[0] as NewEvent, noted(2)];
        expect(await conflictOf(store.append(stream, 'no-stream', mixed))).toEqual(['no-stream', 1]);
        expect(await conflictOf(store.append(stream, 'no-stream', [...first, noted(3)]))).toEqual(['no-stream', 1]);
      });

      it('lets exactly one of many writers at the same revision win', async () => {
        await store.append(stream, 'no-stream', [noted(0)]);
        const outcomes = await Promise.allSettled(
          Array.from({ length: 10 }, (_, index) => store.append(stream, 0, [noted(index + 1)])),
        );
        expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RevisionConflict);
        expect(await store.readStream(stream)).toHaveLength(2);
      });

      it('lets two writers who try again after a conflict both finish, with nothing lost, doubled or left out', async () => {
        const write = async (writer: number) => {
          let last = -1;
          for (let number = 0; number < 15; number++) {
            const event = noted(writer * 100 + number);
            for (let written = false; !written;) {
              const attempt = store.append(stream, last === -1 ? 'no-stream' : last, [event]);
              const answer = await attempt.catch((error: unknown) => {
                if (error instanceof RevisionConflict) return error;
                throw error;
              });
              written = !(answer instanceof RevisionConflict);
              last = answer instanceof RevisionConflict ? Number(answer.actual) : answer.revision;
            }
          }
        };
        await Promise.all([write(1), write(2)]);
        const read = await store.readStream(stream);
        const numbers = read.map((event) => (event.data as { number: number }).number);
        expect(read.map((event) => event.revision)).toEqual(Array.from({ length: 30 }, (_, index) => index));
        for (const writer of [1, 2])
          expect(numbers.filter((number) => Math.floor(number / 100) === writer)).toEqual(
            Array.from({ length: 15 }, (_, index) => writer * 100 + index),
          );
      });

      it('takes the same batch sent several times at once for one', async () => {
        await store.append(stream, 'no-stream', [noted(0)]);
        const batch = [noted(1), noted(2)];
        const results = await Promise.all(Array.from({ length: 5 }, () => store.append(stream, 0, batch)));
        expect(new Set(results.map(({ revision, position }) => `${revision} ${position}`)).size).toBe(1);
        expect(await store.readStream(stream)).toHaveLength(3);
      });

      it('counts ids for each stream by itself', async () => {
        const event = noted(1);
        await store.append(stream, 'no-stream', [event]);
        await store.append(`${area}.case-2`, 'no-stream', [event]);
        expect((await all()).map(({ stream: name, id }) => [name, id])).toEqual([
          [stream, event.id],
          [`${area}.case-2`, event.id],
        ]);
      });

      it('keeps streams apart when many are written at once', async () => {
        await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            store.append(`${area}.case-${index}`, 'no-stream', [noted(index), noted(index)]),
          ),
        );
        expect(await all()).toHaveLength(40);
        expect((await store.readStream(`${area}.case-7`)).map((event) => event.data)).toEqual([
          { number: 7 },
          { number: 7 },
        ]);
      });

      it('takes 900 KiB in one event, and refuses more than the limit with nothing written', async () => {
        const text = 'é'.repeat((900 * 1024) / 2);
        await store.append(stream, 'no-stream', [noted(1, { data: { text } })]);
        expect((await store.readStream(stream))[0]?.data).toEqual({ text });
        const half = { text: 'x'.repeat(MAX_APPEND_BYTES / 2) };
        const tooLarge = { code: 'event-store.invalid-append', facts: { what: 'too-large' } };
        await expect(
          store.append(stream, 0, [noted(2, { data: half }), noted(3, { data: half })]),
        ).rejects.toMatchObject(tooLarge);
        // Their types alone make these too large, for servers that count them.
        const named = Array.from({ length: 600 }, (_, number) => noted(number, { data: {}, type: 'N'.repeat(100) }));
        const held = named.reduce((sum, { data, metadata }) => sum + JSON.stringify([data, metadata]).length - 3, 0);
        const filled = noted(600, { data: { text: 'x'.repeat(MAX_APPEND_BYTES - held - 2_000) } });
        await expect(store.append(stream, 0, [...named, filled])).rejects.toMatchObject(tooLarge);
        expect(await store.readStream(stream)).toHaveLength(1);
      });

      it('gives Unicode, empty values and numbers up to 2^53 back as they were, with the same hash', async () => {
        const data = {
          text: 'Zoë 👩🏽‍⚕️ \u0000 \u2028 ﷽ "\\',
          'sleutel é': [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0.1, 1e21, null, true, [], {}, ''],
        };
        const event = noted(1, { data });
        await store.append(stream, 'no-stream', [event]);
        const [read] = await store.readStream(stream);
        expect(read?.data).toEqual(data);
        expect(eventHash(read as RecordedEvent)).toBe(
          eventHash({ ...event, stream, revision: 0, position: 'does not count' }),
        );
      });

      it('leaves out what is undefined, live and read again alike', async () => {
        const follower = follow();
        await store.append(stream, 'no-stream', [noted(1, { data: { a: 1, b: undefined, c: { d: undefined } } })]);
        await follower.until(1);
        const expected = { a: 1, c: {} };
        expect(follower.events[0]?.data).toStrictEqual(expected);
        expect((await store.readStream(stream))[0]?.data).toStrictEqual(expected);
      });

      const cyclic: Record<string, unknown> = {};
      cyclic.self = cyclic;
      it.each<[string, (n: typeof noted) => readonly NewEvent[]]>([
        ['an empty batch', () => []],
        ['an id that is no UUID', (event) => [event(1, { id: 'event-1' })]],
        ['the nil UUID', (event) => [event(1, { id: '00000000-0000-0000-0000-000000000000' })]],
        ['an upper-case UUID', (event) => [event(1, { id: randomUUID().toUpperCase() })]],
        ['the same id twice', (event) => [event(1, { id: ONE_ID }), event(2, { id: ONE_ID })]],
        ['an empty type', (event) => [event(1, { type: '' })]],
        ['a system type', (event) => [event(1, { type: '$metadata' })]],
        ['data that is a list', (event) => [event(1, { data: [1] })]],
        ['a date', (event) => [event(1, { data: { at: new Date(0) } })]],
        ['a class instance', (event) => [event(1, { data: { map: new Map() } })]],
        ['NaN', (event) => [event(1, { data: { number: NaN } })]],
        ['a BigInt', (event) => [event(1, { data: { number: 1n } })]],
        ['a function', (event) => [event(1, { data: { call: () => 1 } })]],
        ['undefined in a list', (event) => [event(1, { data: { list: [undefined] } })]],
        ['half a surrogate pair', (event) => [event(1, { data: { text: '\ud800' } })]],
        ['a cycle', (event) => [event(1, { data: cyclic })]],
        ['metadata that is not flat', (event) => [event(1, { metadata: { ...testMetadata, actorId: {} as string } })]],
      ])('refuses %s and writes nothing', async (_, batch) => {
        const attempt = store.append(stream, 'no-stream', batch(noted));
        await expect(attempt).rejects.toMatchObject({ code: 'event-store.invalid-append' });
        await expect(attempt).rejects.toBeInstanceOf(Invalid);
        expect(await store.readStream(stream)).toEqual([]);
      });

      it.each(['', '$system', '$contract.case-1', 'nodash', 'a.b-', 'a.b-with space', `a.b-${'x'.repeat(250)}`])(
        'refuses the stream name %p',
        async (bad) => {
          await expect(store.append(bad, 'no-stream', [noted(1)])).rejects.toMatchObject({
            code: 'event-store.invalid-append',
          });
        },
      );

      it.each([-1, 0.5, NaN, 2 ** 60])('refuses the expected revision %p', async (expected) => {
        await expect(store.append(stream, expected, [noted(1)])).rejects.toBeInstanceOf(Invalid);
      });

      it('goes on after a refused append', async () => {
        await store.append(stream, 'no-stream', []).catch(() => undefined);
        await expect(store.append(stream, 'no-stream', [noted(1)])).resolves.toMatchObject({ revision: 0 });
      });
    });

    describe('append in order', () => {
      const other = () => `${area}.person-1`;
      const two = (over: { first?: Partial<Append>; second?: Partial<Append> } = {}): readonly Append[] => [
        { stream: other(), expected: 'no-stream', events: [noted(1), noted(2)], ...over.first },
        { stream, expected: 'no-stream', events: [noted(3)], ...over.second },
      ];

      it('appends all, one after the other in the log, and tells who follows', async () => {
        await store.append(stream, 'no-stream', [noted(0)]);
        const follower = follow();
        const batches = two({ second: { expected: 0 } });
        const results = await store.appendInOrder(batches);
        expect(results.map((result) => [result.stream, result.revision])).toEqual([
          [other(), 1],
          [stream, 1],
        ]);
        const events = await all();
        expect(events.map(({ data }) => data)).toEqual([0, 1, 2, 3].map((number) => ({ number })));
        expect(results.map(({ position }) => position)).toEqual([events[2]?.position, events[3]?.position]);
        await follower.until(4);
        expect(follower.events).toEqual(events);
      });

      it('appends nothing after a conflict, whose stream it names', async () => {
        await store.append(stream, 'no-stream', [noted(0)]);
        const batches = two();
        await expect(store.appendInOrder(batches)).rejects.toMatchObject({ stream, expected: 'no-stream', actual: 0 });
        expect(await store.readStream(stream)).toHaveLength(1);
        expect([0, 2]).toContain((await store.readStream(other())).length);
        const first = two({ first: { expected: 7 }, second: { expected: 0 } });
        await expect(store.appendInOrder(first)).rejects.toMatchObject({ stream: other(), expected: 7 });
        expect(await store.readStream(stream)).toHaveLength(1);
      });

      it('appends nothing after a batch that it refuses', async () => {
        const refused = { code: 'event-store.invalid-append' };
        await expect(store.appendInOrder(two({ second: { events: [] } }))).rejects.toMatchObject(refused);
        expect(await store.readStream(stream)).toEqual([]);
        await expect(store.appendInOrder(two({ first: { events: [] } }))).rejects.toMatchObject(refused);
        expect(await store.readStream(stream)).toEqual([]);
      });

      it('gives the first results for the same batches, and completes what stands in part', async () => {
        const batches = two();
        const [prepared] = batches as [Append];
        const stood = await store.append(prepared.stream, prepared.expected, prepared.events);
        const follower = follow();
        const results = (await store.appendInOrder(batches)).map(placeOf);
        expect(results[0]).toEqual(placeOf(stood));
        expect((await store.appendInOrder(batches)).map(placeOf)).toEqual(results);
        await store.append(stream, 0, [noted(4)]);
        await follower.until(4);
        expect(follower.numbers()).toEqual([1, 2, 3, 4]);
        store = await under.restart();
        expect((await store.appendInOrder(batches)).map(placeOf)).toEqual(results);
        expect(await all()).toEqual(follower.events);
      });

      it('completes what stands in the middle, and nobody who follows misses what comes next', async () => {
        const [first, second] = two() as [Append, Append];
        const third: Append = { stream: `${area}.person-2`, expected: 'no-stream', events: [noted(4)] };
        await store.append(second.stream, second.expected, second.events);
        const follower = follow();
        await follower.until(1);
        await store.appendInOrder([first, second, third]);
        await follower.until(4);
        await store.append(stream, 0, [noted(5)]);
        await follower.until(5);
        expect(follower.numbers()).toEqual([3, 1, 2, 4, 5]);
      });

      it('lets exactly one of many win, whole', async () => {
        const attempts = Array.from({ length: 8 }, () => two());
        const outcomes = await Promise.allSettled(attempts.map((batches) => store.appendInOrder(batches)));
        const won = outcomes.findIndex(({ status }) => status === 'fulfilled');
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        for (const outcome of outcomes)
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(RevisionConflict);
        const expected = attempts[won]?.flatMap(({ events }) => events.map(({ id }) => id));
        expect((await all()).map(({ id }) => id)).toEqual(expected);
      });

      it('takes the same batches sent several times at once for one', async () => {
        const batches = two();
        const results = await Promise.all(Array.from({ length: 5 }, () => store.appendInOrder(batches)));
        for (const result of results) expect(result.map(placeOf)).toEqual(results[0]?.map(placeOf));
        expect(await all()).toHaveLength(3);
      });
    });

    it('takes an event with its JSON as it takes one without: the JSON is no part of it', async () => {
      const [plain, other] = [noted(1), noted(2)];
      const spelt: Spelt = {
        ...other,
        json: { data: JSON.stringify(other.data), metadata: JSON.stringify(other.metadata) },
      };
      await store.append(stream, 'no-stream', [plain, spelt]);
      const events = await store.readStream(stream);
      expect(events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata }))).toEqual([plain, other]);
      expect(Object.keys(events[1] as object).sort()).toEqual(Object.keys(events[0] as object).sort());
      const follower = follow();
      await follower.until(2);
      expect(follower.events).toEqual(events);
    });

    describe('ids of what is created', () => {
      const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
      const asked = async (commandId: string, on = store) =>
        (await on.idFor(commandId, () => ({ id: commandId, stream: `${area}.case-${commandId}` }))).id;

      it('gives one command one id, and two commands two', async () => {
        const [one, other] = [randomUUID(), randomUUID()];
        const ids = await Promise.all([one, one, other].map((commandId) => asked(commandId)));
        expect(ids[1]).toBe(ids[0]);
        expect(ids[2]).not.toBe(ids[0]);
        for (const id of ids) expect(id).toMatch(uuid);
      });

      it('gives the same id after a restart once an append has said so, whatever stream it was for', async () => {
        const commandId = randomUUID();
        const id = await asked(commandId);
        const created = { commandId, id };
        await store.append(`${area}.person-1`, 'no-stream', [noted(1)], created);
        store = await under.restart();
        expect(await asked(commandId)).toBe(id);
        await store.append(`${area}.case-${id}`, 'no-stream', [noted(2)], created);
        await store.append(`${area}.case-${id}`, 0, [noted(3)]);
        store = await under.restart();
        expect(await asked(commandId)).toBe(id);
      });

      it('gives the same id after a restart once it was appended with others', async () => {
        const commandId = randomUUID();
        const created = { commandId, id: await asked(commandId) };
        await store.appendInOrder([
          { stream: `${area}.person-1`, expected: 'no-stream', events: [noted(1)], created },
          { stream: `${area}.case-${created.id}`, expected: 'no-stream', events: [noted(2)], created },
        ]);
        store = await under.restart();
        expect(await asked(commandId)).toBe(created.id);
      });
    });

    describe('reading', () => {
      it('gives nothing for a stream that does not exist', async () => {
        expect(await store.readStream(stream)).toEqual([]);
      });

      it('reads a stream from a revision on, inclusive', async () => {
        await store.append(stream, 'no-stream', [noted(0), noted(1), noted(2)]);
        expect((await store.readStream(stream, 1)).map((event) => event.revision)).toEqual([1, 2]);
        expect(await store.readStream(stream, 3)).toEqual([]);
      });

      it('reads a long stream whole', async () => {
        for (let from = 0; from < 1_500; from += 300)
          await store.append(
            stream,
            from === 0 ? 'no-stream' : from - 1,
            Array.from({ length: 300 }, (_, index) => noted(from + index)),
          );
        const read = await store.readStream(stream);
        expect(read.map((event) => (event.data as { number: number }).number)).toEqual(
          Array.from({ length: 1_500 }, (_, index) => index),
        );
        expect(await all()).toEqual(read);
      });

      it('reads all streams in the order they were written', async () => {
        await store.append(`${area}.case-1`, 'no-stream', [noted(1)]);
        await store.append(`${area}.person-1`, 'no-stream', [noted(2), noted(3)]);
        await store.append(`${area}.case-1`, 0, [noted(4)]);
        const events = await all();
        expect(events.map((event) => event.data)).toEqual([1, 2, 3, 4].map((number) => ({ number })));
        for (const [index, event] of events.entries()) {
          expect(store.comparePositions(event.position, events[index + 1]?.position ?? (await store.end()))).toBe(
            index === events.length - 1 ? 0 : -1,
          );
        }
      });

      it('reads on from a position, exclusive, as many as asked', async () => {
        await store.append(stream, 'no-stream', [noted(1), noted(2), noted(3)]);
        const [first] = await all();
        const batch = await store.readAll({ categories: [area], after: (first as RecordedEvent).position, limit: 1 });
        expect(batch.events.map((event) => event.data)).toEqual([{ number: 2 }]);
      });

      it('narrows to categories that begin with a prefix', async () => {
        await store.append(`${area}.case-1`, 'no-stream', [noted(1)]);
        await store.append(`${area}.casework-1`, 'no-stream', [noted(2)]);
        await store.append(`${area}.person-1`, 'no-stream', [noted(3)]);
        await store.append(`x${area}.case-1`, 'no-stream', [noted(4)]);
        const read = async (...categories: string[]) =>
          (await store.readAll({ categories })).events.map((event) => (event.data as { number: number }).number);
        expect(await read(`${area}.`)).toEqual([1, 2, 3]);
        expect(await read(`${area}.case`)).toEqual([1, 2]);
        expect(await read(`${area}.person`, `x${area}.case`)).toEqual([3, 4]);
        expect(await read(`${area}.nothing`)).toEqual([]);
      });

      it('tells where the log ends', async () => {
        const { position } = await store.append(stream, 'no-stream', [noted(1), noted(2)]);
        expect(store.comparePositions(await store.end(), position)).toBe(0);
      });

      it('compares positions; nothing is before everything', async () => {
        const one = await store.append(stream, 'no-stream', [noted(1)]);
        const two = await store.append(stream, 0, [noted(2)]);
        expect(store.comparePositions(one.position, two.position)).toBeLessThan(0);
        expect(store.comparePositions(two.position, one.position)).toBeGreaterThan(0);
        expect(store.comparePositions(undefined, one.position)).toBeLessThan(0);
        expect(store.comparePositions(undefined, undefined)).toBe(0);
      });
    });

    describe('subscription', () => {
      it('gives what was there and what comes, in order', async () => {
        await store.append(stream, 'no-stream', [noted(1), noted(2)]);
        const follower = follow();
        await follower.until(2);
        await store.append(stream, 1, [noted(3)]);
        await follower.until(3);
        expect(follower.numbers()).toEqual([1, 2, 3]);
        expect(follower.events).toEqual(await all());
      });

      it('resumes after the last handled position, also after a restart', async () => {
        await store.append(stream, 'no-stream', [noted(1), noted(2), noted(3)]);
        const before = follow({ batchSize: 2 });
        await before.until(2);
        before.stop();
        const after = before.batches.at(-1)?.position as Position;
        store = await under.restart();
        await store.append(stream, 2, [noted(4)]);
        const follower = follow({ after }, store);
        await follower.until(2);
        expect(follower.numbers()).toEqual([3, 4]);
      });

      it('gives a batch again when a crash came before its position was kept', async () => {
        await store.append(stream, 'no-stream', [noted(1), noted(2)]);
        const crashed = follow();
        await crashed.until(2);
        crashed.stop();
        store = await under.restart();
        const again = follow({}, store);
        await again.until(2);
        expect(again.events).toEqual(crashed.events);
      });

      it('yields no more than asked at once, and says when it is caught up', async () => {
        await store.append(stream, 'no-stream', [noted(1), noted(2), noted(3), noted(4), noted(5)]);
        const follower = follow({ batchSize: 2 });
        await follower.until(5);
        for (const batch of follower.batches) expect(batch.size).toBeLessThanOrEqual(2);
        while (!follower.batches.at(-1)?.caughtUp) await follower.next();
        expect(follower.numbers()).toEqual([1, 2, 3, 4, 5]);
        expect(follower.batches[0]?.caughtUp).toBe(false);
      });

      it('moves its position over what the filter leaves out', async () => {
        const follower = follow({ categories: [`${area}.case`] });
        const { position } = await store.append(`${area}.person-1`, 'no-stream', [noted(1)]);
        while (store.comparePositions(follower.batches.at(-1)?.position, position) < 0) await follower.next();
        expect(follower.events).toEqual([]);
        await store.append(stream, 'no-stream', [noted(2)]);
        await follower.until(1);
        expect(follower.numbers()).toEqual([2]);
      });

      it('gives every subscriber everything while many write', async () => {
        const followers = [follow(), follow(), follow({ categories: [`${area}.case`] })];
        const writers = Array.from({ length: 10 }, async (_, index) => {
          for (let revision = 0; revision < 20; revision++)
            await store.append(`${area}.case-${index}`, revision === 0 ? 'no-stream' : revision - 1, [noted(revision)]);
        });
        await Promise.all([...writers, ...followers.map((follower) => follower.until(200))]);
        const expected = await all();
        for (const follower of followers) expect(follower.events).toEqual(expected);
      });

      it('gives a slow subscriber everything in order, however much is written meanwhile', async () => {
        const text = 'x'.repeat(1_000);
        const follower = follow();
        await store.append(stream, 'no-stream', [noted(0, { data: { number: 0, text } })]);
        await follower.until(1);
        for (let from = 1; from < 1_500; from += 250)
          await Promise.all(
            Array.from({ length: 250 }, (_, index) =>
              store.append(`${area}.case-${from + index + 1}`, 'no-stream', [
                noted(from + index, { data: { number: from + index, text } }),
              ]),
            ),
          );
        await follower.until(1_501);
        expect(follower.events).toEqual(await all());
        expect(follower.events).toHaveLength(1_501);
      }, 300_000);

      it('gives big events to who reads and to who follows', async () => {
        const text = 'x'.repeat(900 * 1024);
        const follower = follow();
        for (let number = 0; number < 6; number++)
          await store.append(`${area}.case-${number}`, 'no-stream', [noted(number, { data: { number, text } })]);
        await follower.until(6);
        const again = follow();
        await again.until(6);
        expect(follower.numbers()).toEqual([0, 1, 2, 3, 4, 5]);
        expect(again.events).toEqual(follower.events);
        expect((again.events[5]?.data as { text: string }).text).toHaveLength(text.length);
      });

      it('lets a subscriber leave in the middle, and the others stay', async () => {
        const staying = follow();
        await store.append(stream, 'no-stream', [noted(1), noted(2)]);
        const left: RecordedEvent[] = [];
        const never = new AbortController();
        running.push(never);
        for await (const batch of store.subscribe({ categories: [area], signal: never.signal })) {
          left.push(...batch.events);
          if (left.length > 0) break;
        }
        await store.append(stream, 1, [noted(3)]);
        await staying.until(3);
        expect(left[0]).toEqual(staying.events[0]);
        expect(staying.numbers()).toEqual([1, 2, 3]);
      });

      it('refuses to go on from a place that the log has never reached, and from what is no position', async () => {
        const { position } = await store.append(stream, 'no-stream', [noted(1)]);
        const beyond = follow({ after: String(BigInt(position) + 1_000_000_000n) });
        await expect(beyond.next()).rejects.toMatchObject({ code: 'event-store.position-beyond-end' });
        await expect(follow({ after: 'x' }).next()).rejects.toMatchObject({ code: 'event-store.invalid-position' });
        await store.demandReached(position);
        await expect(store.demandReached(String(BigInt(position) + 1_000_000_000n))).rejects.toMatchObject({
          code: 'event-store.position-beyond-end',
        });
      });

      it('ends without an error when it is told to', async () => {
        const follower = follow();
        const waiting = follower.next();
        follower.stop();
        while (await waiting.then(() => follower.next()));
        expect(follower.events).toEqual([]);
        const aborted = follow();
        aborted.stop();
        expect(await aborted.next()).toBe(false);
      });
    });
  });
}

const ONE_ID = '3b241101-e2bb-4255-8caf-4136c566a962';
