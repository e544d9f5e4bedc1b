import type { Envelope } from '@second-opinion/kernel';
import type { SqliteDatabase } from '@second-opinion/sqlite';
import type { ConsumeOptions, ParkedMessage } from '../message-bus';
import { printOf } from '../print';
import type { Published } from './topic-log';

/** Parked is one row of what waits. */
export interface Parked {
  readonly parked: number;
  readonly position: number;
  readonly topic: string;
  readonly key: string;
  readonly event: string;
}

const COMMIT = 'update bus_offsets set position = ?1 where consumers = ?2 and topic = ?3 and position < ?1';

/** PARK puts a message with those that wait for a person, once; it is replayed when its key is. It reads no more where many wait. */
export const PARK = `insert into bus_parked (consumers, position, topic, key, event, reason, attempts, parked_at, replay)
  select ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,
    exists (select 1 from bus_parked where consumers = ?1 and key = ?4 and replay = 1)
  where not exists (
    select 1 from bus_parked
    where consumers = ?1 and key = ?4 and topic = ?3 and event ->> '$.id' = ?5 ->> '$.id' and event = ?5
  )
  on conflict do nothing`;

/** GroupState is what the database knows of one consumer group: how far it is and what waits for a person. */
export class GroupState {
  /** waiting keys: all under which something may be parked, so that nothing is asked for the many under which nothing is. */
  private waiting: Set<string> | undefined;
  /** skipped messages, by topic and print. */
  private skipped: Set<string> | undefined;

  constructor(
    private readonly database: SqliteDatabase,
    readonly group: string,
    private readonly now: () => number,
  ) {}

  /** offsets of the group's topics; a topic that is new to it begins where the options say. */
  offsets(options: Pick<ConsumeOptions, 'topics' | 'startsAt'>): Promise<Map<string, number>> {
    return this.database.writeRebuildable((connection) => {
      const from = options.startsAt === 'beginning' ? '0' : '(select coalesce(max(position), 0) from bus_messages)';
      for (const topic of options.topics)
        connection.run(
          `insert into bus_offsets (consumers, topic, position) values (?, ?, ${from}) on conflict do nothing`,
          this.group,
          topic,
        );
      const rows = connection.all<{ topic: string; position: number }>(
        'select topic, position from bus_offsets where consumers = ?',
        this.group,
      );
      return new Map(rows.filter((row) => options.topics.includes(row.topic)).map((row) => [row.topic, row.position]));
    });
  }

  /** commit: everything up to this position was handled or parked. Never moves backwards. */
  commit(position: number, topics: Iterable<string>): Promise<void> {
    return this.database.writeRebuildable((connection) => {
      for (const topic of topics) connection.run(COMMIT, position, this.group, topic);
    });
  }

  /** isParked: something of this key waits, so that all later messages of it wait behind. */
  isParked(key: string): boolean {
    this.waiting ??= this.waitingKeys();
    if (!this.waiting.has(key)) return false;
    // Somebody may have skipped or replayed it meanwhile; only the consumer itself, with this state, parks.
    if (this.first(key) !== undefined) return true;
    this.waiting.delete(key);
    return false;
  }

  /** isSkipped: somebody had this very message skipped, and it is told again. */
  isSkipped(message: Published): boolean {
    this.skipped ??= new Set(
      this.database.read
        .all<{ topic: string; print: string }>(
          'select topic, print from bus_skipped_messages where consumers = ?',
          this.group,
        )
        .map((row) => `${row.topic}|${row.print}`),
    );
    return this.skipped.size > 0 && this.skipped.has(`${message.topic}|${message.print}`);
  }

  /** park a message; parking it again (delivered or published twice) changes nothing. */
  async park(message: Published, reason: string, attempts: number): Promise<void> {
    (this.waiting ??= this.waitingKeys()).add(message.key);
    await this.database.writeRebuildable((connection) =>
      connection.run(
        PARK,
        this.group,
        message.position,
        message.topic,
        message.key,
        message.text,
        reason,
        attempts,
        new Date(this.now()).toISOString(),
      ),
    );
  }

