import { categoryOf, type RecordedEvent } from '@second-opinion/kernel';
import type { Acknowledged } from './crash-clients';

// What must hold of a log however often programs and engines died while it was written. Each check names what is wrong; nothing: it holds.

/** textOf a field of an event, as text; empty when it is not there. */
export function textOf({ data }: RecordedEvent, field: string): string {
  const value = (data as Readonly<Record<string, unknown>>)[field];
  return value === undefined || value === null ? '' : String(value as string | number);
}

/** doubled names events that are there twice, and commands that appended to one stream in two places. */
export function doubled(events: readonly RecordedEvent[]): readonly string[] {
  const places = new Map<string, number[]>();
  for (const { stream, revision, metadata } of events) {
    if (stream.startsWith('records.')) continue;
    const name = `${stream} ${metadata.commandId}`;
    places.set(name, [...(places.get(name) ?? []), revision]);
  }
  const twice = [...places].filter(([, revisions]) => !consecutive(revisions)).map(([name]) => name);
  return [...repeated(events.map(({ id }) => id)), ...twice, ...createdTwice(events)];
}

/** createdTwice: what one command creates of a kind is one thing, however often it was asked for; a case is one person's, a person of one wish. */
function createdTwice(events: readonly RecordedEvent[]): readonly string[] {
  const begun = events.filter(({ revision, stream }) => revision === 0 && !stream.startsWith('records.'));
  const ofType = (type: string) => events.filter((event) => event.type === type);
  return repeated([
    ...begun.map(({ stream, metadata }) => `${categoryOf(stream)} ${metadata.commandId}`),
    ...ofType('PersonRegistered').map(({ metadata }) => `a person of ${metadata.causationId}`),
    ...ofType('CaseOfPersonRecorded').map((event) => `a person with case ${textOf(event, 'caseId')}`),
    ...ofType('SecondOpinionWishRecorded').map((event) => `a case with number ${textOf(event, 'caseNumber')}`),
  ]);
}

/** Miscounted is an acknowledged event that stands in the log more or less often than it was acknowledged. */
export interface Miscounted {
  /** what: the id of the stream and the type of the event. */
  readonly what: string;
  readonly told: number;
  readonly there: number;
}

/** lost compares what was acknowledged to users with what they did according to the log. */
export function lost(acknowledged: readonly Acknowledged[], events: readonly RecordedEvent[]): readonly Miscounted[] {
  const there = new Map<string, number>();
  for (const { stream, type, metadata } of events) {
    // What a command did besides, to another thing, it does not answer with.
    if (metadata.actorRole === 'system' || metadata.causationId !== metadata.commandId) continue;
    count(there, `${stream.slice(stream.indexOf('-') + 1)} ${type}`);
  }
  const told = new Map<string, number>();
  for (const { id, happened, path } of acknowledged)
    if (!path.startsWith('/demo/')) for (const type of happened) count(told, `${id} ${type}`);
  return [...told]
    .filter(([what, times]) => there.get(what) !== times)
    .map(([what, times]) => ({ what, told: times, there: there.get(what) ?? 0 }));
}

/** historyFaults: every event of a case stands in the histories once, and nothing else does. */
export function historyFaults(events: readonly RecordedEvent[]): readonly string[] {
  const noted = new Map<string, number>();
  for (const event of events) if (event.type === 'HistoryEntryAdded') count(noted, textOf(event, 'eventId'));
  const ofCases = new Map(events.filter(ofCase).map((event) => [event.id, event]));
  const missing = [...ofCases.values()].filter(({ id }) => !noted.has(id));
  return [
    ...missing.map(({ stream, type }) => `${stream} ${type} is in no history`),
    ...[...noted].filter(([, times]) => times !== 1).map(([id, times]) => `${id} is in the histories ${times} times`),
    ...[...noted.keys()].filter((id) => !ofCases.has(id)).map((id) => `a history names ${id}, which is not there`),
  ];
}

/** seriesFaults: the places of every number series are 1, 2, 3 and so on. */
export function seriesFaults(events: readonly RecordedEvent[]): readonly string[] {
  const next = new Map<string, number>();
  const faults: string[] = [];
  for (const event of events) {
    if (!event.stream.startsWith('billing.series-') || textOf(event, 'place') === '') continue;
    const expected = (next.get(event.stream) ?? 0) + 1;
    next.set(event.stream, expected);
    if (textOf(event, 'place') !== String(expected))
      faults.push(`${event.stream}: ${textOf(event, 'place')} where ${expected} should be`);
  }
  return faults;
}

/**
 * mailFaults: one planned message for each event, recipient and template, one Message-ID for each message, and every delivered one has
 * arrived; twice only where a crash left the outcome open and that is written down.
 */
