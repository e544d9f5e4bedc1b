import {
  addDays,
  addHours,
  addWorkingDays,
  derivedId,
  endOfWorkingDay,
  instantOfLocal,
  subtractWorkingDays,
  type Circumstances,
  type Instant,
} from '@second-opinion/kernel';
import type { Mover, Slot } from './agenda.events';
import { evolveAppointment, type Appointment, type HeldSlot, type Quote } from './appointment-state.rules';
import type { AppointmentData, AppointmentEvent, NoticeClass, Release } from './appointment.events';
import { rebookingFrom } from './rebooking.rules';
import { TERMS } from './scheduling.terms';

/** startOf gives the instant at which a slot begins, endOf the one at which it ends. */
export const startOf = (slot: Pick<Slot, 'startsAt' | 'zone'>): Instant => instantOfLocal(slot.startsAt, slot.zone);
export const endOf = (slot: Pick<Slot, 'endsAt' | 'zone'>): Instant => instantOfLocal(slot.endsAt, slot.zone);

/** withWhatFollows adds to these events all that follows from them by itself. */
export function withWhatFollows(state: Appointment, circumstances: Circumstances, ...events: AppointmentEvent[]) {
  const happened = [...events];
  let now = happened.reduce(evolveAppointment, state);
  for (let next = nextStep(now, circumstances); next; next = nextStep(now, circumstances)) {
    happened.push(next);
    now = evolveAppointment(now, next);
  }
  return happened;
}

/** nextStep is the one thing that must happen now, whichever fact came last. */
function nextStep(state: Appointment, circumstances: Circumstances): AppointmentEvent | undefined {
  const { now } = circumstances;
  const { phase, slot, search } = state;
  if (phase === 'held' || phase === 'missed') return undefined;
  const against = notWanted(state, now);
  if (phase === 'confirmed') return against && slot ? withdrawnSlot(state, slot, against, circumstances) : undefined;
  if (slot && against) return released(slot, against);
  if (against || phase === 'cancelled') return undefined;
  if (!slot) return search ? undefined : sought(state, circumstances);
  if (inForce(slot, now) && cleared(state)) return confirmed(slot, circumstances);
  if (inForce(slot, now)) return termOf(state, slot, circumstances);
  if (search) return undefined;
  if (slot.lapsed) return sought(state, circumstances);
  // Its end has come, and nobody has noted it yet: what is cleared now does not wait for that.
  return cleared(state) ? { type: 'ReservationLapsed', data: { slotId: slot.slotId } } : undefined;
}

/** notWanted tells why this case should have no slot (with this doctor), or nothing when it should. */
export function notWanted(state: Appointment, now: Instant): Release | undefined {
  const { offer, request, slot } = state;
  if (state.ended) return 'CASE_ENDED';
  if (!offer || !request || offer.round <= state.declinedRound) return 'ASSIGNMENT_DECLINED';
  if (slot && slot.doctorId !== offer.doctorId) return 'ASSIGNMENT_DECLINED';
  return quoteIsOver(state, now) ? 'QUOTE_ENDED' : undefined;
}

/** cleared: the quote is signed and the doctor of the assignment independent; only then anybody is invited (BR-28, BR-58). */
export function cleared(state: Appointment): boolean {
  return state.offer !== undefined && isIndependent(state) && signed(state, state.offer.doctorId);
}

/** isIndependent: the doctor of the assignment declared that he never treated or advised this person. */
export function isIndependent({ offer, independent }: Appointment): boolean {
  return offer !== undefined && independent?.doctorId === offer.doctorId && independent.round === offer.round;
}

function signed({ quotes }: Pick<Appointment, 'quotes'>, doctorId: string): boolean {
  return Object.values(quotes).some(({ status, signedFor }) => status === 'signed' && signedFor?.includes(doctorId));
}

function quotesOf({ quotes, offer }: Appointment): Quote[] {
  return Object.values(quotes).filter(({ round }) => round === offer?.round);
}

/** quoteIsOver: there was a quote for this round, and none is open or signed. */
function quoteIsOver(state: Appointment, now: Instant): boolean {
  const quotes = quotesOf(state);
  if (quotes.length === 0 || (state.offer && signed(state, state.offer.doctorId))) return false;
  return !quotes.some(({ status, validUntil }) => status === 'open' && validUntil !== undefined && validUntil > now);
}

function inForce(slot: HeldSlot, now: Instant): boolean {
  return !slot.lapsed && slot.expiresAt !== undefined && slot.expiresAt > now;
}

/** expiryOf: the earlier of the quote's end and two working days before the slot. */
export function expiryOf(state: Appointment, slot: Slot, { calendar }: Pick<Circumstances, 'calendar'>): Instant {
  const before = subtractWorkingDays(startOf(slot), TERMS.reservationEndsWorkingDaysBefore, calendar);
  if (state.offer && signed(state, state.offer.doctorId)) return before;
  const ends = quotesOf(state).flatMap((quote) =>
    quote.status === 'open' && quote.validUntil ? [quote.validUntil] : [],
  );
  const last = ends.sort().at(-1);
  return last !== undefined && last < before ? last : before;
}

function termOf(state: Appointment, slot: HeldSlot, circumstances: Circumstances): AppointmentEvent | undefined {
  const expiresAt = expiryOf(state, slot, circumstances);
  const calendarVersion = circumstances.calendar.version;
  if (expiresAt === slot.expiresAt) return undefined;
  return { type: 'ReservationTermSet', data: { slotId: slot.slotId, expiresAt, calendarVersion } };
}

