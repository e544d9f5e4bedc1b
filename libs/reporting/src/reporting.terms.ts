import { DOCUMENT_KINDS } from '@second-opinion/contracts';

/** MEDICAL_KINDS need an authorisation when the own doctor sends them; what describes the work does not (BR-23). */
export const MEDICAL_KINDS = DOCUMENT_KINDS.filter((kind) => kind !== 'WORK_SITUATION');

/** TERMS: everything that domain.md tags [I], [M] or a provider's own habit; the version is stored with every event (rulesVersion). */
export const TERMS = {
  version: 'reporting-2026.1',
  /** A15: consultation (or the last information) to sharing, "enkele dagen" [S2]. */
  reportWorkingDays: 5,
  /** Domain section 6: signed quote to first sharing, what is aimed at and what must not be passed [S2]. */
  caseWorkingDays: { TARGET: 10, LIMIT: 15 },
  /** A14: no answer of a treating doctor in this time: go on and state the gap [I]. */
  answerWorkingDays: 15,
  /** A16, A17: correction and decision run together [I; V17]. */
  correctionWorkingDays: 10,
  decisionWorkingDays: 10,
  /** N11. */
  decisionReminderDays: [5, 8],
  /** A18: consent to release. */
  releaseWorkingDays: 1,
  /** A19. */
  followUpWorkingDays: 10,
  followUpReminderDay: 8,
  /** domain section 8: after a withdrawal with the consultation held, the hours are stated in this time, else its own minutes count [I]. */
  workedHoursWorkingDays: 5,
  /** a document that has not arrived whole in this time is given up, and what was stored of it goes [I]. */
  uploadHours: 1,
  /** more of one case are a slip or an attack [I]. */
  mostDocuments: 200,
  mostSources: 20,
} as const;

/** TEXTS: versions of what a person reads when he decides (BR-77); their words stand in `reporting.texts.ts`. */
export const TEXTS = {
  transferAuthorisation: 'transfer-authorisation-2026.1',
  sourceConsent: 'source-consent-2026.1',
  releaseDecision: 'release-decision-2026.1',
  withdrawal: 'withdrawal-2026.1',
  followUp: 'follow-up-2026.1',
} as const;
