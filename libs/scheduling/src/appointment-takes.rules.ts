import type { Circumstances } from '@second-opinion/kernel';
import type { Mover, Taken } from './agenda.events';
import { takeKey, type Appointment } from './appointment-state.rules';
import type { AppointmentEvent } from './appointment.events';
import {
  cleared,
  confirmed,
  expiryOf,
  heldFields,
  noticeOf,
  notWanted,
  recordTermOf,
  released,
  remindersOf,
  slotOf,
  startOf,
  withWhatFollows,
} from './appointment.rules';

/**
 * slotTaken: the agenda gave a slot to this case. The appointment decides whether it is still wanted; if not, it says so and the slot is
 * freed. The same whoever tells it first: the handler that took it, or the policy that completes what a crash cut.
 */
export function slotTaken(taken: Taken, state: Appointment, around: Circumstances): AppointmentEvent[] {
  if (state.takes[takeKey(taken)]) return [];
  if (taken.purpose === 'MOVE') {
    const moving = mayMove(taken, state, taken.by, around) === undefined;
    return moving ? moved(taken, state, taken.by, around) : notNeeded(taken, state, around);
  }
  return isSought(taken, state, around) ? reserved(taken, state, around) : notNeeded(taken, state, around);
}

function isSought(taken: Taken, state: Appointment, { now }: Circumstances): boolean {
  const { search } = state;
  if (search?.searchId !== taken.takeId || search.doctorId !== taken.doctorId) return false;
  return notWanted(state, now) === undefined && startOf(taken) > now;
}

function notNeeded(taken: Taken, state: Appointment, around: Circumstances): AppointmentEvent[] {
  return withWhatFollows(state, around, { type: 'TakenSlotNotNeeded', data: heldFields(taken) });
}

/** reserved: the new one first, then the old one is let go, so that the case is never without. */
function reserved(taken: Taken, state: Appointment, around: Circumstances): AppointmentEvent[] {
  const slot = { ...slotOf(taken), takeId: taken.takeId };
  const expiresAt = expiryOf(state, slot, around);
  const events: AppointmentEvent[] = [];
  const limit = state.search?.limit ?? '';
  if (!state.slaTold && startOf(slot) > limit)
    events.push({ type: 'NoSlotWithinSla', data: { doctorId: slot.doctorId, limit } });
  events.push({
    type: 'SlotReserved',
    data: { ...slot, expiresAt, calendarVersion: around.calendar.version },
  });
  if (state.slot) events.push(released(state.slot, 'REPLACED'));
  if (cleared(state)) return [...events, confirmed(slot, around)];
  return withWhatFollows(state, around, ...events);
}

/** Immovable: why an appointment cannot be moved. */
export type Immovable =
  `scheduling.${'no-appointment' | 'appointment-changed' | 'slot-not-free' | 'appointment-has-begun' | 'too-late-to-reschedule'}`;

/** mayMove tells why this appointment cannot be moved to this slot now; undefined when it can. */
export function mayMove(
  to: Pick<Taken, 'doctorId' | 'startsAt' | 'zone' | 'from'> | undefined,
  state: Appointment,
  by: Mover,
  { now, calendar }: Circumstances,
): Immovable | undefined {
  const { phase, slot, ended, offer } = state;
  if (ended || (phase !== 'confirmed' && phase !== 'cancelled')) return 'scheduling.no-appointment';
  if (to && to.from !== slot?.takeId) return 'scheduling.appointment-changed';
  if (to && (to.doctorId !== offer?.doctorId || startOf(to) <= now)) return 'scheduling.slot-not-free';
  if (!slot) return undefined;
  if (startOf(slot) <= now) return 'scheduling.appointment-has-begun';
  const tooLate = by === 'employee' && noticeOf(slot, now, calendar) !== 'FREE';
  return tooLate ? 'scheduling.too-late-to-reschedule' : undefined;
}

/** moved: the same appointment at another time, or a new one after a cancellation. */
export function moved(taken: Taken, state: Appointment, by: Mover, around: Circumstances): AppointmentEvent[] {
  const { slot, appointment } = state;
  const to = { ...slotOf(taken), takeId: taken.takeId };
  if (!slot || !appointment) return [confirmed(to, around)];
  const { appointmentId, sequence } = appointment;
  const reminders = remindersOf(to, around.now);
  const term = recordTermOf(to, around);
  const data = { appointmentId, sequence: sequence + 1, ...to, reminders, ...term, by, previous: heldFields(slot) };
  return [{ type: 'AppointmentRescheduled', data }];
}
