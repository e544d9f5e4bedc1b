import type { ContextRules } from './rules';

/** billingAccess says what every operation of billing does to which item of the access matrix, and to which item each sealed field belongs. */
export const billingAccess: ContextRules = { operations: {}, purposes: {} };
