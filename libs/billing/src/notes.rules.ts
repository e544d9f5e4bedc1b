import { canonicalJson, endOfLocalDay, type Circumstances, type Sealed } from '@second-opinion/kernel';
import { withConsequences } from './consequences.rules';
import type * as commands from './quote.commands';
import { chargeOf, openCents, type CaseMoney } from './quote-state.rules';
import type { QuoteEvent } from './quote.events';

type Decide<C> = (command: Sealed<C>, state: CaseMoney, around: Circumstances) => QuoteEvent[];

// What other contexts tell. Nothing comes too early; what is known already, or comes too late, appends nothing.

export const noteSubmission: Decide<commands.NoteSubmission> = (command, state, around) => {
  const { caseNumber, employeeId, ownDoctorId, ownOrganisationId, submittedAt, debtor } = command;
  const data = {
    caseNumber,
    employeeId,
    ownDoctorId,
    ownOrganisationId,
    submittedAt,
    ...(debtor === undefined ? {} : { debtor }),
  };
  if (state.settled) return [];
  if (state.submission && canonicalJson(state.submission) === canonicalJson(data)) return [];
  return withConsequences(state, [{ type: 'SubmissionNoted', data }], around);
};

export const noteOffer: Decide<commands.NoteOffer> = ({ doctorId, round, payer, offeredAt, debtor }, state, around) => {
  if (state.settled || (state.offer && state.offer.round >= round)) return [];
  const data = { doctorId, round, payer, offeredAt, ...(debtor === undefined ? {} : { debtor }) };
  return withConsequences(state, [{ type: 'OfferNoted', data }], around);
};

export const noteOfferDeclined: Decide<commands.NoteOfferDeclined> = ({ round }, state, around) => {
  if (state.settled || state.declinedRounds.includes(round)) return [];
  return withConsequences(state, [{ type: 'OfferDeclineNoted', data: { round } }], around);
};

export const noteIndependence: Decide<commands.NoteIndependence> = ({ doctorId, round, restored }, state, around) => {
  if (state.independent && state.independent.round >= round) return [];
  const data = { doctorId, round, ...(restored ? { restored } : {}) };
  return withConsequences(state, [{ type: 'IndependenceNoted', data }], around);
};

export const noteAppointment: Decide<commands.NoteAppointment> = ({ appointmentId }, state, around) => {
  const gone = state.missed.some((one) => one.appointmentId === appointmentId);
  if (gone || state.standing.includes(appointmentId) || state.heldAt !== undefined) return [];
  return withConsequences(state, [{ type: 'AppointmentNoted', data: { appointmentId } }], around);
};

export const noteCancellation: Decide<commands.NoteCancellation> = (command, state, around) => {
  const { appointmentId, by, noticeClass, illnessProof, at } = command;
  if (state.missed.some((one) => one.kind === 'CANCELLATION' && one.appointmentId === appointmentId)) return [];
  const data = { appointmentId, by, noticeClass, illnessProof, at };
  return withConsequences(state, [{ type: 'CancellationNoted', data }], around);
};

export const noteNoShow: Decide<commands.NoteNoShow> = (command, state, around) => {
  const { appointmentId, final, illnessProof, at, startsAt } = command;
  if (state.missed.some((one) => one.kind === 'NO_SHOW' && one.appointmentId === appointmentId)) return [];
  const data = { appointmentId, final, illnessProof, at, ...(startsAt === undefined ? {} : { startsAt }) };
  const facts: QuoteEvent[] = [{ type: 'NoShowNoted', data }];
  if (final && !state.ending)
    facts.push({ type: 'EndingNoted', data: { ending: 'NO_SHOW', consultationHeld: false, at } });
  return withConsequences(state, facts, around);
};

export const noteAbort: Decide<commands.NoteAbort> = ({ final, at }, state, around) => {
  const facts: QuoteEvent[] = [{ type: 'AbortNoted', data: { final, at } }];
  if (final && !state.ending)
    facts.push({ type: 'EndingNoted', data: { ending: 'NO_SHOW', consultationHeld: false, at } });
  return withConsequences(state, facts, around);
};

