import { endOfWorkingDay, Refused, type Circumstances } from '@second-opinion/kernel';
import { isOver, opened, type Acts } from './acts.rules';
import { heldIn, type MedicalFile } from './file-state.rules';
import type { FileEvent } from './file.events';
import { toldAtOnce } from './release.rules';
import { TERMS, TEXTS } from './reporting.terms';

/** BR-76: the employee may end it all before the release; after the sharing the own doctor learns it at the end of the term only. */
export const acts: Acts<'WithdrawRequest' | 'NoteFileForgotten' | 'StateWorkedHours' | 'EndWorkedHoursTerm'> = {
  WithdrawRequest: (_, state, around) => {
    const { released, ended, withdrawnAt } = opened(state);
    if (released) throw new Refused('reporting.already-released');
    if (withdrawnAt !== undefined || ended === 'WITHDRAWN') return [];
    if (ended !== undefined) throw new Refused('reporting.case-ended');
    return withdrawal(state, around);
  },

  // Who is forgotten before the release has withdrawn his request; nothing is released of which nobody can read a word.
  NoteFileForgotten: (_, state, around) => {
    if (state.forgotten) return [];
    const forgotten: FileEvent = { type: 'FileForgotten', data: { at: around.now } };
    return [forgotten, ...withdrawnWith(state, around)];
  },

  StateWorkedHours: ({ minutes }, { hours }, { now }) => {
    if (!hours) throw new Refused('reporting.no-hours-asked');
    if (hours.stated) throw new Refused('reporting.hours-stated');
    return [{ type: 'WorkedHoursStated', data: { minutes, basis: 'STATED', at: now } }];
  },

  EndWorkedHoursTerm: (_, state, around) => {
    const { hours } = state;
    const held = heldIn(state);
    return !hours || hours.stated || !held || around.now < hours.dueAt ? [] : [statedBy(held.durationMinutes, around)];
  },
};

/** withdrawal: what is still open ends; what was worked until then is charged. */
function withdrawal(state: MedicalFile, around: Circumstances): FileEvent[] {
  const { shared, doctorId } = state;
  const held = heldIn(state);
  const withdrawn = (stage: 'BEFORE_SHARING' | 'AFTER_SHARING'): FileEvent => ({
    type: 'RequestWithdrawn',
    data: { stage, consultationHeld: held !== undefined, at: around.now },
    textVersion: TEXTS.withdrawal,
  });
  if (shared) return [withdrawn('AFTER_SHARING'), ...toldAtOnce(state, 'WITHDRAWN', around)];
  if (!held) return [withdrawn('BEFORE_SHARING')];
  // Who gave the case up is not asked for anything any more (A15).
  if (doctorId === undefined) return [withdrawn('BEFORE_SHARING'), statedBy(held.durationMinutes, around)];
  return [withdrawn('BEFORE_SHARING'), ...hoursAsked(doctorId, around)];
}

/** withdrawnWith the person: nothing where nothing is open yet, or any more, or the report was delivered. */
export function withdrawnWith(state: MedicalFile, around: Circumstances): FileEvent[] {
  return !state.opened || state.released || isOver(state) ? [] : withdrawal(state, around);
}

/** statedBy the consultation's own time, when nobody says what he worked. */
export function statedBy(minutes: number, { now }: Circumstances): FileEvent {
  return { type: 'WorkedHoursStated', data: { minutes, basis: 'CONSULTATION', at: now } };
}

/** hoursAsked: what was worked until the withdrawal is charged (domain section 8), so the doctor is asked for it. */
export function hoursAsked(doctorId: string, { now, calendar }: Circumstances): FileEvent[] {
  return [
    {
      type: 'WorkedHoursAsked',
      data: {
        dueAt: endOfWorkingDay(now, TERMS.workedHoursWorkingDays, calendar),
        assigneeId: doctorId,
        calendarVersion: calendar.version,
      },
    },
  ];
}
