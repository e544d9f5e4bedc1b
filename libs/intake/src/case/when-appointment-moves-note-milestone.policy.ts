import { SCHEDULING_TOPIC, type SchedulingMessages } from '@second-opinion/contracts';
import { instantOfLocal, issue, type Envelope, type IssuedCommand, type TopicPolicy } from '@second-opinion/kernel';
import { NoteMilestone } from './case.commands';
import type { Milestone } from './case.events';

interface Appointment {
  readonly caseId: string;
  readonly doctorId: string;
  readonly appointmentId: string;
  readonly sequence: number;
  readonly startsAt: string;
  readonly zone: string;
}

const appointment =
  (milestone: Milestone) =>
  ({ data, time }: Envelope<string, Appointment>): IssuedCommand[] => [
    issue(NoteMilestone, {
      caseId: data.caseId,
      milestone,
      at: time,
      dueAt: instantOfLocal(data.startsAt, data.zone),
      ref: `${data.appointmentId}.${data.sequence}`,
      // That it was cancelled is told whoever it was with.
      ...(milestone === 'APPOINTMENT_CANCELLED' ? {} : { doctorId: data.doctorId }),
    }),
  ];

/** Where the appointment stands; the last appointment that came to nothing ends the case. */
export const whenAppointmentMovesNoteMilestone: TopicPolicy<SchedulingMessages> = {
  name: 'when-appointment-moves-note-milestone',
  listensTo: [SCHEDULING_TOPIC],
  startsAt: 'beginning',
  on: {
    SlotReserved: ({ data: { caseId, doctorId, startsAt, zone, expiresAt }, time }) => [
      issue(NoteMilestone, {
        caseId,
        milestone: 'SLOT_RESERVED',
        at: time,
        dueAt: instantOfLocal(startsAt, zone),
        ref: `${doctorId}.${startsAt}.${expiresAt}`,
      }),
    ],
    SlotReleased: ({ id, data: { caseId }, time }) => [
      issue(NoteMilestone, { caseId, milestone: 'SLOT_RELEASED', at: time, ref: id }),
    ],
    NoSlotWithinSla: ({ data: { caseId, doctorId }, time }) => [
      issue(NoteMilestone, { caseId, milestone: 'NO_SLOT_WITHIN_SLA', at: time, ref: doctorId }),
    ],
    AppointmentConfirmed: appointment('APPOINTMENT_CONFIRMED'),
    AppointmentRescheduled: appointment('APPOINTMENT_RESCHEDULED'),
    AppointmentCancelled: appointment('APPOINTMENT_CANCELLED'),
    ConsultationHeld: ({ data: { caseId, doctorId, heldAt } }) => [
      issue(NoteMilestone, { caseId, milestone: 'CONSULTATION_HELD', at: heldAt, ref: heldAt, doctorId }),
    ],
    NoShowRecorded: ({ data: { caseId, appointmentId, count, final, recordedAt } }) => [
      issue(NoteMilestone, {
        caseId,
        milestone: final ? 'FINAL_NO_SHOW' : 'NO_SHOW',
        at: recordedAt,
        ref: `${appointmentId}.${count}`,
      }),
    ],
    EndedWithoutAppointment: ({ data: { caseId, at } }) => [
      issue(NoteMilestone, { caseId, milestone: 'ENDED_WITHOUT_APPOINTMENT', at }),
    ],
    ConsultationAborted: ({ id, data: { caseId, final }, time }) => [
      issue(NoteMilestone, {
        caseId,
        milestone: final ? 'FINAL_CONSULTATION_ABORTED' : 'CONSULTATION_ABORTED',
        at: time,
        ref: id,
      }),
    ],
  },
};
