import { localDateOf, Refused, type Decider, type InstancesOf } from '@second-opinion/kernel';
import type * as commands from './location.commands';
import type { LocationEvent } from './location.events';
import { TERMS } from './scheduling.terms';

export type LocationFacts = Extract<LocationEvent, { type: 'LocationRegistered' }>['data'] & {
  readonly closedFrom?: string;
};
/** A location as it was registered, until it is closed; nothing else about it can change, a moved room is a new one. */
export type Location = LocationFacts | undefined;

export const location: Decider<InstancesOf<typeof commands>, Location, LocationEvent> = {
  category: 'scheduling.location',
  rulesVersion: TERMS.version,
  initial: undefined,
  streamId: ({ locationId }) => String(locationId),
  decide: {
    RegisterLocation: ({ locationId, name, address, room, region, organisationId, premises }, state) => {
      if (state) throw new Refused('scheduling.location-exists');
      if (premises === 'EMPLOYER') throw new Refused('scheduling.location-not-neutral', { premises });
      const data = { locationId, name, address, ...(room ? { room } : {}), region, organisationId, premises };
      return [{ type: 'LocationRegistered', data }];
    },

    CloseLocation: ({ locationId, from }, state, { now }) => {
      if (!state) throw new Refused('scheduling.no-such-location');
      const { closedFrom } = state;
      if (closedFrom === from) return [];
      if (closedFrom !== undefined && closedFrom < from)
        throw new Refused('scheduling.location-closed', { from: closedFrom });
      if (from < localDateOf(now)) throw new Refused('scheduling.in-the-past');
      return [{ type: 'LocationClosed', data: { locationId, from } }];
    },

    CloseHoursOfLocation: () => [],
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'LocationRegistered':
        return event.data;
      case 'LocationClosed':
        return state && { ...state, closedFrom: event.data.from };
    }
  },
};

/** isClosedOn a day: nobody is seen there from its closing on. */
export function isClosedOn(house: Location, date: string): house is LocationFacts & { readonly closedFrom: string } {
  return house?.closedFrom !== undefined && date >= house.closedFrom;
}
