import { categoryOf, type RecordedEvent } from '@second-opinion/kernel';
import type { SqliteConnection } from '@second-opinion/sqlite';
import { LRUCache } from 'lru-cache';

/** LOG_SCHEMA: one row per event; the position is the global order, the place in the stream is unique. */
export const LOG_SCHEMA = `
  create table if not exists events (
    position integer primary key autoincrement,
    stream text not null,
    revision integer not null,
    id text not null,
    type text not null,
    data text not null,
    metadata text not null,
    unique (stream, revision)
  ) strict`;

const COLUMNS = 'position, stream, revision, id, type, data, metadata';
type Columns = readonly [number, string, number, string, string, string, string];

/** Entry is one event of the log, parsed when somebody asks for it. */
export class Entry {
  private parsed: RecordedEvent | undefined;
  private named: string | undefined;

  private constructor(
    readonly position: number,
    readonly stream: string,
    private columns: Columns | undefined,
  ) {}

  /** of what stands in the table. */
  static of(columns: Columns): Entry {
    return new Entry(columns[0], columns[1], columns);
  }

  /** ofEvent of what was just appended, so that nobody reads it again. */
  static ofEvent(event: RecordedEvent): Entry {
    const entry = new Entry(Number(event.position), event.stream, undefined);
    entry.parsed = event;
    return entry;
  }

  /** category of its stream. */
  get category(): string {
    return (this.named ??= categoryOf(this.stream));
  }

  /** event, the same object for every reader. */
  get event(): RecordedEvent {
    return (this.parsed ??= this.parse());
  }

  private parse(): RecordedEvent {
    if (!this.columns) throw new TypeError('an entry has columns or an event');
    const [position, stream, revision, id, type, data, metadata] = this.columns;
    this.columns = undefined;
    return {
      stream,
      revision,
      position: String(position),
      id,
      type,
      data: JSON.parse(data) as object,
      metadata: JSON.parse(metadata) as RecordedEvent['metadata'],
    };
  }
}

const CHUNK = 512;
const MOST_RECENT = 8_192;
const MOST_RECENT_CHARACTERS = 16_000_000;

/**
 * Log reads the global order for everybody: subscribers that are caught up share the last appended events in memory, those that
 * catch up side by side share the chunks they read. So an event is read and parsed about once, however many listen.
 */
export class Log {
  private readonly chunks = new LRUCache<number, readonly Entry[]>({ max: 8 });
  private recent: Entry[] = [];
  private recentSizes: number[] = [];
  private recentCharacters = 0;
  /** recentAfter: `recent` holds everything after this position. */
  private recentAfter: number;
  private last: number;

  constructor(private readonly connection: () => SqliteConnection) {
    this.last = this.lastStored();
    this.recentAfter = this.last;
  }

  /** end is the last position known; 0 for an empty log. */
  get end(): number {
    return this.last;
  }

  /** look asks the table for appends of other processes; true when there are new ones. */
  look(): boolean {
    const stored = this.lastStored();
    if (stored <= this.last) return false;
    this.forgetRecent(stored);
    this.last = stored;
    return true;
  }

  /** appended takes over what this process has committed. */
  appended(events: readonly RecordedEvent[], characters: number): void {
    const first = Number(events[0]?.position);
    if (first !== this.last + 1) {
      // Another process came between, or this came late: memory would have a hole, so it starts anew after these.
      const stored = Math.max(this.lastStored(), this.last);
      this.forgetRecent(stored);
      this.last = stored;
      return;
    }
    for (const event of events) {
      const entry = Entry.ofEvent(event);
      this.recent.push(entry);
      this.recentSizes.push(characters / events.length);
      this.last = entry.position;
    }
    this.recentCharacters += characters;
    if (this.recent.length > MOST_RECENT || this.recentCharacters > MOST_RECENT_CHARACTERS) this.dropOldest();
  }

  /** after gives entries after this position, at least one when there is one, and whether they came from memory. */
  after(position: number): { entries: readonly Entry[]; fromMemory: boolean } {
    if (position >= this.recentAfter) {
      const from = position - this.recentAfter;
      return { entries: this.recent.slice(from, from + CHUNK), fromMemory: true };
    }
    const index = Math.floor(position / CHUNK);
    const known = this.chunks.get(index);
    const chunk = known ?? this.readChunk(index);
    const entries = chunk.filter((entry) => entry.position > position);
    // A hole in the order (a damaged or foreign table) must not stop a reader for good.
    if (entries.length === 0 && (index + 1) * CHUNK <= this.last) return this.after((index + 1) * CHUNK);
    return { entries, fromMemory: known !== undefined };
  }

  private readChunk(index: number): readonly Entry[] {
    const last = (index + 1) * CHUNK;
    const chunk = this.connection()
      .tuples<Columns>(
        `select ${COLUMNS} from events where position > ? and position <= ? order by position`,
        index * CHUNK,
        Math.min(last, this.last),
      )
      .map((columns) => Entry.of(columns));
    if (last <= this.last) this.chunks.set(index, chunk);
    return chunk;
  }

  private lastStored(): number {
    return this.connection().get<{ last: number | null }>('select max(position) as last from events')?.last ?? 0;
  }

  private dropOldest(): void {
    let drop = Math.floor(this.recent.length / 2);
    let dropped = this.recentSizes.slice(0, drop).reduce((sum, size) => sum + size, 0);
    while (this.recentCharacters - dropped > MOST_RECENT_CHARACTERS && drop < this.recent.length)
      dropped += this.recentSizes[drop++] ?? 0;
    this.recent = this.recent.slice(drop);
    this.recentSizes = this.recentSizes.slice(drop);
    this.recentCharacters -= dropped;
    this.recentAfter += drop;
  }

  private forgetRecent(after: number): void {
    this.recent = [];
    this.recentSizes = [];
    this.recentCharacters = 0;
    this.recentAfter = after;
  }
}

/** readStreamFrom gives a stream's events from this revision on. */
export function readStreamFrom(connection: SqliteConnection, stream: string, from: number): RecordedEvent[] {
  return connection
    .tuples<Columns>(
      `select ${COLUMNS} from events where stream = ? and revision >= ? order by revision`,
      stream,
      Math.max(from, 0),
    )
    .map((columns) => Entry.of(columns).event);
}
