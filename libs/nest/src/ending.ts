/**
 * Ending is a signal that aborts when another one does, or sooner, when it is ended itself. End it in any case: it listens to the other one until
 * then. A signal of `AbortSignal.any` looks through all its sources whenever it is asked, which whoever follows the log does at every turn.
 */
export class Ending {
  private readonly controller = new AbortController();

  constructor(private readonly other: AbortSignal) {
    if (other.aborted) this.end();
    else other.addEventListener('abort', this.end, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly end = (): void => {
    this.other.removeEventListener('abort', this.end);
    this.controller.abort();
  };
}
