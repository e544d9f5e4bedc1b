import { closeSync, mkdirSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Unavailable } from '@second-opinion/kernel';
import { Checkpoints } from './checkpoints';
import { CommitGroup, type AfterCommit } from './commit-group';
import { SqliteConnection } from './connection';
import { Disk } from './disk';
import { sqliteCode } from './errors';

/** IN_MEMORY opens a database that lives as long as its object; for tests. */
export const IN_MEMORY = ':memory:';

/** SCHEMA_VERSION of the files of this product; a file of a later version is refused instead of damaged. */
export const SCHEMA_VERSION = 1;

/** APPLICATION_ID marks our files ("2ndO"), so that somebody else's database is never written to. */
export const APPLICATION_ID = 0x326e644f;

/** PROBE: a row that means nothing, larger than what a command writes. */
const PROBE =
  'create table if not exists write_probe (id integer primary key, filler blob not null) strict;insert or replace into write_probe values (1, zeroblob(65536))';

/** SqliteOptions of one file. */
export interface SqliteOptions {
  /** secureDelete overwrites what is deleted with zeros (keys). Call `checkpointTruncate` after a destruction. */
  readonly secureDelete?: boolean;
  /** bulk is for a process that does nothing but write a lot that can be rebuilt: a larger cache, and a longer write-ahead log. */
  readonly bulk?: boolean;
  /** busyTimeoutMs to wait for another process's transaction (default 5000). */
  readonly busyTimeoutMs?: number;
}

/**
 * SqliteDatabase is one file, or memory, that all SQLite adapters of a process share, on one connection: a second one would find its
 * pages out of date after each commit of the first, and read them again. What may never be lost is durable when the promise
 * resolves (`write`); what can be rebuilt or is repeated does not wait for the disk (`writeRebuildable`; a power cut may take the
 * last of it, never an earlier part without the later ones, and never what `write` acknowledged). Nothing here stands still for the
 * disk: a {@link Disk} syncs the write-ahead log and {@link Checkpoints} copy it back, both beside the program. The jobs of one turn
 * of the event loop are one transaction. Reads are synchronous and see what is committed: whoever acknowledges something because
 * of what he read waits for `onDisk` first.
 */
export class SqliteDatabase {
  private readonly connection: SqliteConnection;
  private readonly writes: CommitGroup;
  private readonly after: AfterCommit | undefined;
  private open = true;
  private readonly closing: (() => void)[] = [];

  private constructor(
    private readonly file: string,
    private readonly options: SqliteOptions,
  ) {
    this.connection = this.connect();
    this.writes = new CommitGroup(this.connection, () => this.after);
    this.after = this.inMemory ? undefined : this.afterCommit();
  }

  /**
   * open a file, made with its folder when missing, or {@link IN_MEMORY}. Throws `Unavailable`: `storage-unopenable` (folder or
   * file cannot be used), `storage-not-ours` (no database, or another program's), `storage-too-new` (a later schema version).
   */
  static open(file: string = IN_MEMORY, options: SqliteOptions = {}): SqliteDatabase {
    const facts = { file: basename(file) };
    try {
      if (file !== IN_MEMORY) createPrivately(file);
      return new SqliteDatabase(file, options);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      const code = (sqliteCode(error) ?? 0) & 0xff;
      if (code === 26 || code === 11) throw new Unavailable('storage-not-ours', facts, { cause: error });
      throw new Unavailable('storage-unopenable', facts, { cause: error });
    }
  }

  /** inMemory: nothing survives this object. */
  get inMemory(): boolean {
    return this.file === IN_MEMORY;
  }

  /** closed: everything but `close` throws or rejects with `Unavailable('storage-closed')`. */
  get closed(): boolean {
    return !this.open;
  }

  /** read gives the connection to read with; never write through it. */
  get read(): SqliteConnection {
    this.assertOpen();
    return this.connection;
  }

  /**
   * write runs the job in a transaction, together with other jobs of this turn, and resolves with its result once it is on disk;
   * `committed` is told it before. What the job throws rejects this promise only and undoes this job only. The job must not be
   * asynchronous.
   */
  write<T>(job: (connection: SqliteConnection) => T, committed?: (result: Awaited<T>) => void): Promise<T> {
    return this.open ? this.writes.add(job, true, committed) : Promise.reject(closedError());
  }

