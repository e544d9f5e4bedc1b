import { execFileSync } from 'node:child_process';
import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Unavailable } from '@second-opinion/kernel';
import { SqliteDatabase } from './database';

const notes = 'create table if not exists notes (id integer primary key, text text not null unique) strict';

describe('SqliteDatabase', () => {
  let folder: string;
  let file: string;
  const opened: SqliteDatabase[] = [];
  const open = (path = file, options = {}) => {
    const database = SqliteDatabase.open(path, options);
    opened.push(database);
    return database;
  };
  const codeOf = (attempt: () => unknown): string => {
    try {
      attempt();
    } catch (error) {
      if (error instanceof Unavailable) return error.code;
      throw error;
    }
    return 'none';
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
    file = join(folder, 'data', 'store.db');
  });
  afterEach(() => {
    for (const database of opened.splice(0)) database.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const texts = (database: SqliteDatabase) =>
    database.read.all<{ text: string }>('select text from notes order by id').map((row) => row.text);
  const add = (database: SqliteDatabase, text: string) =>
    database.write((connection) => connection.run('insert into notes (text) values (?)', text).rowId);
  const rebuilt = (database: SqliteDatabase, text: string) =>
    database.writeRebuildable((connection) => connection.run('insert into notes (text) values (?)', text));

  it('commits the jobs of one turn together, each with its own answer', async () => {
    const database = open();
    database.schema(notes);
    await expect(Promise.all([add(database, 'a'), add(database, 'b')])).resolves.toEqual([1, 2]);
    expect(texts(database)).toEqual(['a', 'b']);
  });

  it('says whether it takes writes: not while it is full, and again once there is room', async () => {
    const database = open();
    database.schema(notes);
    await database.takesWrites();
    const { page_count: pages = 0 } = database.read.get<{ page_count: number }>('pragma page_count') ?? {};
    database.read.get(`pragma max_page_count = ${pages}`);
    await expect(database.takesWrites()).rejects.toMatchObject({ code: 'storage-unavailable', facts: { sqlite: 13 } });
    database.read.get('pragma max_page_count = 10000');
    await database.takesWrites();
    await expect(add(database, 'after')).resolves.toBeGreaterThan(0);
  });

  it('gives a failing job its own error and undoes only what that job wrote', async () => {
    const database = open();
    database.schema(notes);
    const [first, second, third] = await Promise.allSettled([
      add(database, 'a'),
      database.write((connection) => {
        connection.run('insert into notes (text) values (?)', 'half');
        throw new Error('mine');
      }),
      add(database, 'c'),
    ]);
    expect([first.status, second.status, third.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(second).toMatchObject({ reason: { message: 'mine' } });
    expect(texts(database)).toEqual(['a', 'c']);
  });

  it('undoes a job that fails alone', async () => {
    const database = open();
    database.schema(notes);
    await add(database, 'a');
    await expect(add(database, 'a')).rejects.toMatchObject({ errcode: 2067 });
    await expect(add(database, 'b')).resolves.toBe(2);
  });

  it('refuses a job that is asynchronous, and keeps nothing of it', async () => {
    const database = open();
    database.schema(notes);
    const job = database.write((connection) =>
      Promise.resolve(connection.run('insert into notes (text) values (?)', 'x')),
    );
    await expect(job).rejects.toThrow('synchronous');
    expect(texts(database)).toEqual([]);
  });

  it('rejects all jobs of a group whose commit fails, and goes on afterwards', async () => {
    const database = open();
    database.schema(
      `${notes}; create table parent (id integer primary key) strict;
       create table child (id integer references parent (id) deferrable initially deferred) strict`,
    );
    const outcomes = await Promise.allSettled([
      add(database, 'a'),
      database.write((connection) => connection.run('insert into child values (7)')),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
    await add(database, 'b');
    expect(texts(database)).toEqual(['b']);
  });

  it('refuses undefined instead of storing NULL', async () => {
    const database = open();
    database.schema(notes);
    const nothing = undefined as unknown as string;
    await expect(add(database, nothing)).rejects.toThrow(TypeError);
  });

  it.each(['memory', 'file'])('shows at once what was written, in either way (%s)', async (kind) => {
    const database = open(kind === 'memory' ? ':memory:' : file);
    database.schema(notes);
    await Promise.all([add(database, 'kept'), rebuilt(database, 'rebuilt')]);
    expect(texts(database)).toEqual(['kept', 'rebuilt']);
  });

  it('waits for the disk where it must and not where it need not', async () => {
    const database = open();
    database.schema(notes);
    const syncs = jest.spyOn(fs, 'fdatasync');
    await rebuilt(database, 'a');
    expect(syncs).not.toHaveBeenCalled();
    await Promise.all([rebuilt(database, 'b'), add(database, 'c'), rebuilt(database, 'd'), add(database, 'e')]);
    expect(syncs).toHaveBeenCalledTimes(1);
    await rebuilt(database, 'f');
    expect(syncs).toHaveBeenCalledTimes(1);
    await database.onDisk();
    expect(syncs).toHaveBeenCalledTimes(2);
    syncs.mockRestore();
    expect(database.read.get('pragma journal_mode')).toMatchObject({ journal_mode: 'wal' });
  });

  it('refuses what must be on disk once the disk has failed, until the file is opened again', async () => {
    const database = open();
    database.schema(notes);
    const syncs = jest.spyOn(fs, 'fdatasync').mockImplementationOnce((_, done) => done(new Error('EIO')));
    await expect(add(database, 'a')).rejects.toMatchObject({ code: 'storage-unavailable' });
    syncs.mockRestore();
    await expect(add(database, 'b')).rejects.toMatchObject({ code: 'storage-unavailable' });
    await expect(database.onDisk()).rejects.toMatchObject({ code: 'storage-unavailable' });
    await expect(rebuilt(database, 'c')).resolves.toMatchObject({ changes: 1 });
    database.close();
    await expect(add(open(), 'd')).resolves.toBe(4);
  });

  it('writes what waits before it closes, and says so when it is closed', async () => {
    const database = open();
    database.schema(notes);
    const late = Promise.all([add(database, 'late'), rebuilt(database, 'later')]);
    database.close();
    await late;
    database.close();
    expect(texts(open())).toEqual(['late', 'later']);
    await expect(add(database, 'too late')).rejects.toMatchObject({ code: 'storage-closed' });
    expect(codeOf(() => database.read)).toBe('storage-closed');
  });

  it('keeps every acknowledged row when the process is killed', () => {
    const script = `
      const { DatabaseSync } = require('node:sqlite');
      const db = new DatabaseSync(process.argv[1], { timeout: 1000 });
      db.exec('pragma synchronous = full');
      db.exec("insert into notes (text) values ('from elsewhere')");
      process.kill(process.pid, 'SIGKILL');`;
    const database = open();
    database.schema(notes);
    expect(() => execFileSync(process.execPath, ['-e', script, file], { stdio: 'ignore' })).toThrow();
    expect(texts(database)).toEqual(['from elsewhere']);
  });

  it('answers storage-unavailable while another process holds the file, and recovers', async () => {
    const database = open(file, { busyTimeoutMs: 1 });
    database.schema(notes);
    const other = new DatabaseSync(file);
    other.exec('begin immediate');
    await expect(add(database, 'a')).rejects.toMatchObject({ code: 'storage-unavailable', kind: 'unavailable' });
    other.exec('rollback');
    other.close();
    await expect(add(database, 'a')).resolves.toBe(1);
  });

  it('makes folder and file for their owner alone', () => {
    open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
  });

  it('refuses what is no database', () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(file, 'this is a letter, not a database. '.repeat(50));
    expect(codeOf(() => open())).toBe('storage-not-ours');
    expect(readFileSync(file, 'utf8')).toMatch(/^this is a letter/);
  });

  it('refuses the database of another program', () => {
    mkdirSync(join(folder, 'data'));
    const other = new DatabaseSync(file);
    other.exec('create table theirs (id integer)');
    other.close();
    expect(codeOf(() => open())).toBe('storage-not-ours');
  });

  it('refuses a schema version it does not know', () => {
    open().close();
    const later = new DatabaseSync(file);
    later.exec('pragma user_version = 2');
    later.close();
    expect(codeOf(() => open())).toBe('storage-too-new');
  });

  it('refuses a folder that cannot be one', () => {
    writeFileSync(join(folder, 'data'), '');
    expect(codeOf(() => open())).toBe('storage-unopenable');
  });

  it('leaves no trace of what was deleted, with secureDelete and a truncated log', async () => {
    const secret = 'SECRET-'.repeat(40);
    const database = open(file, { secureDelete: true });
    database.schema(notes);
    await add(database, secret);
    await database.write((connection) => connection.run('delete from notes'));
    database.checkpointTruncate();
    expect(readFileSync(file).includes(Buffer.from('SECRET-SECRET'))).toBe(false);
    expect(statSync(`${file}-wal`).size).toBe(0);
  });
});
