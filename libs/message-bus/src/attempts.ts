import { setTimeout as pause } from 'node:timers/promises';
import { DomainError, failureOf, Unavailable, type Failure } from '@second-opinion/kernel';
import type { ConsumeOptions, Message, Report } from './message-bus';
import { Slots } from './slots';

/** AT_ONCE: how many keys of one group are handled side by side. */
const AT_ONCE = 16;

/** PATIENT_MS: so long a message waits at least for what is away before it is parked: that is no fault of the message. */
const PATIENT_MS = 600_000;
const MOST_PAUSE_AWAY_MS = 5_000;

/** Outcome of handling a message: done, no longer ours to do, or failed so often that it is parked. */
export type Outcome =
  'handled' | 'stopped' | { readonly reason: string; readonly attempts: number; readonly failure?: Failure };

/**
 * Attempts hands a message to the group's handler, again after growing pauses, so often as the group wants; and for ten minutes at least while
 * that fails with `Unavailable`.
 */
export class Attempts {
  private readonly slots = new Slots(AT_ONCE);

  constructor(private readonly options: ConsumeOptions) {}

  /** report what became of a message; never throws: a report that fails is a warning of the process, and what became of the message stands. */
  report(...told: Parameters<Report>): void {
    try {
      this.options.report?.(...told);
    } catch (error) {
      process.emitWarning(`a report on a message failed: ${failureOf(error).error}`);
    }
  }

  /** attempt a message as long as it is `ours`; never throws, and tells of an unexpected failure only that it happened. What is parked, the caller reports. */
  async attempt(message: Message, ours: () => boolean = () => true): Promise<Outcome> {
    const { handle, signal, retries = 5, pauseMs = growingPause } = this.options;
    const until = performance.now() + PATIENT_MS;
    for (let attempts = 1; ; attempts++) {
      let away: boolean;
      await this.slots.take();
      try {
        if (signal.aborted || !ours()) return 'stopped';
        await handle(message);
        this.report('handled', message, attempts);
        return 'handled';
      } catch (error) {
        if (signal.aborted || !ours()) return 'stopped';
        away = error instanceof Unavailable && performance.now() < until;
        const failure = failureOf(error);
        if (attempts > retries && !away)
          return { reason: error instanceof DomainError ? error.code : 'internal', attempts, failure };
        this.report('retried', message, attempts, failure);
      } finally {
        this.slots.give();
      }
      const rest = pauseMs(attempts);
      await pause(away ? Math.min(rest, MOST_PAUSE_AWAY_MS) : rest, undefined, { signal }).catch(() => undefined);
    }
  }
}

function growingPause(attempt: number): number {
  return Math.min(30_000, 100 * 4 ** (attempt - 1)) * (0.75 + Math.random() / 2);
}
