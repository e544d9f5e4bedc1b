import { INTAKE_TOPIC, type IntakeMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import {
  NoteAssignment,
  NoteAssignmentDecline,
  NoteCaseEnd,
  NoteFileForgotten,
  NoteIndependence,
  OpenMedicalFile,
} from './file.commands';

/** The submission opens the medical file; from the confirmed independence on the second opinion doctor takes part. */
export const whenCaseMovesNoteIt: TopicPolicy<IntakeMessages> = {
  name: 'when-case-moves-note-it',
  listensTo: [INTAKE_TOPIC],
  startsAt: 'beginning',
  on: {
    SecondOpinionRequestSubmitted: ({ data: { caseId, caseNumber, employeeId, ownDoctorId, ownOrganisationId } }) => [
      issue(OpenMedicalFile, { caseId, caseNumber, employeeId, ownDoctorId, ownOrganisationId }),
    ],
    AssignmentOffered: ({ data: { caseId, doctorId, round } }) => [issue(NoteAssignment, { caseId, doctorId, round })],
    AssignmentDeclined: ({ data: { caseId, doctorId, round }, time }) => [
      issue(NoteAssignmentDecline, { caseId, doctorId, round, at: time }),
    ],
    IndependenceConfirmed: ({ data: { caseId, doctorId, round } }) => [
      issue(NoteIndependence, { caseId, doctorId, round }),
    ],
    RequestWithdrawn: ({ data: { caseId, withdrawnAt } }) => [
      issue(NoteCaseEnd, { caseId, cause: 'WITHDRAWN', at: withdrawnAt }),
    ],
    CaseForgotten: ({ data: { caseId } }) => [issue(NoteFileForgotten, { caseId })],
    CaseClosed: ({ data: { caseId, closedAt } }) => [issue(NoteCaseEnd, { caseId, cause: 'CLOSED', at: closedAt })],
  },
};
