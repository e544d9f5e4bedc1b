import { BILLING_TOPIC, type BillingMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteQuoteSignature, NoteQuoteSuperseded } from './file.commands';

/** The signed quote starts the clock of the whole case, unless another takes its place (domain section 6); of old cases nobody noted what they waited for. */
export const whenQuoteMovesNoteIt: TopicPolicy<BillingMessages> = {
  name: 'when-quote-moves-note-it',
  listensTo: [BILLING_TOPIC],
  startsAt: 'deployment',
  on: {
    QuoteSigned: ({ data: { caseId, quoteId, signedAt } }) => [
      issue(NoteQuoteSignature, { caseId, quoteId, signedAt }),
    ],
    QuoteSuperseded: ({ data: { caseId, quoteId } }) => [issue(NoteQuoteSuperseded, { caseId, quoteId })],
  },
};
