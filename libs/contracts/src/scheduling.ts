import { events, field, type DataOf } from './fields';

/** SCHEDULING_TOPIC: key = case id. */
export const SCHEDULING_TOPIC = 'scheduling.events.v1';

const slot = {
  doctorId: field.id(),
  locationId: field.id(),
  startsAt: field.localDateTime(),
  endsAt: field.localDateTime(),
  zone: field.label(),
};

/** Integration events of scheduling. Appointments are local date-time plus zone. */
export const schedulingMessages = events({
  SlotReserved: { caseId: field.id(), ...slot, expiresAt: field.instant() },
  SlotReleased: { caseId: field.id(), doctorId: field.id(), startsAt: field.localDateTime(), cause: field.label() },
  NoSlotWithinSla: { caseId: field.id(), doctorId: field.id() },
  /** A10, after QuoteSigned. `sequence` is the iCalendar SEQUENCE, `appointmentId` its UID. address and link are the location's public data. */
  AppointmentConfirmed: {
    caseId: field.id(),
    appointmentId: field.id(),
    sequence: field.count(),
    ...slot,
    locationName: field.register(),
    locationAddress: field.register(),
    room: field.optional(field.register()),
  },
  AppointmentRescheduled: {
    caseId: field.id(),
    appointmentId: field.id(),
    sequence: field.count(),
    ...slot,
    locationName: field.register(),
    locationAddress: field.register(),
    room: field.optional(field.register()),
    by: field.code(['employee', 'second-opinion-doctor', 'back-office', 'system']),
  },
  /** noticeClass decides the fee with the terms on the quote (billing): free, within two working days, within 24 hours. */
  AppointmentCancelled: {
    caseId: field.id(),
    appointmentId: field.id(),
    sequence: field.count(),
    doctorId: field.id(),
    locationId: field.id(),
    startsAt: field.localDateTime(),
    zone: field.label(),
    by: field.code(['employee', 'second-opinion-doctor', 'back-office', 'system']),
    noticeClass: field.code(['FREE', 'WITHIN_TWO_WORKING_DAYS', 'WITHIN_24_HOURS']),
    noticeHours: field.count(),
    illnessProof: field.flag(),
  },
  /** A13: the appointment reminder is due (N05: 5 and 1 days before). */
  AppointmentReminderDue: {
    caseId: field.id(),
    appointmentId: field.id(),
    daysBefore: field.count(),
    startsAt: field.localDateTime(),
    zone: field.label(),
    locationId: field.id(),
  },
  ConsultationHeld: {
    caseId: field.id(),
    doctorId: field.id(),
    locationId: field.id(),
    durationMinutes: field.count(),
    heldAt: field.instant(),
  },
  /** The hour of an appointment has passed, and nobody recorded what became of it in time. */
  ConsultationRecordOverdue: { caseId: field.id(), dueAt: field.instant() },
  /** final: the second no-show; no rebooking is left and the case ends NO_SHOW. */
  NoShowRecorded: {
    caseId: field.id(),
    doctorId: field.id(),
    appointmentId: field.id(),
    count: field.count(),
    final: field.flag(),
    illnessProof: field.flag(),
    recordedAt: field.instant(),
    /** startsAt of the appointment, which may lie in an earlier month than its recording; absent in what was told before it was carried. */
    startsAt: field.optional(field.localDateTime()),
  },
  /** The employee cancelled and has not chosen another time; `until` when he can before the case may be ended. */
  RebookingReminderDue: {
    caseId: field.id(),
    appointmentId: field.id(),
    attempt: field.count(),
    until: field.instant(),
  },
  /** Section 3: he did not respond; the case ends NO_SHOW. No fee of its own: the cancellation had its own. */
  EndedWithoutAppointment: { caseId: field.id(), doctorId: field.id(), at: field.instant() },
  /** The consultation began but could not be finished; one rebooking as with a no-show, no fee of its own. */
  ConsultationAborted: { caseId: field.id(), doctorId: field.id(), final: field.flag() },
});
export type SchedulingMessages = DataOf<typeof schedulingMessages>;
