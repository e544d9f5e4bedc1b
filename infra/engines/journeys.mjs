/** The journeys of apps/acceptance against six service processes: on all engines, and with each single one swapped back to SQLite. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..', '..');
const PLAYED = 'journeys\\.spec';
const ALL = 'journeys|access\\.spec';
const SWAPS = ['EVENTSTOREDB_URL', 'KAFKA_BROKERS', 'MONGODB_URL'];

/** journeysOnEngines plays everything on all engines. */
export const journeysOnEngines = ({ env }) => played(env, ALL, {});

/** journeysOnMixtures plays the journeys three times more, each time without one engine. */
export async function journeysOnMixtures({ env }) {
  const sum = { passed: 0, failed: 0 };
  for (const without of SWAPS) {
    process.stderr.write(`\nJourneys with SQLite instead of what ${without} names …\n`);
    const { passed, failed } = await played(env, PLAYED, { ACCEPTANCE_WITHOUT: without });
    sum.passed += passed;
    sum.failed += failed;
  }
  return sum;
}

async function played(env, pattern, more) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'second-opinion-journeys-'));
  const file = path.join(folder, 'result.json');
  const jest = path.join(ROOT, 'node_modules/jest/bin/jest.js');
  const options = ['--runInBand', '--json', `--outputFile=${file}`, `--testPathPatterns=${pattern}`];
  const child = spawn(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...options],
    {
      cwd: path.join(ROOT, 'apps/acceptance'),
      env: { ...process.env, ...env, ACCEPTANCE: 'services', ...more },
      stdio: ['ignore', 'ignore', 2],
    },
  );
  const [code] = await once(child, 'exit');
  const result = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : undefined;
  fs.rmSync(folder, { recursive: true });
  const {
    numPassedTests: passed = 0,
    numFailedTests = 1,
    numPendingTests = 0,
    numRuntimeErrorTestSuites = 0,
  } = result ?? {};
  const failed = numFailedTests + numPendingTests + numRuntimeErrorTestSuites;
  return { passed, failed: Math.max(failed, code || passed === 0 ? 1 : 0) };
}
