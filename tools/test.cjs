/**
 * npm test: everything that can be asked of the product without an engine beside it. Each project's suites run through Nx, which
 * skips what did not change; then the checks of the repository itself. The last lines are what failed and the sum, so that whoever sees
 * only the end of a long output knows what to look for.
 */
const fs = require('fs');
const path = require('path');
const { stripVTControlCharacters } = require('util');
const { ROOT, ready, runNode, fail, say } = require('./ready.cjs');

const COUNTS = path.join(ROOT, '.nx/tests');
/** So many lines of what a failed test said stand at the end; the whole stands above, with its suite. */
const SAID_LINES = 12;

async function main() {
  await ready();
  fs.rmSync(COUNTS, { recursive: true, force: true });
  const { code } = await runNode(['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', 'test', '--outputStyle=static']);
  say('\nChecks of the repository itself …');
  const own = await runNode(['tools/checks/run.mjs', path.join(COUNTS, 'repository.json')]);
  const counts = [...testedProjects(), 'repository'].map(countOf);
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  const failed = Math.max(sum('failed'), code || own.code ? 1 : 0);
  for (const failure of counts.flatMap(({ failures = [] }) => failures))
    process.stdout.write(`\nFAILED ${told(failure)}\n`);
  if (sum('skipped')) say(`${sum('skipped')} skipped`);
  process.stdout.write(`${sum('passed')} passed, ${failed} failed\n`);
  process.exitCode = failed ? 1 : 0;
}

function told({ name, said }) {
  const lines = stripVTControlCharacters(said)
    .split('\n')
    .filter((line) => line.trim());
  return [name, ...lines.slice(0, SAID_LINES).map((line) => `  ${line}`)].join('\n');
}

/** testedProjects are those with a test target; each must have left its count. */
function testedProjects() {
  const folders = ['libs', 'apps'].flatMap((parent) =>
    fs.readdirSync(path.join(ROOT, parent)).map((name) => path.join(ROOT, parent, name, 'package.json')),
  );
  const manifests = folders
    .filter((file) => fs.existsSync(file))
    .map((file) => JSON.parse(fs.readFileSync(file, 'utf8')));
  return manifests.filter(({ nx }) => nx && nx.targets && nx.targets.test).map(({ name }) => name);
}

function countOf(project) {
  try {
    return JSON.parse(fs.readFileSync(path.join(COUNTS, `${project}.json`), 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: [{ name: project, said: 'did not get as far as its tests' }] };
  }
}

main().catch((error) => {
  fail(error);
  process.stdout.write('0 passed, 1 failed\n');
});
