/**
 * npm run test:engines: starts the engines (or takes those whose URLs are given) and runs everything that needs them. It never skips:
 * what the machine lacks is a failure. `--only <word>` runs the steps with this word in their name, `--without <word>` those
 * without it; `--tries 2` runs a step that failed once more, and names it as flaky when it passes then. The last line is the sum.
 */
import path from 'node:path';
import { checked, lastLine } from '../checked.mjs';
import { startEngines } from './engines.mjs';
import { tell, whenAskedToEnd } from './foreground.mjs';
import { journeysOnEngines, journeysOnMixtures } from './journeys.mjs';
import { argumentsOf, Missing } from './machine.mjs';
import { adapterSuites, serviceSuites } from './suites.mjs';

/** STEPS is everything that needs engines: each step gets what `startEngines` gave, and says how many passed and failed. */
const STEPS = [
  ['The launcher itself', () => checked(path.join(import.meta.dirname, 'engines.check.mjs'))],
  ["The adapters' suites", adapterSuites],
  ['The suites of services', serviceSuites],
  ['The journeys on six services', journeysOnEngines],
  ['The journeys with one engine less', journeysOnMixtures],
  [
    'The entry points of the images',
    ({ env }) => checkedWith(env, path.join(import.meta.dirname, '..', 'images', 'entry-points.check.mjs')),
  ],
  // On engines of its own: it takes everything away from them.
  [
    'A deployment restored',
    () => checked(path.join(import.meta.dirname, 'restore.check.mjs'), { withinMs: 1_200_000 }),
  ],
  [
    'Services in production',
    // On engines of its own: it makes users, and tries again from nothing.
    () => checked(path.join(import.meta.dirname, '..', 'prepare', 'production.check.mjs')),
  ],
];

const USAGE = 'npm run test:engines [-- [--only WORD] [--without WORD] [--tries DIGIT]]';

/** checkedWith runs a file of tests that reads the URLs from the environment. */
function checkedWith(env, file) {
  Object.assign(process.env, env);
  return checked(file);
}

/** asked is what the command line asks for; throws `Missing` when that is no step. */
function asked() {
  const options = { only: { type: 'string' }, without: { type: 'string' }, tries: { type: 'string' } };
  const { only = '', without, tries = '1' } = argumentsOf(options, USAGE);
  const named = (word) => (step) => step[0].toLowerCase().includes(word.toLowerCase());
  if (!/^[1-9]$/.test(tries)) throw new Missing('--tries is a digit from 1 on.');
  const steps = STEPS.filter(named(only)).filter((step) => without === undefined || !named(without)(step));
  if (steps.length === 0) throw new Missing(`These are the steps: ${STEPS.map(([name]) => name).join('; ')}.`);
  return { steps, tries: Number(tries) };
}

/** tried runs a step, again while it fails and there are tries left; the last one counts, and one that passed only then is flaky. */
async function tried([name, step], running, tries) {
  for (let left = tries - 1; ; left--) {
    process.stderr.write(`\n${name} …\n`);
    const result = await step(running);
    process.stderr.write(`${name}: ${result.passed} passed, ${result.failed} failed\n`);
    if (result.failed === 0 && left < tries - 1)
      process.stdout.write(`FLAKY: ${name}: failed first, passed when it was run once more\n`);
    if (result.failed === 0 || left <= 0) return result;
    process.stderr.write(`\nONCE MORE: ${name}\n`);
  }
}

async function main() {
  let running;
  whenAskedToEnd(async (code) => {
    await running?.stop();
    process.exit(code);
  });
  const sum = { passed: 0, failed: 0 };
  try {
    const { steps, tries } = asked();
    process.stderr.write('Starting the engines …\n');
    running = await startEngines();
    for (const step of steps) {
      const { passed, failed } = await tried(step, running, tries);
      sum.passed += passed;
      sum.failed += failed;
    }
  } catch (error) {
    tell(error, Missing);
    sum.failed += 1;
  }
  await running?.stop();
  lastLine(sum);
}

await main();
