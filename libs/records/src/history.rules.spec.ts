import { eventHash, type RecordedEvent } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import { cases } from './cases.view';
import { caseOf, EMPTY, entriesAfter, FIRST, historyOf, type Entry } from './history.rules';
import { verify, type Evidence } from './verification.rules';

const ofCase = { caseId: 'case-1' };
const happened = (type: string, data: object = {}) => ({ type, data });
const [wished, honoured] = recorded(
  'intake.case-1',
  [happened('SecondOpinionWishRecorded'), happened('RequestHonoured')],
  { ...ofCase, actorRole: 'company-doctor', actorId: 'doctor-1', rulesVersion: 'intake-1', textVersion: 'text-7' },
) as [RecordedEvent, RecordedEvent];
const opened = {
  ...recorded('reporting.file-1', [happened('MedicalFileOpened')], ofCase)[0],
  position: '3',
} as RecordedEvent;

/** The history as it is stored for these events. */
function historyFor(...noted: RecordedEvent[]): Entry[] {
  return entriesAfter(EMPTY, 'case-1', noted).entries.map((entry, revision) => ({
    ...entry,
    stream: historyOf('case-1'),
    revision,
    position: String(100 + revision),
  }));
}

describe('which case an event belongs to', () => {
  it('the one its metadata names, or else its data; histories to none', () => {
    expect(caseOf(wished)).toBe('case-1');
    const of = (stream: string, data: object) =>
      caseOf(recorded(stream, [happened('InvoiceIssued', data)])[0] as RecordedEvent);
    expect(of('billing.series-1', { caseId: 'case-1' })).toBe('case-1');
    expect(of('intake.doctor-1', {})).toBeUndefined();
    expect(of('intake.doctor-1', { caseId: 7 })).toBeUndefined();
    expect(caseOf(historyFor(wished)[0] as RecordedEvent)).toBeUndefined();
  });
});

describe('an entry', () => {
  it('BR-77 says who decided, in which role, when, on which version of rules and text', () => {
    const [entry] = historyFor(wished);
    expect(entry?.data).toEqual({
      caseId: 'case-1',
      eventId: wished.id,
      stream: 'intake.case-1',
      revision: 0,
      type: 'SecondOpinionWishRecorded',
      at: wished.metadata.recordedAt,
      actorRole: 'company-doctor',
      actorId: 'doctor-1',
      actorOrganisation: 'organisation-1',
      rulesVersion: 'intake-1',
      textVersion: 'text-7',
      eventHash: eventHash(wished),
      previousHash: FIRST,
    });
  });

  it('carries the hash of the entry before it, across batches too', () => {
    const [first, second] = historyFor(wished, honoured) as [Entry, Entry];
    expect(second.data.previousHash).toBe(eventHash(first));
    const { tail } = entriesAfter(EMPTY, 'case-1', [wished]);
    expect(entriesAfter(tail, 'case-1', [honoured]).entries[0]?.data.previousHash).toBe(eventHash(first));
  });

  it('is the same for the same event, whoever makes it', () => {
    expect(historyFor(wished, honoured)).toEqual(historyFor(wished, honoured));
  });
});

describe('the list of cases', () => {
  it('counts entries and remembers the first and the last time', () => {
    const history = historyFor(wished, {
      ...honoured,
      metadata: { ...honoured.metadata, recordedAt: '2026-12-01T09:00:00.000Z' },
    });
    let row: ReturnType<typeof cases.project>;
    for (const entry of history) row = cases.project(row ?? undefined, entry, 'case-1');
    expect(cases.keys(history[0] as Entry)).toEqual(['case-1']);
    expect(row).toEqual({
      caseId: 'case-1',
      since: wished.metadata.recordedAt,
      lastAt: '2026-12-01T09:00:00.000Z',
      entries: 2,
    });
  });
});

describe('verification', () => {
  const evidence = (over: Partial<Evidence> = {}): Evidence => ({
    entries: historyFor(wished, honoured, opened),
    streams: new Map([
      ['intake.case-1', [wished, honoured]],
      ['reporting.file-1', [opened]],
    ]),
    isFollowed: () => true,
    compare: (a, b) => Number(a) - Number(b),
    ...over,
  });
  const first = (over: Partial<Evidence>) => verify('case-1', evidence(over)).first;

  it('finds an untouched history whole', () => {
    const entries = historyFor(wished, honoured, opened);
    expect(verify('case-1', evidence())).toEqual({
      caseId: 'case-1',
      entries: 3,
      head: eventHash(entries[2] as Entry),
      whole: true,
    });
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['data', { data: { changed: true } }],
    ['type', { type: 'RequestRefused' }],
    ['id', { id: 'another' }],
    ['actor', { metadata: { ...honoured.metadata, actorId: 'doctor-2' } }],
  ])('finds a changed %s of an event', (_, change) => {
    const streams = new Map([...evidence().streams, ['intake.case-1', [wished, { ...honoured, ...change }]]]);
    expect(first({ streams })).toEqual({
      kind: 'EVENT_CHANGED',
      number: 2,
      stream: 'intake.case-1',
      revision: 1,
      eventId: honoured.id,
    });
  });

  it('finds a removed event', () => {
    const streams = new Map([...evidence().streams, ['intake.case-1', [wished]]]);
    expect(first({ streams })).toMatchObject({ kind: 'EVENT_MISSING', number: 2 });
  });

  it('finds reordered events', () => {
    const streams = new Map([...evidence().streams, ['reporting.file-1', [{ ...opened, position: '0' }]]]);
    expect(first({ streams })).toMatchObject({ kind: 'EVENT_REORDERED', number: 3 });
  });

  it('finds a removed, a changed and a swapped entry', () => {
    const [one, two, three] = historyFor(wished, honoured, opened) as [Entry, Entry, Entry];
    expect(first({ entries: [one, three] })).toMatchObject({ kind: 'ENTRY_MISSING', number: 2 });
    expect(first({ entries: [two, three] })).toMatchObject({ kind: 'ENTRY_MISSING', number: 1 });
    const disguised = { ...two, data: { ...two.data, actorRole: 'auditor' as const } };
    expect(first({ entries: [one, disguised, three] })).toMatchObject({ kind: 'ENTRY_CHANGED', number: 2 });
    const renumbered = [one, { ...three, revision: 1 }, { ...two, revision: 2 }];
    expect(first({ entries: renumbered })).toMatchObject({ kind: 'ENTRY_CHANGED', number: 2 });
  });

  it('finds a change of the last entry, which none follows', () => {
    const [one, two, three] = historyFor(wished, honoured, opened) as [Entry, Entry, Entry];
    const late = { ...three, metadata: { ...three.metadata, recordedAt: '2030-01-01T00:00:00.000Z' } };
    expect(first({ entries: [one, two, late] })).toMatchObject({ kind: 'ENTRY_CHANGED', number: 3 });
  });

  it('finds an event that was followed and has no entry, but not one that comes next', () => {
    const entries = historyFor(wished);
    const streams = new Map([['intake.case-1', [wished, honoured]]]);
    expect(first({ entries, streams })).toMatchObject({ kind: 'EVENT_NOT_NOTED', eventId: honoured.id });
    expect(first({ entries, streams, isFollowed: (event) => event === wished })).toBeUndefined();
  });
});
