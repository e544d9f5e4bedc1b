import { INTAKE_TOPIC, type IntakeMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteDoctor } from './doctor.commands';

/** Whoever writes and shares a report must be registered on that day (BR-19). */
export const whenDoctorRegisteredNoteHim: TopicPolicy<IntakeMessages> = {
  name: 'when-doctor-registered-note-him',
  listensTo: [INTAKE_TOPIC],
  startsAt: 'beginning',
  on: {
    DoctorRegistered: ({ data: { doctorId, registeredUntil } }) => [
      issue(NoteDoctor, { doctorId, ...(registeredUntil === undefined ? {} : { registeredUntil }) }),
    ],
  },
};
