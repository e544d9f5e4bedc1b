import type { ContextRules } from './rules';

/**
 * notificationAccess says what every operation of notification does: the list is narrowed to the asker's own messages by the question
 * itself, one message is its recipient's (others see metadata at most), the log is metadata. It seals nothing: what its messages carry was
 * sealed by the context that told it, and opens under that context's rules.
 */
export const notificationAccess: ContextRules = {
  operations: {
    ListMessages: {
      roles: ['employee', 'company-doctor', 'second-opinion-doctor', 'back-office'],
      basis: 'A21 R own messages',
    },
    GetMessage: { item: 21, right: 'M' },
    ListLog: { roles: ['auditor', 'back-office'], basis: 'A21 M' },
    ListLogOfCase: { roles: ['auditor', 'back-office'], basis: 'A21 M' },
    ListTasks: {
      roles: ['back-office', 'employee', 'company-doctor', 'second-opinion-doctor'],
      basis: 'everybody his own tasks',
    },
    RetryNotification: { roles: ['back-office'], basis: 'whoever sees that a delivery failed' },
  },
  purposes: {},
};
