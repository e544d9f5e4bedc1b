import type { ActorRole, Event, RecordedEvent } from './event';
import type { Instant } from './ids';
import type { Sealed } from './personal';
import type { WorkingCalendar } from './working-days';

/** Actor is who acts: an id of ours, the role of his token, his organisation. For `system` the id is the policy's or deadline's name. */
export interface Actor {
  readonly id: string;
  readonly role: ActorRole;
  readonly organisation: string;
  /** joined: other ids of the same person, when his login is linked to several (PersonsJoined); he is each of them. */
  readonly joined?: readonly string[];
}

/** isActor tells whether the actor is the person or doctor of this id, under one of his ids. */
export function isActor(actor: Actor, id: string | undefined): boolean {
  return id !== undefined && (actor.id === id || (actor.joined?.includes(id) ?? false));
}

/** Circumstances are what a decision may depend on besides the command and the state. Time and ids are arguments, never read. */
export interface Circumstances {
  readonly actor: Actor;
  /** now is business time (architecture section 7). */
  readonly now: Instant;
  /** commandId is the same for every retry; ids of created things derive from it. */
  readonly commandId: string;
  readonly calendar: WorkingCalendar;
}

/**
 * Relation is what somebody is to one case. Participation gives the first four; the others follow from the role alone.
 * `candidate-doctor` was offered the assignment and has not yet confirmed his independence.
 */
export type Relation =
  | 'employee'
  | 'own-doctor'
  | 'candidate-doctor'
  | 'second-opinion-doctor'
  | 'employer'
  | 'court'
  | 'back-office'
  | 'auditor'
  | 'privacy-officer'
  | 'operator'
  | 'partner'
  | 'system'
  | 'none';

/** Participants of a case, as a stream has recorded them: ids of ours. */
export interface Participants {
  readonly employee?: string;
  readonly 'own-doctor'?: string;
  readonly 'candidate-doctor'?: string;
  readonly 'second-opinion-doctor'?: string;
  /** partner: the organisation of a partner system that serves this case. */
  readonly partner?: string;
}

/**
 * Decider holds the rules of one kind of stream. `decide` returns the events that happen (none = nothing to do) or throws
 * `Refused`; `evolve` never throws and never looks at anything but its arguments. No decision depends on what a seal contains.
 */
export interface Decider<Commands, State, E extends Event> {
  /** category is the stream's name before the dash, `<context>.<aggregate>`. */
  readonly category: string;
  /** rulesVersion is stored with every event this decider decides (BR-77). */
  readonly rulesVersion: string;
  readonly initial: State;
  /** streamId gives the part of the stream's name after the dash. */
  streamId(command: Partial<Record<string, unknown>>): string;
  readonly decide: {
    readonly [Name in keyof Commands]: (
      command: Sealed<Commands[Name]>,
      state: State,
      circumstances: Circumstances,
    ) => E[];
  };
  evolve(state: State, event: E): State;
  /** participants of the case as far as this stream knows; access and sealing take them from here. Absent: no case. */
  participants?(state: State): Participants;
  /** caseId of the stream, for the metadata of its events: from its name, or from the state once the events have happened; absent for what belongs to no case. */
  caseId?(streamId: string, state: State): string | undefined;
  /** hiddenFrom says whether this reader may not even know that the event happened (ETags, counts); default: nothing is hidden. */
  hiddenFrom?(event: RecordedEvent<E>, relation: Relation): boolean;
  /**
   * begins: commands that are, as a rule, the first of their stream. One that the system sends may be decided on the initial state before anybody
   * looks; what stands there all the same is found by the append.
   */
  readonly begins?: readonly (keyof Commands)[];
  /** contended: many write this stream; its commands are serialised in the process and retried until decided. */
  readonly contended?: boolean;
}

/** fold gives the state after these events. */
export function fold<State, E extends Event>(
  decider: Pick<Decider<never, State, E>, 'initial' | 'evolve'>,
  events: Iterable<E>,
): State {
  let state = decider.initial;
  for (const event of events) state = decider.evolve(state, event);
  return state;
}