export const noteConsultation: Decide<commands.NoteConsultation> = ({ heldAt }, state, around) =>
  state.heldAt === undefined ? withConsequences(state, [{ type: 'ConsultationNoted', data: { heldAt } }], around) : [];

export const noteWorkedHours: Decide<commands.NoteWorkedHours> = ({ minutes, at }, state, around) =>
  state.worked ? [] : withConsequences(state, [{ type: 'WorkedHoursNoted', data: { minutes, at } }], around);

export const noteEnding: Decide<commands.NoteEnding> = ({ ending, consultationHeld, at, doctorId }, state, around) => {
  const known = ending === 'SHARED' ? state.sharedAt !== undefined : state.ending !== undefined;
  if (known) return [];
  // A case that ended before anything was asked of us (refused, withdrawn before the submission) has no money.
  if (ending === 'CLOSED' && !state.submission && !state.offer) return [];
  const by = doctorId === undefined ? {} : { doctorId };
  return withConsequences(state, [{ type: 'EndingNoted', data: { ending, consultationHeld, at, ...by } }], around);
};

export const endSettlementTerm: Decide<commands.EndSettlementTerm> = (_, state, around) => {
  const { awaited, settled, termEnded } = state;
  if (!awaited || settled || termEnded || around.now < awaited.until) return [];
  return withConsequences(state, [{ type: 'SettlementTermEnded', data: { until: awaited.until } }], around);
};

export const noteInvoiceNumber: Decide<commands.NoteInvoiceNumber> = ({ invoice }, state, around) => {
  const before = state.charges[invoice.charge];
  if (!before || before.invoice) return [];
  const { charge, payer, invoiceNumber, netCents, vatCents, totalCents, issuedOn, paymentDueOn } = invoice;
  const { employeeId, ownDoctorId, doctorId, debtorOrganisation, debtorPerson } = invoice;
  const data = {
    charge,
    payer,
    employeeId,
    ownDoctorId,
    doctorId,
    invoiceNumber,
    netCents,
    vatCents,
    totalCents,
    issuedOn,
    paymentDueOn,
    paymentDueAt: endOfLocalDay(paymentDueOn),
    ...(debtorOrganisation === undefined ? {} : { debtorOrganisation }),
    ...(debtorPerson === undefined ? {} : { debtorPerson }),
  };
  return withConsequences(state, [{ type: 'InvoiceNumbered', data }], around);
};

export const noteCreditNoteNumber: Decide<commands.NoteCreditNoteNumber> = (command, state) => {
  const { creditId, creditNoteNumber, issuedOn } = command;
  for (const { credits } of Object.values(state.charges)) {
    const credit = credits.find((one) => one.creditId === creditId);
    if (!credit || credit.creditNoteNumber !== undefined) continue;
    const { charge, payer, invoiceNumber } = credit;
    return [
      { type: 'CreditNoteNumbered', data: { charge, payer, creditId, creditNoteNumber, invoiceNumber, issuedOn } },
    ];
  }
  return [];
};

export const noteInvoiceLate: Decide<commands.NoteInvoiceLate> = ({ charge }, state, { now }) => {
  const charged = state.charges[charge];
  if (!charged || charged.invoice || charged.late || now < charged.due.issueBy) return [];
  const { payer, issueBy } = charged.due;
  return [{ type: 'InvoiceLate', data: { charge, payer, issueBy } }];
};

export const notePaymentOverdue: Decide<commands.NotePaymentOverdue> = ({ invoiceNumber }, state, { now }) => {
  const charged = chargeOf(state, invoiceNumber);
  const open = charged ? openCents(charged) : 0;
  if (!charged?.invoice || charged.overdue || open <= 0 || now < charged.invoice.paymentDueAt) return [];
  const { charge, payer, paymentDueOn } = charged.invoice;
  return [{ type: 'PaymentOverdue', data: { charge, payer, invoiceNumber, paymentDueOn, openCents: open } }];
};
