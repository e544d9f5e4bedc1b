import path from 'node:path';
import { goldenShapes } from '@second-opinion/nest/testing';
import { tellingCase } from './case.decider';
import { caseEvents } from './case.events';
import { message } from './message.decider';
import { messageEvents } from './message.events';
import { recipient } from './recipient.decider';
import { recipientEvents } from './recipient.events';

goldenShapes({
  folder: path.join(__dirname, '../golden'),
  events: {
    'notification.case': caseEvents,
    'notification.message': messageEvents,
    'notification.recipient': recipientEvents,
  },
  deciders: [tellingCase, recipient, message],
});
