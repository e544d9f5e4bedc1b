import { Injectable } from '@nestjs/common';
import { EventStore, RevisionConflict, type AppendResult } from '@second-opinion/event-store';
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
  type RecordedEvent,
  type Relation,
} from '@second-opinion/kernel';
import { LRUCache } from 'lru-cache';
import { attach, attachedTo, type Attached } from './circumstances';
import { assertDeclared } from './declared-events';
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

interface Entry {
  state: unknown;
  /** current: nothing says that the stream has gone on since it was folded. */
  current: boolean;
  /** at: the stream was seen to end here at this moment (performance.now()). */
  at: number;
  revision: number;
  readonly positions: Position[];
  /** hidden: per revision the relations that may not know of it; only for deciders that hide something. */
  readonly hidden: (readonly Relation[])[];
  readonly commands: Map<string, { bodyMac?: string | undefined; revisions: number[]; types: string[] }>;
}

const RELATIONS: readonly Relation[] = [
  'employee',
  'own-doctor',
  'candidate-doctor',
  'second-opinion-doctor',
  'back-office',
  'auditor',
  'partner',
];
const TRIES = 3;
const TRIES_CONTENDED = 200;

/**
 * Deciders runs commands: fold the stream, look the commandId up, decide, append with the exact revision, and again on a conflict
 * (three times; contended streams are serialised in the process and retried until decided; with If-Match never).
 */
@Injectable()
export class Deciders {
  private readonly entries = new LRUCache<string, Entry>({ max: 5_000 });
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly store: EventStore,
    private readonly hashes: KeyedHashes,
    private readonly deployment: Deployment,
  ) {}

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
    const { ifMatch: _ifMatch, ...rest } = around;
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
    const entry = await this.load(any, `${any.category}-${streamId}`, command && attachedTo(command).began);
    return { state: entry.state as State, revision: entry.revision };
  }

  /** etag of the last event at or before this position that the relation may see; undefined when there is none. */
  async etag(decider: AnyDecider, stream: string, relation: Relation, upTo: Position): Promise<string | undefined> {
    // A stream that is known beyond this position is known well enough.
    const known = this.entries.get(stream);
    const isThere = known !== undefined && this.store.comparePositions(known.positions.at(-1), upTo) >= 0;
    const entry = isThere ? known : await this.load(decider, stream);
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
    for (let attempt = 1; ; attempt++) {
      const entry = await this.load(decider, stream, attempt === 1 ? sinceOf(around) : Infinity);
      // A command of the system tries what is known first; only what is appended counts then, since the store compares the revision.
      const guessed = !this.deployment.alone && entry.at < (around.began ?? 0);
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
      const at = performance.now();
      try {
        const appended = await this.store.append(stream, entry.revision === -1 ? 'no-stream' : entry.revision, batch);
        this.advance(decider, stream, entry, batch, appended);
        entry.at = Math.max(entry.at, at);
        const revisions = batch.map((_, index) => appended.revision - batch.length + 1 + index);
        return this.result(
          stream,
          entry,
          around,
          batch.map((event) => event.type),
          revisions,
        );
      } catch (error) {
        entry.current = false;
        if (!(error instanceof RevisionConflict)) throw error;
        if (around.ifMatch !== undefined) throw new Conflict('precondition-failed', {}, { cause: error });
        if (attempt >= tries) throw new Conflict('too-busy', {}, { cause: error });
      }
    }
  }

  private earlier(entry: Entry, around: Attached) {
    const before = entry.commands.get(around.commandId);
    if (before?.bodyMac && around.mac) {
      const now = around.mac(before.bodyMac.slice(0, before.bodyMac.lastIndexOf('.')));
      if (now !== undefined && now !== before.bodyMac) throw new Unprocessable('idempotency-key-reused');
    }
    return before;
  }

  private compare(stream: string, entry: Entry, around: Attached): void {
    const current = this.visible(stream, entry, around.relation);
    if (current !== around.ifMatch && around.ifMatch !== '*') throw new Conflict('precondition-failed');
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

  /**
   * load folds what is new since the last look, so that appends of other processes are seen before anything is decided; a look at or after
   * `since` is new enough. A process that is alone has nothing to look for, unless an append told otherwise.
   */
  private async load(decider: AnyDecider, stream: string, since = Infinity): Promise<Entry> {
    let entry = this.entries.get(stream);
    if (!entry) {
      const fresh = { current: false, at: -Infinity, revision: -1, positions: [], hidden: [], commands: new Map() };
      entry = { state: decider.initial as unknown, ...fresh };
      this.entries.set(stream, entry);
    }
    if (entry.current && (this.deployment.alone || entry.at >= since)) return entry;
    const at = performance.now();
    const fresh = await this.store.readStream(stream, entry.revision + 1);
    for (const event of fresh) if (event.revision === entry.revision + 1) this.take(decider, entry, event);
    entry.current = true;
    entry.at = Math.max(entry.at, at);
    return entry;
  }

  private advance(
    decider: AnyDecider,
    stream: string,
    entry: Entry,
    batch: readonly NewEvent[],
    appended: AppendResult,
  ): void {
    const first = appended.revision - batch.length + 1;
    batch.forEach((event, index) => {
      // Of a batch only the last position is known; for the ETag a later position is the careful choice.
      const recorded = { ...event, stream, revision: first + index, position: appended.position };
      if (recorded.revision === entry.revision + 1) this.take(decider, entry, recorded);
    });
  }

  private take(decider: AnyDecider, entry: Entry, event: RecordedEvent): void {
    entry.state = decider.evolve(entry.state, event);
    entry.revision = event.revision;
    entry.positions[event.revision] = event.position;
    if (decider.hiddenFrom)
      entry.hidden[event.revision] = RELATIONS.filter((relation) => decider.hiddenFrom?.(event, relation));
    const command = entry.commands.get(event.metadata.commandId);
    if (command) {
      command.revisions.push(event.revision);
      command.types.push(event.type);
    } else {
      entry.commands.set(event.metadata.commandId, {
        bodyMac: event.metadata.bodyMac,
        revisions: [event.revision],
        types: [event.type],
      });
    }
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

/** sinceOf: for a command of a user the stream is read once since it came; one of the system first trusts what is known. */
function sinceOf({ relation, began = Infinity }: Attached): number {
  return relation === 'system' ? -Infinity : began;
}

/** lastSeenBy gives the revision of the last event that this relation may know of; -1: none. */
function lastSeenBy(entry: Entry, relation: Relation): number {
  let revision = entry.revision;
  while (revision >= 0 && entry.hidden[revision]?.includes(relation)) revision--;
  return revision;
}
