/**
 * Worker is long-running work of a context, run by one replica at a time under a lease. `run` works until the signal; it must stand
 * being stopped and started anywhere, because everything it does is derived and repeatable.
 */
export abstract class Worker {
  /** name of its lease, `<context>.<what-it-does>`. */
  abstract readonly name: string;
  abstract run(signal: AbortSignal): Promise<void>;
  /** settle resolves when everything that was there before the call is done: for tests and a clean stop. */
  abstract settle(): Promise<void>;
}
