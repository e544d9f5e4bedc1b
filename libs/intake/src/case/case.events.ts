import { field, events, OUTCOMES, PAYERS, REFUSAL_GROUNDS, SUBJECTS, type EventsOf } from '@second-opinion/contracts';
import { AID_OUTCOMES, INSISTENCES } from './decision-aid.rules';

export const INITIATORS = ['EMPLOYEE', 'FORMER_EMPLOYEE'] as const;
export const INSTRUMENTS = ['UWV_EXPERT_JUDGMENT', 'RE_EXAMINATION', 'COMPLAINT', 'MEDIATION'] as const;
/** REASSIGNMENTS: why a doctor who took an assignment cannot finish it (A15). */
export const REASSIGNMENTS = ['DOCTOR_ILL', 'DOCTOR_NOT_REGISTERED', 'OTHER'] as const;
export const MISSING = [
  'REQUEST_FORM',
  'EMPLOYEE_CHOICE',
  'DOCTOR_CHOICE',
  'PAYER_DECISION',
  'EMPLOYEE_CONFIRMATION',
] as const;
export type Missing = (typeof MISSING)[number];

/** What other contexts tell about the case. */
export const MILESTONES = [
  'QUOTE_ISSUED',
  'QUOTE_OVERDUE',
  'QUOTE_SIGNED',
  'QUOTE_DECLINED',
  'QUOTE_EXPIRED',
  'QUOTE_SUPERSEDED',
  'INVOICE_ISSUED',
  'BILLING_SETTLED',
  'SLOT_RESERVED',
  'SLOT_RELEASED',
  'NO_SLOT_WITHIN_SLA',
  'APPOINTMENT_CONFIRMED',
  'APPOINTMENT_RESCHEDULED',
  'APPOINTMENT_CANCELLED',
  'CONSULTATION_HELD',
  'NO_SHOW',
  'FINAL_NO_SHOW',
  'CONSULTATION_ABORTED',
  'FINAL_CONSULTATION_ABORTED',
  'ENDED_WITHOUT_APPOINTMENT',
  'FILE_OPENED',
  'AUTHORISATION_ASKED',
  'AUTHORISATION_GRANTED',
  'AUTHORISATION_REFUSED',
  'AUTHORISATION_WITHDRAWN',
  'PROCEEDING_WITHOUT_DOSSIER',
  'DOSSIER_CLOSED',
  'NOT_EXECUTABLE',
  'REPORT_OVERDUE',
  'REPORT_SHARED',
  'REPORT_RELEASED',
  'NOT_RELEASED_BLOCKED',
  'NOT_RELEASED_LAPSED',
  'NOT_RELEASED_WITHDRAWN',
  'FOLLOW_UP_FULL',
  'FOLLOW_UP_PARTLY',
  'FOLLOW_UP_NOT',
  'FOLLOW_UP_TERM_ENDED',
  'WITHDRAWN_IN_REPORTING',
] as const;
export type Milestone = (typeof MILESTONES)[number];

const checks = {
  service: field.code(['DIFFERENT', 'SAME', 'EXEMPT']),
  company: field.code(['DIFFERENT', 'SAME']),
  institution: field.code(['DIFFERENT', 'SAME']),
  involvement: field.code(['NONE_KNOWN', 'ACTED_BEFORE']),
  registeredUntil: field.date(),
  checkedOn: field.date(),
};

const round = { doctorId: field.id(), round: field.count() };

