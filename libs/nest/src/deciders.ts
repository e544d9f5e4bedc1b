import { Injectable } from '@nestjs/common';
import { EventStore, RevisionConflict, type AppendResult, type CreatedId } from '@second-opinion/event-store';
import {
  Conflict,
  derivedId,
  Unprocessable,
  type Command,
  type Decider,
  type IssuedCommand,
  type Position,
  type Relation,
} from '@second-opinion/kernel';
import { attach, attachedTo, type Attached } from './circumstances';
import { appendOf, draft, type Draft } from './drafts';
import { FoldedStreams, lastSeenBy, type Entry } from './folded-streams';
import { Deployment, KeyedHashes } from './ports';

// Decider types differ per context; the runtime only needs the shape.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyDecider = Decider<any, any, any>;

/** CommandResult is what a command answers: the thing's id, what happened as far as the asker may know, and where the log stands. */
export interface CommandResult {
  readonly id: string;
  readonly happened: readonly string[];
  readonly etag?: string;
  readonly position?: Position;
}

/** Folded is a stream as decided until now. Revision -1: it does not exist. */
export interface Folded<State = unknown> {
  readonly state: State;
  readonly revision: number;
}

const TRIES = 3;
const TRIES_CONTENDED = 200;

/**
 * Deciders runs commands: fold the stream, look the commandId up, decide, append with the exact revision, and again on a conflict
 * (three times; contended streams are serialised in the process and retried until decided; with If-Match never).
 */