  /** writeRebuildable as `write`, without waiting for the disk: for views, checkpoints and messages that are sent again. */
  writeRebuildable<T>(job: (connection: SqliteConnection) => T): Promise<T> {
    return this.open ? this.writes.add(job, false) : Promise.reject(closedError());
  }

  /**
   * onDisk resolves once everything that can be read now is on disk: what this process committed, and with `others` what other
   * processes did. Rejects with `Unavailable('storage-unavailable')`.
   */
  async onDisk(others = true): Promise<void> {
    if (!this.open) throw closedError();
    if (others) this.after?.disk.committed();
    await this.after?.disk.reached();
  }

  /** takesWrites resolves once a write larger than usual is on disk, and rejects as `write` does; what it writes means nothing. */
  takesWrites(): Promise<void> {
    return this.write((connection) => connection.execute(PROBE));
  }

  /** schema makes tables when they are missing, at once; statements must be repeatable (`if not exists`, `strict`). */
  schema(sql: string): void {
    this.assertOpen();
    this.writes.flush();
    this.connection.execute(`begin immediate;${sql};commit`);
  }

  /** checkpointTruncate moves everything into the main file and empties the write-ahead log, so that deleted bytes are nowhere. */
  checkpointTruncate(): void {
    this.assertOpen();
    if (this.inMemory) return;
    this.writes.flush();
    this.after?.checkpoints?.finish();
    const result = this.connection.get<{ busy: number }>('pragma wal_checkpoint(truncate)');
    if (result?.busy !== 0) throw new Unavailable('storage-unavailable', { sqlite: 5 });
  }

  /** beforeClose lets somebody hand in his last jobs; they are written before the file is closed. */
  beforeClose(work: () => void): void {
    this.closing.push(work);
  }

  /** close writes what waits, then closes the file. Closing again does nothing. */
  close(): void {
    if (!this.open) return;
    for (const work of this.closing.splice(0)) work();
    this.writes.flush();
    this.open = false;
    this.after?.checkpoints?.close();
    try {
      this.after?.disk.close();
    } finally {
      this.connection.close();
    }
  }

  private connect(): SqliteConnection {
    const database = new DatabaseSync(this.file, { timeout: this.options.busyTimeoutMs ?? 5000 });
    const connection = new SqliteConnection(database);
    try {
      checkOurs(connection, basename(this.file));
      if (!this.inMemory) writeAhead(connection);
      connection.execute('pragma cache_size = -4096; pragma temp_store = memory');
      if (this.options.bulk) connection.execute('pragma cache_size = -65536; pragma wal_autocheckpoint = 4000');
      if (this.options.secureDelete) connection.get('pragma secure_delete = on');
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** afterCommit: a process that writes a lot has no others that it could keep waiting, so SQLite itself may copy there. */
  private afterCommit(): AfterCommit {
    const disk = new Disk(this.file);
    if (this.options.bulk) return { disk };
    return { disk, checkpoints: new Checkpoints(this.file, this.connection, () => this.writes.hold()) };
  }

  private assertOpen(): void {
    if (!this.open) throw closedError();
  }
}

/** writeAhead: SQLite itself does not wait for the disk after a commit; it does before and after a checkpoint. */
function writeAhead(connection: SqliteConnection): void {
  const mode = connection.get<{ journal_mode: string }>('pragma journal_mode = wal')?.journal_mode;
  if (mode !== 'wal') throw new Error(`a write-ahead log is needed, and the file has "${mode}"`);
  connection.execute('pragma synchronous = normal');
}

/** createPrivately makes folder and file readable by their owner alone; the write-ahead log inherits it. */
function createPrivately(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  closeSync(openSync(file, 'a', 0o600));
}

/** checkOurs marks a new file, and refuses one that is somebody else's or of a later version. */
function checkOurs(connection: SqliteConnection, file: string): void {
  const number = (sql: string) => Number(Object.values(connection.get<Record<string, number>>(sql) ?? {})[0] ?? 0);
  const application = number('pragma application_id');
  const version = number('pragma user_version');
  if (application === 0 && version === 0 && number('select count(*) from sqlite_schema') === 0) {
    connection.execute(`pragma application_id = ${APPLICATION_ID}; pragma user_version = ${SCHEMA_VERSION}`);
    return;
  }
  if (application !== APPLICATION_ID) throw new Unavailable('storage-not-ours', { file });
  if (version > SCHEMA_VERSION) throw new Unavailable('storage-too-new', { file, version, known: SCHEMA_VERSION });
}

function closedError(): Unavailable {
  return new Unavailable('storage-closed');
}
