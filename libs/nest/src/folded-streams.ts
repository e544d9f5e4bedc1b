import { EventStore, type AppendResult } from '@second-opinion/event-store';
import type { Position, RecordedEvent, Relation } from '@second-opinion/kernel';
import { LRUCache } from 'lru-cache';
import type { AnyDecider } from './deciders';
import type { Draft } from './drafts';

/** Entry is a stream folded as far as it is known. */
export interface Entry {
  state: unknown;
  /** at: the stream was seen to end here at this moment (performance.now()); -Infinity: never, or an append has told otherwise since. */
  at: number;
  /** doubts: how often an append told otherwise; a look that began before the last of them proves nothing. */
  doubts: number;
  /** upTo: everything of the stream that stands at or before this place of the log is folded. */
  upTo?: Position;
  revision: number;
  readonly positions: Position[];
  /** hidden: per revision the relations that may not know of it; only for deciders that hide something. */
  readonly hidden: (readonly Relation[])[];
  readonly commands: Map<string, { bodyMac?: string | undefined; revisions: number[]; types: string[] }>;
}

const RELATIONS: readonly Relation[] = [
  'employee',
  'own-doctor',
  'candidate-doctor',
  'second-opinion-doctor',
  'back-office',
  'auditor',
  'partner',
];

/** LONG is so many events that reading a stream again costs as much as a command; with hundreds it is milliseconds. */
const LONG = 16;
const MOST_SHORT = 5_000;
const MOST_LONG = 2_500;

/**
 * FoldedStreams keeps streams as they were last folded, and reads what is new when it must. Long ones are kept apart, so that many new and
 * short ones do not drive them out.
 */
export class FoldedStreams {
  private readonly short = new LRUCache<string, Entry>({ max: MOST_SHORT });
  private readonly long = new LRUCache<string, Entry>({ max: MOST_LONG });

  constructor(
    private readonly store: EventStore,
    /** alone: nobody else appends. */
    private readonly alone: boolean,
  ) {}

  /**
   * load folds what is new since the last look, so that appends of other processes are seen before anything is decided; a look at or after
   * `since` is new enough. A process that is alone has nothing to look for, unless an append told otherwise.
   */
  async load(decider: AnyDecider, stream: string, since = Infinity): Promise<Entry> {
    const entry = this.known(stream) ?? this.empty(decider, stream, -Infinity);
    if (entry.at > -Infinity && (this.alone || entry.at >= since)) return entry;
    const at = performance.now();
    const { doubts } = entry;
    const fresh = await this.store.readStream(stream, entry.revision + 1);
    for (const event of fresh) if (event.revision === entry.revision + 1) this.take(decider, entry, event);
    if (entry.doubts === doubts) entry.at = Math.max(entry.at, at);
    return entry;
  }

  /** doubt what is known of a stream, after an append that went otherwise. */
  doubt(entry: Entry): void {
    entry.at = -Infinity;
    entry.doubts++;
  }

  /** begins: nothing stands in this stream yet, as whoever has just made up its name knows. */
  begins(decider: AnyDecider, stream: string): void {
    // The same command may have come twice at once, and the other be further already.
    if (!this.known(stream)) this.empty(decider, stream, performance.now());
  }

  /** unknown gives a stream of which nothing was read as if nothing stood there; undefined when something is known of it. */
  unknown(decider: AnyDecider, stream: string): Entry | undefined {
    return this.known(stream) ? undefined : this.empty(decider, stream, -Infinity);
  }

  /** upTo gives the stream known at least up to this position. */
  async upTo(decider: AnyDecider, stream: string, position: Position): Promise<Entry> {
    const known = this.known(stream);
    const isAtLeast = (place: Position | undefined) => this.store.comparePositions(place, position) >= 0;
    if (known && (isAtLeast(known.upTo) || isAtLeast(known.positions.at(-1)))) return known;
    const entry = await this.load(decider, stream);
    // Another look may have come further meanwhile.
    if (!isAtLeast(entry.upTo)) entry.upTo = position;
    return entry;
  }

  /** advance takes in what was appended to the entry's end; the stream was seen to end there when the append began (`at`). */
  advance({ decider, stream, entry, events, after }: Draft, appended: AppendResult, at: number): void {
    const first = appended.revision - events.length + 1;
    // Another look may have read it already, or a part of it.
    const whole = first === entry.revision + 1;
    events.forEach((event, index) => {
      // Of a batch only the last position is known; for the ETag a later position is the careful choice.
      const recorded = { ...event, stream, revision: first + index, position: appended.position };
      if (recorded.revision !== entry.revision + 1) return;
      if (!whole) entry.state = decider.evolve(entry.state, recorded);
      this.note(decider, entry, recorded);
    });
    if (whole) entry.state = after;
    entry.at = Math.max(entry.at, at);
  }

  private known(stream: string): Entry | undefined {
    const entry = this.short.get(stream);
    if (!entry) return this.long.get(stream);
    if (entry.revision >= LONG) {
      this.short.delete(stream);
      this.long.set(stream, entry);
    }
    return entry;
  }

  private empty(decider: AnyDecider, stream: string, at: number): Entry {
    const state = decider.initial as unknown;
    const entry = { state, at, doubts: 0, revision: -1, positions: [], hidden: [], commands: new Map() };
    this.short.set(stream, entry);
    return entry;
  }

  private take(decider: AnyDecider, entry: Entry, event: RecordedEvent): void {
    entry.state = decider.evolve(entry.state, event);
    this.note(decider, entry, event);
  }

  /** note what is known of a stream besides its state. */
  private note(decider: AnyDecider, entry: Entry, event: RecordedEvent): void {
    entry.revision = event.revision;
    entry.positions[event.revision] = event.position;
    if (decider.hiddenFrom)
      entry.hidden[event.revision] = RELATIONS.filter((relation) => decider.hiddenFrom?.(event, relation));
    const command = entry.commands.get(event.metadata.commandId);
    if (command) {
      command.revisions.push(event.revision);
      command.types.push(event.type);
    } else {
      entry.commands.set(event.metadata.commandId, {
        bodyMac: event.metadata.bodyMac,
        revisions: [event.revision],
        types: [event.type],
      });
    }
  }
}

/** lastSeenBy gives the revision of the last event that this relation may know of; -1: none. */
export function lastSeenBy(entry: Entry, relation: Relation): number {
  let revision = entry.revision;
  while (revision >= 0 && entry.hidden[revision]?.includes(relation)) revision--;
  return revision;
}
