import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { EventStore } from '@second-opinion/event-store';
import type { Position } from '@second-opinion/kernel';
import type { GroupHealth } from '@second-opinion/message-bus';
import { ContextRunner, type Following } from './context-runner';

const LOOK_MS = 5_000;
/** STALLED_MS: work that lies ahead and is not taken up for so long will not be taken up by itself. */
const STALLED_MS = 30_000;

/** FollowerHealth of one subscription: whether it is at the end of the log, on its way there, or stands still before it. */
export interface FollowerHealth {
  readonly context: string;
  readonly name: string;
  readonly state: 'current' | 'behind' | 'stalled' | 'elsewhere';
}

/** Health of a process: `degraded` when commands and reads are served, but something behind them does not go on. */
export interface Health {
  readonly status: 'ok' | 'degraded';
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
  private looking: NodeJS.Timeout | undefined;
  private first: Position | undefined | null = null;
  private started = false;

  constructor(
    private readonly store: EventStore,
    private readonly modules: ModuleRef,
  ) {}

  onApplicationBootstrap(): void {
    this.looking = setInterval(() => void this.health().catch(() => undefined), LOOK_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.looking);
  }

  /** health looks now. Rejects when the event store does not answer: then nothing can be served. */
  async health(now = performance.now()): Promise<Health> {
    const end = await this.store.end();
    const followers = this.runners().flatMap((runner) =>
      runner.following().map((one) => ({ context: runner.name, name: one.name, state: this.stateOf(one, end, now) })),
    );
    const groups = this.groups().filter(({ connected, stalled }) => !connected || stalled);
    const bad = groups.length > 0 || followers.some(({ state }) => state === 'behind' || state === 'stalled');
    return { status: bad ? 'degraded' : 'ok', followers, groups };
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

  private stateOf(
    { name, position, leading }: Following,
    end: Position | undefined,
    now: number,
  ): FollowerHealth['state'] {
    if (!leading) {
      this.seen.delete(name);
      return 'elsewhere';
    }
    if (end === undefined || this.store.comparePositions(position, end) >= 0) {
      this.seen.delete(name);
      return 'current';
    }
    const before = this.seen.get(name);
    if (!before || this.store.comparePositions(before.position, position) !== 0) {
      this.seen.set(name, { position, since: now });
      return 'behind';
    }
    return now - before.since >= STALLED_MS ? 'stalled' : 'behind';
  }

  private runners(): readonly ContextRunner[] {
    return this.modules.get(ContextRunner, { strict: false, each: true });
  }
}
