import { NO_TERM, type Instant, type TaskRow, type View } from '@second-opinion/kernel';
import type { AppointmentEvent } from './appointment.events';
import { endOf } from './appointment.rules';
import { caseIdOf } from './streams.rules';

const BACK_OFFICE = 'role:back-office';
type Task = 'RecordConsultation' | 'RescheduleAppointment' | 'OpenAgendaDay';
type Change = Omit<TaskRow, 'task' | 'about' | 'since'> | null;

/** changes: which tasks an event gives (to whom, until when) and which it takes away. */
function changes(event: AppointmentEvent): Partial<Record<Task, Change>> {
  switch (event.type) {
    case 'NoSlotWithinSla':
    case 'NoSlotFound':
      return { OpenAgendaDay: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'SlotReserved':
    case 'AssignmentDeclineNoted':
      return { OpenAgendaDay: null };
    case 'AppointmentConfirmed':
    case 'AppointmentRescheduled':
      return {
        OpenAgendaDay: null,
        RescheduleAppointment: null,
        RecordConsultation: { assignee: event.data.doctorId, dueAt: endOf(event.data) as Instant },
      };
    case 'AppointmentCancelled': {
      const waits = event.data.by === 'employee' || event.data.by === 'back-office';
      const plan = { assignee: BACK_OFFICE, dueAt: NO_TERM };
      return { RecordConsultation: null, ...(waits ? { RescheduleAppointment: plan } : {}) };
    }
    case 'CaseEndNoted':
      return { OpenAgendaDay: null, RescheduleAppointment: null };
    case 'ConsultationHeld':
    case 'NoShowRecorded':
    case 'ConsultationAborted':
      return { RecordConsultation: null };
    default:
      return {};
  }
}

/** What somebody must do about an appointment. */
export const schedulingTasks: View<TaskRow> = {
  name: 'scheduling.tasks',
  version: 1,
  categories: ['scheduling.appointment'],
  indexes: [['assignee', 'dueAt']],
  keys: (recorded) =>
    Object.keys(changes(recorded as unknown as AppointmentEvent)).map((task) => `${caseIdOf(recorded.stream)}/${task}`),
  project: (row, recorded, key) => {
    const task = key.slice(key.lastIndexOf('/') + 1) as Task;
    const change = changes(recorded as unknown as AppointmentEvent)[task];
    if (!change) return null;
    const since = row?.since ?? recorded.metadata.recordedAt;
    return { task, about: caseIdOf(recorded.stream), since, ...change };
  },
};
