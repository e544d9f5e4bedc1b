/** TERMS: everything that domain.md tags [I], [M] or a provider's own habit; the version is stored with every event (rulesVersion). */
export const TERMS = {
  version: 'scheduling-2026.1',
  /** BR-29: planned for at most an hour and a half [S2]. */
  longestSlotMinutes: 90,
  /** what took longer than a working day is a slip of the pen [I]; BR-29 limits what is planned, and not what it took. */
  longestConsultationMinutes: 480,
  /** shorter slots are a slip of the pen [I]. */
  shortestSlotMinutes: 15,
  /** request to slot: usually within 7 calendar days [S2], at most 15 working days [V10]. */
  usualDays: 7,
  limitWorkingDays: 15,
  /** a reservation ends two working days before its slot [I]; a new one is made so that it holds at least a working day. */
  reservationEndsWorkingDaysBefore: 2,
  reservationLeadWorkingDays: 3,
  /** what is confirmed at once leaves the employee his free time to cancel [I]. */
  confirmationLeadWorkingDays: 2,
  /** domain section 8 [I, V24b]: free until two working days before, dearest within 24 hours. */
  freeUntilWorkingDaysBefore: 2,
  dearestWithinHours: 24,
  /** an employee who is not there a quarter of an hour after the beginning did not come [I]. */
  noShowAfterMinutes: 15,
  /** what became of an appointment is recorded by the end of the next working day [I]; else back office asks. */
  recordWorkingDays: 1,
  /** A13: one rebooking after a no-show or an aborted consultation [I]. */
  rebookings: 1,
  /** section 3: an employee who cancelled is reminded to choose again, the cancellation being the first of three attempts over five working days [I]. */
  rebookingReminderWorkingDays: [2, 4],
  unreachableWorkingDays: 5,
  /** N05: reminders so many calendar days before. */
  reminderDays: [5, 1],
  /** a search without result is repeated after so many hours, besides whenever a slot comes free [I]. */
  searchAgainAfterHours: 4,
  /** slots farther ahead than these calendar months are not looked at [I]. */
  searchMonths: 6,
} as const;
