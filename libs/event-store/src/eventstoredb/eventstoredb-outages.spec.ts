import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent, Position, RecordedEvent } from '@second-opinion/kernel';
import { testMetadata } from '@second-opinion/kernel/testing';
import { Connection } from './connection';
import { EventStoreDbEventStore } from './eventstoredb-event-store';
import { LogEnd, readStreamFrom } from './log-reads';

jest.setTimeout(60_000);

// These kill, freeze and cut off a server of their own, so they need none from outside.
const MAIN = join(__dirname, '../../../../infra/engines/eventstoredb-test-server/main.cjs');
const KILLS = Number(process.env.EVENT_STORE_KILLS ?? 4);

/** TestServer is the test server as a process, on one folder and one port. */
class TestServer {
  port = 0;
  private child: ChildProcess | undefined;

  constructor(
    readonly folder = mkdtempSync(join(tmpdir(), 'eventstoredb-')),
    private readonly more: readonly string[] = [],
  ) {}

  get url() {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  async start(): Promise<this> {
    const at = ['--port', String(this.port), '--data', this.folder];
    const args = [MAIN, ...at, '--with-parent', '--with-elections', ...this.more];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.child = child;
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    this.port = Number(/:(\d+)\?/.exec(line.toString())?.[1]);
    return this;
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const gone = once(this.child as ChildProcess, 'exit');
    this.child?.kill(signal);
    await gone;
  }

  freeze = () => this.child?.kill('SIGSTOP');
  thaw = () => this.child?.kill('SIGCONT');

  /** elect gives it a role: to lead, to resign so that nobody leads, or to follow another server. */
  async elect(role: 'lead' | 'resign' | 'follow', leader?: TestServer): Promise<void> {
    const query = leader ? `?leader=127.0.0.1:${leader.port}` : '';
    const answer = await fetch(`http://127.0.0.1:${this.port}/elections/${role}${query}`, { method: 'POST' });
    expect(answer.status).toBe(204);
  }

  async remove(): Promise<void> {
    this.thaw();
    if (this.child?.exitCode === null && this.child.signalCode === null) await this.end('SIGKILL');
    rmSync(this.folder, { recursive: true });
  }
}

/** Wire is a TCP connection in between that can be cut, and whose connections can be made to swallow everything. */
class Wire {
  port = 0;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private generation = 0;

  constructor(private readonly to: TestServer) {}

  get url() {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  async start(): Promise<this> {
    this.server = createServer((near) => {
      const far = connect(this.to.port, '127.0.0.1');
      const generation = this.generation;
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.on('data', (chunk) => generation < this.generation || to.write(chunk));
        from.on('error', () => undefined);
        from.on('close', () => {
          this.sockets.delete(from);
          to.destroy();
        });
      }
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as { port: number }).port;
    return this;
  }

  /** swallow all that comes over the connections there are; new ones work. */
  swallow(): void {
    this.generation++;
  }

  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.server?.close();
    if (this.server) await once(this.server, 'close');
  }
}

const noted = (number: number, over: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'Noted',
  data: { number },
  metadata: testMetadata,
  ...over,
});
const numbersOf = (events: readonly RecordedEvent[]) =>
  events.map((event) => (event.data as { number: number }).number);
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

/** follow collects what a subscription gives, until there are so many events or for ever. */
function follow(store: EventStoreDbEventStore, options: { after?: Position; categories?: string[] } = {}) {
  const stop = new AbortController();
  const events: RecordedEvent[] = [];
  const positions: Position[] = [];
  let arrived = () => {};
  const run = async () => {
    for await (const batch of store.subscribe({ ...options, signal: stop.signal })) {
      events.push(...batch.events);
      positions.push(batch.position);
      arrived();
    }
  };
  const ended = run();
  const until = async (reached: () => boolean) => {
    while (!reached()) await Promise.race([new Promise<void>((resolve) => (arrived = resolve)), ended]);
  };
  return {
    events,
    positions,
    ended,
    has: (count: number) => until(() => events.length >= count),
    until,
    stop: async () => {
      stop.abort();
      await ended;
    },
  };
}

