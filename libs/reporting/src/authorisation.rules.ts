import { refuseUnregistered } from '@second-opinion/contracts';
import { Invalid, localDateOf, Refused } from '@second-opinion/kernel';
import { assigned, AUTHORISATION, isOver, NOT_REGISTERED, opened, resumed, running, type Acts } from './acts.rules';
import { isOfOwnDoctor, unread } from './dossier-state.rules';
import type { MedicalFile } from './file-state.rules';
import { MEDICAL_KINDS, TEXTS } from './reporting.terms';

/** A11: the employee decides whether his own doctor may hand over anything medical; it can be withdrawn at any time. */
export const acts: Acts<
  | 'GrantTransferAuthorisation'
  | 'RefuseTransferAuthorisation'
  | 'WithdrawTransferAuthorisation'
  | 'ProceedWithoutOwnDossier'
  | 'DecideNotExecutable'
> = {
  GrantTransferAuthorisation: ({ scope, kinds: selected }, state, around) => {
    const { authorisation, opened: file } = collecting(state);
    if ((scope === 'SELECTED') !== (selected !== undefined)) throw new Invalid('reporting.kinds-and-scope-differ');
    const kinds = [...new Set(selected ?? MEDICAL_KINDS)].sort();
    if (authorisation.status === 'GRANTED') {
      // Less than before is a withdrawal first: what was handed over outside the new scope must go.
      if (authorisation.scope.some((kind) => !kinds.includes(kind)))
        throw new Refused('reporting.authorisation-in-force');
      if (kinds.length === authorisation.scope.length) return [];
    }
    return [
      {
        type: 'TransferAuthorisationGranted',
        data: { scope: kinds, at: around.now, assigneeId: file.ownDoctorId },
        textVersion: TEXTS.transferAuthorisation,
      },
      ...resumed(state, 'AUTHORISATION', AUTHORISATION, around),
    ];
  },

  RefuseTransferAuthorisation: (_, state, around) => {
    const { authorisation } = collecting(state);
    if (authorisation.status === 'REFUSED') return [];
    if (authorisation.status === 'GRANTED') throw new Refused('reporting.authorisation-in-force');
    const documents = unread(state, isOfOwnDoctor);
    return [
      {
        type: 'TransferAuthorisationRefused',
        data: { at: around.now, ...assignee(state), ...(documents.length === 0 ? {} : { documents }) },
        textVersion: TEXTS.transferAuthorisation,
      },
      ...resumed(state, 'AUTHORISATION', AUTHORISATION, around),
    ];
  },

  // BR-25: at any time, also after the dossier was closed: nothing that was not read yet stays, and as long as anything does it can be withdrawn.
  WithdrawTransferAuthorisation: (_, state, around) => {
    const { authorisation } = opened(state);
    const documents = unread(state, isOfOwnDoctor);
    if (documents.length === 0 && authorisation.status === 'WITHDRAWN') return [];
    if (documents.length === 0 && authorisation.status !== 'GRANTED') throw new Refused('reporting.no-authorisation');
    return [
      {
        type: 'TransferAuthorisationWithdrawn',
        data: { at: around.now, documents, ...(state.dossierClosed ? {} : assignee(state)) },
        textVersion: TEXTS.transferAuthorisation,
      },
      ...(isOver(state) ? [] : resumed(state, 'AUTHORISATION', AUTHORISATION, around)),
    ];
  },

  // How to go on without the papers is for a doctor to judge, registered on the day (BR-19); else another takes over (A15).
  ProceedWithoutOwnDossier: ({ doctor }, state, { now }) => {
    if (running(state).proceeding) return [];
    refuseUnregistered(doctor, localDateOf(now), NOT_REGISTERED);
    withoutAuthorisation(state);
    return [{ type: 'ProceedingWithoutOwnDossier', data: {} }];
  },

  // BR-24: only the second opinion doctor ends the case for want of papers, and only when they were refused.
  DecideNotExecutable: ({ doctor }, state, { now }) => {
    if (state.ended === 'NOT_EXECUTABLE') return [];
    const { shared } = running(state);
    refuseUnregistered(doctor, localDateOf(now), NOT_REGISTERED);
    if (shared) throw new Refused('reporting.report-shared');
    withoutAuthorisation(state);
    return [{ type: 'NotExecutableDecided', data: { at: now } }];
  },
};

/** After the closing of the dossier nothing is collected any more; said first, so that no later end shows in the answer (BR-38). */
function collecting(state: MedicalFile) {
  if (opened(state).dossierClosed) throw new Refused('reporting.dossier-closed');
  return assigned(running(state));
}

function withoutAuthorisation({ authorisation: { status } }: MedicalFile): void {
  if (status !== 'REFUSED' && status !== 'WITHDRAWN')
    throw new Refused('reporting.authorisation-not-refused', { authorisation: status });
}

/** assignee: who decides how to go on without the papers (BR-24); nobody who has, nor once the report was shared, or the case is over. */
function assignee(state: MedicalFile): { assigneeId?: string } {
  const { doctorId, shared, proceeding } = state;
  return doctorId === undefined || shared || proceeding || isOver(state) ? {} : { assigneeId: doctorId };
}
