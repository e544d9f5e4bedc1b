import { refuseUnregistered } from '@second-opinion/contracts';
import {
  Forbidden,
  localDateOf,
  addWorkingDays,
  endOfWorkingDay,
  Refused,
  type Circumstances,
  type Sealed,
} from '@second-opinion/kernel';
import { intakeTerms, textVersions } from '../intake.terms';
import type { CaseEvent, Missing } from './case.events';
import { INITIATORS } from './case.events';
import type * as commands from './case.commands';
import { personIdFor } from './case.commands';
import { byEmployee, byOwnDoctor, honoured, notSubmitted, open, undecided, type Case } from './case.rules';
import { DECISION_AID_VERSION, evaluate } from './decision-aid.rules';
import { mustBeRegistered, type RegisteredDoctor } from './independence.rules';

type Decide<C> = (command: Sealed<C>, state: Case, around: Circumstances) => CaseEvent[];

const isInitiator = (code: string): code is (typeof INITIATORS)[number] =>
  (INITIATORS as readonly string[]).includes(code);

/** caseNumberOf is what people say on the phone; it tells nothing about anybody, nor the time with which an id may begin. */
export const caseNumberOf = (caseId: string): string =>
  `SO-${caseId
    .replace(/[^0-9a-f]/gi, '')
    .slice(-10)
    .toUpperCase()}`;

/** A1. Only the own company doctor records a wish, and only the employee's own (BR-01, BR-02). */
export const recordWish: Decide<commands.RecordSecondOpinionWish> = (command, state, { actor, now, calendar }) => {
  if (state.status !== 'none') throw new Refused('intake.wish-exists');
  if (actor.role !== 'company-doctor') throw new Forbidden('intake.own-doctor-only');
  const { initiator } = command;
  if (!isInitiator(initiator)) throw new Refused('intake.only-employee-initiates', { initiator });
  if (!command.contractKnown) throw new Refused('intake.no-base-contract');
  mustBeRegistered(command.ownDoctor, localDateOf(now));
  return [
    {
      type: 'SecondOpinionWishRecorded',
      data: {
        caseId: command.caseId,
        caseNumber: caseNumberOf(command.caseId),
        route: 'EMPLOYEE_SECOND_OPINION',
        initiator,
        employeeId: command.personId ?? personIdFor(command.caseId),
        ownDoctorId: command.ownDoctor.doctorId,
        ownOrganisationId: command.ownDoctor.organisationId,
        contractId: command.contractId,
        region: command.region,
        ...(command.previousCaseId === undefined ? {} : { previousCaseId: command.previousCaseId }),
        recordedAt: now,
        remindAt: addWorkingDays(now, intakeTerms.decisionReminderWorkingDays, calendar),
        decisionDueAt: endOfWorkingDay(now, intakeTerms.decisionWorkingDays, calendar),
        calendarVersion: calendar.version,
      },
    },
  ];
};

/**
 * registeredToday refuses what the own doctor does as a doctor on a day that his registration does not reach (BR-19). What only records what
 * others decided, or ends a case, is open to him, so that no case is stuck.
 */
function registeredToday(ownDoctor: RegisteredDoctor | undefined, { now }: Circumstances): void {
  refuseUnregistered(ownDoctor, localDateOf(now), 'intake.doctor-not-registered');
}

/** A3 (BR-09). */
export const explainNonSuspension: Decide<commands.ExplainNonSuspension> = ({ ownDoctor }, state, around) => {
  byOwnDoctor(notSubmitted(state), around);
  registeredToday(ownDoctor, around);
  if (state.explained) return [];
  return [{ type: 'NonSuspensionExplained', data: { at: around.now }, textVersion: textVersions.nonSuspension }];
};

/** A2. The outcome is an advice; it may be completed again until the submission. */
export const completeDecisionAid: Decide<commands.CompleteDecisionAid> = (command, state, around) => {
  byOwnDoctor(notSubmitted(state), around);
  registeredToday(command.ownDoctor, around);
  const { outcome, rule, insist } = evaluate(command);
  return [
    {
      type: 'DecisionAidCompleted',
      data: {
        answers: command.answers,
        outcome,
        matchedRule: rule,
        insist,
        rulesetVersion: DECISION_AID_VERSION,
        at: around.now,
      },
      textVersion: DECISION_AID_VERSION,
    },
  ];
};

