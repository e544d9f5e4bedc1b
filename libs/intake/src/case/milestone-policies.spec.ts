import { billingMessages, reportingMessages, schedulingMessages } from '@second-opinion/contracts';
import { fold, type Envelope, type IssuedCommand } from '@second-opinion/kernel';
import { circumstances, permutations, recorded } from '@second-opinion/kernel/testing';
import Schema from 'typebox/value';
import * as f from '../testing/case.fixtures';
import type { NoteMilestone } from './case.commands';
import { secondOpinionCase } from './case.decider';
import type { CaseEvent } from './case.events';
import { caseOverview, type CaseOverview } from './case-overview.view';
import { awaitedOf } from './case-progress.rules';
import { whenAppointmentMovesNoteMilestone } from './when-appointment-moves-note-milestone.policy';
import { whenFileMovesNoteMilestone } from './when-file-moves-note-milestone.policy';
import { whenQuoteMovesNoteMilestone } from './when-quote-moves-note-milestone.policy';

const { caseId, at } = f;
const slot = {
  doctorId: 'doctor-first',
  locationId: 'l',
  startsAt: '2026-12-01T09:00',
  endsAt: '2026-12-01T10:30',
  zone: 'Europe/Amsterdam',
};
const place = { appointmentId: 'a', sequence: 0, ...slot, locationName: 'n', locationAddress: 'x' };
const schemas = { ...billingMessages, ...schedulingMessages, ...reportingMessages };
const told: Record<string, object> = {
  QuoteIssued: {
    caseId,
    quoteId: 'q',
    round: 1,
    doctorId: 'doctor-first',
    netCents: 1,
    vatCents: 1,
    totalCents: 2,
    vatTreatment: 'STANDARD_21',
    payer: 'EMPLOYER',
    termsVersion: 't',
    explanationVersion: 'e',
    validUntil: at,
    issuedAt: at,
  },
  QuoteSigned: { caseId, quoteId: 'q', doctorId: 'doctor-first', signedAt: at },
  QuoteDeclined: { caseId, quoteId: 'q' },
  QuoteExpired: { caseId, quoteId: 'q' },
  QuoteSuperseded: { caseId, quoteId: 'q' },
  QuoteOverdue: { caseId, dueAt: at },
  InvoiceIssued: {
    caseId,
    invoiceNumber: 'SO2026-000001',
    charge: 'SECOND_OPINION',
    payer: 'EMPLOYER',
    netCents: 1,
    vatCents: 1,
    totalCents: 2,
    issuedOn: '2026-12-01',
    paymentDueOn: '2026-12-31',
  },
  BillingSettled: { caseId, invoiced: true },
  SlotReserved: { caseId, ...slot, expiresAt: at },
  SlotReleased: { caseId, doctorId: 'doctor-first', startsAt: slot.startsAt, cause: 'expired' },
  NoSlotWithinSla: { caseId, doctorId: 'doctor-first' },
  AppointmentConfirmed: { caseId, ...place },
  AppointmentRescheduled: { caseId, ...place, sequence: 1, by: 'employee' },
  AppointmentCancelled: {
    caseId,
    appointmentId: 'a',
    sequence: 2,
    doctorId: 'doctor-first',
    locationId: 'l',
    startsAt: slot.startsAt,
    zone: slot.zone,
    by: 'employee',
    noticeClass: 'FREE',
    noticeHours: 90,
    illnessProof: false,
  },
  ConsultationHeld: { caseId, doctorId: 'doctor-first', locationId: 'l', durationMinutes: 80, heldAt: at },
  NoShowRecorded: {
    caseId,
    doctorId: 'doctor-first',
    appointmentId: 'a',
    count: 2,
    final: true,
    illnessProof: false,
    recordedAt: at,
  },
  EndedWithoutAppointment: { caseId, doctorId: 'doctor-first', at },
  ConsultationAborted: { caseId, doctorId: 'doctor-first', final: false },
  MedicalFileOpened: { caseId },
  TransferAuthorisationAsked: { caseId },
  TransferAuthorisationGranted: { caseId, at },
  TransferAuthorisationRefused: { caseId, at },
  TransferAuthorisationWithdrawn: { caseId, at },
  ProceedingWithoutOwnDossier: { caseId },
  NotExecutableDecided: { caseId, at },
  DossierClosed: { caseId },
  ReportOverdue: { caseId, dueAt: at },
  ReportSharedWithEmployee: {
    caseId,
    version: 1,
    firstSharing: true,
    sharedAt: at,
    decisionDueAt: at,
    correctionDueAt: at,
  },
  ReportReleased: { caseId, version: 1, hash: 'a'.repeat(43), releasedAt: at, followUpDueAt: at },
  ReportNotReleased: { caseId, outcome: 'LAPSED', at },
  RequestWithdrawn: { caseId, withdrawnAt: at, consultationHeld: false },
  FollowUpRecorded: { caseId, adoption: 'PARTLY', motivation: 'seal' },
  FollowUpTermEnded: { caseId, at },
};
type On = Record<string, ((event: Envelope) => readonly IssuedCommand[]) | undefined>;
const on = {
  ...whenQuoteMovesNoteMilestone.on,
  ...whenAppointmentMovesNoteMilestone.on,
  ...whenFileMovesNoteMilestone.on,
} as On;
const envelope = (type: string): Envelope => ({
  specversion: '1.0',
  id: `message-${type}`,
  source: 'test',
  type,
  subject: caseId,
  time: at,
  datacontenttype: 'application/json',
  correlationid: 'c',
  causationid: 'c',
  data: told[type] ?? {},
});

