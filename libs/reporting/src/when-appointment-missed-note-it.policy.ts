import { SCHEDULING_TOPIC, type SchedulingMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteMissedAppointment } from './file.commands';

/** A consultation that came to nothing, or that the employee cancelled, and is booked again, is not the case's own time (A13, domain section 6). */
export const whenAppointmentMissedNoteIt: TopicPolicy<SchedulingMessages> = {
  name: 'when-appointment-missed-note-it',
  listensTo: [SCHEDULING_TOPIC],
  startsAt: 'deployment',
  on: {
    NoShowRecorded: ({ data: { caseId, doctorId, appointmentId, final, recordedAt } }) =>
      final ? [] : [issue(NoteMissedAppointment, { caseId, doctorId, ref: appointmentId, missedAt: recordedAt })],
    AppointmentCancelled: ({ id, data: { caseId, doctorId, by }, time }) =>
      by === 'employee' ? [issue(NoteMissedAppointment, { caseId, doctorId, ref: id, missedAt: time })] : [],
    ConsultationAborted: ({ id, data: { caseId, doctorId, final }, time }) =>
      final ? [] : [issue(NoteMissedAppointment, { caseId, doctorId, ref: id, missedAt: time })],
  },
};
