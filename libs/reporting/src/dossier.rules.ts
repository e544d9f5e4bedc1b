import type { DocumentKind } from '@second-opinion/contracts';
import { addHours, Forbidden, NotFound, Refused, type Circumstances, type Seal } from '@second-opinion/kernel';
import { allResumed, AUTHORISATION, isOver, opened, running, type Acts, type Opened } from './acts.rules';
import { documentOf, sourceOf, type DossierDocument } from './dossier-state.rules';
import type { MedicalFile } from './file-state.rules';
import type { FileData, FileEvent } from './file.events';
import { TERMS } from './reporting.terms';

/** A12: what may be stored in the dossier and who may open it, decided where the authorisation is withdrawn. */
export const acts: Acts<
  | 'AddDossierDocument'
  | 'AddWorkSituation'
  | 'AddOwnDocument'
  | 'ExpectDocument'
  | 'GiveUpDocument'
  | 'DestroyContent'
  | 'OpenDossierDocument'
  | 'NoteDocumentOpened'
  | 'ShareDocumentWithOwnDoctor'
  | 'QuarantineDocument'
  | 'DestroyDocuments'
  | 'CloseDossier'
> = {
  AddDossierDocument: ({ kind, sourceId, name, stored }, state, around) => {
    const senderRole = mayAddMedical(state, kind, sourceId, around);
    return added(state, { kind, senderRole, name, ...stored, ...(sourceId === undefined ? {} : { sourceId }) });
  },
  AddWorkSituation: ({ kind, name, stored }, state) => {
    mayAdd(state);
    return added(state, { kind, senderRole: 'own-doctor', name, ...stored });
  },
  AddOwnDocument: ({ kind, name, stored }, state) => {
    mayAdd(state);
    return added(state, { kind, senderRole: 'employee', name, ...stored });
  },

  ExpectDocument: ({ contentId }, state, { now }) => {
    mayAdd(state);
    return [{ type: 'DocumentExpected', data: { contentId, giveUpAt: addHours(now, TERMS.uploadHours) } }];
  },
  GiveUpDocument: ({ contentId }, { expected }, { now }) => {
    const giveUpAt = expected[contentId];
    return giveUpAt === undefined || now < giveUpAt ? [] : [{ type: 'DocumentGivenUp', data: { contentId } }];
  },
  // Its handler destroys; that it was given up is in the stream already.
  DestroyContent: () => [],

  OpenDossierDocument: ({ documentId }, state, { actor }) =>
    readsFirst(state, documentId, actor.role) ? [{ type: 'DossierDocumentOpeningDecided', data: { documentId } }] : [],
  // A11: only now it was read; until here a withdrawal takes it, and nothing of it has left.
  NoteDocumentOpened: ({ documentId }, state, { actor }) =>
    readsFirst(state, documentId, actor.role) ? [{ type: 'DossierDocumentOpened', data: { documentId } }] : [],

  ShareDocumentWithOwnDoctor: ({ documentId }, state) => {
    const document = existing(opened(state), documentId);
    if (document.senderRole !== 'employee') throw new Refused('reporting.not-your-document');
    return document.shared ? [] : [{ type: 'DocumentSharedWithOwnDoctor', data: { documentId } }];
  },

  QuarantineDocument: ({ documentId }, state) => {
    const document = documentOf(opened(state), documentId);
    if (document?.status === 'quarantined') return [];
    existing(state, documentId);
    return [{ type: 'DossierDocumentQuarantined', data: { documentId } }];
  },

  DestroyDocuments: ({ documents, cause }, state) => {
    const dropped = documents.filter((id) => documentOf(state, id)?.status === 'dropped');
    return dropped.length === 0 ? [] : [{ type: 'DocumentsDestroyed', data: { documents: dropped, cause } }];
  },

  // A15: nothing is collected any more, so the report waits no longer for the employee's decision about it, nor for treating doctors.
  CloseDossier: (_, state, around) => {
    if (opened(state).dossierClosed) return [];
    const waits = new Set([AUTHORISATION, ...running(state).pauses]);
    return [{ type: 'DossierClosed', data: {} }, ...allResumed(state, [...waits], around)];
  },
};

/** The dossier's end is said first, so that whatever ends the case later does not show in the answer (BR-38). */
export function mayAdd(state: MedicalFile): Opened {
  if (opened(state).dossierClosed) throw new Refused('reporting.dossier-closed');
  const file = running(state);
  const many = Object.keys(file.documents).length + Object.keys(file.expected).length;
  if (many > TERMS.mostDocuments) throw new Refused('reporting.too-many-documents');
  return file;
}

/** BR-22, BR-26: own doctor by the authorisation in force, third parties by the consent for that source in force. */
export function mayAddMedical(
  state: MedicalFile,
  kind: DocumentKind,
  sourceId: string | undefined,
  { actor }: Pick<Circumstances, 'actor'>,
): FileData<'DossierDocumentAdded'>['senderRole'] {
  const { authorisation } = mayAdd(state);
  if (actor.role === 'company-doctor') {
    if (sourceId !== undefined) throw new Forbidden('forbidden');
    if (authorisation.status !== 'GRANTED') throw new Refused('reporting.no-authorisation');
    if (!authorisation.scope.includes(kind)) throw new Refused('reporting.outside-authorisation', { kind });
    return 'own-doctor';
  }
  if (sourceId === undefined || !sourceOf(state, sourceId)?.consent) throw new Refused('reporting.no-source-consent');
  return 'third-party';
}

/** authorised: an authorisation, or a consent for that source, in force covers this document now (BR-22). */
export function authorised(state: MedicalFile, { senderRole, kind, sourceId }: DossierDocument): boolean {
  if (isOver(state)) return false;
  if (senderRole === 'own-doctor')
    return (
      kind === 'WORK_SITUATION' ||
      (state.authorisation.status === 'GRANTED' && state.authorisation.scope.includes(kind))
    );
  return senderRole === 'employee' || (sourceId !== undefined && (sourceOf(state, sourceId)?.consent ?? false));
}

function mayOpen(state: MedicalFile, documentId: string, role: string): DossierDocument {
  const document = existing(opened(state), documentId);
  switch (role) {
    case 'employee':
      return document;
    case 'company-doctor':
      if (document.senderRole === 'employee' && document.shared) return document;
      throw new NotFound();
    default:
      if (authorised(state, document)) return document;
      throw new Refused('reporting.no-authorisation');
  }
}

/** readsFirst: the second opinion doctor may open it, and nobody has read it yet. */
function readsFirst(state: MedicalFile, documentId: string, role: string): boolean {
  return !mayOpen(state, documentId, role).read && role === 'second-opinion-doctor';
}

function existing(state: MedicalFile, documentId: string): DossierDocument {
  const document = documentOf(state, documentId);
  if (document?.status === 'quarantined') throw new Refused('reporting.document-quarantined');
  if (document?.status !== 'open') throw new NotFound();
  return document;
}

type Added = Omit<FileData<'DossierDocumentAdded'>, 'salt'> & { readonly salt: string };
function added(state: MedicalFile, data: Added): FileEvent[] {
  if (documentOf(state, data.documentId)) return [];
  if (state.expected[data.contentId] === undefined) throw new Refused('reporting.document-not-expected');
  return [{ type: 'DossierDocumentAdded', data: { ...data, salt: data.salt as Seal } }];
}
