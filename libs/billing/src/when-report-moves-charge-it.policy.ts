import { REPORTING_TOPIC, type ReportingMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteEnding, NoteWorkedHours } from './quote.commands';

/**
 * The first sharing makes the invoice due (A20). What the employee then decides is not listened to: the fee does not depend on it
 * (BR-53, BR-59), and nothing here could tell it (BR-38).
 */
export const whenReportMovesChargeIt: TopicPolicy<ReportingMessages> = {
  name: 'when-report-moves-charge-it',
  listensTo: [REPORTING_TOPIC],
  startsAt: 'beginning',
  on: {
    ReportSharedWithEmployee: ({ data: { caseId, doctorId, sharedAt } }) => {
      const by = doctorId === undefined ? {} : { doctorId };
      return [issue(NoteEnding, { caseId, ending: 'SHARED', consultationHeld: true, at: sharedAt, ...by })];
    },
    RequestWithdrawn: ({ data: { caseId, withdrawnAt, consultationHeld } }) => [
      issue(NoteEnding, { caseId, ending: 'WITHDRAWN', consultationHeld, at: withdrawnAt }),
    ],
    NotExecutableDecided: ({ data: { caseId, at } }) => [
      issue(NoteEnding, { caseId, ending: 'NOT_EXECUTABLE', consultationHeld: false, at }),
    ],
    WorkedHoursStated: ({ data: { caseId, minutes, at } }) => [issue(NoteWorkedHours, { caseId, minutes, at })],
  },
};
