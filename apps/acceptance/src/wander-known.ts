import type { Act } from './wander-acts';

/** STAYS: tasks that the domain leaves open about a case that is closed, with the reason. They can still be done, and end with that. */
export const STAYS: Readonly<Record<string, string>> = {
  RecordPayment: 'an invoice is paid or not, whatever became of the case (A20: PaymentOverdue)',
  RecordFollowUp: 'the own doctor still owes the employee his answer after the term (A19, BR-42)',
  RecordConsultation: 'the hour had come before the case ended: the doctor says what happened (A13)',
};

// What is known to be wrong in reporting, and is being mended there; to be deleted with that.

/** KNOWN: tasks that should have ended. */
export const KNOWN: Readonly<Record<string, string>> = {
  ProceedWithoutOwnDossier:
    'the authorisation is withdrawn after the case ended: asked of the doctor, and refused for ever',
  RecordFollowUp:
    'a corrected version is released after the follow-up on the one before: asked again, and refused for ever',
  FinaliseReportForReview: 'the consultation is noted after the case ended: asked of the doctor, and refused for ever',
  GrantReleaseConsent: 'blocked, then a corrected version is shared: the block stays, and so does the task',
  ShareReport: 'a correction is not shared before the decision term ends: the case closes, and the task stays',
  CorrectReport: 'the same, when it is not even answered',
};

/** notPlayed: after it the case cannot reach its end. */
export function notPlayed({ name }: Act, seen: ReadonlySet<string>): boolean {
  // A15 after the consultation: the next doctor's own consultation is not noted, and the report stays the first one's to write.
  return name === 'reassign-assignment' && seen.has('ConsultationHeld');
}
