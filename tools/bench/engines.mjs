import { mkdirSync } from 'node:fs';
import { startEngines } from '../../infra/engines/engines.mjs';
import { Missing } from '../../infra/engines/machine.mjs';
import { say } from './figures.mjs';
import { inProcess } from './processes.mjs';

/** What runs when we start it ourselves; of EventStoreDB there is no package, so its figures are those of the test server. */
const OURS = { eventstoredb: 'test server', kafka: 'real', mongodb: 'real' };

/**
 * measureOnEngines starts the engines (or takes those that the environment names) and measures the product on them. All that it starts ends
 * with it, also when this process is killed: the engines and the folder by their watchdog, the rest as one process group.
 */
export async function measureOnEngines({ rounds, seconds }) {
  const { BENCH_DIR } = process.env;
  if (BENCH_DIR) {
    mkdirSync(BENCH_DIR, { recursive: true });
    process.env.TMPDIR = BENCH_DIR;
  }
  say('starting the engines');
  const running = await started();
  try {
    const { folder, given, env } = running;
    const engines = Object.fromEntries(
      Object.entries(OURS).map(([name, what]) => [name, given.includes(name) ? 'given' : what]),
    );
    say(
      Object.entries(engines)
        .map(([name, what]) => `${name}: ${what}`)
        .join(', '),
    );
    const pids = Object.fromEntries(Object.entries(running.engines).map(([name, { pid }]) => [name, pid]));
    const { figures } = await inProcess(
      'on-engines.mjs',
      { env, pids, rounds, seconds },
      { env: { TMPDIR: folder }, group: true },
    );
    return { engines, ...figures };
  } finally {
    await running.stop();
  }
}

/** started: what the machine lacks is one sentence, not a stack. */
async function started() {
  try {
    return await startEngines();
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(1);
  }
}
