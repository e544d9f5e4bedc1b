import type { ContextRules } from './rules';

/** schedulingAccess says what every operation of scheduling does to which item of the access matrix, and to which item each sealed field belongs. */
export const schedulingAccess: ContextRules = { operations: {}, purposes: {} };
