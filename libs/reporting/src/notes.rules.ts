import { endOfWorkingDay, type Circumstances } from '@second-opinion/kernel';
import { allResumed, AUTHORISATION, isOver, reportResumed, type Acts } from './acts.rules';
import { casePaused, caseResumed } from './case-clock-state.rules';
import { isOfOwnDoctor, unread } from './dossier-state.rules';
import { begunByAnother, evolve, heldBy, writerOf, isBack, type MedicalFile } from './file-state.rules';
import type { FileData, FileEvent } from './file.events';
import { TERMS, TEXTS } from './reporting.terms';
import { hoursAsked, statedBy, withdrawnWith } from './withdrawal.rules';

/** What the other contexts tell. Nothing here is refused for coming early or late: it is noted, or it changes nothing any more. */
export const acts: Acts<
  | 'OpenMedicalFile'
  | 'NoteAssignment'
  | 'NoteAssignmentDecline'
  | 'NoteIndependence'
  | 'NoteConsultation'
  | 'NoteCaseEnd'
> = {
  OpenMedicalFile: ({ caseNumber, employeeId, ownDoctorId, ownOrganisationId }, state, around) => {
    if (state.opened) return [];
    const data = { caseNumber, employeeId, ownDoctorId, ownOrganisationId };
    const file: FileEvent = { type: 'MedicalFileOpened', data };
    if (state.forgotten) return [file, ...withdrawnWith({ ...state, opened: data }, around)];
    const asked = state.doctorId === undefined ? [] : authorisationAsked({ ...state, opened: data }, around);
    return [file, ...asked];
  },

  NoteAssignment: ({ doctorId, round }, { round: known }) =>
    round > known ? [{ type: 'AssignmentNoted', data: { doctorId, round } }] : [],

  NoteAssignmentDecline: ({ doctorId, round, at }, state, around) => {
    if (round <= state.declined) return [];
    const left = state.doctorId === doctorId ? waitsEnded(state, around) : [];
    const noted = { doctorId, round, ...(at === undefined ? {} : { at }) };
    return [{ type: 'AssignmentDeclineNoted', data: noted }, ...left];
  },

  NoteIndependence: ({ doctorId, round }, state, around) => {
    if (state.doctorId === doctorId || round < state.round || round <= state.declined) return [];
    const data = { doctorId, round, ...reportFor(state, doctorId), ...leftBehind(state, doctorId) };
    const noted: FileEvent = { type: 'IndependenceNoted', data };
    const left = state.doctorId === undefined ? [] : waitsEnded(state, around);
    const taken = [noted, ...left, ...heardBefore(state, doctorId)];
    const next = taken.reduce(evolve, state);
    return [...taken, ...authorisationAsked(next, around), ...handedOver(next, around)];
  },

  NoteConsultation: ({ doctorId, durationMinutes, heldAt }, state, around) => {
    const held = heldBy(state, doctorId);
    if (state.shared || (held && !(held.over && heldAt > held.heldAt))) return [];
    const { calendar } = around;
    const given = gaveUpAfter(state, doctorId, heldAt);
    const over = isOver(state) || writerOf(state, doctorId) !== doctorId || given;
    const waits = over ? [] : waiting(state);
    const runs = !over && waits.length === 0 && state.pauses.length === 0;
    return [
      {
        type: 'ConsultationNoted',
        data: {
          doctorId,
          durationMinutes,
          heldAt,
          ...(runs ? { reportDueAt: endOfWorkingDay(heldAt, TERMS.reportWorkingDays, calendar) } : {}),
          ...(over ? { over } : {}),
          calendarVersion: calendar.version,
        },
      },
      ...waits,
      ...(over ? [] : caseResumed(state, ({ reason }) => reason === 'REBOOKING', heldAt, around)),
      ...lateHours(
        state,
        heldAt,
        around,
        given && state.doctorId === undefined ? durationMinutes : (state.doctorId ?? doctorId),
      ),
    ];
  },

  NoteCaseEnd: ({ cause, at }, { ended, shared, withdrawnAt }) =>
    ended !== undefined || shared || withdrawnAt !== undefined ? [] : [{ type: 'CaseEndNoted', data: { cause, at } }],
};

