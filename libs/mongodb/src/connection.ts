import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '@second-opinion/kernel';
import { MongoClient, MongoServerSelectionError, type ClientSession, type Db } from 'mongodb';
import { isAway, mongoCode, NOT_LET_IN, storageError, UNAUTHORISED } from './errors';
import { bounded, retried, transact } from './retry';

/** MongoOptions of the one client of a process. */
export interface MongoOptions {
  /** application is shown in the server's log and current operations. */
  readonly application?: string;
  /** waitMs: how long `open` waits for a server that is not there yet (default 60 s). */
  readonly waitMs?: number;
  /** selectionMs: how long one operation waits for a server that takes it, before it fails (default 3 s). */
  readonly selectionMs?: number;
  /** waiting is told, before each further try of `open`, what is missing, so that somebody can log it. */
  readonly waiting?: (code: string) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/**
 * MongoConnection is the one client of a process, shared by all MongoDB adapters. Writes are durable on a majority when they resolve;
 * reads see only what is, and everything that was acknowledged. A server that is away or frozen is noticed by the driver's own
 * heartbeat within seconds: operations then fail with `Unavailable('storage-unavailable')` instead of hanging, and work again as soon as
 * it is back; so does what {@link retried} and {@link transact} have waited for in vain. 64-bit integers are read as bigint.
 */
export class MongoConnection {
  private open = true;

  private constructor(private readonly client: MongoClient) {}

  /**
   * open connects and checks the server, waiting (bounded, with backoff) for one that is not there yet or has no primary yet. Throws
   * `Unavailable`: `mongodb-url-invalid`, `mongodb-file-unreadable` (of a certificate that it names), `mongodb-unreachable`, `mongodb-credentials-refused`, `mongodb-no-replica-set`; the connection
   * string and what stands in it are never told.
   */
  static async open(url: string, options: MongoOptions = {}): Promise<MongoConnection> {
    const until = performance.now() + (options.waitMs ?? 60_000);
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      const client = clientOf(url, options);
      try {
        await client.connect();
        const hello = await client.db('admin').command({ hello: 1 });
        if (typeof hello['setName'] !== 'string') throw new Unavailable('mongodb-no-replica-set');
        return new MongoConnection(client);
      } catch (error) {
        await client.close().catch(() => undefined);
        const failure = startError(error);
        const left = until - performance.now();
        if (failure.code !== 'mongodb-unreachable' || left <= 0) throw failure;
        options.waiting?.(failure.code);
        await pause(Math.min(wait * (0.5 + Math.random() / 2), left));
      }
    }
  }

  /** closed: everything but `close` rejects with `Unavailable('storage-closed')`. */
  get closed(): boolean {
    return !this.open;
  }

  /** database of this name. */
  database(name: string): Db {
    this.assertOpen();
    return this.client.db(name, { useBigInt64: true });
  }

  /** session of its own, for transactions one after another; end it with `endSession`. */
  session(): ClientSession {
    this.assertOpen();
    return this.client.startSession();
  }

  /** transaction runs `work` in a session of its own, see {@link transact}. */
  async transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
    const session = this.session();
    try {
      return await transact(session, work);
    } finally {
      await session.endSession();
    }
  }

  /** command on the server itself, for what has no method in the driver. */
  async command(command: Readonly<Record<string, unknown>>): Promise<void> {
    this.assertOpen();
    await retried(() => this.client.db('admin').command(command));
  }

  /** ping resolves when the primary answers; rejects with `Unavailable` within seconds otherwise. For health checks. */
  async ping(): Promise<void> {
    this.assertOpen();
    await bounded(this.client.db('admin').command({ ping: 1 })).catch((error: unknown) => {
      throw storageError(error);
    });
  }

  /** close ends all connections; what is still running rejects. Closing again does nothing. */
  async close(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.client.close();
  }

  private assertOpen(): void {
    if (!this.open) throw new Unavailable('storage-closed');
  }
}

function clientOf(url: string, { application, selectionMs = 3_000 }: MongoOptions): MongoClient {
  try {
    return new MongoClient(url, {
      ...(application === undefined ? {} : { appName: application }),
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
      retryWrites: true,
      retryReads: true,
      // A frozen server answers no heartbeat: after these two times its connections are cut and what waits on them fails.
      connectTimeoutMS: 2_000,
      heartbeatFrequencyMS: 1_000,
      minHeartbeatFrequencyMS: 250,
      serverSelectionTimeoutMS: selectionMs,
      waitQueueTimeoutMS: 10_000,
      socketTimeoutMS: 60_000,
    });
  } catch {
    // No cause: the driver's message may repeat parts of the connection string.
    throw new Unavailable('mongodb-url-invalid');
  }
}

function startError(error: unknown): Unavailable {
  if (error instanceof Unavailable) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  // No cause: the path stands in the connection string.
  if (syscall === 'open' && code !== undefined) return new Unavailable('mongodb-file-unreadable', { why: code });
  if (NOT_LET_IN.has(mongoCode(error) ?? 0) || mongoCode(error) === UNAUTHORISED)
    return new Unavailable('mongodb-credentials-refused', {}, { cause: error });
  if (error instanceof MongoServerSelectionError && inAnotherSet(error))
    return new Unavailable('mongodb-no-replica-set', {}, { cause: error });
  if (isAway(error)) return new Unavailable('mongodb-unreachable', {}, { cause: error });
  return new Unavailable('mongodb-unreachable', { mongodb: mongoCode(error) ?? 'unknown' }, { cause: error });
}

/** inAnotherSet: the driver strikes out every server that answered and does not belong to the set that the URL names. */
function inAnotherSet(error: MongoServerSelectionError): boolean {
  return error.reason?.servers.size === 0;
}
