/** What the test server does as a real one does, and what it keeps over kills. Needs nothing but this repository. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import esdb from '@eventstore/db-client';
import serverProcess from './process.cjs';

const { ANY, BACKWARDS, END, EventStoreDBClient, NO_STREAM, STREAM_EXISTS } = esdb;
const { binaryEvent, excludeSystemEvents, jsonEvent, streamNameFilter } = esdb;
const MIB = 1024 * 1024;
/** With these the client makes one call for each append. */
const ONE_CALL = { credentials: { username: 'any', password: 'any' } };

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-'));
const server = new serverProcess.ServerProcess(folder);
let client;
before(async () => {
  await server.start();
  client = EventStoreDBClient.connectionString(server.url);
});
after(async () => {
  await client.dispose();
  await server.kill();
  fs.rmSync(folder, { recursive: true });
});

const fresh = () => `a.b-${randomUUID()}`;
const event = (type = 'Happened', over = {}) => jsonEvent({ type, data: {}, ...over });
const events = (...types) => types.map((type) => event(type));
const append = (stream, what, expectedRevision = ANY, options = {}) =>
  client.appendToStream(stream, what, { expectedRevision, ...options });
const nameOf = ({ constructor, code }) => constructor.name + (code === undefined ? '' : ` ${code}`);
const outcome = (call) =>
  call.then(
    (result) => result?.nextExpectedRevision ?? result,
    (error) => nameOf(error),
  );

async function read(stream, options) {
  const found = [];
  for await (const resolved of client.readStream(stream, options)) found.push(resolved.event);
  return found;
}
const contents = async (stream, options) => (await read(stream, options)).map((e) => `${e.revision}:${e.type}`);

async function readAll(options) {
  const found = [];
  for await (const resolved of client.readAll(options)) found.push(resolved.event);
  return found;
}

/** collect gives what a subscription says until it has caught up. */
async function collect(subscription) {
  const seen = [];
  for (const signal of ['confirmation', 'caughtUp']) subscription.on(signal, () => seen.push(signal));
  subscription.on('data', (resolved) => seen.push(resolved.event.type));
  await new Promise((resolve, reject) => subscription.on('caughtUp', () => setImmediate(resolve)).on('error', reject));
  await subscription.unsubscribe();
  return seen;
}

