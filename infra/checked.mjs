/** Runs a file of tests (node:test) and counts them; what they say goes to stderr. */
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/**
 * checked gives how many of the tests in a file passed and failed. A file without tests has failed, and so has a test, or a group of
 * tests, that takes longer: what waits for ever, or keeps the process alive, must not keep the rest from being told.
 */
export function checked(file, { withinMs = 600_000 } = {}) {
  const sum = { passed: 0, failed: 0 };
  const stream = run({ files: [file], concurrency: 1, timeout: withinMs, execArgv: ['--test-force-exit'] });
  stream.on('test:summary', ({ file: one, counts }) => {
    if (one !== undefined) return;
    sum.passed = counts.passed;
    sum.failed = counts.tests - counts.passed || (counts.tests === 0 ? 1 : 0);
  });
  stream.compose(new spec()).pipe(process.stderr);
  return new Promise((resolve, reject) => {
    stream.on('end', () => resolve(sum));
    stream.on('error', reject);
  });
}

/** lastLine prints the sum, the last line of a run, and sets the exit code. */
export function lastLine({ passed, failed }) {
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed ? 1 : 0;
}
