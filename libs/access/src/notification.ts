import type { ContextRules } from './rules';

/** notificationAccess says what every operation of notification does to which item of the access matrix, and to which item each sealed field belongs. */
export const notificationAccess: ContextRules = { operations: {}, purposes: {} };
