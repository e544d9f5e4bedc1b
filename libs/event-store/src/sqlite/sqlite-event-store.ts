import { setTimeout as pause } from 'node:timers/promises';
import { Invalid, Unavailable, type NewEvent, type Position, type RecordedEvent } from '@second-opinion/kernel';
import { Alarm, sqliteCode, type SqliteDatabase } from '@second-opinion/sqlite';
import { checkAppend } from '../append-rules';
import {
  EventStore,
  type Append,
  type AppendResult,
  type Batch,
  type Created,
  type CreatedId,
  type Derived,
  type ExpectedRevision,
  type ReadFilter,
  type SubscribeOptions,
} from '../event-store';
import { Appends, type Written } from './appends';
import type { Reader } from './chunks';
import { CreatedIds } from './created-ids';
import { LOG_SCHEMA } from './entry';
import { entryAt, fewOf, Log, readStreamFrom } from './log';
import { Passage } from './passage';

/** SqliteEventStoreOptions: how eagerly subscribers are woken. */
export interface SqliteEventStoreOptions {
  /** calmMs between two wakings under load (default 15; in memory 0). */
  readonly calmMs?: number;
  /** pollMs for appends of other processes (default 200). */
  readonly pollMs?: number;
}

const DEFAULT_BATCH = 512;
const MOST_SKIPPED = 4_096;

/** SqliteEventStore keeps the log in one table of a {@link SqliteDatabase}; appends of one turn share one commit. */
export class SqliteEventStore extends EventStore {
  private readonly log: Log;
  private readonly ids: CreatedIds;
  private readonly appends = new Appends();
  private readonly alarm: Alarm;
  /** kept: up to this position the log is known to be on disk. */
  private kept = 0;
  /** strange: there may be something that another process appended, or an earlier one. */
  private strange = true;

  constructor(
    private readonly database: SqliteDatabase,
    options: SqliteEventStoreOptions = {},
  ) {
    super();
    database.schema(LOG_SCHEMA);
    this.log = new Log(() => database.read);
    this.ids = new CreatedIds(database);
    this.alarm = new Alarm({
      calmMs: options.calmMs ?? (database.inMemory ? 0 : 15),
      pollMs: options.pollMs ?? 200,
      look: () => database.closed || this.sees(),
    });
  }

  override async idFor(commandId: string, derived: () => Derived): Promise<CreatedId> {
    return this.ids.for(commandId, derived);
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    created?: Created,
  ): Promise<AppendResult> {
    const [result] = await this.appendInOrder([{ stream, expected, events, ...(created ? { created } : {}) }]);
    return result as AppendResult;
  }

  /** appendInOrder in one transaction: a conflict of one leaves nothing of any. */
  override async appendInOrder(batches: readonly Append[]): Promise<readonly AppendResult[]> {
    const checked = batches.map((batch) => {
      return { ...batch, serialised: checkAppend(batch.stream, batch.expected, batch.events) };
    });
    const written = await this.database.write(
      (connection) =>
        checked.map((batch, index) => {
          // What several of them create together is one thing, under one id.
          if (batch.created !== checked[index - 1]?.created) this.ids.keep(connection, batch);
          return this.appends.write(connection, batch.stream, batch.expected, batch.serialised);
        }),
      (committed) => {
        for (const { created } of checked) if (created) this.ids.committed(created);
        for (const one of committed) this.committed(one);
      },
    );
    for (const { result } of written) this.kept = Math.max(this.kept, Number(result.position));
    return written.map(({ result }) => result);
  }

  async readStream(stream: string, from = 0): Promise<readonly RecordedEvent[]> {
    const events = readStreamFrom(this.database.read, stream, from);
    await this.keep(Number(events.at(-1)?.position ?? 0));
    return events;
  }

