import { aSeal, anActor } from '@second-opinion/kernel/testing';
import type { CaseEvent, Milestone, Missing } from '../case/case.events';
import type { Candidate, ContractTerms, RegisteredDoctor } from '../case/independence.rules';

/** Named facts for the rule tests of intake: one case, its people and what happens to it, in order. */
export const caseId = '3f2b7c1e-0000-5000-8000-00000000c001';
export const employee = anActor('employee', 'person-1');
export const ownDoctor = anActor('company-doctor', 'doctor-own');
export const otherDoctor = anActor('company-doctor', 'doctor-elsewhere');
export const firstDoctor = anActor('second-opinion-doctor', 'doctor-first');
export const secondDoctor = anActor('second-opinion-doctor', 'doctor-second');
export const backOffice = anActor('back-office');
export const at = '2026-11-25T09:00:00.000Z';

export const own: RegisteredDoctor = {
  doctorId: 'doctor-own',
  known: true,
  secondOpinionDoctor: false,
  organisationId: 'service-own',
  registeredUntil: '2027-12-31',
};
export const first: Candidate = {
  doctorId: 'doctor-first',
  known: true,
  secondOpinionDoctor: true,
  organisationId: 'service-first',
  registeredUntil: '2027-12-31',
  contracted: true,
  actedBefore: false,
};
export const second: Candidate = { ...first, doctorId: 'doctor-second', organisationId: 'service-second' };
export const outside: Candidate = { ...first, doctorId: 'doctor-outside', contracted: false };
export const contract: ContractTerms = {
  known: true,
  employerId: 'employer-1',
  sector: 'GENERAL',
  listed: 2,
  agreesToOthers: false,
};

