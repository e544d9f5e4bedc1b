import { events, field, type EventsOf } from '@second-opinion/contracts';
import { MOVERS, slotFields } from './agenda.events';

/** RELEASES: why a reservation was let go. */
export const RELEASES = [
  'ASSIGNMENT_DECLINED',
  'QUOTE_ENDED',
  'REPLACED',
  'NO_SUCCESSOR',
  'SLOT_CLOSED',
  'DOCTOR_NOT_REGISTERED',
  'CASE_ENDED',
] as const;
export type Release = (typeof RELEASES)[number];

/** NOTICES by domain section 8; what each costs stands in the quote's terms. */
export const NOTICES = ['FREE', 'WITHIN_TWO_WORKING_DAYS', 'WITHIN_24_HOURS'] as const;
export type NoticeClass = (typeof NOTICES)[number];

/** ENDS: how a case can end for scheduling. */
export const ENDS = ['WITHDRAWN', 'NOT_EXECUTABLE', 'CLOSED'] as const;
export type End = (typeof ENDS)[number];

const held = { slotId: field.id(), doctorId: field.id(), startsAt: field.localDateTime(), takeId: field.id() };
const appointed = {
  appointmentId: field.id(),
  sequence: field.count(),
  ...slotFields,
  takeId: field.id(),
  reminders: field.list(field.record({ daysBefore: field.count(), dueAt: field.instant() })),
  /** recordDueAt: by when somebody has recorded what became of it. */
  recordDueAt: field.optional(field.instant()),
  calendarVersion: field.optional(field.label()),
};

export const appointmentEvents = events({
  // What the other contexts told; each may come early, and whichever comes last decides.
  RequestNoted: {
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ownOrganisationId: field.id(),
    submittedAt: field.instant(),
  },
  /** anewAt: after the consultation, another doctor takes over (A15): he plans and holds one of his own. */
  AssignmentNoted: {
    doctorId: field.id(),
    round: field.count(),
    region: field.region(),
    anewAt: field.optional(field.instant()),
  },
  AssignmentDeclineNoted: { doctorId: field.id(), round: field.count() },
  IndependenceNoted: {
    doctorId: field.id(),
    round: field.count(),
    /** restored: the case is the former doctor's again, and so is the consultation that he held (A15). */
    restored: field.optional(field.flag()),
  },
  QuoteNoted: { quoteId: field.id(), doctorId: field.id(), round: field.count(), validUntil: field.instant() },
  QuoteSignatureNoted: { quoteId: field.id(), doctorId: field.id(), signedAt: field.instant() },
  QuoteEndNoted: { quoteId: field.id() },
  CaseEndNoted: { cause: field.code(ENDS), at: field.instant() },
  /** BR-19: the doctor's registration, absent when he has none, ends before what this case has or looks for; another may have to take over (A15). */
  RegistrationEndNoted: { doctorId: field.id(), registeredUntil: field.optional(field.date()) },
  RegistrationRenewalNoted: { doctorId: field.id(), registeredUntil: field.date() },

  // The search for a slot and the reservation.
  SlotSought: {
    searchId: field.id(),
    doctorId: field.id(),
    ownOrganisationId: field.id(),
    region: field.region(),
    from: field.instant(),
    usualUntil: field.instant(),
    limit: field.instant(),
    searchAgainAt: field.instant(),
    calendarVersion: field.label(),
  },
  /** New slots came while a search was under way: it may have missed them. */
  NewSlotsNoted: { searchId: field.id() },
  NoSlotFound: { searchId: field.id(), doctorId: field.id(), searchAgainAt: field.instant() },
  NoSlotWithinSla: { doctorId: field.id(), limit: field.instant() },
  SlotReserved: { ...slotFields, takeId: field.id(), expiresAt: field.instant(), calendarVersion: field.label() },
  ReservationTermSet: { slotId: field.id(), expiresAt: field.instant(), calendarVersion: field.label() },
  ReservationLapsed: { slotId: field.id() },
  SlotReleased: { ...held, cause: field.code(RELEASES) },
  /** A slot was taken for a search or move that is over by now. */
  TakenSlotNotNeeded: held,

  // The appointment.
  AppointmentConfirmed: appointed,
  AppointmentRescheduled: { ...appointed, by: field.code(MOVERS), previous: field.record(held) },
  AppointmentCancelled: {
    appointmentId: field.id(),
    sequence: field.count(),
    ...held,
    locationId: field.id(),
    zone: field.label(),
    by: field.code(MOVERS),
    noticeClass: field.code(NOTICES),
    noticeHours: field.count(),
    illnessProof: field.flag(),
    at: field.instant(),
    /** rebooking: by the employee, who has to choose again: when he is reminded, and until when he can before he counts as unreachable. */
    rebooking: field.optional(
      field.record({
        reminders: field.list(field.record({ attempt: field.count(), dueAt: field.instant() })),
        until: field.instant(),
        calendarVersion: field.label(),
      }),
    ),
    /** slotClosed: the hours fell away, whoever closed them; another time is sought by itself. */
    slotClosed: field.optional(field.flag()),
  },
  RebookingReminderDue: { appointmentId: field.id(), attempt: field.count(), until: field.instant() },
  /** Every attempt was in vain (section 3): the back office may end the case. */
  EmployeeUnreachable: { appointmentId: field.id(), attempts: field.count(), at: field.instant() },
  EndedWithoutAppointment: { doctorId: field.id(), at: field.instant() },
  AppointmentReminderDue: {
    appointmentId: field.id(),
    daysBefore: field.count(),
    startsAt: field.localDateTime(),
    zone: field.label(),
    locationId: field.id(),
  },
  ConsultationHeld: {
    appointmentId: field.id(),
    doctorId: field.id(),
    locationId: field.id(),
    durationMinutes: field.count(),
    heldAt: field.instant(),
  },
  NoShowRecorded: {
    appointmentId: field.id(),
    doctorId: field.id(),
    count: field.count(),
    final: field.flag(),
    illnessProof: field.flag(),
    recordedAt: field.instant(),
    startsAt: field.optional(field.localDateTime()),
  },
  /** Its hour has passed, and nobody recorded what became of it. */
  ConsultationRecordOverdue: { appointmentId: field.id(), dueAt: field.instant() },
  EmployeeLate: { appointmentId: field.id(), minutesLate: field.count() },
  ConsultationAborted: {
    appointmentId: field.id(),
    doctorId: field.id(),
    final: field.flag(),
    at: field.instant(),
  },
});
export type AppointmentEvent = EventsOf<typeof appointmentEvents>;
export type AppointmentData<Type extends AppointmentEvent['type']> = Extract<AppointmentEvent, { type: Type }>['data'];
