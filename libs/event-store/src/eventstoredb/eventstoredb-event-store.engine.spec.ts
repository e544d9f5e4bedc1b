import { randomUUID } from 'node:crypto';
import { binaryEvent, jsonEvent } from '@eventstore/db-client';
import type { NewEvent, Position, RecordedEvent } from '@second-opinion/kernel';
import { testMetadata } from '@second-opinion/kernel/testing';
import { eventStoreContract } from '../event-store.contract';
import { EventStoreDbEventStore } from './eventstoredb-event-store';

// Servers under load take their time; a test that hangs still fails.
jest.setTimeout(300_000);

const url = process.env.EVENTSTOREDB_URL ?? '';
const control = process.env.ENGINES_CONTROL;
const connected = () => EventStoreDbEventStore.connect(url, { waitMs: 10_000 });

const noted = (number: number): NewEvent => ({
  id: randomUUID(),
  type: 'Noted',
  data: { number },
  metadata: testMetadata,
});
const numbersOf = (events: readonly RecordedEvent[]) =>
  events.map((event) => (event.data as { number: number }).number);

eventStoreContract('EventStoreDbEventStore', async () => {
  let store = await connected();
  return {
    store,
    restart: async () => {
      await store.close();
      store = await connected();
      return store;
    },
    close: () => store.close(),
  };
});

describe('EventStoreDbEventStore', () => {
  let store: EventStoreDbEventStore;
  let area: string;
  let stream: string;
  beforeEach(async () => {
    store = await connected();
    area = `engine${randomUUID().replaceAll('-', '')}`;
    stream = `${area}.case-1`;
  });
  afterEach(() => store.close());

  /** follow gives the events after a position until one has this number. */
  async function follow(lastNumber: number, options: { after?: Position; categories?: string[] } = {}) {
    const stop = new AbortController();
    const events: RecordedEvent[] = [];
    for await (const batch of store.subscribe({ ...options, signal: stop.signal })) {
      events.push(...batch.events);
      if (numbersOf(batch.events).includes(lastNumber)) stop.abort();
    }
    return events;
  }

  it('never gives what the server writes for itself, or anybody under a system name', async () => {
    const { position: after } = await store.append(`${area}.mark-1`, 'no-stream', [noted(0)]);
    await store.append(stream, 'no-stream', [noted(1)]);
    await store.client.setStreamMetadata(stream, { maxCount: 100 });
    await store.client.appendToStream(stream, jsonEvent({ type: '$mine', data: {} }));
    await store.client.appendToStream(`$${stream}`, jsonEvent({ type: 'Noted', data: {} }));
    await store.append(`${area}.gone-1`, 'no-stream', [noted(2)]);
    await store.client.tombstoneStream(`${area}.gone-1`);
    await store.append(`${area}.case-2`, 'no-stream', [noted(3)]);
    expect(numbersOf(await store.readStream(stream))).toEqual([1]);
    expect(numbersOf((await store.readAll({ after })).events)).toEqual([1, 2, 3]);
    expect(numbersOf(await follow(3, { after }))).toEqual([1, 2, 3]);
    expect(numbersOf(await follow(3, { after, categories: [''] }))).toEqual([1, 2, 3]);
  });

  it('ends the log at the last event of this product', async () => {
    const { position } = await store.append(stream, 'no-stream', [noted(1)]);
    for (let count = 0; count < 20; count++) await store.client.setStreamMetadata(stream, { maxCount: 100 + count });
    expect(await store.end()).toBe(position);
    const again = await connected();
    expect(await again.end()).toBe(position);
    await again.close();
  });

  it('takes deleted streams for empty, and goes on with their revisions', async () => {
    await store.append(stream, 'no-stream', [noted(1), noted(2)]);
    await store.client.deleteStream(stream);
    expect(await store.readStream(stream)).toEqual([]);
    expect(await store.append(stream, 1, [noted(3)])).toMatchObject({ revision: 2 });
    await store.client.tombstoneStream(`${area}.never-1`);
    expect(await store.readStream(`${area}.never-1`)).toEqual([]);
  });

  it('says when somebody else wrote something into a stream of ours', async () => {
    await store.client.appendToStream(stream, binaryEvent({ type: 'Foreign', data: Uint8Array.of(0, 255) }));
    await expect(store.readStream(stream)).rejects.toMatchObject({
      code: 'event-store.foreign-event',
      facts: { stream, revision: 0 },
    });
  });

  it('moves its position past much that the filter leaves out, and misses nothing after it', async () => {
    const { position: after } = await store.append(stream, 'no-stream', [noted(1)]);
    const stop = new AbortController();
    const positions: Position[] = [];
    const events: RecordedEvent[] = [];
    const subscription = store.subscribe({ after, categories: [`${area}.case`], signal: stop.signal });
    let last: Position | undefined;
    const appending = (async () => {
      for (let number = 0; number < 60; number++)
        last = (await store.append(`${area}.noise-${number}`, 'no-stream', [noted(number), noted(number)])).position;
    })();
    for await (const batch of subscription) {
      positions.push(batch.position);
      events.push(...batch.events);
      await appending;
      if (events.length === 1) stop.abort();
      else if (store.comparePositions(batch.position, last) >= 0 && batch.caughtUp)
        await store.append(`${area}.case-2`, 'no-stream', [noted(2)]);
    }
    expect(numbersOf(events)).toEqual([2]);
    const places = positions.map((position) => BigInt(position));
    expect(places.every((place, index) => index === 0 || place > (places[index - 1] as bigint))).toBe(true);
  });

  it('goes on from any position that a batch told, also from one without an event of its own', async () => {
    for (let number = 0; number < 40; number++)
      await store.append(`${area}.noise-${number}`, 'no-stream', [noted(number)]);
    const quiet = await store.readAll({ categories: [`${area}.case`] });
    expect(quiet).toMatchObject({ events: [], caughtUp: true });
    await store.append(stream, 'no-stream', [noted(1)]);
    expect(numbersOf(await follow(1, { after: quiet.position, categories: [`${area}.case`] }))).toEqual([1]);
  });

  it('refuses a position that the server never gave', async () => {
    const { position } = await store.append(stream, 'no-stream', [noted(1)]);
    await store.append(stream, 0, [noted(2)]);
    const invented = String(BigInt(position) + 1n);
    await expect(follow(2, { after: invented })).rejects.toMatchObject({ code: 'event-store.position-unknown' });
  });

  it('keeps positions beyond 2^53 apart', () => {
    expect(store.comparePositions('9007199254740993', '9007199254740992')).toBeGreaterThan(0);
    expect(store.comparePositions('9223372036854775807', '9223372036854775806')).toBeGreaterThan(0);
    expect(store.comparePositions('999', '1000')).toBeLessThan(0);
  });

  it('gives two processes one order and one winner', async () => {
    const other = await connected();
    await store.append(stream, 'no-stream', [noted(0)]);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? store : other).append(stream, 0, [noted(index + 1)])),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await other.readStream(stream)).toEqual(await store.readStream(stream));
    await other.close();
  });
});