/** BR-08: who insists cannot be stopped by the advice, except where it is no second opinion at all. */
export const insist: Decide<commands.InsistOnSecondOpinion> = (_, state, around) => {
  byEmployee(notSubmitted(state), around);
  const { aid } = state;
  if (!aid) throw new Refused('intake.decision-aid-missing');
  mustBePossible(state);
  if (state.insisted || aid.insist === 'NOT_NEEDED') return [];
  return [
    {
      type: 'EmployeeChoseSecondOpinion',
      data: { against: aid.outcome, rulesetVersion: aid.rulesetVersion, at: around.now },
      textVersion: aid.rulesetVersion,
    },
  ];
};

/** The employee follows the advice and takes another instrument: the case ends REDIRECTED. */
export const chooseOtherInstrument: Decide<commands.ChooseOtherInstrument> = ({ instrument }, state, around) => {
  byEmployee(notSubmitted(state), around);
  if (!state.aid) throw new Refused('intake.decision-aid-missing');
  return [
    { type: 'OtherInstrumentChosen', data: { instrument, at: around.now }, textVersion: state.aid.rulesetVersion },
    { type: 'CaseClosed', data: { outcome: 'REDIRECTED', closedAt: around.now } },
  ];
};

/** The form, filled in by own doctor and employee together (BR-04, BR-06); a new version needs a new confirmation. */
export const describeRequest: Decide<commands.DescribeRequest> = (command, state, around) => {
  const wish = notSubmitted(state);
  if (around.actor.role === 'employee') byEmployee(wish, around);
  else {
    byOwnDoctor(wish, around);
    registeredToday(command.ownDoctor, around);
  }
  if (command.firstAdviceOn > localDateOf(around.now))
    throw new Refused('intake.first-advice-in-future', { firstAdviceOn: command.firstAdviceOn });
  const { subject, firstAdviceOn, doubt, questions } = command;
  const formVersion = (state.form?.version ?? 0) + 1;
  return [
    { type: 'RequestDescribed', data: { formVersion, subject, firstAdviceOn, doubt, questions, at: around.now } },
  ];
};

/** A4. Honouring is the default (BR-10). */
export const honour: Decide<commands.HonourRequest> = (command, state, around) => {
  const wish = notSubmitted(state);
  byOwnDoctor(wish, around);
  if (state.status === 'honoured') return [];
  mustBePossible(state);
  mustBeRegistered(command.ownDoctor, localDateOf(around.now));
  return [{ type: 'RequestHonoured', data: { at: around.now } }];
};

/** mustBeEarlier: a case on the same advice that there was, here or as declared; which advice that is stands in the form (BR-12). */
function mustBeEarlier(
  { ground, earlierCaseIds, earlierDeclaredOn }: Sealed<commands.RefuseRequest>,
  { form }: Case,
  { now }: Circumstances,
): void {
  if (earlierDeclaredOn !== undefined && earlierDeclaredOn > localDateOf(now))
    throw new Refused('intake.earlier-in-future', { earlierDeclaredOn });
  if (ground !== 'REPEATED_SAME_SUBJECT' || earlierCaseIds.length > 0) return;
  if (earlierDeclaredOn === undefined) throw new Refused('intake.no-earlier-case', { ground });
  if (!form) throw new Refused('intake.request-not-described');
}

