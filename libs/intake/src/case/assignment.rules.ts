import {
  endOfDay,
  endOfWorkingDay,
  Forbidden,
  isActor,
  localDateOf,
  Refused,
  type Circumstances,
  type Sealed,
} from '@second-opinion/kernel';
import { intakeTerms, textVersions } from '../intake.terms';
import type { CaseEvent } from './case.events';
import type * as commands from './case.commands';
import {
  employerAgreed,
  isEnded,
  isShared,
  open,
  paymentOf,
  type Assignment,
  type Case,
  type Choice,
} from './case.rules';
import { asDeclared, independenceChecks, mustBeRegistered } from './independence.rules';
import { mayBeSubmitted, missingFor } from './request.rules';

type Decide<C> = (command: Sealed<C>, state: Case, around: Circumstances) => CaseEvent[];

/** A6, second half: the own doctor submits; an incomplete request is returned with what is missing. */
export const submit: Decide<commands.SubmitSecondOpinionRequest> = (command, state, around) => {
  const { wish, registeredUntil } = mayBeSubmitted(command, state, around);
  const missing = missingFor(state);
  const [first] = state.choices;
  if (missing.length > 0 || !first || !state.form)
    return [{ type: 'RequestReturnedIncomplete', data: { missing, at: around.now } }];
  const employeePays = state.choices.some((choice) => paymentOf(state, choice) === 'EMPLOYEE');
  return [
    {
      type: 'SecondOpinionRequestSubmitted',
      data: {
        caseId: wish.caseId,
        caseNumber: wish.caseNumber,
        subject: state.form.subject,
        employeeId: wish.employeeId,
        ownDoctorId: wish.ownDoctorId,
        ownOrganisationId: wish.ownOrganisationId,
        doctorId: first.doctorId,
        contracted: first.contracted,
        employerAgreed: employerAgreed(state, first),
        region: wish.region,
        ...(employeePays && state.debtor !== undefined ? { debtor: state.debtor } : {}),
        registeredUntil,
        submittedAt: around.now,
      },
    },
    offer(state, first, around),
  ];
};

/** offer gives the next round of this case. */
export function offer(state: Case, choice: Choice, { now }: Circumstances): CaseEvent {
  if (!state.wish || !state.form) throw new TypeError('an assignment is offered for a described request');
  const employeePays = paymentOf(state, choice) === 'EMPLOYEE';
  return {
    type: 'AssignmentOffered',
    data: {
      caseId: state.wish.caseId,
      caseNumber: state.wish.caseNumber,
      doctorId: choice.doctorId,
      round: state.rounds + 1,
      subject: state.form.subject,
      region: state.wish.region,
      contracted: choice.contracted,
      employerAgreed: employerAgreed(state, choice),
      ...(employeePays && state.debtor !== undefined ? { debtor: state.debtor } : {}),
      answerDueAt: endOfDay(now, intakeTerms.assignmentAnswerDays),
    },
  };
}

/** A7. Only once reporting takes withdrawals (the file is open), and only by a doctor who is still independent and registered. */
export const accept: Decide<commands.AcceptAssignment> = (command, state, around) => {
  const { doctorId, round, step } = assignedTo(state, around);
  if (step !== 'offered') return [];
  if (!state.fileOpened) throw new Refused('intake.file-not-open-yet');
  const { candidate, ownDoctor, contract } = command;
  const checks = independenceChecks(candidate, ownDoctor, contract, localDateOf(around.now));
  return [
    {
      type: 'AssignmentAccepted',
      data: {
        doctorId,
        round,
        checks,
        independenceDueAt: endOfWorkingDay(around.now, intakeTerms.independenceWorkingDays, around.calendar),
        calendarVersion: around.calendar.version,
      },
    },
  ];
};

export const decline: Decide<commands.DeclineAssignment> = (_, state, around) => {
  const { doctorId, round, step } = assignedTo(state, around);
  if (step !== 'offered') throw new Refused('intake.assignment-answered', { step });
  return moveOn(state, { type: 'AssignmentDeclined', data: { doctorId, round, cause: 'DECLINED' } }, around);
};

/** A15: a doctor who took the assignment gives it up, or back office takes it from him, until his report was shared; the next begins anew. */
export const reassign: Decide<commands.ReassignAssignment> = ({ cause }, state, around) => {
  open(state);
  const { assignment } = state;
  if (!assignment || assignment.step === 'offered') throw new Refused('intake.not-accepted-yet');
  const { doctorId, round } = assignment;
  if (around.actor.role !== 'back-office') assignedTo(state, around);
  if (isShared(state)) throw new Refused('intake.report-shared');
  return moveOn(state, { type: 'AssignmentReassigned', data: { doctorId, round, cause, at: around.now } }, around);
};

