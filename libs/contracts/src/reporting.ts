import { ADOPTIONS, CASE_TERMS, DOCUMENT_KINDS, NOT_RELEASED_OUTCOMES, SENDER_ROLES } from './codes';
import { events, field, type DataOf } from './fields';

/** REPORTING_TOPIC: key = case id. Block, consent and its withdrawal are never published (BR-38). */
export const REPORTING_TOPIC = 'reporting.events.v1';

/** Integration events of reporting. */
export const reportingMessages = events({
  /** The medical file is open: from now on reporting decides WithdrawRequest (BR-76), and intake lets the assignment be accepted. */
  MedicalFileOpened: { caseId: field.id() },
  TransferAuthorisationAsked: { caseId: field.id() },
  TransferAuthorisationGranted: { caseId: field.id(), at: field.instant() },
  TransferAuthorisationRefused: { caseId: field.id(), at: field.instant() },
  TransferAuthorisationWithdrawn: { caseId: field.id(), at: field.instant() },
  /** A11: the second opinion doctor goes on without the own doctor's dossier. */
  ProceedingWithoutOwnDossier: { caseId: field.id() },
  /** A11: the second opinion doctor decided that it cannot be done; ends NOT_EXECUTABLE. */
  NotExecutableDecided: { caseId: field.id(), at: field.instant() },
  DossierDocumentAdded: {
    caseId: field.id(),
    documentId: field.id(),
    kind: field.code(DOCUMENT_KINDS),
    senderRole: field.code(SENDER_ROLES),
  },
  /** A12: nothing is collected any more, and nobody is asked for an authorisation; also told with the first sharing. */
  DossierClosed: { caseId: field.id() },
  /** A15, the first sharing makes the invoice due (A20). firstSharing tells it from later versions; doctorId: who shared it, whoever has the case by then. */
  ReportSharedWithEmployee: {
    caseId: field.id(),
    doctorId: field.optional(field.id()),
    version: field.count(),
    firstSharing: field.flag(),
    sharedAt: field.instant(),
    decisionDueAt: field.instant(),
    correctionDueAt: field.instant(),
  },
  /** A16/A17 reminders on working day 5 and 8, only while the employee has not decided. */
  ReleaseReminderDue: {
    caseId: field.id(),
    version: field.count(),
    day: field.count(),
    decisionDueAt: field.instant(),
  },
  FactualCorrectionRequested: { caseId: field.id(), version: field.count() },
  FactualCorrectionRejected: { caseId: field.id(), version: field.count() },
  /** A18. */
  ReportReleased: {
    caseId: field.id(),
    version: field.count(),
    hash: field.hash(),
    releasedAt: field.instant(),
    followUpDueAt: field.instant(),
  },
  ReleaseDeliveryFailed: { caseId: field.id(), version: field.count() },
  /** BR-38: at the end of the term, in every case without a release. Internal topic: the outcome is for employee, second opinion doctor and auditor. */
  ReportNotReleased: { caseId: field.id(), outcome: field.code(NOT_RELEASED_OUTCOMES), at: field.instant() },
  /** BR-76 as reporting decides it, from the submission on and before the sharing; afterwards only ReportNotReleased tells it, at the end of the term (BR-38). */
  RequestWithdrawn: { caseId: field.id(), withdrawnAt: field.instant(), consultationHeld: field.flag() },
  /** After a withdrawal with the consultation held: what the second opinion doctor worked, or the consultation's own time when he did not say (domain section 8). */
  WorkedHoursStated: { caseId: field.id(), minutes: field.count(), at: field.instant() },
  /** A19. motivation is for the employee. */
  FollowUpRecorded: {
    caseId: field.id(),
    adoption: field.code(ADOPTIONS),
    motivation: field.sealed('MEDICAL'),
    discussedOn: field.optional(field.date()),
  },
  FollowUpReminderDue: { caseId: field.id(), followUpDueAt: field.instant() },
  /** The follow-up term has passed without a record. */
  FollowUpTermEnded: { caseId: field.id(), at: field.instant() },
  /** A15: the report is overdue (N19). */
  ReportOverdue: { caseId: field.id(), dueAt: field.instant() },
  /** Domain section 6: the whole case, from the signed quote to the first sharing, has passed its target or its limit (N19). */
  CaseOverdue: { caseId: field.id(), term: field.code(CASE_TERMS), dueAt: field.instant() },
});
export type ReportingMessages = DataOf<typeof reportingMessages>;
