import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Deployment } from '../deployment';

const APPS = path.join(__dirname, '../../..');
const QUIET = ['--disable-warning=ExperimentalWarning'];
const PARKED = path.join(APPS, '../libs/service/dist/parked.js');

/** Listed is what an operator sees of a parked message. */
export interface Listed {
  readonly group: string;
  readonly key: string;
  readonly topic: string;
  readonly messageId: string;
  readonly type: string;
  readonly reason: string;
  readonly attempts: number;
}

/** Ran is what a program wrote and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** ran a program with the settings of a deployment; gives what came of it, whatever that is. */
async function ran(program: string, args: readonly string[], { env }: Pick<Deployment, 'env'>): Promise<Ran> {
  const child = spawn(process.execPath, [...QUIET, program, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...written };
}

/** Operator runs the operators' programs with the settings of a deployment's services. */
export class Operator {
  constructor(
    private readonly deployment: Pick<Deployment, 'env'>,
    private readonly by = 'operator-1',
  ) {}

  /** list what is parked in a service. */
  async list(service: string): Promise<readonly Listed[]> {
    const { stdout } = await this.must(['list', '--service', service]);
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Listed);
  }

  /** replay what is parked of a key. */
  async replay(service: string, group: string, key: string): Promise<void> {
    await this.must(['replay', '--service', service, '--group', group, '--key', key, '--by', this.by]);
  }

  /** skip the first parked message of a key for a reason. */
  async skip(service: string, group: string, key: string, reason: string): Promise<void> {
    const which = ['--service', service, '--group', group, '--key', key];
    await this.must(['skip', ...which, '--reason', reason, '--by', this.by]);
  }

  /** run the program; gives what came of it, whatever that is. */
  run(args: readonly string[]): Promise<Ran> {
    return ran(PARKED, args, this.deployment);
  }

  /** rebuild drops what a program that is stopped has from the log; gives what came of it. */
  rebuild(app: string): Promise<Ran> {
    return ran(path.join(APPS, app, 'dist/main.js'), ['rebuild'], this.deployment);
  }

  private async must(args: readonly string[]): Promise<Ran> {
    const ran = await this.run(args);
    if (ran.code !== 0) throw new Error(`parked ${args.join(' ')} ended with ${ran.code}: ${ran.stderr}`);
    return ran;
  }
}
