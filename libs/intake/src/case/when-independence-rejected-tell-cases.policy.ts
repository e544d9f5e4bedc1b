import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { NoteEarlierInvolvement } from './case.commands';
import type { CaseEvent } from './case.events';

/** Who was involved with a person before may act in none of his cases; what is decided in one at the same instant, the other hears (BR-21). */
export const whenIndependenceRejectedTellCases: OwnPolicy<CaseEvent> = {
  name: 'when-independence-rejected-tell-cases',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    IndependenceRejected: ({ data: { doctorId, otherCaseIds = [] } }) =>
      otherCaseIds.map((caseId) => issue(NoteEarlierInvolvement, { caseId, doctorId })),
  },
};
