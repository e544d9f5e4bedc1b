import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { IssueDueQuote } from './quote.commands';
import type { QuoteEvent } from './quote.events';
import { caseIdOf } from './streams.rules';
import type { TariffEvent } from './tariff.events';

/** A quote follows its request at once, or the tariff it had to wait for (A8). */
export const whenQuoteRequestedIssueQuote: OwnPolicy<QuoteEvent | TariffEvent> = {
  name: 'when-quote-requested-issue-quote',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    QuoteRequested: ({ stream }) => [issue(IssueDueQuote, { caseId: caseIdOf(stream) })],
    AwaitingQuotesReleased: ({ data }) => data.caseIds.map((caseId) => issue(IssueDueQuote, { caseId })),
  },
};
