import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { FreeSlot } from './agenda.commands';
import type { AppointmentData, AppointmentEvent } from './appointment.events';
import { dateOf } from './streams.rules';

const free = ({ doctorId, startsAt, slotId, takeId }: AppointmentData<'TakenSlotNotNeeded'>) =>
  issue(FreeSlot, { doctorId, date: dateOf(startsAt), slotId, takeId });

/** What a case no longer needs is free for others; what is found taken for nothing likewise. */
export const whenSlotLetGoFreeIt: OwnPolicy<AppointmentEvent> = {
  name: 'when-slot-let-go-free-it',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    SlotReleased: ({ data }) => [free(data)],
    TakenSlotNotNeeded: ({ data }) => [free(data)],
    AppointmentRescheduled: ({ data }) => [free(data.previous)],
    AppointmentCancelled: ({ data }) => [free(data)],
  },
};