const untilReady = async (call) => {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (![1, 13, 14].includes(error.code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

describe('an append', () => {
  it('answers with the last revision and position', async () => {
    const stream = fresh();
    const result = await append(stream, events('A', 'B'), NO_STREAM);
    const [first, last] = await read(stream);
    assert.deepEqual(result, { success: true, nextExpectedRevision: 1n, position: last.position });
    assert.ok(last.position.commit - first.position.commit > 1n, 'positions are sparse');
  });

  for (const [way, options] of [
    ['in the long-lived call', {}],
    ['in a call of its own', ONE_CALL],
  ])
    it(`conflicts with an empty message and says where the stream is, ${way}`, async () => {
      const stream = fresh();
      await append(stream, events('A', 'B'), NO_STREAM, options);
      for (const [expected, told] of [
        [NO_STREAM, 'no_stream'],
        [0n, 0n],
        [7n, 7n],
      ])
        await assert.rejects(append(stream, event(), expected, options), (error) => {
          assert.equal(error.constructor.name, 'WrongExpectedVersionError');
          assert.deepEqual([error.message, error.code], ['', undefined]);
          assert.deepEqual([error.streamName, error.expectedVersion, error.actualVersion], [stream, told, 1n]);
          return true;
        });
      await assert.rejects(append(fresh(), event(), STREAM_EXISTS, options), { actualVersion: 'no_stream' });
      assert.deepEqual(await contents(stream), ['0:A', '1:B']);
    });

  it('recognises the same ids at the same place, and nothing else', async () => {
    const stream = fresh();
    const batch = events('A', 'B');
    const result = await append(stream, batch, NO_STREAM);
    await append(stream, event('C'), 1n);
    assert.deepEqual(await append(stream, batch, NO_STREAM), result);
    assert.equal(await outcome(append(stream, batch, NO_STREAM, ONE_CALL)), 1n);
    assert.equal(await outcome(append(stream, batch.slice(0, 1), NO_STREAM)), 0n);
    assert.equal(await outcome(append(stream, [batch[0], event()], NO_STREAM)), 'WrongExpectedVersionError');
    assert.equal(await outcome(append(stream, batch[0], 2n)), 3n);
    assert.deepEqual(await contents(stream), ['0:A', '1:B', '2:C', '3:A']);
  });

  it('recognises ids without a revision by memory', async () => {
    const stream = fresh();
    const [old, added] = events('Old', 'New');
    await append(stream, old, ANY);
    await append(stream, event('Later'), ANY);
    assert.equal(await outcome(append(stream, old, ANY)), 0n);
    assert.equal(await outcome(append(stream, old, STREAM_EXISTS)), 0n);
    assert.equal(await outcome(append(stream, [old, added], ANY)), 'WrongExpectedVersionError');
    assert.equal(await outcome(append(fresh(), old, ANY)), 0n);
    assert.deepEqual(await contents(stream), ['0:Old', '1:Later']);
  });

  it('takes 1 MiB of data in all, and not a byte more', async () => {
    const stream = fresh();
    const sized = (bytes) => binaryEvent({ type: 'Sized', data: Buffer.alloc(bytes, 1) });
    assert.equal(await outcome(append(stream, sized(MIB))), 0n);
    await assert.rejects(append(stream, [sized(MIB / 2), sized(MIB / 2 + 1)]), { maxAppendSize: MIB });
    await assert.rejects(append(stream, sized(MIB + 1), ANY, ONE_CALL), { maxAppendSize: MIB, code: 3 });
    assert.equal(await outcome(append(stream, sized(18 * MIB))), 'UnknownError 8');
    assert.equal(await outcome(append(stream, event())), 1n);
  });

  it('refuses what cannot be meant', async () => {
    for (const [stream, what, revision] of [
      ['', event(), ANY],
      [fresh(), event(), 2n ** 63n],
    ])
      assert.equal(await outcome(append(stream, what, revision)), 'UnknownError');
    for (const bad of [
      event('', {}),
      event('A', { id: 'x' }),
      event('A', { id: '00000000-0000-0000-0000-000000000000' }),
    ])
      assert.equal(await outcome(append(fresh(), bad, ANY, ONE_CALL)), 'UnknownError 2');
    assert.equal(await outcome(append(fresh(), event(), ANY, { deadline: 0 })), 'DeadlineExceededError');
  });

  it('lets one of many at the same revision win, and keeps the order of those that were not awaited', async () => {
    const stream = fresh();
    await append(stream, event('First'), NO_STREAM);
    const raced = await Promise.all(Array.from({ length: 20 }, () => outcome(append(stream, event(), 0n))));
    assert.deepEqual([raced.filter((won) => won === 1n).length, new Set(raced).size], [1, 2]);
    const chained = Array.from({ length: 30 }, (_, index) => outcome(append(stream, event(), BigInt(index + 1))));
    assert.deepEqual(
      await Promise.all(chained),
      Array.from({ length: 30 }, (_, index) => BigInt(index + 2)),
    );
  });

  it('gives content back as it was', async () => {
    const stream = fresh();
    const bytes = Uint8Array.from([0, 255, 1]);
    const data = { s: 'ä🙂', n: 1.5, none: null, deep: { a: [1, {}] } };
    await append(stream, [
      jsonEvent({ type: 'Größe日', data, metadata: { a: 'é' } }),
      binaryEvent({ type: 'B', data: bytes, metadata: bytes }),
      event('C', { metadata: {} }),
    ]);
    const found = await read(stream);
    assert.deepEqual([found[0].type, found[0].data, found[0].metadata], ['Größe日', data, { a: 'é' }]);
    assert.deepEqual([found[1].isJson, found[1].data, found[1].metadata], [false, bytes, bytes]);
    assert.deepEqual(found[2].metadata, {});
    assert.deepEqual(found[1].created, found[0].created);
  });
});

describe('a read', () => {
  it('is inclusive, in both directions, and finds no missing stream', async () => {
    const stream = fresh();
    await assert.rejects(read(stream), { streamName: stream, type: 'stream-not-found' });
    await append(stream, events('A', 'B', 'C'));
    assert.deepEqual(await contents(stream, { fromRevision: 1n }), ['1:B', '2:C']);
    assert.deepEqual(await contents(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 2 }), ['2:C', '1:B']);
    assert.deepEqual(await contents(stream, { fromRevision: 9n }), []);
    assert.equal(await outcome(read(stream, { maxCount: 0 })), 'UnknownError 2');
  });

  it('hides what stream metadata says, though the whole log keeps it', async () => {
    const stream = fresh();
    const { position } = await append(fresh(), event('Mark'));
    await append(stream, events('A', 'B', 'C'));
    await client.setStreamMetadata(stream, { maxCount: 1 });
    assert.deepEqual(await contents(stream), ['2:C']);
    await client.setStreamMetadata(stream, { truncateBefore: 1 });
    assert.deepEqual(await contents(stream), ['1:B', '2:C']);
    const types = (await readAll({ fromPosition: position })).map(({ type }) => type);
    assert.deepEqual(types, ['Mark', 'A', 'B', 'C', '$metadata', '$metadata']);
  });

  it('of the whole log knows its own positions only, and nothing beyond the end', async () => {
    const stream = fresh();
    await append(stream, events('A', 'B'));
    const [{ position }] = await read(stream);
    const far = { commit: 10n ** 15n, prepare: 10n ** 15n };
    const invented = { commit: position.commit + 1n, prepare: position.commit + 1n };
    assert.deepEqual(
      (await readAll({ fromPosition: position })).map(({ type }) => type),
      ['A', 'B'],
    );
    assert.deepEqual(await readAll({ fromPosition: far, maxCount: 1 }), []);
    assert.equal(await outcome(readAll({ fromPosition: invented, maxCount: 1 })), 'UnknownError 2');
    const [last] = await readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
    assert.equal(last.type, 'B');
  });
});

describe('the end of a stream', () => {
  it('by a delete hides its events, and its revisions go on', async () => {
    for (const revision of [NO_STREAM, ANY, 1n]) {
      const stream = fresh();
      await append(stream, events('A', 'B'));
      await client.deleteStream(stream);
      assert.equal(await outcome(read(stream)), 'StreamNotFoundError');
      assert.equal(await outcome(append(stream, event(), STREAM_EXISTS)), 'StreamDeletedError');
      assert.equal(await outcome(append(stream, event('C'), revision)), 2n);
      assert.deepEqual(await contents(stream), ['2:C']);
    }
  });

  it('asks for the right revision', async () => {
    const stream = fresh();
    await append(stream, event('A'));
    await assert.rejects(client.deleteStream(stream, { expectedRevision: 9n }), { code: 9, actualVersion: 0n });
    await assert.rejects(client.deleteStream(fresh()), { code: 9, expectedVersion: -2n, actualVersion: -1n });
    assert.deepEqual(await contents(stream), ['0:A']);
  });

  it('by a tombstone is for good', async () => {
    const stream = fresh();
    await append(stream, event('A'));
    await client.tombstoneStream(stream);
    assert.equal(await outcome(append(stream, event())), 'StreamDeletedError');
    assert.equal(await outcome(append(stream, event(), ANY, ONE_CALL)), 'StreamDeletedError 9');
    assert.equal(await outcome(read(stream)), 'StreamDeletedError 9');
    assert.equal(await outcome(client.deleteStream(stream)), 'StreamDeletedError 9');
    await assert.rejects(collect(client.subscribeToStream(stream)), { streamName: stream, type: 'stream-deleted' });
  });
});

describe('a subscription', () => {
  it('is exclusive, and says when it has caught up', async () => {
    const stream = fresh();
    await append(stream, events('A', 'B', 'C'));
    const [, { position: fromPosition }] = await read(stream);
    const filter = streamNameFilter({ prefixes: [stream] });
    assert.deepEqual(await collect(client.subscribeToAll({ fromPosition, filter })), ['confirmation', 'C', 'caughtUp']);
    assert.deepEqual(await collect(client.subscribeToStream(stream, { fromRevision: 0n })), [
      'confirmation',
      'B',
      'C',
      'caughtUp',
    ]);
  });

  it('filters by prefix, by expression and by type', async () => {
    const stream = fresh();
    const { position: fromPosition } = await append(fresh(), event('Mark'));
    for (const [suffix, type] of [
      ['-1', 'A'],
      ['-2', '$B'],
      ['', 'C'],
    ])
      await append(`${stream}${suffix}`, event(type));
    const matches = async (filter) =>
      (await collect(client.subscribeToAll({ fromPosition, filter }))).filter((seen) => seen.length < 3);
    assert.deepEqual(await matches(streamNameFilter({ prefixes: [`${stream}-`] })), ['A', '$B']);
    assert.deepEqual(await matches(streamNameFilter({ regex: `${stream}$` })), ['C']);
    assert.deepEqual(await matches(excludeSystemEvents()), ['A', 'C']);
    assert.deepEqual(await matches(streamNameFilter({ prefixes: [] })), []);
  });

  it('tells how far it has read, without a prepare position while nothing has matched', async () => {
    const { position: fromPosition } = await append(fresh(), event('Mark'));
    await append(
      fresh(),
      Array.from({ length: 100 }, () => event()),
    );
    const checkpoints = [];
    const checkpointReached = (_, position) => void checkpoints.push(position);
    const filter = streamNameFilter({ prefixes: ['nobody'], checkpointReached });
    await collect(client.subscribeToAll({ fromPosition, filter }));
    const places = (await readAll({ fromPosition })).map(({ position }) => position.commit);
    assert.deepEqual(
      checkpoints.map(({ commit, prepare }) => [places.indexOf(commit), prepare]),
      [32, 64, 96].map((place) => [place, 0n]),
    );
  });

  it('waits without a word at a position beyond the end', async () => {
    const stream = fresh();
    const fromPosition = { commit: 10n ** 15n, prepare: 10n ** 15n };
    const subscription = client.subscribeToAll({ fromPosition, filter: streamNameFilter({ prefixes: [stream] }) });
    await new Promise((resolve) => subscription.once('confirmation', resolve));
    await append(stream, event('New'));
    for await (const resolved of subscription) {
      assert.equal(resolved.event.type, 'New');
      break;
    }
    await subscription.unsubscribe();
  });

  it('is dropped when its consumer is too slow', async () => {
    const stream = fresh();
    const subscription = client.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [stream] }) });
    await new Promise((resolve) => subscription.once('confirmation', resolve));
    const large = Array.from({ length: 800 }, () => jsonEvent({ type: 'Large', data: 'x'.repeat(1000) }));
    const written = Promise.all(large.map((each) => append(stream, each)));
    await assert.rejects(
      async () => {
        for await (const _ of subscription) await written;
      },
      { code: 10, type: 'timeout' },
    );
  });
});

