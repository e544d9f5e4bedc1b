import { NO_TERM, type Instant, type TaskRow, type View } from '@second-opinion/kernel';
import type { AppointmentEvent } from './appointment.events';
import { isPicked } from './appointment-state.rules';
import { endOf } from './appointment.rules';
import { caseIdOf } from './streams.rules';

const BACK_OFFICE = 'role:back-office';
/** ENDED is nobody's row: it remembers that the case is over, and stands beside those that somebody has to do. */
const ENDED = 'Ended';
type Task =
  | 'RecordConsultation'
  | 'RescheduleAppointment'
  | 'OpenAgendaDay'
  // Nothing was recorded in time: the back office asks what happened, and records it itself when nobody came.
  | 'RecordNoShow'
  // Intake's command: another doctor takes over, unless a slot is found with this one before.
  | 'ReassignAssignment'
  // Section 3: who cancelled does not respond.
  | 'EndWithoutAppointment'
  | typeof ENDED;
type Change = Omit<TaskRow, 'task' | 'about' | 'since'> | null;

/** changes: which tasks an event gives (to whom, until when) and which it takes away. */
function changes(event: AppointmentEvent, ended = false): Partial<Record<Task, Change>> {
  switch (event.type) {
    case 'NoSlotWithinSla':
    case 'NoSlotFound':
      return { OpenAgendaDay: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'SlotReserved':
      return { OpenAgendaDay: null, ReassignAssignment: null };
    // What the next doctor needs is sought by itself (A15).
    case 'AssignmentDeclineNoted':
      return {
        OpenAgendaDay: null,
        RescheduleAppointment: null,
        ReassignAssignment: null,
        EndWithoutAppointment: null,
      };
    case 'RegistrationEndNoted':
      return { ReassignAssignment: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'AssignmentNoted':
    case 'RegistrationRenewalNoted':
      return { ReassignAssignment: null };
    case 'AppointmentConfirmed':
    case 'AppointmentRescheduled':
      return {
        OpenAgendaDay: null,
        RescheduleAppointment: null,
        EndWithoutAppointment: null,
        ReassignAssignment: null,
        RecordConsultation: { assignee: event.data.doctorId, dueAt: endOf(event.data) as Instant },
      };
    case 'AppointmentCancelled': {
      const plan = ended ? null : { assignee: BACK_OFFICE, dueAt: NO_TERM };
      return {
        RecordConsultation: null,
        RecordNoShow: null,
        ...(isPicked(event.data) ? { RescheduleAppointment: plan } : {}),
      };
    }
    case 'CaseEndNoted':
      return {
        [ENDED]: { assignee: '', dueAt: NO_TERM },
        OpenAgendaDay: null,
        RescheduleAppointment: null,
        ReassignAssignment: null,
        EndWithoutAppointment: null,
      };
    // He can still choose; who plans may also end it.
    case 'EmployeeUnreachable':
      return { EndWithoutAppointment: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'EndedWithoutAppointment':
      return { RescheduleAppointment: null, EndWithoutAppointment: null, ReassignAssignment: null };
    case 'ConsultationRecordOverdue':
      return { RecordNoShow: { assignee: BACK_OFFICE, dueAt: NO_TERM } };
    case 'ConsultationHeld':
      return { RecordConsultation: null, RecordNoShow: null, ReassignAssignment: null };
    case 'NoShowRecorded':
    case 'ConsultationAborted':
      return {
        RecordConsultation: null,
        RecordNoShow: null,
        ...(event.data.final ? { ReassignAssignment: null } : {}),
      };
    default:
      return {};
  }
}

/** What somebody must do about an appointment. */
export const schedulingTasks: View<TaskRow> = {
  name: 'scheduling.tasks',
  version: 4,
  categories: ['scheduling.appointment'],
  indexes: [['assignee', 'dueAt']],
  keys: (recorded) => {
    const event = recorded as unknown as AppointmentEvent;
    const tasks = Object.keys(changes(event));
    const looks = event.type === 'AppointmentCancelled' ? [ENDED, ...tasks] : tasks;
    return looks.map((task) => `${caseIdOf(recorded.stream)}/${task}`);
  },
  project: (row, recorded, key, beside) => {
    const about = caseIdOf(recorded.stream);
    const task = key.slice(key.lastIndexOf('/') + 1) as Task;
    const found = changes(recorded as unknown as AppointmentEvent, beside?.(`${about}/${ENDED}`) !== undefined);
    if (!(task in found)) return row;
    const change = found[task];
    if (!change) return null;
    const since = row?.since ?? recorded.metadata.recordedAt;
    return { task, about, since, ...change };
  },
};
