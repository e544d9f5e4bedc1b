import { events, field, type EventsOf } from '@second-opinion/contracts';
import { ACTOR_ROLES } from '@second-opinion/kernel';

/** One entry for each event of a case, in the order of the log; its place in the stream is the case's number for auditors. */
export const historyEvents = events({
  HistoryEntryAdded: {
    caseId: field.id(),
    eventId: field.id(),
    stream: field.label(),
    revision: field.count(),
    type: field.label(),
    at: field.instant(),
    actorRole: field.code(ACTOR_ROLES),
    actorId: field.id(),
    actorOrganisation: field.id(),
    onBehalfOf: field.optional(field.id()),
    rulesVersion: field.label(),
    textVersion: field.optional(field.label()),
    eventHash: field.hash(),
    previousHash: field.hash(),
  },
});
export type HistoryEntryAdded = EventsOf<typeof historyEvents>;
