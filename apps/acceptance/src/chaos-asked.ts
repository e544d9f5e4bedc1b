import { parseArgs } from 'node:util';

/** Asked is what a run of chaos is to do. */
export interface Asked {
  readonly seed: number;
  readonly minutes: number;
  /** given: the engines that were not started for it, which it leaves alone. */
  readonly given: readonly string[];
  /** logs: the folder where what the services wrote is kept. */
  readonly logs: string | undefined;
}

const USAGE = 'npm run chaos [-- [--seed NUMBER] [--minutes NUMBER] [--logs FOLDER]]';
const TEXT = { type: 'string' } as const;

/** askedBy these arguments; throws an Error whose message is one sentence for whoever wrote them. The launcher asks it before it starts engines. */
export function askedBy(args: readonly string[]): Asked {
  const { seed: seedText = '1', minutes: minutesText = '1', given = '', logs } = valuesOf(args);
  const [seed, minutes] = [Number(seedText), Number(minutesText)];
  if (seedText === '' || !Number.isSafeInteger(seed) || seed < 0)
    throw new Error('--seed is a whole number, 0 or more.');
  if (!(minutes > 0 && minutes <= 600)) throw new Error('--minutes is a number above 0, 600 at most.');
  return { seed, minutes, given: given.split(',').filter(Boolean), logs };
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { seed: TEXT, minutes: TEXT, given: TEXT, logs: TEXT } }).values;
  } catch {
    throw new Error(USAGE);
  }
}
