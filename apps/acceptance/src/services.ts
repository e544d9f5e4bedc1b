import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONTEXTS } from '@second-opinion/contracts';
import { newestMailTo, World } from '@second-opinion/standalone/play';
import { Keks } from '@second-opinion/vault';
import type { Deployment } from './deployment';
import { Gateway } from './gateway';
import { Program } from './program';

/** ENGINES are the variables that name engines; what is absent is SQLite in files that all services share. */
const ENGINES = ['EVENTSTOREDB_URL', 'KAFKA_BROKERS', 'MONGODB_URL'] as const;

/** ServicesOptions of a deployment. */
export interface ServicesOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** replicas of each service (default 1). */
  readonly replicas?: number;
  /** without these engines, although they are there: their adapter is SQLite. */
  readonly without?: readonly string[];
}

/**
 * Services are six real programs, one for each context, on the engines that the environment names, in a namespace of their own; a gateway
 * in front of them serves the paths of standalone.
 */
export class Services implements Deployment {
  readonly programs: readonly Program[];
  private gateway: Gateway | undefined;

  private constructor(
    readonly dataDir: string,
    /** env that all programs share. */
    readonly env: Readonly<Record<string, string>>,
    replicas: number,
  ) {
    this.programs = CONTEXTS.flatMap((name) => Array.from({ length: replicas }, () => new Program(name, env)));
  }

  /** start a new world; `stop` it afterwards. */
  static async start({ env = {}, replicas = 1, without = [] }: ServicesOptions = {}): Promise<Services> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'second-opinion-services-'));
    // As whoever deploys services does: the key-encryption keys are made before the first start.
    Keks.load({ folder: path.join(dataDir, 'keks') });
    const engines = ENGINES.flatMap((name) => {
      const value = process.env[name];
      return value === undefined || without.includes(name) ? [] : [[name, value] as const];
    });
    const namespace = `t${randomBytes(5).toString('hex')}`;
    const shared = {
      DEPLOYMENT: 'test',
      DATA_DIR: dataDir,
      NAMESPACE: namespace,
      ...Object.fromEntries(engines),
      ...env,
    };
    const services = new Services(dataDir, shared, replicas);
    services.gateway = await Gateway.open(() => services.replicas());
    try {
      await services.launch();
      return services;
    } catch (error) {
      await services.stop();
      throw error;
    }
  }

  get url(): string {
    return this.gateway?.url ?? '';
  }

  get mailDir(): string {
    return path.join(this.dataDir, 'mail');
  }

  get output(): string {
    return this.programs.map(({ output }) => output).join('');
  }

  world(): World {
    return new World(this.url, (address) => newestMailTo(this.mailDir, address, 'code='));
  }

  async launch(): Promise<void> {
    // One after another: on a small machine six programs that load at once only get in each other's way.
    for (const program of this.programs) await program.launch();
  }

  /** cut every connection between clients and the gateway. */
  cut(): void {
    this.gateway?.cut();
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    const codes = await Promise.all(this.programs.map((program) => program.end(signal)));
    return codes.find((code) => code !== 0) ?? 0;
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    await this.gateway?.close();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private replicas(): ReadonlyMap<string, readonly string[]> {
    const urls = new Map<string, string[]>(CONTEXTS.map((name) => [name, []]));
    for (const { app, url, running } of this.programs) if (url !== '' && running) urls.get(app)?.push(url);
    return urls;
  }
}
