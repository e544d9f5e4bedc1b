import { setTimeout as pause } from 'node:timers/promises';
import type { ContextName } from '@second-opinion/contracts';
import type { HarmedEngines } from './chaos-engines';
import type { EngineName, Harm } from './chaos-plan';
import { BOUND_MS, Recoveries, untilServed } from './chaos-recovery';
import type { Program } from './program';
import type { Services } from './services';

const WATCH_MS = 500;
const AGAIN_MS = 500;

/** Harming does what the schedules say, starts again what it killed, and what ended by itself, as whoever runs services does. */
export class Harming {
  readonly kills: Record<string, number> = {};
  readonly freezes: Record<string, number> = {};
  readonly cuts: Record<string, number> = {};
  readonly recoveries = new Recoveries();
  /** ended names programs that ended by themselves while they ran, with the end of what they wrote. */
  readonly ended: string[] = [];
  /** unstarted names starts that ended before they listened, since an engine went away under them, with what they said. */
  readonly unstarted: string[] = [];
  /** faults: what did not come back. */
  readonly faults: string[] = [];
  private readonly held = new Set<Program>();
  private readonly generations = new Map<Program, number>();
  private readonly measuring = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly services: Services,
    private readonly engines: HarmedEngines,
    private readonly say: (what: string) => void,
  ) {}

  /** killed so far, all together. */
  get killed(): number {
    return Object.values(this.kills).reduce((sum, one) => sum + one, 0);
  }

  /** begin what the schedules say, all beside each other. */
  begin(services: readonly Iterable<Harm<ContextName>>[], engines: Iterable<Harm<EngineName>>): void {
    this.running = Promise.all([
      ...services.map((lane) => this.lane(lane, (step) => this.toServices(step))),
      this.lane(engines, (step) => this.toEngine(step)),
      this.watch(),
    ]);
  }

  /** stop it; resolves when everything runs and serves again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.measuring);
    await untilServed(this.services.programs, () => false, this.say).catch((error: unknown) => this.fault(error));
  }

  private async lane<T extends string>(steps: Iterable<Harm<T>>, act: (step: Harm<T>) => Promise<void>): Promise<void> {
    const { signal } = this.stopping;
    let began = performance.now();
    for (const step of steps) {
      const early = began + step.afterMs - performance.now();
      if (early > 0) await pause(early, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      began = performance.now();
      await act(step).catch((error: unknown) => this.fault(error));
    }
  }

  private async toServices({ kind, targets, forMs }: Harm<ContextName>): Promise<void> {
    if (kind === 'cut') {
      this.services.cut();
      return count(this.cuts, 'clients');
    }
    const programs = this.services.programs.filter(
      (program) => targets.includes(program.app as ContextName) && !this.held.has(program),
    );
    if (kind === 'freeze') {
      for (const program of programs) program.signal('SIGSTOP');
      for (const { app } of programs) count(this.freezes, app);
      await pause(forMs);
      for (const program of programs) program.signal('SIGCONT');
      return;
    }
    for (const program of programs) this.held.add(program);
    await Promise.all(programs.map((program) => program.end('SIGKILL')));
    for (const { app } of programs) count(this.kills, app);
    await pause(forMs);
    await Promise.all(programs.map((program) => this.revive(program)));
  }

  private async toEngine({ kind, targets, forMs }: Harm<EngineName>): Promise<void> {
    const [name] = targets;
    if (name === undefined || !this.engines.harmed.includes(name)) return;
    if (kind === 'cut') return this.engines.cut(name) ? count(this.cuts, name) : undefined;
    if (kind === 'freeze') {
      await this.engines.freeze(name);
      count(this.freezes, name);
      await pause(forMs);
      return this.engines.thaw(name);
    }
    await this.engines.kill(name);
    count(this.kills, name);
    await pause(forMs);
    const from = performance.now();
    await this.engines.start(name);
    await untilServed(this.services.programs, (program) => this.held.has(program), this.say);
    this.recoveries.took(name, performance.now() - from);
  }

  /** revive starts a held program until it listens; how long it takes to serve is seen beside what goes on. */
  private async revive(program: Program): Promise<void> {
    const from = performance.now();
    const generation = (this.generations.get(program) ?? 0) + 1;
    this.generations.set(program, generation);
    for (;;) {
      try {
        await program.launch();
        break;
      } catch (error) {
        if (performance.now() - from > BOUND_MS) throw error;
        this.unstarted.push(`${program.app}: ${program.lastLine}`);
        await program.end('SIGKILL');
        await pause(AGAIN_MS);
      }
    }
    this.held.delete(program);
    const isDown = (one: Program) => this.held.has(one) || this.generations.get(one) !== generation;
    const measured = untilServed([program], isDown, this.say)
      .then((served) => (served ? this.recoveries.took(program.app, performance.now() - from) : undefined))
      .catch((error: unknown) => this.fault(error));
    this.measuring.add(measured);
    void measured.finally(() => this.measuring.delete(measured));
  }

  /** watch starts again what ended by itself. */
  private async watch(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      await pause(WATCH_MS);
      for (const program of this.services.programs) {
        if (program.running || this.held.has(program)) continue;
        this.held.add(program);
        this.ended.push(`${program.app}: ${program.lastLine}`);
        void this.revive(program).catch((error: unknown) => this.fault(error));
      }
    }
  }

  private fault(error: unknown): void {
    this.faults.push(error instanceof Error ? error.message : String(error));
  }
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
