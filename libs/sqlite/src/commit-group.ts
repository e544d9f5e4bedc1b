import type { SqliteConnection } from './connection';
import { isStorageError, storageError } from './errors';

interface Job {
  readonly run: (connection: SqliteConnection) => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** MOST_JOBS in one transaction, so that one commit never takes long. */
const MOST_JOBS = 512;

/**
 * CommitGroup runs the jobs that came in one turn of the event loop in one transaction, so that many writers share one
 * fsync. Each job has its own savepoint: its error is its own and undoes its own writes only. A failed commit fails all.
 */
export class CommitGroup {
  private waiting: Job[] = [];
  private scheduled: NodeJS.Immediate | undefined;

  constructor(private readonly connection: SqliteConnection) {}

  /** add a job; resolves with its result once the whole group is committed. */
  add<T>(run: (connection: SqliteConnection) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ run, resolve: resolve as (result: unknown) => void, reject });
      this.scheduled ??= setImmediate(() => {
        this.scheduled = undefined;
        this.flush();
      });
    });
  }

  /** flush commits what waits, now. */
  flush(): void {
    if (this.scheduled) clearImmediate(this.scheduled);
    this.scheduled = undefined;
    while (this.waiting.length > 0) this.commit(this.waiting.splice(0, MOST_JOBS));
  }

  private commit(jobs: readonly Job[]): void {
    const settled: (() => void)[] = [];
    try {
      this.connection.run('begin immediate');
      for (const job of jobs) settled.push(this.runOne(job, jobs.length > 1));
      this.connection.run('commit');
    } catch (error) {
      this.rollback();
      const failure = isStorageError(error) ? storageError(error) : error;
      for (const job of jobs) job.reject(failure);
      return;
    }
    for (const answer of settled) answer();
  }

  /** runOne runs a job and gives how to answer it after the commit; throws when the transaction itself is gone. */
  private runOne(job: Job, shared: boolean): () => void {
    this.connection.run('savepoint job');
    try {
      const result = job.run(this.connection);
      if (result instanceof Promise) throw new TypeError('a write job must be synchronous');
      if (shared) this.connection.run('release job');
      return () => job.resolve(result);
    } catch (error) {
      if (!this.connection.inTransaction) throw error;
      this.connection.run('rollback to job');
      if (shared) this.connection.run('release job');
      return () => job.reject(isStorageError(error) ? storageError(error) : error);
    }
  }

  private rollback(): void {
    if (this.connection.inTransaction) this.connection.run('rollback');
  }
}
