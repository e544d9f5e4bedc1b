import { issue, type Deadline } from '@second-opinion/kernel';
import {
  EndReservation,
  NoteConsultationRecordOverdue,
  NoteNotRebooked,
  RemindOfAppointment,
  RemindOfRebooking,
  SearchAgain,
} from './appointment.commands';
import type { AppointmentData, AppointmentEvent } from './appointment.events';

const categories = ['scheduling.appointment'];

/** The reservation of a slot ends by itself, unless it became an appointment or was let go. */
export const reservationTerm: Deadline<AppointmentEvent> = {
  name: 'reservation-term',
  categories,
  start: {
    SlotReserved: ({ data: { slotId, expiresAt } }) => [{ ref: slotId, dueAt: expiresAt }],
    ReservationTermSet: ({ data: { slotId, expiresAt } }) => [{ ref: slotId, dueAt: expiresAt }],
  },
  stop: {
    ReservationLapsed: ({ data }) => [data.slotId],
    SlotReleased: ({ data }) => [data.slotId],
    AppointmentConfirmed: () => 'all',
    CaseEndNoted: () => 'all',
  },
  send: ({ streamId, ref }) => issue(EndReservation, { caseId: streamId, slotId: ref }),
};

/** A search looks again after a while, whether it found nothing or was never finished. */
export const searchTerm: Deadline<AppointmentEvent> = {
  name: 'search-term',
  categories,
  start: {
    SlotSought: ({ data: { searchId, searchAgainAt } }) => [{ ref: searchId, dueAt: searchAgainAt }],
    NoSlotFound: ({ data: { searchId, searchAgainAt } }) => [{ ref: searchId, dueAt: searchAgainAt }],
  },
  stop: {
    SlotReserved: () => 'all',
    AppointmentConfirmed: () => 'all',
    AppointmentRescheduled: () => 'all',
    CaseEndNoted: () => 'all',
  },
  send: ({ streamId, ref }) => issue(SearchAgain, { caseId: streamId, searchId: ref }),
};

type Reminders = Pick<AppointmentData<'AppointmentConfirmed'>, 'appointmentId' | 'sequence' | 'reminders'>;
const reminders = ({ data }: { data: Reminders }) =>
  data.reminders.map(({ daysBefore, dueAt }) => ({
    ref: `${daysBefore}/${data.sequence}/${data.appointmentId}`,
    dueAt,
  }));

/** overOrMoved: nothing is awaited of this time any more. */
const overOrMoved: Deadline<AppointmentEvent>['stop'] = {
  AppointmentRescheduled: () => 'all',
  AppointmentCancelled: () => 'all',
  ConsultationHeld: () => 'all',
  NoShowRecorded: () => 'all',
  ConsultationAborted: () => 'all',
};

/** N05: five days and one day before. */
export const appointmentReminders: Deadline<AppointmentEvent> = {
  name: 'appointment-reminder',
  categories,
  start: { AppointmentConfirmed: reminders, AppointmentRescheduled: reminders },
  stop: overOrMoved,
  send: ({ streamId, ref }) => {
    const [daysBefore, sequence, ...id] = ref.split('/');
    return issue(RemindOfAppointment, {
      caseId: streamId,
      appointmentId: id.join('/'),
      sequence: Number(sequence),
      daysBefore: Number(daysBefore),
    });
  },
};

const all = () => 'all' as const;
const rebooked = {
  AppointmentConfirmed: all,
  AppointmentRescheduled: all,
  AssignmentDeclineNoted: all,
  CaseEndNoted: all,
  EndedWithoutAppointment: all,
} as const;

/** Who cancelled is reminded to choose another time (section 3). */
export const rebookingReminders: Deadline<AppointmentEvent> = {
  name: 'rebooking-reminders',
  categories,
  start: {
    AppointmentCancelled: ({ data: { appointmentId, rebooking } }) =>
      (rebooking?.reminders ?? []).map(({ attempt, dueAt }) => ({ ref: `${attempt}/${appointmentId}`, dueAt })),
  },
  stop: rebooked,
  send: ({ streamId, ref }) => {
    const [attempt, ...id] = ref.split('/');
    return issue(RemindOfRebooking, { caseId: streamId, appointmentId: id.join('/'), attempt: Number(attempt) });
  },
};

/** Cancellation -> another time; after that the employee counts as unreachable. */
export const rebookingTerm: Deadline<AppointmentEvent> = {
  name: 'rebooking-term',
  categories,
  start: {
    AppointmentCancelled: ({ data: { appointmentId, rebooking } }) =>
      rebooking ? [{ ref: appointmentId, dueAt: rebooking.until }] : [],
  },
  stop: rebooked,
  send: ({ streamId, ref }) => issue(NoteNotRebooked, { caseId: streamId, appointmentId: ref }),
};

type Recording = Pick<AppointmentData<'AppointmentConfirmed'>, 'appointmentId' | 'recordDueAt'>;
const recording = ({ data: { appointmentId, recordDueAt } }: { data: Recording }) =>
  recordDueAt === undefined ? [] : [{ ref: appointmentId, dueAt: recordDueAt }];

/** A13, N19: an appointment whose hour has passed does not stand still unseen. */
export const recordTerm: Deadline<AppointmentEvent> = {
  name: 'consultation-record',
  categories,
  start: { AppointmentConfirmed: recording, AppointmentRescheduled: recording },
  stop: overOrMoved,
  send: ({ streamId, ref, dueAt }) =>
    issue(NoteConsultationRecordOverdue, { caseId: streamId, appointmentId: ref, dueAt }),
};
