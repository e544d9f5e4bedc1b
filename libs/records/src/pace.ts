import { setTimeout as pause } from 'node:timers/promises';
import { Ending } from '@second-opinion/nest';

/** Rests of a worker between two rounds, which somebody who waits for it cuts short. */
export class Pace {
  private waiting = 0;
  private resting: Ending | undefined;

  /** Rests so long, unless it is told to stop or somebody waits. */
  async rest(ms: number, signal: AbortSignal): Promise<void> {
    if (this.waiting > 0) return;
    const resting = (this.resting = new Ending(signal));
    await pause(ms, undefined, { signal: resting.signal }).catch(() => undefined);
    resting.end();
    this.resting = undefined;
  }

  /** Does the work without rests meanwhile. */
  async hurried<T>(work: () => Promise<T>): Promise<T> {
    this.waiting++;
    this.resting?.end();
    try {
      return await work();
    } finally {
      this.waiting--;
    }
  }
}
