import type { Participants, Reading, Relation, Shown, View } from '@second-opinion/kernel';
import { appointment } from './appointment.decider';
import { evolveAppointment, initialAppointment, type Appointment } from './appointment-state.rules';
import type { AppointmentEvent } from './appointment.events';
import { caseIdOf } from './streams.rules';
import { appointmentExample, freeSlotExample } from './scheduling.examples';

export interface AppointmentRow {
  readonly caseId: string;
  readonly employeeId: string | null;
  readonly ownDoctorId: string | null;
  /** doctorId of the assignment that stands now, accepted or not. */
  readonly doctorId: string | null;
  readonly phase: Appointment['phase'];
  /** startsAt of the slot, or `-` without one: lists are in order of time. */
  readonly startsAt: string;
  readonly state: Appointment;
  readonly durationMinutes?: number;
}

const NOT_PLANNED = '-';

/** One row per case. */
export const appointments: View<AppointmentRow> = {
  name: 'scheduling.appointments',
  version: 5,
  categories: ['scheduling.appointment'],
  indexes: [['employeeId', 'startsAt'], ['doctorId', 'startsAt'], ['ownDoctorId'], ['phase', 'startsAt']],
  keys: ({ stream }) => [caseIdOf(stream)],
  project: (row, recorded, caseId) => {
    const event = recorded as unknown as AppointmentEvent;
    const state = evolveAppointment(row?.state ?? initialAppointment, event);
    const { employee = null, 'own-doctor': ownDoctorId = null, ...doctors } = participantsOf(state);
    const doctorId = doctors['second-opinion-doctor'] ?? doctors['candidate-doctor'] ?? null;
    const startsAt = state.slot?.startsAt ?? NOT_PLANNED;
    const minutes = event.type === 'ConsultationHeld' ? event.data.durationMinutes : row?.durationMinutes;
    const held = minutes === undefined ? {} : { durationMinutes: minutes };
    return { caseId, employeeId: employee, ownDoctorId, doctorId, phase: state.phase, startsAt, state, ...held };
  },
};

const participantsOf = (state: Appointment): Participants => appointment.participants?.(state) ?? {};

/** statusOf: what those see who may see the appointment. An ended case without a consultation has none. */
function statusOf({ phase, ended }: Appointment): string {
  if (phase === 'held') return 'HELD';
  if (phase === 'missed') return 'NOT_HELD';
  if (phase === 'confirmed') return 'CONFIRMED';
  if (ended) return 'ENDED';
  return { planning: 'PLANNING', reserved: 'RESERVED', cancelled: 'CANCELLED' }[phase];
}

function whole({ caseId, state, durationMinutes }: AppointmentRow): Shown {
  const { slot, appointment: agreed } = state;
  return {
    caseId,
    status: statusOf(state),
    doctorId: state.offer?.doctorId,
    appointmentId: agreed?.appointmentId,
    sequence: agreed?.sequence,
    slotId: slot?.slotId,
    startsAt: slot?.startsAt,
    endsAt: slot?.endsAt,
    zone: slot?.zone,
    location: slot && {
      locationId: slot.locationId,
      name: slot.locationName,
      address: slot.locationAddress,
      room: slot.room,
    },
    reservedUntil: state.phase === 'reserved' ? slot?.expiresAt : undefined,
    noShows: state.noShows,
    durationMinutes: state.phase === 'held' ? durationMinutes : undefined,
  };
}

/** BR-28: the employee is told a time only when it is certain. */
function invited(row: AppointmentRow): Shown {
  const { phase } = row.state;
  if (phase === 'confirmed' || phase === 'held') return whole(row);
  return { caseId: row.caseId, status: statusOf(row.state), noShows: row.state.noShows };
}

/** Matrix item 12. The own doctor learns whether the consultation was held, and nothing that would tell why it was not. */
function shownTo(row: AppointmentRow, relation: Relation): Shown {
  switch (relation) {
    case 'employee':
      return invited(row);
    case 'second-opinion-doctor':
    case 'back-office':
      return whole(row);
    case 'own-doctor':
      return { caseId: row.caseId, consultation: row.durationMinutes === undefined ? 'NOT_HELD' : 'HELD' };
    case 'auditor':
      return { caseId: row.caseId, status: statusOf(row.state), startsAt: row.state.slot?.startsAt };
    case 'partner':
      return { caseId: row.caseId, status: statusOf(row.state) };
    default:
      return {};
  }
}

export const appointmentReading: Reading<AppointmentRow> = {
  operation: 'scheduling.GetAppointment',
  view: appointments,
  participants: ({ state }) => participantsOf(state),
  caseId: ({ caseId }) => caseId,
  stream: ({ caseId }) => `scheduling.appointment-${caseId}`,
  show: shownTo,
  example: appointmentExample,
};

export const appointmentsReading: Reading<AppointmentRow> = {
  ...appointmentReading,
  operation: 'scheduling.ListAppointments',
};

/** Who may pick another time for a case may see which are free. */
export const freeSlotsReading: Reading<AppointmentRow> = {
  ...appointmentReading,
  operation: 'scheduling.ListFreeSlots',
  example: freeSlotExample,
};
