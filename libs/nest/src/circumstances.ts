import type { Created, CreatedId } from '@second-opinion/event-store';
import type { Circumstances, Command, Relation, Seal } from '@second-opinion/kernel';

/** Attached travels with a command, apart from its fields: who, when, why, and what the answer must be compared with. */
export interface Attached extends Circumstances {
  readonly correlationId: string;
  readonly causationId: string;
  readonly requestId: string;
  readonly relation: Relation;
  /** authenticationLevel of the token, for the access log. */
  readonly authenticationLevel?: string;
  readonly traceparent?: string;
  /** began: when the command came (performance.now()): what was read of its stream since need not be read again; absent: read it. */
  readonly began?: number;
  /** created: the id of what this command creates, for the command itself and for those that are part of it; when it is new, nothing can stand under it or what derives from it. */
  readonly created?: Created & CreatedId;
  /** ifMatch: the ETag the sender has seen; no retry on conflict then. */
  readonly ifMatch?: string;
  /** mac of the plain body under this month's key, or under the key of an earlier try; absent for commands of the system. */
  readonly mac?: (version?: string) => string | undefined;
  /**
   * claim gives the mac of the first body that was decided under this command's id, for a command whose body says which stream it is for: the
   * stream of another body has never heard of it. Called once something is to be appended.
   */
  readonly claim?: () => Promise<string | undefined>;
}

const attached = new WeakMap<object, Attached>();

/** attach gives a command its circumstances. */
export function attach<C extends Command>(command: C, circumstances: Attached): C {
  attached.set(command, circumstances);
  return command;
}

/** attachedTo gives the circumstances of a command; a command that came past the rim has them. */
export function attachedTo(command: object): Attached {
  const found = attached.get(command);
  if (!found) throw new TypeError(`${command.constructor.name} has no circumstances: it did not come through the rim`);
  return found;
}

const written = new WeakMap<object, { readonly seals: readonly Seal[]; readonly texts: readonly string[] }>();

/** noteWritten keeps what the sender of a command wrote, with the seals that the rim made of it in the same order, for as long as there is the command. */
export function noteWritten(command: object, seals: readonly Seal[], texts: readonly string[]): void {
  written.set(command, { seals, texts });
}

/**
 * writtenIn gives what the sender of this command wrote in this very request and the rim has sealed as this; undefined for any other seal, which
 * only the door opens. For checks of what is being written: it was never shut, so nobody opens it.
 */
export function writtenIn(command: object, seal: Seal): string | undefined {
  const mine = written.get(command);
  return mine?.texts[mine.seals.indexOf(seal)];
}