/** Every stored event of `intake.case-<caseId>`. */
export const caseEvents = events({
  SecondOpinionWishRecorded: {
    caseId: field.id(),
    caseNumber: field.label(),
    route: field.code(['EMPLOYEE_SECOND_OPINION']),
    initiator: field.code(INITIATORS),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ownOrganisationId: field.id(),
    contractId: field.id(),
    region: field.region(),
    previousCaseId: field.optional(field.id()),
    recordedAt: field.instant(),
    remindAt: field.instant(),
    decisionDueAt: field.instant(),
    calendarVersion: field.label(),
  },
  NonSuspensionExplained: { at: field.instant() },
  DecisionAidCompleted: {
    answers: field.sealed('MEDICAL'),
    outcome: field.code(AID_OUTCOMES),
    matchedRule: field.label(),
    insist: field.code(INSISTENCES),
    rulesetVersion: field.label(),
    at: field.instant(),
  },
  EmployeeChoseSecondOpinion: { against: field.code(AID_OUTCOMES), rulesetVersion: field.label(), at: field.instant() },
  OtherInstrumentChosen: { instrument: field.code(INSTRUMENTS), at: field.instant() },
  RequestDescribed: {
    formVersion: field.count(),
    subject: field.code(SUBJECTS),
    firstAdviceOn: field.date(),
    doubt: field.sealed('MEDICAL'),
    questions: field.sealed('MEDICAL'),
    at: field.instant(),
  },
  RequestHonoured: { at: field.instant() },
  DecisionReminderDue: { decisionDueAt: field.instant() },
  DecisionOverdue: { dueAt: field.instant() },
  RequestRefused: {
    ground: field.code(REFUSAL_GROUNDS),
    motivation: field.sealed('MEDICAL'),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    earlierCaseIds: field.list(field.id()),
    earlierDeclaredOn: field.optional(field.date()),
    complaintRouteVersion: field.label(),
    at: field.instant(),
  },
  DoctorsProposed: { doctorIds: field.list(field.id()), proposedAt: field.instant(), choiceDueAt: field.instant() },
  DoctorChoiceOverdue: { dueAt: field.instant() },
  /** In the employee's order of preference; the checks are the proof of independence at the choice (BR-15, BR-19, BR-21). */
  DoctorChosen: {
    choices: field.list(
      field.record({
        doctorId: field.id(),
        contracted: field.flag(),
        agreedByContract: field.flag(),
        checks: field.record(checks),
      }),
    ),
    payerDecisionNeeded: field.flag(),
    at: field.instant(),
  },
  DisclosureToEmployerConsented: { at: field.instant() },
  DisclosureConsentWithdrawn: { at: field.instant() },
  EmployerAgreementObtained: { doctorIds: field.list(field.id()), at: field.instant() },
  EmployerAgreementDenied: { doctorIds: field.list(field.id()), at: field.instant() },
  EmployeeAgreedToPay: { doctorIds: field.list(field.id()), debtor: field.sealed('BILLING'), at: field.instant() },
  RequestConfirmedByEmployee: { formVersion: field.count(), at: field.instant() },
  RequestReturnedIncomplete: { missing: field.list(field.code(MISSING)), at: field.instant() },
  SecondOpinionRequestSubmitted: {
    caseId: field.id(),
    caseNumber: field.label(),
    subject: field.code(SUBJECTS),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ownOrganisationId: field.id(),
    doctorId: field.id(),
    contracted: field.flag(),
    employerAgreed: field.flag(),
    region: field.region(),
    debtor: field.optional(field.sealed('BILLING')),
    registeredUntil: field.date(),
    submittedAt: field.instant(),
  },
  AssignmentOffered: {
    caseId: field.id(),
    caseNumber: field.label(),
    ...round,
    subject: field.code(SUBJECTS),
    region: field.region(),
    contracted: field.flag(),
    employerAgreed: field.flag(),
    debtor: field.optional(field.sealed('BILLING')),
    answerDueAt: field.instant(),
  },
  AssignmentAccepted: {
    ...round,
    checks: field.record(checks),
    independenceDueAt: field.instant(),
    calendarVersion: field.label(),
  },
  AssignmentDeclined: { ...round, cause: field.code(['DECLINED', 'NOT_ANSWERED']) },
  AssignmentReassigned: { ...round, cause: field.code(REASSIGNMENTS), at: field.instant() },
  /** A15: the report of the doctor who gave the case up was shared already; nobody else is asked, and it is his again, in a round of its own. */
  AssignmentTakenBack: { ...round, at: field.instant() },
  AssignmentRestored: { ...round, at: field.instant() },
  IndependenceConfirmed: { ...round, registeredUntil: field.date(), at: field.instant() },
  /** In his other cases that were still going on it is noted too (BR-21). */
  IndependenceRejected: { ...round, at: field.instant(), otherCaseIds: field.optional(field.list(field.id())) },
  /** In another case of this person he rejected his independence (BR-21): he cannot confirm it here, and if he has, back office reassigns. */
  EarlierInvolvementDeclared: { ...round, at: field.instant() },
  NoDoctorAvailable: { afterRound: field.count() },
  RequestWithdrawn: { withdrawnAt: field.instant() },
  EndedForLackOfDoctor: { at: field.instant() },
  /** Nobody has used the invitation, however often it was sent (section 3). */
  EmployeeUnreachable: { at: field.instant() },
  /** He was invited anew, or has logged in. */
  EmployeeReachable: { at: field.instant() },
  /** What only he can do before the submission: when he is reminded, and until when he can before he counts as silent (section 3). */
  EmployeeAsked: {
    of: field.list(field.code(MISSING)),
    reminders: field.list(field.record({ attempt: field.count(), dueAt: field.instant() })),
    until: field.instant(),
    calendarVersion: field.label(),
  },
  AnswerReminderDue: { attempt: field.count(), until: field.instant() },
  /** Nothing is asked of him any more. */
  EmployeeAnswered: { at: field.instant() },
  /** However often he was reminded; his own doctor may end the case. */
  EmployeeSilent: { of: field.list(field.code(MISSING)), at: field.instant() },
  EndedForUnreachableEmployee: { at: field.instant() },
  MilestoneNoted: {
    milestone: field.code(MILESTONES),
    at: field.instant(),
    dueAt: field.optional(field.instant()),
    /** payer of an invoice: who pays may change with the doctor (BR-52). */
    payer: field.optional(field.code(PAYERS)),
    ref: field.optional(field.label()),
    round: field.optional(field.count()),
  },
  CaseClosed: { outcome: field.code(OUTCOMES), closedAt: field.instant() },
  CaseReopened: { reopenedAt: field.instant() },
  /** Its medical texts were forgotten, or whose it is (domain section 9); what is still open ends as withdrawn. */
  CaseForgotten: { at: field.instant() },
});
export type CaseEvent = EventsOf<typeof caseEvents>;
export type CaseEventData<T extends CaseEvent['type']> = Extract<CaseEvent, { type: T }>['data'];
