import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers } from '@second-opinion/nest';
import { Accesses } from './accesses.handler';
import { DestroyKeysHandler } from './destroy-keys.handler';
import * as erasureCommands from './erasure.commands';
import { erasure } from './erasure.decider';
import { erasureEvents } from './erasure.events';
import { ErasuresHandler } from './erasures.handler';
import { FollowLogHandler, HISTORY } from './follow-log.handler';
import { Histories } from './histories.handler';
import { historyEvents } from './history.events';
import { operationEvents } from './operation.events';
import { KnownPersons } from './known-persons.handler';
import { Permits } from './permit.handler';
import { RecordsController } from './records.controller';
import { recordsProblems } from './records.problems';
import { recordsPublisher } from './records.publisher';
import { projected } from './records.views';

@Module(
  contextModule({
    ...projected,
    controllers: [RecordsController],
    problems: recordsProblems,
    events: {
      'records.history': historyEvents,
      'records.erasure': erasureEvents,
      'records.operation': operationEvents,
    },
    handlers: [...deciderHandlers(erasure, erasureCommands, { DestroyKeys: DestroyKeysHandler })],
    policies: [],
    publishers: [recordsPublisher],
    workers: [FollowLogHandler, ErasuresHandler],
    retraced: [HISTORY],
    providers: [Permits, KnownPersons, Histories, Accesses],
  }),
)
export class RecordsModule {}
