import type { Checkpoints } from './checkpoints';
import type { SqliteConnection } from './connection';
import type { Disk } from './disk';
import { isStorageError, storageError } from './errors';

interface Job {
  /** durable: it is answered once what it wrote, and what it saw, is on disk. */
  readonly durable: boolean;
  readonly run: (connection: SqliteConnection) => unknown;
  /** committed is told the result with the commit, before the disk has it. */
  readonly committed: ((result: never) => void) | undefined;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

/** AfterCommit is what follows a commit on a file. */
export interface AfterCommit {
  readonly disk: Disk;
  readonly checkpoints?: Checkpoints;
}

/** Outcome of a job in a transaction. */
type Outcome = { readonly job: Job } & ({ readonly result: unknown } | { readonly error: unknown });

/** MOST_JOBS in one transaction, so that one commit never takes long. */
const MOST_JOBS = 512;

/**
 * CommitGroup runs the jobs that came in one turn of the event loop in one transaction, so that many writers share one commit; those that
 * must are answered once the disk has it, while the next group is committed already. The error of a job is its own and undoes its own writes only; a failed commit fails all. Jobs
 * rarely fail after they have written something, so the group is tried without savepoints; when one does, all is undone and run again
 * with one for each: a job must be repeatable.
 */
export class CommitGroup {
  private waiting: Job[] = [];
  private scheduled: NodeJS.Immediate | undefined;
  private held = false;

  /** Without `after` (in memory) a job is answered with its commit. */
  constructor(
    private readonly connection: SqliteConnection,
    private readonly after: () => AfterCommit | undefined,
  ) {}

  /** add a job; resolves with its result once the whole group is committed, and when it must be, on disk. */
  add<T>(
    run: (connection: SqliteConnection) => T,
    durable: boolean,
    committed?: (result: Awaited<T>) => void,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ durable, run, committed, resolve, reject });
      this.schedule();
    });
  }

  /** hold puts off what is not committed yet until the function that it gives is called; `flush` does not wait for that. */
  hold(): () => void {
    this.held = true;
    if (this.scheduled) clearImmediate(this.scheduled);
    this.scheduled = undefined;
    return () => {
      this.held = false;
      if (this.waiting.length > 0) this.schedule();
    };
  }

  /** flush commits what waits, now. */
  flush(): void {
    if (this.scheduled) clearImmediate(this.scheduled);
    this.scheduled = undefined;
    while (this.waiting.length > 0) this.commit(this.waiting.splice(0, MOST_JOBS));
  }

  private schedule(): void {
    if (this.held) return;
    this.scheduled ??= setImmediate(() => {
      this.scheduled = undefined;
      this.flush();
    });
  }

  private commit(jobs: readonly Job[]): void {
    try {
      const { writes } = this.connection;
      const outcomes =
        this.together(jobs, (job) => this.runFreely(job)) ?? this.together(jobs, (job) => this.runApart(job)) ?? [];
      this.answer(outcomes, this.connection.writes > writes);
    } catch (error) {
      this.rollback();
      const failure = isStorageError(error) ? storageError(error) : error;
      for (const job of jobs) job.reject(failure);
    }
  }

  private answer(outcomes: readonly Outcome[], written: boolean): void {
    const after = this.after();
    const durable = outcomes.filter(({ job }) => job.durable);
    if (written && durable.length > 0) after?.disk.committed();
    const reached = durable.length > 0 ? after?.disk.reached() : undefined;
    for (const outcome of outcomes) {
      if ('result' in outcome) outcome.job.committed?.(outcome.result as never);
      if (!reached || !outcome.job.durable) settle(outcome);
    }
    reached?.then(
      () => durable.forEach(settle),
      (error) => durable.forEach(({ job }) => job.reject(error)),
    );
    if (written) after?.checkpoints?.committed();
  }

  /** together runs all jobs in one transaction and gives their outcomes; undefined, and nothing written, when a job wants to be undone. */
  private together(jobs: readonly Job[], run: (job: Job) => Outcome | undefined): Outcome[] | undefined {
    const outcomes: Outcome[] = [];
    this.connection.run('begin immediate');
    for (const job of jobs) {
      const outcome = run(job);
      if (!outcome) {
        this.rollback();
        return undefined;
      }
      outcomes.push(outcome);
    }
    this.connection.run('commit');
    return outcomes;
  }

  /** runFreely runs a job and gives its outcome; undefined when it failed after it had written. */
  private runFreely(job: Job): Outcome | undefined {
    const before = this.connection.writes;
    try {
      return { job, result: synchronous(job.run(this.connection)) };
    } catch (error) {
      if (!this.connection.inTransaction) throw error;
      return this.connection.writes === before ? { job, error: refusalOf(error) } : undefined;
    }
  }

  /** runApart does the same under a savepoint, so that what a failing job wrote is undone. */
  private runApart(job: Job): Outcome {
    this.connection.run('savepoint job');
    try {
      const result = synchronous(job.run(this.connection));
      this.connection.run('release job');
      return { job, result };
    } catch (error) {
      if (!this.connection.inTransaction) throw error;
      this.connection.run('rollback to job');
      this.connection.run('release job');
      return { job, error: refusalOf(error) };
    }
  }

  private rollback(): void {
    if (this.connection.inTransaction) this.connection.run('rollback');
  }
}

function settle(outcome: Outcome): void {
  if ('result' in outcome) outcome.job.resolve(outcome.result as never);
  else outcome.job.reject(outcome.error);
}

function synchronous(result: unknown): unknown {
  if (result instanceof Promise) throw new TypeError('a write job must be synchronous');
  return result;
}

function refusalOf(error: unknown): unknown {
  return isStorageError(error) ? storageError(error) : error;
}
