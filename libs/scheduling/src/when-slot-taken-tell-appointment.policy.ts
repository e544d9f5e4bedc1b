import { issue, type OwnPolicy } from '@second-opinion/kernel';
import type { AgendaEvent } from './agenda.events';
import { NoteSlotClosed, NoteSlotTaken } from './appointment.commands';

/** The agenda decided who gets a slot; the appointment decides what that means. Completes what a crash cut between the two. */
export const whenSlotTakenTellAppointment: OwnPolicy<AgendaEvent> = {
  name: 'when-slot-taken-tell-appointment',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    SlotTaken: ({ data }) => [issue(NoteSlotTaken, { caseId: data.caseId, taken: data })],
    SlotClosed: ({ data: { caseId, takeId, slotId, by } }) =>
      caseId === undefined || takeId === undefined
        ? []
        : [issue(NoteSlotClosed, { caseId, takeId, slotId, ...(by === undefined ? {} : { by }) })],
  },
};
