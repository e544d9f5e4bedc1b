import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import type { Lease, ViewStore } from '@second-opinion/view-store';

const TTL_MS = 10_000;
const RENEW_MS = 3_000;
const WAIT_MS = 1_000;
const MOST_REST_MS = 5_000;

/**
 * whileLeased runs `work` whenever this replica holds the lease, until `signal`. When the lease is lost or the work fails, the work's
 * own signal ends it and it starts again with the next lease, after a pause that grows with each failure in a row, to five seconds.
 */
export async function whileLeased(
  views: ViewStore,
  name: string,
  holder: string,
  logger: Pick<Logger, 'warn'>,
  signal: AbortSignal,
  work: (lease: Lease, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  for (let failures = 0; !signal.aborted;) {
    const from = performance.now();
    try {
      const lease = await views.acquire(name, holder, TTL_MS);
      if (lease) {
        await hold(views, lease, signal, work);
        failures = 0;
      } else {
        await rest(WAIT_MS, signal);
      }
    } catch (error) {
      // What has worked for a while has not failed in a row.
      failures = performance.now() - from > MOST_REST_MS * 2 ? 1 : failures + 1;
      logger.warn(
        { lease: name, error: error instanceof Error ? error.name : typeof error, failures },
        'work under lease failed; starting again',
      );
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
  const mine = new AbortController();
  const both = AbortSignal.any([signal, mine.signal]);
  const renewing = (async () => {
    for (;;) {
      await rest(RENEW_MS, both);
      if (both.aborted) return;
      const renewed = await views.acquire(lease.name, lease.holder, TTL_MS).catch(() => undefined);
      if (renewed?.token !== lease.token) return mine.abort();
    }
  })();
  try {
    await work(lease, both);
  } finally {
    mine.abort();
    await renewing;
    await views.release(lease).catch(() => undefined);
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
