import { REPORTING_TOPIC, type ReportingMessages } from '@second-opinion/contracts';
import type { Publication, Publisher, RecordedEvent } from '@second-opinion/kernel';
import type { FileEvent } from './file.events';

type Told<Type extends keyof ReportingMessages> = Omit<ReportingMessages[Type], 'caseId'>;

function told<Type extends keyof ReportingMessages>(
  { stream }: RecordedEvent,
  type: Type,
  data: Told<Type>,
): Publication {
  const caseId = stream.slice(stream.indexOf('-') + 1);
  return { type, key: caseId, data: { caseId, ...data } };
}

/** What the others are told. Consent, its withdrawal, the block and a withdrawal after the sharing never are: only the term's end (BR-38). */
export const reportingPublisher: Publisher<FileEvent> = {
  topic: REPORTING_TOPIC,
  categories: ['reporting.file'],
  on: {
    MedicalFileOpened: (event) => told(event, 'MedicalFileOpened', {}),
    TransferAuthorisationAsked: (event) => told(event, 'TransferAuthorisationAsked', {}),
    TransferAuthorisationGranted: (event) => told(event, 'TransferAuthorisationGranted', { at: event.data.at }),
    TransferAuthorisationRefused: (event) => told(event, 'TransferAuthorisationRefused', { at: event.data.at }),
    TransferAuthorisationWithdrawn: (event) => told(event, 'TransferAuthorisationWithdrawn', { at: event.data.at }),
    ProceedingWithoutOwnDossier: (event) => told(event, 'ProceedingWithoutOwnDossier', {}),
    NotExecutableDecided: (event) => told(event, 'NotExecutableDecided', { at: event.data.at }),
    DossierDocumentAdded: (event) => {
      const { documentId, kind, senderRole } = event.data;
      return told(event, 'DossierDocumentAdded', { documentId, kind, senderRole });
    },
    DossierClosed: (event) => told(event, 'DossierClosed', {}),
    ReportOverdue: (event) => told(event, 'ReportOverdue', { dueAt: event.data.dueAt }),
    CaseOverdue: (event) => told(event, 'CaseOverdue', event.data),
    ReportSharedWithEmployee: (event) => {
      const { version, doctorId, firstSharing, sharedAt, decisionDueAt, correctionDueAt } = event.data;
      const data = { version, firstSharing, sharedAt, decisionDueAt, correctionDueAt };
      return told(event, 'ReportSharedWithEmployee', { ...data, ...(doctorId === undefined ? {} : { doctorId }) });
    },
    FactualCorrectionRequested: (event) => told(event, 'FactualCorrectionRequested', { version: event.data.version }),
    CorrectionRejected: (event) => told(event, 'FactualCorrectionRejected', { version: event.data.version }),
    ReleaseReminderDue: (event) => told(event, 'ReleaseReminderDue', event.data),
    ReleaseTermEnded: (event) => told(event, 'ReportNotReleased', event.data),
    ReportReleased: (event) => {
      const { version, hash, releasedAt, followUpDueAt } = event.data;
      return told(event, 'ReportReleased', { version, hash, releasedAt, followUpDueAt });
    },
    ReleaseDeliveryFailed: (event) => told(event, 'ReleaseDeliveryFailed', { version: event.data.version }),
    RequestWithdrawn: (event) => {
      const { stage, at, consultationHeld } = event.data;
      if (stage === 'AFTER_SHARING') return undefined;
      return told(event, 'RequestWithdrawn', { withdrawnAt: at, consultationHeld });
    },
    WorkedHoursStated: (event) => {
      const { minutes, at } = event.data;
      return told(event, 'WorkedHoursStated', { minutes, at });
    },
    FollowUpRecorded: (event) => told(event, 'FollowUpRecorded', event.data),
    FollowUpReminderDue: (event) => told(event, 'FollowUpReminderDue', event.data),
    FollowUpTermEnded: (event) => told(event, 'FollowUpTermEnded', event.data),
  },
};
