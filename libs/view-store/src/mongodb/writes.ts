import { Unavailable } from '@second-opinion/kernel';
import { transact } from '@second-opinion/mongodb';
import type { ClientSession } from 'mongodb';
import type { Lease } from '../view-store';
import type { Leases } from './leases';

/** WriteJob runs inside a transaction, may run again, and answers true when it has changed something. */
export interface WriteJob {
  readonly rows: number;
  run(session: ClientSession): Promise<boolean>;
}

interface Waiting {
  readonly job: WriteJob;
  readonly lease: Lease | undefined;
  readonly resolve: (changed: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** MOST_ROWS and MOST_JOBS of one transaction, so that it stays far below the server's minute. */
const MOST_ROWS = 5_000;
const MOST_JOBS = 100;

/**
 * Writes puts the jobs that wait under one lease into one transaction: the views of a projection then share one look at the lease and
 * one commit, instead of conflicting with each other over it. Jobs of one queue run one after another, in the order in which they came.
 */
export class Writes {
  private waiting: Waiting[] = [];
  private running = false;

  constructor(
    private readonly leases: Leases,
    private readonly session: () => ClientSession,
  ) {}

  /** add a job; false when the lease is lost or the job has changed nothing. */
  add(job: WriteJob, lease?: Lease): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, lease, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    // What is asked for in the same turn comes along.
    await Promise.resolve();
    while (this.waiting.length > 0) await this.runGroup(this.nextGroup());
    this.running = false;
  }

  private nextGroup(): readonly Waiting[] {
    const [first, ...others] = this.waiting;
    if (!first) return [];
    let rows = first.job.rows;
    let count = 1;
    for (const { job, lease } of others) {
      rows += job.rows;
      if (count === MOST_JOBS || rows > MOST_ROWS || !isSame(lease, first.lease)) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async runGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const answers = await this.transaction(group);
      group.forEach(({ resolve }, index) => resolve(answers[index] ?? false));
    } catch (error) {
      // One wrong job must not fail its neighbours; a server that is away fails all.
      if (group.length > 1 && !(error instanceof Unavailable)) for (const one of group) await this.runGroup([one]);
      else for (const { reject } of group) reject(error);
    }
  }

  private async transaction(group: readonly Waiting[]): Promise<readonly boolean[]> {
    const lease = group[0]?.lease;
    return transact(this.session(), async (session) => {
      if (lease && !(await this.leases.keeps(lease, session))) return [];
      const answers: boolean[] = [];
      for (const { job } of group) answers.push(await job.run(session));
      return answers;
    });
  }
}

function isSame(one: Lease | undefined, other: Lease | undefined): boolean {
  return one?.name === other?.name && one?.token === other?.token && one?.holder === other?.holder;
}
