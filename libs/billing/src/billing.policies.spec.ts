import type { Envelope, Event, IssuedCommand, OwnPolicy, RecordedEvent, TopicPolicy } from '@second-opinion/kernel';
import { permutations, recorded, testNow } from '@second-opinion/kernel/testing';
import type { OrganisationEvent } from './organisation.events';
import type { QuoteEvent } from './quote.events';
import type { SeriesEvent } from './series.events';
import type { TariffEvent } from './tariff.events';
import { CASE, DOCTOR, EMPLOYEE, Ledger, OHS, OWN_DOCTOR, debtorSeal, tariffVersion } from './testing';
import { whenAppointmentMovesNoteIt } from './when-appointment-moves-note-it.policy';
import { whenInvoiceDueIssueInvoice } from './when-invoice-due-issue-invoice.policy';
import { whenInvoiceIssuedNoteNumber } from './when-invoice-issued-note-number.policy';
import { whenOrganisationRegisteredNoteIt } from './when-organisation-registered-note-it.policy';
import { whenQuoteRequestedIssueQuote } from './when-quote-requested-issue-quote.policy';
import { whenReportMovesChargeIt } from './when-report-moves-charge-it.policy';
import { whenRequestMovesNoteIt } from './when-request-moves-note-it.policy';

// Every integration event that billing hears in a life of one case, as the topics carry it.
const at = '2026-12-03T10:00:00.000Z';
const submitted = {
  caseId: CASE,
  caseNumber: 'SO-0123456789',
  subject: 'AbsenceGuidance',
  employeeId: EMPLOYEE,
  ownDoctorId: OWN_DOCTOR,
  ownOrganisationId: OHS,
  doctorId: DOCTOR,
  contracted: true,
  employerAgreed: false,
  region: '35',
  submittedAt: testNow,
};
const offered = {
  caseId: CASE,
  caseNumber: 'SO-0123456789',
  doctorId: DOCTOR,
  subject: 'AbsenceGuidance',
  region: '35',
  contracted: true,
  employerAgreed: false,
  answerDueAt: '2026-12-02T09:00:00.000Z',
  round: 1,
};
const cancelled = {
  caseId: CASE,
  appointmentId: 'appointment-1',
  sequence: 1,
  doctorId: DOCTOR,
  locationId: 'location-1',
  startsAt: '2026-12-03T12:00',
  zone: 'Europe/Amsterdam',
  by: 'employee',
  noticeClass: 'WITHIN_24_HOURS',
  noticeHours: 3,
  illnessProof: false,
};

const envelope = (type: string, data: object): Envelope => ({
  specversion: '1.0',
  id: `message-${type}`,
  source: '/test',
  type,
  subject: CASE,
  time: testNow,
  datacontenttype: 'application/json',
  correlationid: 'c',
  causationid: 'c',
  data,
});
interface Told {
  readonly name: string;
  readonly fields: object;
}
const named = (issued: readonly IssuedCommand[]): Told[] =>
  issued.map(({ type, fields }) => ({ name: type.name, fields }));
const reactions = (policy: TopicPolicy<never>, type: string, data: object): readonly IssuedCommand[] => {
  const on = policy.on as unknown as Record<string, (event: Envelope) => readonly IssuedCommand[]>;
  return on[type]?.(envelope(type, data)) ?? [];
};
const of = (policy: unknown) => policy as TopicPolicy<never>;
const request = of(whenRequestMovesNoteIt);
const appointment = of(whenAppointmentMovesNoteIt);
const report = of(whenReportMovesChargeIt);

type Message = readonly [TopicPolicy<never>, string, object];
const plays = (ledger: Ledger, messages: readonly Message[]) => {
  for (const [policy, type, data] of messages) {
    ledger.takes(reactions(policy, type, data));
  }
};
/** in which only order inside a topic holds. */
const interleavings = (messages: readonly Message[]) =>
  permutations(messages).filter((order) =>
    messages.every((one, index) =>
      messages.slice(index + 1).every((later) => one[0] !== later[0] || order.indexOf(one) < order.indexOf(later)),
    ),
  );

