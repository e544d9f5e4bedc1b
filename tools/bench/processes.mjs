import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.join(HERE, '../..');
const QUIET = ['--disable-warning=ExperimentalWarning'];

/** startServer starts the real program on a data folder and gives it once it listens. `node` are options for Node itself. */
export async function startServer(dataDir, { node = [], port = 0 } = {}) {
  const child = spawn(process.execPath, [...QUIET, ...node, path.join(ROOT, 'apps/standalone/dist/main.js')], {
    env: {
      PATH: process.env.PATH,
      DEPLOYMENT: 'test',
      PORT: String(port),
      DATA_DIR: dataDir,
      REQUESTS_PER_MINUTE: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // Whoever stops the bench stops the server too.
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  void gone.then(() => process.off('exit', end));
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const take = (chunk) => {
      said += chunk;
      const [, found] = /listens\s+(http:\S+)/.exec(said) ?? [];
      if (found) resolve(found);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    void gone.then((code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  return {
    url,
    pid: child.pid,
    port: Number(url.slice(url.lastIndexOf(':') + 1)),
    signal: (name) => child.kill(name),
    memoryMb: () => memoryOf(child.pid, 'VmRSS'),
    /** processorSeconds of all its threads so far: what a busy machine does not change much. */
    processorSeconds: () => processorSecondsOf(child.pid),
    peakMb: () => memoryOf(child.pid, 'VmHWM'),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/**
 * inProcess runs a module of this folder in a process of its own, hands it one message and gives its answer. With `group` it has a process
 * group of its own, and whatever it started goes with it.
 */
export async function inProcess(module, message, { node = [], env = {}, group = false } = {}) {
  const child = fork(path.join(HERE, module), [], {
    execArgv: [...QUIET, ...node],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: group,
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const end = () => (group ? endGroup(child) : child.kill('SIGKILL'));
  // Before the folders go in which it may still write.
  process.prependOnceListener('exit', end);
  child.send(message);
  try {
    const answer = await Promise.race([
      new Promise((resolve) => child.once('message', resolve)),
      gone.then((code) => ({ error: `${module} ended with ${code}` })),
    ]);
    if (answer.error) throw new Error(answer.error);
    return answer;
  } finally {
    process.off('exit', end);
    end();
    await gone;
  }
}

/** endGroup kills a process and all that it started and left. */
function endGroup({ pid }) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}

/** memoryOf a process in megabytes; only where the system tells it. */
function memoryOf(pid, what) {
  try {
    const [, kilobytes] = new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}

const TICKS_PER_SECOND = 100;

/** processorSecondsOf all threads of a process so far; only where the system tells it. */
export function processorSecondsOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) / TICKS_PER_SECOND;
  } catch {
    return undefined;
  }
}
