import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

const APPS = path.join(__dirname, '../..');
const LISTENS = /listens\s+(http:\S+)/;
/** START_MS: a bound for what never starts; on a busy machine loading alone takes minutes. */
const START_MS = 300_000;

/** Program is one program of the product as a process, started again on the same port. */
export class Program {
  private child: ChildProcess | undefined;
  private written = '';
  url = '';

  constructor(
    /** app: its folder under apps. */
    readonly app: string,
    private readonly env: Readonly<Record<string, string>>,
    /** stderr: a descriptor that gets it instead of {@link output}. */
    private readonly stderr?: number,
  ) {}

  /** output: everything it ever wrote to stdout and stderr. */
  get output(): string {
    return this.written;
  }

  /** lastLine that it wrote, cut short. */
  get lastLine(): string {
    return this.written.trimEnd().split('\n').at(-1)?.slice(0, 300) ?? '';
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** running: it was launched and has not ended. */
  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** launch it and wait until it says where it listens. */
  async launch(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const main = path.join(APPS, this.app, 'dist/main.js');
    const flags = ['--disable-warning=ExperimentalWarning'];
    const child = spawn(process.execPath, [...flags, main], {
      env: {
        PATH: process.env['PATH'] ?? '',
        REQUESTS_PER_MINUTE: '0',
        PORT: port,
        ...this.env,
        ...env,
      },
      stdio: ['ignore', 'pipe', this.stderr ?? 'pipe'],
    });
    this.child = child;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let fresh = '';
    const take = (chunk: Buffer) => {
      this.written += chunk.toString();
      fresh += chunk.toString();
      const [, url] = LISTENS.exec(fresh) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => reject(new Error(`${this.app} ended with ${code}: ${fresh}`)));
    const bound = setTimeout(() => reject(new Error(`${this.app} did not start: ${fresh}`)), START_MS);
    this.url = await promise.finally(() => clearTimeout(bound));
  }

  /** signal it without waiting for anything. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  /** end it with this signal and wait until the process is gone; gives its exit code (null: by the signal). */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || !this.running) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }
}
