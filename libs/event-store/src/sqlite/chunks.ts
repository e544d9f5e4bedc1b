import { setImmediate as turn } from 'node:timers/promises';
import type { SqliteConnection } from '@second-opinion/sqlite';
import { LRUCache } from 'lru-cache';
import { COLUMNS, Entry, type Columns } from './entry';

const CHUNK = 512;
const MOST_CHUNKS = 8;
const MOST_TURNS = 32;

/** Reader is somebody who reads what is no longer in memory, and how far he is. */
export interface Reader {
  at: number;
}

/**
 * Chunks of the log as they stand in the table, for readers that catch up side by side: the last few stay in memory, and whoever is ahead
 * lets the others come after him before he reads on, so that each chunk is read about once. Nothing stays when nobody reads.
 */
export class Chunks {
  private readonly kept = new LRUCache<number, readonly Entry[]>({ max: MOST_CHUNKS });
  private readonly readers = new Set<Reader>();

  constructor(private readonly connection: () => SqliteConnection) {}

  /** after gives the rest of the chunk that holds this position, at least one entry when there is one up to `end`. */
  after(position: number, end: number): readonly Entry[] {
    for (let index = chunkOf(position); index * CHUNK < end; index++) {
      const chunk = this.kept.get(index) ?? this.read(index, end);
      const entries = (chunk[0]?.position ?? 0) > position ? chunk : chunk.filter((entry) => entry.position > position);
      // A hole in the order (a damaged or foreign table) must not stop a reader for good.
      if (entries.length > 0) return entries;
    }
    return [];
  }

  /** turn lets others do their work before this reader makes us read, and lets those who are behind him come near. */
  async turn(reader: Reader): Promise<void> {
    this.readers.add(reader);
    const index = chunkOf(reader.at);
    if (this.kept.has(index)) return;
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

  private read(index: number, end: number): readonly Entry[] {
    const last = (index + 1) * CHUNK;
    const chunk = this.connection()
      .tuples<Columns>(
        `select ${COLUMNS} from events where position > ? and position <= ? order by position`,
        index * CHUNK,
        Math.min(last, end),
      )
      .map((columns) => Entry.of(columns));
    if (last <= end && this.readers.size > 0) this.kept.set(index, chunk);
    return chunk;
  }
}

function chunkOf(position: number): number {
  return Math.floor(position / CHUNK);
}
