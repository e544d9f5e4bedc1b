import type { Engine } from './ports';

/** FRESH_MS: so long an answer counts, however many ask. */
const FRESH_MS = 1_000;
/** PATIENCE_MS: who has not answered by then is away. */
const PATIENCE_MS = 4_000;

/** EngineProbe asks an engine whether it answers: one question at a time, and nobody waits longer than {@link PATIENCE_MS}. */
export class EngineProbe {
  private freshUntil = -Infinity;
  private answered = false;
  private question: Promise<boolean> | undefined;
  private waiting: Promise<void> | undefined;

  constructor(private readonly engine: Engine) {}

  get name(): string {
    return this.engine.name;
  }

  /** answers: it did, within the last second. */
  async answers(): Promise<boolean> {
    if (performance.now() >= this.freshUntil) await (this.waiting ??= this.ask());
    return this.answered;
  }

  private async ask(): Promise<void> {
    // A question without an answer is not asked again beside itself.
    this.question ??= this.engine
      .ping()
      .then(
        () => true,
        () => false,
      )
      .finally(() => (this.question = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, false)));
    this.answered = await Promise.race([this.question, late]);
    clearTimeout(timer);
    this.freshUntil = performance.now() + FRESH_MS;
    this.waiting = undefined;
  }
}
