import { SCHEDULING_TOPIC, type SchedulingMessages } from '@second-opinion/contracts';
import type { Publication, Publisher, RecordedEvent } from '@second-opinion/kernel';
import type { AppointmentData, AppointmentEvent } from './appointment.events';
import { caseIdOf } from './streams.rules';

type Told<Type extends keyof SchedulingMessages> = Omit<SchedulingMessages[Type], 'caseId'>;

function told<Type extends keyof SchedulingMessages>(event: RecordedEvent, type: Type, data: Told<Type>): Publication {
  const caseId = caseIdOf(event.stream);
  return { type, key: caseId, data: { caseId, ...data } };
}

function where({
  doctorId,
  locationId,
  startsAt,
  endsAt,
  zone,
}: AppointmentData<'AppointmentConfirmed' | 'SlotReserved'>) {
  return { doctorId, locationId, startsAt, endsAt, zone };
}

function appointment(data: AppointmentData<'AppointmentConfirmed'>): Told<'AppointmentConfirmed'> {
  const { appointmentId, sequence, locationName, locationAddress, room } = data;
  return { appointmentId, sequence, ...where(data), locationName, locationAddress, ...(room ? { room } : {}) };
}

/** What the others are told of an appointment; what scheduling only noted stays here. */
export const schedulingPublisher: Publisher<AppointmentEvent> = {
  topic: SCHEDULING_TOPIC,
  categories: ['scheduling.appointment'],
  on: {
    SlotReserved: (event) => told(event, 'SlotReserved', { ...where(event.data), expiresAt: event.data.expiresAt }),
    SlotReleased: (event) => {
      const { doctorId, startsAt, cause } = event.data;
      return told(event, 'SlotReleased', { doctorId, startsAt, cause });
    },
    NoSlotWithinSla: (event) => told(event, 'NoSlotWithinSla', { doctorId: event.data.doctorId }),
    AppointmentConfirmed: (event) => told(event, 'AppointmentConfirmed', appointment(event.data)),
    AppointmentRescheduled: (event) =>
      told(event, 'AppointmentRescheduled', { ...appointment(event.data), by: event.data.by }),
    AppointmentCancelled: (event) => {
      const { slotId: _slot, takeId: _take, at: _at, slotClosed: _closed, rebooking: _rebooking, ...data } = event.data;
      return told(event, 'AppointmentCancelled', data);
    },
    AppointmentReminderDue: (event) => told(event, 'AppointmentReminderDue', event.data),
    RebookingReminderDue: (event) => told(event, 'RebookingReminderDue', event.data),
    EndedWithoutAppointment: (event) => told(event, 'EndedWithoutAppointment', event.data),
    ConsultationHeld: (event) => {
      const { appointmentId: _appointmentId, ...data } = event.data;
      return told(event, 'ConsultationHeld', data);
    },
    ConsultationRecordOverdue: (event) => told(event, 'ConsultationRecordOverdue', { dueAt: event.data.dueAt }),
    NoShowRecorded: (event) => told(event, 'NoShowRecorded', event.data),
    ConsultationAborted: (event) => {
      const { doctorId, final } = event.data;
      return told(event, 'ConsultationAborted', { doctorId, final });
    },
  },
};
