import type { SqliteConnection } from './connection';
import { isStorageError, storageError } from './errors';

interface Job {
  /** durable: it is answered once it is on disk. */
  readonly durable: boolean;
  readonly run: (connection: SqliteConnection) => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** MOST_JOBS in one transaction, so that one commit never takes long. */
const MOST_JOBS = 512;

/**
 * CommitGroup runs the jobs that came in one turn of the event loop in one transaction, so that many writers share one commit, which waits
 * for the disk when one of them must. The error of a job is its own and undoes its own writes only; a failed commit fails all. Jobs
 * rarely fail after they have written something, so the group is tried without savepoints; when one does, all is undone and run again
 * with one for each: a job must be repeatable.
 */
export class CommitGroup {
  private waiting: Job[] = [];
  private scheduled: NodeJS.Immediate | undefined;

  constructor(private readonly connection: SqliteConnection) {}

  /** add a job; resolves with its result once the whole group is committed. */
  add<T>(run: (connection: SqliteConnection) => T, durable: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ durable, run, resolve: resolve as (result: unknown) => void, reject });
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
    try {
      this.connection.waitForDisk(jobs.some(({ durable }) => durable));
      const answers =
        this.together(jobs, (job) => this.runFreely(job)) ?? this.together(jobs, (job) => this.runApart(job));
      for (const answer of answers ?? []) answer();
    } catch (error) {
      this.rollback();
      const failure = isStorageError(error) ? storageError(error) : error;
      for (const job of jobs) job.reject(failure);
    }
  }

  /** together runs all jobs in one transaction and gives their answers; undefined, and nothing written, when a job wants to be undone. */
  private together(jobs: readonly Job[], run: (job: Job) => (() => void) | undefined): (() => void)[] | undefined {
    const answers: (() => void)[] = [];
    this.connection.run('begin immediate');
    for (const job of jobs) {
      const answer = run(job);
      if (!answer) {
        this.rollback();
        return undefined;
      }
      answers.push(answer);
    }
    this.connection.run('commit');
    return answers;
  }

  /** runFreely runs a job and gives how to answer it after the commit; undefined when it failed after it had written. */
  private runFreely(job: Job): (() => void) | undefined {
    const before = this.connection.writes;
    try {
      const result = synchronous(job.run(this.connection));
      return () => job.resolve(result);
    } catch (error) {
      if (!this.connection.inTransaction) throw error;
      return this.connection.writes === before ? () => job.reject(refusalOf(error)) : undefined;
    }
  }

  /** runApart does the same under a savepoint, so that what a failing job wrote is undone. */
  private runApart(job: Job): () => void {
    this.connection.run('savepoint job');
    try {
      const result = synchronous(job.run(this.connection));
      this.connection.run('release job');
      return () => job.resolve(result);
    } catch (error) {
      if (!this.connection.inTransaction) throw error;
      this.connection.run('rollback to job');
      this.connection.run('release job');
      return () => job.reject(refusalOf(error));
    }
  }

  private rollback(): void {
    if (this.connection.inTransaction) this.connection.run('rollback');
  }
}

function synchronous(result: unknown): unknown {
  if (result instanceof Promise) throw new TypeError('a write job must be synchronous');
  return result;
}

function refusalOf(error: unknown): unknown {
  return isStorageError(error) ? storageError(error) : error;
}
