import { Refused, type Circumstances, type Sealed } from '@second-opinion/kernel';
import type * as commands from './case.commands';
import type { CaseEvent } from './case.events';
import { canStillBeReleased, evolve, isFollowUp } from './case-evolution.rules';
import { byEmployee, byOwnDoctor, isEnded, milestoneKey, notSubmitted, open, type Case } from './case.rules';

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

/** Nobody can be found: nothing can become due any more, also not for what a doctor did who gave the case up (A15), so it closes at once. */
export const endForLackOfDoctor: Decide<commands.EndForLackOfDoctor> = (_, state, around) => {
  byOwnDoctor(open(state), around);
  if (!state.noDoctor) throw new Refused('intake.doctor-available');
  return [
    { type: 'EndedForLackOfDoctor', data: { at: around.now } },
    { type: 'CaseClosed', data: { outcome: 'NO_DOCTOR', closedAt: around.now } },
  ];
};

export const noteUnreachable: Decide<commands.NoteEmployeeUnreachable> = (_, state, { now }) => {
  const runs = (state.status === 'wished' || state.status === 'honoured') && !isEnded(state);
  return runs && !state.unreachable ? [{ type: 'EmployeeUnreachable', data: { at: now } }] : [];
};

export const noteReachable: Decide<commands.NoteEmployeeReachable> = (_, state, { now }) =>
  isEnded(state) || !state.unreachable ? [] : [{ type: 'EmployeeReachable', data: { at: now } }];

/** Section 3: who answers no invitation cannot confirm anything either, so nothing was submitted and nothing can become due. */
export const endForUnreachable: Decide<commands.EndForUnreachableEmployee> = (command, state, around) => {
  byOwnDoctor(notSubmitted(state), around);
  if (!state.unreachable || !command.unreachable) throw new Refused('intake.employee-reachable');
  return [
    { type: 'EndedForUnreachableEmployee', data: { at: around.now } },
    { type: 'CaseClosed', data: { outcome: 'NO_SHOW', closedAt: around.now } },
  ];
};

/**
 * What another context tells. The second of outcome and settlement closes the case (A21); a release after the closing
 * (late consent, BR-36) opens it again, and what the own doctor decides after his term is noted (BR-42, BR-43); everything else after
 * the closing is too late.
 */
export const noteMilestone: Decide<commands.NoteMilestone> = (command, state, around) => {
  const { milestone, at, dueAt, ref, round } = command;
  if (state.noted.includes(milestoneKey(milestone, ref))) return [];
  const noted: CaseEvent = {
    type: 'MilestoneNoted',
    data: {
      milestone,
      at,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(ref === undefined ? {} : { ref }),
      ...(round === undefined ? {} : { round }),
    },
  };
  if (state.status !== 'closed') return andClose(state, [noted], around);
  if (state.outcome?.startsWith('RELEASED_') && isFollowUp(milestone)) return [noted];
  if (milestone !== 'REPORT_RELEASED' || !canStillBeReleased(state.outcome)) return [];
  return [noted, { type: 'CaseReopened', data: { reopenedAt: around.now } }];
};

/** andClose closes when it is known how the case ends and that nothing more can become due. */
function andClose(state: Case, events: CaseEvent[], { now }: Circumstances): CaseEvent[] {
  const { outcome, settled, status } = events.reduce(evolve, state);
  return status === 'submitted' && outcome !== undefined && settled
    ? [...events, { type: 'CaseClosed', data: { outcome, closedAt: now } }]
    : events;
}
