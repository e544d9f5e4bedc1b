import { issue, type OwnPolicy, type RecordedEvent } from '@second-opinion/kernel';
import { DestroyDocuments } from './file.commands';
import type { DROPS, FileEvent } from './file.events';

/** What a withdrawn authorisation or consent covered and nobody had read goes for good: ciphertext and key (BR-25). */
export const whenDocumentsDroppedDestroyThem: OwnPolicy<FileEvent> = {
  name: 'when-documents-dropped-destroy-them',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    TransferAuthorisationWithdrawn: (event) => destroy(event, event.data.documents, 'AUTHORISATION_WITHDRAWN'),
    SourceConsentWithdrawn: (event) => destroy(event, event.data.documents, 'SOURCE_CONSENT_WITHDRAWN'),
  },
};

function destroy({ stream }: RecordedEvent, documents: readonly string[], cause: (typeof DROPS)[number]) {
  const caseId = stream.slice(stream.indexOf('-') + 1);
  return documents.length === 0 ? [] : [issue(DestroyDocuments, { caseId, documents: [...documents], cause })];
}
