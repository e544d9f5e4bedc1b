import { randomUUID } from 'node:crypto';
import { DomainError, Refused, Unavailable, type Envelope } from '@second-opinion/kernel';
import type { ConsumeOptions, Consumption, Message, MessageBus } from './message-bus';

/** BusUnderTest: a bus, and how to come back to the same messages after a restart. */
export interface BusUnderTest {
  readonly bus: MessageBus;
  /** declare makes a topic, where topics must exist before they are used. */
  declare?(topic: string): Promise<void>;
  /** restart closes the bus and opens it again on the same storage. */
  restart(): Promise<MessageBus>;
  close(): Promise<void>;
}

/** messageBusContract proves the promises of {@link MessageBus}; every adapter passes it. */
export function messageBusContract(name: string, make: () => Promise<BusUnderTest>): void {
  describe(`${name} keeps the promises of the message bus`, () => {
    let under: BusUnderTest;
    let bus: MessageBus;
    let running: { stop: AbortController; consumption: Consumption }[] = [];
    let run = 0;
    let topic: string;

    beforeEach(async () => {
      under = await make();
      bus = under.bus;
      topic = `contract-${randomUUID().slice(0, 8)}-${++run}.events.v1`;
      await under.declare?.(topic);
    });
    afterEach(async () => {
      await stopAll();
      await under.close();
    });

    const message = (key: string, id: string, over: Partial<Message> = {}): Message => ({
      topic,
      key,
      event: envelope(key, id),
      ...over,
    });
    async function consume(options: Partial<ConsumeOptions> & Pick<ConsumeOptions, 'handle'>, on = bus) {
      const stop = new AbortController();
      const consumption = await on.consume({
        group: `group-${topic}`,
        topics: [topic],
        startsAt: 'beginning',
        pauseMs: () => 1,
        retries: 1,
        signal: stop.signal,
        ...options,
      });
      running.push({ stop, consumption });
      return { ...consumption, idle: () => consumption.idle(), stop: () => (stop.abort(), consumption.done) };
    }
    async function stopAll() {
      for (const { stop } of running) stop.abort();
      await Promise.all(running.map(({ consumption }) => consumption.done));
      running = [];
    }
    /** collecting gives a handler that notes the ids it got, and fails for these. */
    function collecting(failing: Iterable<string> = [], error: () => Error = () => new Error('secret text')) {
      const got: string[] = [];
      const bad = new Set(failing);
      const handle = (received: Message) => {
        got.push(received.event.id);
        return bad.has(received.event.id) ? Promise.reject(error()) : Promise.resolve();
      };
      return { got, bad, handle };
    }

    it('hands every message to every group, whole and in the order of its key', async () => {
      const one = collecting();
      const received: Message[] = [];
      await bus.publish([message('a', 'a1'), message('b', 'b1'), message('a', 'a2')]);
      const first = await consume({ group: `one-${topic}`, handle: one.handle });
      const second = await consume({
        group: `two-${topic}`,
        handle: (got) => Promise.resolve(void received.push(got)),
      });
      await bus.publish([message('a', 'a3')]);
      await Promise.all([first.idle(), second.idle()]);
      expect(one.got.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
      expect(one.got).toHaveLength(4);
      expect(received.find((got) => got.event.id === 'b1')).toEqual(message('b', 'b1'));
    });

    it('carries Unicode and numbers up to 2^53 as they are', async () => {
      const data = { text: 'Zoë 👩🏽‍⚕️ \u0000 ﷽', number: Number.MAX_SAFE_INTEGER, none: null, list: [] };
      const received: unknown[] = [];
      const consumer = await consume({ handle: (got) => Promise.resolve(void received.push(got.event.data)) });
      await bus.publish([message('sleutel-é', 'u1', { event: { ...envelope('é', 'u1'), data } })]);
      await consumer.idle();
      expect(received).toEqual([data]);
    });

    it('carries messages of 500 KiB, and hands out twice what was published twice', async () => {
      const data = { text: 'é'.repeat(256_000) };
      const received: unknown[] = [];
      const consumer = await consume({ handle: (got) => Promise.resolve(void received.push(got.event.data)) });
      const large = message('a', 'large', { event: { ...envelope('a', 'large'), data } });
      await bus.publish([large]);
      await bus.publish([large]);
      await consumer.idle();
      expect(received).toEqual([data, data]);
    });

    it('publishes nothing for an empty list', async () => {
      const { got, handle } = collecting();
      const consumer = await consume({ handle });
      await bus.publish([]);
      await consumer.idle();
      expect(got).toEqual([]);
    });

    it('gives a group that starts at its deployment only what comes from then on', async () => {
      const { got, handle } = collecting();
      await bus.publish([message('a', 'old')]);
      const consumer = await consume({ handle, startsAt: 'deployment' });
      await bus.publish([message('a', 'new')]);
      await consumer.idle();
      expect(got).toEqual(['new']);
    });

    it('remembers after a restart what was handled, and hands out what came meanwhile', async () => {
      const { got, handle } = collecting();
      await bus.publish([message('a', 'a1')]);
      const consumer = await consume({ handle });
      await consumer.idle();
      await stopAll();
      await bus.publish([message('a', 'a2')]);
      bus = await under.restart();
      await bus.publish([message('a', 'a3')]);
      await (await consume({ handle }, bus)).idle();
      expect(got).toEqual(['a1', 'a2', 'a3']);
    });

    it('starts a deployment group after a restart where it was, not at the new end', async () => {
      const { got, handle } = collecting();
      await consume({ handle, startsAt: 'deployment' });
      await stopAll();
      await bus.publish([message('a', 'between')]);
      bus = await under.restart();
      await (await consume({ handle, startsAt: 'deployment' }, bus)).idle();
      expect(got).toEqual(['between']);
    });

    it('hands a message out again when the consumer stopped before it was handled', async () => {
      const reached = Promise.withResolvers<void>();
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      const consumer = await consume({
        retries: 100,
        pauseMs: () => 60_000,
        handle: () => {
          reached.resolve();
          return Promise.reject(new Error('down'));
        },
      });
      await reached.promise;
      await consumer.stop();
      const { got, handle } = collecting();
      await (await consume({ handle })).idle();
      expect(got).toEqual(['a1', 'a2']);
      expect(await bus.parked()).toEqual([]);
    });

    it('waits for the message in hand when it stops, and does not hand it out again', async () => {
      const reached = Promise.withResolvers<void>();
      const finish = Promise.withResolvers<void>();
      await bus.publish([message('a', 'a1')]);
      const consumer = await consume({
        handle: async () => {
          reached.resolve();
          await finish.promise;
        },
      });
      await reached.promise;
      const stopped = consumer.stop();
      finish.resolve();
      await stopped;
      const { got, handle } = collecting();
      await (await consume({ handle })).idle();
      expect(got).toEqual([]);
    });

    it('handles one key while another one is being handled', async () => {
      const other = Promise.withResolvers<void>();
      const consumer = await consume({
        handle: async ({ key }) => {
          if (key === 'slow') await other.promise;
          else other.resolve();
        },
      });
      await bus.publish([message('slow', 's1'), message('quick', 'q1')]);
      await expect(consumer.idle()).resolves.toBeUndefined();
    });

    it('never handles two messages of one key at once', async () => {
      const active = new Map<string, number>();
      let most = 0;
      const consumer = await consume({
        handle: async ({ key }) => {
          const now = (active.get(key) ?? 0) + 1;
          active.set(key, now);
          most = Math.max(most, now);
          await Promise.resolve();
          active.set(key, (active.get(key) ?? 0) - 1);
        },
      });
      await bus.publish(Array.from({ length: 60 }, (_, index) => message(`k${index % 3}`, `m${index}`)));
      await consumer.idle();
      expect(most).toBe(1);
    });

    it('tries a failing message again before it parks it', async () => {
      const { got, bad, handle } = collecting(['a1']);
      const consumer = await consume({
        retries: 3,
        handle: async (received) => {
          if (got.length === 2) bad.clear();
          await handle(received);
        },
      });
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      await consumer.idle();
      expect(got).toEqual(['a1', 'a1', 'a1', 'a2']);
      expect(await bus.parked()).toEqual([]);
    });

    it('parks nothing while what is needed is away, however often it is tried', async () => {
      const { got, bad, handle } = collecting(['a1'], () => new Unavailable('contract.away'));
      const consumer = await consume({
        handle: async (received) => {
          if (got.length === 6) bad.clear();
          await handle(received);
        },
      });
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      await consumer.idle();
      expect(got).toEqual([...Array.from({ length: 7 }, () => 'a1'), 'a2']);
      expect(await bus.parked()).toEqual([]);
    });

    it('parks a poison message with its key; later ones of that key wait behind, other keys go on', async () => {
      const { got, handle } = collecting(['a1'], () => new Refused('contract.no'));
      const consumer = await consume({ handle });
      await bus.publish([message('a', 'a1'), message('a', 'a2'), message('b', 'b1')]);
      await consumer.idle();
      await bus.publish([message('a', 'a3'), message('b', 'b2')]);
      await consumer.idle();
      expect(got.filter((id) => id.startsWith('b'))).toEqual(['b1', 'b2']);
      expect(got.filter((id) => id.startsWith('a'))).toEqual(['a1', 'a1']);
      const parked = await bus.parked(`group-${topic}`);
      expect(parked.map(({ event, reason, attempts }) => [event.id, reason, attempts])).toEqual([
        ['a1', 'contract.no', 2],
        ['a2', 'behind', 0],
        ['a3', 'behind', 0],
      ]);
      expect(parked[0]).toMatchObject(message('a', 'a1'));
      expect(await bus.parked('some-other-group')).toEqual([]);
      expect(Object.fromEntries(await bus.countParked())).toEqual({ [`group-${topic}`]: 3 });
    });

    it('reports what became of each message, with what it failed with and without the text of it', async () => {
      const told: unknown[] = [];
      const consumer = await consume({
        handle: collecting(['a1'], () => new Refused('contract.no')).handle,
        report: (what, { event: { id } }, attempts, failure) => void told.push([id, what, attempts, failure?.code]),
      });
      await bus.publish([message('a', 'a1'), message('a', 'a2'), message('c', 'c1')]);
      await consumer.idle();
      expect(told.filter((one) => String(one).startsWith('c'))).toEqual([['c1', 'handled', 1, undefined]]);
      expect(told.filter((one) => String(one).startsWith('a'))).toEqual([
        ['a1', 'retried', 1, 'contract.no'],
        ['a1', 'parked', 2, 'contract.no'],
        ['a2', 'parked', 0, undefined],
      ]);
    });

    it('handles nothing twice, and loses nothing, when a report throws', async () => {
      const warning = jest.spyOn(process, 'emitWarning').mockReturnValue();
      const { got, handle } = collecting(['b1']);
      const report = () => {
        throw new Error('secret text');
      };
      const consumer = await consume({ handle, report });
      await bus.publish([message('a', 'a1'), message('a', 'a2'), message('b', 'b1'), message('b', 'b2')]);
      await consumer.idle();
      const warned = warning.mock.calls.map(([text]) => text);
      warning.mockRestore();
      expect([...got].sort()).toEqual(['a1', 'a2', 'b1', 'b1']);
      expect((await bus.parked(`group-${topic}`)).map(({ event }) => event.id)).toEqual(['b1', 'b2']);
      expect(new Set(warned)).toEqual(new Set(['a report on a message failed: Error']));
    });

    it('parks for the failing group only', async () => {
      const bad = collecting(['a1']);
      const good = collecting();
      const first = await consume({ group: `bad-${topic}`, handle: bad.handle });
      const second = await consume({ group: `good-${topic}`, handle: good.handle });
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      await Promise.all([first.idle(), second.idle()]);
      expect(good.got).toEqual(['a1', 'a2']);
      expect((await bus.parked(`good-${topic}`)).length).toBe(0);
    });

    it('tells of an unexpected failure that it happened, never what its text was', async () => {
      const consumer = await consume({ handle: collecting(['a1']).handle });
      await bus.publish([message('a', 'a1')]);
      await consumer.idle();
      expect(JSON.stringify(await bus.parked())).not.toContain('secret');
      expect((await bus.parked())[0]?.reason).toBe('internal');
    });

    it('goes on parking behind a parked message after a restart', async () => {
      const { handle } = collecting(['a1']);
      await (async () => {
        const consumer = await consume({ handle });
        await bus.publish([message('a', 'a1')]);
        await consumer.idle();
      })();
      await stopAll();
      bus = await under.restart();
      const after = collecting();
      const consumer = await consume({ handle: after.handle }, bus);
      await bus.publish([message('a', 'a2'), message('b', 'b1')]);
      await consumer.idle();
      expect(after.got).toEqual(['b1']);
      expect((await bus.parked()).map(({ event }) => event.id)).toEqual(['a1', 'a2']);
    });

    it('replays a key in order, with what came meanwhile', async () => {
      const { got, bad, handle } = collecting(['a1']);
      const consumer = await consume({ handle });
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      await consumer.idle();
      bad.clear();
      got.length = 0;
      await bus.replay(`group-${topic}`, 'a');
      await bus.publish([message('a', 'a3')]);
      await consumer.idle();
      await consumer.idle();
      expect(got).toEqual(['a1', 'a2', 'a3']);
      expect(await bus.parked()).toEqual([]);
    });

    it('keeps the order when a replay fails again', async () => {
      const { handle } = collecting(['a1']);
      const consumer = await consume({ handle });
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      await consumer.idle();
      await bus.replay(`group-${topic}`, 'a');
      await consumer.idle();
      expect((await bus.parked()).map(({ event, attempts }) => [event.id, attempts])).toEqual([
        ['a1', 4],
        ['a2', 0],
      ]);
    });

    it('replays after a restart what was asked for while nobody consumed', async () => {
      const first = collecting(['a1']);
      const consumer = await consume({ handle: first.handle });
      await bus.publish([message('a', 'a1')]);
      await consumer.idle();
      await stopAll();
      await bus.replay(`group-${topic}`, 'a');
      bus = await under.restart();
      const after = collecting();
      await (await consume({ handle: after.handle }, bus)).idle();
      expect(after.got).toEqual(['a1']);
    });

    it('skips the first of a key and replays those behind it', async () => {
      const { got, handle } = collecting(['a1']);
      const consumer = await consume({ handle });
      await bus.publish([message('a', 'a1'), message('a', 'a2'), message('a', 'a3')]);
      await consumer.idle();
      got.length = 0;
      await bus.skip(`group-${topic}`, 'a', 'operator-decided');
      await consumer.idle();
      expect(got).toEqual(['a2', 'a3']);
      expect(await bus.parked()).toEqual([]);
      expect([...(await bus.countParked())]).toEqual([]);
    });

    it('lets a message that is published again while it waits wait once, in its place', async () => {
      const { got, bad, handle } = collecting(['a1']);
      const consumer = await consume({ handle });
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      await consumer.idle();
      await bus.publish([message('a', 'a1'), message('a', 'a2'), message('a', 'a3')]);
      await consumer.idle();
      expect((await bus.parked()).map(({ event }) => event.id)).toEqual(['a1', 'a2', 'a3']);
      bad.clear();
      got.length = 0;
      await bus.replay(`group-${topic}`, 'a');
      await consumer.idle();
      expect(got).toEqual(['a1', 'a2', 'a3']);
    });

    it('lets a message with the id of a waiting one that says something else wait behind it', async () => {
      const consumer = await consume({ handle: collecting(['a1']).handle });
      const other = message('a', 'a1', { event: { ...envelope('a', 'a1'), data: { id: 'other' } } });
      await bus.publish([message('a', 'a1'), other]);
      await consumer.idle();
      expect((await bus.parked()).map(({ event }) => event.data)).toEqual([{ id: 'a1' }, { id: 'other' }]);
    });

    it('leaves out what was skipped when it is published again, also after a restart, and says so; and nothing else', async () => {
      const { got, bad, handle } = collecting(['a1']);
      const told: unknown[] = [];
      const report: ConsumeOptions['report'] = (what, { event: { id } }) => void told.push(`${id} ${what}`);
      const consumer = await consume({ handle, report });
      await bus.publish([message('a', 'a1'), message('a', 'a2')]);
      await consumer.idle();
      await bus.skip(`group-${topic}`, 'a', 'operator-decided');
      await consumer.idle();
      bad.clear();
      const other = message('a', 'a1', { event: { ...envelope('a', 'a1'), data: { id: 'other' } } });
      for (const restarted of [false, true]) {
        [got.length, told.length] = [0, 0];
        await bus.publish([message('a', 'a1'), message('a', 'a2'), other]);
        await consumer.idle();
        await stopAll();
        expect({ restarted, got }).toEqual({ restarted, got: ['a2', 'a1'] });
        expect(told).toEqual(['a1 skipped', 'a2 handled', 'a1 handled']);
        bus = await under.restart();
        Object.assign(consumer, await consume({ handle, report }, bus));
      }
      const elsewhere = collecting();
      await (await consume({ handle: elsewhere.handle, group: `other-${topic}` }, bus)).idle();
      expect(elsewhere.got).toContain('a1');
      expect(await bus.parked()).toEqual([]);
    });

    it('says so when there is nothing to replay or to skip', async () => {
      const code = (error: unknown) => (error instanceof DomainError ? error.code : error);
      await expect(bus.replay('nobody', 'a').catch(code)).resolves.toBe('message-bus.nothing-parked');
      await expect(bus.skip('nobody', 'a', 'x').catch(code)).resolves.toBe('message-bus.nothing-parked');
    });

    it('loses and reorders nothing while many publish', async () => {
      const { got, handle } = collecting();
      const consumer = await consume({ handle });
      const keys = Array.from({ length: 8 }, (_, index) => `k${index}`);
      await Promise.all(
        keys.map(async (key) => {
          for (let index = 0; index < 20; index++) await bus.publish([message(key, `${key}-${index}`)]);
        }),
      );
      await consumer.idle();
      for (const key of keys)
        expect(got.filter((id) => id.startsWith(`${key}-`))).toEqual(
          Array.from({ length: 20 }, (_, index) => `${key}-${index}`),
        );
    });
  });
}

function envelope(key: string, id: string): Envelope {
  return {
    specversion: '1.0',
    id,
    source: '/second-opinion/contract',
    type: 'SomethingHappened',
    subject: key,
    time: '2026-11-25T09:00:00.000Z',
    datacontenttype: 'application/json',
    correlationid: 'correlation-1',
    causationid: 'causation-1',
    data: { id },
  };
}
