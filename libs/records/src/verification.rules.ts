import { eventHash, type RecordedEvent } from '@second-opinion/kernel';
import { caseOf, EMPTY, entryAfter, historyOf, tailAt, type Entry, type Tail } from './history.rules';

/** What can be wrong with a history, seen from the events it names. */
export type DifferenceKind =
  'ENTRY_MISSING' | 'ENTRY_CHANGED' | 'EVENT_MISSING' | 'EVENT_CHANGED' | 'EVENT_REORDERED' | 'EVENT_NOT_NOTED';

/** The first difference found: at which number of the history, and which event. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly number: number;
  readonly stream?: string;
  readonly revision?: number;
  readonly eventId?: string;
}

/** Verification of a case's history: whole, or its first difference. */
export interface Verification {
  readonly caseId: string;
  readonly entries: number;
  readonly head: string;
  readonly whole: boolean;
  readonly first?: Difference;
}

/** Evidence is what the store holds now: the entries, and all events of the streams that they name. */
export interface Evidence {
  readonly entries: readonly Entry[];
  readonly streams: ReadonlyMap<string, readonly RecordedEvent[]>;
  /** isFollowed: the history has been brought up to this event, so that it must have an entry. */
  readonly isFollowed: (event: RecordedEvent) => boolean;
  readonly compare: (a: string, b: string) => number;
}

/** Recomputes every entry from the event it names, in order, and looks for events of the case that have none. */
export function verify(caseId: string, evidence: Evidence): Verification {
  const { entries } = evidence;
  let tail: Tail = EMPTY;
  let before: RecordedEvent | undefined;
  let first: Difference | undefined;
  for (const [index, entry] of entries.entries()) {
    const event = eventOf(entry, evidence);
    const kind = kindOf(entry, index, tail, caseId, event, before, evidence.compare);
    if (kind) {
      const { stream, revision, eventId } = entry.data;
      first = { kind, number: index + 1, stream, revision, eventId };
      break;
    }
    tail = tailAt(entry);
    before = event;
  }
  first ??= notNoted(caseId, evidence);
  const head = entries.at(-1);
  return {
    caseId,
    entries: entries.length,
    head: head ? eventHash(head) : EMPTY.hash,
    whole: first === undefined,
    ...(first === undefined ? {} : { first }),
  };
}

function kindOf(
  entry: Entry,
  index: number,
  tail: Tail,
  caseId: string,
  event: RecordedEvent | undefined,
  before: RecordedEvent | undefined,
  compare: Evidence['compare'],
): DifferenceKind | undefined {
  if (entry.revision !== index) return 'ENTRY_MISSING';
  if (entry.data.previousHash !== tail.hash) return 'ENTRY_CHANGED';
  if (!event) return 'EVENT_MISSING';
  if (eventHash(event) !== entry.data.eventHash) return 'EVENT_CHANGED';
  const { position, revision } = entry;
  const expected = { ...entryAfter(tail, caseId, event), stream: historyOf(caseId), revision, position };
  if (eventHash(entry) !== eventHash(expected)) return 'ENTRY_CHANGED';
  if (before && compare(before.position, event.position) >= 0) return 'EVENT_REORDERED';
  return undefined;
}

function eventOf({ data }: Entry, { streams }: Evidence): RecordedEvent | undefined {
  return streams.get(data.stream)?.find((event) => event.revision === data.revision);
}

function notNoted(caseId: string, { entries, streams, isFollowed }: Evidence): Difference | undefined {
  const noted = new Set(entries.map((entry) => entry.data.eventId));
  for (const events of streams.values()) {
    for (const event of events) {
      if (caseOf(event) !== caseId || noted.has(event.id) || !isFollowed(event)) continue;
      const { stream, revision, id } = event;
      return { kind: 'EVENT_NOT_NOTED', number: entries.length, stream, revision, eventId: id };
    }
  }
  return undefined;
}
