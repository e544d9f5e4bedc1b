import { setTimeout as pause } from 'node:timers/promises';
import { Invalid } from '@second-opinion/kernel';
import type { ViewStore } from '@second-opinion/view-store';
import { MessageBus, type ConsumeOptions, type Consumption, type Message, type ParkedMessage } from '../message-bus';
import { Beginnings } from './beginnings';
import { BrokerFacts } from './broker-facts';
import { GroupConsumer, type Trouble } from './group-consumer';
import { ParkedRows } from './parked-rows';
import { Publisher } from './publisher';
import { clientOf, PACE, type KafkaSettings, type Pace } from './settings';
import { messageOf, outgoing, taken } from './wire';

/** CLOSE_MS is how long closing waits for brokers that do not answer. */
const CLOSE_MS = 5_000;
/** GONE_MS: so long a start that failed waits for them. */
const GONE_MS = 500;

/** KafkaMessageBusOptions: what the bus needs besides the brokers. */
export interface KafkaMessageBusOptions extends KafkaSettings {
  /** topics that must exist at start, whether they are written or read. */
  readonly topics?: readonly string[];
  /** waitMs at start for brokers that are not there yet (default 60 s). */
  readonly waitMs?: number;
  readonly pace?: Partial<Pace>;
  /** now gives real time in milliseconds. */
  readonly now?: () => number;
  /** report is told of consumers that are made anew. */
  readonly report?: (trouble: Trouble) => void;
}

const fromTheStart = () => Promise.resolve(new Map<string, bigint>());

/**
 * KafkaMessageBus carries messages through Kafka: a topic's partition keeps the order of a key, groups are Kafka's own, and parked
 * messages stand in a {@link ViewStore}. No transactions: at least once, and whoever consumes knows an event's id again.
 */
export class KafkaMessageBus extends MessageBus {
  private readonly consumers = new Set<GroupConsumer>();
  private readonly closing = new AbortController();
  private readonly watching: Promise<unknown>;

  private constructor(
    private readonly settings: KafkaSettings,
    private readonly publisher: Publisher,
    private readonly facts: BrokerFacts,
    private readonly parkedRows: ParkedRows,
    private readonly beginnings: Beginnings,
    private readonly pace: Pace,
    private readonly now: () => number,
    private readonly report: (trouble: Trouble) => void,
  ) {
    super();
    this.watching = Promise.all([
      this.every(pace.pollMs, () => this.look()),
      this.every(pace.watchMs, () => this.watch()),
    ]);
  }

  /**
   * connect waits for the brokers (bounded) and demands the topics; fails with one sentence. Parked messages are kept in `views`,
   * which every process that consumes or tends the same groups must share.
   */
  static async connect(options: KafkaMessageBusOptions, views: ViewStore): Promise<KafkaMessageBus> {
    const now = options.now ?? Date.now;
    const facts = new BrokerFacts(options);
    try {
      await facts.reach(options.waitMs ?? 60_000);
      await facts.demand(options.topics ?? []);
      const parked = new ParkedRows(views, now);
      await parked.declare();
      const publisher = new Publisher(clientOf(options));
      await publisher.connect();
      const pace = { ...PACE, ...options.pace };
      const beginnings = new Beginnings(views, facts, now);
      const report = options.report ?? (() => undefined);
      return new KafkaMessageBus(options, publisher, facts, parked, beginnings, pace, now, report);
    } catch (error) {
      const closed = facts.close().catch(() => undefined);
      await Promise.race([closed, pause(GONE_MS, undefined, { ref: false })]);
      throw error;
    }
  }

  /** demand that these topics are there, with one number of partitions; throws a sentence that names those of which that is not so. */
  demand(topics: readonly string[]): Promise<void> {
    return this.facts.demand(topics);
  }

  /** ping resolves when a broker answers. */
  ping(): Promise<void> {
    return this.facts.answers();
  }

  async publish(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const ready = messages.map(outgoing);
    await this.facts.demand([...new Set(ready.map(({ topic }) => topic))]);
    await this.publisher.publish(ready);
  }

  /**
   * first gives the message that a topic holds first, the same to all who ask, or nothing while it holds none; for a topic with one key. It
   * joins no group.
   */
  async first(topic: string): Promise<Message | undefined> {
    await this.facts.demand([topic]);
    const record = await this.facts.first(topic);
    return record && messageOf(topic, taken(record), this.now());
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    if (options.topics.length === 0) throw new Invalid('message-bus.no-topics');
    await this.facts.demand(options.topics);
    const { group, topics, startsAt } = options;
    const floors = startsAt === 'deployment' ? await this.beginnings.of(group, topics) : fromTheStart;
    const { settings, facts, parkedRows: parked, pace, now, report } = this;
    const consumer = new GroupConsumer(options, floors, { settings, facts, parked, pace, now, report });
    this.consumers.add(consumer);
    void consumer.done.then(() => this.consumers.delete(consumer));
    return consumer;
  }

  parked(group?: string): Promise<readonly ParkedMessage[]> {
    return this.parkedRows.list(group);
  }

  countParked(): Promise<ReadonlyMap<string, number>> {
    return this.parkedRows.count();
  }

  async replay(group: string, key: string): Promise<void> {
    await this.parkedRows.askReplay(group, key);
    await this.look();
  }

  async skip(group: string, key: string, reason: string): Promise<void> {
    await this.parkedRows.skip(group, key, reason);
    await this.look();
  }

  /** close ends the connections; the consumers must have been stopped by their signals. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all([...this.consumers].map(({ done }) => done));
    const ended = Promise.allSettled([this.publisher.close(), this.facts.close(), this.watching]);
    await Promise.race([ended, pause(CLOSE_MS, undefined, { ref: false })]);
  }

  private async look(): Promise<void> {
    const groups = [...new Set([...this.consumers].map(({ options }) => options.group))];
    const asked = await this.parkedRows.asked(groups);
    for (const consumer of this.consumers) consumer.look(asked);
  }

  private async watch(): Promise<void> {
    const consumers = [...this.consumers];
    const ends = await this.facts.ends([...new Set(consumers.flatMap(({ options }) => options.topics))]);
    for (const consumer of consumers)
      consumer.watch(ends.filter(({ topic }) => consumer.options.topics.includes(topic)));
  }

  private async every(ms: number, work: () => Promise<void>): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) await work().catch(() => undefined);
    }
  }
}
