import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { failureOf, type Instant } from '@second-opinion/kernel';
import type { Lease, ViewStore } from '@second-opinion/view-store';
import { Ending } from './ending';

const TTL_MS = 10_000;
const RENEW_MS = 3_000;
const WAIT_MS = 1_000;
const MOST_REST_MS = 5_000;
/** CALM_MS: what has worked for so long, here or elsewhere, does not fail any more. */
const CALM_MS = 15_000;

/** Failing is what work under a lease fails with, again and again: class and code of the last error, and since when. */
export interface Failing {
  readonly error: string;
  readonly code?: string;
  readonly since: Instant;
}

/** SENTENCES for what a person must see to. */
const SENTENCES: Readonly<Record<string, string>> = {
  'event-store.position-unknown':
    'it stands at a position that the log does not have: it is another log, or an older copy that went on differently; restore the log, or stop the service and drop its views (rebuild) so that they are built anew',
  'event-store.position-beyond-end':
    'it stands further than the log: it is another log, or an older copy of it; restore the log, or stop the service and drop its views (rebuild) so that they are built anew',
};

/** Led is what this replica knows of one lease: who has it, and what the work under it fails with here. */
export class Led {
  private holder: 'here' | 'elsewhere' | 'nobody' = 'nobody';
  private since = -Infinity;
  private failures = 0;
  private last: Failing | undefined;

  constructor(readonly name: string) {}

  /** leading: this replica does the work now. */
  get leading(): boolean {
    return this.holder === 'here';
  }

  /** elsewhere: another replica was found to have the lease, and the work does not fail here. */
  get elsewhere(): boolean {
    return this.holder === 'elsewhere' && this.failing === undefined;
  }

  /** failing: the work failed here, and has not gone well for a while since. */
  get failing(): Failing | undefined {
    if (this.last && this.holder !== 'nobody' && performance.now() - this.since >= CALM_MS) this.last = undefined;
    return this.last;
  }

  /** found who has the lease. */
  found(holder: 'here' | 'elsewhere' | 'nobody'): void {
    if (holder === this.holder) return;
    this.holder = holder;
    this.since = performance.now();
  }

  /** failed notes an error and gives how often it failed in a row. */
  failed(error: unknown): number {
    const before = this.failing;
    const { error: name, code } = failureOf(error);
    const since = before?.since ?? new Date().toISOString();
    this.last = { error: name, ...(code === undefined ? {} : { code }), since };
    this.failures = before ? this.failures + 1 : 1;
    this.found('nobody');
    return this.failures;
  }
}

/**
 * whileLeased runs `work` whenever this replica holds the lease, until `signal`. When the lease is lost or the work fails, the work's
 * own signal ends it and it starts again with the next lease, after a pause that grows with each failure in a row, to five seconds.
 */
export async function whileLeased(
  views: ViewStore,
  led: Led,
  holder: string,
  logger: Pick<Logger, 'warn'>,
  signal: AbortSignal,
  work: (lease: Lease, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const lease = await views.acquire(led.name, holder, TTL_MS);
      led.found(lease ? 'here' : 'elsewhere');
      if (!lease) {
        await rest(WAIT_MS, signal);
        continue;
      }
      await hold(views, lease, signal, work);
      led.found('nobody');
    } catch (error) {
      const failures = led.failed(error);
      const failure = failureOf(error);
      const what = SENTENCES[failure.code ?? ''] ?? 'work under lease failed; starting again';
      logger.warn({ lease: led.name, ...failure, failures }, what);
      await rest(Math.min(100 * 2 ** failures, MOST_REST_MS), signal);
    }
  }
}

async function hold(
  views: ViewStore,
  lease: Lease,
  signal: AbortSignal,
  work: (lease: Lease, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const mine = new Ending(signal);
  const renewing = (async () => {
    for (;;) {
      await rest(RENEW_MS, mine.signal);
      if (mine.signal.aborted) return;
      const renewed = await views.acquire(lease.name, lease.holder, TTL_MS).catch(() => undefined);
      if (renewed?.token !== lease.token) return mine.end();
    }
  })();
  try {
    await work(lease, mine.signal);
  } finally {
    mine.end();
    await renewing;
    await views.release(lease).catch(() => undefined);
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
