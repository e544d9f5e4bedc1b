import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newestMailTo, World } from '@second-opinion/standalone/play';

const MAIN = path.join(__dirname, '../../standalone/dist/main.js');
const READY = /listens\s+(http:\S+)/;
const START_MS = 30_000;

/** Standalone is the real program as a process of its own, on a fresh data folder; the same specs run against services by their URL. */
export class Standalone {
  private child: ChildProcess | undefined;
  private written = '';
  url = '';

  private constructor(
    readonly dataDir: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** start a new world; `stop` it afterwards. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<Standalone> {
    const server = new Standalone(mkdtempSync(path.join(tmpdir(), 'second-opinion-acceptance-')), env);
    await server.launch();
    return server;
  }

  get mailDir(): string {
    return path.join(this.dataDir, 'mail');
  }

  /** world behind this server, not yet loaded. */
  world(): World {
    return new World(this.url, (address) => newestMailTo(this.mailDir, address, 'code='));
  }

  /** output: everything the program ever wrote to stdout and stderr. */
  get output(): string {
    return this.written;
  }

  /** launch the program (again) on the same data folder and, after the first time, the same port. */
  async launch(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const port = this.url === '' ? '0' : new URL(this.url).port;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN], {
      env: {
        PATH: process.env['PATH'] ?? '',
        DEPLOYMENT: 'test',
        PORT: port,
        DATA_DIR: this.dataDir,
        REQUESTS_PER_MINUTE: '0',
        ...this.env,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let fresh = '';
    const take = (chunk: Buffer) => {
      this.written += chunk.toString();
      fresh += chunk.toString();
      const [, url] = READY.exec(fresh) ?? [];
      if (url !== undefined) resolve(url);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${fresh}`)));
    const bound = setTimeout(() => reject(new Error(`the program did not start: ${fresh}`)), START_MS);
    this.url = await promise.finally(() => clearTimeout(bound));
  }

  /** kill with this signal and wait until the process is gone; gives its exit code (null: by the signal). */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill(signal);
    return gone;
  }

  /** stop and remove the data folder. */
  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
