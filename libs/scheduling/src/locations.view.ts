import type { Reading, View } from '@second-opinion/kernel';
import { location, type LocationFacts } from './location.decider';
import type { LocationEvent } from './location.events';
import { locationExample } from './scheduling.examples';

export type LocationRow = LocationFacts;

export const locations: View<LocationRow> = {
  name: 'scheduling.locations',
  version: 2,
  categories: ['scheduling.location'],
  indexes: [['region', 'name']],
  keys: ({ data }) => [(data as LocationFacts).locationId],
  project: (row, event) => location.evolve(row, event as unknown as LocationEvent),
};

/** Public data of a house; no case. */
export const locationsReading: Reading<LocationRow> = {
  operation: 'scheduling.ListLocations',
  view: locations,
  participants: () => ({}),
  caseId: () => undefined,
  stream: ({ locationId }) => `scheduling.location-${locationId}`,
  show: ({ locationId, name, address, room, region, organisationId, premises, closedFrom }) => ({
    locationId,
    name,
    address,
    room,
    region,
    organisationId,
    premises,
    closedFrom,
  }),
  example: locationExample,
};
