import type { DocumentKind } from '@second-opinion/contracts';
import type { Instant } from '@second-opinion/kernel';
import type { FileData, FileEvent } from './file.events';
import type { MedicalFile } from './file-state.rules';

/** Document of the dossier: `open` may be read by whoever the matrix allows, `dropped` goes, `quarantined` is nobody's any more. */
export interface DossierDocument {
  readonly kind: DocumentKind;
  readonly senderRole: FileData<'DossierDocumentAdded'>['senderRole'];
  readonly sourceId?: string;
  readonly storedId: string;
  readonly contentId: string;
  readonly read: boolean;
  readonly shared: boolean;
  readonly status: 'open' | 'dropped' | 'destroyed' | 'quarantined';
}

export interface Source {
  readonly consent: boolean;
  readonly request: 'none' | 'asked' | 'received' | 'unanswered';
  readonly answerDueAt?: Instant;
}

/** documentOf finds a document by its id. */
export function documentOf({ documents }: MedicalFile, documentId: string): DossierDocument | undefined {
  return Object.hasOwn(documents, documentId) ? documents[documentId] : undefined;
}

/** sourceOf finds a treating doctor who may be or might have been asked. */
export function sourceOf({ sources }: MedicalFile, sourceId: string): Source | undefined {
  return Object.hasOwn(sources, sourceId) ? sources[sourceId] : undefined;
}

/** unread documents among these: what goes when nothing allows to read it any more. */
export function unread({ documents }: MedicalFile, among: (document: DossierDocument) => boolean): string[] {
  return Object.entries(documents)
    .filter(([, document]) => among(document) && !document.read)
    .filter(([, { status }]) => status === 'open' || status === 'quarantined')
    .map(([id]) => id);
}

/** isOfOwnDoctor: what he may hand over with an authorisation only; what describes the work needs none and stays (BR-23). */
export function isOfOwnDoctor({ senderRole, kind }: Pick<DossierDocument, 'senderRole' | 'kind'>): boolean {
  return senderRole === 'own-doctor' && kind !== 'WORK_SITUATION';
}

/** dropped: these documents go. */
export function dropped(state: MedicalFile, documents: readonly string[]): MedicalFile {
  return marked(state, documents, 'dropped');
}

/** withoutConsents: no authorisation and no consent for a source is in force. */
export function withoutConsents({
  sources,
}: MedicalFile): Pick<MedicalFile, 'authorisation' | 'proceeding' | 'sources'> {
  const withdrawn = Object.entries(sources).map(([id, one]) => [id, { ...one, consent: false }] as const);
  return {
    authorisation: { status: 'NONE', scope: [] },
    proceeding: false,
    sources: Object.fromEntries(withdrawn),
  };
}

/** evolveDossier tells the state after an event of the dossier; undefined when it is none. */
export function evolveDossier(state: MedicalFile, event: FileEvent): MedicalFile | undefined {
  switch (event.type) {
    case 'TransferAuthorisationAsked':
      return { ...state, authorisation: { status: 'ASKED', scope: [] } };
    case 'TransferAuthorisationGranted':
      return { ...state, authorisation: { status: 'GRANTED', scope: event.data.scope }, proceeding: false };
    case 'TransferAuthorisationRefused':
      return dropped({ ...state, authorisation: { status: 'REFUSED', scope: [] } }, event.data.documents ?? []);
    case 'TransferAuthorisationWithdrawn':
      return dropped({ ...state, authorisation: { status: 'WITHDRAWN', scope: [] } }, event.data.documents);
    case 'ProceedingWithoutOwnDossier':
      return { ...state, proceeding: true };
    case 'DocumentExpected':
      return { ...state, expected: { ...state.expected, [event.data.contentId]: event.data.giveUpAt } };
    case 'DocumentGivenUp':
      return arrived(state, event.data.contentId);
    case 'DossierDocumentAdded':
      return added(arrived(state, event.data.contentId), event.data);
    case 'DossierDocumentOpened':
      return changed(state, event.data.documentId, { read: true });
    case 'DocumentSharedWithOwnDoctor':
      return changed(state, event.data.documentId, { shared: true });
    case 'DossierDocumentQuarantined':
      return marked(state, [event.data.documentId], 'quarantined');
    case 'DocumentsDestroyed':
      return marked(state, event.data.documents, 'destroyed');
    case 'DossierClosed':
      return { ...state, dossierClosed: true };
    default:
      return evolveSources(state, event);
  }
}

function evolveSources(state: MedicalFile, event: FileEvent): MedicalFile | undefined {
  switch (event.type) {
    case 'SourceConsentGranted':
      return source(state, event.data.sourceId, { consent: true, request: 'none' });
    case 'SourceConsentWithdrawn':
      return dropped(source(state, event.data.sourceId, { consent: false }), event.data.documents);
    case 'ThirdPartyInformationRequested':
      return source(state, event.data.sourceId, { request: 'asked', answerDueAt: event.data.answerDueAt });
    case 'ThirdPartyInformationReceived':
      return source(state, event.data.sourceId, { request: 'received' });
    case 'ThirdPartyInformationNotReceived':
      return source(state, event.data.sourceId, { request: 'unanswered' });
    case 'ClockPaused': {
      const { reportDueAt: _due, ...rest } = state;
      return { ...rest, pauses: [...state.pauses, event.data.ref] };
    }
    case 'ClockResumed': {
      const { ref, dueAt } = event.data;
      const pauses = state.pauses.filter((pause) => pause !== ref);
      return { ...state, pauses, ...(dueAt === undefined ? {} : { reportDueAt: dueAt, overdue: false }) };
    }
    default:
      return undefined;
  }
}

function added(state: MedicalFile, data: FileData<'DossierDocumentAdded'>): MedicalFile {
  const { documentId, kind, senderRole, sourceId, storedId, contentId } = data;
  const document: DossierDocument = {
    kind,
    senderRole,
    ...(sourceId === undefined ? {} : { sourceId }),
    storedId,
    contentId,
    read: false,
    shared: false,
    status: 'open',
  };
  return { ...state, documents: { ...state.documents, [documentId]: document } };
}

function arrived(state: MedicalFile, contentId: string): MedicalFile {
  const { [contentId]: _arrived, ...expected } = state.expected;
  return { ...state, expected };
}

function changed(state: MedicalFile, documentId: string, change: Partial<DossierDocument>): MedicalFile {
  const document = documentOf(state, documentId);
  return document ? { ...state, documents: { ...state.documents, [documentId]: { ...document, ...change } } } : state;
}

function marked(state: MedicalFile, ids: readonly string[], status: DossierDocument['status']): MedicalFile {
  return ids.reduce((so, id) => changed(so, id, { status }), state);
}

function source(state: MedicalFile, sourceId: string, change: Partial<Source>): MedicalFile {
  const before: Source = sourceOf(state, sourceId) ?? { consent: false, request: 'none' };
  return { ...state, sources: { ...state.sources, [sourceId]: { ...before, ...change } } };
}
