import type { InstancesOf, Decider, Relation } from '@second-opinion/kernel';
import { INTAKE_RULES } from '../intake.terms';
import { asking, noteReachable, noteSilent, remindOfAnswer } from './answers.rules';
import * as assignment from './assignment.rules';
import type * as commands from './case.commands';
import type { CaseEvent, CaseEventData, Milestone } from './case.events';
import { evolve } from './case-evolution.rules';
import { noCase, type Case } from './case.rules';
import * as choice from './choice.rules';
import * as closing from './closing.rules';
import * as request from './request.rules';

/**
 * What the own doctor may not even know that it happened: the way of the report until it is released or not (BR-38), and of the
 * appointment more than whether it was held (matrix item 12).
 */
export const HIDDEN_FROM_OWN_DOCTOR: readonly Milestone[] = [
  'DOSSIER_CLOSED',
  'REPORT_OVERDUE',
  'REPORT_SHARED',
  'SLOT_RESERVED',
  'SLOT_RELEASED',
  'NO_SLOT_WITHIN_SLA',
  'APPOINTMENT_CONFIRMED',
  'APPOINTMENT_RESCHEDULED',
  'APPOINTMENT_CANCELLED',
];

/** May this case exist and go on? Everything intake decides about a case of route A. */
export const secondOpinionCase: Decider<InstancesOf<typeof commands>, Case, CaseEvent> = {
  category: 'intake.case',
  rulesVersion: INTAKE_RULES,
  initial: noCase,
  streamId: ({ caseId }) => String(caseId),
  decide: {
    RecordSecondOpinionWish: request.recordWish,
    ExplainNonSuspension: request.explainNonSuspension,
    CompleteDecisionAid: asking(request.completeDecisionAid),
    InsistOnSecondOpinion: asking(request.insist),
    ChooseOtherInstrument: request.chooseOtherInstrument,
    DescribeRequest: asking(request.describeRequest),
    HonourRequest: asking(request.honour),
    RefuseRequest: request.refuse,
    RemindOfDecision: request.remindOfDecision,
    NoteDecisionOverdue: request.noteDecisionOverdue,
    ProposeDoctors: asking(choice.proposeDoctors),
    NoteDoctorChoiceOverdue: choice.noteDoctorChoiceOverdue,
    ChooseSecondOpinionDoctor: asking(choice.chooseDoctor),
    ConsentToDisclosure: asking(choice.consentToDisclosure),
    WithdrawDisclosureConsent: asking(choice.withdrawDisclosureConsent),
    RecordEmployerAgreement: asking(choice.recordEmployerAgreement),
    PayAsEmployee: asking(choice.payAsEmployee),
    ConfirmRequest: asking(request.confirm),
    SubmitSecondOpinionRequest: asking(assignment.submit),
    AcceptAssignment: assignment.accept,
    DeclineAssignment: assignment.decline,
    ReassignAssignment: assignment.reassign,
    NoteAssignmentNotAnswered: assignment.noteNotAnswered,
    ConfirmIndependence: assignment.confirmIndependence,
    RejectIndependence: assignment.rejectIndependence,
    NoteEarlierInvolvement: assignment.noteEarlierInvolvement,
    WithdrawRequest: closing.withdraw,
    EndForLackOfDoctor: closing.endForLackOfDoctor,
    NoteEmployeeUnreachable: closing.noteUnreachable,
    NoteEmployeeReachable: noteReachable,
    RemindEmployeeOfAnswer: remindOfAnswer,
    NoteEmployeeSilent: noteSilent,
    EndForUnreachableEmployee: closing.endForUnreachable,
    NoteCaseForgotten: closing.noteCaseForgotten,
    NoteMilestone: closing.noteMilestone,
  },
  evolve,
  participants: ({ wish, assignment: { doctorId, step } = {} }) => ({
    ...(wish ? { employee: wish.employeeId, 'own-doctor': wish.ownDoctorId } : {}),
    ...(doctorId === undefined
      ? {}
      : { [step === 'confirmed' ? 'second-opinion-doctor' : 'candidate-doctor']: doctorId }),
  }),
  caseId: (streamId) => streamId,
  hiddenFrom: ({ data }, relation) => 'milestone' in data && isHidden(data, relation),
};

/**
 * isHidden: also what the own doctor does with the advice, from the second opinion doctor (matrix item 18), from own doctor and employee
 * what the other pays (BR-55), and bills and their settlement from whoever is shown none of them (items 19 and 20).
 */
function isHidden({ milestone, payer }: CaseEventData<'MilestoneNoted'>, relation: Relation): boolean {
  if (relation === 'own-doctor') return HIDDEN_FROM_OWN_DOCTOR.includes(milestone) || payer === 'EMPLOYEE';
  if (relation === 'employee') return payer === 'EMPLOYER' || milestone === 'BILLING_SETTLED';
  const notHis =
    milestone.startsWith('FOLLOW_UP_') || milestone === 'INVOICE_ISSUED' || milestone === 'BILLING_SETTLED';
  return relation === 'second-opinion-doctor' && notHis;
}
