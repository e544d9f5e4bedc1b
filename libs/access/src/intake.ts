import type { ContextRules } from './rules';

/** intakeAccess says what every operation of intake does to which item of the access matrix, and to which item each sealed field belongs. */
export const intakeAccess: ContextRules = { operations: {}, purposes: {} };
