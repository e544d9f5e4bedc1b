import { setImmediate as turn } from 'node:timers/promises';
import type { SqliteConnection } from '@second-opinion/sqlite';
import { LRUCache } from 'lru-cache';
import { AFTER_EVERY_NAME, COLUMNS, Entry, type Columns } from './entry';

const CHUNK = 512;
const MOST_CHUNKS = 8;
const MOST_TURNS = 32;

/** Wanted are the categories, by how they begin, that somebody is given; undefined: all. */
export type Wanted = readonly string[] | undefined;

/** Reader is somebody who reads what is no longer in memory, how far he is, and what he is given. */
export interface Reader {
  at: number;
  readonly wanted: Wanted;
}

/** Part is a stretch of the log: what of it somebody wants, up to this position. */
export interface Part {
  readonly entries: readonly Entry[];
  readonly upTo: number;
}

interface Chunk {
  readonly entries: readonly Entry[];
  readonly holds: Wanted;
}

/**
 * Chunks of the log as they stand in the table, for readers that catch up side by side: the last few stay in memory, and whoever is ahead
 * lets the others come after him before he reads on, so that each chunk is read about once; what none of them wants (the history is half of
 * the log) is not read at all. Nothing stays when nobody reads.
 */
export class Chunks {
  private readonly kept = new LRUCache<number, Chunk>({ max: MOST_CHUNKS });
  private readonly readers = new Set<Reader>();

  constructor(private readonly connection: () => SqliteConnection) {}

  /** after gives what is wanted of the rest of the chunk that holds this position, which is before `end`. */
  after(position: number, end: number, wanted: Wanted): Part {
    const index = chunkOf(position);
    const { entries } = this.keptFor(index, wanted) ?? this.read(index, end, wanted);
    const isWhole = (entries[0]?.position ?? 0) > position;
    return {
      entries: isWhole ? entries : entries.filter((entry) => entry.position > position),
      upTo: Math.min((index + 1) * CHUNK, end),
    };
  }

  /** turn lets others do their work before this reader makes us read, and lets those who are behind him come near. */
  async turn(reader: Reader): Promise<void> {
    this.readers.add(reader);
    const index = chunkOf(reader.at);
    if (this.keptFor(index, reader.wanted)) return;
    // Somebody who is stuck keeps nobody waiting: so many turns are nothing when no one does anything in them.
    for (let turns = 0; turns === 0 || (turns < MOST_TURNS && this.othersBehind(index)); turns++) await turn();
  }

  /** leave tells that this reader no longer reads here. */
  leave(reader: Reader): void {
    if (this.readers.delete(reader) && this.readers.size === 0) this.kept.clear();
  }

  private othersBehind(index: number): boolean {
    for (const { at } of this.readers) if (chunkOf(at) < index) return true;
    return false;
  }

  /** keptFor gives the chunk when it is in memory and holds what is wanted. */
  private keptFor(index: number, wanted: Wanted): Chunk | undefined {
    const kept = this.kept.get(index);
    return kept && includes(kept.holds, wanted) ? kept : undefined;
  }

  private read(index: number, end: number, wanted: Wanted): Chunk {
    const last = (index + 1) * CHUNK;
    const holds = together([wanted, ...[...this.readers].map((reader) => reader.wanted)]);
    // Whoever wants nothing moves on all the same.
    const ranges = holds?.map(() => 'stream >= ? and stream < ?').join(' or ') || 'false';
    const where = holds === undefined ? '' : ` and (${ranges})`;
    const rows = this.connection().tuples<Columns>(
      `select ${COLUMNS} from events where position > ? and position <= ?${where} order by position`,
      index * CHUNK,
      Math.min(last, end),
      ...(holds ?? []).flatMap((prefix) => [prefix, prefix + AFTER_EVERY_NAME]),
    );
    const chunk = { entries: rows.map((columns) => Entry.of(columns)), holds };
    if (last <= end && this.readers.size > 0) this.kept.set(index, chunk);
    return chunk;
  }
}

/** together is what all of them want. */
function together(all: readonly Wanted[]): Wanted {
  return all.includes(undefined) ? undefined : [...new Set(all.flatMap((one) => one ?? []))];
}

function includes(holds: Wanted, wanted: Wanted): boolean {
  if (holds === undefined) return true;
  return wanted?.every((prefix) => holds.some((held) => prefix.startsWith(held))) ?? false;
}

function chunkOf(position: number): number {
  return Math.floor(position / CHUNK);
}
