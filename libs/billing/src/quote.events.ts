import { events, field, PAYERS, type EventsOf } from '@second-opinion/contracts';
import { addressee, charge, CREDIT_REASONS, line, parties, supplier, totals, vat } from './money.events';

/** ENDINGS: how a case can end for billing; what became of a report is none of its business (BR-53, BR-59). */
export const ENDINGS = ['SHARED', 'WITHDRAWN', 'NOT_EXECUTABLE', 'NO_SHOW', 'CLOSED'] as const;
export type Ending = (typeof ENDINGS)[number];
export const SIGNERS = ['own-doctor', 'employee'] as const;
export type Signer = (typeof SIGNERS)[number];
export const NOTICE_CLASSES = ['FREE', 'WITHIN_TWO_WORKING_DAYS', 'WITHIN_24_HOURS'] as const;
export type NoticeClass = (typeof NOTICE_CLASSES)[number];
export const CANCELLERS = ['employee', 'second-opinion-doctor', 'back-office', 'system'] as const;
export type Canceller = (typeof CANCELLERS)[number];
export const SUPERSEDING = [
  'ASSIGNMENT_DECLINED',
  'DOCTOR_CHANGED',
  'PRICE_CHANGED',
  'PAYER_CHANGED',
  'CASE_ENDED',
] as const;
export type Superseding = (typeof SUPERSEDING)[number];
export const AWAITED = ['WORKED_HOURS', 'CANCELLATION'] as const;

const round = { round: field.count(), doctorId: field.id() };
const due = { ...charge, invoiceSeries: field.label(), quoteId: field.id(), reference: field.label() };

/** Every stored event of `billing.quote-<caseId>`: all decisions about the money of one case. */
export const quoteEvents = events({
  // What the other contexts told; each may come early, and whichever comes last decides.
  SubmissionNoted: {
    caseNumber: field.label(),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ownOrganisationId: field.id(),
    debtor: field.optional(field.sealed('BILLING')),
    submittedAt: field.instant(),
  },
  OfferNoted: {
    ...round,
    payer: field.code(PAYERS),
    debtor: field.optional(field.sealed('BILLING')),
    offeredAt: field.instant(),
  },
  OfferDeclineNoted: { round: field.count() },
  /** restored: the case is the former doctor's again, and what was agreed for him counts (A15). */
  IndependenceNoted: { ...round, restored: field.optional(field.flag()) },
  AppointmentNoted: { appointmentId: field.id() },
  CancellationNoted: {
    appointmentId: field.id(),
    by: field.code(CANCELLERS),
    noticeClass: field.code(NOTICE_CLASSES),
    illnessProof: field.flag(),
    at: field.instant(),
  },
  /** at: recorded; startsAt of the appointment decides when the fee was earned, in notes without it `at` does. */
  NoShowNoted: {
    appointmentId: field.id(),
    final: field.flag(),
    illnessProof: field.flag(),
    at: field.instant(),
    startsAt: field.optional(field.localDateTime()),
  },
  AbortNoted: { final: field.flag(), at: field.instant() },
  ConsultationNoted: { heldAt: field.instant() },
  WorkedHoursNoted: { minutes: field.count(), at: field.instant() },
  EndingNoted: {
    ending: field.code(ENDINGS),
    consultationHeld: field.flag(),
    at: field.instant(),
    /** doctorId: who shared the report, and so delivered the advice. */
    doctorId: field.optional(field.id()),
  },

  // The quote.
  QuoteRequested: { ...round, payer: field.code(PAYERS), dueAt: field.instant(), calendarVersion: field.label() },
  QuoteOverdue: { round: field.count(), dueAt: field.instant() },
  QuoteIssued: {
    quoteId: field.id(),
    ...round,
    employeeId: field.id(),
    ownDoctorId: field.id(),
    reference: field.label(),
    payer: field.code(PAYERS),
    tariffId: field.id(),
    tariffVersion: field.count(),
    lines: field.list(field.record(line)),
    ...totals,
    ...vat,
    vatText: field.optional(field.label()),
    consultationNetCents: field.cents(),
    hourlyNetCents: field.cents(),
    terms: field.record({
      version: field.label(),
      freeUntilWorkingDays: field.count(),
      withinTwoWorkingDaysPercent: field.count(),
      within24HoursPercent: field.count(),
      noShowPercent: field.count(),
      illnessWaivers: field.count(),
    }),
    explanationVersion: field.label(),
    supplier: field.record(supplier),
    issuedAt: field.instant(),
    remindAt: field.instant(),
    validUntil: field.instant(),
  },
  QuoteReminderDue: { quoteId: field.id(), validUntil: field.instant() },
  QuoteSignatureGiven: { quoteId: field.id(), by: field.code(SIGNERS), at: field.instant() },
  QuoteSigned: { quoteId: field.id(), ...round, signedAt: field.instant() },
  /** The signature stays for the next doctor: same price, same payer; or counts again, when the case is the doctor's again for whom it was given. */
  QuoteCarriedOver: { quoteId: field.id(), ...round, signedAt: field.instant() },
  QuoteDeclined: { quoteId: field.id(), by: field.code(SIGNERS), at: field.instant() },
  QuoteExpired: { quoteId: field.id(), validUntil: field.instant() },
  QuoteSuperseded: { quoteId: field.id(), cause: field.code(SUPERSEDING) },

  // What is charged.
  FeeWaived: { appointmentId: field.id(), termsVersion: field.label() },
  InvoiceDue: {
    ...due,
    lines: field.list(field.record(line)),
    ...totals,
    ...vat,
    vatText: field.optional(field.label()),
    /** delivered: a date, or only the month where the date would tell who did not come (BR-55). */
    delivered: field.label(),
    decidedAt: field.instant(),
    issueBy: field.instant(),
  },
  InvoiceLate: { ...charge, issueBy: field.instant() },
  InvoiceNumbered: {
    ...charge,
    ...parties,
    invoiceNumber: field.label(),
    ...totals,
    issuedOn: field.date(),
    paymentDueOn: field.date(),
    paymentDueAt: field.instant(),
    ...addressee,
  },
  CreditNoteDue: {
    ...charge,
    creditId: field.id(),
    creditSeries: field.label(),
    invoiceNumber: field.label(),
    reason: field.code(CREDIT_REASONS),
    lines: field.list(field.record(line)),
    ...totals,
    ...vat,
    openCents: field.cents(),
    decidedAt: field.instant(),
  },
  CreditNoteNumbered: {
    ...charge,
    creditId: field.id(),
    creditNoteNumber: field.label(),
    invoiceNumber: field.label(),
    issuedOn: field.date(),
  },
  PaymentRecorded: {
    ...charge,
    invoiceNumber: field.label(),
    amountCents: field.cents(),
    receivedOn: field.date(),
    openCents: field.cents(),
  },
  InvoicePaid: { ...charge, invoiceNumber: field.label() },
  PaymentOverdue: { ...charge, invoiceNumber: field.label(), paymentDueOn: field.date(), openCents: field.cents() },
  SettlementAwaited: { awaits: field.code(AWAITED), until: field.instant(), calendarVersion: field.label() },
  SettlementTermEnded: { until: field.instant() },
  BillingSettled: { invoiced: field.flag(), at: field.instant() },
});
export type QuoteEvent = EventsOf<typeof quoteEvents>;
export type QuoteData<Type extends QuoteEvent['type']> = Extract<QuoteEvent, { type: Type }>['data'];
