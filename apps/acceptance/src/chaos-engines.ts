import { spawnSync } from 'node:child_process';
import type { EngineName } from './chaos-plan';
import { Line } from './chaos-line';

const CONTROL_MS = 90_000;

/**
 * HarmedEngines are the engines that may be broken: those that the control endpoint started. Connections to EventStoreDB and MongoDB go
 * through lines of ours; Kafka's clients go to the address that the broker advertises, so there the kernel cuts them, where it can.
 */
export class HarmedEngines {
  private constructor(
    private readonly control: string,
    /** harmed: which may be broken. */
    readonly harmed: readonly EngineName[],
    /** env with the addresses that services must use. */
    readonly env: Readonly<Record<string, string>>,
    private readonly lines: ReadonlyMap<EngineName, Line>,
    private readonly kafkaPort: string,
  ) {}

  /** open the lines to what the environment names; what was given by its URL (in `given`) is taken as it is and left alone. */
  static async open(env: NodeJS.ProcessEnv, given: readonly string[]): Promise<HarmedEngines> {
    const named = { eventstoredb: 'EVENTSTOREDB_URL', kafka: 'KAFKA_BROKERS', mongodb: 'MONGODB_URL' } as const;
    const ours = (Object.keys(named) as EngineName[]).filter((name) => env[named[name]] && !given.includes(name));
    const urls: Record<string, string> = {};
    for (const variable of Object.values(named)) if (env[variable]) urls[variable] = env[variable];
    const lines = new Map<EngineName, Line>();
    for (const name of ours) {
      if (name === 'kafka') continue;
      const url = new URL(urls[named[name]] ?? '');
      const line = await Line.to(Number(url.port));
      url.port = String(line.here);
      // The replica set would tell its own address: only this one is asked.
      if (name === 'mongodb') url.search = '?directConnection=true&authSource=admin';
      urls[named[name]] = url.href;
      lines.set(name, line);
    }
    const kafkaPort = urls['KAFKA_BROKERS']?.split(':').at(-1) ?? '';
    return new HarmedEngines(env['ENGINES_CONTROL'] ?? '', ours, urls, lines, kafkaPort);
  }

  kill(name: EngineName): Promise<void> {
    return this.tell(name, 'kill');
  }

  /** start it again; resolves when it is ready. */
  start(name: EngineName): Promise<void> {
    return this.tell(name, 'start');
  }

  freeze(name: EngineName): Promise<void> {
    return this.tell(name, 'freeze');
  }

  thaw(name: EngineName): Promise<void> {
    return this.tell(name, 'thaw');
  }

  /** cut all connections to it; false when this machine cannot. */
  cut(name: EngineName): boolean {
    const line = this.lines.get(name);
    if (line) return line.cut() > 0;
    const { status, stdout } = spawnSync('ss', ['-K', 'dst', '127.0.0.1', 'dport', '=', this.kafkaPort], {
      encoding: 'utf8',
    });
    return status === 0 && stdout.includes(`:${this.kafkaPort}`);
  }

  async close(): Promise<void> {
    for (const line of this.lines.values()) await line.close();
  }

  private async tell(name: EngineName, verb: string): Promise<void> {
    const signal = AbortSignal.timeout(CONTROL_MS);
    const reply = await fetch(`${this.control}/${name}/${verb}`, { method: 'POST', signal });
    if (!reply.ok) throw new Error(`${name} ${verb}: ${await reply.text()}`);
  }
}