describe('EventStoreDbEventStore while the server comes and goes', () => {
  let server: TestServer;
  let store: EventStoreDbEventStore;
  // What the client throws where nobody can catch it would end a process.
  const strays: unknown[] = [];
  const stray = (error: unknown) => strays.push(error);
  beforeAll(() => void process.on('unhandledRejection', stray).on('uncaughtException', stray));
  afterAll(() => void process.off('unhandledRejection', stray).off('uncaughtException', stray));
  beforeEach(async () => {
    server = await new TestServer().start();
    store = await EventStoreDbEventStore.connect(server.url);
  });
  afterEach(async () => {
    await store.close();
    await server.remove();
    expect(strays.splice(0)).toEqual([]);
  });

  /** write appends events one after another, each once, whatever happens meanwhile. */
  async function write(stream: string, numbers: readonly number[], after = -1): Promise<void> {
    for (const number of numbers) {
      const { revision } = await store.append(stream, after === -1 ? 'no-stream' : after, [noted(number)]);
      after = revision;
    }
  }

  it.each(['SIGKILL', 'SIGTERM'] as const)('writes once and follows on over a %s in the middle', async (signal) => {
    const follower = follow(store, { categories: ['a.case'] });
    await write('a.case-1', upTo(20));
    await follower.has(20);
    const writing = write('a.case-1', upTo(60).slice(20), 19);
    await follower.has(30);
    await server.end(signal);
    await server.start();
    await writing;
    await follower.has(60);
    expect(numbersOf(await store.readStream('a.case-1'))).toEqual(upTo(60));
    expect(numbersOf(follower.events)).toEqual(upTo(60));
    await follower.stop();
  });

  it('waits for a frozen server, and then writes once', async () => {
    const follower = follow(store, { categories: ['a.case'] });
    await write('a.case-1', upTo(5));
    server.freeze();
    const writing = write('a.case-1', [5, 6, 7], 4);
    await pause(1_500);
    server.thaw();
    await writing;
    await follower.has(8);
    expect(numbersOf(follower.events)).toEqual(upTo(8));
    await follower.stop();
  });

  it('sends an append again when its answer was lost, and has the first result', async () => {
    const impatient = new EventStoreDbEventStore(server.url, { attemptMs: 300 });
    const first = [noted(0), noted(1)];
    server.freeze();
    const appended = impatient.append('a.case-1', 'no-stream', first);
    await pause(1_200);
    server.thaw();
    const result = await appended;
    expect(result.revision).toBe(1);
    expect(await store.append('a.case-1', 'no-stream', first)).toEqual(result);
    expect(await store.readStream('a.case-1')).toHaveLength(2);
    await impatient.close();
  });

  it('says that it is unavailable when patience ends, to writers and readers, and works again afterwards', async () => {
    const impatient = new EventStoreDbEventStore(server.url, { giveUpMs: 400 });
    await server.end('SIGKILL');
    const away = { kind: 'unavailable', code: 'event-store.unavailable' };
    await expect(impatient.append('a.case-1', 'no-stream', [noted(0)])).rejects.toMatchObject(away);
    await expect(impatient.readStream('a.case-1')).rejects.toMatchObject(away);
    await expect(impatient.readAll({})).rejects.toMatchObject(away);
    await expect(impatient.end()).rejects.toMatchObject(away);
    await server.start();
    await write('a.case-1', [0]);
    expect(numbersOf(await impatient.readStream('a.case-1'))).toEqual([0]);
    await impatient.close();
  });

  it('goes on after its connection was cut, again and again', async () => {
    const wire = await new Wire(server).start();
    const wired = await EventStoreDbEventStore.connect(wire.url);
    const follower = follow(wired, { categories: ['a.'] });
    for (let round = 0; round < 5; round++) {
      const events = [noted(2 * round), noted(2 * round + 1)];
      const appending = wired.append('a.case-1', round === 0 ? 'no-stream' : 2 * round - 1, events);
      wire.cut();
      await appending;
      await follower.has(2 * round + 2);
    }
    expect(numbersOf(follower.events)).toEqual(upTo(10));
    expect(await wired.readStream('a.case-1')).toEqual(follower.events);
    await follower.stop();
    await wired.close();
    await wire.stop();
  });

  it('lives through a server that is not there when following begins', async () => {
    await write('a.case-1', [0, 1]);
    await server.end('SIGTERM');
    const follower = follow(store, { categories: ['a.'] });
    await server.start();
    await follower.has(2);
    expect(numbersOf(follower.events)).toEqual([0, 1]);
    await follower.stop();
  });

  it('has no patience with a connection that swallows everything', async () => {
    const wire = await new Wire(server).start();
    const wired = await EventStoreDbEventStore.connect(wire.url, { attemptMs: 500 });
    const follower = follow(wired, { categories: ['a.'] });
    await wired.append('a.case-1', 'no-stream', [noted(0)]);
    await follower.has(1);
    wire.swallow();
    await wired.append('a.case-1', 0, [noted(1)]);
    await follower.has(2);
    expect(numbersOf(follower.events)).toEqual([0, 1]);
    await follower.stop();
    await wired.close();
    await wire.stop();
  });

  it('kills no process with what it had queued, whatever its size, and forgets none of it', async () => {
    const text = 'x'.repeat(20_000);
    const batches = upTo(60).map((number) => [noted(number, { data: { number, text } })]);
    for (const how of ['killed', 'frozen'] as const) {
      const appending = batches.map((batch, index) => store.append(`a.${how}-${index}`, 'no-stream', batch));
      if (how === 'frozen') server.freeze();
      await Promise.race(
        appending.map((append) => append.catch(() => undefined)).concat(pause(300).then(() => undefined)),
      );
      await server.end('SIGKILL');
      await server.start();
      await Promise.all(appending);
      for (const index of upTo(60)) expect(await store.readStream(`a.${how}-${index}`)).toHaveLength(1);
    }
  });

  it('makes calls again that a replaced client had under way, and gives none of its halves', async () => {
    const text = 'x'.repeat(100_000);
    for (let revision = 0; revision < 40; revision += 8)
      await store.append(
        'a.case-1',
        revision === 0 ? 'no-stream' : revision - 1,
        upTo(8).map((index) => noted(revision + index, { data: { number: revision + index, text } })),
      );
    const connection = Connection.to(server.url);
    const reading = connection.call((client, silentMs) => readStreamFrom(client, 'a.case-1', 0, silentMs));
    const broken = connection.client;
    await pause(5);
    connection.replace(broken);
    expect(numbersOf(await reading)).toEqual(upTo(40));
    expect(connection.client).not.toBe(broken);
    expect(numbersOf(await store.readStream('a.case-1'))).toEqual(upTo(40));
    await connection.close();
  });

  it('replaces a client whose first call failed for good', async () => {
    const reset = Object.assign(new Error('13 INTERNAL: Received RST_STREAM with code 2'), { code: 13 });
    Object.defineProperty(store.client, 'capabilities', { get: () => Promise.reject(reset) });
    expect(await store.append('a.case-1', 'no-stream', [noted(0)])).toMatchObject({ revision: 0 });
  });

  it('stops following a log that is older than what it has seen: restored from a backup', async () => {
    await write('a.case-1', [0]);
    const backup = mkdtempSync(join(tmpdir(), 'eventstoredb-'));
    await server.end('SIGTERM');
    cpSync(server.folder, backup, { recursive: true });
    await server.start();
    const follower = follow(store, { categories: ['a.'] });
    await write('a.case-1', [1, 2], 0);
    await follower.has(3);
    await server.end('SIGKILL');
    cpSync(backup, server.folder, { recursive: true });
    await server.start();
    await expect(follower.ended).rejects.toMatchObject({ code: 'event-store.position-beyond-end' });
    rmSync(backup, { recursive: true });
  });

  it.each(['esdb:', 'esdb+discover:'])(
    'moves on to a leader elsewhere, writers and followers alike: %s',
    async (scheme) => {
      const moving = await EventStoreDbEventStore.connect(server.url.replace('esdb:', scheme));
      const writers = upTo(8);
      const acknowledged = writers.map(() => [] as string[]);
      const follower = follow(moving, { categories: ['m.case'] });
      let running = true;
      const written = writers.map(async (writer) => {
        for (let revision = -1; running;) {
          const event = noted(writer);
          const expected = revision === -1 ? 'no-stream' : revision;
          ({ revision } = await moving.append(`m.case-${writer}`, expected, [event]));
          acknowledged[writer]?.push(event.id);
        }
      });
      await follower.has(100);
      // What a quorum has is copied, then somebody else is elected; the old leader serves on as its follower.
      await server.elect('resign');
      const next = new TestServer();
      cpSync(server.folder, next.folder, { recursive: true });
      await next.start();
      await server.elect('follow', next);
      const before = acknowledged.flat().length;
      await follower.has(before + 200);
      // Nothing at the old leader is needed any more.
      await server.end('SIGKILL');
      await follower.has(acknowledged.flat().length + 200);
      running = false;
      await Promise.all(written);
      const all = acknowledged.flat();
      await follower.has(all.length);
      for (const writer of writers)
        expect((await moving.readStream(`m.case-${writer}`)).map(({ id }) => id)).toEqual(acknowledged[writer]);
      expect(new Set(follower.events.map(({ id }) => id)).size).toBe(follower.events.length);
      expect(follower.events).toHaveLength(all.length);
      await follower.stop();
      await moving.close();
      await next.remove();
    },
  );

  it('says in which way a server cannot be used', async () => {
    const connect = (url: string) => EventStoreDbEventStore.connect(url, { waitMs: 300 });
    await server.end('SIGTERM');
    await expect(connect(`esdb://somebody:secret@127.0.0.1:${server.port}?tls=false`)).rejects.toMatchObject({
      code: 'event-store.unreachable',
      facts: { server: `127.0.0.1:${server.port}`, waitedMs: 300 },
    });
    for (const url of ['http://127.0.0.1:2113', `${server.url}&throwOnAppendFailure=false`])
      await expect(connect(url)).rejects.toMatchObject({ code: 'event-store.bad-url' });
    await server.start();
    await store.client.setStreamMetadata('event-store.layout-1', { layout: 2 });
    await expect(connect(server.url)).rejects.toMatchObject({
      code: 'event-store.too-new',
      facts: { layout: 2, known: 1 },
    });
  });

  it('does not take one that falls silent during the check for one that is too old', async () => {
    const wire = await new Wire(server).start();
    const find = LogEnd.prototype.find;
    const first = jest.spyOn(LogEnd.prototype, 'find').mockImplementationOnce(async function (this: LogEnd, ...asked) {
      const end = await find.apply(this, asked);
      // It has answered a read; what follows on this connection is never answered.
      wire.swallow();
      return end;
    });
    try {
      const wired = await EventStoreDbEventStore.connect(wire.url);
      expect(first.mock.calls.length).toBeGreaterThan(1);
      await wired.close();
    } finally {
      first.mockRestore();
      await wire.stop();
    }
  });

  it('waits for a server that starts later', async () => {
    await server.end('SIGTERM');
    const connecting = EventStoreDbEventStore.connect(server.url);
    await server.start();
    const later = await connecting;
    expect(await later.end()).toBeUndefined();
    await later.close();
  });

  it(`loses, doubles and reorders nothing over ${KILLS} kills under eight writers and a subscriber`, async () => {
    const writers = upTo(8);
    const acknowledged = writers.map(() => [] as string[]);
    const follower = follow(store, { categories: ['k.case'] });
    let running = true;
    const written = writers.map(async (writer) => {
      const stream = `k.case-${writer}`;
      for (let revision = -1; running;) {
        const event = noted(writer);
        ({ revision } = await store.append(stream, revision === -1 ? 'no-stream' : revision, [event]));
        acknowledged[writer]?.push(event.id);
      }
    });
    for (let kill = 0; kill < KILLS; kill++) {
      const seen = follower.events.length;
      await follower.until(() => follower.events.length >= seen + 100);
      await server.end(kill % 4 === 3 ? 'SIGTERM' : 'SIGKILL');
      await server.start();
    }
    running = false;
    await Promise.all(written);
    const all = acknowledged.flat();
    await follower.has(all.length);
    for (const writer of writers)
      expect((await store.readStream(`k.case-${writer}`)).map(({ id }) => id)).toEqual(acknowledged[writer]);
    expect(new Set(follower.events.map(({ id }) => id)).size).toBe(follower.events.length);
    expect(follower.events).toHaveLength(all.length);
    const places = follower.events.map(({ position }) => BigInt(position));
    expect(places.every((place, index) => index === 0 || place > (places[index - 1] as bigint))).toBe(true);
    await follower.stop();
  }, 600_000);
});

