import { Refused, type Decider, type InstancesOf } from '@second-opinion/kernel';
import type * as commands from './location.commands';
import type { LocationEvent } from './location.events';
import { TERMS } from './scheduling.terms';

export type LocationFacts = LocationEvent['data'];
/** A location as it was registered; nothing about it can change, a moved room is a new one. */
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
  },
  evolve: (_, event) => event.data,
};