export const wished: CaseEvent = {
  type: 'SecondOpinionWishRecorded',
  data: {
    caseId,
    caseNumber: 'SO-000000C001',
    route: 'EMPLOYEE_SECOND_OPINION',
    initiator: 'EMPLOYEE',
    employeeId: 'person-1',
    ownDoctorId: 'doctor-own',
    ownOrganisationId: 'service-own',
    contractId: 'contract-1',
    region: '35',
    recordedAt: at,
    remindAt: '2026-11-30T09:00:00.000Z',
    decisionDueAt: '2026-12-02T23:00:00.000Z',
    calendarVersion: 'nl-2026.1-gf1-ld-every-year',
  },
};
export const explained: CaseEvent = { type: 'NonSuspensionExplained', data: { at } };
export const aided: CaseEvent = {
  type: 'DecisionAidCompleted',
  data: {
    answers: aSeal('answers'),
    outcome: 'SECOND_OPINION',
    matchedRule: '11',
    insist: 'NOT_NEEDED',
    rulesetVersion: 'decision-aid-2026.1',
    at,
  },
};
export const advisedUwv: CaseEvent = {
  type: 'DecisionAidCompleted',
  data: { ...aided.data, outcome: 'UWV_JUDGMENT_ADVISED', matchedRule: '10', insist: 'ALLOWED' },
};
export const advisedToDiscuss: CaseEvent = {
  type: 'DecisionAidCompleted',
  data: { ...aided.data, outcome: 'DISCUSS', matchedRule: '12', insist: 'ALLOWED' },
};
export const advisedReExamination: CaseEvent = {
  type: 'DecisionAidCompleted',
  data: { ...aided.data, outcome: 'RE_EXAMINATION_WMK', matchedRule: '1', insist: 'BLOCKED' },
};
export const insisted: CaseEvent = {
  type: 'EmployeeChoseSecondOpinion',
  data: { against: 'UWV_JUDGMENT_ADVISED', rulesetVersion: 'decision-aid-2026.1', at },
};
export const described: CaseEvent = {
  type: 'RequestDescribed',
  data: {
    formVersion: 1,
    subject: 'AbsenceGuidance',
    firstAdviceOn: '2026-11-02',
    doubt: aSeal('doubt'),
    questions: aSeal('questions'),
    at,
  },
};
export const describedAgain: CaseEvent = { type: 'RequestDescribed', data: { ...described.data, formVersion: 2 } };
export const isHonoured: CaseEvent = { type: 'RequestHonoured', data: { at } };
export const proposed: CaseEvent = {
  type: 'DoctorsProposed',
  data: {
    doctorIds: ['doctor-first', 'doctor-second'],
    proposedAt: at,
    choiceDueAt: '2026-11-27T09:00:00.000Z',
  },
};
/** askedFor: what waits for the employee, and his term, from `at` on. */
export const askedFor = (...of: Missing[]): CaseEvent => ({
  type: 'EmployeeAsked',
  data: {
    of,
    reminders: [
      { attempt: 2, dueAt: '2026-11-27T09:00:00.000Z' },
      { attempt: 3, dueAt: '2026-12-01T09:00:00.000Z' },
    ],
    until: '2026-12-02T23:00:00.000Z',
    calendarVersion: 'nl-2026.1-gf1-ld-every-year',
  },
});
export const checks = {
  service: 'DIFFERENT',
  company: 'DIFFERENT',
  institution: 'DIFFERENT',
  involvement: 'NONE_KNOWN',
  registeredUntil: '2027-12-31',
  checkedOn: '2026-11-25',
} as const;
const firstChoice = { doctorId: 'doctor-first', contracted: true, agreedByContract: false, checks };
const secondChoice = { ...firstChoice, doctorId: 'doctor-second' };
const outsideChoice = { ...firstChoice, doctorId: 'doctor-outside', contracted: false };
export const choseTwo: CaseEvent = {
  type: 'DoctorChosen',
  data: { choices: [firstChoice, secondChoice], payerDecisionNeeded: false, at },
};
export const choseOne: CaseEvent = {
  type: 'DoctorChosen',
  data: { choices: [firstChoice], payerDecisionNeeded: false, at },
};
export const choseOutside: CaseEvent = {
  type: 'DoctorChosen',
  data: { choices: [outsideChoice], payerDecisionNeeded: true, at },
};
export const choseFirstAndOutside: CaseEvent = {
  type: 'DoctorChosen',
  data: { choices: [firstChoice, outsideChoice], payerDecisionNeeded: true, at },
};
export const employeePays: CaseEvent = {
  type: 'EmployeeAgreedToPay',
  data: { doctorIds: ['doctor-outside'], debtor: aSeal('debtor'), at },
};
export const disclosureConsented: CaseEvent = { type: 'DisclosureToEmployerConsented', data: { at } };
export const confirmed: CaseEvent = { type: 'RequestConfirmedByEmployee', data: { formVersion: 1, at } };
export const submitted: CaseEvent = {
  type: 'SecondOpinionRequestSubmitted',
  data: {
    caseId,
    caseNumber: 'SO-000000C001',
    subject: 'AbsenceGuidance',
    employeeId: 'person-1',
    ownDoctorId: 'doctor-own',
    ownOrganisationId: 'service-own',
    doctorId: 'doctor-first',
    contracted: true,
    employerAgreed: false,
    region: '35',
    registeredUntil: '2027-12-31',
    submittedAt: at,
  },
};
export const offeredTo = (doctorId: string, round: number, contracted = true): CaseEvent => ({
  type: 'AssignmentOffered',
  data: {
    caseId,
    caseNumber: 'SO-000000C001',
    doctorId,
    round,
    subject: 'AbsenceGuidance',
    region: '35',
    contracted,
    employerAgreed: false,
    answerDueAt: '2026-12-02T23:00:00.000Z',
  },
});
export const offered = offeredTo('doctor-first', 1);
export const acceptedBy = (doctorId: string, round: number): CaseEvent => ({
  type: 'AssignmentAccepted',
  data: {
    doctorId,
    round,
    checks,
    independenceDueAt: '2026-11-27T23:00:00.000Z',
    calendarVersion: 'nl-2026.1-gf1-ld-every-year',
  },
});
export const accepted = acceptedBy('doctor-first', 1);
export const declined: CaseEvent = {
  type: 'AssignmentDeclined',
  data: { doctorId: 'doctor-first', round: 1, cause: 'DECLINED' },
};
export const reassignedFrom = (doctorId: string, round: number): CaseEvent => ({
  type: 'AssignmentReassigned',
  data: { doctorId, round, cause: 'DOCTOR_ILL', at },
});
export const reassigned = reassignedFrom('doctor-first', 1);
export const independentOf = (doctorId: string, round: number): CaseEvent => ({
  type: 'IndependenceConfirmed',
  data: { doctorId, round, registeredUntil: '2027-12-31', at },
});
export const independent = independentOf('doctor-first', 1);
export const nobodyLeft: CaseEvent = { type: 'NoDoctorAvailable', data: { afterRound: 1 } };
export const noted = (milestone: Milestone, ref?: string, round?: number): CaseEvent => ({
  type: 'MilestoneNoted',
  data: { milestone, at, ...(ref === undefined ? {} : { ref }), ...(round === undefined ? {} : { round }) },
});
export const invoiced = (payer: 'EMPLOYER' | 'EMPLOYEE', ref: string): CaseEvent => ({
  type: 'MilestoneNoted',
  data: { milestone: 'INVOICE_ISSUED', at, payer, ref },
});
export const takenBack: CaseEvent = {
  type: 'AssignmentTakenBack',
  data: { doctorId: 'doctor-second', round: 2, at },
};
export const restoredIn = (round: number): CaseEvent => ({
  type: 'AssignmentRestored',
  data: { doctorId: 'doctor-first', round, at },
});
export const shared = noted('REPORT_SHARED', '1');
export const fileOpened = noted('FILE_OPENED');
export const closed = (outcome: Extract<CaseEvent, { type: 'CaseClosed' }>['data']['outcome']): CaseEvent => ({
  type: 'CaseClosed',
  data: { outcome, closedAt: at },
});

/** ready to be submitted; inForce: submitted, offered and confirmed. */
export const ready = [wished, explained, aided, described, isHonoured, proposed, choseTwo, confirmed];
export const assigned = [...ready, submitted, offered, fileOpened];
export const inForce = [...assigned, accepted, independent];
