import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventStore } from '@second-opinion/event-store';
import type { Position } from '@second-opinion/kernel';
import type { GroupHealth } from '@second-opinion/message-bus';
import { ContextRunner, type Following } from './context-runner';
import { EngineProbe, inTime } from './engine-probe';
import { Deployment } from './ports';

const EVENT_STORE = 'event-store';
const LOOK_MS = 5_000;
/** FAR_MS: who has not yet come to where the log ended so long ago is too far behind; less than that is the way of the world under load. */
const FAR_MS = 10_000;
/** STALLED_MS: work that lies ahead and is not taken up for so long will not be taken up by itself. */
const STALLED_MS = 30_000;

/**
 * FollowerHealth of one subscription: `current` at the end of the log or within ten seconds of it, `behind` on its way there, `stalled` when
 * it stands still before it, `elsewhere` when another replica runs it.
 */
export interface FollowerHealth {
  readonly context: string;
  readonly name: string;
  readonly state: 'current' | 'behind' | 'stalled' | 'elsewhere';
}

/**
 * Health of a process: `degraded` when commands and reads are served, but something behind them does not go on; `unavailable` when they
 * cannot be, since an engine is away.
 */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'unavailable';
  /** away: the engines that do not answer, `event-store` among them. */
  readonly away: readonly string[];
  readonly followers: readonly FollowerHealth[];
  /** groups: consumer groups that have no touch with the bus, or stand still before something to do. */
  readonly groups: readonly GroupHealth[];
}

interface Seen {
  readonly position: Position | undefined;
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

  constructor(
    private readonly store: EventStore,
    private readonly modules: ModuleRef,
    { engines = [] }: Deployment,
  ) {
    this.probes = engines.map((engine) => new EngineProbe(engine));
  }

  onApplicationBootstrap(): void {
    this.looking = setInterval(() => void this.health(), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.looking);
  }

  /** engines that are asked, the event store among them. */
  get engines(): readonly string[] {
    return [EVENT_STORE, ...this.probes.map(({ name }) => name)];
  }

  /** health looks now; what does not answer within its patience is away. */
  async health(now = performance.now()): Promise<Health> {
    const [store, ...probed] = await Promise.all([
      inTime(this.end()),
      ...this.probes.map(async (probe) => ((await probe.answers()) ? [] : [probe.name])),
    ]);
    const away = [...(store ? [] : [EVENT_STORE]), ...probed.flat()];
    const { followers, groups } = store ? this.behind(store.given, now) : { followers: [], groups: this.unwell() };
    if (away.length > 0) return { status: 'unavailable', away, followers, groups };
    const bad = groups.length > 0 || followers.some(({ state }) => state === 'behind' || state === 'stalled');
    return { status: bad ? 'degraded' : 'ok', away, followers, groups };
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
      runner
        .following()
        .map((one) => ({ context: runner.name, name: one.name, state: this.stateOf(one, end, near, now) })),
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

  private stateOf(
    { name, position, leading }: Following,
    end: Position | undefined,
    near: Position | undefined,
    now: number,
  ): FollowerHealth['state'] {
    if (!leading || end === undefined || this.store.comparePositions(position, end) >= 0) {
      this.seen.delete(name);
      return leading ? 'current' : 'elsewhere';
    }
    const before = this.seen.get(name);
    if (!before || this.store.comparePositions(before.position, position) !== 0)
      this.seen.set(name, { position, since: now });
    else if (now - before.since >= STALLED_MS) return 'stalled';
    return this.store.comparePositions(position, near) >= 0 ? 'current' : 'behind';
  }

  private runners(): readonly ContextRunner[] {
    return this.modules.get(ContextRunner, { strict: false, each: true });
  }
}
