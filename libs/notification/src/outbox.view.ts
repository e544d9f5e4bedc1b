import type { Instant, View } from '@second-opinion/kernel';
import type { MessageEvent } from './message.events';

/** OutboxRow is a message that is to leave outside the portal and has not yet: at dueAt, or when its recipient is known (no dueAt). */
export interface OutboxRow {
  readonly messageId: string;
  readonly leaves: boolean;
  readonly dueAt: Instant;
}

/** outbox: what the sender has to do. A begun attempt stays in it until its outcome is known. */
export const outbox: View<OutboxRow> = {
  name: 'notification.outbox',
  version: 1,
  categories: ['notification.message'],
  indexes: [['leaves', 'dueAt']],
  keys: (event) => [event.stream.slice(event.stream.indexOf('-') + 1)],
  begins: ({ revision }) => revision === 0,
  project(row, recorded, messageId) {
    const event = recorded as MessageEvent;
    switch (event.type) {
      case 'NotificationPlanned':
        return event.data.outside ? { messageId, leaves: false, dueAt: event.data.at } : undefined;
      case 'DeliveryAllowed':
      case 'DeliveryDeferred':
      case 'DeliveryOutcomeUnknown':
      case 'RedeliveryAsked':
        return row && { ...row, leaves: true, dueAt: event.data.dueAt };
      case 'DeliveryFailed':
        return row && { ...row, leaves: false };
      case 'DeliveryAttempted':
        return row;
      case 'DeliverySucceeded':
      case 'DeliverySuperseded':
        return null;
    }
  },
};