function reportFor(state: MedicalFile, doctorId: string): Pick<FileData<'IndependenceNoted'>, 'report' | 'requestId'> {
  const { shared, correction } = state;
  if (shared) return { report: 'SHARED', ...(correction && !isOver(state) ? { requestId: correction.requestId } : {}) };
  return begunByAnother(state, doctorId) && !isOver(state) ? { report: 'ANEW' } : {};
}

/** A11: nobody reads any more what third parties sent with a consent that goes; nor what the own doctor sent, when nobody is asked anew. */
function leftBehind(state: MedicalFile, doctorId: string): Pick<FileData<'IndependenceNoted'>, 'documents' | 'back'> {
  if (isBack(state, doctorId)) return { back: true };
  const anew = !state.shared && !isOver(state);
  const documents = unread(state, (one) => one.sourceId !== undefined || (!anew && isOfOwnDoctor(one)));
  return documents.length === 0 ? {} : { documents };
}

/** A15: his own consultation was told before he was; now a report follows from it. */
function heardBefore(state: MedicalFile, doctorId: string): FileEvent[] {
  const { others, shared } = state;
  const held = Object.hasOwn(others, doctorId) ? others[doctorId] : undefined;
  if (!held || shared || isOver(state)) return [];
  const { over: _over, ...consultation } = held;
  return [{ type: 'ConsultationNoted', data: consultation }];
}

/** A11, A15: for every doctor anew; not after the sharing, which ends the dossier for good. */
function authorisationAsked(state: MedicalFile, { now }: Circumstances): FileEvent[] {
  const { opened, shared } = state;
  if (!opened || shared || isOver(state)) return [];
  return [
    {
      type: 'TransferAuthorisationAsked',
      data: { assigneeId: opened.employeeId },
      textVersion: TEXTS.transferAuthorisation,
    },
    ...casePaused(state, 'AUTHORISATION', AUTHORISATION, now),
  ];
}

/** Without this doctor the case waits for the next one, and for nothing that was asked for him. */
function waitsEnded(state: MedicalFile, around: Circumstances): FileEvent[] {
  return caseResumed(state, () => true, around.now, around);
}

/** The report's clock waits no more for what the former doctor asked; it begins with the next one's own consultation. */
function handedOver(state: MedicalFile, around: Circumstances): FileEvent[] {
  if (state.shared || isOver(state)) return [];
  const waits = state.consultation ? waiting(state) : [];
  const asked = state.pauses.filter((ref) => ref !== AUTHORISATION || !state.consultation);
  return [...waits, ...allResumed(waits.reduce(evolve, state), asked, around, reportResumed)];
}

/** The report's clock waits while the employee may still decide about the authorisation (domain section 6). */
function waiting(state: MedicalFile): FileEvent[] {
  const { authorisation, dossierClosed, pauses } = state;
  const undecided = authorisation.status === 'NONE' || authorisation.status === 'ASKED';
  if (!undecided || dossierClosed || pauses.includes(AUTHORISATION) || isOver(state)) return [];
  return [{ type: 'ClockPaused', data: { clock: 'REPORT', reason: 'AUTHORISATION', ref: AUTHORISATION } }];
}

/** gaveUpAfter: the doctor held it before he gave the case up, which was told first (A15). */
const gaveUpAfter = ({ gaveUp }: MedicalFile, doctorId: string, heldAt: string): boolean =>
  heldAt <= (gaveUp[doctorId] ?? '');

/** The news of the consultation may be overtaken by the withdrawal that came after it; `by` is who is asked, or the minutes when he is out. */
function lateHours(state: MedicalFile, heldAt: string, around: Circumstances, by: string | number): FileEvent[] {
  const { ended, withdrawnAt, hours } = state;
  if (ended !== 'WITHDRAWN' || withdrawnAt === undefined || heldAt > withdrawnAt || hours) return [];
  return typeof by === 'number' ? [statedBy(by, around)] : hoursAsked(by, around);
}
