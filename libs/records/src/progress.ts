import type { Position } from '@second-opinion/kernel';

/** Progress is how far a worker is in the log, and who waits for it to get somewhere. */
export class Progress {
  private reached: Position | undefined;
  private waiting: { readonly position: Position; readonly done: () => void }[] = [];

  constructor(private readonly compare: (a: Position | undefined, b: Position | undefined) => number) {}

  /** How far the worker is. */
  get position(): Position | undefined {
    return this.reached;
  }

  /** The worker has handled everything up to here. */
  moved(position: Position): void {
    this.reached = position;
    const isThere = (waiter: { position: Position }) => this.compare(position, waiter.position) >= 0;
    for (const waiter of this.waiting.filter(isThere)) waiter.done();
    this.waiting = this.waiting.filter((waiter) => !isThere(waiter));
  }

  /** Resolves when the worker is there; at once for an empty log. */
  async until(position: Position | undefined): Promise<void> {
    if (position === undefined || this.compare(this.reached, position) >= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push({ position, done: resolve });
    await promise;
  }
}