export function mailFaults(events: readonly RecordedEvent[], arrived: readonly string[]): readonly string[] {
  const planned = events.filter(({ type }) => type === 'NotificationPlanned');
  const matters = planned.map((event) =>
    ['eventId', 'recipientId', 'template'].map((field) => textOf(event, field)).join(' '),
  );
  const headers = new Map<string, Set<string>>();
  for (const event of events)
    if (event.type === 'DeliveryAttempted')
      headers.set(event.stream, (headers.get(event.stream) ?? new Set()).add(textOf(event, 'header')));
  const sent = events.filter(({ type }) => type === 'DeliverySucceeded');
  const expected = new Set(sent.flatMap(({ stream }) => [...(headers.get(stream) ?? [])]));
  const open = events.filter(({ type }) => type === 'DeliveryOutcomeUnknown').map(({ stream }) => stream);
  const superseded = new Set(events.filter(({ type }) => type === 'DeliverySuperseded').map(({ stream }) => stream));
  const headersOf = (streams: readonly string[]) =>
    new Set(streams.flatMap((stream) => [...(headers.get(stream) ?? [])]));
  const mayRepeat = headersOf(open);
  // Not repeated until it is known to have arrived: a newer message took its place.
  const mayArrive = headersOf(open.filter((stream) => superseded.has(stream)));
  return [
    ...repeated(matters).map((matter) => `planned twice: ${matter}`),
    ...[...headers].filter(([, ids]) => ids.size !== 1).map(([stream]) => `${stream} has several Message-IDs`),
    ...[...expected].filter((id) => !arrived.includes(id)).map((id) => `${id} was delivered and has not arrived`),
    ...arrived
      .filter((id) => !expected.has(id) && !mayArrive.has(id))
      .map((id) => `${id} has arrived and was not delivered`),
    ...repeated(arrived)
      .filter((id) => !mayRepeat.has(id))
      .map((id) => `${id} has arrived twice`),
  ];
}

/** MOST_OVERTAKEN_MS: by so much a message may leave before one that was due earlier, since they are taken in their order and a few at once. */
const MOST_OVERTAKEN_MS = 10_000;

/**
 * undelivered: of every message that may leave, something came in the end; and one that a newer took the place of before it was ever begun was
 * late with all others, not passed over.
 */
export function undelivered(events: readonly RecordedEvent[]): readonly string[] {
  const streamsOf = (...types: string[]) =>
    new Set(events.filter(({ type }) => types.includes(type)).map(({ stream }) => stream));
  const ended = streamsOf('DeliverySucceeded', 'DeliveryFailed', 'DeliverySuperseded');
  const begun = streamsOf('DeliveryAttempted');
  const outside = events.filter(
    ({ type, data }) => type === 'NotificationPlanned' && (data as { outside?: boolean }).outside,
  );
  const leaving = new Set(outside.map(({ stream }) => stream));
  const dueAt = new Map<string, number>();
  for (const event of events)
    if (event.type === 'DeliveryAllowed' && leaving.has(event.stream))
      dueAt.set(event.stream, Date.parse(textOf(event, 'dueAt')));
  const faults = [...dueAt.keys()]
    .filter((stream) => !ended.has(stream))
    .map((stream) => `${stream} may leave, and does not`);
  let latest = -Infinity;
  for (const { type, stream } of events) {
    if (type === 'DeliveryAttempted') latest = Math.max(latest, dueAt.get(stream) ?? -Infinity);
    const due = dueAt.get(stream);
    if (type === 'DeliverySuperseded' && due !== undefined && !begun.has(stream) && latest > due + MOST_OVERTAKEN_MS)
      faults.push(`${stream} was passed over`);
  }
  return faults;
}

/** openCases names the cases that have begun and are not closed. */
export function openCases(events: readonly RecordedEvent[]): readonly string[] {
  const ofIntake = events.filter(({ stream }) => stream.startsWith('intake.case-'));
  const closed = new Set(ofIntake.filter(({ type }) => type === 'CaseClosed').map(({ stream }) => stream));
  return [...new Set(ofIntake.map(({ stream }) => stream))].filter((stream) => !closed.has(stream));
}

function consecutive(revisions: readonly number[]): boolean {
  return revisions.every((revision, index) => index === 0 || revision === (revisions[index - 1] ?? 0) + 1);
}

/** ofCase: events that belong to a case, by what they say about themselves; the histories are about them, not of them. */
function ofCase(event: RecordedEvent): boolean {
  if (event.stream.startsWith('records.history-')) return false;
  return Boolean(event.metadata.caseId ?? textOf(event, 'caseId'));
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function repeated(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return [...new Set(ids.filter((id) => seen.has(id) || !seen.add(id)))];
}
