import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by `npm run docs`; do not edit: what each operation can answer besides what every one can. */
export const notificationProblems: OperationProblems = {
  ListMessages: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetMessage: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  RetryNotification: { refused: ['notification.not-failed', 'notification.superseded'] },
  ListLog: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  ListLogOfCase: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  ListTasks: { invalid: ['invalid-cursor', 'invalid-request'] },
};
