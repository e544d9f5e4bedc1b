import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import threads, { Worker } from 'node:worker_threads';
import { CommitGroup } from './commit-group';
import { SqliteDatabase } from './database';

const PAGE = 4_096;
const SCHEMA = 'create table if not exists notes (id integer primary key, bytes blob not null) strict';

// Much is written, on machines that may be slow.
jest.setTimeout(60_000);

describe('Checkpoints', () => {
  let folder: string;
  let file: string;
  const opened: SqliteDatabase[] = [];
  const open = (name = 'store.db') => {
    file = join(folder, name);
    const database = SqliteDatabase.open(file);
    opened.push(database);
    database.schema(SCHEMA);
    return database;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    for (const database of opened.splice(0)) database.close();
    rmSync(folder, { recursive: true });
  });
  /** write so many pages in commits of ten, letting others work between them. */
  const write = async (database: SqliteDatabase, pages: number) => {
    for (let done = 0; done < pages; done += 10)
      await database.write((connection) =>
        connection.run('insert into notes (bytes) values (?)', new Uint8Array(10 * PAGE - 200)),
      );
  };
  const rows = (database: { prepare: DatabaseSync['prepare'] }) =>
    database.prepare('select count(*) as count from notes').get()?.['count'];
  const inWal = (path = file) => statSync(`${path}-wal`).size / PAGE;
  /** copied waits until the log was copied, or has begun anew. */
  const copied = async (database: SqliteDatabase) => {
    for (;;) {
      const pages = database.read.get<Record<string, number>>('pragma wal_checkpoint(noop)');
      if (pages?.['checkpointed'] !== 0 || (pages['log'] ?? 0) < 1_000) return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  it('keeps the write-ahead log short while much is written, puts commits off for it rarely, and nothing is missing', async () => {
    const held = jest.spyOn(CommitGroup.prototype, 'hold');
    const database = open();
    await write(database, 12_000);
    expect(held).not.toHaveBeenCalled();
    await write(database, 28_000);
    // The file of the log is as long as the log ever was: it has begun anew each time after so many thousand pages.
    expect(inWal()).toBeLessThan(25_000);
    expect(held.mock.calls.length).toBeLessThanOrEqual(3);
    database.close();
    const other = new DatabaseSync(file, { readOnly: true });
    expect(rows(other)).toBe(4_000);
    expect(other.prepare('pragma integrity_check').get()).toEqual({ integrity_check: 'ok' });
    other.close();
  });

  it('copies for two files of a process', async () => {
    const [one, two] = [open('one.db'), open('two.db')];
    await Promise.all([write(one, 1_200), write(two, 1_200)]);
    await Promise.all([copied(one), copied(two)]);
    one.close();
    await write(two, 1_200);
    await copied(two);
  });

  it('waits for nobody who reads an older state, and begins the log anew once he is gone', async () => {
    const database = open();
    await write(database, 10);
    const reader = new DatabaseSync(file);
    reader.exec('begin');
    expect(rows(reader)).toBe(1);
    await write(database, 3_000);
    expect(rows(reader)).toBe(1);
    expect(inWal()).toBeGreaterThan(3_000);
    reader.exec('commit');
    reader.close();
    const before = inWal();
    await write(database, 26_000);
    expect(inWal()).toBeLessThan(before + 22_000);
  });

  it('closes, and empties the log, while it is being copied', async () => {
    const database = open();
    await write(database, 1_100);
    database.checkpointTruncate();
    expect(inWal()).toBe(0);
    await write(database, 1_100);
    database.close();
    const other = new DatabaseSync(file, { readOnly: true });
    expect(rows(other)).toBe(220);
    other.close();
  });

  it('leaves it to SQLite when there is no thread any more', async () => {
    const ended: Promise<number>[] = [];
    const post = Worker.prototype.postMessage;
    jest.spyOn(Worker.prototype, 'postMessage').mockImplementation(function (this: Worker, ...args) {
      if (ended.length === 0) ended.push(this.terminate());
      post.apply(this, args);
    });
    const database = open();
    await write(database, 1_100);
    await ended[0];
    await write(database, 5_000);
    expect(ended).toHaveLength(1);
    expect(inWal()).toBeLessThan(3_000);
  });

  it('leaves it to SQLite when no thread can be made', async () => {
    const made = jest.spyOn(threads, 'Worker').mockImplementation(() => {
      throw new Error('ERR_WORKER_INIT_FAILED');
    });
    const database = open();
    await write(database, 5_000);
    expect(made).toHaveBeenCalledTimes(1);
    expect(inWal()).toBeLessThan(3_000);
  });
});
