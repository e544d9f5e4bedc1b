import { events, field, LANGUAGES, type EventsOf } from '@second-opinion/contracts';
import { CHANNELS, content, ROLES } from './content.events';

/** FAILURES: why a delivery was given up. */
export const FAILURES = ['PERMANENT', 'GIVEN_UP', 'RECIPIENT_FORGOTTEN', 'ADDRESS_DENIED'] as const;

const about = {
  template: field.label(),
  recipientId: field.id(),
  caseId: field.optional(field.id()),
};
/** reply: the code that the mail server answered, for example 451. */
const reply = field.optional(field.count());

/** Every stored event of `notification.message-<messageId>`. */
export const messageEvents = events({
  NotificationPlanned: {
    messageId: field.id(),
    eventId: field.id(),
    ...about,
    recipientRole: field.code(ROLES),
    portal: field.flag(),
    outside: field.flag(),
    content,
    at: field.instant(),
    /** addressed: how he is reached was known, so that it is allowed at once. */
    addressed: field.optional(field.flag()),
  },
  /** The recipient is known: the message has a language, and may leave when it is to. */
  DeliveryAllowed: { channel: field.code(CHANNELS), language: field.code(LANGUAGES), dueAt: field.instant() },
  /** Written before anything leaves. `header` is the Message-ID, the same for every attempt. */
  DeliveryAttempted: {
    attempt: field.count(),
    channel: field.code(CHANNELS),
    header: field.label(),
    at: field.instant(),
  },
  DeliverySucceeded: { attempt: field.count(), ...about, at: field.instant() },
  /** A temporary failure (greylisting, server away; or, of an attempt that has not begun, an address that could not be opened): tried again when the pause is over. */
  DeliveryDeferred: { attempt: field.count(), reply, dueAt: field.instant() },
  /** A crash, a broken line or a newer message left it open whether this attempt arrived: it is repeated with the same Message-ID, unless superseded. */
  DeliveryOutcomeUnknown: { attempt: field.count(), dueAt: field.instant() },
  /** version of the report that it told of. */
  DeliveryFailed: {
    attempt: field.count(),
    reason: field.code(FAILURES),
    reply,
    ...about,
    version: field.optional(field.count()),
    at: field.instant(),
  },
  /** A newer message on the same matter goes out instead. */
  DeliverySuperseded: { at: field.instant() },
  /** The back office has it tried again. */
  RedeliveryAsked: { dueAt: field.instant() },
});
export type MessageEvent = EventsOf<typeof messageEvents>;
export type MessageData<Type extends MessageEvent['type']> = Extract<MessageEvent, { type: Type }>['data'];
