/** STAYS: tasks that the domain leaves open about a case that is closed, with the reason. They can still be done, and end with that. */
export const STAYS: Readonly<Record<string, string>> = {
  RecordPayment: 'an invoice is paid or not, whatever became of the case (A20: PaymentOverdue)',
  RecordFollowUp: 'the own doctor still owes the employee his answer after the term (A19, BR-42)',
  CorrectReport:
    'the employee asked for a correction in time, and gets his answer also after the term of the decision (A16)',
  ShareReport:
    'a corrected version is shared with him also after the term; a late consent can still be given for it (BR-36)',
  RecordConsultation: 'the hour had come before the case ended: the doctor says what happened (A13)',
};
