import type { RecordedEvent } from '@second-opinion/kernel';
import type { SqliteConnection } from '@second-opinion/sqlite';
import { Chunks, type Part, type Wanted } from './chunks';
import { AFTER_EVERY_NAME, COLUMNS, Entry, eventOf, type Columns } from './entry';

/** MOST_AT_ONCE of what is in memory, so that a reader far behind does not copy all of it each time. */
const MOST_AT_ONCE = 512;
const MOST_RECENT = 8_192;
const MOST_RECENT_CHARACTERS = 16_000_000;

/**
 * Log reads the global order for everybody: subscribers that are caught up share the last appended events in memory, those that
 * catch up side by side share the {@link Chunks} they read. So an event is read and parsed about once, however many listen.
 */
export class Log {
  /** chunks of what is no longer in memory. */
  readonly chunks: Chunks;
  private recent: Entry[] = [];
  private recentSizes: number[] = [];
  private recentCharacters = 0;
  /** recentAfter: `recent` holds everything after this position. */
  private recentAfter: number;
  private last: number;

  constructor(private readonly connection: () => SqliteConnection) {
    this.chunks = new Chunks(connection);
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

  /** remembers everything after this position. */
  remembers(position: number): boolean {
    return position >= this.recentAfter;
  }

  /** after gives some of what comes after this position, which is before the end. */
  after(position: number, wanted: Wanted): Part {
    if (!this.remembers(position)) return this.chunks.after(position, this.last, wanted);
    const from = position - this.recentAfter;
    const entries = this.recent.slice(from, from + MOST_AT_ONCE);
    return { entries, upTo: entries.at(-1)?.position ?? this.last };
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

/** FEW events of a category are found one by one through the index of streams, without reading the rest of the log. */
const FEW = 256;

/**
 * fewOf gives the positions up to `end` of all events in streams whose category may begin with one of these prefixes, in order; undefined when they
 * are more than a few. So whoever waits for what hardly ever happens (an erasure) need not read a log of years at each start.
 */
export function fewOf(
  connection: SqliteConnection,
  categories: readonly string[],
  end: number,
): readonly number[] | undefined {
  const found = new Set<number>();
  for (const prefix of categories) {
    const rows = connection.tuples<readonly [number]>(
      `select position from events where stream >= ? and stream < ? limit ${FEW + 1}`,
      prefix,
      prefix + AFTER_EVERY_NAME,
    );
    for (const [position] of rows) if (position <= end) found.add(position);
    if (rows.length > FEW || found.size > FEW) return undefined;
  }
  return [...found].sort((a, b) => a - b);
}

/** entryAt this position of the log. */
export function entryAt(connection: SqliteConnection, position: number): Entry | undefined {
  const [columns] = connection.tuples<Columns>(`select ${COLUMNS} from events where position = ?`, position);
  return columns && Entry.of(columns);
}

const STREAM_FROM = `select ${COLUMNS} from events where stream = ? and revision >= ? order by revision`;

/** readStreamFrom gives a stream's events from this revision on. */
export function readStreamFrom(connection: SqliteConnection, stream: string, from: number): RecordedEvent[] {
  return connection.tuples<Columns>(STREAM_FROM, stream, Math.max(from, 0)).map((columns) => eventOf(columns));
}
