import type { Outcome } from '@second-opinion/contracts';
import type { CaseEvent, CaseEventData, Milestone } from './case.events';
import { milestoneKey, type Case } from './case.rules';

/** outcomeOf: how a case ends by what other contexts tell. */
export const outcomeOf: Partial<Record<Milestone, Outcome>> = {
  QUOTE_DECLINED: 'QUOTE_NOT_SIGNED',
  QUOTE_EXPIRED: 'QUOTE_NOT_SIGNED',
  FINAL_NO_SHOW: 'NO_SHOW',
  FINAL_CONSULTATION_ABORTED: 'NO_SHOW',
  ENDED_WITHOUT_APPOINTMENT: 'NO_SHOW',
  NOT_EXECUTABLE: 'NOT_EXECUTABLE',
  WITHDRAWN_IN_REPORTING: 'WITHDRAWN',
  NOT_RELEASED_BLOCKED: 'BLOCKED',
  NOT_RELEASED_LAPSED: 'RELEASE_DECISION_LAPSED',
  NOT_RELEASED_WITHDRAWN: 'WITHDRAWN',
  FOLLOW_UP_FULL: 'RELEASED_ADOPTED',
  FOLLOW_UP_PARTLY: 'RELEASED_PARTLY_ADOPTED',
  FOLLOW_UP_NOT: 'RELEASED_NOT_ADOPTED',
  FOLLOW_UP_TERM_ENDED: 'RELEASED_NO_FOLLOW_UP_KNOWN',
};

/** isFollowUp: what the own doctor decided about the advice (A19); on a corrected report he decides again. */
export const isFollowUp = (milestone: Milestone): boolean =>
  milestone === 'FOLLOW_UP_FULL' || milestone === 'FOLLOW_UP_PARTLY' || milestone === 'FOLLOW_UP_NOT';

/**
 * canStillBeReleased: the report was shared and its term ended without release; a late consent can change that (BR-36). Also where the case
 * was ended for lack of a doctor, or of a signature under the quote for the next one, before the sharing was heard of (A15).
 */
export const canStillBeReleased = (outcome: Outcome | undefined): boolean =>
  outcome !== undefined &&
  ['BLOCKED', 'RELEASE_DECISION_LAPSED', 'WITHDRAWN', 'NO_DOCTOR', 'QUOTE_NOT_SIGNED'].includes(outcome);

/** evolve folds a case. */
export function evolve(state: Case, event: CaseEvent): Case {
  switch (event.type) {
    case 'MilestoneNoted':
      return withMilestone(state, event.data);
    case 'SecondOpinionWishRecorded':
      return { ...state, status: 'wished', wish: event.data };
    case 'NonSuspensionExplained':
      return { ...state, explained: true };
    case 'DecisionAidCompleted': {
      const { outcome, insist, rulesetVersion } = event.data;
      const insisted = state.insisted && state.aid?.outcome === outcome;
      return { ...state, aid: { outcome, insist, rulesetVersion }, insisted };
    }
    case 'EmployeeChoseSecondOpinion':
      return { ...state, insisted: true };
    case 'RequestDescribed': {
      const { formVersion: version, subject, firstAdviceOn } = event.data;
      return { ...state, form: { version, subject, firstAdviceOn } };
    }
    case 'RequestHonoured':
      return { ...state, status: 'honoured' };
    case 'DecisionReminderDue':
      return { ...state, reminded: true };
    case 'DecisionOverdue':
      return { ...state, overdue: true };
    case 'RequestConfirmedByEmployee':
      return { ...state, confirmedForm: event.data.formVersion };
    case 'SecondOpinionRequestSubmitted':
      return { ...withoutQuestion(state), status: 'submitted' };
    case 'EmployeeAsked': {
      const { of, until } = event.data;
      return { ...state, asked: { of, until, attempts: 1, silent: false } };
    }
    case 'AnswerReminderDue':
      return state.asked ? { ...state, asked: { ...state.asked, attempts: event.data.attempt } } : state;
    case 'EmployeeSilent':
      return state.asked ? { ...state, asked: { ...state.asked, silent: true } } : state;
    case 'EmployeeAnswered':
      return withoutQuestion(state);
    case 'EmployeeUnreachable':
      return { ...state, unreachable: true };
    case 'EmployeeReachable':
      return { ...state, unreachable: false };
    case 'RequestWithdrawn':
      return { ...state, outcome: 'WITHDRAWN' };
    case 'CaseClosed':
      return { ...state, status: 'closed', outcome: event.data.outcome };
    case 'CaseForgotten':
      return { ...state, forgotten: true };
    case 'CaseReopened': {
      const { outcome: _ended, ...rest } = state;
      return { ...rest, status: 'submitted' };
    }
    default:
      return evolveChoice(state, event);
  }
}

