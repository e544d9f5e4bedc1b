import {
  categoryOf,
  derivedId,
  EVENT_HASH_DOMAIN,
  eventHash,
  sha256,
  type EventMetadata,
  type NewEvent,
  type RecordedEvent,
} from '@second-opinion/kernel';
import type { Spelt } from '@second-opinion/event-store';
import type { HistoryEntryAdded } from './history.events';

/** HISTORY is the category of the histories; it is never noted itself. */
export const HISTORY = 'records.history';
/** FIRST is the hash before the first entry. */
export const FIRST = '0'.repeat(64);
const RULES_VERSION = 'history-1';

export type Entry = RecordedEvent<HistoryEntryAdded>;

/** Tail of a history: the revision of its last entry (-1 when there is none yet) and that entry's hash. */
export interface Tail {
  readonly revision: number;
  readonly hash: string;
}
export const EMPTY: Tail = { revision: -1, hash: FIRST };

export const historyOf = (caseId: string): string => `${HISTORY}-${caseId}`;

/** An event belongs to the case that its metadata names, or else its data (an invoice in its series, a slot in an agenda, an erasure). */
export function caseOf(event: RecordedEvent): string | undefined {
  if (categoryOf(event.stream) === HISTORY) return undefined;
  const named = event.metadata.caseId ?? (event.data as { caseId?: unknown }).caseId;
  return typeof named === 'string' && named !== '' ? named : undefined;
}

/** The entry for an event, the same whoever makes it and however often: all of it derives from the log. */
export function entryAfter(tail: Tail, caseId: string, event: RecordedEvent): NewEvent<HistoryEntryAdded> {
  const { actorRole, actorId, actorOrganisation, onBehalfOf, rulesVersion, textVersion, recordedAt } = event.metadata;
  const id = derivedId(HISTORY, caseId, event.id);
  // In the order of RFC 8785, so that what is stored is what is hashed.
  const metadata: EventMetadata = {
    actorId: HISTORY,
    actorOrganisation: 'system',
    actorRole: 'system',
    caseId,
    causationId: event.id,
    commandId: id,
    correlationId: event.metadata.correlationId,
    recordedAt,
    rulesVersion: RULES_VERSION,
  };
  const data = {
    actorId,
    actorOrganisation,
    actorRole,
    at: recordedAt,
    caseId,
    eventHash: eventHash(event),
    eventId: event.id,
    ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
    previousHash: tail.hash,
    revision: event.revision,
    rulesVersion,
    stream: event.stream,
    ...(textVersion === undefined ? {} : { textVersion }),
    type: event.type,
  };
  return { id, type: 'HistoryEntryAdded', data, metadata };
}

/** Entries for these events in a row, and the tail after them. */
export function entriesAfter(
  tail: Tail,
  caseId: string,
  noted: readonly RecordedEvent[],
): { entries: readonly SpeltEntry[]; tail: Tail } {
  const entries: SpeltEntry[] = [];
  let last = tail;
  for (const event of noted) {
    const entry = spelt(entryAfter(last, caseId, event));
    entries.push(entry);
    last = tailAfter(entry, historyOf(caseId), last.revision + 1);
  }
  return { entries, tail: last };
}

/** SpeltEntry is a new entry with its JSON, which is hashed and stored. */
type SpeltEntry = NewEvent<HistoryEntryAdded> & Spelt;

function spelt(entry: NewEvent<HistoryEntryAdded>): SpeltEntry {
  return { ...entry, json: { data: JSON.stringify(entry.data), metadata: JSON.stringify(entry.metadata) } };
}

/** Tail after an entry that was just made: its keys stand in the order of RFC 8785 already, which `eventHash` would bring about. */
function tailAfter({ json, id, type }: SpeltEntry, stream: string, revision: number): Tail {
  const rest = JSON.stringify({ revision, stream, type }).slice(1);
  return {
    revision,
    hash: sha256(`${EVENT_HASH_DOMAIN}{"data":${json.data},"id":"${id}","metadata":${json.metadata},${rest}`),
  };
}

/** Tail when this entry is the last one. */
export function tailAt(entry: RecordedEvent): Tail {
  return { revision: entry.revision, hash: eventHash(entry) };
}
