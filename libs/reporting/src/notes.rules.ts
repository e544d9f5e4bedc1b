import { endOfWorkingDay, type Circumstances } from '@second-opinion/kernel';
import { AUTHORISATION, isOver, type Acts } from './acts.rules';
import type { MedicalFile } from './file-state.rules';
import type { FileEvent } from './file.events';
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

  NoteIndependence: ({ doctorId, round }, state) => {
    if (state.doctorId === doctorId || round < state.round || round <= state.declined) return [];
    return [{ type: 'IndependenceNoted', data: { doctorId, round } }, ...authorisationAsked(state)];
  },

  NoteConsultation: ({ doctorId, durationMinutes, heldAt }, state, around) => {
    if (state.consultation) return [];
    const { calendar } = around;
    const over = isOver(state);
    const waits = waiting(state);
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
      ...lateHours(state, heldAt, around, doctorId),
    ];
  },

  NoteCaseEnd: ({ cause, at }, { ended, shared, withdrawnAt }) =>
    ended !== undefined || shared || withdrawnAt !== undefined ? [] : [{ type: 'CaseEndNoted', data: { cause, at } }],
};

/** Another doctor than the one it was given for needs a new authorisation (A15, AssignmentReassigned). */
function authorisationAsked(state: MedicalFile): FileEvent[] {
  const { opened, authorisation, doctorId } = state;
  const asks = opened && !isOver(state) && (authorisation.status === 'NONE' || doctorId !== undefined);
  if (!asks) return [];
  return [
    {
      type: 'TransferAuthorisationAsked',
      data: { assigneeId: opened.employeeId },
      textVersion: TEXTS.transferAuthorisation,
    },
  ];
}

/** The report's clock waits while the employee may still decide about the authorisation (domain section 6). */
function waiting(state: MedicalFile): FileEvent[] {
  const { status } = state.authorisation;
  if ((status !== 'NONE' && status !== 'ASKED') || state.dossierClosed || isOver(state)) return [];
  return [{ type: 'ClockPaused', data: { clock: 'REPORT', reason: 'AUTHORISATION', ref: AUTHORISATION } }];
}

/** The news of the consultation may be overtaken by the withdrawal that came after it. */
function lateHours(state: MedicalFile, heldAt: string, around: Circumstances, doctorId: string): FileEvent[] {
  const { ended, withdrawnAt } = state;
  return ended === 'WITHDRAWN' && withdrawnAt !== undefined && heldAt <= withdrawnAt
    ? hoursAsked(doctorId, around)
    : [];
}