describe('a newer server', () => {
  let newer;
  let near;
  before(async () => {
    const own = fs.mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-'));
    newer = new serverProcess.ServerProcess(own, 0, undefined, ['--newer', '--max-append-size', '100000']);
    await newer.start();
    near = EventStoreDBClient.connectionString(`${newer.url}&connectionName=newer`);
  });
  after(async () => {
    await near.dispose();
    await newer.kill();
    fs.rmSync(newer.folder, { recursive: true });
  });

  it('counts data, metadata, and twice the length of the type', async () => {
    const sized = (bytes) =>
      binaryEvent({ type: 'Sized', data: Buffer.alloc(bytes - 40, 1), metadata: Buffer.alloc(30) });
    assert.equal(await outcome(near.appendToStream(fresh(), sized(100_000))), 0n);
    await assert.rejects(near.appendToStream(fresh(), sized(100_001)), { maxAppendSize: 100_000 });
  });

  it('lets a slow subscriber fall behind, and says again when he has caught up', async () => {
    const stream = fresh();
    const subscription = near.subscribeToAll({ fromPosition: END, filter: streamNameFilter({ prefixes: [stream] }) });
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    const again = new Promise((resolve) => subscription.once('caughtUp', resolve));
    const large = Array.from({ length: 800 }, () => jsonEvent({ type: 'Large', data: 'x'.repeat(1000) }));
    const written = Promise.all(large.map((each) => near.appendToStream(stream, each)));
    const reading = (async () => {
      for await (const _ of subscription) await written;
    })();
    await again;
    await subscription.unsubscribe();
    await reading.catch(() => undefined);
  });
});