/** sought starts a search with its terms: they stand in the event, so that no later setting moves them. */
export function sought(state: Appointment, { now, commandId, calendar }: Circumstances): AppointmentEvent | undefined {
  const { offer, request } = state;
  if (!offer || !request) return undefined;
  const lead = cleared(state) ? TERMS.confirmationLeadWorkingDays : TERMS.reservationLeadWorkingDays;
  const since = state.replanningSince ?? request.submittedAt;
  return {
    type: 'SlotSought',
    data: {
      searchId: derivedId(commandId, 'search', Object.keys(state.takes).length),
      doctorId: offer.doctorId,
      ownOrganisationId: request.ownOrganisationId,
      region: offer.region,
      from: addWorkingDays(now, lead, calendar),
      usualUntil: addDays(since, TERMS.usualDays),
      limit: endOfWorkingDay(since, TERMS.limitWorkingDays, calendar),
      searchAgainAt: addHours(now, TERMS.searchAgainAfterHours),
      calendarVersion: calendar.version,
    },
  };
}

/** woken: there may be slots now for a case that looks for one. */
export function woken(state: Appointment, around: Circumstances): AppointmentEvent[] {
  const { search } = state;
  if (!search || notWanted(state, around.now)) return [];
  if (search.waiting) return again(state, around);
  return search.newSlots ? [] : [{ type: 'NewSlotsNoted', data: { searchId: search.searchId } }];
}

/** again searches anew. */
export function again(state: Appointment, around: Circumstances): AppointmentEvent[] {
  const search = sought(state, around);
  return search ? [search] : [];
}

/** heldFields names a slot that this case has or had. */
export function heldFields({ slotId, doctorId, startsAt, takeId }: AppointmentData<'TakenSlotNotNeeded'>) {
  return { slotId, doctorId, startsAt, takeId };
}

/** slotOf gives the slot alone, without what its holder knows of it. */
export function slotOf(slot: Slot): Slot {
  const { slotId, doctorId, startsAt, endsAt, zone, locationId, organisationId, region } = slot;
  const { locationName, locationAddress, room } = slot;
  const place = { locationId, organisationId, region, locationName, locationAddress, ...(room ? { room } : {}) };
  return { slotId, doctorId, startsAt, endsAt, zone, ...place };
}

/** released lets a reserved slot go. */
export function released(slot: HeldSlot, cause: Release): AppointmentEvent {
  return { type: 'SlotReleased', data: { ...heldFields(slot), cause } };
}

/** remindersOf: those that can still be given, at the same time of the day (also over a change of the clock). */
export function remindersOf(slot: Slot, now: Instant): AppointmentData<'AppointmentConfirmed'>['reminders'] {
  return TERMS.reminderDays
    .map((daysBefore) => ({ daysBefore, dueAt: addDays(startOf(slot), -daysBefore) }))
    .filter(({ dueAt }) => dueAt > now);
}

/** recordTermOf a slot: by when what became of it is recorded (A13). */
export function recordTermOf(slot: Slot, { calendar }: Pick<Circumstances, 'calendar'>) {
  const recordDueAt = endOfWorkingDay(endOf(slot), TERMS.recordWorkingDays, calendar);
  return { recordDueAt, calendarVersion: calendar.version };
}

/** confirmed makes a reservation an appointment; its id is the UID of the calendar entry. */
export function confirmed(slot: Slot & { takeId: string }, around: Circumstances): AppointmentEvent {
  const { now, commandId } = around;
  return {
    type: 'AppointmentConfirmed',
    data: {
      appointmentId: derivedId(commandId, 'appointment', slot.takeId),
      sequence: 0,
      ...slotOf(slot),
      takeId: slot.takeId,
      reminders: remindersOf(slot, now),
      ...recordTermOf(slot, around),
    },
  };
}

/**
 * withdrawnSlot: a confirmed appointment falls away with its doctor (A15), or with its case, unless its time had come before that: then the
 * doctor says what happened.
 */
function withdrawnSlot(state: Appointment, slot: HeldSlot, against: Release, { now, calendar }: Circumstances) {
  const at = state.ended?.at ?? now;
  if (against === 'QUOTE_ENDED' || (state.ended && at >= startOf(slot))) return undefined;
  const by: Mover = state.ended?.cause === 'WITHDRAWN' ? 'employee' : 'system';
  return cancelled(state, slot, { by, at, illnessProof: false }, calendar);
}

/** cancelled tells how late it was; what that costs stands on the quote (domain section 8). */
export function cancelled(
  { appointment, ended }: Appointment,
  slot: HeldSlot,
  how: { by: Mover; at: Instant; illnessProof: boolean; slotClosed?: boolean },
  calendar: Circumstances['calendar'],
): AppointmentEvent {
  const { appointmentId = '', sequence = 0 } = appointment ?? {};
  const { locationId, zone } = slot;
  const notice = { noticeClass: noticeOf(slot, how.at, calendar), noticeHours: hoursBetween(how.at, startOf(slot)) };
  return {
    type: 'AppointmentCancelled',
    data: {
      ...{ appointmentId, sequence: sequence + 1, ...heldFields(slot), locationId, zone, ...how, ...notice },
      ...rebookingFrom({ ended }, how, calendar),
    },
  };
}

/** noticeOf: free until two working days before the appointment, dearest within 24 hours of it. */
export function noticeOf(slot: Slot, at: Instant, calendar: Circumstances['calendar']): NoticeClass {
  const start = startOf(slot);
  if (at <= subtractWorkingDays(start, TERMS.freeUntilWorkingDaysBefore, calendar)) return 'FREE';
  return addHours(at, TERMS.dearestWithinHours) > start ? 'WITHIN_24_HOURS' : 'WITHIN_TWO_WORKING_DAYS';
}

function hoursBetween(from: Instant, to: Instant): number {
  return Math.max(0, Math.floor((Date.parse(to) - Date.parse(from)) / 3_600_000));
}
