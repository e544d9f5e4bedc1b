import { BILLING_TOPIC, type BillingMessages } from '@second-opinion/contracts';
import { issue, type Envelope, type IssuedCommand, type TopicPolicy } from '@second-opinion/kernel';
import { NoteMilestone } from './case.commands';
import type { Milestone } from './case.events';

type Told = Envelope<string, { readonly caseId: string; readonly quoteId: string }>;

const quote =
  (milestone: Milestone) =>
  ({ data: { caseId, quoteId }, time }: Told): IssuedCommand[] => [
    issue(NoteMilestone, { caseId, milestone, at: time, ref: quoteId }),
  ];

/** Where quote, invoice and settlement stand; an unsigned quote ends the case, the settlement lets it close. */
export const whenQuoteMovesNoteMilestone: TopicPolicy<BillingMessages> = {
  name: 'when-quote-moves-note-milestone',
  listensTo: [BILLING_TOPIC],
  startsAt: 'beginning',
  on: {
    QuoteIssued: ({ data: { caseId, quoteId, round, issuedAt, validUntil } }) => [
      issue(NoteMilestone, {
        caseId,
        milestone: 'QUOTE_ISSUED',
        at: issuedAt,
        dueAt: validUntil,
        ref: quoteId,
        round,
      }),
    ],
    // A signature that stays for the next doctor is told again with the same quote: each time it is told it counts.
    QuoteSigned: ({ id, data: { caseId }, time }) => [
      issue(NoteMilestone, { caseId, milestone: 'QUOTE_SIGNED', at: time, ref: id }),
    ],
    QuoteDeclined: quote('QUOTE_DECLINED'),
    QuoteExpired: quote('QUOTE_EXPIRED'),
    QuoteSuperseded: quote('QUOTE_SUPERSEDED'),
    QuoteOverdue: ({ data: { caseId, dueAt }, time }) => [
      issue(NoteMilestone, { caseId, milestone: 'QUOTE_OVERDUE', at: time, dueAt, ref: dueAt }),
    ],
    InvoiceIssued: ({ data: { caseId, invoiceNumber, payer }, time }) => [
      issue(NoteMilestone, { caseId, milestone: 'INVOICE_ISSUED', at: time, payer, ref: invoiceNumber }),
    ],
    BillingSettled: ({ data: { caseId }, time }) => [
      issue(NoteMilestone, { caseId, milestone: 'BILLING_SETTLED', at: time }),
    ],
  },
};
