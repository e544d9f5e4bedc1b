import { SCHEDULING_TOPIC, type SchedulingMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { NoteConsultation } from './file.commands';

/** The consultation starts the report's term (A15). */
export const whenConsultationHeldNoteIt: TopicPolicy<SchedulingMessages> = {
  name: 'when-consultation-held-note-it',
  listensTo: [SCHEDULING_TOPIC],
  startsAt: 'beginning',
  on: {
    ConsultationHeld: ({ data: { caseId, doctorId, durationMinutes, heldAt } }) => [
      issue(NoteConsultation, { caseId, doctorId, durationMinutes, heldAt }),
    ],
  },
};