// Only where the server can be told to lose its leadership; one that was given by its URL is left alone.
if (control)
  describe('EventStoreDbEventStore while leadership is lost and regained', () => {
    const elections = async (verb: 'resign' | 'elect') =>
      expect((await fetch(`${control}/eventstoredb/${verb}`, { method: 'POST' })).status).toBe(200);
    afterEach(() => elections('elect'));

    it.each([
      ['for a client that knows where the server is', url],
      ['for a client that looks for the leader', url.replace(/^esdb:/, 'esdb+discover:')],
    ])('loses, doubles and reorders nothing, and says in time when it cannot be used, %s', async (_, address) => {
      const store = await EventStoreDbEventStore.connect(address);
      // Long enough for a client that looks for the leader to give up.
      const impatient = new EventStoreDbEventStore(address, { giveUpMs: 2_000 });
      const area = `leader${randomUUID().replaceAll('-', '')}`;
      const writers = Array.from({ length: 8 }, (_, writer) => `${area}.case-${writer}`);
      const stop = new AbortController();
      const seen: RecordedEvent[] = [];
      let arrived = () => {};
      const following = (async () => {
        for await (const batch of store.subscribe({ categories: [`${area}.`], signal: stop.signal })) {
          seen.push(...batch.events);
          arrived();
        }
      })();
      const has = async (count: number) => {
        while (seen.length < count)
          await Promise.race([new Promise<void>((resolve) => (arrived = resolve)), following]);
      };
      let writing = true;
      const written = writers.map(async (stream) => {
        const ids: string[] = [];
        for (let revision = -1; writing;) {
          const event = noted(ids.length);
          ({ revision } = await store.append(stream, revision === -1 ? 'no-stream' : revision, [event]));
          ids.push(event.id);
        }
        return ids;
      });
      const away = { kind: 'unavailable', code: 'event-store.unavailable' };
      for (let round = 0; round < 3; round++) {
        await has(seen.length + 100);
        await elections('resign');
        const before = Date.now();
        await Promise.all([
          expect(impatient.append(`${area}.never-1`, 'no-stream', [noted(0)])).rejects.toMatchObject(away),
          expect(impatient.readStream(writers[0] as string)).rejects.toMatchObject(away),
          expect(impatient.readAll({})).rejects.toMatchObject(away),
          expect(impatient.end()).rejects.toMatchObject(away),
        ]);
        expect(Date.now() - before).toBeLessThan(10_000);
        await elections('elect');
        const { position } = await impatient.append(`${area}.back-${round}`, 'no-stream', [noted(round)]);
        expect(await impatient.readStream(`${area}.back-${round}`)).toMatchObject([{ position }]);
      }
      writing = false;
      const acknowledged = await Promise.all(written);
      await has(acknowledged.flat().length + 3);
      for (const [writer, stream] of writers.entries())
        expect((await store.readStream(stream)).map(({ id }) => id)).toEqual(acknowledged[writer]);
      expect(await store.readStream(`${area}.never-1`)).toEqual([]);
      expect(seen).toHaveLength(acknowledged.flat().length + 3);
      expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
      const places = seen.map(({ position }) => BigInt(position));
      expect(places.every((place, index) => index === 0 || place > (places[index - 1] as bigint))).toBe(true);
      stop.abort();
      await following;
      await Promise.all([store.close(), impatient.close()]);
    });
  });
