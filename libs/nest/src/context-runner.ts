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
} from '@second-opinion/kernel';
import { MessageBus, type Consumption } from '@second-opinion/message-bus';
import { ViewStore, type Lease } from '@second-opinion/view-store';
import { ContextDefinition } from './context-definition';
import { deadlineView, Ticker } from './deadlines';
import { Feeds, ownTopic } from './feeds';
import { Follower } from './follower';
import { SystemCommands } from './issued';
import { whileLeased } from './leased';
import { Calendar, Deployment } from './ports';
import { Projections } from './projections';
import type { Worker } from './worker';

const TICK_MS = 100;

/**
 * ContextRunner keeps one context going after the commit: views, feeds (publisher and own policies), policies on topics, deadlines and
 * workers, each at least once, each from its own checkpoint. Views, feeds, deadlines and workers run on one replica at a time.
 */
@Injectable()
export class ContextRunner implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger: Logger;
  private readonly stop = new AbortController();
  private readonly running: Promise<void>[] = [];
  private readonly consumptions: Consumption[] = [];
  private readonly projections: Projections;
  private readonly feeds: Feeds;
  private readonly ticker: Ticker;
  private readonly commands: SystemCommands;
  private workers: readonly Worker[] = [];
  private turn: Promise<unknown> = Promise.resolve();
  private lease: Lease | undefined;

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
    const { name, views: declared, deadlines, publishers, policies } = context.parts;
    this.logger = new Logger(name);
    this.commands = new SystemCommands(bus, clock, calendar);
    const due = deadlineView(name, deadlines);
    const all = deadlines.length > 0 ? [...declared, due] : [...declared];
    const inTurn = <T>(work: () => Promise<T>) => this.inTurn(work);
    this.projections = new Projections(store, views, all, follower, inTurn);
    this.ticker = new Ticker(deadlines, due, views, clock, this.commands, inTurn);
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
    this.lead(`${name}.views`, (lease, signal) => this.project(lease, signal));
    if (!this.feeds.empty) this.lead(`${name}.feeds`, (lease, signal) => this.feeds.run(lease, signal));
    for (const worker of this.workers) this.lead(worker.name, (_, signal) => worker.run(signal));
    for (const policy of policies) await this.listen(policy);
  }

  /** onApplicationShutdown stops taking work, drains what runs, and gives the leases back. */
  async onApplicationShutdown(): Promise<void> {
    this.stop.abort();
    await Promise.allSettled([...this.running, ...this.consumptions.map(({ done }) => done)]);
  }

  /** health says whether the views have reached the end of the log as it was a moment ago. */
  health(end: Position | undefined): { context: string; behind: boolean } {
    const { name, views } = this.context.parts;
    const behind =
      views.length > 0 &&
      end !== undefined &&
      this.follower.leading &&
      this.store.comparePositions(this.follower.at, end) < 0;
    return { context: name, behind };
  }

  /** settle resolves when what was in the log and on the topics is handled, and nothing is due; says whether it had anything to do. */
  async settle(): Promise<boolean> {
    const end = await this.store.end();
    if (end !== undefined) {
      await this.follower.reached(end, 60_000);
      await this.feeds.caughtUp(end);
    }
    await Promise.all(this.consumptions.map((consumption) => consumption.idle()));
    for (const worker of this.workers) await worker.settle();
    const handled = this.context.parts.deadlines.length > 0 ? await this.ticker.tick(this.lease) : 0;
    return handled > 0 || (await this.store.end()) !== end;
  }

  private lead(name: string, work: (lease: Lease, signal: AbortSignal) => Promise<void>): void {
    this.running.push(whileLeased(this.views, name, this.deployment.replica, this.logger, this.stop.signal, work));
  }

  private async project(lease: Lease, signal: AbortSignal): Promise<void> {
    this.follower.leading = true;
    this.lease = lease;
    const ticking = this.tickAlong(lease, signal);
    try {
      await this.projections.run(lease, signal);
    } finally {
      this.follower.leading = false;
      await ticking;
    }
  }

  /** tickAlong ticks only once the rows have caught up with the end of the log as it was when the lease came. */
  private async tickAlong(lease: Lease, signal: AbortSignal): Promise<void> {
    if (this.context.parts.deadlines.length === 0) return;
    const end = await this.store.end();
    while (!signal.aborted) {
      const ready = end === undefined || this.store.comparePositions(this.follower.at, end) >= 0;
      if (ready) await this.ticker.tick(lease).catch((error: unknown) => this.warn('tick', error));
      await pause(TICK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  private async listen(policy: Policy): Promise<void> {
    const topics = isOwn(policy) ? [ownTopic(this.context.name, policy.name)] : policy.listensTo;
    const consumption = await this.messages.consume({
      group: `${this.context.name}.${policy.name}`,
      topics,
      startsAt: isOwn(policy) ? 'beginning' : policy.startsAt,
      signal: this.stop.signal,
      concerns: ({ event }) => Object.hasOwn(policy.on, event.type),
      handle: ({ event }) => this.react(policy, event),
    });
    this.consumptions.push(consumption);
  }

  private async react(policy: Policy, event: Envelope): Promise<void> {
    const issued = isOwn(policy)
      ? policy.on[event.type]?.(event.data as RecordedEvent<never>)
      : (policy as TopicPolicy<Record<string, object>>).on[event.type]?.(event as Envelope<string, object>);
    if (issued?.length)
      await this.commands.send(issued, { by: policy.name, of: event.id, correlationId: event.correlationid });
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private warn(what: string, error: unknown): void {
    this.logger.warn({ what, error: error instanceof Error ? error.name : typeof error }, 'trying again');
  }
}

function isOwn(policy: Policy): policy is OwnPolicy {
  return policy.listensTo === 'own-events';
}
