import { OUTCOMES } from '@second-opinion/contracts';
import { instantOfLocal, type RecordedEvent } from '@second-opinion/kernel';
import { textOf } from './invariants';

// What must hold of the log of every case, whatever way it went. Each check names what is wrong; nothing: it holds.

/** caseOf an event: the stream's own for those that have one for each case. */
export const caseOf = ({ stream, data }: RecordedEvent): string =>
  stream.startsWith('billing.series-') || stream.startsWith('scheduling.agenda-')
    ? textOf({ data } as RecordedEvent, 'caseId')
    : stream.slice(stream.indexOf('-') + 1);

const isOf = (event: RecordedEvent, category: string): boolean => event.stream.startsWith(`${category}-`);

/** unsignedFaults: BR-58, nobody is examined but on a quote that is signed for his doctor, and that no other has taken the place of. */
export function unsignedFaults(events: readonly RecordedEvent[]): readonly string[] {
  const signed = new Map<string, string>();
  const faults: string[] = [];
  for (const event of events) {
    const place = `${caseOf(event)} ${textOf(event, 'doctorId')}`;
    if (event.type === 'QuoteSigned' || event.type === 'QuoteCarriedOver') signed.set(place, textOf(event, 'quoteId'));
    if (event.type === 'QuoteSuperseded')
      for (const [key, quoteId] of signed) if (quoteId === textOf(event, 'quoteId')) signed.delete(key);
    if (event.type === 'ConsultationHeld' && !signed.has(place))
      faults.push(`BR-58 ${place}: held without a signed quote`);
  }
  return faults;
}

/** independenceFaults: A7, A10: nobody is invited to a doctor who did not declare his independence. */
export function independenceFaults(events: readonly RecordedEvent[]): readonly string[] {
  const declared = new Set<string>();
  const faults: string[] = [];
  for (const event of events) {
    const place = `${caseOf(event)} ${textOf(event, 'doctorId')}`;
    if (event.type === 'IndependenceConfirmed') declared.add(place);
    if (event.type === 'AppointmentConfirmed' && !declared.has(place))
      faults.push(`A10 ${place}: confirmed without a declaration of independence`);
  }
  return faults;
}

const ENDS_CONSENT = ['ReleaseConsentWithdrawn', 'ReportBlocked', 'RequestWithdrawn', 'ReportSharedWithEmployee'];

/** releaseFaults: BR-34, BR-37: a report is released only on a consent in that version that stands. */
export function releaseFaults(events: readonly RecordedEvent[]): readonly string[] {
  const consents = new Map<string, string>();
  const faults: string[] = [];
  for (const event of events) {
    if (!isOf(event, 'reporting.file')) continue;
    const caseId = caseOf(event);
    if (event.type === 'ReleaseConsentGranted') consents.set(caseId, textOf(event, 'version'));
    if (ENDS_CONSENT.includes(event.type)) consents.delete(caseId);
    if (event.type === 'ReportReleased' && consents.get(caseId) !== textOf(event, 'version'))
      faults.push(`BR-34 ${caseId}: version ${textOf(event, 'version')} is released without a consent in force`);
  }
  return faults;
}

/** silenceFaults: section 3, an employee is silent, and told of as such, only after both reminders of what he was asked last. */
export function silenceFaults(events: readonly RecordedEvent[]): readonly string[] {
  const reminders = new Map<string, number>();
  const faults: string[] = [];
  for (const event of events) {
    const caseId = caseOf(event);
    const sent = reminders.get(caseId) ?? 0;
    if (event.type === 'EmployeeAsked') reminders.set(caseId, 0);
    if (event.type === 'AnswerReminderDue') reminders.set(caseId, sent + 1);
    if (event.type === 'EmployeeSilent' && sent < 2) faults.push(`section 3 ${caseId}: silent after ${sent} reminders`);
  }
  return faults;
}

