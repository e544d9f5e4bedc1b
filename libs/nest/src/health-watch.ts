import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventStore } from '@second-opinion/event-store';
import type { Position } from '@second-opinion/kernel';
import type { GroupHealth } from '@second-opinion/message-bus';
import { ContextRunner, type Following } from './context-runner';
import { EngineProbe, inTime } from './engine-probe';
import type { Failing } from './leased';
import { Deployment } from './ports';
import { WriteWatch } from './write-watch';

const EVENT_STORE = 'event-store';
const LOOK_MS = 5_000;
/** FAR_MS: who has not yet come to where the log ended so long ago is too far behind; less than that is the way of the world under load. */
const FAR_MS = 10_000;
/** STALLED_MS: work that lies ahead and is not taken up for so long will not be taken up by itself. */
const STALLED_MS = 30_000;

/** OTHER_LOG: what says so of a position will not heal by itself. */
const OTHER_LOG = /^event-store\.position-/;

/**
 * FollowerHealth of one subscription or worker: `current` at the end of the log or within ten seconds of it, `behind` on its way there,
 * `stalled` when it stands still before it or fails again and again, `elsewhere` when another replica runs it.
 */
export interface FollowerHealth {
  readonly context: string;
  readonly name: string;
  readonly state: 'current' | 'behind' | 'stalled' | 'elsewhere';
  /** leading: this replica runs it now. */
  readonly leading: boolean;
  /** stillSeconds that it has not moved although there is something to do. */
  readonly stillSeconds: number;
  /** failing: class and code of what it fails with here, and since when. */
  readonly failing?: Failing;
}

/**
 * Health of a process: `degraded` when commands and reads are served, but something behind them does not go on; `unavailable` when they
 * cannot be, since an engine is away, or commands cannot, since what they write to takes no writes.
 */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'unavailable';
  /** away: the engines that do not answer, `event-store` among them. */
  readonly away: readonly string[];
  /** readOnly: what answers and takes no writes: `event-store`, `mongodb` or `files`. */
  readonly readOnly: readonly string[];
  /** busAway: the bus that does not answer; commands and reads are served without it, and nothing is told to the others. */
  readonly busAway?: string;
  readonly followers: readonly FollowerHealth[];
  /** groups: consumer groups that have no touch with the bus, or stand still before something to do. */
  readonly groups: readonly GroupHealth[];
}

interface Seen {
  readonly place: Position | number | undefined;
  readonly since: number;
}

/**
 * HealthWatch looks at every subscription from time to time, since only from two looks can one tell that it stands still: a position
 * that does not move although the log is further is `stalled`, however small the distance; one that moves is `behind`.
 */
