import { NOTIFICATION_TOPIC, type NotificationMessages } from '@second-opinion/contracts';
import type { Publication, Publisher, RecordedEvent } from '@second-opinion/kernel';
import type { MessageData, MessageEvent } from './message.events';

/** What the others are told: that a message left, or that it could not be delivered. */
export const notificationPublisher: Publisher<MessageEvent> = {
  topic: NOTIFICATION_TOPIC,
  categories: ['notification.message'],
  on: {
    DeliverySucceeded: (event) => told('NotificationDelivered', event, event.data),
    DeliveryFailed: (event) => {
      const { version } = event.data;
      return told('NotificationFailed', event, event.data, version === undefined ? {} : { version });
    },
  },
};

function told(
  type: keyof NotificationMessages,
  { stream }: RecordedEvent,
  { template, recipientId, caseId, at }: MessageData<'DeliverySucceeded' | 'DeliveryFailed'>,
  more: { readonly version?: number } = {},
): Publication {
  const messageId = stream.slice(stream.indexOf('-') + 1);
  const about = { messageId, template, recipientId, at, ...more };
  return { type, key: caseId ?? recipientId, data: caseId === undefined ? about : { ...about, caseId } };
}
