import { events, field, type EventsOf } from '@second-opinion/contracts';

export const doctorEvents = events({
  /** What intake's register says: registeredUntil is the last day of the registration as company doctor; absent: none. */
  DoctorNoted: { doctorId: field.id(), registeredUntil: field.optional(field.date()) },
});
export type DoctorEvent = EventsOf<typeof doctorEvents>;
