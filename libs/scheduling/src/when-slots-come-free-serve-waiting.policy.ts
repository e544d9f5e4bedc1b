import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { ServeWaitingCases } from './agenda.commands';
import type { AgendaEvent } from './agenda.events';
import { dateOf } from './streams.rules';

/** Cases that found no slot look again as soon as there is one. */
export const whenSlotsComeFreeServeWaiting: OwnPolicy<AgendaEvent> = {
  name: 'when-slots-come-free-serve-waiting',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    AgendaSlotsOpened: ({ data: { doctorId, date } }) => [issue(ServeWaitingCases, { doctorId, date })],
    SlotFreed: ({ data: { doctorId, startsAt } }) => [issue(ServeWaitingCases, { doctorId, date: dateOf(startsAt) })],
  },
};