describe('EventStoreDbEventStore on a server that is otherwise than most', () => {
  let server: TestServer;
  let store: EventStoreDbEventStore;
  const on = async (...more: string[]) => {
    server = await new TestServer(undefined, more).start();
    store = await EventStoreDbEventStore.connect(server.url);
  };
  afterEach(async () => {
    await store.close();
    await server.remove();
  });

  it('appends although its own clock is a minute behind', async () => {
    await on();
    const behind = Date.now() - 60_000;
    const real = performance.now();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => behind + (performance.now() - real));
    try {
      await expect(store.append('a.case-1', 'no-stream', [noted(0)])).resolves.toMatchObject({ revision: 0 });
    } finally {
      clock.mockRestore();
    }
  });

  it('says that an append is too large when the server takes less than others', async () => {
    await on('--max-append-size', '1000');
    const large = noted(0, { data: { text: 'x'.repeat(2_000) } });
    await expect(store.append('a.case-1', 'no-stream', [large])).rejects.toMatchObject({
      code: 'event-store.invalid-append',
      facts: { what: 'too-large' },
    });
    await store.append('a.case-1', 'no-stream', [noted(1)]);
  });

  it('follows a newer server slowly, loses nothing, and says in the end that it has caught up', async () => {
    await on('--newer');
    const stop = new AbortController();
    const seen: number[] = [];
    const text = 'x'.repeat(1_000);
    const events = upTo(3_000);
    await store.append('a.case-1', 'no-stream', [noted(-1)]);
    let written: Promise<unknown> | undefined;
    for await (const batch of store.subscribe({ signal: stop.signal, batchSize: 100 })) {
      seen.push(...numbersOf(batch.events));
      if (written && batch.caughtUp && seen.length === events.length + 1) stop.abort();
      if (!batch.caughtUp || written) continue;
      written = (async () => {
        for (const at of upTo(60)) {
          const more = events.slice(50 * at, 50 * at + 50).map((number) => noted(number, { data: { number, text } }));
          await store.append('a.case-1', 50 * at, more);
        }
      })();
      await written;
    }
    expect(seen).toEqual([-1, ...events]);
  });
});
