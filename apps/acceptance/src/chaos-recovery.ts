import { setTimeout as pause } from 'node:timers/promises';
import type { ContextName } from '@second-opinion/contracts';
import { people, User } from '@second-opinion/standalone/play';
import type { Program } from './program';

const ASK_MS = 5_000;
const POLL_MS = 100;
/** LONG_MS: what does not serve by then tells why, as far as it can be seen. */
const LONG_MS = 20_000;
/** BOUND_MS: what does not serve by then is not coming back. */
export const BOUND_MS = 180_000;

/** READS: an address of each context whose answer comes out of its views. */
const READS: Readonly<Record<ContextName, string>> = {
  intake: '/intake/cases?limit=1',
  scheduling: '/scheduling/locations',
  reporting: '/reporting/cases/nobodys',
  billing: '/billing/invoices?limit=1',
  notification: '/notification/log/nobodys',
  records: '/records/cases/nobodys/history',
};

/** serves: it says that it is ready, gives a token, and answers a read (refusing it is an answer too). */
async function serves(program: Program): Promise<boolean> {
  try {
    const ready = await fetch(`${program.url}/health/ready`, { signal: AbortSignal.timeout(ASK_MS) });
    await ready.arrayBuffer();
    if (ready.status !== 200) return false;
    const reading = new User(program.url, people['back-office'], 0).get(READS[program.app as ContextName]);
    const late = pause(ASK_MS, undefined, { ref: false });
    const reply = await Promise.race([reading, late]);
    return reply !== undefined && reply.status < 500;
  } catch {
    return false;
  }
}

/** stateOf a program in words: what it says about its health, and the last line that it wrote. */
export async function stateOf({ app, url, running, lastLine }: Program): Promise<string> {
  if (!running) return `${app} does not run: ${lastLine}`;
  const signal = AbortSignal.timeout(ASK_MS);
  const health = await fetch(`${url}/health/ready`, { signal })
    .then(async (reply) => `${reply.status} ${await reply.text()}`)
    .catch((error: unknown) => String(error));
  return `${app}: ${health}; wrote: ${lastLine}`;
}

/**
 * untilServed resolves when these programs have served since, to true; to false when that is not seen because all that are left were
 * taken down on purpose meanwhile. Throws after a bound.
 */
export async function untilServed(
  programs: readonly Program[],
  isDown: (program: Program) => boolean,
  say: (what: string) => void,
): Promise<boolean> {
  const from = performance.now();
  let left = [...programs];
  let seen = false;
  let said = 0;
  while (left.length > 0) {
    if (performance.now() - from > LONG_MS * (said + 1)) {
      said++;
      for (const program of left) say(`since ${(LONG_MS * said) / 1_000} s: ${await stateOf(program)}`);
    }
    const answers = await Promise.all(left.map(async (program) => !isDown(program) && (await serves(program))));
    seen ||= answers.includes(true);
    left = left.filter((program, index) => !answers[index] && !isDown(program));
    if (left.length > 0 && performance.now() - from > BOUND_MS)
      throw new Error(`${left.map(({ app }) => app).join(', ')} did not serve within ${BOUND_MS / 1_000} s`);
    if (left.length > 0) await pause(POLL_MS);
  }
  return seen;
}

/** Recoveries collects how long it took to serve again, by who was started again. */
export class Recoveries {
  private readonly seconds = new Map<string, number[]>();

  took(who: string, ms: number): void {
    this.seconds.set(who, [...(this.seconds.get(who) ?? []), ms / 1_000]);
  }

  /** max over all, in seconds. */
  get max(): number {
    return rounded(Math.max(0, ...[...this.seconds.values()].flat()));
  }

  /** each: how many were seen, the median and the longest, in seconds. */
  get each(): Readonly<Record<string, { seen: number; median: number; max: number }>> {
    return Object.fromEntries(
      [...this.seconds].sort().map(([who, all]) => {
        const sorted = all.toSorted((a, b) => a - b);
        const median = rounded(sorted[sorted.length >> 1] ?? 0);
        return [who, { seen: all.length, median, max: rounded(sorted.at(-1) ?? 0) }];
      }),
    );
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
