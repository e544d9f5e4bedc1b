import type { FileEvent, Pause } from '../file.events';
import { aSeal } from '@second-opinion/kernel/testing';

// Named events of one case: employee person-1, own doctor doctor-1, second opinion doctor doctor-2.
const calendarVersion = 'nl-2026.1-gf1-ld-every-year';

export const opened: FileEvent = {
  type: 'MedicalFileOpened',
  data: { caseNumber: 'SO-1A2B3C4D5E', employeeId: 'person-1', ownDoctorId: 'doctor-1', ownOrganisationId: 'ohs-1' },
};
export const offered: FileEvent = { type: 'AssignmentNoted', data: { doctorId: 'doctor-2', round: 1 } };
export const declined: FileEvent = { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-2', round: 1 } };
export const independent: FileEvent = { type: 'IndependenceNoted', data: { doctorId: 'doctor-2', round: 1 } };
export const independentNext = (
  report?: 'ANEW' | 'SHARED',
  over: { requestId?: string; documents?: string[] } = {},
): FileEvent => ({
  type: 'IndependenceNoted',
  data: { doctorId: 'doctor-3', round: 2, ...(report ? { report } : {}), ...over },
});
export const asked: FileEvent = {
  type: 'TransferAuthorisationAsked',
  data: { assigneeId: 'person-1' },
  textVersion: 'transfer-authorisation-2026.1',
};
export const granted: FileEvent = {
  type: 'TransferAuthorisationGranted',
  data: { scope: ['FML', 'MEDICAL_LETTER'], at: '2026-11-25T09:00:00.000Z', assigneeId: 'doctor-1' },
  textVersion: 'transfer-authorisation-2026.1',
};
export const refused: FileEvent = {
  type: 'TransferAuthorisationRefused',
  data: { at: '2026-11-25T09:00:00.000Z', assigneeId: 'doctor-2' },
  textVersion: 'transfer-authorisation-2026.1',
};
export const authorisationWithdrawn = (...documents: string[]): FileEvent => ({
  type: 'TransferAuthorisationWithdrawn',
  data: { at: '2026-11-25T09:00:00.000Z', documents, assigneeId: 'doctor-2' },
  textVersion: 'transfer-authorisation-2026.1',
});
export const consulted: FileEvent = {
  type: 'ConsultationNoted',
  data: {
    doctorId: 'doctor-2',
    durationMinutes: 75,
    heldAt: '2026-11-25T09:00:00.000Z',
    reportDueAt: '2026-12-02T23:00:00.000Z',
    calendarVersion,
  },
};
export const consultedLate: FileEvent = {
  type: 'ConsultationNoted',
  data: {
    doctorId: 'doctor-2',
    durationMinutes: 75,
    heldAt: '2026-11-25T09:00:00.000Z',
    over: true,
    calendarVersion,
  },
};
export const document = (
  documentId: string,
  over: Partial<Extract<FileEvent, { type: 'DossierDocumentAdded' }>['data']> = {},
): FileEvent => ({
  type: 'DossierDocumentAdded',
  data: {
    documentId,
    kind: 'FML',
    senderRole: 'own-doctor',
    name: aSeal(`name-${documentId}`),
    storedId: `stored-${documentId}-0123456789`,
    contentId: `content-${documentId}`,
    size: 1234,
    mediaType: 'application/pdf',
    hash: `hash-${documentId}-0123456789`,
    salt: aSeal(`salt-${documentId}`),
    ...over,
  },
});
export const texts = {
  findings: aSeal('findings'),
  method: aSeal('method'),
  reasoning: aSeal('reasoning'),
  sources: aSeal('sources'),
  conclusion: aSeal('conclusion'),
};
export const hashOf = (version: number) => `hash-of-version-${version}`;
export const finalised = (version = 1): FileEvent => ({
  type: 'ReportReadyForEmployee',
  data: { version, hash: hashOf(version), ...texts, assigneeId: 'doctor-2' },
});
export const dossierClosed: FileEvent = { type: 'DossierClosed', data: {} };
export const shared = (version = 1, asked: { assigneeId?: string } = { assigneeId: 'person-1' }): FileEvent => ({
  type: 'ReportSharedWithEmployee',
  data: {
    version,
    hash: hashOf(version),
    doctorId: 'doctor-2',
    firstSharing: version === 1,
    sharedAt: '2026-11-25T09:00:00.000Z',
    correctionDueAt: '2026-12-09T23:00:00.000Z',
    decisionDueAt: '2026-12-09T23:00:00.000Z',
    reminders: [
      { day: 5, dueAt: '2026-12-01T23:00:00.000Z' },
      { day: 8, dueAt: '2026-12-06T23:00:00.000Z' },
    ],
    ...asked,
    calendarVersion,
  },
  textVersion: 'release-decision-2026.1',
});
export const correctionAsked: FileEvent = {
  type: 'FactualCorrectionRequested',
  data: { requestId: 'request-1', version: 1, correction: aSeal('correction'), assigneeId: 'doctor-2' },
};
export const corrected: FileEvent = {
  type: 'ReportCorrected',
  data: { version: 2, hash: hashOf(2), ...texts, requestId: 'request-1', assigneeId: 'doctor-2' },
};
export const consented = (version = 1, releaseDueAt = '2026-11-25T23:00:00.000Z'): FileEvent => ({
  type: 'ReleaseConsentGranted',
  data: { version, hash: hashOf(version), releaseDueAt, calendarVersion },
  textVersion: 'release-decision-2026.1',
});
export const consentWithdrawn: FileEvent = {
  type: 'ReleaseConsentWithdrawn',
  data: { version: 1 },
  textVersion: 'release-decision-2026.1',
};
export const blocked: FileEvent = {
  type: 'ReportBlocked',
  data: { version: 1 },
  textVersion: 'release-decision-2026.1',
};
export const termEnded = (outcome: 'BLOCKED' | 'LAPSED' | 'WITHDRAWN'): FileEvent => ({
  type: 'ReleaseTermEnded',
  data: { outcome, at: '2026-12-09T23:00:00.000Z' },
});
export const released: FileEvent = {
  type: 'ReportReleased',
  data: {
    version: 1,
    hash: hashOf(1),
    to: 'doctor-1',
    receipt: 'receipt-1',
    releasedAt: '2026-11-26T00:00:00.000Z',
    followUpDueAt: '2026-12-10T23:00:00.000Z',
    followUpReminderAt: '2026-12-07T23:00:00.000Z',
    calendarVersion,
  },
};
export const releasedAgain: FileEvent = {
  type: 'ReportReleased',
  data: {
    version: 2,
    hash: hashOf(2),
    to: 'doctor-1',
    receipt: 'receipt-2',
    releasedAt: '2026-12-02T00:00:00.000Z',
    followUpDueAt: '2026-12-16T23:00:00.000Z',
    followUpReminderAt: '2026-12-13T23:00:00.000Z',
    calendarVersion,
  },
};
export const withdrawn = (stage: 'BEFORE_SHARING' | 'AFTER_SHARING', consultationHeld = true): FileEvent => ({
  type: 'RequestWithdrawn',
  data: { stage, consultationHeld, at: '2026-11-25T09:00:00.000Z' },
  textVersion: 'withdrawal-2026.1',
});
export const sourceConsent: FileEvent = {
  type: 'SourceConsentGranted',
  data: { sourceId: 'source-1', source: aSeal('source'), at: '2026-11-25T09:00:00.000Z' },
  textVersion: 'source-consent-2026.1',
};
export const sourceAsked: FileEvent = {
  type: 'ThirdPartyInformationRequested',
  data: {
    sourceId: 'source-1',
    question: aSeal('question'),
    answerDueAt: '2026-12-16T23:00:00.000Z',
    calendarVersion,
  },
};
export const paused = (reason: 'AUTHORISATION' | 'THIRD_PARTY', ref: string): FileEvent => ({
  type: 'ClockPaused',
  data: { clock: 'REPORT', reason, ref },
});
/** casePaused: the clock of the whole case stands still; casePaused() is how it begins, with the authorisation that is asked. */
export const casePaused = (
  reason: Pause = 'AUTHORISATION',
  ref = 'authorisation',
  at = '2026-11-25T09:00:00.000Z',
): FileEvent => ({ type: 'ClockPaused', data: { clock: 'CASE', reason, ref, at } });
export const caseResumed = (
  reason: Pause,
  ref: string,
  at: string,
  terms: { targetDueAt?: string; limitDueAt?: string } = {},
): FileEvent => ({ type: 'ClockResumed', data: { clock: 'CASE', reason, ref, at, ...terms, calendarVersion } });
/** signed on Wednesday: ten working days later is Wednesday 9 December, fifteen the Wednesday after. */
export const signed = (
  quoteId = 'quote-1',
  terms: { targetDueAt?: string; limitDueAt?: string } = {
    targetDueAt: '2026-12-09T23:00:00.000Z',
    limitDueAt: '2026-12-16T23:00:00.000Z',
  },
): FileEvent => ({
  type: 'ClockStarted',
  data: { clock: 'CASE', quoteId, startedAt: '2026-11-25T09:00:00.000Z', ...terms, calendarVersion },
});
export const voided: FileEvent = { type: 'ClockVoided', data: { clock: 'CASE', quoteId: 'quote-1' } };
export const caseOverdue = (term: 'TARGET' | 'LIMIT', dueAt: string): FileEvent => ({
  type: 'CaseOverdue',
  data: { term, dueAt },
});
