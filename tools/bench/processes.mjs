import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = path.dirname(fileURLToPath(import.meta.url));
export const ROOT = path.join(HERE, '../..');
/** TICK_US: Linux tells processor time in hundredths of a second. */
const TICK_US = 10_000;
const QUIET = '--disable-warning=ExperimentalWarning';

/** startServer starts the real program on a data folder and gives it once it listens. `node` are options for Node itself. */
export async function startServer(dataDir, { node = [], port = 0 } = {}) {
  const child = spawn(process.execPath, [QUIET, ...node, path.join(ROOT, 'apps/standalone/dist/main.js')], {
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
    peakMb: () => memoryOf(child.pid, 'VmHWM'),
    cpu: () => cpuOf(child.pid),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** inProcess runs a module of this folder in a process of its own, hands it one message and gives its answer. */
export async function inProcess(module, message, { node = [] } = {}) {
  const child = fork(path.join(HERE, module), [], {
    execArgv: [QUIET, ...node],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.send(message);
  try {
    const answer = await Promise.race([
      new Promise((resolve) => child.once('message', resolve)),
      gone.then((code) => ({ error: `${module} ended with ${code}` })),
    ]);
    if (answer.error) throw new Error(answer.error);
    return answer;
  } finally {
    child.kill();
    await gone;
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

/** cpuOf a process so far, all its threads: microseconds in itself and in the system; only where the system tells it. */
function cpuOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { user: Number(fields[11]) * TICK_US, system: Number(fields[12]) * TICK_US };
  } catch {
    return undefined;
  }
}
