import {
  addWorkingDays,
  endOfWorkingDay,
  Refused,
  type Circumstances,
  type InstancesOf,
  type Sealed,
} from '@second-opinion/kernel';
import type { Appointment } from './appointment-state.rules';
import type * as commands from './appointment.commands';
import type { AppointmentData, AppointmentEvent } from './appointment.events';
import { TERMS } from './scheduling.terms';

// An employee who cancelled and chooses no other time: reminded, then unreachable, then ended by the back office (section 3).

type Commands = InstancesOf<typeof commands>;
type Decide<Name extends keyof Commands> = (
  command: Sealed<Commands[Name]>,
  state: Appointment,
  around: Circumstances,
) => AppointmentEvent[];

/** rebookingFrom a cancellation of the employee; who else cancelled sees to another time himself, and in a case that has ended nobody does. */
export function rebookingFrom(
  { ended }: Pick<Appointment, 'ended'>,
  { by, at }: Pick<AppointmentData<'AppointmentCancelled'>, 'by' | 'at'>,
  calendar: Circumstances['calendar'],
): Pick<AppointmentData<'AppointmentCancelled'>, 'rebooking'> {
  if (by !== 'employee' || ended) return {};
  const reminders = TERMS.rebookingReminderWorkingDays.map((days, index) => ({
    attempt: index + 2,
    dueAt: addWorkingDays(at, days, calendar),
  }));
  const until = endOfWorkingDay(at, TERMS.unreachableWorkingDays, calendar);
  return { rebooking: { reminders, until, calendarVersion: calendar.version } };
}

export const remindOfRebooking: Decide<'RemindOfRebooking'> = ({ appointmentId, attempt }, state) => {
  const open = unanswered(state, appointmentId);
  if (!open || open.attempts >= attempt) return [];
  return [{ type: 'RebookingReminderDue', data: { appointmentId, attempt, until: open.until } }];
};

export const noteNotRebooked: Decide<'NoteNotRebooked'> = ({ appointmentId }, state, { now }) => {
  const open = unanswered(state, appointmentId);
  if (!open || open.unreachable || now < open.until) return [];
  return [{ type: 'EmployeeUnreachable', data: { appointmentId, attempts: open.attempts, at: now } }];
};

/** The last appointment that came to nothing, as after a second no-show; what the cancellation costs it has cost already (section 8). */
export const endWithoutAppointment: Decide<'EndWithoutAppointment'> = (_, state, { now }) => {
  const { offer, rebooking, phase } = state;
  if (!rebooking?.unreachable || !unanswered(state, rebooking.appointmentId) || !offer)
    throw new Refused('scheduling.employee-may-answer', { phase });
  return [{ type: 'EndedWithoutAppointment', data: { doctorId: offer.doctorId, at: now } }];
};

function unanswered({ phase, ended, rebooking }: Appointment, appointmentId: string): Appointment['rebooking'] {
  return phase === 'cancelled' && !ended && rebooking?.appointmentId === appointmentId ? rebooking : undefined;
}
