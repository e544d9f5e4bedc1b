import { events, field, type EventsOf } from '@second-opinion/contracts';

/** placeFields: the public data of a location as it was when the day was opened. */
export const placeFields = {
  locationId: field.id(),
  organisationId: field.id(),
  region: field.region(),
  locationName: field.register(),
  locationAddress: field.register(),
  room: field.optional(field.register()),
};

/** slotFields: a slot with all that an appointment in it must say. */
export const slotFields = {
  slotId: field.id(),
  doctorId: field.id(),
  startsAt: field.localDateTime(),
  endsAt: field.localDateTime(),
  zone: field.label(),
  ...placeFields,
};

/** MOVERS: who may change an appointment, as the others are told. */
export const MOVERS = ['employee', 'second-opinion-doctor', 'back-office', 'system'] as const;
export type Mover = (typeof MOVERS)[number];

/** TAKING: for a search of ours, or because somebody moved his appointment to exactly this slot. */
export const TAKING = ['SEARCH', 'MOVE'] as const;

export const agendaEvents = events({
  AgendaSlotsOpened: {
    doctorId: field.id(),
    date: field.date(),
    zone: field.label(),
    ...placeFields,
    slots: field.list(
      field.record({ slotId: field.id(), startsAt: field.localDateTime(), endsAt: field.localDateTime() }),
    ),
  },
  /** takeId names the search or move; the appointment decides whether the slot is still wanted. from: what a move leaves behind. */
  SlotTaken: {
    ...slotFields,
    caseId: field.id(),
    takeId: field.id(),
    purpose: field.code(TAKING),
    by: field.code(MOVERS),
    from: field.optional(field.id()),
  },
  SlotFreed: { ...slotFields, caseId: field.id(), takeId: field.id() },
  /** caseId and takeId: who had it, so that another slot is sought for him. by: the doctor, where it is not said (BR-77). */
  SlotClosed: {
    slotId: field.id(),
    doctorId: field.id(),
    startsAt: field.localDateTime(),
    by: field.optional(field.code(MOVERS)),
    caseId: field.optional(field.id()),
    takeId: field.optional(field.id()),
  },
});
export type AgendaEvent = EventsOf<typeof agendaEvents>;
export type Taken = Extract<AgendaEvent, { type: 'SlotTaken' }>['data'];
/** Slot is one stretch of a doctor's day at one place. */
export type Slot = Omit<Taken, 'caseId' | 'takeId' | 'purpose' | 'by' | 'from'>;
