import { type Actor, type Circumstances } from '../decider';
import { dutchCalendar } from '../dutch-calendar';
import type { Event, EventMetadata, RecordedEvent } from '../event';
import type { Seal } from '../personal';

/** testCalendar is the product's default calendar. */
export const testCalendar = dutchCalendar();

/** aSeal gives a stand-in for a seal in rule tests, where no vault is needed. */
export const aSeal = (name: string): Seal => `seal:${name}` as Seal;

/** anActor gives an actor of this role. */
export const anActor = (role: Actor['role'], id: string = role, organisation = 'organisation-1'): Actor => ({
  id,
  role,
  organisation,
});

/** testNow is a Wednesday, 10:00 in Amsterdam. */
export const testNow = '2026-11-25T09:00:00.000Z';

/** circumstances for rule tests; every part can be overridden. */
export const circumstances = (over: Partial<Circumstances> = {}): Circumstances => ({
  actor: anActor('system'),
  now: testNow,
  commandId: '0d4f9f6e-0000-5000-8000-000000000001',
  calendar: testCalendar,
  ...over,
});

/** testMetadata is the metadata of an event that nobody in particular caused. */
export const testMetadata: EventMetadata = {
  correlationId: 'correlation-1',
  causationId: 'causation-1',
  commandId: 'command-1',
  actorId: 'actor-1',
  actorRole: 'system',
  actorOrganisation: 'organisation-1',
  rulesVersion: 'rules-1',
  recordedAt: testNow,
};

/** recorded makes events look as read from a store: for tests of views, policies, publishers and deadlines. */
export function recorded<E extends Event>(
  stream: string,
  events: readonly E[],
  metadata: Partial<EventMetadata> = {},
): RecordedEvent<E>[] {
  return events.map((event, revision) => ({
    id: `event-${stream}-${revision}`,
    type: event.type,
    data: event.data,
    stream,
    revision,
    position: String(revision + 1),
    metadata: { ...testMetadata, commandId: `command-${revision}`, ...metadata },
  }));
}
