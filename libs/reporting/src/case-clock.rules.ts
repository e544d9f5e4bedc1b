import type { Acts } from './acts.rules';
import { casePaused, caseResumed, caseTermsOf, isStopped } from './case-clock-state.rules';
import { evolve, type MedicalFile } from './file-state.rules';

/** Domain section 6: the whole case, from the signed quote to the first sharing, without what the employee or a third party was waited for. */
export const acts: Acts<'NoteQuoteSignature' | 'NoteQuoteSuperseded' | 'NoteMissedAppointment' | 'NoteCaseOverdue'> = {
  // A quote that stays signed for the next doctor is told again, and the clock runs on.
  NoteQuoteSignature: ({ quoteId, signedAt }, state, { calendar }) => {
    const { quotes, waits } = state.clock;
    if (isStopped(state) || quotes.includes(quoteId)) return [];
    const terms = caseTermsOf(signedAt, waits, calendar);
    const started = { clock: 'CASE' as const, quoteId, startedAt: signedAt };
    return [{ type: 'ClockStarted', data: { ...started, ...terms, calendarVersion: calendar.version } }];
  },

  NoteQuoteSuperseded: ({ quoteId }, state) =>
    isStopped(state) || state.clock.running?.quoteId !== quoteId
      ? []
      : [{ type: 'ClockVoided', data: { clock: 'CASE', quoteId } }],

  // A13: the rebooking is waited for until the consultation is held, of which may be heard first.
  NoteMissedAppointment: ({ doctorId, ref, missedAt }, state, around) => {
    const { clock, consultation } = state;
    if (isGone(state, doctorId) || clock.waits.some((wait) => wait.ref === ref)) return [];
    const paused = casePaused(state, 'REBOOKING', ref, missedAt);
    if (consultation === undefined || consultation.heldAt < missedAt) return paused;
    const waiting = paused.reduce(evolve, state);
    return [...paused, ...caseResumed(waiting, (wait) => wait.ref === ref, consultation.heldAt, around)];
  },

  NoteCaseOverdue: ({ term }, state, { now }) => {
    const { running, overdue } = state.clock;
    const dueAt = running?.due[term];
    const passes = dueAt !== undefined && now >= dueAt && overdue[term] !== dueAt;
    return passes && !isStopped(state) ? [{ type: 'CaseOverdue', data: { term, dueAt } }] : [];
  },
};

/** isGone: another doctor has the case, or nobody since this one gave it up; how long that takes is not the employee's doing. */
function isGone({ doctorId: doctor, declinedId }: MedicalFile, doctorId: string): boolean {
  return doctor === undefined ? declinedId === doctorId : doctor !== doctorId;
}
