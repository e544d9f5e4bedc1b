import type { RecordedEvent, Relation } from '@second-opinion/kernel';
import type { FileEvent } from './file.events';

type Types = readonly FileEvent['type'][];

// What the own doctor may know of, by type. Nothing between the dossier and the end of the release term is here (BR-38).
const OWN_DOCTOR: Types = [
  'MedicalFileOpened',
  'IndependenceNoted',
  'ConsultationNoted',
  'CaseEndNoted',
  'TransferAuthorisationAsked',
  'TransferAuthorisationGranted',
  'TransferAuthorisationRefused',
  'TransferAuthorisationWithdrawn',
  'ProceedingWithoutOwnDossier',
  'NotExecutableDecided',
  'DossierDocumentAdded',
  'DocumentSharedWithOwnDoctor',
  'RequestWithdrawn',
  'ReportReleased',
  'ReleaseReceiptRecorded',
  'ReleaseDeliveryFailed',
  'ReleaseTermEnded',
  'FollowUpRecorded',
  'FollowUpReminderDue',
  'FollowUpTermEnded',
];
const CASE_CLOCK: Types = ['ClockStarted', 'ClockVoided', 'CaseOverdue'];
const CLOCK: Types = [...CASE_CLOCK, 'ClockPaused', 'ClockResumed'];
// The back office besides sees how far the work is, and nothing of the decision.
const BACK_OFFICE: Types = [
  ...OWN_DOCTOR,
  'AssignmentNoted',
  'AssignmentDeclineNoted',
  'RegistrationEndNoted',
  'RegistrationRenewalNoted',
  'DossierDocumentOpened',
  'DossierDocumentQuarantined',
  'DocumentsDestroyed',
  'DossierClosed',
  ...CLOCK,
  'ReportOverdue',
  'ReportReadyForEmployee',
  'ReportCorrected',
  'ReportSharedWithEmployee',
  'WorkedHoursAsked',
  'WorkedHoursStated',
];
const KNOWN: Partial<Record<Relation, Types>> = {
  'own-doctor': OWN_DOCTOR,
  'back-office': BACK_OFFICE,
  partner: ['MedicalFileOpened', 'ConsultationNoted', 'CaseEndNoted', 'ReportReleased', 'ReleaseTermEnded'],
  'candidate-doctor': ['MedicalFileOpened', 'AssignmentNoted', 'AssignmentDeclineNoted'],
};
// That something is arriving is nobody's business until it is there.
const ARRIVING: Types = ['DocumentExpected', 'DocumentGivenUp'];
const UNKNOWN: Partial<Record<Relation, Types>> = {
  // A19 is between employee and own doctor.
  'second-opinion-doctor': [
    ...ARRIVING,
    'FollowUpRecorded',
    'FollowUpReminderDue',
    'FollowUpTermEnded',
    'ReleaseReceiptRecorded',
  ],
  // A draft is the doctor's own until he shares it.
  employee: [...ARRIVING, 'ReportReadyForEmployee', ...CASE_CLOCK],
};

/** The clock of the case begins with a signature that is not the employee's to know of (row 19). */
function isPauseOfCase(event: FileEvent): boolean {
  return (event.type === 'ClockPaused' || event.type === 'ClockResumed') && event.data.clock === 'CASE';
}

/** hiddenFrom: by a list of what may be known for all but employee, second opinion doctor and auditor; what is new is hidden. */
export function hiddenFrom(recorded: RecordedEvent<FileEvent>, relation: Relation): boolean {
  const event = recorded as FileEvent;
  if (UNKNOWN[relation]?.includes(event.type)) return true;
  const known = KNOWN[relation];
  if (!known) return relation === 'employee' && isPauseOfCase(event);
  if (!known.includes(event.type)) return true;
  if (event.type === 'RequestWithdrawn') return event.data.stage === 'AFTER_SHARING';
  return event.type === 'DossierDocumentAdded' && relation === 'own-doctor' && event.data.senderRole !== 'own-doctor';
}
