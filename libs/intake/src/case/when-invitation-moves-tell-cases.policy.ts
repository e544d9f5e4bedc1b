import { issue, type OwnPolicy } from '@second-opinion/kernel';
import type { PersonEvent } from '../person/person.events';
import { NoteEmployeeReachable, NoteEmployeeUnreachable } from './case.commands';

const reachable = (caseIds: readonly string[] = [], login: { loggedInAt?: string } = {}) =>
  caseIds.map((caseId) => issue(NoteEmployeeReachable, { caseId, ...login }));

/** Whether the employee can be reached decides what may become of his cases; a doctor's invitation names none. */
export const whenInvitationMovesTellCases: OwnPolicy<PersonEvent> = {
  name: 'when-invitation-moves-tell-cases',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    PersonUnreachable: ({ data }) => data.caseIds.map((caseId) => issue(NoteEmployeeUnreachable, { caseId })),
    InvitationIssued: ({ data }) => reachable(data.caseIds),
    InvitationRedeemed: ({ data }) => reachable(data.caseIds, { loggedInAt: data.at }),
  },
};
