import { endOfWorkingDay, type Circumstances } from '@second-opinion/kernel';
import { allResumed, AUTHORISATION, isOver, type Acts } from './acts.rules';
import { isOfOwnDoctor, unread } from './dossier-state.rules';
import { begunByAnother, evolve, heldBy, writerOf, type MedicalFile } from './file-state.rules';
import type { FileData, FileEvent } from './file.events';
import { TERMS, TEXTS } from './reporting.terms';
import { hoursAsked } from './withdrawal.rules';

/** What the other contexts tell. Nothing here is refused for coming early or late: it is noted, or it changes nothing any more. */
export const acts: Acts<
  | 'OpenMedicalFile'
  | 'NoteAssignment'
  | 'NoteAssignmentDecline'
  | 'NoteIndependence'
  | 'NoteConsultation'
  | 'NoteCaseEnd'
> = {
  OpenMedicalFile: ({ caseNumber, employeeId, ownDoctorId, ownOrganisationId }, state) => {
    if (state.opened) return [];
    const data = { caseNumber, employeeId, ownDoctorId, ownOrganisationId };
    const asked = state.doctorId === undefined ? [] : authorisationAsked({ ...state, opened: data });
    return [{ type: 'MedicalFileOpened', data }, ...asked];
  },

  NoteAssignment: ({ doctorId, round }, { round: known }) =>
    round > known ? [{ type: 'AssignmentNoted', data: { doctorId, round } }] : [],

  NoteAssignmentDecline: ({ doctorId, round }, { declined }) =>
    round > declined ? [{ type: 'AssignmentDeclineNoted', data: { doctorId, round } }] : [],

  NoteIndependence: ({ doctorId, round }, state, around) => {
    if (state.doctorId === doctorId || round < state.round || round <= state.declined) return [];
    const data = { doctorId, round, ...reportFor(state, doctorId), ...leftBehind(state) };
    const noted: FileEvent = { type: 'IndependenceNoted', data };
    const next = evolve(state, noted);
    return [noted, ...heardBefore(state, doctorId), ...authorisationAsked(next), ...handedOver(next, around)];
  },

  NoteConsultation: ({ doctorId, durationMinutes, heldAt }, state, around) => {
    if (state.shared || heldBy(state, doctorId)) return [];
    const { calendar } = around;
    const over = isOver(state) || writerOf(state, doctorId) !== doctorId;
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
      ...lateHours(state, heldAt, around, state.doctorId ?? doctorId),
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
function leftBehind(state: MedicalFile): Pick<FileData<'IndependenceNoted'>, 'documents'> {
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
function authorisationAsked(state: MedicalFile): FileEvent[] {
  const { opened, shared } = state;
  if (!opened || shared || isOver(state)) return [];
  return [
    {
      type: 'TransferAuthorisationAsked',
      data: { assigneeId: opened.employeeId },
      textVersion: TEXTS.transferAuthorisation,
    },
  ];
}

/** No clock waits any more for what the former doctor asked; it begins with the next one's own consultation. */
function handedOver(state: MedicalFile, around: Circumstances): FileEvent[] {
  if (state.shared || isOver(state)) return [];
  const waits = state.consultation ? waiting(state) : [];
  const asked = state.pauses.filter((ref) => ref !== AUTHORISATION || !state.consultation);
  return [...waits, ...allResumed(waits.reduce(evolve, state), asked, around)];
}

/** The report's clock waits while the employee may still decide about the authorisation (domain section 6). */
function waiting(state: MedicalFile): FileEvent[] {
  const { authorisation, dossierClosed, pauses } = state;
  const undecided = authorisation.status === 'NONE' || authorisation.status === 'ASKED';
  if (!undecided || dossierClosed || pauses.includes(AUTHORISATION) || isOver(state)) return [];
  return [{ type: 'ClockPaused', data: { clock: 'REPORT', reason: 'AUTHORISATION', ref: AUTHORISATION } }];
}

/** The news of the consultation may be overtaken by the withdrawal that came after it. */
function lateHours(state: MedicalFile, heldAt: string, around: Circumstances, doctorId: string): FileEvent[] {
  const { ended, withdrawnAt, hours } = state;
  return ended === 'WITHDRAWN' && withdrawnAt !== undefined && heldAt <= withdrawnAt && !hours
    ? hoursAsked(doctorId, around)
    : [];
}
