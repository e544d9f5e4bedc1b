/**
 * The suites that need engines (`*.engine.spec.ts`), run through Nx project by project: the adapters' own (`<engine>/`), which break
 * engines, and those of six services as processes (`services/`).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { VARIABLES } from './engines.mjs';

const ROOT = path.join(import.meta.dirname, '..', '..');
const COUNTS = path.join(ROOT, '.nx', 'tests');
const ADAPTERS = '{eventstoredb,kafka,mongodb}';
const SERVICES = 'services';

/** adapterSuites are those of every port on its engines; both give how many tests passed and failed. */
export const adapterSuites = (running) => suites(running, ADAPTERS);

/** serviceSuites are those of services as processes: replicas, poison messages, refusals at the start. */
export const serviceSuites = (running) => suites(running, SERVICES);

/** suiteFiles are all that either of them runs. */
export const suiteFiles = () => [ADAPTERS, SERVICES].flatMap(filesIn).sort();

/** suites runs those in folders of this name; a project that leaves no count has failed. */
async function suites({ env, given }, folders) {
  const sum = { passed: 0, failed: 0 };
  for (const { name, engines } of projects(folders)) {
    const count = path.join(COUNTS, `${name}.json`);
    fs.rmSync(count, { force: true });
    const code = await jest(name, mayBreak(engines, given) ? env : { ...env, ENGINES_CONTROL: undefined });
    const { passed, failed, skipped } = fs.existsSync(count)
      ? JSON.parse(fs.readFileSync(count, 'utf8'))
      : { passed: 0, failed: 1, skipped: 0 };
    sum.passed += passed;
    sum.failed += Math.max(failed + skipped, code ? 1 : 0);
  }
  if (sum.passed + sum.failed === 0) return { passed: 0, failed: 1 };
  return sum;
}

/** mayBreak: what was given by its URL cannot be killed, so those tests are not declared. */
const mayBreak = (engines, given) => !engines.some((engine) => given.includes(engine));

/** projects are those with suites in such folders, with the engines they are for. */
function projects(folders) {
  const found = new Map();
  for (const file of filesIn(folders)) {
    const folder = file.split(path.sep).slice(0, 2).join('/');
    const { name } = JSON.parse(fs.readFileSync(path.join(ROOT, folder, 'package.json'), 'utf8'));
    const engines = file.split(path.sep).filter((part) => VARIABLES[part]);
    found.set(name, [...(found.get(name) ?? []), ...engines]);
  }
  return [...found].map(([name, engines]) => ({ name, engines }));
}

/** filesIn folders of this name, wherever they stand: an adapter's folder in a port, or a library of its own. */
function filesIn(folders) {
  return fs.globSync(`{libs,apps}/**/${folders}/**/*.engine.spec.ts`, { cwd: ROOT });
}

async function jest(project, env) {
  const nx = path.join(ROOT, 'node_modules/nx/dist/bin/nx.js');
  const options = ['--skip-nx-cache', '--outputStyle=stream', '--runInBand', '--testPathPatterns=engine.spec'];
  // Where brokers are taken away, kafkajs now and then keeps a connection beyond the end of its client; what has been run must end all the same.
  options.push('--forceExit');
  const child = spawn(process.execPath, [nx, 'run', `${project}:test`, ...options], {
    cwd: ROOT,
    env: { ...process.env, ...env, ACCEPTANCE: 'services' },
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit');
  return code;
}
