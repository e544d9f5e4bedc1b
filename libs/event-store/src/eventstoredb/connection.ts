import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Unavailable } from '@second-opinion/kernel';
import { AttemptTimedOut, backoffMs, healsItself, isPassing } from './passing-errors';

/** Patience: how long a connection waits for what. */
export interface Patience {
  /** attemptMs: how long one attempt may go without an answer (default 5000). */
  readonly attemptMs?: number;
  /** giveUpMs: how long attempts go on before the caller hears `Unavailable` (default 15000). */
  readonly giveUpMs?: number;
}

const MOST_BACKOFF_MS = 1_000;
/** After so long without an answer the client itself is at fault: it can keep a failed first call or a jammed append stream for ever. */
const RENEW_AFTER_MS = 20_000;

/**
 * Connection is the one client of a process for one server: its table of appends in flight is global to the module, so when any client
 * loses its connection the appends of all are rejected. Calls that fail for a passing reason are made again, the same, until they have
 * an answer or patience ends.
 */
export class Connection {
  private static readonly open = new Map<string, Connection>();

  /** to gives the connection to this server, the same for all who ask; each of them closes it once. */
  static to(url: string): Connection {
    const connection = Connection.open.get(url) ?? new Connection(url);
    Connection.open.set(url, connection);
    connection.users++;
    return connection;
  }

  private users = 0;
  private current: EventStoreDBClient;
  private wellAt = Date.now();

  private constructor(private readonly url: string) {
    this.current = EventStoreDBClient.connectionString(url);
  }

  /** client to make one call with; ask again for the next, since a broken client is replaced. */
  get client(): EventStoreDBClient {
    return this.current;
  }

  /** call makes it, and again after passing failures; throws `Unavailable('event-store.unavailable')` when patience ends. */
  async call<T>(
    make: (client: EventStoreDBClient, attemptMs: number) => Promise<T>,
    patience: Patience = {},
  ): Promise<T> {
    const { attemptMs = 5_000, giveUpMs = 15_000 } = patience;
    const until = Date.now() + giveUpMs;
    for (let failures = 0; ; failures++) {
      try {
        const answer = await make(this.current, attemptMs);
        this.succeeded();
        return answer;
      } catch (error) {
        if (!isPassing(error)) throw error;
        this.failed(error);
        const wait = backoffMs(failures, MOST_BACKOFF_MS);
        if (this.users === 0 || Date.now() + wait > until)
          throw new Unavailable('event-store.unavailable', {}, { cause: error });
        await pause(wait);
      }
    }
  }

  /** succeeded tells that the client works. */
  succeeded(): void {
    this.wellAt = Date.now();
  }

  /** failed tells that a call failed for a passing reason; when nothing works for long, a new client takes over. */
  failed(error: unknown): void {
    if (healsItself(error) || this.users === 0 || Date.now() - this.wellAt < RENEW_AFTER_MS) return;
    this.wellAt = Date.now();
    const broken = this.current;
    this.current = EventStoreDBClient.connectionString(this.url);
    void broken.dispose();
  }

  /** close ends the connection when its last user has closed it. */
  async close(): Promise<void> {
    if (this.users === 0 || --this.users > 0) return;
    Connection.open.delete(this.url);
    await this.current.dispose();
  }
}

/** within gives the answer, or throws {@link AttemptTimedOut}; the client has no timer of its own. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AttemptTimedOut(`no answer within ${ms} ms`)), ms);
  });
  // Whatever comes of it after that is nobody's any more.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
