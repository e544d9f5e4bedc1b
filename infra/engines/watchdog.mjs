/**
 * The watchdog is a process of its own that outlives the launcher by a moment: when its standard input closes, because the launcher is
 * gone by whatever signal, it kills the engines that are left and removes their data. It also works where the kernel cannot do that.
 * It is told line by line: `+<pid>`, `-<pid>`, `folder <path>`.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import readline from 'node:readline';

/** Watchdog starts the process and tells it whom to take along. */
export class Watchdog {
  #child = spawn(process.execPath, [import.meta.filename], { stdio: ['pipe', 'ignore', 'inherit'], detached: true });

  constructor() {
    this.#child.unref();
    this.#child.stdin.unref?.();
    this.#child.stdin.on('error', () => undefined);
  }

  watch(pid) {
    this.#child.stdin.write(`+${pid}\n`);
  }

  release(pid) {
    this.#child.stdin.write(`-${pid}\n`);
  }

  /** removeAtEnd names a folder that goes with the engines. */
  removeAtEnd(folder) {
    this.#child.stdin.write(`folder ${folder}\n`);
  }

  /** end lets it do its work now, and resolves when it has. */
  end() {
    if (this.#child.exitCode !== null) return Promise.resolve();
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.ref();
    this.#child.stdin.end();
    return ended;
  }
}

async function main() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
  const pids = new Set();
  const folders = [];
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (line.startsWith('+')) pids.add(Number(line.slice(1)));
    else if (line.startsWith('-')) pids.delete(Number(line.slice(1)));
    else if (line.startsWith('folder ')) folders.push(line.slice('folder '.length));
  }
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone already.
    }
  }
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

if (process.argv[1] === import.meta.filename) await main();
