/** One engine as a plain process: started, killed, frozen and brought back by its own process id, never outliving its parent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { answer } from './machine.mjs';
import { until } from '../prepare/until.mjs';

const STOP_MS = 20_000;
const FREEZE_MS = 5_000;
const TAIL = 3_000;

/** Where the system has it (util-linux), the kernel itself takes the engine along when its parent dies. */
const DIES_WITH_PARENT =
  process.platform === 'linux' && answer('setpriv', ['--pdeathsig', 'KILL', '--', 'true']) !== undefined
    ? ['setpriv', '--pdeathsig', 'KILL', '--']
    : [];

/** EngineProcess runs a command, its output in a file of its data folder. It does not know when its engine is ready. */
export class EngineProcess {
  #child;
  #asked = false;

  constructor(name, folder, watchdog) {
    this.name = name;
    this.folder = folder;
    this.log = path.join(folder, 'output.log');
    this.#watchdog = watchdog;
  }
  #watchdog;

  get running() {
    return this.#child !== undefined;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** start starts the command; when it ends unasked, `alive` tells so. */
  async start(command, args, { env = process.env, stdio = 'ignore' } = {}) {
    if (this.#child) throw new Error(`${this.name} runs already`);
    const [first, ...others] = [...DIES_WITH_PARENT, command, ...args];
    const log = fs.openSync(this.log, 'a');
    const child = spawn(first, others, { cwd: this.folder, env, stdio: [stdio, log, log] });
    fs.closeSync(log);
    await Promise.race([once(child, 'spawn'), once(child, 'error').then(([error]) => Promise.reject(error))]);
    this.#asked = false;
    this.#child = child;
    this.#watchdog.watch(child.pid);
    child.once('exit', (code, signal) => {
      this.#watchdog.release(child.pid);
      this.#child = undefined;
      if (!this.#asked) process.stderr.write(`${this.name} ended by itself (${signal ?? code}).\n`);
    });
  }

  /** alive throws, with the end of its output, when the process has ended. */
  alive() {
    if (this.#child) return;
    throw new Error(`${this.name} ended while it was awaited:\n${this.tail()}`);
  }

  tail() {
    return fs.readFileSync(this.log, 'utf8').slice(-TAIL);
  }

  /** kill ends it as a power cut does, and resolves when it is gone. */
  kill() {
    return this.#end('SIGKILL');
  }

  /** stop asks it to end, and resolves when it is gone; what does not end in time is killed. */
  async stop() {
    const late = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_MS);
    await this.#end('SIGTERM');
    clearTimeout(late);
  }

  async #end(signal) {
    if (!this.#child) return;
    this.#asked = true;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    // A frozen process takes a request to end only when it goes on.
    if (signal !== 'SIGKILL') this.#child.kill('SIGCONT');
    await ended;
  }

  /** freeze resolves when it stands still, where the system tells that (Linux). */
  async freeze() {
    this.#signal('SIGSTOP');
    if (process.platform !== 'linux') return;
    const state = () => fs.readFileSync(`/proc/${this.pid}/stat`, 'utf8').split(') ').at(-1)[0];
    await until(() => state() === 'T', { what: `the standstill of ${this.name}`, withinMs: FREEZE_MS });
  }

  thaw() {
    this.#signal('SIGCONT');
  }

  #signal(signal) {
    if (!this.#child) throw new Error(`${this.name} does not run`);
    this.#child.kill(signal);
  }
}
