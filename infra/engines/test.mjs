/**
 * npm run test:engines: starts the engines (or takes those whose URLs are given) and runs everything that needs them. It never skips:
 * what the machine lacks is a failure. `--only <word>` runs the steps with this word in their name, `--without <word>` those
 * without it. The last line is the sum.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checked, lastLine } from '../checked.mjs';
import { startEngines } from './engines.mjs';
import { tell, whenAskedToEnd } from './foreground.mjs';
import { journeysOnEngines, journeysOnMixtures } from './journeys.mjs';
import { Missing } from './machine.mjs';
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
];

/** checkedWith runs a file of tests that reads the URLs from the environment. */
function checkedWith(env, file) {
  Object.assign(process.env, env);
  return checked(file);
}

/** wanted are the steps that the command line asks for; throws `Missing` when there is none. */
function wanted() {
  const { only = '', without } = parseArgs({
    options: { only: { type: 'string' }, without: { type: 'string' } },
  }).values;
  const named = (word) => (step) => step[0].toLowerCase().includes(word.toLowerCase());
  const steps = STEPS.filter(named(only)).filter((step) => without === undefined || !named(without)(step));
  if (steps.length === 0) throw new Missing(`These are the steps: ${STEPS.map(([name]) => name).join('; ')}.`);
  return steps;
}

async function main() {
  let running;
  whenAskedToEnd(async (code) => {
    await running?.stop();
    process.exit(code);
  });
  const sum = { passed: 0, failed: 0 };
  try {
    const steps = wanted();
    process.stderr.write('Starting the engines …\n');
    running = await startEngines();
    for (const [name, step] of steps) {
      process.stderr.write(`\n${name} …\n`);
      const { passed, failed } = await step(running);
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
