import { Invalid, NotFound } from '@second-opinion/kernel';
import { Alarm, type SqliteDatabase } from '@second-opinion/sqlite';
import { MessageBus, type ConsumeOptions, type Consumption, type Message, type ParkedMessage } from '../message-bus';
import { GroupConsumer } from './group-consumer';
import { countParked, GroupState, listParked } from './group-state';
import { BUS_SCHEMA } from './tables';
import { Published, TopicLog } from './topic-log';

/** SqliteMessageBusOptions: how eagerly consumers are woken. */
export interface SqliteMessageBusOptions {
  /** now gives real time in milliseconds. */
  readonly now?: () => number;
  /** calmMs between two wakings under load (default 25; in memory 0). */
  readonly calmMs?: number;
  /** pollMs for what other processes publish (default 500). */
  readonly pollMs?: number;
}

const TOPIC = /^[a-z][a-zA-Z0-9.-]{0,199}$/;

/**
 * SqliteMessageBus keeps topics, groups and parked messages in a {@link SqliteDatabase}. One process consumes: a second consumer
 * of a group waits until the first has stopped; other processes may publish.
 */
export class SqliteMessageBus extends MessageBus {
  private readonly log: TopicLog;
  private readonly alarm: Alarm;
  private readonly consumers = new Map<string, GroupConsumer>();
  private readonly now: () => number;

  constructor(
    private readonly database: SqliteDatabase,
    options: SqliteMessageBusOptions = {},
  ) {
    super();
    this.now = options.now ?? Date.now;
    database.schema(BUS_SCHEMA);
    this.log = new TopicLog(() => database.read);
    this.alarm = new Alarm({
      calmMs: options.calmMs ?? (database.inMemory ? 0 : 25),
      pollMs: options.pollMs ?? 500,
      look: () => this.log.look(),
    });
  }

  async publish(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const ready = messages.map(({ topic, key, event }) => {
      if (!TOPIC.test(topic) || key === '') throw new Invalid('message-bus.invalid-message');
      return { topic, key, text: JSON.stringify(event) };
    });
    const published = await this.database.writeRebuildable((connection) =>
      ready.map(({ topic, key, text }) => {
        const { rowId } = connection.run(
          'insert into bus_messages (topic, key, event) values (?, ?, ?)',
          topic,
          key,
          text,
        );
        return new Published(rowId, topic, key, text);
      }),
    );
    this.log.published(published);
    this.alarm.ring();
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    if (options.topics.length === 0) throw new Invalid('message-bus.no-topics');
    const state = this.state(options.group);
    const offsets = await state.offsets(options);
    const before = this.consumers.get(options.group);
    const consumer = new GroupConsumer(options, state, offsets, this.log, this.alarm, before);
    this.consumers.set(options.group, consumer);
    return consumer;
  }

  async parked(group?: string): Promise<readonly ParkedMessage[]> {
    return listParked(this.database, group);
  }

  async countParked(): Promise<ReadonlyMap<string, number>> {
    return countParked(this.database);
  }

  async replay(group: string, key: string): Promise<void> {
    if (!(await this.state(group).askReplay(key))) throw new NotFound('message-bus.nothing-parked');
    this.consumers.get(group)?.replay();
  }

  async skip(group: string, key: string, reason: string): Promise<void> {
    if (!(await this.state(group).skip(key, reason))) throw new NotFound('message-bus.nothing-parked');
    this.consumers.get(group)?.replay();
  }

  private state(group: string): GroupState {
    return new GroupState(this.database, group, this.now);
  }
}