/** invoiceFaults: BR-53, what was shared is invoiced; nothing twice, and nothing without a signed quote. */
export function invoiceFaults(events: readonly RecordedEvent[]): readonly string[] {
  const cases = (type: string) => new Set(events.filter((event) => event.type === type).map(caseOf));
  const invoices = events.filter((event) => isOf(event, 'billing.series') && event.type === 'InvoiceIssued');
  const charges = invoices.map((event) => `${caseOf(event)} ${textOf(event, 'charge')}`);
  const signed = cases('QuoteSigned');
  return [
    ...[...cases('ReportSharedWithEmployee')]
      .filter((caseId) => !charges.includes(`${caseId} SECOND_OPINION`))
      .map((caseId) => `BR-53 ${caseId}: shared and not invoiced`),
    ...charges.filter((charge, at) => charges.indexOf(charge) !== at).map((charge) => `${charge} is charged twice`),
    ...invoices.filter((event) => !signed.has(caseOf(event))).map((event) => `${caseOf(event)}: invoiced unsigned`),
  ];
}

/** REASONS for a charge besides the advice itself: what must have happened (domain section 8). */
const REASONS: Readonly<Record<string, (event: RecordedEvent) => boolean>> = {
  NO_SHOW: ({ type }) => type === 'NoShowRecorded',
  WORKED_HOURS: ({ type }) => type === 'WorkedHoursStated',
  LATE_CANCELLATION: (event) =>
    event.type === 'AppointmentCancelled' &&
    textOf(event, 'by') === 'employee' &&
    textOf(event, 'noticeClass') !== 'FREE',
};

/** feeFaults: a fee is charged for what the employee did, and for nothing else. */
export function feeFaults(events: readonly RecordedEvent[]): readonly string[] {
  return events
    .filter((event) => isOf(event, 'billing.series') && event.type === 'InvoiceIssued')
    .map((event) => ({ caseId: caseOf(event), charge: textOf(event, 'charge') }))
    .filter(({ caseId, charge }) => {
      const reason = REASONS[charge];
      return reason !== undefined && !events.some((event) => caseOf(event) === caseId && reason(event));
    })
    .map(({ caseId, charge }) => `${caseId} is charged ${charge} without a reason`);
}

/** slotFaults: no case that is closed keeps a slot that is still to come. */
export function slotFaults(events: readonly RecordedEvent[]): readonly string[] {
  const taken = new Map<string, RecordedEvent>();
  const closed = new Map<string, string>();
  for (const event of events) {
    if (event.type === 'CaseClosed') closed.set(caseOf(event), textOf(event, 'closedAt'));
    if (!isOf(event, 'scheduling.agenda')) continue;
    if (event.type === 'SlotTaken') taken.set(textOf(event, 'slotId'), event);
    if (event.type === 'SlotFreed' || event.type === 'SlotClosed') taken.delete(textOf(event, 'slotId'));
  }
  const startOf = (event: RecordedEvent) => instantOfLocal(textOf(event, 'startsAt'), textOf(event, 'zone'));
  return [...taken.values()]
    .filter((event) => startOf(event) > (closed.get(caseOf(event)) ?? '9999'))
    .map((event) => `${caseOf(event)} keeps the slot of ${textOf(event, 'startsAt')}`);
}

const STOPS_CLOCK = ['ReportSharedWithEmployee', 'NotExecutableDecided', 'RequestWithdrawn', 'CaseEndNoted'];

/** CaseClock as the log tells it: its limit, what it waits for, and which terms were said to have passed. */
interface CaseClock {
  limit: string;
  stopped: boolean;
  readonly paused: Set<string>;
  readonly said: Set<string>;
}

/** clockFaults: domain section 6, the clock of a case moves only until it is stopped, ends each pause once, and its limit passes in no silence. */
export function clockFaults(events: readonly RecordedEvent[]): readonly string[] {
  const clocks = new Map<string, CaseClock>();
  return events.flatMap((event) => {
    if (!isOf(event, 'reporting.file')) return [];
    const caseId = caseOf(event);
    const clock = clocks.get(caseId) ?? { limit: '', stopped: false, paused: new Set(), said: new Set() };
    clocks.set(caseId, clock);
    return [...movedFaults(clock, event), ...stoppedFaults(clock, event)].map((fault) => `${caseId}: ${fault}`);
  });
}

