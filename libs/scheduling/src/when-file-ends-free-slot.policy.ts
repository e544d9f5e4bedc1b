import { REPORTING_TOPIC, type ReportingMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteCaseEnd } from './appointment.commands';

/** A withdrawn or not executable request needs no slot. */
export const whenFileEndsFreeSlot: TopicPolicy<ReportingMessages> = {
  name: 'when-file-ends-free-slot',
  listensTo: [REPORTING_TOPIC],
  startsAt: 'beginning',
  on: {
    RequestWithdrawn: ({ data }) => [
      issue(NoteCaseEnd, { caseId: data.caseId, cause: 'WITHDRAWN', at: data.withdrawnAt }),
    ],
    NotExecutableDecided: ({ data }) => [
      issue(NoteCaseEnd, { caseId: data.caseId, cause: 'NOT_EXECUTABLE', at: data.at }),
    ],
  },
};
