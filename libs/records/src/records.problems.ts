import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by `npm run docs`; do not edit: what each operation can answer besides what every one can. */
export const recordsProblems: OperationProblems = {
  ListCases: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetHistory: {
    invalid: ['invalid-cursor', 'invalid-request'],
    'not-found': ['not-found'],
    unavailable: ['event-store.foreign-event'],
  },
  VerifyHistory: { 'not-found': ['not-found'], unavailable: ['event-store.foreign-event'] },
  ListAccesses: {
    invalid: ['invalid-cursor', 'invalid-request'],
    'not-found': ['not-found'],
    unavailable: ['event-store.foreign-event'],
  },
  DestroyKeys: { refused: ['records.request-submitted', 'records.retention-running', 'records.tax-duty'] },
};
