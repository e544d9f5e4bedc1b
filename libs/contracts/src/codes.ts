/** Codes that several contexts speak, as domain.md names them. */

/** CONTEXTS of the product; each owns the streams whose category begins with its name and a dot, and one topic. */
export const CONTEXTS = ['intake', 'scheduling', 'reporting', 'billing', 'notification', 'records'] as const;
/** ContextName of one of them. */
export type ContextName = (typeof CONTEXTS)[number];

export const SUBJECTS = ['AbsenceGuidance', 'OccupationalHealthExamination', 'WorkHealthConsultation'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** REFUSAL_GROUNDS is the closed list of BR-11. */
export const REFUSAL_GROUNDS = [
  'IMPROPER_USE',
  'REPEATED_SAME_SUBJECT',
  'OBSTRUCTS_GUIDANCE',
  'OUT_OF_SUBJECT',
  'PRE_EMPLOYMENT',
  'LEGAL_STATUS_OPINION_NEEDED',
  'CONFLICT_INSTRUMENT',
  'NOT_MEDICAL',
  'CONDUCT_COMPLAINT',
  'UNSPECIFIED_QUESTION',
  'OTHER_WEIGHTY',
] as const;
export type RefusalGround = (typeof REFUSAL_GROUNDS)[number];

/** PAYERS by BR-52. */
export const PAYERS = ['EMPLOYER', 'EMPLOYEE'] as const;
export type Payer = (typeof PAYERS)[number];

/** NOT_RELEASED_OUTCOMES is what only employee, second opinion doctor and auditor may tell apart. */
export const NOT_RELEASED_OUTCOMES = ['BLOCKED', 'LAPSED', 'WITHDRAWN'] as const;
export type NotReleasedOutcome = (typeof NOT_RELEASED_OUTCOMES)[number];

/** CASE_TERMS of the clock of the whole case (domain section 6): what is aimed at, and what must not be passed. */
export const CASE_TERMS = ['TARGET', 'LIMIT'] as const;
export type CaseTerm = (typeof CASE_TERMS)[number];

/** ADOPTIONS by BR-42. */
export const ADOPTIONS = ['FULL', 'PARTLY', 'NOT'] as const;
export type Adoption = (typeof ADOPTIONS)[number];

/** OUTCOMES: how cases end (domain section 3). */
export const OUTCOMES = [
  'RELEASED_ADOPTED',
  'RELEASED_PARTLY_ADOPTED',
  'RELEASED_NOT_ADOPTED',
  'RELEASED_NO_FOLLOW_UP_KNOWN',
  'BLOCKED',
  'RELEASE_DECISION_LAPSED',
  'REFUSED',
  'REDIRECTED',
  'WITHDRAWN',
  'QUOTE_NOT_SIGNED',
  'NO_DOCTOR',
  'NOT_EXECUTABLE',
  'NO_SHOW',
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** DOCUMENT_KINDS of the dossier; the file name is sealed. */
export const DOCUMENT_KINDS = [
  'FIRST_ADVICE',
  'FML',
  'PROBLEM_ANALYSIS',
  'MEDICAL_LETTER',
  'WORK_SITUATION',
  'QUESTIONS',
  'OTHER',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** SENDER_ROLES of a document. */
export const SENDER_ROLES = ['employee', 'own-doctor', 'third-party'] as const;

/** CHARGES: what a case may be invoiced for; one invoice per case and charge. */
export const CHARGES = ['SECOND_OPINION', 'NO_SHOW', 'LATE_CANCELLATION', 'WORKED_HOURS'] as const;
export type Charge = (typeof CHARGES)[number];

/** LANGUAGES of texts that people read. */
export const LANGUAGES = ['nl', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
