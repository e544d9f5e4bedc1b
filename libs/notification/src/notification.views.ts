import type { Projected } from '@second-opinion/nest';
import { messages } from './messages.view';
import { outbox } from './outbox.view';
import { notificationTasks } from './tasks.view';

/** What notification projects: its views. */
export const projected: Projected = {
  name: 'notification',
  views: [messages, outbox, notificationTasks],
  deadlines: [],
};
