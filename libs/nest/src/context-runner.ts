import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { EventStore } from '@second-opinion/event-store';
import {
  Clock,
  type Envelope,
  type OwnPolicy,
  type Policy,
  type Position,
  type Publisher,
  type RecordedEvent,
  type TopicPolicy,
  failureOf,
} from '@second-opinion/kernel';
import { MessageBus, type Consumption, type GroupHealth } from '@second-opinion/message-bus';
import { ViewStore, type Change, type Lease } from '@second-opinion/view-store';
import { ContextDefinition } from './context-definition';
import { allViews, deadlineView, Ticker, type DeadlineRow } from './deadlines';
import { Ending } from './ending';
import { Feeds, ownTopic } from './feeds';
import { Follower } from './follower';
import { handledLines } from './handled-lines';
import { SystemCommands } from './issued';
import { Led, whileLeased, type Failing } from './leased';
import { feedsLease, viewsLease } from './names';
import { Calendar, Deployment } from './ports';
import { Projections, type AnyView } from './projections';
import type { Progress, Worker } from './worker';

const TICK_MS = 100;
const LOOK_MS = 1_000;

/** Following is how far a follower of the log, or a worker, is; on a replica that does not lead it, as far as that replica knows. */
export type Following = Progress & {
  readonly name: string;
  readonly leading: boolean;
  /** elsewhere: another replica has its lease. Neither leading nor elsewhere: nobody is known to run it. */
  readonly elsewhere: boolean;
  readonly failing?: Failing;
};

/**
 * ContextRunner keeps one context going after the commit: views, feeds (publisher and own policies), policies on topics, deadlines and
 * workers, each at least once, each from its own checkpoint. Views, feeds, deadlines and workers run on one replica at a time.
 */