@Injectable()
export class Deciders {
  private readonly streams: FoldedStreams;
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: EventStore,
    private readonly hashes: KeyedHashes,
    private readonly deployment: Deployment,
  ) {
    this.streams = new FoldedStreams(store, deployment.alone);
  }

  /** execute decides one command under its attached circumstances. Throws what the decider throws, and `Conflict`, `Unprocessable`. */
  execute(decider: AnyDecider, command: Command): Promise<CommandResult> {
    const around = attachedTo(command);
    const stream = this.streamOf(decider, command);
    const run = () => this.decide(decider, command, stream, around);
    return decider.contended ? this.inTurn(stream, run) : run();
  }

  /** also decides a second command, usually of another stream, as part of the first: same actor and time, an id derived from both. */
  also(decider: AnyDecider, issued: IssuedCommand, first: Command): Promise<CommandResult> {
    return this.execute(decider, this.partOf(decider, issued, first));
  }

  /**
   * both decides a second command as `also` does, and then the first, and appends what they come to in this order; again on a conflict. Without
   * If-Match, on streams that are not contended, nothing is appended when either throws; where the store cannot append several in one transaction,
   * a crash or who was quicker at the first's stream may leave the second's alone: the same command again completes it. Answers for the first.
   */
  async both(other: AnyDecider, issued: IssuedCommand, decider: AnyDecider, first: Command): Promise<CommandResult> {
    const second = this.partOf(other, issued, first);
    for (let attempt = 1; ; attempt++) {
      const prepared = await this.draftOf(other, second);
      const whole = prepared && (await this.draftOf(decider, first));
      if (!whole) break;
      try {
        const result = await this.append(prepared, whole);
        if (result) return result;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
        if (attempt > TRIES) throw new Conflict('too-busy', {}, { cause: error });
      }
    }
    // One of them has happened already, comes to nothing or must take its turn: one after the other.
    await this.execute(other, second);
    return this.execute(decider, first);
  }

  /** idFor gives the id of what a command creates, in this field of its fields: the same at every try (see `EventStore.idFor`). */
  async idFor(decider: AnyDecider, commandId: string, fields: object, field: string): Promise<CreatedId> {
    const streamUnder = (id: string) => `${decider.category}-${decider.streamId({ ...fields, [field]: id })}`;
    const { id, isNew } = await this.store.idFor(commandId, () => {
      const derived = derivedId(commandId, field);
      return { id: derived, stream: streamUnder(derived) };
    });
    const stream = streamUnder(id);
    if (isNew && stream.endsWith(id)) this.streams.begins(decider, stream);
    return { id, isNew };
  }

  /** begins: nothing stands in the stream of this id yet, as whoever has just made it up knows. */
  begins(decider: AnyDecider, streamId: string): void {
    this.streams.begins(decider, `${decider.category}-${streamId}`);
  }

  /** state folds a stream by the part of its name after the dash; for a command, what was read since it came is new enough. */
  async state<State>(
    decider: Decider<never, State, never> | AnyDecider,
    streamId: string,
    command?: Command,
  ): Promise<Folded<State>> {
    const any = decider as AnyDecider;
    const entry = await this.streams.load(any, `${any.category}-${streamId}`, command && attachedTo(command).began);
    return { state: entry.state as State, revision: entry.revision };
  }

  /** etag of the last event at or before the later of these places that the relation may see; undefined when there is none. */
  async etag(
    decider: AnyDecider,
    stream: string,
    relation: Relation,
    place: Position,
    other = place,
  ): Promise<string | undefined> {
    const upTo = this.store.comparePositions(other, place) > 0 ? other : place;
    const entry = await this.streams.upTo(decider, stream, upTo);
    for (let revision = entry.revision; revision >= 0; revision--) {
      const position = entry.positions[revision];
      if (position === undefined || this.store.comparePositions(position, upTo) > 0) continue;
      if (!entry.hidden[revision]?.includes(relation)) return this.hashes.etag(stream, revision);
    }
    return undefined;
  }

  private streamOf(decider: AnyDecider, command: Command): string {
    return `${decider.category}-${decider.streamId(command as unknown as Record<string, unknown>)}`;
  }

  private async decide(
    decider: AnyDecider,
    command: Command,
    stream: string,
    around: Attached,
  ): Promise<CommandResult> {
    const tries = decider.contended ? TRIES_CONTENDED : TRIES;
    const { began = Infinity } = around;
    // Before its tries a command of the system is decided on what is known; only what is appended counts then, since the store compares the
    // revision. One of a user is first decided on what was read since it came.
    for (let attempt = this.mayGuess(decider, command, around) ? 0 : 1; ; attempt++) {
      const begun = attempt === 0 && this.deployment.alone ? this.streams.unknown(decider, stream) : undefined;
      const entry = begun ?? (await this.streams.load(decider, stream, [-Infinity, began][attempt]));
      const guessed = attempt === 0 && entry.at < began;
      const before = this.earlier(entry, around);
      if (before) return this.result(stream, entry, around, before.types, before.revisions);
      if (around.ifMatch !== undefined) this.compare(stream, entry, around);
      let drafted: Draft;
      try {
        drafted = draft(decider, command, stream, entry, around);
      } catch (error) {
        if (guessed) continue;
        throw error;
      }
      if (drafted.events.length === 0 && guessed) continue;
      if (drafted.events.length === 0) return this.result(stream, entry, around, [], []);
      if (around.claim) assertSameBody(await around.claim(), around);
      const at = performance.now();
      try {
        const { expected, events, created } = appendOf(drafted);
        const appended = await this.store.append(stream, expected, events, created);
        if (!appended.stood) return this.take(drafted, appended, at);
        // It was done before, perhaps at another time or on other facts: what stands counts, not what it comes to now.
        this.streams.doubt(entry);
      } catch (error) {
        this.streams.doubt(entry);
        if (!(error instanceof RevisionConflict)) throw error;
        if (around.ifMatch !== undefined) throw new Conflict('precondition-failed', {}, { cause: error });
        if (attempt >= tries) throw new Conflict('too-busy', {}, { cause: error });
      }
    }
  }

  /** mayGuess: beside other processes on what was read before, which they may have added to; alone on a stream that most likely begins here. */
  private mayGuess({ begins }: AnyDecider, command: Command, { relation }: Attached): boolean {
    return relation === 'system' && (!this.deployment.alone || (begins?.includes(command.constructor.name) ?? false));
  }

  /** draftOf a command that may be appended with another; undefined when there is nothing of that kind. */
  private async draftOf(decider: AnyDecider, command: Command): Promise<Draft | undefined> {
    const around = attachedTo(command);
    if (decider.contended || around.ifMatch !== undefined) return undefined;
    const stream = this.streamOf(decider, command);
    const entry = await this.streams.load(decider, stream, around.began);
    if (this.earlier(entry, around)) return undefined;
    const drafted = draft(decider, command, stream, entry, around);
    if (drafted.events.length === 0) return undefined;
    if (around.claim) assertSameBody(await around.claim(), around);
    return drafted;
  }

  /** append drafts in their order, and give what the last of them answers; undefined when either stood already: then what stands counts. */
  private async append(second: Draft, first: Draft): Promise<CommandResult | undefined> {
    const at = performance.now();
    try {
      const appended = await this.store.appendInOrder([appendOf(second), appendOf(first)]);
      if (!appended.some(({ stood }) => stood)) {
        this.take(second, appended[0] as AppendResult, at);
        return this.take(first, appended[1] as AppendResult, at);
      }
    } catch (error) {
      for (const { entry } of [second, first]) this.streams.doubt(entry);
      throw error;
    }
    for (const { entry } of [second, first]) this.streams.doubt(entry);
    return undefined;
  }

  /** take in what was appended (`at` is when that began), and give what its command answers. */
  private take(drafted: Draft, appended: AppendResult, at: number): CommandResult {
    const { stream, entry, around, events } = drafted;
    this.streams.advance(drafted, appended, at);
    const revisions = events.map((_, index) => appended.revision - events.length + 1 + index);
    const types = events.map(({ type }) => type);
    return this.result(stream, entry, around, types, revisions);
  }

  private partOf(decider: AnyDecider, issued: IssuedCommand, first: Command): Command {
    const around = attachedTo(first);
    const command = Object.assign(new issued.type(), issued.fields);
    const commandId = derivedId(around.commandId, issued.type.name, this.streamOf(decider, command));
    const { ifMatch: _ifMatch, claim: _claim, ...rest } = around;
    return attach(command, { ...rest, commandId, causationId: around.commandId });
  }

  private earlier(entry: Entry, around: Attached) {
    const before = entry.commands.get(around.commandId);
    assertSameBody(before?.bodyMac, around);
    return before;
  }

  private compare(stream: string, entry: Entry, around: Attached): void {
    if (!matches(around.ifMatch, this.visible(stream, entry, around.relation)))
      throw new Conflict('precondition-failed');
  }

  private visible(stream: string, entry: Entry, relation: Relation): string | undefined {
    const revision = lastSeenBy(entry, relation);
    return revision === -1 ? undefined : this.hashes.etag(stream, revision);
  }

  private result(
    stream: string,
    entry: Entry,
    around: Attached,
    types: readonly string[],
    revisions: readonly number[],
  ): CommandResult {
    const etag = this.visible(stream, entry, around.relation);
    // A command that appended nothing answers with what the asker could know already: no position of a hidden event.
    const last = revisions.at(-1) ?? lastSeenBy(entry, around.relation);
    const position = entry.positions[last];
    return {
      id: stream.slice(stream.indexOf('-') + 1),
      happened: types.filter((_, index) => !entry.hidden[revisions[index] ?? -1]?.includes(around.relation)),
      ...(etag === undefined ? {} : { etag }),
      ...(position === undefined ? {} : { position }),
    };
  }

  private async inTurn<T>(stream: string, run: () => Promise<T>): Promise<T> {
    const before = this.turns.get(stream) ?? Promise.resolve();
    const mine = before.then(run, run);
    this.turns.set(stream, mine);
    try {
      return await mine;
    } finally {
      if (this.turns.get(stream) === mine) this.turns.delete(stream);
    }
  }
}

/** matches says whether an If-Match is met (RFC 9110, 13.1.1): one of its tags is the current one, or `*` and there is one. */
function matches(ifMatch: string | undefined, current: string | undefined): boolean {
  if (current === undefined || ifMatch === undefined) return false;
  return ifMatch === '*' || ifMatch.split(',').some((tag) => tag.trim() === current);
}

/** assertSameBody: the same key with another body is another request; what was hashed under a key that is gone is not compared. */
function assertSameBody(first: string | undefined, { mac }: Attached): void {
  const now = first && mac?.(first.slice(0, first.lastIndexOf('.')));
  if (now && now !== first) throw new Unprocessable('idempotency-key-reused');
}
