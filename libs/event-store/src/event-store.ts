import { DomainError, type NewEvent, type Position, type RecordedEvent } from '@second-opinion/kernel';

/** ExpectedRevision is that the stream must not exist, or its exact last revision. Never "any": no server keeps its promises there. */
export type ExpectedRevision = 'no-stream' | number;

/** AppendResult names the last event of the batch. */
export interface AppendResult {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  /** stood: this very batch stood there already, and others may stand after it; absent also where the store cannot tell. */
  readonly stood?: true;
}

/** Created is the id that a command gave to what it creates. */
export interface Created {
  readonly commandId: string;
  readonly id: string;
}

/** Spelt is an event whose maker has its JSON already: exactly what `JSON.stringify` gives for its data and its metadata. */
export interface Spelt extends NewEvent {
  readonly json: { readonly data: string; readonly metadata: string };
}

/** CreatedId is the id of what a command creates; `isNew`: nobody has been told of it before, so that nothing can stand under it. */
export interface CreatedId {
  readonly id: string;
  readonly isNew: boolean;
}

/** Derived is the id that follows from the command alone, and the stream that what it creates would have under it. */
export interface Derived {
  readonly id: string;
  readonly stream: string;
}

/** Append is one batch for one stream; `created` says that it belongs to what a command creates. */
export interface Append {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewEvent[];
  readonly created?: Created;
}

/** RevisionConflict: the stream is not where the writer thought; `actual` is its last revision or `no-stream`. Nothing was written there. */
export class RevisionConflict extends DomainError {
  readonly kind = 'conflict';
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    readonly actual: ExpectedRevision,
  ) {
    super('revision-conflict', { expected, actual });
  }
}

/** ReadFilter narrows what is read: streams whose category begins with one of these prefixes; absent: all. */
export interface ReadFilter {
  readonly categories?: readonly string[];
}

/** SubscribeOptions of a live subscription. */
export interface SubscribeOptions extends ReadFilter {
  /** after: exclusive; absent = from the beginning. */
  readonly after?: Position;
  /** batchSize: at most so many events are yielded at once (default 512). */
  readonly batchSize?: number;
  /** signal ends the subscription: the iteration is done, without an error. */
  readonly signal: AbortSignal;
}

/** Batch of a subscription: events that pass the filter, and how far the log was read (beyond the last event when others were skipped). */
export interface Batch {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
  /** caughtUp: at this moment nothing more was in the log, but for what was appended within the last second. */
  readonly caughtUp: boolean;
}

/** MAX_APPEND_BYTES is the most that one append may hold, JSON of data and metadata together, and twice the length of the types; refused before anything is written. */
export const MAX_APPEND_BYTES = 1_000_000;

/**
 * EventStore keeps append-only streams. Promises (one contract suite proves them on every adapter):
 * an append is durable before it is acknowledged, atomic for one stream, and either lands whole or not at all;
 * the same event ids at the same expected revision give the first result and write nothing;
 * at another revision nothing is promised about repeated ids: a retry keeps ids and revision;
 * positions give one global order; a reader sees events in that order and never one before an earlier one.
 */
export abstract class EventStore {
  /**
   * idFor gives the id of what a command creates: once an append has said that it was `created` under it, always that one. Where streams are kept in
   * the order of their names it begins with the time, so that what begins together stands together; elsewhere, and where its stream stands
   * already, it is the derived one.
   */
  idFor(_commandId: string, derived: () => Derived): Promise<CreatedId> {
    return Promise.resolve({ id: derived().id, isNew: false });
  }
  /** append throws {@link RevisionConflict}, also when the command has created something under another id; or `Invalid('event-store.invalid-append')` for an empty batch, bad id, bad name or too large a batch. An event may bring its JSON ({@link Spelt}). */
  abstract append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    created?: Created,
  ): Promise<AppendResult>;
  /**
   * appendInOrder appends several batches, to different streams, each only once the one before it stands: no reader sees a later one without an
   * earlier; a crash or an error leaves the first of them, or none. Throws as `append` does; where it was cut, the same call again completes it.
   */
  async appendInOrder(batches: readonly Append[]): Promise<readonly AppendResult[]> {
    const results: AppendResult[] = [];
    for (const { stream, expected, events, created } of batches)
      results.push(await this.append(stream, expected, events, created));
    return results;
  }
  /** readStream gives the events from this revision on (inclusive, default 0), in order; none when the stream does not exist. */
  abstract readStream(stream: string, from?: number): Promise<readonly RecordedEvent[]>;
  /** readAll gives up to `limit` events after this position (exclusive), in global order, and how far it read. */
  abstract readAll(options: ReadFilter & { after?: Position; limit?: number }): Promise<Batch>;
  /**
   * subscribe yields batches from the position on, live, for ever: it heals itself after the server was away, resumes after the
   * last yielded batch, loses and reorders nothing. A batch may be empty of events when only the position moved.
   */
  abstract subscribe(options: SubscribeOptions): AsyncIterable<Batch>;
  /** end gives the position of the last event in the log, or undefined when it is empty. */
  abstract end(): Promise<Position | undefined>;
  /**
   * demandReached throws where a subscription from this position would: `Unavailable('event-store.position-beyond-end')` when the log has never
   * reached it (another log, or an older copy), `Unavailable('event-store.position-unknown')` when it is no place of this log.
   */
  abstract demandReached(position: Position): Promise<void>;
  /** comparePositions: negative, 0 or positive, as a comes before, at or after b; undefined is before everything. */
  abstract comparePositions(a: Position | undefined, b: Position | undefined): number;
}
