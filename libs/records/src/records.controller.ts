import { Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiQuery } from '@nestjs/swagger';
import { Acts, Answers, Asking, Context, FromRequest, Reads, type PageQuery } from '@second-opinion/nest';
import { Accesses, type AccessQuery } from './accesses.handler';
import { casesReading } from './cases.view';
import { DestroyKeys } from './erasure.commands';
import { Histories } from './histories.handler';
import { Permits } from './permit.handler';
import { accessExample, historyEntryExample, verificationExample } from './records.examples';

@Context('records')
export class RecordsController {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
    private readonly permits: Permits,
    private readonly histories: Histories,
    private readonly accesses: Accesses,
  ) {}

  @Answers('cases', casesReading)
  list(@Query() page: PageQuery, @Asking() asking: Asking) {
    this.permits.assert(casesReading.operation, asking);
    // By what never changes: while somebody pages, nothing moves past him.
    return this.reads.list(casesReading, { orderBy: 'since' }, page, asking);
  }

  @Answers('cases/:caseId/history', 'records.GetHistory', { shape: 'page', example: historyEntryExample })
  history(@Param('caseId') caseId: string, @Query() page: PageQuery, @Asking() asking: Asking) {
    this.permits.assert('records.GetHistory', asking);
    return this.histories.page(caseId, page);
  }

  @Answers('cases/:caseId/verification', 'records.VerifyHistory', { example: verificationExample })
  verification(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    this.permits.assert('records.VerifyHistory', asking);
    return this.histories.verification(caseId);
  }

  @Answers('persons/:personId/accesses', 'records.ListAccesses', { example: accessExample, recordsDenials: true })
  @ApiQuery({ name: 'caseId', required: false, schema: { type: 'string' }, description: 'Of this case only' })
  async accessList(@Param('personId') personId: string, @Query() query: AccessQuery, @Asking() asking: Asking) {
    await this.permits.assertAbout(personId, 'records.ListAccesses', asking);
    return this.accesses.page(personId, query);
  }

  @Acts('persons/:personId', DestroyKeys)
  destroyKeys(@FromRequest() command: DestroyKeys) {
    return this.bus.execute(command);
  }
}
