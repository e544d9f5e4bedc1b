import type { Engine } from './ports';

/** FRESH_MS: so long an answer counts, however many ask. */
const FRESH_MS = 1_000;
/** PATIENCE_MS: who has not answered by then is away; those who ask for health themselves wait ten seconds. */
const PATIENCE_MS = 8_000;

/** EngineProbe asks an engine whether it answers: one question at a time, and nobody waits longer than its patience (8 s unless given). */
export class EngineProbe {
  private freshUntil = -Infinity;
  private answered = false;
  private question: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

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
    this.question ??= this.engine.ping().finally(() => (this.question = undefined));
    this.answered = (await inTime(this.question, this.patienceMs)) !== undefined;
    this.freshUntil = performance.now() + FRESH_MS;
    this.waiting = undefined;
  }
}

/** inTime gives the answer, or undefined when it fails or does not come within so many milliseconds (8 s unless given). */
export async function inTime<T>(
  answer: Promise<T>,
  patienceMs = PATIENCE_MS,
): Promise<{ readonly given: T } | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, patienceMs, undefined)));
  const came = answer.then(
    (given) => ({ given }),
    () => undefined,
  );
  try {
    return await Promise.race([came, late]);
  } finally {
    clearTimeout(timer);
  }
}
