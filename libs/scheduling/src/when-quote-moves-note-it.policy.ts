import { BILLING_TOPIC, type BillingMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteQuote, NoteQuoteEnd, NoteQuoteSignature } from './appointment.commands';

/** A reservation ends with its quote, also with a signed one that another took the place of (BR-58); a signed quote makes it an appointment (BR-28). */
export const whenQuoteMovesNoteIt: TopicPolicy<BillingMessages> = {
  name: 'when-quote-moves-note-it',
  listensTo: [BILLING_TOPIC],
  startsAt: 'beginning',
  on: {
    QuoteIssued: ({ data: { caseId, quoteId, doctorId, round, validUntil } }) => [
      issue(NoteQuote, { caseId, quoteId, doctorId, round, validUntil }),
    ],
    QuoteSigned: ({ data: { caseId, quoteId, doctorId, signedAt } }) => [
      issue(NoteQuoteSignature, { caseId, quoteId, doctorId, signedAt }),
    ],
    QuoteDeclined: ({ data: { caseId, quoteId } }) => [issue(NoteQuoteEnd, { caseId, quoteId })],
    QuoteExpired: ({ data: { caseId, quoteId } }) => [issue(NoteQuoteEnd, { caseId, quoteId })],
    QuoteSuperseded: ({ data: { caseId, quoteId } }) => [issue(NoteQuoteEnd, { caseId, quoteId })],
  },
};