describe('a node that does not lead', () => {
  const LEADER = { requiresLeader: true };
  let elsewhere;
  let near;
  let discovering;
  before(async () => {
    elsewhere = new serverProcess.ServerProcess(fs.mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-')));
    await elsewhere.start();
  });
  after(async () => {
    await elsewhere.kill();
    fs.rmSync(elsewhere.folder, { recursive: true });
  });
  // The client of the other tests would be led away.
  beforeEach(() => {
    near = EventStoreDBClient.connectionString(`${server.url}&connectionName=near`);
    discovering = EventStoreDBClient.connectionString(`${server.url.replace(':', '+discover:')}&maxDiscoverAttempts=2`);
  });
  afterEach(async () => {
    await server.elect('lead');
    await Promise.all([near.dispose(), discovering.dispose()]);
  });

  const appendTo = (to, stream, options) => to.appendToStream(stream, event(), options);
  const readFrom = async (from, stream, options) => {
    const types = [];
    for await (const resolved of from.readStream(stream, options)) types.push(resolved.event.type);
    return types.join();
  };
  const messageOf = (call) => call.then(String, ({ code, message, type }) => [code, type, message]);
  const there = async () => {
    const stream = fresh();
    await append(stream, events('A', 'B'));
    return stream;
  };

  it('without a leader takes no write, and reads only for those who do not ask for the leader', async () => {
    const stream = await there();
    await server.elect('resign');
    const unknown = [undefined, 'unknown', 'Could not recognize Server Is Not Ready'];
    for (const options of [{}, LEADER]) {
      assert.deepEqual(await messageOf(appendTo(near, stream, options)), unknown);
      assert.equal(await outcome(appendTo(near, stream, { ...options, ...ONE_CALL })), 'UnavailableError 14');
    }
    assert.equal(await readFrom(near, stream), 'A,B');
    const refused = [14, 'unavailable', '14 UNAVAILABLE: Server Is Not Ready'];
    assert.deepEqual(await messageOf(readFrom(near, stream, LEADER)), refused);
    assert.equal(await outcome(near.deleteStream(stream)), 'UnavailableError 14');
    assert.equal(await outcome(near.tombstoneStream(stream)), 'UnavailableError 14');
    assert.equal(await outcome(collect(near.subscribeToAll(LEADER))), 'UnavailableError 14');
    assert.deepEqual((await collect(near.subscribeToStream(stream))).slice(1), ['A', 'B', 'caughtUp']);
    await server.elect('lead');
    assert.equal(await outcome(appendTo(near, stream, LEADER)), 2n);
    assert.deepEqual(await contents(stream), ['0:A', '1:B', '2:Happened']);
  });

  it('without a leader is found by nobody who looks for one', async () => {
    const stream = await there();
    await server.elect('resign');
    await assert.rejects(readFrom(discovering, stream), /Failed to discover after 2 attempts/);
    await server.elect('lead');
    assert.equal(await readFrom(discovering, stream), 'A,B');
  });

  it('names the leader to those who ask for it, and the client goes there', async () => {
    const stream = await there();
    await server.elect('follow', elsewhere);
    const found = { code: 5, type: 'not-leader', leader: { address: '127.0.0.1', port: elsewhere.port } };
    assert.equal(await readFrom(near, stream), 'A,B');
    await assert.rejects(readFrom(near, stream, LEADER), found);
    assert.equal(await outcome(appendTo(near, stream, { expectedRevision: NO_STREAM, ...LEADER })), 0n);
    assert.equal(await readFrom(near, stream, LEADER), 'Happened');
    assert.deepEqual(await contents(stream), ['0:A', '1:B']);
    for (const how of [LEADER, { ...LEADER, ...ONE_CALL }]) {
      const late = EventStoreDBClient.connectionString(`${server.url}&connectionName=late`);
      await assert.rejects(appendTo(late, stream, how), found);
      await late.dispose();
    }
    // Who discovers goes there at once.
    assert.equal(await readFrom(discovering, stream), 'Happened');
  });

  it('as a follower forwards the writes of the others, to a leader that is silent here', async () => {
    const stream = await there();
    await server.elect('follow', elsewhere);
    const forwarded = [appendTo(near, stream, {}), appendTo(near, stream, ONE_CALL)];
    const outcomes = await Promise.all(forwarded.map(outcome));
    assert.deepEqual(outcomes, ['DeadlineExceededError', 'TimeoutError 10']);
    assert.deepEqual(await contents(stream), ['0:A', '1:B']);
  });

  it('leaves subscriptions that have caught up as they are, and refuses those that have not', async () => {
    const stream = await there();
    const { position: fromPosition } = await append(fresh(), event('Mark'));
    const filter = streamNameFilter({ prefixes: [stream] });
    const subscription = near.subscribeToAll({ fromPosition, filter, ...LEADER });
    await new Promise((resolve) => subscription.once('caughtUp', resolve));
    await server.elect('resign');
    const late = near.subscribeToAll({ fromPosition, filter, ...LEADER });
    await assert.rejects(collect(late), { type: 'unavailable' });
    await server.elect('lead');
    await append(stream, event('C'));
    for await (const resolved of subscription) {
      assert.equal(resolved.event.type, 'C');
      break;
    }
    await subscription.unsubscribe();
  });

  it('leads again after a restart', async () => {
    await server.elect('resign');
    await server.kill();
    await server.start();
    assert.equal(await untilReady(() => outcome(append(fresh(), event()))), 0n);
  });
});

describe('the process', () => {
  it('says over HTTP that it lives', async () => {
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status, 204);
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/else`)).status, 404);
  });

  it('holds elections only when it was started for that, and only those it knows', async () => {
    const ask = async (port, what, method = 'POST') =>
      (await fetch(`http://127.0.0.1:${port}/elections/${what}`, { method })).status;
    assert.deepEqual(
      await Promise.all(['rule', 'follow', 'follow?leader=127.0.0.1'].map((what) => ask(server.port, what))),
      [404, 400, 400],
    );
    assert.equal(await ask(server.port, 'resign', 'GET'), 404);
    const { serve } = createRequire(import.meta.url)('./server.cjs');
    const other = fs.mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-'));
    const plain = await serve({ folder: other });
    assert.equal(await ask(plain.port, 'resign'), 404);
    await plain.stop();
    fs.rmSync(other, { recursive: true });
  });

  it('keeps over a kill what it acknowledged, also while it writes, and forgets ids without a revision', async () => {
    const stream = fresh();
    const first = event('First');
    const result = await append(stream, first, NO_STREAM);
    const twice = event('Twice');
    await append(stream, twice, ANY);
    const busy = fresh();
    const acknowledged = [];
    const writing = (async () => {
      for (let revision = NO_STREAM; ;) {
        const next = event();
        revision = (await append(busy, next, revision)).nextExpectedRevision;
        acknowledged.push(next.id);
      }
    })().catch((error) => assert.ok([1, 14].includes(error.code)));
    while (acknowledged.length < 20) await new Promise(setImmediate);
    await server.kill();
    await writing;
    await server.start();
    await untilReady(() => read(stream));
    const kept = (await read(busy)).map(({ id }) => id);
    assert.deepEqual(kept.slice(0, acknowledged.length), acknowledged);
    assert.ok(kept.length <= acknowledged.length + 1);
    assert.deepEqual(await untilReady(() => append(stream, first, NO_STREAM)), result);
    assert.equal(await outcome(append(stream, twice, ANY)), 2n);
  });

  it('cuts calls off at a clean stop, and ends with 0', async () => {
    const subscription = client.subscribeToStream(fresh());
    const ended = new Promise((resolve) => subscription.once('error', resolve));
    await new Promise((resolve) => subscription.once('confirmation', resolve));
    assert.equal(await server.stop(), 0);
    const error = await ended;
    assert.equal(error.code, 13);
    assert.match(error.message, /RST_STREAM/);
    await server.start();
    assert.equal(await untilReady(() => outcome(append(fresh(), event()))), 0n);
  });

  it('cuts off a torn last record, and refuses a damaged one', async () => {
    const stream = fresh();
    await untilReady(() => append(stream, events('A', 'B'), NO_STREAM));
    await server.kill();
    const log = path.join(folder, 'events.log');
    const whole = fs.readFileSync(log);
    fs.appendFileSync(log, whole.subarray(16, 60));
    await server.start();
    assert.deepEqual(await untilReady(() => contents(stream)), ['0:A', '1:B']);
    await untilReady(() => append(stream, event('C'), 1n));
    await server.kill();
    const damaged = fs.mkdtempSync(path.join(os.tmpdir(), 'eventstoredb-'));
    const bytes = fs.readFileSync(log);
    bytes[40] ^= 1;
    fs.writeFileSync(path.join(damaged, 'events.log'), bytes);
    await assert.rejects(new serverProcess.ServerProcess(damaged).start(), /ended with 1/);
    fs.rmSync(damaged, { recursive: true });
    await server.start();
    assert.deepEqual(await untilReady(() => contents(stream)), ['0:A', '1:B', '2:C']);
  });
});