/** heard gives the history when this message arrives. */
const heard = (events: readonly CaseEvent[], message: Envelope): CaseEvent[] => [
  ...events,
  ...(on[message.type]?.(message) ?? []).flatMap(({ fields }) =>
    secondOpinionCase.decide.NoteMilestone(
      fields as unknown as NoteMilestone,
      fold(secondOpinionCase, events),
      circumstances(),
    ),
  ),
];
/** after gives the history when these messages arrive in this order. */
const after = (types: readonly string[], history: readonly CaseEvent[] = f.inForce): CaseEvent[] =>
  types.reduce<CaseEvent[]>((events, type) => heard(events, envelope(type)), [...history]);
const awaitedAfter = (events: readonly CaseEvent[]): string[] => {
  let row: CaseOverview | null | undefined;
  for (const event of recorded(`intake.case-${caseId}`, events))
    row = caseOverview.project(row ?? undefined, event, caseId);
  return row ? awaitedOf(row, true).map(({ what }) => what) : [];
};
const facts = (events: readonly CaseEvent[]): string[] =>
  events.map(({ type, data }) => ('milestone' in data ? data.milestone : type)).sort();

it.each(Object.keys(told))('%s, as it is published, is noted once', (type) => {
  expect(Schema.Check(schemas[type as keyof typeof schemas], told[type])).toBe(true);
  const before = [...f.ready, f.submitted, f.offered];
  const once = after([type], before);
  expect(once).toHaveLength(before.length + 1);
  expect(after([type, type], before)).toEqual(once);
});
it('A13 a consultation that was aborted is no no-show, and the last one ends the case all the same', () => {
  const aborted = (final: boolean) =>
    (on['ConsultationAborted']?.({ ...envelope('ConsultationAborted'), data: { caseId, final } }) ?? []).map(
      ({ fields }) => (fields as { milestone?: string }).milestone,
    );
  expect([aborted(false), aborted(true)]).toEqual([['CONSULTATION_ABORTED'], ['FINAL_CONSULTATION_ABORTED']]);
});
it('BR-24 going on without the own dossier is noted again after the employee granted and withdrew again', () => {
  const type = 'ProceedingWithoutOwnDossier';
  const proceeding = (id: string) =>
    (on[type]?.({ ...envelope(type), id }) ?? []).map(({ fields }) => (fields as { ref?: string }).ref);
  expect(proceeding('message-1')).not.toEqual(proceeding('message-2'));
});
it('A9 a signature that stays for the next doctor is noted again, also when the first is chosen again', () => {
  const signed = (round: number, doctorId: string): Envelope => ({
    ...envelope('QuoteSigned'),
    id: `message-${round}`,
    data: { caseId, quoteId: 'q', doctorId, signedAt: at },
  });
  let events = heard([...f.assigned, f.noted('QUOTE_ISSUED', 'q', 1)], signed(1, 'doctor-first'));
  for (const [round, doctorId] of [
    [2, 'doctor-second'],
    [3, 'doctor-first'],
  ] as const) {
    events = [...events, f.declined, f.offeredTo(doctorId, round), f.noted('QUOTE_OVERDUE', `o-${round}`)];
    expect(awaitedAfter(events)).toContain('IssueQuote');
    events = heard(events, signed(round, doctorId));
    expect(awaitedAfter(events)).not.toContain('IssueQuote');
    expect(heard(events, signed(round, doctorId))).toEqual(events);
  }
});
it('A15 an appointment and a consultation that are told after their doctor gave the case up are not the next one’s', () => {
  const types = ['AppointmentConfirmed', 'AppointmentRescheduled', 'ConsultationHeld'];
  for (const next of [f.offeredTo('doctor-second', 2), f.nobodyLeft]) {
    const before = [...f.inForce, f.reassigned, next];
    expect(after(types, before)).toEqual(before);
    expect(facts(after(['AppointmentCancelled'], before))).toContain('APPOINTMENT_CANCELLED');
  }
});
it('every message that is listened to is tested here', () => {
  expect(Object.keys(on).sort()).toEqual(Object.keys(told).sort());
});

const endings: [string, string[], string][] = [
  ['blocked or lapsed', ['ReportSharedWithEmployee', 'ReportNotReleased', 'BillingSettled'], 'RELEASE_DECISION_LAPSED'],
  ['released and followed up', ['FollowUpRecorded', 'ReportReleased', 'BillingSettled'], 'RELEASED_PARTLY_ADOPTED'],
  ['no-show', ['NoShowRecorded', 'BillingSettled', 'SlotReleased'], 'NO_SHOW'],
  ['withdrawn at reporting', ['RequestWithdrawn', 'BillingSettled', 'AppointmentCancelled'], 'WITHDRAWN'],
  ['quote not signed', ['QuoteExpired', 'BillingSettled', 'SlotReleased'], 'QUOTE_NOT_SIGNED'],
  ['not executable', ['NotExecutableDecided', 'BillingSettled', 'TransferAuthorisationRefused'], 'NOT_EXECUTABLE'],
];
it.each(endings)('%s: closes once with the same outcome in every order, and doubled', (_, types, outcome) => {
  for (const order of permutations(types)) {
    for (const arriving of [order, order.flatMap((type) => [type, type]), [...order, ...order]]) {
      const closed = after(arriving).filter(({ type }) => type === 'CaseClosed');
      expect(closed.map(({ data }) => data)).toEqual([{ outcome, closedAt: '2026-11-25T09:00:00.000Z' }]);
    }
  }
});
it('what arrives in any order before an ending leaves the same facts', () => {
  const types = ['QuoteSigned', 'MedicalFileOpened', 'AppointmentConfirmed', 'TransferAuthorisationGranted'];
  const expected = facts(after(types, f.assigned.slice(0, -1)));
  for (const order of permutations(types)) expect(facts(after(order, f.assigned.slice(0, -1)))).toEqual(expected);
});
