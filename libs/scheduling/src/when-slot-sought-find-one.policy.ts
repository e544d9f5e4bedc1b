import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { FindSlot } from './appointment.commands';
import type { AppointmentEvent } from './appointment.events';
import { caseIdOf } from './streams.rules';

/** BR-28: who needs a slot gets the first that suits. */
export const whenSlotSoughtFindOne: OwnPolicy<AppointmentEvent> = {
  name: 'when-slot-sought-find-one',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    SlotSought: ({ stream, data }) => {
      const { searchAgainAt: _again, calendarVersion: _version, ...search } = data;
      return [issue(FindSlot, { caseId: caseIdOf(stream), ...search })];
    },
  },
};