@Injectable()
export class HealthWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly seen = new Map<string, Seen>();
  /** ends of the log at earlier looks, oldest first. */
  private ends: { readonly at: number; readonly end: Position }[] = [];
  private looking: NodeJS.Timeout | undefined;
  private asked: Promise<Position | undefined> | undefined;
  private first: Position | undefined | null = null;
  private started = false;

  private readonly probes: readonly EngineProbe[];
  private readonly bus: EngineProbe | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly modules: ModuleRef,
    { engines = [], bus }: Deployment,
    private readonly writes: WriteWatch,
  ) {
    this.probes = engines.map((engine) => new EngineProbe(engine));
    this.bus = bus && new EngineProbe(bus);
  }

  onApplicationBootstrap(): void {
    this.looking = setInterval(() => void this.health(), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.looking);
  }

  /** engines that are asked, the event store among them, and the bus. */
  get engines(): readonly string[] {
    return [EVENT_STORE, ...this.probes.map(({ name }) => name), ...(this.bus ? [this.bus.name] : [])];
  }

  /** parts that commands write to. */
  get parts(): readonly string[] {
    return this.writes.parts;
  }

  /** health looks now; what does not answer within its patience is away. */
  async health(now = performance.now()): Promise<Health> {
    const [store, bus, refusing, ...probed] = await Promise.all([
      inTime(this.end()),
      this.bus?.answers() ?? true,
      this.writes.refusing(),
      ...this.probes.map(async (probe) => ((await probe.answers()) ? [] : [probe.name])),
    ]);
    const away = [...(store ? [] : [EVENT_STORE]), ...probed.flat()];
    const { followers, groups } = store ? this.behind(store.given, now) : { followers: [], groups: this.unwell() };
    const readOnly = refusing.filter((part) => !away.includes(part));
    const told = { away, readOnly, ...(this.bus && !bus ? { busAway: this.bus.name } : {}), followers, groups };
    if (away.length + readOnly.length > 0) return { status: 'unavailable', ...told };
    const stands = followers.some(({ state }) => state === 'behind' || state === 'stalled');
    return { status: stands || groups.length > 0 || !bus ? 'degraded' : 'ok', ...told };
  }

  /** end of the log; while an answer is awaited, it is not asked for again. */
  private end(): Promise<Position | undefined> {
    return (this.asked ??= this.store.end().finally(() => (this.asked = undefined)));
  }

  /** behind commands and reads: how the followers and the groups are. */
  private behind(end: Position | undefined, now: number): Pick<Health, 'followers' | 'groups'> {
    const near = this.endBefore(now - FAR_MS) ?? end;
    if (end !== undefined) this.ends.push({ at: now, end });
    const followers = this.runners().flatMap((runner) =>
      runner.following().map((one) => ({ context: runner.name, ...this.healthOf(one, end, near, now) })),
    );
    return { followers, groups: this.unwell() };
  }

  private unwell(): readonly GroupHealth[] {
    return this.groups().filter(({ connected, stalled }) => !connected || stalled);
  }

  /** groups of this process, where the bus can lose touch. */
  groups(): readonly GroupHealth[] {
    return this.runners().flatMap((runner) => runner.groups());
  }

  /** hasStarted: the views have been where the log ended when this process started; it stays so. */
  async hasStarted(): Promise<boolean> {
    if (this.started) return true;
    if (this.first === null) this.first = await this.store.end();
    const { first } = this;
    this.started = (await Promise.all(this.runners().map((runner) => runner.viewsReached(first)))).every(Boolean);
    return this.started;
  }

  /** endBefore: the newest end that was seen at this time or earlier; what is older still is of no more use. */
  private endBefore(time: number): Position | undefined {
    const index = this.ends.findLastIndex(({ at }) => at <= time);
    if (index > 0) this.ends = this.ends.slice(index);
    return index === -1 ? undefined : this.ends[0]?.end;
  }

  private healthOf(one: Following, end: Position | undefined, near: Position | undefined, now: number) {
    const { name, leading, failing } = one;
    const stillMs = this.stillMs(one, end, now);
    const state = this.stateOf(one, near, stillMs);
    return { name, state, leading, stillSeconds: Math.floor(stillMs / 1_000), ...(failing ? { failing } : {}) };
  }

  private stateOf(one: Following, near: Position | undefined, stillMs: number): FollowerHealth['state'] {
    if (one.elsewhere) return 'elsewhere';
    if (stillMs >= STALLED_MS || OTHER_LOG.test(one.failing?.code ?? '')) return 'stalled';
    return 'workedAt' in one || this.store.comparePositions(one.position, near) >= 0 ? 'current' : 'behind';
  }

  /** stillMs that it has not moved, although it should: there is something ahead, it fails, or it is a worker that is never at an end. */
  private stillMs(one: Following, end: Position | undefined, now: number): number {
    const { name, elsewhere, failing } = one;
    const place = 'workedAt' in one ? one.workedAt : one.position;
    const atEnd = !('workedAt' in one) && this.store.comparePositions(one.position, end) >= 0;
    if (elsewhere || (atEnd && !failing)) {
      this.seen.delete(name);
      return 0;
    }
    const before = this.seen.get(name);
    if (before && before.place === place) return now - before.since;
    this.seen.set(name, { place, since: now });
    return 0;
  }

  private runners(): readonly ContextRunner[] {
    return this.modules.get(ContextRunner, { strict: false, each: true });
  }
}
