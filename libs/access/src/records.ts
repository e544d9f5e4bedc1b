import type { ContextRules } from './rules';

/** recordsAccess says what every operation of records does to which item of the access matrix, and to which item each sealed field belongs. */
export const recordsAccess: ContextRules = { operations: {}, purposes: {} };
