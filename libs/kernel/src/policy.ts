import type { Command, CommandClass, FieldsOf } from './command';
import type { Event, RecordedEvent } from './event';
import type { Instant } from './ids';
import type { Sealed } from './personal';

/** IssuedCommand is a command that the system gives: its personal fields are seals already. */
export interface IssuedCommand {
  readonly type: CommandClass;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** issue makes a command for a policy or a deadline; the compiler checks its fields, which are sealed. */
export function issue<C extends Command>(type: CommandClass<C>, fields: Sealed<FieldsOf<C>>): IssuedCommand {
  return { type, fields: fields as Record<string, unknown> };
}

/**
 * Envelope is an integration event on its topic (CloudEvents 1.0 attributes, JSON format). `key` orders: messages of one key
 * arrive in the order they were published, between keys anything may overtake.
 */
export interface Envelope<Type extends string = string, Data extends object = object> {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: Type;
  readonly subject: string;
  readonly time: Instant;
  readonly datacontenttype: 'application/json';
  readonly correlationid: string;
  readonly causationid: string;
  /** traceparent of the request that all this follows from (CloudEvents extension "Distributed Tracing", W3C Trace Context), when it came with one. */
  readonly traceparent?: string;
  readonly data: Data;
}

/** caseOfEnvelope: an own policy's message is the event itself; others name their case in their data, as far as they have one. What is parked may be anything. */
export function caseOfEnvelope({ data }: Pick<Envelope, 'data'>): string | undefined {
  const said = data as { metadata?: { caseId?: unknown } | null; caseId?: unknown } | null;
  const caseId = said?.metadata?.caseId ?? said?.caseId;
  return typeof caseId === 'string' ? caseId : undefined;
}

/**
 * Policy reacts to an event with commands, purely: `when-x-do-y`. Delivered at least once and in any order between contexts;
 * command ids derive from the event, so a repeat finds the first. A command is never refused for coming early.
 */
export interface OwnPolicy<E extends Event = Event> {
  readonly name: string;
  readonly listensTo: 'own-events';
  /** startsAt: `deployment` for what must not speak about old cases (a new mail). */
  readonly startsAt: 'beginning' | 'deployment';
  readonly on: {
    readonly [T in E['type']]?: (event: RecordedEvent<Extract<E, { type: T }>>) => readonly IssuedCommand[];
  };
}
/** TopicPolicy is a policy on integration events of other contexts; `on` is keyed by integration event type. */
export interface TopicPolicy<Messages extends { [type: string]: object } = { [type: string]: never }> {
  readonly name: string;
  readonly listensTo: readonly string[];
  readonly startsAt: 'beginning' | 'deployment';
  readonly on: {
    readonly [T in keyof Messages & string]?: (event: Envelope<T, Messages[T]>) => readonly IssuedCommand[];
  };
}
/** Policy is either kind. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a list of policies holds policies on different events
export type Policy = OwnPolicy<any> | TopicPolicy<any>;

/**
 * Publisher maps an own event to what the others are told, or to nothing; pure. The envelope's id derives from the event's id,
 * so what is published twice is recognised.
 */
export interface Publisher<E extends Event = Event> {
  readonly topic: string;
  readonly categories: readonly string[];
  /** on: for each own event type the message: its integration type, its key (case id) and its data. */
  readonly on: {
    readonly [T in E['type']]?: (event: RecordedEvent<Extract<E, { type: T }>>) => Publication | undefined;
  };
}
/** Publication is one message of a publisher. */
export interface Publication {
  readonly type: string;
  readonly key: string;
  readonly data: object;
}

/** Due is a deadline whose instant has come. */
export interface Due {
  readonly stream: string;
  readonly streamId: string;
  readonly caseId?: string;
  /** ref is what the deadline's `start` gave, to tell several of the same stream apart. */
  readonly ref: string;
  readonly dueAt: Instant;
}
/** Deadline: on event X, when its due instant comes, send command C; void on event Y. The due instant is decided and stored in the event. */
export interface Deadline<E extends Event = Event> {
  readonly name: string;
  readonly categories: readonly string[];
  /** start: a due instant per event; starting the same ref again replaces it. */
  readonly start: {
    readonly [T in E['type']]?: (
      event: RecordedEvent<Extract<E, { type: T }>>,
    ) => readonly { ref: string; dueAt: Instant }[];
  };
  /** stop: the refs that this event voids, or `all` of the stream. */
  readonly stop: {
    readonly [T in E['type']]?: (event: RecordedEvent<Extract<E, { type: T }>>) => readonly string[] | 'all';
  };
  readonly send: (due: Due) => IssuedCommand;
}
