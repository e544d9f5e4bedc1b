import type { Slot, Taken } from '../agenda.events';
import type { AppointmentEvent } from '../appointment.events';
import { slotOf } from '../appointment.rules';

// Named facts for the tests of this context. Testing time is Wednesday 25 November 2026, 10:00 in Amsterdam.

type Of<Type extends AppointmentEvent['type']> = Extract<AppointmentEvent, { type: Type }>;
type Told<Type extends AppointmentEvent['type']> = Of<Type>['data'];

export const CALENDAR = 'nl-2026.1-gf1-ld-every-year';

/** aSlot in Utrecht on Thursday 3 December, 09:00 to 10:30. */
export const aSlot: Slot = {
  slotId: 'slot-1',
  doctorId: 'doctor-so',
  startsAt: '2026-12-03T09:00',
  endsAt: '2026-12-03T10:30',
  zone: 'Europe/Amsterdam',
  locationId: 'location-1',
  organisationId: 'house-owner',
  region: '35',
  locationName: 'Vergaderhuis Centrum',
  locationAddress: 'Stationsplein 1, 3511 ED Utrecht',
};
/** laterSlot of the same doctor, a week later. */
export const laterSlot: Slot = { ...aSlot, slotId: 'slot-2', startsAt: '2026-12-10T09:00', endsAt: '2026-12-10T10:30' };

export const requestNoted: Of<'RequestNoted'> = {
  type: 'RequestNoted',
  data: {
    employeeId: 'person-1',
    ownDoctorId: 'doctor-own',
    ownOrganisationId: 'ohs-own',
    submittedAt: '2026-11-25T08:00:00.000Z',
  },
};
export const assignmentNoted: Of<'AssignmentNoted'> = {
  type: 'AssignmentNoted',
  data: { doctorId: 'doctor-so', round: 1, region: '35' },
};
export const independenceNoted: Of<'IndependenceNoted'> = {
  type: 'IndependenceNoted',
  data: { doctorId: 'doctor-so', round: 1 },
};
export const quoteNoted: Of<'QuoteNoted'> = {
  type: 'QuoteNoted',
  data: { quoteId: 'quote-1', doctorId: 'doctor-so', round: 1, validUntil: '2026-12-10T23:00:00.000Z' },
};
export const quoteSignatureNoted: Of<'QuoteSignatureNoted'> = {
  type: 'QuoteSignatureNoted',
  data: { quoteId: 'quote-1', doctorId: 'doctor-so', signedAt: '2026-11-25T09:00:00.000Z' },
};
export const slotSought: Of<'SlotSought'> = {
  type: 'SlotSought',
  data: {
    searchId: 'search-1',
    doctorId: 'doctor-so',
    ownOrganisationId: 'ohs-own',
    region: '35',
    from: '2026-11-30T09:00:00.000Z',
    usualUntil: '2026-12-02T08:00:00.000Z',
    limit: '2026-12-16T23:00:00.000Z',
    searchAgainAt: '2026-11-25T13:00:00.000Z',
    calendarVersion: CALENDAR,
  },
};
/** reservedUntil: two working days before aSlot. */
export const reservedUntil = '2026-12-01T08:00:00.000Z';
export const slotReserved: Of<'SlotReserved'> = {
  type: 'SlotReserved',
  data: { ...aSlot, takeId: 'search-1', expiresAt: reservedUntil, calendarVersion: CALENDAR },
};
export const appointmentConfirmed: Of<'AppointmentConfirmed'> = {
  type: 'AppointmentConfirmed',
  data: {
    appointmentId: 'appointment-1',
    sequence: 0,
    ...aSlot,
    takeId: 'search-1',
    reminders: [
      { daysBefore: 5, dueAt: '2026-11-28T08:00:00.000Z' },
      { daysBefore: 1, dueAt: '2026-12-02T08:00:00.000Z' },
    ],
    recordDueAt: '2026-12-04T23:00:00.000Z',
    calendarVersion: CALENDAR,
  },
};
/** searching, reserved and confirmed: what happened until there. */
export const searching: AppointmentEvent[] = [requestNoted, assignmentNoted, slotSought];
export const reserved: AppointmentEvent[] = [...searching, slotReserved];
export const confirmed: AppointmentEvent[] = [
  ...reserved,
  quoteSignatureNoted,
  independenceNoted,
  appointmentConfirmed,
];

/** taken for a search, or for a move by somebody. */
export const taken = (slot: Slot, takeId = 'search-1', by: Taken['by'] = 'system'): Taken => ({
  ...slotOf(slot),
  caseId: 'case-1',
  takeId,
  purpose: by === 'system' ? 'SEARCH' : 'MOVE',
  by,
  ...(by === 'system' ? {} : { from: 'search-1' }),
});
/** heldOf names a slot as events do that let it go. */
export const heldOf = ({ slotId, doctorId, startsAt }: Slot, takeId = 'search-1'): Told<'TakenSlotNotNeeded'> => ({
  slotId,
  doctorId,
  startsAt,
  takeId,
});
