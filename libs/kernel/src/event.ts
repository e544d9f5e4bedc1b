import { hash } from 'node:crypto';
import { canonicalJson, type CaseId, type Instant } from './ids';

/** Event is what a decider decides: a fact in the past tense, and facts that name nobody (personal text only as a seal). */
export interface Event<Type extends string = string, Data extends object = object> {
  readonly type: Type;
  readonly data: Data;
  /** textVersion is the version of the text the person saw when he decided (BR-77). */
  readonly textVersion?: string;
}

/** ACTOR_ROLES are the roles in which somebody (or `system`) can act. */
export const ACTOR_ROLES = [
  'employee',
  'company-doctor',
  'second-opinion-doctor',
  'back-office',
  'employer',
  'court',
  'privacy-officer',
  'auditor',
  'partner',
  'operator',
  'system',
] as const;
/** ActorRole says in which role somebody (or `system`) acted. */
export type ActorRole = (typeof ACTOR_ROLES)[number];

/** EventMetadata says who, when, why and under which rules; flat strings only, no personal data. */
export interface EventMetadata {
  readonly caseId?: CaseId;
  readonly correlationId: string;
  readonly causationId: string;
  readonly commandId: string;
  readonly bodyMac?: string;
  /** actorId is an id of ours (person, doctor, account), or the name of a policy or deadline when the role is `system`. */
  readonly actorId: string;
  readonly actorRole: ActorRole;
  readonly actorOrganisation: string;
  readonly onBehalfOf?: string;
  readonly rulesVersion: string;
  readonly textVersion?: string;
  readonly occurredAt?: Instant;
  readonly recordedAt: Instant;
  readonly traceparent?: string;
}

/** NewEvent is an event ready to be appended: identified, with its metadata. */
export interface NewEvent<E extends Event = Event> {
  readonly id: string;
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: EventMetadata;
}

/** Position is a place in the global order of one store: opaque, only compared (`comparePositions` of the store). */
export type Position = string;

/** RecordedEvent is an event as it stands in a stream. Revisions count from 0 without gaps. */
export interface RecordedEvent<E extends Event = Event> extends NewEvent<E> {
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
}

/** EVENT_HASH_DOMAIN stands before whatever is hashed as an event. */
export const EVENT_HASH_DOMAIN = 'second-opinion/event/v1\n';

/**
 * eventHash is SHA-256 (hex) over a domain prefix and the RFC 8785 form of {stream, revision, id, type, data, metadata}:
 * the same on every store, whatever the order in which a store returns the keys.
 */
export function eventHash(event: RecordedEvent): string {
  const { stream, revision, id, type, data, metadata } = event;
  return sha256(`${EVENT_HASH_DOMAIN}${canonicalJson({ data, id, metadata, revision, stream, type })}`);
}

/** sha256 of UTF-8 text, lower-case hex. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** categoryOf gives the text before the first dash of a stream name: its category. */
export function categoryOf(stream: string): string {
  const dash = stream.indexOf('-');
  return dash === -1 ? stream : stream.slice(0, dash);
}
