import { issue, type OwnPolicy } from '@second-opinion/kernel';
import type { OrganisationEvent } from './organisation.events';
import type { QuoteEvent } from './quote.events';
import { IssueInvoice, NumberCreditNote } from './series.commands';
import { caseIdOf } from './streams.rules';

/** What a case decided to charge or to credit gets its number; a retry finds the number that the first try got (BR-56). */
export const whenInvoiceDueIssueInvoice: OwnPolicy<QuoteEvent | OrganisationEvent> = {
  name: 'when-invoice-due-issue-invoice',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    InvoiceDue: ({ stream, data: { invoiceSeries, charge } }) => [
      issue(IssueInvoice, { series: invoiceSeries, caseId: caseIdOf(stream), charge }),
    ],
    CreditNoteDue: ({ stream, data: { creditSeries, creditId } }) => [
      issue(NumberCreditNote, { series: creditSeries, caseId: caseIdOf(stream), creditId }),
    ],
    AwaitingInvoicesReleased: ({ data }) =>
      data.invoices.map(({ series, caseId, charge }) => issue(IssueInvoice, { series, caseId, charge })),
  },
};
