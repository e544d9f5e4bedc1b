/** npm run chaos: starts the engines (or takes those whose URLs are given, and leaves these alone) and runs the chaos program on them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { startEngines } from './engines.mjs';
import { tell, whenAskedToEnd } from './foreground.mjs';
import { Missing } from './machine.mjs';

const PROGRAM = path.join(import.meta.dirname, '..', '..', 'apps', 'acceptance', 'dist', 'chaos.js');
const ASKED = path.join(path.dirname(PROGRAM), 'chaos-asked.js');
const END_MS = 30_000;

let engines;
let program;
whenAskedToEnd(async (code) => {
  await ended();
  await engines?.stop();
  process.exit(code);
});
try {
  await refuseUnknown(process.argv.slice(2));
  process.stderr.write('Starting the engines …\n');
  engines = await startEngines();
  const given = engines.given.length > 0 ? ['--given', engines.given.join(',')] : [];
  const flags = ['--disable-warning=ExperimentalWarning'];
  const args = [...flags, PROGRAM, ...process.argv.slice(2), ...given];
  program = spawn(process.execPath, args, {
    env: { ...process.env, ...engines.env },
    stdio: ['ignore', 'inherit', 'inherit'],
    // A process group of its own: whatever becomes of it, nothing of it stays.
    detached: true,
  });
  const [code] = await once(program, 'exit');
  process.exitCode = code ?? 1;
} catch (error) {
  tell(error, Missing);
  process.exitCode = 1;
}
sweep();
await engines?.stop();

/** refuseUnknown arguments before anything is started for them. */
async function refuseUnknown(args) {
  const { askedBy } = await import(pathToFileURL(ASKED));
  try {
    askedBy(args);
  } catch (error) {
    throw new Missing(error.message);
  }
}

/** ended: the program cleans up behind itself when it is asked to; if it does not in time, it is killed. */
async function ended() {
  if (!program || program.exitCode !== null || program.signalCode !== null) return;
  const late = setTimeout(() => program.kill('SIGKILL'), END_MS);
  program.kill('SIGTERM');
  await once(program, 'exit');
  clearTimeout(late);
  sweep();
}

/** sweep kills what the program left behind. */
function sweep() {
  try {
    if (program?.pid) process.kill(-program.pid, 'SIGKILL');
  } catch {
    // Nothing is left.
  }
}
