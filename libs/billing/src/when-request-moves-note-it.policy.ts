import { INTAKE_TOPIC, type IntakeMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteEnding, NoteIndependence, NoteOffer, NoteOfferDeclined, NoteSubmission } from './quote.commands';
import { payerOf } from './quote-state.rules';

const debtorOf = ({ debtor }: Pick<IntakeMessages['AssignmentOffered'], 'debtor'>) =>
  debtor === undefined ? {} : { debtor };

/** The submission and each offer of the assignment ask for a quote; a decline takes it back; a closing ends the case for us. */
export const whenRequestMovesNoteIt: TopicPolicy<IntakeMessages> = {
  name: 'when-request-moves-note-it',
  listensTo: [INTAKE_TOPIC],
  startsAt: 'beginning',
  on: {
    SecondOpinionRequestSubmitted: ({ data }) => {
      const { caseId, caseNumber, employeeId, ownDoctorId, ownOrganisationId, submittedAt } = data;
      const ids = { caseId, caseNumber, employeeId, ownDoctorId, ownOrganisationId };
      return [issue(NoteSubmission, { ...ids, submittedAt, ...debtorOf(data) })];
    },
    AssignmentOffered: ({ data, time }) => {
      const { caseId, doctorId, round } = data;
      return [issue(NoteOffer, { caseId, doctorId, round, payer: payerOf(data), offeredAt: time, ...debtorOf(data) })];
    },
    AssignmentDeclined: ({ data: { caseId, round } }) => [issue(NoteOfferDeclined, { caseId, round })],
    IndependenceConfirmed: ({ data: { caseId, doctorId, round, restored } }) => [
      issue(NoteIndependence, { caseId, doctorId, round, ...(restored ? { restored } : {}) }),
    ],
    RequestWithdrawn: ({ data: { caseId, withdrawnAt } }) => [
      issue(NoteEnding, { caseId, ending: 'WITHDRAWN', consultationHeld: false, at: withdrawnAt }),
    ],
    CaseClosed: ({ data: { caseId, closedAt } }) => [
      issue(NoteEnding, { caseId, ending: 'CLOSED', consultationHeld: false, at: closedAt }),
    ],
  },
};
