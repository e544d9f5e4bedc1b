import { Module } from '@nestjs/common';
import { contextModule, deciderHandlers } from '@second-opinion/nest';
import * as caseCommands from './case.commands';
import { tellingCase } from './case.decider';
import { caseEvents } from './case.events';
import * as messageCommands from './message.commands';
import { message } from './message.decider';
import { messageEvents } from './message.events';
import { NotificationController } from './notification.controller';
import { NotificationSender } from './notification-sender';
import { notificationProblems } from './notification.problems';
import { notificationPublisher } from './notification.publisher';
import * as recipientCommands from './recipient.commands';
import { recipient } from './recipient.decider';
import { recipientEvents } from './recipient.events';
import { RemoveBodiesHandler } from './remove-bodies.handler';
import { SealedParts } from './sealed-parts';
import { whenAddressToldNoteIt } from './when-address-told-note-it.policy';
import {
  whenBillingMovesTellIt,
  whenIntakeMovesTellIt,
  whenReportingMovesTellIt,
  whenSchedulingMovesTellIt,
} from './when-case-moves-tell-whom-it-concerns.policy';
import { whenKeyDestroyedRemoveBodies } from './when-key-destroyed-remove-bodies.policy';
import { whenMessageDueBringItOnItsWay } from './when-message-due-bring-it-on-its-way.policy';
import { projected } from './notification.views';

@Module(
  contextModule({
    ...projected,
    controllers: [NotificationController],
    problems: notificationProblems,
    events: {
      'notification.case': caseEvents,
      'notification.recipient': recipientEvents,
      'notification.message': messageEvents,
    },
    handlers: [
      ...deciderHandlers(tellingCase, caseCommands),
      ...deciderHandlers(recipient, recipientCommands, { RemoveBodies: RemoveBodiesHandler }),
      ...deciderHandlers(message, messageCommands),
    ],
    policies: [
      whenAddressToldNoteIt,
      whenIntakeMovesTellIt,
      whenBillingMovesTellIt,
      whenSchedulingMovesTellIt,
      whenReportingMovesTellIt,
      whenKeyDestroyedRemoveBodies,
      whenMessageDueBringItOnItsWay,
    ],
    publishers: [notificationPublisher],
    workers: [NotificationSender],
    providers: [SealedParts],
  }),
)
export class NotificationModule {}