  /** first that waits under this key. */
  first(key: string): Parked | undefined {
    return this.database.read.get<Parked>(
      `select parked, position, topic, key, event from bus_parked
       where consumers = ? and key = ? order by position limit 1`,
      this.group,
      key,
    );
  }

  private waitingKeys(): Set<string> {
    const rows = this.database.read.all<{ key: string }>(
      'select distinct key from bus_parked where consumers = ?',
      this.group,
    );
    return new Set(rows.map(({ key }) => key));
  }

  /** toReplay: keys that somebody asked to be handed out again; he may have skipped some. */
  toReplay(): readonly string[] {
    this.skipped = undefined;
    return this.database.read
      .all<{ key: string }>('select distinct key from bus_parked where consumers = ? and replay = 1', this.group)
      .map((row) => row.key);
  }

  /** askReplay marks the key's messages; survives a restart. False when nothing waits. */
  askReplay(key: string): Promise<boolean> {
    return this.database.writeRebuildable(
      (connection) =>
        connection.run('update bus_parked set replay = 1 where consumers = ? and key = ?', this.group, key).changes > 0,
    );
  }

  /** failedAgain keeps the message and all behind it, no longer to be replayed. */
  async failedAgain(row: Parked, reason: string, attempts: number): Promise<void> {
    await this.database.writeRebuildable((connection) => {
      connection.run(
        'update bus_parked set reason = ?, attempts = attempts + ? where parked = ?',
        reason,
        attempts,
        row.parked,
      );
      connection.run('update bus_parked set replay = 0 where consumers = ? and key = ?', this.group, row.key);
    });
  }

  /** unpark what was handled at last. */
  async unpark(row: Parked): Promise<void> {
    await this.database.writeRebuildable((connection) =>
      connection.run('delete from bus_parked where parked = ?', row.parked),
    );
  }

  /** skip drops the first message of the key, keeps why, and asks to replay those behind it. False when nothing waits. */
  skip(key: string, reason: string): Promise<boolean> {
    return this.database.writeRebuildable((connection) => {
      const first = this.first(key);
      if (!first) return false;
      connection.run(
        `insert into bus_skipped (parked, consumers, topic, key, event_id, failure, reason, skipped_at)
         select parked, consumers, topic, key, event ->> '$.id', reason, ?, ? from bus_parked where parked = ?`,
        reason,
        new Date(this.now()).toISOString(),
        first.parked,
      );
      connection.run(
        'insert into bus_skipped_messages (consumers, topic, print) values (?, ?, ?) on conflict do nothing',
        this.group,
        first.topic,
        printOf(key, first.event),
      );
      connection.run('delete from bus_parked where parked = ?', first.parked);
      connection.run('update bus_parked set replay = 1 where consumers = ? and key = ?', this.group, key);
      return true;
    });
  }
}

/** countParked of each group in which something waits. */
export function countParked(database: SqliteDatabase): ReadonlyMap<string, number> {
  const rows = database.read.all<{ consumers: string; count: number }>(
    'select consumers, count(*) as count from bus_parked group by consumers',
  );
  return new Map(rows.map(({ consumers, count }) => [consumers, count]));
}

/** listParked of one group or of all, oldest first. */
export function listParked(database: SqliteDatabase, group: string | undefined): readonly ParkedMessage[] {
  const rows = database.read.all<
    Record<'consumers' | 'topic' | 'key' | 'event' | 'reason' | 'at', string> & Record<'parked' | 'attempts', number>
  >(
    `select parked, consumers, topic, key, event, reason, attempts, parked_at as at from bus_parked
     where consumers = coalesce(?, consumers) order by parked`,
    group ?? null,
  );
  return rows.map((row) => ({
    parkedId: String(row.parked),
    group: row.consumers,
    topic: row.topic,
    key: row.key,
    event: JSON.parse(row.event) as Envelope,
    reason: row.reason,
    attempts: row.attempts,
    parkedAt: row.at,
  }));
}