describe('what billing hears', () => {
  it('a submission and an offer, in every order and doubled, ask for one quote', () => {
    const both: Message[] = [
      [request, 'SecondOpinionRequestSubmitted', submitted],
      [request, 'AssignmentOffered', offered],
    ];
    for (const order of permutations(both)) {
      const ledger = new Ledger();
      plays(ledger, [...order, ...order]);
      expect(ledger.of('QuoteRequested')).toHaveLength(1);
      expect(ledger.of('OfferNoted')).toEqual([{ doctorId: DOCTOR, round: 1, payer: 'EMPLOYER', offeredAt: testNow }]);
    }
  });

  it('BR-52, BR-55: an employee who pays brings his sealed debtor', () => {
    const his = { contracted: false, employerAgreed: false, debtor: debtorSeal };
    const ledger = new Ledger();
    plays(ledger, [
      [request, 'SecondOpinionRequestSubmitted', { ...submitted, ...his }],
      [request, 'AssignmentOffered', { ...offered, ...his }],
    ]);
    expect(ledger.state.offer).toMatchObject({ payer: 'EMPLOYEE', debtor: debtorSeal });
    expect(ledger.state.submission).toMatchObject({ debtor: debtorSeal });
  });

  it('a decline and the independence are noted by their round', () => {
    const ledger = new Ledger().quoted();
    plays(ledger, [
      [request, 'IndependenceConfirmed', { caseId: CASE, doctorId: DOCTOR, round: 1 }],
      [request, 'AssignmentDeclined', { caseId: CASE, doctorId: DOCTOR, round: 1, cause: 'NOT_INDEPENDENT' }],
      [request, 'AssignmentDeclined', { caseId: CASE, doctorId: DOCTOR, round: 1, cause: 'NOT_INDEPENDENT' }],
    ]);
    expect(ledger.types().slice(-3)).toEqual(['IndependenceNoted', 'OfferDeclineNoted', 'QuoteSuperseded']);
  });

  it('a life to the shared report: whatever overtakes between topics, and doubled, one invoice and one settlement', () => {
    const life: Message[] = [
      [appointment, 'AppointmentConfirmed', { caseId: CASE, appointmentId: 'appointment-1' }],
      [appointment, 'ConsultationHeld', { caseId: CASE, heldAt: at }],
      [report, 'ReportSharedWithEmployee', { caseId: CASE, version: 1, firstSharing: true, sharedAt: at }],
      [report, 'ReportSharedWithEmployee', { caseId: CASE, version: 2, firstSharing: false, sharedAt: at }],
      [request, 'CaseClosed', { caseId: CASE, outcome: 'BLOCKED', closedAt: at }],
    ];
    for (const order of interleavings(life)) {
      const ledger = new Ledger().signed();
      plays(ledger, [...order, ...order]);
      expect(ledger.of('InvoiceDue').map(({ charge }) => charge)).toEqual(['SECOND_OPINION']);
      ledger.numbered();
      expect(ledger.of('BillingSettled')).toHaveLength(1);
    }
  });

  it('BR-76: a withdrawal told by intake, by reporting or by both, and its cancellation: one fee, one settlement', () => {
    const life: Message[] = [
      [appointment, 'AppointmentConfirmed', { caseId: CASE, appointmentId: 'appointment-1' }],
      [appointment, 'AppointmentCancelled', cancelled],
      [report, 'RequestWithdrawn', { caseId: CASE, withdrawnAt: at, consultationHeld: false }],
      [request, 'RequestWithdrawn', { caseId: CASE, withdrawnAt: at }],
    ];
    for (const order of interleavings(life)) {
      const ledger = new Ledger().signed();
      plays(ledger, [...order, ...order]);
      expect(ledger.of('InvoiceDue').map(({ charge }) => charge)).toEqual(['LATE_CANCELLATION']);
      ledger.numbered();
      expect(ledger.of('BillingSettled')).toHaveLength(1);
    }
  });

  it('BR-76: worked hours and a withdrawal after the consultation, in every order', () => {
    const life: Message[] = [
      [appointment, 'ConsultationHeld', { caseId: CASE, heldAt: at }],
      [report, 'RequestWithdrawn', { caseId: CASE, withdrawnAt: at, consultationHeld: true }],
      [report, 'WorkedHoursStated', { caseId: CASE, minutes: 90, at }],
    ];
    for (const order of permutations(life)) {
      const ledger = new Ledger().signed();
      plays(ledger, [...order, ...order]);
      expect(ledger.of('InvoiceDue')).toMatchObject([{ charge: 'WORKED_HOURS', netCents: 27_000 }]);
    }
  });

  it('no-shows, aborted consultations, moves and what cannot be executed', () => {
    const missed = { caseId: CASE, doctorId: DOCTOR, appointmentId: 'appointment-1', count: 1, final: true };
    const noShow: Message = [appointment, 'NoShowRecorded', { ...missed, illnessProof: false, recordedAt: at }];
    const ledger = new Ledger().signed();
    plays(ledger, [
      [appointment, 'AppointmentRescheduled', { caseId: CASE, appointmentId: 'appointment-1' }],
      noShow,
      noShow,
    ]);
    expect(ledger.of('InvoiceDue').map(({ charge }) => charge)).toEqual(['NO_SHOW']);
    const dated = new Ledger().signed();
    plays(dated, [
      [appointment, 'NoShowRecorded', { ...missed, illnessProof: false, recordedAt: at, startsAt: '2026-11-30T09:00' }],
    ]);
    expect(dated.of('InvoiceDue').map(({ delivered }) => delivered)).toEqual(['2026-11']);
    expect(ledger.state.ending).toMatchObject({ ending: 'NO_SHOW' });

    const aborted = new Ledger().signed();
    plays(aborted, [[appointment, 'ConsultationAborted', { caseId: CASE, doctorId: DOCTOR, final: true }]]);
    expect(aborted.of('BillingSettled')).toMatchObject([{ invoiced: false }]);

    const unanswered = new Ledger().signed();
    plays(unanswered, [[appointment, 'EndedWithoutAppointment', { caseId: CASE, doctorId: DOCTOR, at }]]);
    expect(unanswered.of('BillingSettled')).toMatchObject([{ invoiced: false }]);
    expect(unanswered.state.ending).toMatchObject({ ending: 'NO_SHOW' });

    const impossible = new Ledger().signed();
    plays(impossible, [[report, 'NotExecutableDecided', { caseId: CASE, at }]]);
    expect(impossible.of('BillingSettled')).toMatchObject([{ invoiced: false }]);
  });

  it('BR-38, BR-53: nothing about the release decision is listened to', () => {
    const heard = [request, appointment, report].flatMap(({ on }) => Object.keys(on as object));
    expect(heard.join()).not.toMatch(/Release|Block|Lapse|FollowUp|Reminder|Correction/);
  });

  it('the register of organisations becomes debtors', () => {
    const data = {
      organisationId: OHS,
      legalName: 'Arbodienst',
      address: 'A',
      chamberOfCommerceNumber: '1',
      kind: 'OHS',
    };
    const { kind: _kind, ...fields } = data;
    expect(named(reactions(of(whenOrganisationRegisteredNoteIt), 'OrganisationRegistered', data))).toEqual([
      { name: 'NoteOrganisation', fields },
    ]);
  });
});

