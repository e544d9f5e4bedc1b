import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by `npm run docs`; do not edit: what each operation can answer besides what every one can. */
export const reportingProblems: OperationProblems = {
  GrantTransferAuthorisation: {
    invalid: ['reporting.kinds-and-scope-differ'],
    refused: [
      'reporting.authorisation-in-force',
      'reporting.case-ended',
      'reporting.dossier-closed',
      'reporting.no-doctor-yet',
      'reporting.no-file',
    ],
  },
  RefuseTransferAuthorisation: {
    refused: [
      'reporting.authorisation-in-force',
      'reporting.case-ended',
      'reporting.dossier-closed',
      'reporting.no-doctor-yet',
      'reporting.no-file',
    ],
  },
  WithdrawTransferAuthorisation: { refused: ['reporting.no-authorisation', 'reporting.no-file'] },
  GrantSourceConsent: {
    refused: [
      'person-forgotten',
      'reporting.case-ended',
      'reporting.dossier-closed',
      'reporting.no-doctor-yet',
      'reporting.no-file',
      'reporting.too-many-documents',
      'reporting.too-many-sources',
    ],
  },
  WithdrawSourceConsent: { refused: ['reporting.no-file'] },
  ShareDocumentWithOwnDoctor: {
    refused: ['reporting.document-quarantined', 'reporting.no-file', 'reporting.not-your-document'],
  },
  RequestFactualCorrection: {
    refused: [
      'person-forgotten',
      'reporting.case-ended',
      'reporting.correction-pending',
      'reporting.correction-term-over',
      'reporting.no-file',
      'reporting.not-shared',
      'reporting.not-the-latest-version',
    ],
  },
  GrantReleaseConsent: {
    refused: [
      'reporting.already-released',
      'reporting.case-ended',
      'reporting.no-file',
      'reporting.not-shared',
      'reporting.not-the-latest-version',
    ],
  },
  WithdrawReleaseConsent: {
    refused: [
      'reporting.already-released',
      'reporting.case-ended',
      'reporting.no-consent',
      'reporting.no-file',
      'reporting.not-shared',
      'reporting.not-the-latest-version',
    ],
  },
  BlockReport: {
    refused: [
      'reporting.already-released',
      'reporting.case-ended',
      'reporting.no-file',
      'reporting.not-shared',
      'reporting.not-the-latest-version',
    ],
  },
  WithdrawRequest: { refused: ['reporting.already-released', 'reporting.case-ended', 'reporting.no-file'] },
  ProceedWithoutOwnDossier: {
    refused: [
      'reporting.authorisation-not-refused',
      'reporting.case-ended',
      'reporting.doctor-not-registered',
      'reporting.no-file',
    ],
  },
  DecideNotExecutable: {
    refused: [
      'reporting.authorisation-not-refused',
      'reporting.case-ended',
      'reporting.doctor-not-registered',
      'reporting.no-file',
      'reporting.report-shared',
    ],
  },
  QuarantineDocument: { refused: ['reporting.document-quarantined', 'reporting.no-file'] },
  CloseDossier: { refused: ['reporting.case-ended', 'reporting.no-file'] },
  RequestTreatingDoctorInformation: {
    refused: [
      'person-forgotten',
      'reporting.case-ended',
      'reporting.dossier-closed',
      'reporting.no-file',
      'reporting.no-source-consent',
      'reporting.too-many-documents',
    ],
  },
  RecordThirdPartyInformation: {
    refused: ['reporting.case-ended', 'reporting.no-file', 'reporting.no-source-consent', 'reporting.not-asked'],
  },
  FinaliseReportForReview: {
    refused: [
      'person-forgotten',
      'reporting.case-ended',
      'reporting.doctor-not-registered',
      'reporting.no-consultation',
      'reporting.no-file',
      'reporting.report-shared',
    ],
  },
  ShareReport: {
    refused: [
      'reporting.case-ended',
      'reporting.doctor-not-registered',
      'reporting.no-file',
      'reporting.no-report',
      'reporting.not-the-latest-version',
    ],
  },
  CorrectReport: {
    refused: [
      'person-forgotten',
      'reporting.case-ended',
      'reporting.doctor-not-registered',
      'reporting.no-correction-requested',
      'reporting.no-file',
    ],
  },
  RejectCorrection: {
    refused: [
      'person-forgotten',
      'reporting.case-ended',
      'reporting.doctor-not-registered',
      'reporting.no-correction-requested',
      'reporting.no-file',
    ],
  },
  StateWorkedHours: { refused: ['reporting.hours-stated', 'reporting.no-hours-asked'] },
  RecordFollowUp: {
    refused: [
      'person-forgotten',
      'reporting.doctor-not-registered',
      'reporting.follow-up-recorded',
      'reporting.not-released',
    ],
  },
  AddDossierDocument: {
    invalid: [
      'document-empty',
      'document-infected',
      'document-name-invalid',
      'document-name-missing',
      'document-too-large',
      'document-type',
      'seal-malformed',
    ],
    refused: [
      'person-forgotten',
      'reporting.case-ended',
      'reporting.document-forgotten',
      'reporting.document-not-expected',
      'reporting.dossier-closed',
      'reporting.no-authorisation',
      'reporting.no-file',
      'reporting.no-source-consent',
      'reporting.outside-authorisation',
      'reporting.too-many-documents',
    ],
  },
  ListDocuments: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  OpenDossierDocument: {
    invalid: ['document-broken', 'event-store.invalid-append', 'seal-misplaced'],
    'not-found': ['document-forgotten', 'not-found'],
    refused: ['reporting.document-quarantined', 'reporting.no-authorisation', 'reporting.no-file'],
    conflict: ['precondition-failed', 'too-busy'],
    unprocessable: ['idempotency-key-reused'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  GetFile: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  ListFiles: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetReport: {
    invalid: ['event-store.invalid-append', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    conflict: ['precondition-failed', 'too-busy'],
    unprocessable: ['idempotency-key-reused'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  GetReportVersion: {
    invalid: ['event-store.invalid-append', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    conflict: ['precondition-failed', 'too-busy'],
    unprocessable: ['idempotency-key-reused'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  GetTexts: {},
  ListTasks: { invalid: ['invalid-cursor', 'invalid-request'] },
};
