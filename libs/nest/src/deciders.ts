import { Injectable } from '@nestjs/common';
import { EventStore, RevisionConflict } from '@second-opinion/event-store';
import {
  Conflict,
  derivedId,
  Unprocessable,
  type Command,
  type Decider,
  type Event,
  type EventMetadata,
  type IssuedCommand,
  type NewEvent,
  type Position,
  type Relation,
} from '@second-opinion/kernel';
import { attach, attachedTo, type Attached } from './circumstances';
import { assertDeclared } from './declared-events';
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
    const around = attachedTo(first);
    const command = Object.assign(new issued.type(), issued.fields);
    const commandId = derivedId(around.commandId, issued.type.name, this.streamOf(decider, command));
    const { ifMatch: _ifMatch, claim: _claim, ...rest } = around;
    attach(command, { ...rest, commandId, causationId: around.commandId });
    return this.execute(decider, command);
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
    for (let attempt = around.relation === 'system' && !this.deployment.alone ? 0 : 1; ; attempt++) {
      const entry = await this.streams.load(decider, stream, [-Infinity, began][attempt]);
      const guessed = attempt === 0 && entry.at < began;
      const { revision } = entry;
      const before = this.earlier(entry, around);
      if (before) return this.result(stream, entry, around, before.types, before.revisions);
      if (around.ifMatch !== undefined) this.compare(stream, entry, around);
      const decision = decider.decide[command.constructor.name];
      if (!decision) throw new TypeError(`${decider.category} has no decision for ${command.constructor.name}`);
      let events: readonly Event[];
      try {
        events = decision(command, entry.state, around);
      } catch (error) {
        if (guessed) continue;
        throw error;
      }
      if (events.length === 0 && guessed) continue;
      if (events.length === 0) return this.result(stream, entry, around, [], []);
      assertDeclared(decider.category, events);
      const batch = this.identify(decider, stream, entry.state, events, around);
      if (around.claim) assertSameBody(await around.claim(), around);
      const at = performance.now();
      try {
        const appended = await this.store.append(stream, revision === -1 ? 'no-stream' : revision, batch);
        this.streams.advance(decider, stream, entry, batch, appended, at);
        const revisions = batch.map((_, index) => appended.revision - batch.length + 1 + index);
        return this.result(
          stream,
          entry,
          around,
          batch.map((event) => event.type),
          revisions,
        );
      } catch (error) {
        entry.at = -Infinity;
        if (!(error instanceof RevisionConflict)) throw error;
        if (around.ifMatch !== undefined) throw new Conflict('precondition-failed', {}, { cause: error });
        if (attempt >= tries) throw new Conflict('too-busy', {}, { cause: error });
      }
    }
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

  private identify(
    decider: AnyDecider,
    stream: string,
    before: unknown,
    events: readonly Event[],
    around: Attached,
  ): NewEvent[] {
    const after: unknown = events.reduce<unknown>((state, event) => decider.evolve(state, event) as unknown, before);
    const caseId = decider.caseId?.(stream.slice(stream.indexOf('-') + 1), after);
    const bodyMac = around.mac?.();
    return events.map((event, index) => {
      const metadata: EventMetadata = {
        ...(caseId === undefined ? {} : { caseId }),
        correlationId: around.correlationId,
        causationId: around.causationId,
        commandId: around.commandId,
        ...(bodyMac === undefined ? {} : { bodyMac }),
        actorId: around.actor.id,
        actorRole: around.actor.role,
        actorOrganisation: around.actor.organisation,
        rulesVersion: decider.rulesVersion,
        ...(event.textVersion === undefined ? {} : { textVersion: event.textVersion }),
        recordedAt: around.now,
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
