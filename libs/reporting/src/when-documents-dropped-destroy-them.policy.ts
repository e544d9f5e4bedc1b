import { issue, type OwnPolicy, type RecordedEvent } from '@second-opinion/kernel';
import { DestroyContent, DestroyDocuments } from './file.commands';
import type { DROPS, FileEvent } from './file.events';
import { caseOf } from './participants.view';

/** What an authorisation or consent covered that is no more, and nobody had read, goes for good: ciphertext and key (BR-25). */
export const whenDocumentsDroppedDestroyThem: OwnPolicy<FileEvent> = {
  name: 'when-documents-dropped-destroy-them',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    IndependenceNoted: (event) => destroy(event, event.data.documents, 'DOCTOR_CHANGED'),
    TransferAuthorisationRefused: (event) => destroy(event, event.data.documents, 'AUTHORISATION_REFUSED'),
    TransferAuthorisationWithdrawn: (event) => destroy(event, event.data.documents, 'AUTHORISATION_WITHDRAWN'),
    SourceConsentWithdrawn: (event) => destroy(event, event.data.documents, 'SOURCE_CONSENT_WITHDRAWN'),
    DocumentGivenUp: ({ stream, data: { contentId } }) => [
      issue(DestroyContent, { caseId: caseOf(stream), contentId }),
    ],
  },
};

function destroy({ stream }: RecordedEvent, documents: readonly string[] = [], cause: (typeof DROPS)[number]) {
  const caseId = caseOf(stream);
  return documents.length === 0 ? [] : [issue(DestroyDocuments, { caseId, documents: [...documents], cause })];
}
