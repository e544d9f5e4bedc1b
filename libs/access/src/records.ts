import type { ContextRules, OperationRule } from './rules';

const HISTORY: OperationRule = {
  roles: ['auditor'],
  basis: 'domain 9: what an auditor asks on replay; ids and codes only',
};

/** recordsAccess says who may look into histories and access lists and who may have somebody forgotten; nothing is sealed here. */
export const recordsAccess: ContextRules = {
  operations: {
    ListCases: HISTORY,
    GetHistory: HISTORY,
    VerifyHistory: HISTORY,
    // A22; an employee sees the list of himself only, which the controller asks before it answers.
    ListAccesses: {
      roles: ['employee', 'auditor', 'privacy-officer'],
      basis: 'A22 R l Wabvpz 15e, V21, BR-68; the privacy officer reviews (N20)',
    },
    DestroyKeys: { roles: ['privacy-officer'], basis: 'domain 9, BW 7:455, AVG 17' },
  },
  purposes: {},
};