function movedFaults(clock: CaseClock, event: RecordedEvent): string[] {
  const { type } = event;
  const [ref, limit, said] = [textOf(event, 'ref'), textOf(event, 'limitDueAt'), termOf(event)];
  if (textOf(event, 'clock') !== 'CASE' && type !== 'CaseOverdue') return [];
  const faults = clock.stopped ? [`${type} after the clock was stopped`] : [];
  switch (type) {
    case 'CaseOverdue':
      if (clock.said.has(said)) faults.push(`${said} is said twice`);
      clock.said.add(said);
      return faults;
    case 'ClockPaused':
      clock.paused.add(ref);
      if (clock.limit > textOf(event, 'at')) clock.limit = '';
      return faults;
    case 'ClockResumed':
      if (!clock.paused.delete(ref)) faults.push(`${ref} is resumed, and was not paused`);
  }
  clock.limit = limit;
  return faults;
}

function stoppedFaults(clock: CaseClock, event: RecordedEvent): string[] {
  if (clock.stopped || !STOPS_CLOCK.includes(event.type)) return [];
  clock.stopped = true;
  const late = clock.limit !== '' && textOf(event, 'sharedAt') > clock.limit && !clock.said.has(`LIMIT ${clock.limit}`);
  return late ? [`shared after the limit of ${clock.limit}, of which nobody was told`] : [];
}

const termOf = (event: RecordedEvent): string => `${textOf(event, 'term')} ${textOf(event, 'dueAt')}`;

/** NEEDED for an outcome: one of these must have happened. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  RELEASED_ADOPTED: ['FollowUpRecorded'],
  RELEASED_PARTLY_ADOPTED: ['FollowUpRecorded'],
  RELEASED_NOT_ADOPTED: ['FollowUpRecorded'],
  RELEASED_NO_FOLLOW_UP_KNOWN: ['FollowUpTermEnded'],
  BLOCKED: ['ReportBlocked', 'ReleaseConsentWithdrawn'],
  RELEASE_DECISION_LAPSED: ['ReleaseDecisionLapsed'],
  REFUSED: ['RequestRefused'],
  REDIRECTED: ['OtherInstrumentChosen'],
  WITHDRAWN: ['RequestWithdrawn'],
  QUOTE_NOT_SIGNED: ['QuoteDeclined', 'QuoteExpired'],
  NO_DOCTOR: ['EndedForLackOfDoctor'],
  NOT_EXECUTABLE: ['NotExecutableDecided'],
  NO_SHOW: ['NoShowRecorded', 'ConsultationAborted', 'EndedWithoutAppointment', 'EndedForUnreachableEmployee'],
};
const AFTER_SHARING = ['RELEASED_', 'BLOCKED', 'RELEASE_DECISION_LAPSED', 'WITHDRAWN'];

/** outcomeFaults: a case closes with an outcome of the domain that its history bears out, and once for each opening. */
export function outcomeFaults(events: readonly RecordedEvent[]): readonly string[] {
  const seen = new Map<string, Set<string>>();
  const faults: string[] = [];
  for (const event of events) {
    const caseId = caseOf(event);
    const types = seen.get(caseId) ?? new Set();
    seen.set(caseId, types);
    if (event.type === 'CaseClosed') faults.push(...closingFaults(caseId, textOf(event, 'outcome'), types));
    if (event.type === 'CaseReopened') types.delete('CaseClosed');
    else types.add(event.type);
  }
  return faults;
}

function closingFaults(caseId: string, outcome: string, types: ReadonlySet<string>): string[] {
  const says = (what: string) => `${caseId} closes ${outcome} ${what}`;
  const released = types.has('ReportReleased');
  return [
    ...(OUTCOMES.some((one) => one === outcome) ? [] : [says('which is no outcome')]),
    ...(types.has('CaseClosed') ? [says('a second time')] : []),
    ...((NEEDED[outcome] ?? []).some((type) => types.has(type)) ? [] : [says('and nothing of it has happened')]),
    ...(released !== outcome.startsWith('RELEASED_') ? [says(released ? 'after a release' : 'without a release')] : []),
    ...(types.has('ReportSharedWithEmployee') && !AFTER_SHARING.some((one) => outcome.startsWith(one))
      ? [says('after the report was shared')]
      : []),
  ];
}

const CHECKS = [
  ...[unsignedFaults, independenceFaults, releaseFaults, silenceFaults],
  ...[invoiceFaults, feeFaults, slotFaults, outcomeFaults, clockFaults],
];

/** caseFaults: all of these. */
export function caseFaults(events: readonly RecordedEvent[]): readonly string[] {
  return CHECKS.flatMap((check) => check(events));
}
