import type { DocumentKind } from '@second-opinion/contracts';
import {
  ToOpen,
  type Reading,
  type RecordedEvent,
  type Relation,
  type Seal,
  type Shown,
  type View,
} from '@second-opinion/kernel';
import { isOfOwnDoctor } from './dossier-state.rules';
import type { FileData, FileEvent } from './file.events';
import { caseOf, changed, partChange, partsOf, type PartRow } from './participants.view';
import { documentExample } from './reporting.examples';

/** DocumentRow is one document of a dossier. */
export interface DocumentRow {
  readonly documentId: string;
  readonly kind: DocumentKind;
  readonly senderRole: FileData<'DossierDocumentAdded'>['senderRole'];
  readonly sourceId?: string;
  readonly name: Seal;
  readonly size: number;
  readonly mediaType: string;
  readonly hash: string;
  readonly addedAt: string;
  readonly opened: boolean;
  readonly sharedWithOwnDoctor: boolean;
  readonly status: 'STORED' | 'QUARANTINED' | 'DELETED';
}

/** DossierRow lists the documents of a case. */
export interface DossierRow extends PartRow {
  readonly over: boolean;
  readonly scope: readonly DocumentKind[];
  readonly sources: readonly string[];
  readonly documents: readonly DocumentRow[];
}

/** One row per case. */
export const dossier: View<DossierRow> = {
  name: 'reporting.dossier',
  version: 2,
  categories: ['reporting.file'],
  indexes: [['caseId']],
  keys: ({ stream }) => [caseOf(stream)],
  project: (known, recorded, caseId) => {
    const before = known ?? { caseId, over: false, scope: [], sources: [], documents: [] };
    const event = recorded as RecordedEvent<FileEvent> as FileEvent;
    const row = changed(before, partChange(before, event));
    return changed(row, consentChange(row, event) ?? documentChange(row, event, recorded));
  },
};

function consentChange(row: DossierRow, event: FileEvent): Partial<DossierRow> | undefined {
  switch (event.type) {
    case 'IndependenceNoted':
      if (event.data.back) return undefined;
      return { scope: [], sources: [], ...deleted(row, event.data.documents) };
    case 'TransferAuthorisationGranted':
      return { scope: event.data.scope };
    case 'TransferAuthorisationAsked':
      return { scope: [] };
    case 'TransferAuthorisationRefused':
    case 'TransferAuthorisationWithdrawn':
      return { scope: [], ...deleted(row, event.data.documents) };
    case 'SourceConsentGranted':
      return { sources: [...row.sources, event.data.sourceId] };
    case 'SourceConsentWithdrawn':
      return {
        sources: row.sources.filter((id) => id !== event.data.sourceId),
        ...deleted(row, event.data.documents),
      };
    case 'CaseEndNoted':
    case 'NotExecutableDecided':
    case 'RequestWithdrawn':
      return { over: true };
    default:
      return undefined;
  }
}

function documentChange(row: DossierRow, event: FileEvent, recorded: RecordedEvent): Partial<DossierRow> | undefined {
  switch (event.type) {
    case 'DossierDocumentAdded':
      return { documents: [...row.documents, documentOf(event.data, recorded.metadata.recordedAt)] };
    case 'DossierDocumentOpened':
      return { documents: marked(row, [event.data.documentId], { opened: true }) };
    case 'DocumentSharedWithOwnDoctor':
      return { documents: marked(row, [event.data.documentId], { sharedWithOwnDoctor: true }) };
    case 'DossierDocumentQuarantined':
      return { documents: marked(row, [event.data.documentId], { status: 'QUARANTINED' }) };
    default:
      return undefined;
  }
}

function documentOf(data: FileData<'DossierDocumentAdded'>, addedAt: string): DocumentRow {
  const { documentId, kind, senderRole, sourceId, name, size, mediaType, hash } = data;
  return {
    documentId,
    kind,
    senderRole,
    ...(sourceId === undefined ? {} : { sourceId }),
    name,
    size,
    mediaType,
    hash,
    addedAt,
    opened: false,
    sharedWithOwnDoctor: false,
    status: 'STORED',
  };
}

function deleted(row: DossierRow, ids: readonly string[] = []): Pick<DossierRow, 'documents'> {
  return { documents: marked(row, ids, { status: 'DELETED' }) };
}

function marked({ documents }: DossierRow, ids: readonly string[], change: Partial<DocumentRow>): DocumentRow[] {
  return documents.map((document) => (ids.includes(document.documentId) ? { ...document, ...change } : document));
}

/** What each is shown of the dossier. Names are medical; the employee's own papers stay hidden from his own doctor (BR-22). */
export const dossierReading: Reading<DossierRow> = {
  operation: 'reporting.ListDocuments',
  view: dossier,
  participants: partsOf,
  caseId: ({ caseId }) => caseId,
  facts: ({ scope, sources }) => ({ authorised: scope.length > 0 || sources.length > 0, sharedByEmployee: true }),
  show: (row, relation) => ({
    items: row.documents.filter((document) => isShown(document, relation)).map((one) => shown(row, one, relation)),
  }),
  example: documentExample,
};

function isShown({ senderRole, sharedWithOwnDoctor }: DocumentRow, relation: Relation): boolean {
  return relation !== 'own-doctor' || senderRole === 'own-doctor' || (senderRole === 'employee' && sharedWithOwnDoctor);
}

function shown(row: DossierRow, document: DocumentRow, relation: Relation): Shown {
  const { documentId, kind, senderRole, sourceId, size, mediaType, hash, addedAt, opened, status } = document;
  const common = {
    documentId,
    kind,
    senderRole,
    size,
    mediaType,
    addedAt,
    status,
    name: nameOf(row, document, relation),
  };
  // Whether the second opinion doctor has read it, and whom he asked, is no business of the own doctor's; nor what was destroyed unread.
  if (relation === 'own-doctor') return isOfOwnDoctor(document) ? { ...common, status: undefined } : common;
  return { ...common, sourceId, hash, opened, sharedWithOwnDoctor: document.sharedWithOwnDoctor };
}

function nameOf(row: DossierRow, document: DocumentRow, relation: Relation): ToOpen | undefined {
  const mayRead =
    relation === 'employee' ||
    (relation === 'own-doctor' && document.senderRole === 'employee') ||
    (relation === 'second-opinion-doctor' && covered(row, document));
  if (!mayRead || document.status !== 'STORED') return undefined;
  const { employeeId = '', caseId } = row;
  return new ToOpen(document.name, { personId: employeeId, caseId, purpose: purposeOf(document) });
}

function covered({ over, scope, sources }: DossierRow, { senderRole, kind, sourceId }: DocumentRow): boolean {
  if (over) return false;
  if (senderRole === 'own-doctor') return kind === 'WORK_SITUATION' || scope.includes(kind);
  return senderRole === 'employee' || (sourceId !== undefined && sources.includes(sourceId));
}

/** purposeOf a document: which item of the access matrix its name and content belong to. */
export function purposeOf({ senderRole, kind }: Pick<DocumentRow, 'senderRole' | 'kind'>): string {
  if (senderRole === 'employee') return 'reporting.ownDocument';
  return kind === 'WORK_SITUATION' && senderRole === 'own-doctor'
    ? 'reporting.workSituation'
    : 'reporting.dossierDocument';
}

/** Who may ask for a document of this case; which ones he gets, the stream decides. */
export const downloadReading: Reading<DossierRow> = { ...dossierReading, operation: 'reporting.OpenDossierDocument' };
