import { localDateOf, Refused, type Circumstances, type Sealed } from '@second-opinion/kernel';
import type * as commands from './case.commands';
import type { CaseEvent } from './case.events';
import { restored } from './assignment.rules';
import { canStillBeReleased, evolve, isFollowUp } from './case-evolution.rules';
import { byEmployee, byOwnDoctor, isEnded, isShared, milestoneKey, notSubmitted, open, type Case } from './case.rules';
import { choosable } from './choice.rules';

type Decide<C> = (command: Sealed<C>, state: Case, around: Circumstances) => CaseEvent[];

/** BR-76: the employee withdraws here until a doctor has accepted; from then on reporting decides it. */
export const withdraw: Decide<commands.WithdrawRequest> = (_, state, around) => {
  byEmployee(open(state), around);
  if (state.everAccepted) throw new Refused('intake.withdraw-at-reporting');
  const events: CaseEvent[] = [{ type: 'RequestWithdrawn', data: { withdrawnAt: around.now } }];
  return state.status === 'submitted'
    ? andClose(state, events, around)
    : [...events, { type: 'CaseClosed', data: { outcome: 'WITHDRAWN', closedAt: around.now } }];
};

/**
 * Who is forgotten while his case is open has withdrawn it (BR-76): nobody could go on with it. Once submitted that is decided by reporting,
 * which hears of it.
 */
export const noteCaseForgotten: Decide<commands.NoteCaseForgotten> = (_, state, { now }) => {
  if (!state.wish || state.forgotten) return [];
  const forgotten: CaseEvent = { type: 'CaseForgotten', data: { at: now } };
  if (state.status === 'submitted' || isEnded(state)) return [forgotten];
  return [
    forgotten,
    { type: 'RequestWithdrawn', data: { withdrawnAt: now } },
    { type: 'CaseClosed', data: { outcome: 'WITHDRAWN', closedAt: now } },
  ];
};

/**
 * Nobody can be found: nothing can become due any more, so it closes at once. Also not for what a doctor did who gave the case up (A15): the quote
 * names hours for a withdrawal only, which is the employee's own choice (BR-76). After the submission everybody has declined; before it nobody in
 * the register may be chosen (BR-15, BR-19, BR-21).
 */
export const endForLackOfDoctor: Decide<commands.EndForLackOfDoctor> = (command, state, around) => {
  byOwnDoctor(open(state), around);
  const nobodyLeft = state.noDoctor && !isShared(state);
  if (!nobodyLeft && !nobodyMayBeChosen(command, state, around)) throw new Refused('intake.doctor-available');
  return [
    { type: 'EndedForLackOfDoctor', data: { at: around.now } },
    { type: 'CaseClosed', data: { outcome: 'NO_DOCTOR', closedAt: around.now } },
  ];
};

function nobodyMayBeChosen(
  { register, ownDoctor, contract }: Sealed<commands.EndForLackOfDoctor>,
  state: Case,
  { now }: Circumstances,
): boolean {
  if (state.status !== 'honoured' || !register || !ownDoctor || !contract) return false;
  return choosable(register, state, ownDoctor, contract, localDateOf(now)).length === 0;
}

export const noteUnreachable: Decide<commands.NoteEmployeeUnreachable> = (_, state, { now }) => {
  const runs = (state.status === 'wished' || state.status === 'honoured') && !isEnded(state);
  return runs && !state.unreachable ? [{ type: 'EmployeeUnreachable', data: { at: now } }] : [];
};

/** Section 3: who answers neither an invitation nor what he is asked confirms nothing either, so nothing was submitted and nothing can become due. */
export const endForUnreachable: Decide<commands.EndForUnreachableEmployee> = (command, state, around) => {
  byOwnDoctor(notSubmitted(state), around);
  const silent = state.asked?.silent ?? false;
  if (!silent && !(state.unreachable && command.unreachable)) throw new Refused('intake.employee-reachable');
  return [
    { type: 'EndedForUnreachableEmployee', data: { at: around.now } },
    { type: 'CaseClosed', data: { outcome: 'NO_SHOW', closedAt: around.now } },
  ];
};

/**
 * What another context tells. The second of outcome and settlement closes the case (A21); a release after the closing
 * (late consent, BR-36) opens it again, and what the own doctor decides after his term is noted (BR-42, BR-43); everything else after
 * the closing is too late, and so is the examination of a doctor who has given the case up (A15).
 */
export const noteMilestone: Decide<commands.NoteMilestone> = (command, state, around) => {
  const { milestone, at, dueAt, ref, round, doctorId } = command;
  if (state.noted.includes(milestoneKey(milestone, ref))) return [];
  const isSharing = milestone === 'REPORT_SHARED';
  if (doctorId !== undefined && doctorId !== state.assignment?.doctorId && !isSharing) return [];
  const noted: CaseEvent = {
    type: 'MilestoneNoted',
    data: {
      milestone,
      at,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(command.payer === undefined ? {} : { payer: command.payer }),
      ...(ref === undefined ? {} : { ref }),
      ...(round === undefined ? {} : { round }),
    },
  };
  const back = isShared(evolve(state, noted)) ? restored(state, around, isSharing ? doctorId : undefined) : [];
  if (state.status !== 'closed') return andClose(state, [noted, ...back], around);
  if (state.outcome?.startsWith('RELEASED_') && isFollowUp(milestone)) return [noted];
  if (milestone !== 'REPORT_RELEASED' || !canStillBeReleased(state.outcome)) return [];
  return [noted, { type: 'CaseReopened', data: { reopenedAt: around.now } }, ...back];
};

/** andClose closes when it is known how the case ends and that nothing more can become due. */
function andClose(state: Case, events: CaseEvent[], { now }: Circumstances): CaseEvent[] {
  const { outcome, settled, status } = events.reduce(evolve, state);
  return status === 'submitted' && outcome !== undefined && settled
    ? [...events, { type: 'CaseClosed', data: { outcome, closedAt: now } }]
    : events;
}
