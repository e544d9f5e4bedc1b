import { registrationReaches, type RegisteredDoctor } from '@second-opinion/contracts';
import { localDateOf, type Circumstances, type LocalDate, type Sealed } from '@second-opinion/kernel';
import type { Slot } from './agenda.events';
import type { Appointment, HeldSlot } from './appointment-state.rules';
import type { CheckRegistration } from './appointment.commands';
import type { AppointmentEvent } from './appointment.events';
import { cancelled, isIndependent, released, startOf, withWhatFollows, woken } from './appointment.rules';
import { dateOf } from './streams.rules';

// BR-19: nobody is planned with a doctor beyond the last day of his registration; one of whom intake has not told yet passes.

/** isBeyond: the day of this slot is one that its doctor's registration does not reach. */
export function isBeyond(doctor: RegisteredDoctor, slot: Pick<Slot, 'doctorId' | 'startsAt'>): boolean {
  return doctor?.doctorId === slot.doctorId && !registrationReaches(doctor.registeredUntil, dateOf(slot.startsAt));
}

/**
 * endOfRegistration tells once that another doctor may have to take over (A15), when the registration does not reach this day. Before the
 * doctor declared his independence nothing is told: intake looks itself, and moves on when he does not declare it in time.
 */
export function endOfRegistration(doctor: RegisteredDoctor, day: LocalDate, state: Appointment): AppointmentEvent[] {
  if (!doctor || doctor.doctorId !== state.offer?.doctorId || !isIndependent(state) || state.unregistered) return [];
  if (registrationReaches(doctor.registeredUntil, day)) return [];
  const { doctorId, registeredUntil } = doctor;
  return [{ type: 'RegistrationEndNoted', data: { doctorId, ...(registeredUntil ? { registeredUntil } : {}) } }];
}

/** checkRegistration: the register changed, or a slot was taken while it did. */
export function checkRegistration(
  { doctor }: Sealed<CheckRegistration>,
  state: Appointment,
  around: Circumstances,
): AppointmentEvent[] {
  const { slot, phase, offer, ended, unregistered } = state;
  if (!doctor || doctor.doctorId !== offer?.doctorId || ended || phase === 'held' || phase === 'missed') return [];
  if (slot && isBeyond(doctor, slot)) return fallsAway(doctor, slot, state, around);
  const { doctorId, registeredUntil = '' } = doctor;
  if (unregistered && registeredUntil > (unregistered.registeredUntil ?? ''))
    return [{ type: 'RegistrationRenewalNoted', data: { doctorId, registeredUntil } }, ...woken(state, around)];
  if (phase === 'cancelled') return endOfRegistration(doctor, localDateOf(around.now), state);
  return slot ? [] : woken(state, around);
}

/** fallsAway: what is still to come is planned anew. What has begun stays as it is, since nobody is asked back for it: another doctor takes over, or a no-show is recorded. */
function fallsAway(
  doctor: RegisteredDoctor,
  slot: HeldSlot,
  state: Appointment,
  around: Circumstances,
): AppointmentEvent[] {
  const told = endOfRegistration(doctor, dateOf(slot.startsAt), state);
  if (state.phase === 'reserved')
    return withWhatFollows(state, around, ...told, released(slot, 'DOCTOR_NOT_REGISTERED'));
  if (startOf(slot) <= around.now) return told;
  const how = { by: 'system', at: around.now, illnessProof: false } as const;
  return withWhatFollows(state, around, ...told, cancelled(state, slot, how, around.calendar));
}
