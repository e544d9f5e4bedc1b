import type { ContextRules } from './rules';

/** reportingAccess says what every operation of reporting does to which item of the access matrix, and to which item each sealed field belongs. */
export const reportingAccess: ContextRules = { operations: {}, purposes: {} };
