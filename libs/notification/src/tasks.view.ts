import { NO_TERM, type TaskRow, type View } from '@second-opinion/kernel';
import type { MessageEvent } from './message.events';

/** What the back office has to do: a delivery that failed, and can be tried again once the cause is gone; nothing when a newer message goes out instead. */
export const notificationTasks: View<TaskRow> = {
  name: 'notification.tasks',
  version: 1,
  categories: ['notification.message'],
  indexes: [['assignee', 'dueAt']],
  keys: (event) => [event.stream.slice(event.stream.indexOf('-') + 1)],
  project(row, recorded, about) {
    const event = recorded as MessageEvent;
    switch (event.type) {
      case 'DeliveryFailed':
        return event.data.reason === 'RECIPIENT_FORGOTTEN' ? row : failedTask(about, event.data.at);
      case 'RedeliveryAsked':
      case 'DeliverySucceeded':
      case 'DeliverySuperseded':
        return null;
      default:
        return row;
    }
  },
};

function failedTask(about: string, since: string): TaskRow {
  return { task: 'RetryNotification', about, assignee: 'role:back-office', since, dueAt: NO_TERM };
}
