import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers } from '@second-opinion/nest';
import { BillingController } from './billing.controller';
import { billingProblems } from './billing.problems';
import { billingPublisher } from './billing.publisher';
import { IssueInvoiceHandler, NumberCreditNoteHandler } from './issue-invoice.handler';
import { IssueDueQuoteHandler, IssueQuoteHandler } from './issue-quote.handler';
import * as organisationCommands from './organisation.commands';
import { debtor } from './organisation.decider';
import { organisationEvents } from './organisation.events';
import * as quoteCommands from './quote.commands';
import { caseMoney } from './quote.decider';
import { quoteEvents } from './quote.events';
import * as seriesCommands from './series.commands';
import { numberSeries } from './series.decider';
import { seriesEvents } from './series.events';
import * as tariffCommands from './tariff.commands';
import { tariff } from './tariff.decider';
import { tariffEvents } from './tariff.events';
import { whenAppointmentMovesNoteIt } from './when-appointment-moves-note-it.policy';
import { whenInvoiceDueIssueInvoice } from './when-invoice-due-issue-invoice.policy';
import { whenInvoiceIssuedNoteNumber } from './when-invoice-issued-note-number.policy';
import { whenOrganisationRegisteredNoteIt } from './when-organisation-registered-note-it.policy';
import { whenQuoteRequestedIssueQuote } from './when-quote-requested-issue-quote.policy';
import { whenReportMovesChargeIt } from './when-report-moves-charge-it.policy';
import { whenRequestMovesNoteIt } from './when-request-moves-note-it.policy';
import { projected } from './billing.views';

@Module(
  contextModule({
    ...projected,
    controllers: [BillingController],
    problems: billingProblems,
    events: {
      'billing.quote': quoteEvents,
      'billing.series': seriesEvents,
      'billing.tariff': tariffEvents,
      'billing.organisation': organisationEvents,
    },
    handlers: [
      ...deciderHandlers(tariff, tariffCommands),
      ...deciderHandlers(debtor, organisationCommands),
      ...deciderHandlers(caseMoney, quoteCommands, {
        IssueQuote: IssueQuoteHandler,
        IssueDueQuote: IssueDueQuoteHandler,
      }),
      ...deciderHandlers(numberSeries, seriesCommands, {
        IssueInvoice: IssueInvoiceHandler,
        NumberCreditNote: NumberCreditNoteHandler,
      }),
    ],
    policies: [
      whenRequestMovesNoteIt,
      whenOrganisationRegisteredNoteIt,
      whenQuoteRequestedIssueQuote,
      whenAppointmentMovesNoteIt,
      whenReportMovesChargeIt,
      whenInvoiceDueIssueInvoice,
      whenInvoiceIssuedNoteNumber,
    ],
    publishers: [billingPublisher],
  }),
)
export class BillingModule {}
