import type { Reading, View } from '@second-opinion/kernel';
import type { LocationFacts } from './location.decider';
import { locationExample } from './scheduling.examples';

export type LocationRow = LocationFacts;

export const locations: View<LocationRow> = {
  name: 'scheduling.locations',
  version: 1,
  categories: ['scheduling.location'],
  indexes: [['region', 'name']],
  keys: ({ data }) => [(data as LocationFacts).locationId],
  project: (_, { data }) => data as LocationFacts,
};

/** Public data of a house; no case. */
export const locationsReading: Reading<LocationRow> = {
  operation: 'scheduling.ListLocations',
  view: locations,
  participants: () => ({}),
  caseId: () => undefined,
  stream: ({ locationId }) => `scheduling.location-${locationId}`,
  show: ({ locationId, name, address, room, region, organisationId, premises }) => ({
    locationId,
    name,
    address,
    room,
    region,
    organisationId,
    premises,
  }),
  example: locationExample,
};
