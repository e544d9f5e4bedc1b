import { SCHEDULING_TOPIC, type SchedulingMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import {
  NoteAbort,
  NoteAppointment,
  NoteCancellation,
  NoteConsultation,
  NoteEnding,
  NoteNoShow,
} from './quote.commands';

/** What happened to the appointment decides about fees by the terms on the quote (domain section 8). */
export const whenAppointmentMovesNoteIt: TopicPolicy<SchedulingMessages> = {
  name: 'when-appointment-moves-note-it',
  listensTo: [SCHEDULING_TOPIC],
  startsAt: 'beginning',
  on: {
    AppointmentConfirmed: ({ data: { caseId, appointmentId } }) => [issue(NoteAppointment, { caseId, appointmentId })],
    AppointmentRescheduled: ({ data: { caseId, appointmentId } }) => [
      issue(NoteAppointment, { caseId, appointmentId }),
    ],
    AppointmentCancelled: ({ data, time }) => {
      const { caseId, appointmentId, by, noticeClass, illnessProof } = data;
      return [issue(NoteCancellation, { caseId, appointmentId, by, noticeClass, illnessProof, at: time })];
    },
    NoShowRecorded: ({ data }) => {
      const { caseId, appointmentId, final, illnessProof, recordedAt: at, startsAt } = data;
      const noted = { caseId, appointmentId, final, illnessProof, at };
      return [issue(NoteNoShow, { ...noted, ...(startsAt === undefined ? {} : { startsAt }) })];
    },
    ConsultationHeld: ({ data: { caseId, heldAt } }) => [issue(NoteConsultation, { caseId, heldAt })],
    EndedWithoutAppointment: ({ data: { caseId, at } }) => [
      issue(NoteEnding, { caseId, ending: 'NO_SHOW', consultationHeld: false, at }),
    ],
    ConsultationAborted: ({ data: { caseId, final }, time }) => [issue(NoteAbort, { caseId, final, at: time })],
  },
};
