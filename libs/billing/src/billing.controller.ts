import { Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acts, Answers, Asking, Context, FromRequest, Reads, type PageQuery } from '@second-opinion/nest';
import { billingTasks } from './billing-tasks.view';
import { casesOf, invoicesOf } from './billing.queries.rules';
import { caseMoneyReading, casesMoneyReading } from './case-money.view';
import { invoiceReading, invoicesReading, seriesEntriesReading } from './invoice.view';
import { DeclineQuote, IssueCreditNote, IssueQuote, RecordPayment, SignQuote } from './quote.commands';
import { seriesReading } from './series.view';
import { PublishTariff } from './tariff.commands';
import { tariffReading } from './tariff.view';

@Context('billing')
export class BillingController {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
  ) {}

  @Acts('tariffs/:tariffId', PublishTariff)
  publishTariff(@FromRequest() command: PublishTariff) {
    return this.bus.execute(command);
  }

  @Answers('tariffs/:tariffId', tariffReading)
  tariff(@Param('tariffId') tariffId: string, @Asking() asking: Asking) {
    return this.reads.one(tariffReading, tariffId, asking);
  }

  @Answers('cases', casesMoneyReading)
  cases(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(casesMoneyReading, casesOf(asking.actor), page, asking);
  }

  @Answers('cases/:caseId', caseMoneyReading)
  case(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.reads.one(caseMoneyReading, caseId, asking);
  }

  @Acts('cases/:caseId', IssueQuote)
  issueQuote(@FromRequest() command: IssueQuote) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', SignQuote)
  sign(@FromRequest() command: SignQuote) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', DeclineQuote)
  decline(@FromRequest() command: DeclineQuote) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', IssueCreditNote)
  credit(@FromRequest() command: IssueCreditNote) {
    return this.bus.execute(command);
  }

  @Acts('cases/:caseId', RecordPayment)
  pay(@FromRequest() command: RecordPayment) {
    return this.bus.execute(command);
  }

  @Answers('invoices', invoicesReading)
  invoices(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(invoicesReading, invoicesOf(asking.actor), page, asking);
  }

  @Answers('invoices/:number', invoiceReading)
  invoice(@Param('number') number: string, @Asking() asking: Asking) {
    return this.reads.one(invoiceReading, number, asking);
  }

  @Answers('series/:series', seriesReading)
  series(@Param('series') series: string, @Asking() asking: Asking) {
    return this.reads.one(seriesReading, series, asking);
  }

  @Answers('series/:series/entries', seriesEntriesReading)
  entries(@Param('series') series: string, @Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(seriesEntriesReading, { where: { series }, orderBy: 'place' }, page, asking);
  }

  @Answers('tasks', 'billing.ListTasks')
  tasks(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.tasks(billingTasks, page, asking);
  }
}