function evolveChoice(state: Case, event: CaseEvent): Case {
  switch (event.type) {
    case 'DoctorsProposed': {
      const { doctorIds, choiceDueAt } = event.data;
      return { ...state, proposed: { doctorIds, choiceDueAt, overdue: false } };
    }
    case 'DoctorChoiceOverdue':
      return state.proposed ? { ...state, proposed: { ...state.proposed, overdue: true } } : state;
    case 'DoctorChosen':
      return { ...state, choices: event.data.choices, waiting: event.data.choices, employerDenied: false };
    case 'DisclosureToEmployerConsented':
      return { ...state, disclosureConsented: true };
    case 'DisclosureConsentWithdrawn':
      return { ...state, disclosureConsented: false };
    case 'EmployerAgreementObtained':
      return { ...state, employerAgreedTo: [...state.employerAgreedTo, ...event.data.doctorIds] };
    case 'EmployerAgreementDenied':
      return { ...state, employerDenied: true };
    case 'EmployeeAgreedToPay': {
      const { doctorIds, debtor } = event.data;
      return { ...state, employeePaysFor: [...state.employeePaysFor, ...doctorIds], debtor };
    }
    default:
      return evolveAssignment(state, event);
  }
}

function evolveAssignment(state: Case, event: CaseEvent): Case {
  switch (event.type) {
    case 'AssignmentOffered': {
      const { doctorId, round } = event.data;
      const waiting = state.waiting.filter((choice) => choice.doctorId !== doctorId);
      return { ...state, assignment: { doctorId, round, step: 'offered' }, rounds: round, waiting, noDoctor: false };
    }
    case 'AssignmentAccepted': {
      const { doctorId, round } = event.data;
      return { ...state, assignment: { doctorId, round, step: 'accepted' }, everAccepted: true };
    }
    case 'IndependenceConfirmed': {
      const { doctorId, round } = event.data;
      return { ...state, assignment: { doctorId, round, step: 'confirmed' }, acted: [...state.acted, doctorId] };
    }
    case 'AssignmentDeclined':
    case 'AssignmentTakenBack':
      return withoutAssignment(state);
    case 'AssignmentReassigned': {
      const had = state.assignment?.step === 'confirmed' ? { former: event.data.doctorId } : {};
      return { ...withoutAssignment(state), ...had };
    }
    case 'AssignmentRestored': {
      const { doctorId, round } = event.data;
      const { proposed: _none, ...rest } = state;
      const assignment = { doctorId, round, step: 'confirmed' } as const;
      return { ...rest, assignment, rounds: round, waiting: [], noDoctor: false };
    }
    case 'IndependenceRejected':
      return { ...withoutAssignment(state), notIndependent: [...state.notIndependent, event.data.doctorId] };
    case 'EarlierInvolvementDeclared':
      return { ...state, notIndependent: [...state.notIndependent, event.data.doctorId] };
    case 'NoDoctorAvailable': {
      const { proposed: _old, ...rest } = state;
      return { ...rest, noDoctor: true, choices: [] };
    }
    default:
      return state;
  }
}

function withoutQuestion(state: Case): Case {
  const { asked: _answered, ...rest } = state;
  return rest;
}

function withoutAssignment(state: Case): Case {
  const { assignment: _ended, ...rest } = state;
  return rest;
}

function withMilestone(state: Case, data: CaseEventData<'MilestoneNoted'>): Case {
  const { milestone, ref } = data;
  const noted = [...state.noted, milestoneKey(milestone, ref)];
  const next = { ...state, noted };
  switch (milestone) {
    case 'FILE_OPENED':
      return { ...next, fileOpened: true };
    case 'BILLING_SETTLED':
      return { ...next, settled: true };
    case 'REPORT_RELEASED': {
      const { outcome, ...rest } = next;
      const takenBack = state.status !== 'closed' && canStillBeReleased(outcome);
      return takenBack ? { ...rest, released: true } : { ...next, released: true };
    }
    default:
      return withOutcome(next, milestone);
  }
}

/**
 * withOutcome: the first ending stands until the case is closed (a later follow-up still tells more). A quote that was declined or expired ends the case whatever
 * its round: billing would have superseded it had it heard of the next round before, and makes no other after it.
 */
function withOutcome(state: Case, milestone: Milestone): Case {
  const outcome = outcomeOf[milestone];
  const tellsMore = isFollowUp(milestone) && state.outcome?.startsWith('RELEASED_') && state.status !== 'closed';
  if (outcome === undefined || (state.outcome !== undefined && !tellsMore)) return state;
  if (milestone.startsWith('NOT_RELEASED_') && state.released) return state;
  return { ...state, outcome };
}
