import { refuseUnregistered } from '@second-opinion/contracts';
import { Refused, type Circumstances, type InstancesOf, type Sealed } from '@second-opinion/kernel';
import { moverOf } from './agenda.rules';
import { takeKey, type Appointment, type HeldSlot } from './appointment-state.rules';
import { mayMove, moved } from './appointment-takes.rules';
import type * as commands from './appointment.commands';
import type { AppointmentEvent } from './appointment.events';
import { cancelled, startOf, withWhatFollows } from './appointment.rules';
import { TERMS } from './scheduling.terms';
import { dateOf } from './streams.rules';

// What people do with an appointment that was confirmed.

type Commands = InstancesOf<typeof commands>;
type Act<Name extends keyof Commands> = (
  command: Sealed<Commands[Name]>,
  state: Appointment,
  around: Circumstances,
) => AppointmentEvent[];

export const reschedule: Act<'RescheduleAppointment'> = ({ taken, takeId = '', slotId }, state, around) => {
  if (state.takes[takeKey(taken ?? { takeId, slotId })] === 'kept') return [];
  const by = moverOf(around.actor);
  const code = mayMove(taken, state, by, around) ?? (taken ? undefined : 'scheduling.slot-not-free');
  if (code || !taken) throw new Refused(code ?? 'scheduling.slot-not-free', { phase: state.phase });
  return moved(taken, state, by, around);
};

export const cancel: Act<'CancelAppointment'> = ({ onRequestOf, illnessProof = false }, state, around) => {
  const slot = planned(state);
  const { actor, now, calendar } = around;
  if (startOf(slot) <= now) throw new Refused('scheduling.appointment-has-begun');
  const mover = moverOf(actor);
  if (onRequestOf && mover !== 'back-office') throw new Refused('scheduling.not-on-request');
  if (illnessProof && mover === 'employee') throw new Refused('scheduling.proof-not-seen');
  const how = { by: onRequestOf ?? mover, at: now, illnessProof };
  return withWhatFollows(state, around, cancelled(state, slot, how, calendar));
};

/** BR-58: only a confirmed appointment can be held, which the signed quote comes before; never before its time, and by a registered doctor (BR-19). */
export const hold: Act<'RecordConsultation'> = ({ durationMinutes, doctor }, state, { now }) => {
  const slot = begun(state, now);
  refuseUnregistered(doctor, dateOf(slot.startsAt), 'scheduling.doctor-not-registered');
  if (durationMinutes > TERMS.longestConsultationMinutes)
    throw new Refused('scheduling.consultation-too-long', { longest: TERMS.longestConsultationMinutes });
  const { appointmentId = '' } = state.appointment ?? {};
  const { doctorId, locationId } = slot;
  const heldAt = startOf(slot);
  return [{ type: 'ConsultationHeld', data: { appointmentId, doctorId, locationId, durationMinutes, heldAt } }];
};

export const noShow: Act<'RecordNoShow'> = ({ illnessProof = false }, state, around) => {
  const slot = begun(state, around.now);
  if (Date.parse(around.now) - Date.parse(startOf(slot)) < TERMS.noShowAfterMinutes * 60_000)
    throw new Refused('scheduling.too-early-for-no-show', { afterMinutes: TERMS.noShowAfterMinutes });
  const { appointmentId = '' } = state.appointment ?? {};
  const count = state.noShows + 1;
  const { doctorId, startsAt } = slot;
  const data = { appointmentId, doctorId, startsAt, count, final: isLast(state), illnessProof };
  return withWhatFollows(state, around, { type: 'NoShowRecorded', data: { ...data, recordedAt: around.now } });
};

export const late: Act<'RecordLateArrival'> = ({ minutesLate }, state, { now }) => {
  begun(state, now);
  const { appointmentId = '' } = state.appointment ?? {};
  return [{ type: 'EmployeeLate', data: { appointmentId, minutesLate } }];
};

/** Whoever breaks a consultation off began it as a doctor (BR-19). That nobody came, or late, is a fact that anybody may state. */
export const abort: Act<'AbortConsultation'> = ({ doctor }, state, around) => {
  const { doctorId, startsAt } = begun(state, around.now);
  refuseUnregistered(doctor, dateOf(startsAt), 'scheduling.doctor-not-registered');
  const { appointmentId = '' } = state.appointment ?? {};
  const data = { appointmentId, doctorId, final: isLast(state), at: around.now };
  return withWhatFollows(state, around, { type: 'ConsultationAborted', data });
};

export const remind: Act<'RemindOfAppointment'> = ({ appointmentId, sequence, daysBefore }, state, { now }) => {
  const { phase, slot, appointment, reminded } = state;
  const same = appointment?.appointmentId === appointmentId && appointment.sequence === sequence;
  if (phase !== 'confirmed' || !slot || !same || reminded.includes(daysBefore) || startOf(slot) <= now) return [];
  const { startsAt, zone, locationId } = slot;
  return [{ type: 'AppointmentReminderDue', data: { appointmentId, daysBefore, startsAt, zone, locationId } }];
};

export const recordOverdue: Act<'NoteConsultationRecordOverdue'> = ({ appointmentId, dueAt }, state, { now }) => {
  const { phase, appointment } = state;
  const same = appointment?.appointmentId === appointmentId && appointment.recordDueAt === dueAt;
  return phase === 'confirmed' && same && now >= dueAt
    ? [{ type: 'ConsultationRecordOverdue', data: { appointmentId, dueAt } }]
    : [];
};

function planned(state: Appointment): HeldSlot {
  if (state.phase !== 'confirmed' || !state.slot)
    throw new Refused('scheduling.no-appointment', { phase: state.phase });
  return state.slot;
}

function begun(state: Appointment, now: string): HeldSlot {
  const slot = planned(state);
  if (startOf(slot) > now) throw new Refused('scheduling.appointment-not-begun', { startsAt: slot.startsAt });
  return slot;
}

/** isLast: no rebooking is left, or none is wanted since the case has ended. */
function isLast({ missed, ended }: Appointment): boolean {
  return missed >= TERMS.rebookings || ended !== undefined;
}
