import { setTimeout as pause } from 'node:timers/promises';

/** Rests of a worker between two rounds, which somebody who waits for it cuts short. */
export class Pace {
  private waiting = 0;
  private resting: AbortController | undefined;

  /** Rests so long, unless it is told to stop or somebody waits. */
  async rest(ms: number, signal: AbortSignal): Promise<void> {
    if (this.waiting > 0) return;
    this.resting = new AbortController();
    await pause(ms, undefined, { signal: AbortSignal.any([signal, this.resting.signal]) }).catch(() => undefined);
    this.resting = undefined;
  }

  /** Does the work without rests meanwhile. */
  async hurried<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    this.resting?.abort();
    try {
      return await work();
    } finally {
      this.waiting--;
    }
  }
}
