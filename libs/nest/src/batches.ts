import type { Batch } from '@second-opinion/event-store';

const SOON_MS = 250;

/** Batches of a subscription, one after the other; a pass that holds rows in memory does not wait for the next one for ever. */
export class Batches {
  private readonly source: AsyncIterator<Batch>;
  private coming: Promise<IteratorResult<Batch>> | undefined;

  constructor(subscription: AsyncIterable<Batch>) {
    this.source = subscription[Symbol.asyncIterator]();
  }

  /** next waits for the next batch; undefined when the subscription has ended. */
  async next(): Promise<Batch | undefined> {
    const came = await (this.coming ??= this.source.next());
    this.coming = undefined;
    return came.done === true ? undefined : came.value;
  }

  /** soon gives the next batch when it comes at once, as it does while more is in the log; undefined: write what there is, then wait. */
  async soon(): Promise<Batch | undefined> {
    const { promise, resolve } = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => resolve('late'), SOON_MS);
    try {
      this.coming ??= this.source.next();
      const came = await Promise.race([this.coming, promise]);
      return came === 'late' ? undefined : await this.next();
    } finally {
      clearTimeout(timer);
    }
  }

  /** end stops the subscription. A batch that was still awaited comes to nobody; what it fails with is nobody's concern any more. */
  async end(): Promise<void> {
    this.coming?.catch(() => undefined);
    await this.source.return?.();
  }
}
