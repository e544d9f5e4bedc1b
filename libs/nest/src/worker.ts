import type { Position } from '@second-opinion/kernel';

/**
 * Progress of a worker: how far it is in the log (undefined: nowhere yet), or, for who follows no log, when it last did what it should
 * (performance.now(); undefined: never yet). Work that takes long and goes on counts as done just now.
 */
export type Progress = { readonly position: Position | undefined } | { readonly workedAt: number | undefined };

/**
 * Worker is long-running work of a context, run by one replica at a time under a lease. `run` works until the signal; it must stand
 * being stopped and started anywhere, because everything it does is derived and repeatable.
 */
export abstract class Worker {
  /** name of its lease, `<context>.<what-it-does>`. */
  abstract readonly name: string;
  /** progress tells whoever watches whether it goes on; while it runs here. */
  abstract readonly progress: Progress;
  abstract run(signal: AbortSignal): Promise<void>;
  /** settle resolves when everything that was there before the call is done: for tests and a clean stop. */
  abstract settle(): Promise<void>;
}
