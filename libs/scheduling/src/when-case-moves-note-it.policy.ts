import { INTAKE_TOPIC, type IntakeMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import {
  NoteAssignment,
  NoteAssignmentDecline,
  NoteCaseEnd,
  NoteIndependence,
  NoteRequest,
} from './appointment.commands';

/** What intake tells of a case; the appointment decides when it knows enough. */
export const whenCaseMovesNoteIt: TopicPolicy<IntakeMessages> = {
  name: 'when-case-moves-note-it',
  listensTo: [INTAKE_TOPIC],
  startsAt: 'beginning',
  on: {
    SecondOpinionRequestSubmitted: ({ data }) => {
      const { caseId, employeeId, ownDoctorId, ownOrganisationId, submittedAt } = data;
      return [issue(NoteRequest, { caseId, employeeId, ownDoctorId, ownOrganisationId, submittedAt })];
    },
    AssignmentOffered: ({ data: { caseId, doctorId, round, region } }) => [
      issue(NoteAssignment, { caseId, doctorId, round, region }),
    ],
    AssignmentDeclined: ({ data: { caseId, doctorId, round } }) => [
      issue(NoteAssignmentDecline, { caseId, doctorId, round }),
    ],
    IndependenceConfirmed: ({ data: { caseId, doctorId, round, restored } }) => [
      issue(NoteIndependence, { caseId, doctorId, round, ...(restored ? { restored } : {}) }),
    ],
    RequestWithdrawn: ({ data }) => [
      issue(NoteCaseEnd, { caseId: data.caseId, cause: 'WITHDRAWN', at: data.withdrawnAt }),
    ],
    CaseClosed: ({ data }) => [issue(NoteCaseEnd, { caseId: data.caseId, cause: 'CLOSED', at: data.closedAt })],
  },
};
