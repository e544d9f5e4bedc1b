import { events, field, type EventsOf } from '@second-opinion/contracts';

const ABOUT = {
  /** The consumer group, `<context>.<policy>`. */
  group: field.id(),
  key: field.id(),
  messageId: field.id(),
  messageType: field.id(),
  caseId: field.optional(field.id()),
};

/** What operators did with messages that were parked: in the history of the case that they are about. */
export const operationEvents = events({
  ParkedMessageReplayed: ABOUT,
  /** The first parked message of the key was dropped; those behind it were replayed. */
  ParkedMessageSkipped: { ...ABOUT, reason: field.id() },
});
export type OperationEvent = EventsOf<typeof operationEvents>;