  async readAll(options: ReadFilter & { after?: Position; limit?: number }): Promise<Batch> {
    this.look();
    const passage = this.passage(options.categories);
    const batch = this.collect(placeOf(options.after), options.limit ?? DEFAULT_BATCH, passage, false);
    await this.keep(placeOf(batch.position));
    return batch;
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<Batch> {
    const { signal, batchSize = DEFAULT_BATCH } = options;
    const reader: Reader = { at: placeOf(options.after), wanted: options.categories };
    try {
      let failures = 0;
      let passage: Passage | undefined;
      while (!signal.aborted && !this.database.closed) {
        let batch: Batch;
        try {
          if (!passage) this.refuseBeyond(reader.at);
          passage ??= this.passage(options.categories);
          await this.turn(reader, passage);
          batch = this.collect(reader.at, batchSize, passage, true);
          failures = 0;
        } catch (error) {
          if (this.database.closed) return;
          if (sqliteCode(error) === undefined) throw error;
          await pause(Math.min(5_000, 50 * 2 ** failures++), undefined, { signal }).catch(() => undefined);
          continue;
        }
        if (signal.aborted) return;
        const to = Number(batch.position);
        if (to > reader.at) {
          await this.keep(to);
          yield batch;
          reader.at = to;
        } else await this.alarm.sleep(signal);
      }
    } finally {
      this.log.chunks.leave(reader);
    }
  }

  async end(): Promise<Position | undefined> {
    this.look();
    return this.log.end === 0 ? undefined : String(this.log.end);
  }

  async demandReached(position: Position): Promise<void> {
    this.refuseBeyond(placeOf(position));
  }

  comparePositions(a: Position | undefined, b: Position | undefined): number {
    return a === b ? 0 : Number(a ?? 0) - Number(b ?? 0);
  }

  /** committed: others may read on from here while the disk is at it; they wait for it themselves. */
  private committed(written: Written): void {
    this.appends.committed(written);
    const { fresh, characters } = written;
    if (fresh.length === 0) return;
    if (Number(fresh[0]?.position) !== this.log.end + 1) this.strange = true;
    this.log.appended(fresh, characters);
    this.alarm.ring();
  }

  /** keep waits until everything up to this position is on disk: nobody acts on what a power cut could undo. */
  private async keep(position: number): Promise<void> {
    if (position <= this.kept) return;
    const upTo = Math.max(position, this.log.end);
    const strange = this.strange || position > this.log.end;
    this.strange = false;
    await this.database.onDisk(strange);
    this.kept = Math.max(this.kept, upTo);
  }

  /** look for appends of other processes: what is seen here the alarm would not ring for any more. */
  private look(): void {
    if (this.sees()) this.alarm.ring();
  }

  private sees(): boolean {
    const sees = this.log.look();
    if (sees) this.strange = true;
    return sees;
  }

  /** refuseBeyond a place that this log has never reached: then it is another log, or an older copy of this one. */
  private refuseBeyond(place: number): void {
    this.look();
    if (place > this.log.end) throw new Unavailable('event-store.position-beyond-end', { position: String(place) });
  }

  private passage(categories: readonly string[] | undefined): Passage {
    const { end } = this.log;
    return new Passage(categories, categories && fewOf(this.database.read, categories, end), end);
  }

  /** turn lets others work before more is read from the table. */
  private async turn(reader: Reader, passage: Passage): Promise<void> {
    if (this.log.remembers(reader.at) || passage.knows(reader.at)) this.log.chunks.leave(reader);
    else await this.log.chunks.turn(reader);
  }

  /** collect up to `limit` events that pass, or says how far there was nothing; when asked to, of no more than one chunk of the table. */
  private collect(after: number, limit: number, passage: Passage, oneChunk: boolean): Batch {
    const events: RecordedEvent[] = [];
    let position = after;
    while (events.length < limit && position < this.log.end && position - after < MOST_SKIPPED + limit) {
      if (passage.knows(position)) {
        position = this.collectKnown(position, limit, passage, events);
        continue;
      }
      const remembered = this.log.remembers(position);
      position = passage.take(this.log.after(position, passage.categories), limit, events);
      if (oneChunk && !remembered) break;
    }
    return { events, position: String(position), caughtUp: position >= this.log.end };
  }

  /** collectKnown goes from one known place to the next, without reading between them. */
  private collectKnown(after: number, limit: number, passage: Passage, into: RecordedEvent[]): number {
    for (const position of passage.places) {
      if (position <= after) continue;
      if (into.length >= limit) return into.length === 0 ? after : Number(into.at(-1)?.position);
      const entry = entryAt(this.database.read, position);
      if (entry && passage.passes(entry)) into.push(entry.event);
    }
    return passage.upTo;
  }
}

/** placeOf reads a position; one that no store of this kind gave is refused. */
function placeOf(position: Position | undefined): number {
  if (position === undefined) return 0;
  const place = /^[0-9]{1,16}$/.test(position) ? Number(position) : NaN;
  if (!Number.isSafeInteger(place)) throw new Invalid('event-store.invalid-position');
  return place;
}
