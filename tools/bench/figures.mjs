import { performance } from 'node:perf_hooks';

/** What the bench says on its way, and how it makes one figure of many. */

/** say writes a line of progress, on stderr: stdout is for the result. */
export function say(text) {
  // A process that the bench starts counts from the start of the bench too.
  process.env.BENCH_BEGAN ??= String(now());
  const seconds = (now() - Number(process.env.BENCH_BEGAN)) / 1000;
  process.stderr.write(`[${seconds.toFixed(0).padStart(4)} s] ${text}\n`);
}

/** now in milliseconds, the same in all processes of this machine. */
export const now = () => performance.timeOrigin + performance.now();

/** percentile of values: `share` of them are at or below it. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** median of one figure over rounds. */
export function median(rounds, what) {
  return round(
    percentile(
      rounds.map((one) => one[what]),
      0.5,
    ),
    3,
  );
}

export function round(value, digits) {
  return Number(value.toFixed(digits));
}
