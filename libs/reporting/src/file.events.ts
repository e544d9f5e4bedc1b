import {
  ADOPTIONS,
  CASE_TERMS,
  DOCUMENT_KINDS,
  events,
  field,
  NOT_RELEASED_OUTCOMES,
  SENDER_ROLES,
  type DataOf,
  type EventsOf,
} from '@second-opinion/contracts';

/** ENDS: how a file can end before a report was shared. */
export const ENDS = ['WITHDRAWN', 'NOT_EXECUTABLE', 'CLOSED'] as const;
export type End = (typeof ENDS)[number];

/** CLOCKS of domain section 6 that can be paused: of the report (A15), and of the whole case. */
export const CLOCKS = ['REPORT', 'CASE'] as const;

/** PAUSES of a clock: whom it waits for. Only the clock of the case waits for a rebooking (A13). */
export const PAUSES = ['AUTHORISATION', 'THIRD_PARTY', 'REBOOKING'] as const;
export type Pause = (typeof PAUSES)[number];

/** REPORTS: how far the report is when another doctor takes over: examination and report begin anew, or it was shared. */
export const REPORTS = ['ANEW', 'SHARED'] as const;

/** STAGES of a withdrawal: after the sharing the own doctor may not know of it before the end of the term (BR-38). */
export const STAGES = ['BEFORE_SHARING', 'AFTER_SHARING'] as const;

/** DROPS: why a document was dropped. */
export const DROPS = [
  'AUTHORISATION_WITHDRAWN',
  'SOURCE_CONSENT_WITHDRAWN',
  'AUTHORISATION_REFUSED',
  'DOCTOR_CHANGED',
] as const;

const texts = {
  findings: field.sealed('MEDICAL'),
  method: field.sealed('MEDICAL'),
  reasoning: field.sealed('MEDICAL'),
  sources: field.sealed('MEDICAL'),
  conclusion: field.sealed('MEDICAL'),
};
const version = { version: field.count(), hash: field.hash() };
const term = { calendarVersion: field.label() };
/** Of the whole case; absent while it is paused and the term has not passed yet. */
const caseTerms = { targetDueAt: field.optional(field.instant()), limitDueAt: field.optional(field.instant()) };

