import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newestMailTo, World } from '@second-opinion/standalone/play';
import type { Deployment } from './deployment';
import { Program } from './program';

/** Standalone is the real program as a process of its own, on a fresh data folder; the same specs run against services by their URL. */
export class Standalone implements Deployment {
  readonly env: Readonly<Record<string, string>>;
  private readonly program: Program;

  private constructor(
    readonly dataDir: string,
    env: Readonly<Record<string, string>>,
  ) {
    this.env = { DEPLOYMENT: 'test', DATA_DIR: dataDir, ...env };
    this.program = new Program('standalone', this.env);
  }

  /** start a new world; `stop` it afterwards. `before` the start, somebody may put there what another program left. */
  static async start(
    env: Readonly<Record<string, string>> = {},
    before?: (dataDir: string) => void,
  ): Promise<Standalone> {
    const server = new Standalone(mkdtempSync(path.join(tmpdir(), 'second-opinion-acceptance-')), env);
    before?.(server.dataDir);
    await server.launch();
    return server;
  }

  get url(): string {
    return this.program.url;
  }

  get mailDir(): string {
    return path.join(this.dataDir, 'mail');
  }

  world(): World {
    return new World(this.url, (address) => newestMailTo(this.mailDir, address, 'code='));
  }

  get output(): string {
    return this.program.output;
  }

  launch(env: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.program.launch(env);
  }

  end(signal: NodeJS.Signals): Promise<number | null> {
    return this.program.end(signal);
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