export const noteNotAnswered: Decide<commands.NoteAssignmentNotAnswered> = ({ round, awaited }, state, around) => {
  const { assignment } = state;
  const step = awaited === 'answer' ? 'offered' : 'accepted';
  if (isEnded(state) || isShared(state) || assignment?.round !== round || assignment.step !== step) return [];
  const { doctorId } = assignment;
  return moveOn(state, { type: 'AssignmentDeclined', data: { doctorId, round, cause: 'NOT_ANSWERED' } }, around);
};

/**
 * A7: with the name before him the doctor declares that he never treated or advised this person (BR-19, BR-21). Who is known to have acted
 * for him meanwhile, in another case, cannot: he gives this one up, or his term ends.
 */
export const confirmIndependence: Decide<commands.ConfirmIndependence> = (command, state, around) => {
  const { doctorId, round, step } = assignedTo(state, around);
  if (step === 'confirmed') return [];
  if (step !== 'accepted') throw new Refused('intake.not-accepted-yet');
  const { candidate, ownDoctor, contract } = command;
  const on = localDateOf(around.now);
  const registeredUntil = mustBeRegistered(candidate, on);
  independenceChecks(asDeclared(candidate, state), ownDoctor, contract, on);
  return [
    {
      type: 'IndependenceConfirmed',
      data: { doctorId, round, registeredUntil, at: around.now },
      textVersion: textVersions.independence,
    },
  ];
};

export const rejectIndependence: Decide<commands.RejectIndependence> = ({ otherCaseIds }, state, around) => {
  const { doctorId, round, step } = assignedTo(state, around);
  if (step !== 'accepted') throw new Refused('intake.not-accepted-yet', { step });
  const rejected: CaseEvent = {
    type: 'IndependenceRejected',
    data: { doctorId, round, at: around.now, ...(otherCaseIds.length > 0 ? { otherCaseIds } : {}) },
    textVersion: textVersions.independence,
  };
  return moveOn(state, rejected, around);
};

/**
 * BR-21: who was involved with the person before is independent in none of his cases. Whichever is first: a confirmation after it is refused, and
 * one before it back office looks at, who can have another take over until the report is shared (A15).
 */
export const noteEarlierInvolvement: Decide<commands.NoteEarlierInvolvement> = ({ doctorId }, state, around) => {
  const { assignment, notIndependent } = state;
  if (assignment?.doctorId !== doctorId || assignment.step === 'offered') return [];
  if (isEnded(state) || isShared(state) || notIndependent.includes(doctorId)) return [];
  return [{ type: 'EarlierInvolvementDeclared', data: { doctorId, round: assignment.round, at: around.now } }];
};

/**
 * restored: a report that was shared is its doctor's, also when the news of it came after he had given the case up. Who was asked instead is
 * asked no more, and the case is his again (A15). Who shared it is told; of an old sharing it is not, then it is who gave the case up last.
 */
export function restored(state: Case, { now: at }: Circumstances, sharedBy = state.former): CaseEvent[] {
  const { assignment, rounds } = state;
  if (sharedBy === undefined || assignment?.step === 'confirmed') return [];
  const { doctorId, round } = assignment ?? {};
  return [
    ...(doctorId === undefined || round === undefined
      ? []
      : [{ type: 'AssignmentTakenBack' as const, data: { doctorId, round, at } }]),
    { type: 'AssignmentRestored', data: { doctorId: sharedBy, round: rounds + 1, at } },
  ];
}

/** moveOn offers to the second preference without a new request; none left opens the choice again (BR-20). */
function moveOn(state: Case, ended: CaseEvent, around: Circumstances): CaseEvent[] {
  const [next] = state.waiting;
  return next
    ? [ended, offer(state, next, around)]
    : [ended, { type: 'NoDoctorAvailable', data: { afterRound: state.rounds } }];
}

function assignedTo(state: Case, { actor }: Circumstances): Assignment {
  open(state);
  const { assignment } = state;
  const isAsked = assignment && (assignment.step === 'confirmed' || !isShared(state));
  if (!isAsked || actor.role !== 'second-opinion-doctor' || !isActor(actor, assignment.doctorId))
    throw new Forbidden('intake.assigned-doctor-only');
  return assignment;
}
