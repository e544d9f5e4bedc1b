import { events, field, type EventsOf } from '@second-opinion/contracts';

/** PREMISES: whose house a location is in. An employer's is never neutral (BR-29); a service's only for other services' cases (BR-30). */
export const PREMISES = ['NEUTRAL', 'PROVIDER', 'OHS', 'EMPLOYER'] as const;

export const locationEvents = events({
  LocationRegistered: {
    locationId: field.id(),
    name: field.register(),
    address: field.register(),
    room: field.optional(field.register()),
    region: field.region(),
    organisationId: field.id(),
    premises: field.code(PREMISES),
  },
  /** from: the first day on which nobody is seen there any more. */
  LocationClosed: { locationId: field.id(), from: field.date() },
});
export type LocationEvent = EventsOf<typeof locationEvents>;