export const fileEvents = events({
  // What the other contexts told.
  MedicalFileOpened: {
    caseNumber: field.label(),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ownOrganisationId: field.id(),
  },
  AssignmentNoted: { doctorId: field.id(), round: field.count() },
  /** at: when the doctor declined, or gave up what he had begun (A15). */
  AssignmentDeclineNoted: { doctorId: field.id(), round: field.count(), at: field.optional(field.instant()) },
  IndependenceNoted: {
    doctorId: field.id(),
    round: field.count(),
    /** report: absent when nothing was examined or written yet. */
    report: field.optional(field.code(REPORTS)),
    /** back: the report that was shared is his own, and what was allowed for him goes on. */
    back: field.optional(field.flag()),
    /** requestId of a correction that was asked for and waits for him. */
    requestId: field.optional(field.id()),
    /** documents that nobody had read, and that nothing allows to read any more. */
    documents: field.optional(field.list(field.id())),
  },
  ConsultationNoted: {
    doctorId: field.id(),
    durationMinutes: field.count(),
    heldAt: field.instant(),
    /** reportDueAt: absent while the clock stands still. */
    reportDueAt: field.optional(field.instant()),
    /** over: no report follows from it: the case had ended, or another doctor writes. Should its doctor take over, it is noted again. */
    over: field.optional(field.flag()),
    ...term,
  },
  /** BR-19: who has examined is not registered any more, absent when not at all, and cannot write; another may have to take over (A15). */
  RegistrationEndNoted: { doctorId: field.id(), registeredUntil: field.optional(field.date()) },
  RegistrationRenewalNoted: { doctorId: field.id(), registeredUntil: field.date() },
  CaseEndNoted: { cause: field.code(ENDS), at: field.instant() },

  // A11: the transfer authorisation. `documents` are what had not been read yet, and goes.
  TransferAuthorisationAsked: { assigneeId: field.id() },
  TransferAuthorisationGranted: {
    scope: field.list(field.code(DOCUMENT_KINDS)),
    at: field.instant(),
    assigneeId: field.id(),
  },
  TransferAuthorisationRefused: {
    at: field.instant(),
    assigneeId: field.optional(field.id()),
    documents: field.optional(field.list(field.id())),
  },
  TransferAuthorisationWithdrawn: {
    at: field.instant(),
    documents: field.list(field.id()),
    assigneeId: field.optional(field.id()),
  },
  ProceedingWithoutOwnDossier: {},
  NotExecutableDecided: { at: field.instant() },

  // A12: the dossier. Content and name are sealed; storedId names the ciphertext.
  /** A document begins to arrive: should we fall over before it is added, what was stored of it is found and goes. */
  DocumentExpected: { contentId: field.id(), giveUpAt: field.instant() },
  DocumentGivenUp: { contentId: field.id() },
  DossierDocumentAdded: {
    documentId: field.id(),
    kind: field.code(DOCUMENT_KINDS),
    senderRole: field.code(SENDER_ROLES),
    sourceId: field.optional(field.id()),
    name: field.sealed('MEDICAL'),
    storedId: field.hash(),
    /** contentId: the object that its content key belongs to, another one for every try to store it. */
    contentId: field.id(),
    size: field.count(),
    mediaType: field.label(),
    hash: field.hash(),
    salt: field.sealed('MEDICAL'),
  },
  /** The decision alone; that it was read is the next one, after the access record (BR-66). */
  DossierDocumentOpeningDecided: { documentId: field.id() },
  DossierDocumentOpened: { documentId: field.id() },
  DocumentSharedWithOwnDoctor: { documentId: field.id() },
  DossierDocumentQuarantined: { documentId: field.id() },
  DocumentsDestroyed: { documents: field.list(field.id()), cause: field.code(DROPS) },
  DossierClosed: {},

  // A14: treating doctors, each with a consent of its own (BR-26).
  SourceConsentGranted: { sourceId: field.id(), source: field.sealed('MEDICAL'), at: field.instant() },
  SourceConsentWithdrawn: { sourceId: field.id(), at: field.instant(), documents: field.list(field.id()) },
  ThirdPartyInformationRequested: {
    sourceId: field.id(),
    question: field.sealed('MEDICAL'),
    answerDueAt: field.instant(),
    ...term,
  },
  ThirdPartyInformationReceived: { sourceId: field.id(), at: field.instant() },
  ThirdPartyInformationNotReceived: { sourceId: field.id() },
  ReportOverdue: { dueAt: field.instant() },

  // Domain section 6. The clock of the report is started by the consultation, that of the whole case by the signed quote.
  ClockStarted: {
    clock: field.code(['CASE']),
    quoteId: field.id(),
    startedAt: field.instant(),
    ...caseTerms,
    ...term,
  },
  /** ClockVoided: another quote takes the place of the signed one, and its signature starts the clock anew. */
  ClockVoided: { clock: field.code(['CASE']), quoteId: field.id() },
  ClockPaused: {
    clock: field.code(CLOCKS),
    reason: field.code(PAUSES),
    ref: field.id(),
    /** at: from when, of the clock of the case. */
    at: field.optional(field.instant()),
  },
  ClockResumed: {
    clock: field.code(CLOCKS),
    reason: field.code(PAUSES),
    ref: field.id(),
    /** dueAt of the report: absent while another pause goes on, or before the consultation. */
    dueAt: field.optional(field.instant()),
    assigneeId: field.optional(field.id()),
    /** at: until when, of the clock of the case. */
    at: field.optional(field.instant()),
    ...caseTerms,
    ...term,
  },
  CaseOverdue: { term: field.code(CASE_TERMS), dueAt: field.instant() },

  // A15, A16: the report. A version never changes (BR-33); its hash is over the seals, so it says nothing and outlives the keys.
  ReportReadyForEmployee: { ...version, ...texts, assigneeId: field.id() },
  ReportCorrected: { ...version, ...texts, requestId: field.id(), assigneeId: field.id() },
  ReportSharedWithEmployee: {
    ...version,
    doctorId: field.optional(field.id()),
    firstSharing: field.flag(),
    sharedAt: field.instant(),
    correctionDueAt: field.instant(),
    decisionDueAt: field.instant(),
    reminders: field.list(field.record({ day: field.count(), dueAt: field.instant() })),
    /** assigneeId: who is asked to decide; absent while he blocks, for then he has decided (BR-62). */
    assigneeId: field.optional(field.id()),
    ...term,
  },
  FactualCorrectionRequested: {
    requestId: field.id(),
    version: field.count(),
    correction: field.sealed('MEDICAL'),
    assigneeId: field.optional(field.id()),
  },
  CorrectionRejected: { requestId: field.id(), version: field.count(), reason: field.sealed('MEDICAL') },

  // A17, A18: the employee's decision and the release. None of it is published but its end (BR-38).
  ReleaseConsentGranted: { ...version, releaseDueAt: field.instant(), ...term },
  ReleaseConsentWithdrawn: { version: field.count() },
  ReportBlocked: { version: field.count() },
  ReleaseReminderDue: { version: field.count(), day: field.count(), decisionDueAt: field.instant() },
  ReleaseDecisionLapsed: { version: field.count() },
  ReleaseTermEnded: { outcome: field.code(NOT_RELEASED_OUTCOMES), at: field.instant() },
  ReportReleased: {
    ...version,
    to: field.id(),
    receipt: field.id(),
    releasedAt: field.instant(),
    followUpDueAt: field.instant(),
    followUpReminderAt: field.instant(),
    ...term,
  },
  ReleaseReceiptRecorded: { version: field.count(), receipt: field.id(), at: field.instant() },
  ReleaseDeliveryFailed: { version: field.count() },

  // A19.
  FollowUpRecorded: {
    adoption: field.code(ADOPTIONS),
    motivation: field.sealed('MEDICAL'),
    discussedOn: field.optional(field.date()),
  },
  FollowUpReminderDue: { followUpDueAt: field.instant() },
  FollowUpTermEnded: { at: field.instant() },

  // BR-76.
  RequestWithdrawn: { stage: field.code(STAGES), consultationHeld: field.flag(), at: field.instant() },
  /** The texts of the file cannot be read any more and none can be added: nobody is asked for one (domain section 9). */
  FileForgotten: { at: field.instant() },
  WorkedHoursAsked: { dueAt: field.instant(), assigneeId: field.id(), ...term },
  WorkedHoursStated: {
    minutes: field.count(),
    basis: field.code(['STATED', 'CONSULTATION']),
    at: field.instant(),
  },
});
export type FileEvent = EventsOf<typeof fileEvents>;
export type FileData<Type extends keyof typeof fileEvents> = DataOf<typeof fileEvents>[Type];
