import { events, field, LANGUAGES, type EventsOf } from '@second-opinion/contracts';
import { CHANNELS, due } from './content.events';

/** RECIPIENT_KINDS: whose address it is; the purpose of its seal follows from it. */
export const RECIPIENT_KINDS = ['person', 'doctor'] as const;

/** Every stored event of `notification.recipient-<personId or doctorId>`. */
export const recipientEvents = events({
  ContactNoted: {
    recipientId: field.id(),
    kind: field.code(RECIPIENT_KINDS),
    contact: field.sealed('CONTACT'),
    channel: field.code(CHANNELS),
    language: field.code(LANGUAGES),
  },
  /** A message waits until the recipient's address is known. */
  AddressAwaited: { messageId: field.id() },
  AddressGiven: { messageId: field.id(), channel: field.code(CHANNELS), language: field.code(LANGUAGES) },
  /** The key of the address was destroyed: what we kept of the bodies of so many messages went too. */
  BodiesRemoved: { recipientId: field.id(), messages: field.count() },
  /** N23: what belongs to no case; with channel and language where it is known already how he is reached. */
  NotificationDue: {
    ...due,
    channel: field.optional(field.code(CHANNELS)),
    language: field.optional(field.code(LANGUAGES)),
  },
});
export type RecipientEvent = EventsOf<typeof recipientEvents>;
