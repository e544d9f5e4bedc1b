/** AlarmOptions: how eagerly sleepers are woken. */
export interface AlarmOptions {
  /** calmMs: while wakings follow each other, at most one in so many milliseconds; a first one comes at once. */
  readonly calmMs: number;
  /** pollMs: while somebody sleeps, `look` is asked so often. */
  readonly pollMs: number;
  /** look tells whether something came that nobody rang for (another process). */
  readonly look: () => boolean;
}

/** Alarm wakes everybody who sleeps, when something was appended: many appends wake once. */
export class Alarm {
  private sleepers = new Set<() => void>();
  private ringing: NodeJS.Immediate | NodeJS.Timeout | undefined;
  private polling: NodeJS.Timeout | undefined;
  private lastRung = 0;

  constructor(private readonly options: AlarmOptions) {}

  /** ring soon; calls until then count as one. */
  ring(): void {
    if (this.ringing || this.sleepers.size === 0) return;
    const wait = this.options.calmMs - (performance.now() - this.lastRung);
    this.ringing = wait > 0 ? setTimeout(() => this.wake(), wait) : setImmediate(() => this.wake());
  }

  /** sleep until it rings or the signal aborts. */
  async sleep(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const wakeUp = () => resolve();
    this.sleepers.add(wakeUp);
    signal.addEventListener('abort', wakeUp, { once: true });
    this.polling ??= setInterval(() => this.poll(), this.options.pollMs);
    await promise;
    signal.removeEventListener('abort', wakeUp);
    this.sleepers.delete(wakeUp);
    if (this.sleepers.size === 0) this.stopPolling();
  }

  private poll(): void {
    let came = true;
    try {
      came = this.options.look();
    } catch {
      // Whoever is woken meets the same failure in his own read, and tells it.
    }
    if (came) this.ring();
  }

  private wake(): void {
    this.ringing = undefined;
    this.lastRung = performance.now();
    for (const wakeUp of this.sleepers) wakeUp();
  }

  private stopPolling(): void {
    clearInterval(this.polling);
    this.polling = undefined;
  }
}
