import type { Decider, InstancesOf, Relation } from '@second-opinion/kernel';
import { BILLING_RULES } from './billing.terms';
import * as issuing from './issuing.rules';
import * as notes from './notes.rules';
import * as payment from './payment.rules';
import type * as commands from './quote.commands';
import { evolve, noMoney, type CaseMoney } from './quote-state.rules';
import type { QuoteEvent } from './quote.events';

/** Who pays what? All decisions about the money of one case, at most one invoice per charge. */
export const caseMoney: Decider<InstancesOf<typeof commands>, CaseMoney, QuoteEvent> = {
  category: 'billing.quote',
  rulesVersion: BILLING_RULES,
  initial: noMoney,
  streamId: ({ caseId }) => String(caseId),
  decide: {
    SignQuote: issuing.signQuote,
    DeclineQuote: issuing.declineQuote,
    IssueQuote: issuing.issueQuote,
    IssueCreditNote: payment.issueCreditNote,
    RecordPayment: payment.recordPayment,
    NoteSubmission: notes.noteSubmission,
    NoteOffer: notes.noteOffer,
    NoteOfferDeclined: notes.noteOfferDeclined,
    NoteIndependence: notes.noteIndependence,
    IssueDueQuote: issuing.issueDueQuote,
    NoteAppointment: notes.noteAppointment,
    NoteCancellation: notes.noteCancellation,
    NoteNoShow: notes.noteNoShow,
    NoteAbort: notes.noteAbort,
    NoteConsultation: notes.noteConsultation,
    NoteWorkedHours: notes.noteWorkedHours,
    NoteEnding: notes.noteEnding,
    NoteInvoiceNumber: notes.noteInvoiceNumber,
    NoteCreditNoteNumber: notes.noteCreditNoteNumber,
    NoteQuoteOverdue: issuing.noteQuoteOverdue,
    RemindOfQuote: issuing.remindOfQuote,
    ExpireQuote: issuing.expireQuote,
    NoteInvoiceLate: notes.noteInvoiceLate,
    NotePaymentOverdue: notes.notePaymentOverdue,
    EndSettlementTerm: notes.endSettlementTerm,
  },
  evolve,
  participants: ({ submission, offer, independent, declinedRounds }) => ({
    ...(submission ? { employee: submission.employeeId, 'own-doctor': submission.ownDoctorId } : {}),
    ...(!offer || declinedRounds.includes(offer.round)
      ? {}
      : { [independent?.round === offer.round ? 'second-opinion-doctor' : 'candidate-doctor']: offer.doctorId }),
  }),
  caseId: (streamId) => streamId,
  hiddenFrom: (event, relation) =>
    betweenThem(event.data, relation) || (relation === 'own-doctor' && OF_APPOINTMENT.includes(event.type)),
};

/** OF_APPOINTMENT: the own doctor is told whether the consultation was held, and no more (matrix row 12). */
const OF_APPOINTMENT: readonly QuoteEvent['type'][] = [
  'AppointmentNoted',
  'CancellationNoted',
  'NoShowNoted',
  'AbortNoted',
  'FeeWaived',
];

/** When the employee pays, what he is charged and whether he pays it is settled between him and us (BR-55). */
function betweenThem(data: QuoteEvent['data'], relation: Relation): boolean {
  return relation === 'own-doctor' && 'charge' in data && data.payer === 'EMPLOYEE';
}