/** A4, the exception: a ground of the closed list and a written motivation (BR-10..12, BR-14). */
export const refuse: Decide<commands.RefuseRequest> = (command, state, around) => {
  const wish = notSubmitted(state);
  byOwnDoctor(wish, around);
  // Answers of the aid that came after honouring can still show that it is no second opinion at all (BR-05).
  if (state.status === 'honoured' && state.aid?.insist !== 'BLOCKED') throw new Refused('intake.already-honoured');
  mustBeRegistered(command.ownDoctor, localDateOf(around.now));
  const { ground, motivation, earlierCaseIds, earlierDeclaredOn } = command;
  if (state.aid?.outcome === 'RE_EXAMINATION_WMK' && ground !== 'PRE_EMPLOYMENT')
    throw new Refused('intake.not-possible', { reason: 'PRE_EMPLOYMENT' });
  mustBeEarlier(command, state, around);
  return [
    {
      type: 'RequestRefused',
      data: {
        ground,
        motivation,
        employeeId: wish.employeeId,
        ownDoctorId: wish.ownDoctorId,
        earlierCaseIds: ground === 'REPEATED_SAME_SUBJECT' ? earlierCaseIds : [],
        ...(earlierDeclaredOn === undefined ? {} : { earlierDeclaredOn }),
        complaintRouteVersion: textVersions.complaintRoute,
        at: around.now,
      },
      textVersion: textVersions.complaintRoute,
    },
    { type: 'CaseClosed', data: { outcome: 'REFUSED', closedAt: around.now } },
  ];
};

export const remindOfDecision: Decide<commands.RemindOfDecision> = (_, state) =>
  state.status === 'wished' && state.wish && !state.reminded
    ? [{ type: 'DecisionReminderDue', data: { decisionDueAt: state.wish.decisionDueAt } }]
    : [];

export const noteDecisionOverdue: Decide<commands.NoteDecisionOverdue> = (_, state) =>
  state.status === 'wished' && state.wish && !state.overdue
    ? [{ type: 'DecisionOverdue', data: { dueAt: state.wish.decisionDueAt } }]
    : [];

/** A6, first half: under the employee's own login, on the version he has read (BR-01). */
export const confirm: Decide<commands.ConfirmRequest> = ({ formVersion }, state, around) => {
  byEmployee(notSubmitted(state), around);
  if (!state.form) throw new Refused('intake.request-not-described');
  if (state.form.version !== formVersion) throw new Refused('intake.form-changed', { formVersion: state.form.version });
  if (state.confirmedForm === formVersion) return [];
  return [
    {
      type: 'RequestConfirmedByEmployee',
      data: { formVersion, at: around.now },
      textVersion: textVersions.confirmation,
    },
  ];
};

/** missingFor lists what a submission still lacks. */
export function missingFor(state: Case): Missing[] {
  const { aid, form } = state;
  return [
    ...(form ? [] : ['REQUEST_FORM' as const]),
    ...(aid && aid.insist !== 'NOT_NEEDED' && !state.insisted ? ['EMPLOYEE_CHOICE' as const] : []),
    ...(state.choices.length > 0 ? [] : ['DOCTOR_CHOICE' as const]),
    ...(undecided(state).length > 0 ? ['PAYER_DECISION' as const] : []),
    ...(form && state.confirmedForm === form.version ? [] : ['EMPLOYEE_CONFIRMATION' as const]),
  ];
}

/** mayBeSubmitted: the own doctor himself, registered that day, after aid and explanation (BR-02, BR-07, BR-09, BR-19). */
export function mayBeSubmitted(
  command: Sealed<commands.SubmitSecondOpinionRequest>,
  state: Case,
  around: Circumstances,
) {
  const wish = open(state);
  byOwnDoctor(wish, around);
  notSubmitted(state);
  honoured(state);
  const registeredUntil = mustBeRegistered(command.ownDoctor, localDateOf(around.now));
  if (!state.aid) throw new Refused('intake.decision-aid-missing');
  if (!state.explained) throw new Refused('intake.non-suspension-not-explained');
  mustBePossible(state);
  return { wish, registeredUntil };
}

/** mustBePossible: what is no second opinion at all cannot become one by insisting (BR-05, BR-06; table of the aid). */
function mustBePossible({ aid }: Case): void {
  if (aid?.insist !== 'BLOCKED') return;
  throw new Refused('intake.not-possible', {
    reason: aid.outcome === 'RE_EXAMINATION_WMK' ? 'PRE_EMPLOYMENT' : aid.outcome,
    rulesetVersion: aid.rulesetVersion,
  });
}
