import type { ContextRules } from './rules';

/** intakeAccess says what every operation of intake does to which item of the access matrix, and to which item each sealed field belongs. */
export const intakeAccess: ContextRules = {
  operations: {
    RecordSecondOpinionWish: { roles: ['company-doctor'], basis: 'A1 s(Q1)' },
    HonourRequest: { item: 3, right: 'W', only: ['own-doctor'] },
    RefuseRequest: { item: 6, right: 'W', only: ['own-doctor'] },
    ProposeDoctors: { item: 3, right: 'W', only: ['own-doctor'] },
    GetCase: { item: 1, right: 'M' },
    ListCases: { item: 1, right: 'M' },
  },
  purposes: { name: { item: 2 }, motivation: { item: 6 } },
};
