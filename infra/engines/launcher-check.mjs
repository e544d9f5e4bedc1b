/** Runs the launcher's own tests and counts them. */
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

/** launcherCheck gives how many of them passed and failed. */
export function launcherCheck() {
  const sum = { passed: 0, failed: 0 };
  const stream = run({ files: [path.join(import.meta.dirname, 'engines.check.mjs')], concurrency: 1 });
  stream.on('test:summary', ({ file, counts }) => {
    if (file !== undefined) return;
    sum.passed = counts.passed;
    sum.failed = counts.tests - counts.passed || (counts.tests === 0 ? 1 : 0);
  });
  stream.compose(new spec()).pipe(process.stderr);
  return new Promise((resolve, reject) => {
    stream.on('end', () => resolve(sum));
    stream.on('error', reject);
  });
}