@Injectable()
export class ContextRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger: Logger;
  private readonly stop = new AbortController();
  /** running until it is told to stop, by lease or group. */
  private readonly running = new Map<string, Promise<unknown>>();
  private readonly consumptions: Consumption[] = [];
  private readonly projections: Projections;
  private readonly feeds: Feeds;
  private readonly ticker: Ticker;
  private readonly commands: SystemCommands;
  private workers: readonly Worker[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private lease: Lease | undefined;
  /** led: what is run by one replica at a time, and who does now. */
  private readonly led = new Map<string, Led>();

  constructor(
    private readonly context: ContextDefinition,
    private readonly store: EventStore,
    private readonly views: ViewStore,
    private readonly messages: MessageBus,
    private readonly follower: Follower,
    private readonly modules: ModuleRef,
    private readonly clock: Clock,
    private readonly deployment: Deployment,
    bus: CommandBus,
    calendar: Calendar,
  ) {
    const { name, deadlines, publishers, policies } = context.parts;
    this.logger = new Logger(name);
    this.commands = new SystemCommands(bus, clock, calendar);
    const due = deadlineView(name, deadlines);
    const all = allViews(context.parts);
    const inTurn = <T>(work: () => Promise<T>) => this.inTurn(work);
    this.ticker = new Ticker(deadlines, due, views, clock, this.commands, inTurn, this.logger);
    const wrote = ({ name: written }: AnyView, changes: readonly Change[]) => {
      if (written !== due.name) return;
      for (const { row } of changes) if (row) this.ticker.changed((row as DeadlineRow).nextDueAt);
    };
    const options = { wrote, rests: !deployment.alone };
    this.projections = new Projections(store, views, all, follower, inTurn, options);
    const categories = context.deciders.map(({ category }) => category);
    this.feeds = new Feeds(
      name,
      publishers as readonly Publisher[],
      policies.filter(isOwn),
      categories,
      store,
      views,
      messages,
    );
  }

  /** onApplicationBootstrap declares the views and starts everything. */
  async onApplicationBootstrap(): Promise<void> {
    const { name, workers = [], policies } = this.context.parts;
    await this.projections.declare();
    this.workers = workers.map((type) => this.modules.get<Worker>(type, { strict: false }));
    this.lead(viewsLease(name), (lease, signal) => this.project(lease, signal), this.caughtUp());
    if (!this.feeds.empty) this.lead(feedsLease(name), (lease, signal) => this.feeds.run(lease, signal));
    for (const worker of this.workers) this.lead(worker.name, (_, signal) => worker.run(signal));
    for (const policy of policies) await this.listen(policy);
  }

  /** onApplicationShutdown stops taking work, drains what runs, and gives the leases back. */
  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    const ending = [...this.running].map(async ([name, done]) => {
      await done.catch(() => undefined);
      this.running.delete(name);
    });
    await Promise.all(ending);
  }

  /** unfinished: what it was told to stop and has not, by lease or group. */
  unfinished(): readonly string[] {
    return this.stop.signal.aborted ? [...this.running.keys()] : [];
  }

  get name(): string {
    return this.context.name;
  }

  /** following tells how far each subscription on the log and each worker is, and whether this replica runs it. */
  following(): readonly Following[] {
    const { name, views } = this.context.parts;
    return [
      ...(views.length > 0 ? [this.followed(viewsLease(name), { position: this.follower.at })] : []),
      ...(this.feeds.empty ? [] : [this.followed(feedsLease(name), { position: this.feeds.position })]),
      ...this.workers.map((worker) => this.followed(worker.name, worker.progress)),
    ];
  }

  private followed(name: string, progress: Progress): Following {
    const led = this.led.get(name);
    const at = 'workedAt' in progress ? { workedAt: progress.workedAt } : { position: progress.position };
    const failing = led?.failing;
    const state = { name, leading: led?.leading === true, elsewhere: led?.elsewhere === true };
    return { ...at, ...state, ...(failing ? { failing } : {}) };
  }

  /** groups tells how this process's part in each consumer group does, where the bus can lose touch. */
  groups(): readonly GroupHealth[] {
    return this.consumptions.flatMap((consumption) => consumption.health?.() ?? []);
  }

  /** leading lists what is run by one replica at a time, and whether this one does. */
  leading(): ReadonlyMap<string, boolean> {
    return new Map([...this.led].map(([name, { leading }]) => [name, leading]));
  }

  /** viewsReached says whether the views, wherever they are run, have been at this position. */
  async viewsReached(position: Position | undefined): Promise<boolean> {
    if (position === undefined || this.context.parts.views.length === 0) return true;
    await this.follower.look();
    return this.store.comparePositions(this.follower.at, position) >= 0;
  }

  /**
   * settle resolves when what was in the log and on the topics is handled, as far as this replica handles it, and nothing is due; says
   * whether it had anything to do.
   */
  async settle(): Promise<boolean> {
    const end = await this.store.end();
    if (end !== undefined) {
      await this.follower.reached(end, 60_000);
      if (this.leads(feedsLease(this.name))) await this.feeds.caughtUp(end);
    }
    await Promise.all(this.consumptions.map((consumption) => consumption.idle()));
    for (const worker of this.workers) if (this.leads(worker.name)) await worker.settle();
    const handled = this.leads(viewsLease(this.name)) ? await this.tick() : 0;
    return handled > 0 || (await this.store.end()) !== end;
  }

  private async tick(): Promise<number> {
    return this.context.parts.deadlines.length > 0 ? this.ticker.tick(this.lease) : 0;
  }

  /** leads: this replica runs it now. The only process of a deployment does, or will in a moment. */
  private leads(name: string): boolean {
    const led = this.led.get(name);
    return led !== undefined && (led.leading || this.deployment.alone);
  }

  /** caughtUp resolves when nobody beside this process catches up its views; meanwhile it looks how far they are. */
  private async caughtUp(): Promise<void> {
    if (!this.deployment.catchUp) return;
    const looking = setInterval(() => void this.follower.look(), LOOK_MS);
    try {
      await this.deployment.catchUp(this.name, this.stop.signal);
    } finally {
      clearInterval(looking);
    }
  }

  /** lead runs it whenever this replica has its lease, which it does not ask for before `ready`. */
  private lead(
    name: string,
    work: (lease: Lease, signal: AbortSignal) => Promise<void>,
    ready: Promise<void> = Promise.resolve(),
  ): void {
    const led = new Led(name);
    this.led.set(name, led);
    const { replica } = this.deployment;
    const run = () => whileLeased(this.views, led, replica, this.logger, this.stop.signal, work);
    this.running.set(name, ready.then(run));
  }

  private async project(lease: Lease, signal: AbortSignal): Promise<void> {
    this.follower.leading = true;
    this.lease = lease;
    this.ticker.changed();
    const ended = new Ending(signal);
    const ticking = this.tickAlong(lease, ended.signal);
    try {
      await this.projections.run(lease, signal);
    } finally {
      this.follower.leading = false;
      // The signal of the lease comes only after this: whoever waits for it would never let the lease go.
      ended.end();
      await ticking;
    }
  }

  /** tickAlong ticks only once the rows have caught up with the end of the log as it was when the lease came. */
  private async tickAlong(lease: Lease, signal: AbortSignal): Promise<void> {
    if (this.context.parts.deadlines.length === 0) return;
    let end: Position | undefined | null = null;
    while (!signal.aborted) {
      try {
        if (end === null) end = await this.store.end();
        const ready = end === undefined || this.store.comparePositions(this.follower.at, end) >= 0;
        if (ready) await this.ticker.tick(lease);
      } catch (error) {
        this.warn('tick', error);
      }
      await pause(TICK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async listen(policy: Policy): Promise<void> {
    const topics = isOwn(policy) ? [ownTopic(this.context.name, policy.name)] : policy.listensTo;
    const group = `${this.context.name}.${policy.name}`;
    const consumption = await this.messages.consume({
      group,
      topics,
      startsAt: isOwn(policy) ? 'beginning' : policy.startsAt,
      signal: this.stop.signal,
      concerns: ({ event }) => Object.hasOwn(policy.on, event.type),
      handle: ({ event }) => this.react(policy, event),
      report: handledLines(this.logger, group),
    });
    this.consumptions.push(consumption);
    this.running.set(group, consumption.done);
  }

  private async react(policy: Policy, event: Envelope): Promise<void> {
    const issued = isOwn(policy)
      ? policy.on[event.type]?.(event.data as RecordedEvent<never>)
      : (policy as TopicPolicy<Record<string, object>>).on[event.type]?.(event as Envelope<string, object>);
    if (!issued?.length) return;
    const { id, correlationid, traceparent } = event;
    await this.commands.send(issued, {
      ...{ by: policy.name, of: id, correlationId: correlationid },
      ...(traceparent === undefined ? {} : { traceparent }),
    });
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private warn(what: string, error: unknown): void {
    this.logger.warn({ what, ...failureOf(error) }, 'trying again');
  }
}

function isOwn(policy: Policy): policy is OwnPolicy {
  return policy.listensTo === 'own-events';
}
