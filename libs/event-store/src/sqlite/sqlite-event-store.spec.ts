import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { NewEvent } from '@second-opinion/kernel';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { eventStoreContract, type StoreUnderTest } from '../event-store.contract';
import { RevisionConflict } from '../event-store';
import { SqliteEventStore } from './sqlite-event-store';

function onFile(): StoreUnderTest & { file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'events-'));
  const file = join(folder, 'store.db');
  let database = SqliteDatabase.open(file);
  return {
    file,
    store: new SqliteEventStore(database),
    restart: () => {
      database.close();
      database = SqliteDatabase.open(file);
      return Promise.resolve(new SqliteEventStore(database));
    },
    close: () => {
      database.close();
      rmSync(folder, { recursive: true });
      return Promise.resolve();
    },
  };
}

eventStoreContract('SqliteEventStore', () => Promise.resolve(onFile()));

describe('SqliteEventStore', () => {
  const event = (data: object = {}): NewEvent => ({
    id: randomUUID(),
    type: 'Noted',
    data,
    metadata: {
      correlationId: 'c',
      causationId: 'c',
      commandId: 'c',
      actorId: 'a',
      actorRole: 'system',
      actorOrganisation: 'o',
      rulesVersion: '1',
      recordedAt: '2026-11-25T09:00:00.000Z',
    },
  });
  const events = (count: number) => Array.from({ length: count }, () => event());
  let under: ReturnType<typeof onFile>;
  beforeEach(() => (under = onFile()));
  afterEach(() => under.close());

  async function positions(
    store: Pick<SqliteEventStore, 'subscribe'>,
    count: number,
    after?: string,
  ): Promise<string[]> {
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const batch of store.subscribe({ signal: stop.signal, ...(after === undefined ? {} : { after }) })) {
      seen.push(...batch.events.map((recorded) => recorded.position));
      if (seen.length >= count) stop.abort();
    }
    return seen;
  }

  it('says of a batch whether it stood there already', async () => {
    const batch = events(2);
    const first = await under.store.append('a.case-1', 'no-stream', batch);
    expect(first.stood).toBeUndefined();
    await under.store.append('a.case-1', 1, events(1));
    expect(await under.store.append('a.case-1', 'no-stream', batch)).toEqual({ ...first, stood: true });
    expect(await (await under.restart()).append('a.case-1', 'no-stream', batch)).toEqual({ ...first, stood: true });
  });

  it('refuses what is not next of a stream, whatever it knows of it', async () => {
    const refused = async (store: StoreUnderTest['store'], expected: number, actual: number) => {
      const conflict = { stream: 'a.case-1', expected, actual };
      await expect(store.append('a.case-1', expected, events(1))).rejects.toMatchObject(conflict);
    };
    const { store } = under;
    await store.append('a.case-1', 'no-stream', events(2));
    await refused(store, 0, 1);
    await refused(store, 2, 1);
    await store.append('a.case-1', 1, events(1));
    // What it had seen last is not the end any more: another process was quicker.
    const database = SqliteDatabase.open(under.file);
    await new SqliteEventStore(database).append('a.case-1', 2, events(1));
    database.close();
    await refused(store, 2, 3);
    const after = await under.restart();
    await refused(after, 2, 3);
    expect(await after.readStream('a.case-1')).toHaveLength(4);
  });

  describe('ids of what is created', () => {
    const idFor = (store: StoreUnderTest['store'], commandId: string) =>
      store.idFor(commandId, () => ({ id: `derived-${commandId}`, stream: `a.case-derived-${commandId}` }));
    const ask = async (store: StoreUnderTest['store'], commandId: string) => (await idFor(store, commandId)).id;

    it('are new to whoever asks first, and to nobody after him', async () => {
      const commandId = randomUUID();
      const first = await idFor(under.store, commandId);
      expect(first.isNew).toBe(true);
      expect(await idFor(under.store, commandId)).toEqual({ id: first.id, isNew: false });
      await under.store.append(`a.case-${first.id}`, 'no-stream', events(1), { commandId, id: first.id });
      expect(await idFor(await under.restart(), commandId)).toEqual({ id: first.id, isNew: false });
    });

    it('begin with the time, so that what begins later comes after it', async () => {
      const ids: string[] = [];
      for (let number = 0; number < 5; number++) {
        ids.push(await ask(under.store, randomUUID()));
        await pause(3);
      }
      expect([...ids].sort()).toEqual(ids);
      for (const id of ids) expect(id.charAt(14)).toBe('7');
    });

    it('are not kept when the append was refused, or the command asked only', async () => {
      const [asked, refused] = [randomUUID(), randomUUID()];
      const id = await ask(under.store, asked);
      await under.store.append('a.case-1', 'no-stream', events(1));
      const created = { commandId: refused, id: await ask(under.store, refused) };
      await expect(under.store.append('a.case-1', 'no-stream', events(1), created)).rejects.toBeInstanceOf(
        RevisionConflict,
      );
      expect(await ask(under.store, refused)).toBe(created.id);
      const store = await under.restart();
      expect(await ask(store, asked)).not.toBe(id);
      expect(await ask(store, refused)).not.toBe(created.id);
    });

    it('are one for a command whichever process was quicker: the other appends nothing, and knows it from then on', async () => {
      const database = SqliteDatabase.open(under.file);
      const there = new SqliteEventStore(database);
      const commandId = randomUUID();
      const [mine, theirs] = [await ask(under.store, commandId), await ask(there, commandId)];
      expect(mine).not.toBe(theirs);
      await there.append(`a.case-${theirs}`, 'no-stream', events(1), { commandId, id: theirs });
      const late = under.store.append(`a.case-${mine}`, 'no-stream', events(1), { commandId, id: mine });
      await expect(late).rejects.toMatchObject({ stream: `a.case-${mine}`, expected: 'no-stream' });
      expect(await under.store.readStream(`a.case-${mine}`)).toEqual([]);
      expect(await ask(under.store, commandId)).toBe(theirs);
      database.close();
    });

    it('stay what they were in a log that is older than they are', async () => {
      const [before, since] = [randomUUID(), randomUUID()];
      await under.store.append(`a.case-derived-${before}`, 'no-stream', events(1));
      await under.restart();
      const file = new DatabaseSync(under.file);
      file.exec('drop table created_ids');
      file.close();
      for (let start = 0; start < 2; start++) {
        const store = await under.restart();
        expect(await idFor(store, before)).toEqual({ id: `derived-${before}`, isNew: false });
        expect((await ask(store, since)).charAt(14)).toBe('7');
      }
    });
  });

  it('sees what another process appends, between its own appends, in the order of the log', async () => {
    const other = SqliteDatabase.open(under.file);
    const there = new SqliteEventStore(other, { pollMs: 5 });
    const one = SqliteDatabase.open(under.file);
    const here = new SqliteEventStore(one, { pollMs: 5 });
    const [seenHere, seenThere] = [positions(here, 30), positions(there, 30)];
    for (let round = 0; round < 10; round++) {
      await here.append(`a.here-${round}`, 'no-stream', events(2));
      await there.append(`a.there-${round}`, 'no-stream', events(1));
    }
    const expected = Array.from({ length: 30 }, (_, index) => String(index + 1));
    expect(await seenHere).toEqual(expected);
    expect(await seenThere).toEqual(expected);
    one.close();
    other.close();
  });

  it('wakes who waits also when another question has seen first what the other process appended', async () => {
    const other = SqliteDatabase.open(under.file);
    const there = new SqliteEventStore(other);
    const waiting = positions(under.store as SqliteEventStore, 1);
    await under.store.readAll({});
    await there.append('a.there-1', 'no-stream', events(1));
    expect(await under.store.end()).toBe('1');
    expect(await waiting).toEqual(['1']);
    other.close();
  });

  it('leaves nothing of several batches when one of them may not be written, while others of the same moment land', async () => {
    await under.store.append('a.b-1', 'no-stream', events(1));
    const [first, second] = [events(2), events(1)];
    const [cut, ...landed] = await Promise.allSettled([
      under.store.appendInOrder([
        { stream: 'a.b-2', expected: 'no-stream', events: first },
        { stream: 'a.b-1', expected: 'no-stream', events: second },
      ]),
      under.store.append('a.b-3', 'no-stream', events(1)),
      under.store.appendInOrder([
        { stream: 'a.b-1', expected: 0, events: second },
        { stream: 'a.b-4', expected: 'no-stream', events: first },
      ]),
    ]);
    expect(cut).toMatchObject({ status: 'rejected', reason: { stream: 'a.b-1', actual: 0 } });
    expect(landed.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
    expect(await under.store.readStream('a.b-2')).toEqual([]);
    const { events: log } = await under.store.readAll({});
    expect(log.map(({ stream }) => stream)).toEqual(['a.b-1', 'a.b-3', 'a.b-1', 'a.b-4', 'a.b-4']);
    expect(await positions(under.store as SqliteEventStore, 5)).toEqual(log.map(({ position }) => position));
  });

  it('refuses one of several batches before anything of them is written', async () => {
    const batches = [events(1), []].map((batch, index) => {
      return { stream: `a.b-${index}`, expected: 'no-stream' as const, events: batch };
    });
    await expect(under.store.appendInOrder(batches)).rejects.toMatchObject({ code: 'event-store.invalid-append' });
    expect(await under.store.end()).toBeUndefined();
  });

  it('gives conflicts between processes as between requests', async () => {
    const other = SqliteDatabase.open(under.file);
    const there = new SqliteEventStore(other);
    await under.store.append('a.b-1', 'no-stream', events(1));
    await expect(there.append('a.b-1', 'no-stream', events(1))).rejects.toMatchObject({ actual: 0 });
    other.close();
  });

  it('loses nothing when far more is appended than it keeps in memory', async () => {
    const seen = positions(under.store as SqliteEventStore, 12_000);
    for (let batch = 0; batch < 12; batch++) await under.store.append(`a.b-${batch}`, 'no-stream', events(1_000));
    const expected = Array.from({ length: 12_000 }, (_, index) => String(index + 1));
    expect(await seen).toEqual(expected);
    expect(await positions(under.store as SqliteEventStore, 12_000)).toEqual(expected);
    expect(await positions(under.store as SqliteEventStore, 7, '11993')).toEqual(expected.slice(-7));
  });

  it('does not keep big events in memory without bound, and still gives them to slow subscribers', async () => {
    const text = 'x'.repeat(900_000);
    for (let number = 0; number < 40; number++)
      await under.store.append(`a.b-${number}`, 'no-stream', [event({ text })]);
    expect(await positions(under.store as SqliteEventStore, 40)).toHaveLength(40);
  });

  it('gives what is rare in its place, together with what comes later, however much lies between', async () => {
    const store = under.store as SqliteEventStore;
    const rare: string[] = [];
    for (let batch = 0; batch < 12; batch++) {
      await store.append(`a.often-${batch}`, 'no-stream', events(300));
      const appended = await store.append(`a.rare-${batch}`, 'no-stream', events(1));
      rare.push(appended.position);
    }
    const { batch, stop } = { batch: [] as string[], stop: new AbortController() };
    for await (const { events: seen, caughtUp } of store.subscribe({
      categories: ['a.rare'],
      batchSize: 5,
      signal: stop.signal,
    })) {
      expect(seen.length).toBeLessThanOrEqual(5);
      batch.push(...seen.map(({ position }) => position));
      if (caughtUp && batch.length === 12)
        rare.push((await store.append('a.rare-late', 'no-stream', events(1))).position);
      if (batch.length === 13) stop.abort();
    }
    expect(batch).toEqual(rare);
    const read = await store.readAll({ categories: ['a.rare'], limit: 100 });
    expect(read.events.map(({ position }) => position)).toEqual(rare);
    expect(read).toMatchObject({ caughtUp: true, position: rare.at(-1) });
  });

  it('reads each part of the log about once for all who catch up, wherever they begin', async () => {
    for (let batch = 0; batch < 5; batch++) await under.store.append(`a.b-${batch}`, 'no-stream', events(1_000));
    const database = SqliteDatabase.open(under.file);
    const store = new SqliteEventStore(database);
    const read = jest.spyOn(database.read, 'tuples');
    const expected = Array.from({ length: 5_000 }, (_, index) => String(index + 1));
    const all = await Promise.all(
      [0, 0, 700, 1_600, 3_000].map((after) => positions(store, 5_000 - after, String(after))),
    );
    const readings = read.mock.calls.length;
    database.close();
    expect(all.map((seen) => seen.length)).toEqual([5_000, 5_000, 4_300, 3_400, 2_000]);
    expect(all[4]).toEqual(expected.slice(3_000));
    // 10 parts; those who began further on have read what they began with, and nobody keeps the unfinished last one.
    expect(readings).toBeLessThan(30);
  });

  it('reads from the table only what somebody who catches up wants, and gives a later one with other wishes his', async () => {
    for (let batch = 0; batch < 4; batch++) {
      await under.store.append(`a.b-${batch}`, 'no-stream', events(300));
      await under.store.append(`a.c-${batch}`, 'no-stream', events(300));
    }
    const database = SqliteDatabase.open(under.file);
    const store = new SqliteEventStore(database);
    const read = jest.spyOn(database.read, 'tuples');
    const rowsRead = () => {
      const streams = read.mock.results.flatMap(({ value }) => (value as unknown[][]).map((row) => String(row[1])));
      read.mockClear();
      return streams;
    };
    const streamsOf = async (categories: readonly string[]) => {
      const [seen, stop] = [[] as string[], new AbortController()];
      for await (const batch of store.subscribe({ categories, signal: stop.signal, batchSize: 100 })) {
        seen.push(...batch.events.map(({ stream }) => stream));
        if (batch.caughtUp) stop.abort();
      }
      return seen;
    };
    expect(await streamsOf(['a.b'])).toHaveLength(1_200);
    expect(rowsRead().filter((stream) => stream.startsWith('a.c'))).toEqual([]);
    const [those, others, all] = await Promise.all([streamsOf(['a.b']), streamsOf(['a.c']), streamsOf(['a.'])]);
    expect([those.length, others.length, all.length]).toEqual([1_200, 1_200, 2_400]);
    expect(new Set(others)).toEqual(new Set([0, 1, 2, 3].map((number) => `a.c-${number}`)));
    database.close();
  });

  it('moves past what another process appends for somebody who wants nothing at all', async () => {
    const database = SqliteDatabase.open(under.file);
    const stop = new AbortController();
    const reached: string[] = [];
    const following = (async () => {
      const store = new SqliteEventStore(database, { pollMs: 5 });
      for await (const batch of store.subscribe({ categories: [], signal: stop.signal })) {
        expect(batch.events).toEqual([]);
        reached.push(batch.position);
        if (batch.position === '3') stop.abort();
      }
    })();
    await under.store.append('a.b-1', 'no-stream', events(3));
    await following;
    expect(reached.at(-1)).toBe('3');
    database.close();
  });

  it('refuses to go on from a place that this log has never reached', async () => {
    await under.store.append('a.b-1', 'no-stream', events(1));
    await expect(positions(under.store as SqliteEventStore, 1, '2')).rejects.toMatchObject({
      code: 'event-store.position-beyond-end',
    });
    await expect(positions(under.store as SqliteEventStore, 1, 'x')).rejects.toMatchObject({
      code: 'event-store.invalid-position',
    });
  });

  it('ends a subscription when the database is closed', async () => {
    const database = SqliteDatabase.open();
    const ended = positions(new SqliteEventStore(database, { pollMs: 5 }), 1);
    database.close();
    expect(await ended).toEqual([]);
  });

  describe('with a disk that is not done yet', () => {
    let disk: { done: () => void; waits: jest.SpyInstance };
    beforeEach(() => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const sync = jest.spyOn(fs, 'fdatasync').mockImplementation((_, done) => void promise.then(() => done(null)));
      disk = { done: resolve, waits: sync };
    });
    afterEach(() => disk.waits.mockRestore());
    const soon = async (promise: Promise<unknown>) => {
      const later = new Promise((resolve) => setTimeout(resolve, 50, 'waits'));
      return Promise.race([promise.then((value) => value ?? 'done'), later]);
    };

    it('tells nobody what a power cut could still undo: no reader of the stream, of the log, no subscriber', async () => {
      const appended = under.store.append('a.b-1', 'no-stream', [event()]);
      await expect(soon(appended)).resolves.toBe('waits');
      const told = [
        under.store.readStream('a.b-1'),
        under.store.readAll({}),
        positions(under.store, 1),
        under.store.append('a.b-1', 'no-stream', [event()]).catch((error: Error) => error.name),
      ];
      await expect(Promise.all(told.map(soon))).resolves.toEqual(Array(4).fill('waits'));
      await expect(soon(under.store.readStream('a.b-2'))).resolves.toEqual([]);
      disk.done();
      await expect(Promise.all(told)).resolves.toEqual([
        [expect.objectContaining({ position: '1' })],
        expect.objectContaining({ position: '1' }),
        ['1'],
        'RevisionConflict',
      ]);
      await appended;
    });

    it('waits for the disk once, not again for what it has', async () => {
      disk.done();
      await under.store.append('a.b-1', 'no-stream', [event()]);
      const before = disk.waits.mock.calls.length;
      await under.store.readStream('a.b-1');
      await positions(under.store, 1);
      expect(disk.waits).toHaveBeenCalledTimes(before);
    });

    it('lets the disk have what another process appended before it tells of it', async () => {
      disk.done();
      const script = `
        const db = new (require('node:sqlite').DatabaseSync)(process.argv[1], { timeout: 1000 });
        db.exec("insert into events (stream, revision, id, type, data, metadata) values ('a.b-9', 0, '" + crypto.randomUUID() + "', 'Noted', '{}', '{}')")`;
      execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', script, under.file]);
      await expect(under.store.readStream('a.b-9')).resolves.toHaveLength(1);
      expect(disk.waits).toHaveBeenCalledTimes(1);
    });
  });
});
