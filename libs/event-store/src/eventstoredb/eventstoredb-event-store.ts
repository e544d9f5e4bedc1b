import {
  jsonEvent,
  MaxAppendSizeExceededError,
  NO_STREAM,
  WrongExpectedVersionError,
  type EventStoreDBClient,
} from '@eventstore/db-client';
import { Invalid, type NewEvent, type Position, type RecordedEvent } from '@second-opinion/kernel';
import { checkAppend, type SerialisedEvent } from '../append-rules';
import {
  EventStore,
  RevisionConflict,
  type AppendResult,
  type Batch,
  type ExpectedRevision,
  type ReadFilter,
  type SubscribeOptions,
} from '../event-store';
import { Connection, type Patience } from './connection';
import { checkPlace, readStreamFrom } from './log-reads';
import { FROM_LEADER, placeOf } from './records';
import { checkServer } from './server-check';
import { follow } from './subscription';
import { readFiltered, WholeLog } from './whole-log';

const DEFAULT_LIMIT = 512;
/**
 * APPEND_DEADLINE_MS: the client sends the instant by its own clock, and a server whose clock is past it takes no append. So it lies far ahead;
 * the server waits for its own time only, and so does {@link Connection.append}.
 */
const APPEND_DEADLINE_MS = 600_000;

/**
 * EventStoreDbEventStore keeps the log on an EventStoreDB server (23.10 or later). All stores of a process for one server share its
 * only client. Appends go out again with the same ids and revision until they have an answer; when patience ends they throw
 * `Unavailable('event-store.unavailable')`, and whether they were written is then unknown.
 */
export class EventStoreDbEventStore extends EventStore {
  private readonly connection: Connection;
  private readonly closing = new AbortController();
  private readonly log: WholeLog;

  /** The server need not be there yet; {@link EventStoreDbEventStore.connect} waits for it and checks it. */
  constructor(
    url: string,
    private readonly patience: Patience = {},
  ) {
    super();
    this.connection = Connection.to(url);
    this.log = new WholeLog(this.connection, this.closing.signal);
  }

  /**
   * connect waits for the server, at most `waitMs` (default 60000), and checks it. Throws `Unavailable`: `event-store.unreachable`
   * (nobody answers there), `event-store.access-denied` (unknown user or another password), `event-store.not-permitted` (a user without the
   * right to this), `event-store.bad-url`, `event-store.file-unreadable` (of a certificate that it names), `event-store.unsupported-server` (older than 23.10), `event-store.too-new` (the log was written by a later version of this product).
   */
  static async connect(
    url: string,
    options: Patience & { readonly waitMs?: number } = {},
  ): Promise<EventStoreDbEventStore> {
    const { waitMs = 60_000, ...patience } = options;
    await checkServer(url, waitMs);
    return new EventStoreDbEventStore(url, patience);
  }

  /** client of this process, for measuring it bare. */
  get client(): EventStoreDBClient {
    return this.connection.client;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<AppendResult> {
    const batch = checkAppend(stream, expected, events).map(proposed);
    const expectedRevision = expected === 'no-stream' ? NO_STREAM : BigInt(expected);
    const options = { expectedRevision, deadline: APPEND_DEADLINE_MS, ...FROM_LEADER } as const;
    const result = await this.connection
      .append((client) => client.appendToStream(stream, batch, options), this.patience)
      .catch((error: unknown) => {
        if (error instanceof WrongExpectedVersionError) throw conflict(stream, expected, error);
        // A server that was told to take less than others.
        if (error instanceof MaxAppendSizeExceededError)
          throw new Invalid('event-store.invalid-append', { what: 'too-large' }, { cause: error });
        throw error;
      });
    const revision = Number(result.nextExpectedRevision);
    const place = result.position?.commit ?? (await this.placeOfEvent(stream, revision));
    this.log.noticed(place);
    return { stream, revision, position: place.toString() };
  }

  readStream(stream: string, from = 0): Promise<readonly RecordedEvent[]> {
    return this.connection.call((client, silentMs) => readStreamFrom(client, stream, from, silentMs), this.patience);
  }

  async readAll(options: ReadFilter & { after?: Position; limit?: number }): Promise<Batch> {
    const { categories, limit = DEFAULT_LIMIT } = options;
    const after = placeOf(options.after);
    const end = await this.log.end(this.patience);
    if (end === undefined || end <= after) return { events: [], position: after.toString(), caughtUp: true };
    return this.connection.call(
      (_, silentMs) => readFiltered(this.log, { after, end, categories, limit, silentMs }),
      this.patience,
    );
  }

  subscribe(options: SubscribeOptions): AsyncIterable<Batch> {
    return follow(this.log, options);
  }

  async end(): Promise<Position | undefined> {
    return (await this.log.end(this.patience))?.toString();
  }

  demandReached(position: Position): Promise<void> {
    const place = placeOf(position);
    return this.connection.call((client, silentMs) => checkPlace(client, place, silentMs), this.patience);
  }

  comparePositions(a: Position | undefined, b: Position | undefined): number {
    const [first, second] = [placeOf(a), placeOf(b)];
    return first < second ? -1 : first > second ? 1 : 0;
  }

  /** close ends subscriptions, and the connection when no other store of this process uses it. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await this.connection.close();
  }

  private async placeOfEvent(stream: string, revision: number): Promise<bigint> {
    const [event] = await this.readStream(stream, revision);
    return placeOf(event?.position);
  }
}

function proposed({ id, type, event }: SerialisedEvent) {
  return jsonEvent({ id, type, data: event.data as Record<string, unknown>, metadata: { ...event.metadata } });
}

/** conflict: its error has no message and no code, only where the stream is. */
function conflict(stream: string, expected: ExpectedRevision, error: WrongExpectedVersionError): RevisionConflict {
  const actual = error.actualVersion;
  return new RevisionConflict(stream, expected, typeof actual === 'bigint' ? Number(actual) : 'no-stream');
}
