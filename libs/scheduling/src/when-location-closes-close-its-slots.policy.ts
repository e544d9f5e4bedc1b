import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { CloseSlotsOfLocation } from './agenda.commands';
import type { AgendaEvent } from './agenda.events';
import { CloseHoursOfLocation } from './location.commands';
import type { LocationEvent } from './location.events';

/** Nobody is invited to a house that is closed (BR-29): its slots go, whichever comes second, the closing or the hours. */
export const whenLocationClosesCloseItsSlots: OwnPolicy<LocationEvent | AgendaEvent> = {
  name: 'when-location-closes-close-its-slots',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    LocationClosed: ({ data: { locationId } }) => [issue(CloseHoursOfLocation, { locationId })],
    AgendaSlotsOpened: ({ data: { doctorId, date, locationId } }) => [
      issue(CloseSlotsOfLocation, { doctorId, date, locationId }),
    ],
  },
};
