import { events, field, type DataOf } from './fields';

/** NOTIFICATION_TOPIC: key = case id, or the recipient's id for what belongs to no case. */
export const NOTIFICATION_TOPIC = 'notification.events.v1';

/** Integration events of notification. */
export const notificationMessages = events({
  NotificationDelivered: {
    messageId: field.id(),
    caseId: field.optional(field.id()),
    template: field.label(),
    recipientId: field.id(),
    at: field.instant(),
  },
  /** version of the report that the message told of; a later version may have been released since. */
  NotificationFailed: {
    messageId: field.id(),
    caseId: field.optional(field.id()),
    template: field.label(),
    recipientId: field.id(),
    version: field.optional(field.count()),
    at: field.instant(),
  },
});
export type NotificationMessages = DataOf<typeof notificationMessages>;
