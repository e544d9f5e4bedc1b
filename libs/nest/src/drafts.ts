import type { Append } from '@second-opinion/event-store';
import { derivedId, type Command, type Event, type EventMetadata, type NewEvent } from '@second-opinion/kernel';
import type { Attached } from './circumstances';
import type { AnyDecider } from './deciders';
import { assertDeclared } from './declared-events';
import type { Entry } from './folded-streams';

/** Draft is what a command comes to, and not appended yet. */
export interface Draft {
  readonly decider: AnyDecider;
  readonly stream: string;
  readonly entry: Entry;
  readonly around: Attached;
  /** revision of the stream that was decided on: -1 when it is not there. */
  readonly revision: number;
  /** events to append after it; none when there is nothing to do. */
  readonly events: readonly NewEvent[];
  /** after: the state once they have happened. */
  readonly after: unknown;
}

/** draft decides a command on its stream as far as that is folded. Throws what the decider throws. */
export function draft(decider: AnyDecider, command: Command, stream: string, entry: Entry, around: Attached): Draft {
  const decision = decider.decide[command.constructor.name];
  if (!decision) throw new TypeError(`${decider.category} has no decision for ${command.constructor.name}`);
  const { state, revision } = entry;
  const decided: readonly Event[] = decision(command, state, around);
  assertDeclared(decider.category, decided);
  const after: unknown = decided.reduce<unknown>((before, event) => decider.evolve(before, event) as unknown, state);
  const events = decided.length === 0 ? [] : identify(decider, stream, after, decided, around);
  return { decider, stream, entry, around, revision, events, after };
}

/** appendOf a draft, after exactly what was decided on. */
export function appendOf({ stream, revision, events, around: { created } }: Draft): Append {
  return { stream, expected: revision === -1 ? 'no-stream' : revision, events, ...(created ? { created } : {}) };
}

/** identify events, after which this is the state: their metadata, and ids that a repeat of the command derives again. */
function identify(
  decider: AnyDecider,
  stream: string,
  after: unknown,
  events: readonly Event[],
  around: Attached,
): NewEvent[] {
  const caseId = decider.caseId?.(stream.slice(stream.indexOf('-') + 1), after);
  const bodyMac = around.mac?.();
  return events.map((event, index) => {
    // In the order of RFC 8785, in which it is hashed.
    const metadata: EventMetadata = {
      actorId: around.actor.id,
      actorOrganisation: around.actor.organisation,
      actorRole: around.actor.role,
      ...(bodyMac === undefined ? {} : { bodyMac }),
      ...(caseId === undefined ? {} : { caseId }),
      causationId: around.causationId,
      commandId: around.commandId,
      correlationId: around.correlationId,
      recordedAt: around.now,
      rulesVersion: decider.rulesVersion,
      ...(event.textVersion === undefined ? {} : { textVersion: event.textVersion }),
      ...(around.traceparent === undefined ? {} : { traceparent: around.traceparent }),
    };
    return {
      id: derivedId(stream, around.commandId, bodyMac ?? '', index),
      type: event.type,
      data: event.data,
      metadata,
    };
  });
}
