import { issue, type Deadline } from '@second-opinion/kernel';
import {
  NoteAssignmentNotAnswered,
  NoteDecisionOverdue,
  NoteDoctorChoiceOverdue,
  NoteEmployeeSilent,
  RemindEmployeeOfAnswer,
  RemindOfDecision,
} from './case/case.commands';
import type { CaseEvent } from './case/case.events';
import { NotePersonUnreachable, RepeatInvitation } from './person/person.commands';
import type { PersonEvent } from './person/person.events';

const all = () => 'all' as const;
const ended = { CaseClosed: all, RequestWithdrawn: all } as const;

/** Wish -> decision, reminder (domain section 6). */
export const decisionReminder: Deadline<CaseEvent> = {
  name: 'decision-reminder',
  categories: ['intake.case'],
  start: { SecondOpinionWishRecorded: ({ data }) => [{ ref: 'decision', dueAt: data.remindAt }] },
  stop: { ...ended, RequestHonoured: all },
  send: ({ streamId }) => issue(RemindOfDecision, { caseId: streamId }),
};

/** Wish -> decision, overdue. */
export const decisionTerm: Deadline<CaseEvent> = {
  name: 'decision-term',
  categories: ['intake.case'],
  start: { SecondOpinionWishRecorded: ({ data }) => [{ ref: 'decision', dueAt: data.decisionDueAt }] },
  stop: { ...ended, RequestHonoured: all },
  send: ({ streamId }) => issue(NoteDecisionOverdue, { caseId: streamId }),
};

/** Proposal -> choice of the employee. A new proposal starts it again. */
export const doctorChoiceTerm: Deadline<CaseEvent> = {
  name: 'doctor-choice-term',
  categories: ['intake.case'],
  start: { DoctorsProposed: ({ data }) => [{ ref: 'choice', dueAt: data.choiceDueAt }] },
  stop: { ...ended, DoctorChosen: all, AssignmentOffered: all, AssignmentRestored: all },
  send: ({ streamId, dueAt }) => issue(NoteDoctorChoiceOverdue, { caseId: streamId, dueAt }),
};

/** What the employee is asked before the submission -> reminders. What he is asked next begins anew. */
export const answerReminders: Deadline<CaseEvent> = {
  name: 'answer-reminders',
  categories: ['intake.case'],
  start: {
    EmployeeAsked: ({ data: { reminders } }) =>
      reminders.map(({ attempt, dueAt }) => ({ ref: String(attempt), dueAt })),
  },
  stop: { ...ended, EmployeeAnswered: all, SecondOpinionRequestSubmitted: all },
  send: ({ streamId, ref }) => issue(RemindEmployeeOfAnswer, { caseId: streamId, attempt: Number(ref) }),
};

/** The same -> answered; after that he counts as silent. */
export const answerTerm: Deadline<CaseEvent> = {
  name: 'answer-term',
  categories: ['intake.case'],
  start: { EmployeeAsked: ({ data: { until } }) => [{ ref: 'answer', dueAt: until }] },
  stop: { ...ended, EmployeeAnswered: all, SecondOpinionRequestSubmitted: all },
  send: ({ streamId }) => issue(NoteEmployeeSilent, { caseId: streamId }),
};

/** Offer -> accepted or declined, per round. */
export const assignmentAnswerTerm: Deadline<CaseEvent> = {
  name: 'assignment-answer-term',
  categories: ['intake.case'],
  start: { AssignmentOffered: ({ data }) => [{ ref: String(data.round), dueAt: data.answerDueAt }] },
  stop: {
    ...ended,
    AssignmentAccepted: ({ data }) => [String(data.round)],
    AssignmentDeclined: ({ data }) => [String(data.round)],
    AssignmentTakenBack: ({ data }) => [String(data.round)],
  },
  send: ({ streamId, ref }) =>
    issue(NoteAssignmentNotAnswered, { caseId: streamId, round: Number(ref), awaited: 'answer' }),
};

/** Acceptance -> declaration of independence, per round. */
export const independenceTerm: Deadline<CaseEvent> = {
  name: 'independence-term',
  categories: ['intake.case'],
  start: { AssignmentAccepted: ({ data }) => [{ ref: String(data.round), dueAt: data.independenceDueAt }] },
  stop: {
    ...ended,
    IndependenceConfirmed: ({ data }) => [String(data.round)],
    IndependenceRejected: ({ data }) => [String(data.round)],
    AssignmentDeclined: ({ data }) => [String(data.round)],
    AssignmentTakenBack: ({ data }) => [String(data.round)],
    AssignmentReassigned: ({ data }) => [String(data.round)],
  },
  send: ({ streamId, ref }) =>
    issue(NoteAssignmentNotAnswered, { caseId: streamId, round: Number(ref), awaited: 'independence' }),
};

/** An invitation that nobody answers is sent again (section 3); of an older one nothing comes any more. */
export const invitationRepeats: Deadline<PersonEvent> = {
  name: 'invitation-repeats',
  categories: ['intake.person'],
  start: {
    InvitationIssued: ({ data: { invitationId, repeats = [] } }) =>
      repeats.map(({ attempt, dueAt }) => ({ ref: `${attempt}/${invitationId}`, dueAt })),
  },
  stop: { InvitationRedeemed: all },
  send: ({ streamId, ref }) => {
    const [attempt, invitationId = ''] = ref.split('/');
    return issue(RepeatInvitation, { personId: streamId, invitationId, attempt: Number(attempt) });
  },
};

/** Invitation -> answered; after that he counts as unreachable. */
export const invitationTerm: Deadline<PersonEvent> = {
  name: 'invitation-term',
  categories: ['intake.person'],
  start: {
    InvitationIssued: ({ data: { invitationId, unreachableAt } }) =>
      unreachableAt === undefined ? [] : [{ ref: invitationId, dueAt: unreachableAt }],
  },
  stop: { InvitationRedeemed: all },
  send: ({ streamId, ref }) => issue(NotePersonUnreachable, { personId: streamId, invitationId: ref }),
};