describe('what follows from own events', () => {
  const react = (policy: unknown, stream: string, event: Event) =>
    recorded(stream, [event]).flatMap((one) => {
      const on = (policy as OwnPolicy<never>).on as Record<string, (event: RecordedEvent) => readonly IssuedCommand[]>;
      return on[one.type]?.(one) ?? [];
    });
  const told = (issued: readonly IssuedCommand[]) => named(issued).map(({ name, fields }) => [name, fields]);

  it('a requested quote is issued, also when it had to wait for a tariff', () => {
    const ledger = new Ledger().quoted();
    const requested = ledger.events.find(({ type }) => type === 'QuoteRequested') as QuoteEvent;
    expect(told(react(whenQuoteRequestedIssueQuote, `billing.quote-${CASE}`, requested))).toEqual([
      ['IssueDueQuote', { caseId: CASE }],
    ]);
    const released: TariffEvent = { type: 'AwaitingQuotesReleased', data: { version: 1, caseIds: ['a', 'b'] } };
    expect(told(react(whenQuoteRequestedIssueQuote, 'billing.tariff-EMPLOYEE_SECOND_OPINION', released))).toEqual([
      ['IssueDueQuote', { caseId: 'a' }],
      ['IssueDueQuote', { caseId: 'b' }],
    ]);
  });

  it('what is due goes to its series, also when it had to wait for its debtor', () => {
    const ledger = new Ledger().signed({ tariff: tariffVersion });
    ledger.does('NoteEnding', { ending: 'SHARED', consultationHeld: true, at });
    const due = ledger.events.find(({ type }) => type === 'InvoiceDue') as QuoteEvent;
    const invoice = { series: 'SO2026', caseId: CASE, charge: 'SECOND_OPINION' as const };
    expect(told(react(whenInvoiceDueIssueInvoice, `billing.quote-${CASE}`, due))).toEqual([['IssueInvoice', invoice]]);
    const released: OrganisationEvent = { type: 'AwaitingInvoicesReleased', data: { invoices: [invoice] } };
    expect(told(react(whenInvoiceDueIssueInvoice, `billing.organisation-${OHS}`, released))).toEqual([
      ['IssueInvoice', invoice],
    ]);
    ledger.numbered();
    const credit = { invoiceNumber: 'SO2026-000001', netCents: 1_000, reason: 'GOODWILL' };
    const [decided] = ledger.does('IssueCreditNote', credit);
    const { creditId } = (decided as Extract<QuoteEvent, { type: 'CreditNoteDue' }>).data;
    expect(told(react(whenInvoiceDueIssueInvoice, `billing.quote-${CASE}`, decided as QuoteEvent))).toEqual([
      ['NumberCreditNote', { series: 'SC2026', caseId: CASE, creditId }],
    ]);
  });

  it('a number goes back to its case', () => {
    const data = { caseId: CASE, creditId: 'credit-1', creditNoteNumber: 'SC2026-000001', issuedOn: '2026-12-03' };
    const credit = { type: 'CreditNoteIssued', data } as unknown as SeriesEvent;
    expect(told(react(whenInvoiceIssuedNoteNumber, 'billing.series-SC2026', credit))).toEqual([
      ['NoteCreditNoteNumber', data],
    ]);
    const invoice = { type: 'InvoiceIssued', data: { caseId: CASE, invoiceNumber: 'SO2026-000001' } };
    expect(
      told(react(whenInvoiceIssuedNoteNumber, 'billing.series-SO2026', invoice as unknown as SeriesEvent)),
    ).toEqual([['NoteInvoiceNumber', { caseId: CASE, invoice: invoice.data }]]);
  });
});
