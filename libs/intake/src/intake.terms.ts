import { COMPLAINT_ROUTE } from '@second-opinion/contracts';

/** Terms of intake: settings tagged [I] or [M] in the domain, never constants buried in rules. A new value is a new version. */
export const INTAKE_RULES = 'intake-2026.1';

export const intakeTerms = {
  /** [I] Honour or refuse "as soon as possible", at most so many working days after the wish. */
  decisionWorkingDays: 5,
  /** [I] The own doctor is reminded so many working days after the wish. */
  decisionReminderWorkingDays: 3,
  /** [V10] From the proposal of doctors to the employee's choice. */
  doctorChoiceHours: 48,
  /** [V10] From the offer to accepted or declined, to the end of the last day. */
  assignmentAnswerDays: 7,
  /** [I] From the acceptance to the declaration of independence; afterwards the case moves on as not answered. */
  independenceWorkingDays: 2,
  /** [I] How long a one-time code can be redeemed, to the end of the last day. */
  invitationDays: 14,
  /** [I] Section 3: who does not answer is tried three times over five working days; the invitation itself is the first. */
  invitationRepeatWorkingDays: [2, 4],
  /** [I] The same for what only he can do before the submission: to be asked is the first. */
  answerReminderWorkingDays: [2, 4],
  unreachableWorkingDays: 5,
} as const;

/** Versions of the texts that persons saw when they decided (BR-77). */
export const textVersions = {
  nonSuspension: 'non-suspension-2026.1',
  confirmation: 'confirmation-2026.1',
  complaintRoute: COMPLAINT_ROUTE,
  disclosure: 'disclosure-to-employer-2026.1',
  employeePays: 'employee-pays-2026.1',
  independence: 'independence-2026.1',
  privateContact: 'private-contact-2026.1',
} as const;
