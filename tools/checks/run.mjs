/** Runs the repository's own checks (or those named) and writes their count where `npm test` sums up: run.mjs [counts file] [check …]. */
import fs from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

const [countsFile, ...named] = process.argv.slice(2);
const here = import.meta.dirname;
const files = fs
  .readdirSync(here)
  .filter(
    (name) => name.endsWith('.check.mjs') && (named.length === 0 || named.includes(name.replace('.check.mjs', ''))),
  )
  .map((name) => path.join(here, name));

const counts = { project: 'repository', passed: 0, failed: 0, skipped: 0, failures: [] };
const stream = run({ files, concurrency: 1 });
stream.on('test:summary', ({ file, counts: found }) => {
  if (file !== undefined) return;
  counts.passed = found.passed;
  counts.failed = found.tests - found.passed - found.skipped - found.todo;
  counts.skipped = found.skipped + found.todo;
});
stream.on('test:fail', ({ name, file, details: { error }, todo, skip }) => {
  // A suite fails with what is in it, and that is said of each.
  if (todo !== undefined || skip !== undefined || error.failureType === 'subtestsFailed') return;
  counts.failures.push({ name: `${path.basename(file)}: ${name}`, said: String(error.cause?.stack ?? error.message) });
});
stream.compose(new spec()).pipe(process.stdout);
stream.on('end', () => {
  if (countsFile) {
    fs.mkdirSync(path.dirname(countsFile), { recursive: true });
    fs.writeFileSync(countsFile, JSON.stringify(counts));
  }
  process.exitCode = counts.failed || counts.passed === 0 ? 1 : 0;
});
