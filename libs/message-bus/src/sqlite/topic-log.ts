import type { Envelope } from '@second-opinion/kernel';
import type { SqliteConnection } from '@second-opinion/sqlite';
import type { Message } from '../message-bus';
import { printOf } from '../print';

/** Published is a message with its place among all messages. */
export class Published {
  private parsed: Message | undefined;

  constructor(
    readonly position: number,
    readonly topic: string,
    readonly key: string,
    readonly text: string,
  ) {}

  /** message, the same object for every group. */
  get message(): Message {
    return (this.parsed ??= { topic: this.topic, key: this.key, event: JSON.parse(this.text) as Envelope });
  }

  /** print of what it says, by which it is known when it is told again. */
  get print(): string {
    return printOf(this.key, this.text);
  }
}

const MOST_RECENT = 4_096;
const MOST_RECENT_CHARACTERS = 16_000_000;
const READ = 256;

/** TopicLog reads messages in order; what was just published comes from memory, for all groups alike. */
export class TopicLog {
  private recent: Published[] = [];
  private characters = 0;
  private recentAfter: number;
  private last: number;

  constructor(private readonly connection: () => SqliteConnection) {
    this.last = this.lastStored();
    this.recentAfter = this.last;
  }

  /** end is the last position known. */
  get end(): number {
    return this.last;
  }

  /** look asks the table for what other processes published; true when there is something new. */
  look(): boolean {
    const stored = this.lastStored();
    if (stored <= this.last) return false;
    this.forget(stored);
    return true;
  }

  /** published takes over what this process has stored. */
  published(messages: readonly Published[]): void {
    if (messages[0]?.position !== this.last + 1) return this.forget(Math.max(this.lastStored(), this.last));
    for (const message of messages) {
      this.recent.push(message);
      this.characters += message.text.length;
      this.last = message.position;
    }
    if (this.recent.length > MOST_RECENT || this.characters > MOST_RECENT_CHARACTERS) this.dropOldest();
  }

  /** after gives the next messages of these topics, and how far it looked. */
  after(position: number, topics: ReadonlySet<string>): { messages: readonly Published[]; position: number } {
    if (position >= this.recentAfter) {
      const from = position - this.recentAfter;
      const slice = this.recent.slice(from, from + READ);
      return {
        messages: slice.filter((message) => topics.has(message.topic)),
        position: slice.at(-1)?.position ?? position,
      };
    }
    const end = this.recentAfter;
    const rows = this.connection().all<{ position: number; topic: string; key: string; event: string }>(
      `select position, topic, key, event from bus_messages
       where position > ? and position <= ? and topic in (select value from json_each(?)) order by position limit ?`,
      position,
      end,
      JSON.stringify([...topics]),
      READ,
    );
    const messages = rows.map((row) => new Published(row.position, row.topic, row.key, row.event));
    return { messages, position: messages.length < READ ? end : (messages.at(-1)?.position ?? end) };
  }

  private lastStored(): number {
    return this.connection().get<{ last: number | null }>('select max(position) as last from bus_messages')?.last ?? 0;
  }

  private dropOldest(): void {
    let kept = 0;
    let from = this.recent.length;
    while (from > this.recent.length / 2 && kept < MOST_RECENT_CHARACTERS / 2)
      kept += this.recent[--from]?.text.length ?? 0;
    this.recent = this.recent.slice(from);
    this.characters = kept;
    this.recentAfter += from;
  }

  private forget(after: number): void {
    this.recent = [];
    this.characters = 0;
    this.recentAfter = after;
    this.last = after;
  }
}
