import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Unavailable } from '@second-opinion/kernel';
import { AttemptTimedOut, backoffMs, CutOff, isPassing, isRefused, mayBeKept, movesOn } from './passing-errors';
import { Turnstile } from './turnstile';

/** Patience: how long a connection waits for what. */
export interface Patience {
  /** attemptMs: how long one attempt may go without an answer (default 5000). */
  readonly attemptMs?: number;
  /** giveUpMs: how long attempts go on before the caller hears `Unavailable` (default 15000). */
  readonly giveUpMs?: number;
}

/** Call is what is asked of the server, and how long it may be silent. */
type Call<T> = (client: EventStoreDBClient, attemptMs: number) => Promise<T>;

const ATTEMPT_MS = 5_000;
const MOST_BACKOFF_MS = 1_000;
/**
 * The client queues appends that its stream does not take at once (16 and more), and when the stream then breaks it rejects them where
 * nobody can catch it, which ends the process. So fewer are on their way at a time.
 */
const MOST_APPENDS = 14;
/** A client that keeps its first failure is replaced; one such failure may be chance. */
const MOST_KEPT = 2;
/** Calls that are given up end at once, since they end here; a call that nobody reads never says so. */
const GIVING_UP_MS = 500;

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

  private readonly appends = new Turnstile(MOST_APPENDS);
  private users = 0;
  private replaced = 0;
  /** How often all calls under way were given up, and when the last time is over. */
  private givenUp = 0;
  private settled: Promise<unknown> = Promise.resolve();
  private current: EventStoreDBClient;

  private constructor(private readonly url: string) {
    // With it the client takes a conflict for a success, and names a wrong revision.
    if (/throwOnAppendFailure=false/i.test(url)) throw new TypeError('throwOnAppendFailure=false hides conflicts');
    this.current = EventStoreDBClient.connectionString(url);
  }

  /** client to make one call with; ask again for the next, since a broken client is replaced. */
  get client(): EventStoreDBClient {
    return this.current;
  }

  /** append makes a call that appends; not too many at once, and not waiting for an answer for ever. */
  append<T>(make: Call<T>, patience: Patience = {}): Promise<T> {
    const bounded: Call<T> = (client, attemptMs) => within(attemptMs, make(client, attemptMs));
    return this.repeat((attempt) => this.appends.pass(attempt), bounded, patience);
  }

  /** call makes it, and again after passing failures; throws `Unavailable('event-store.unavailable')` when patience ends or the user is refused. */
  call<T>(make: Call<T>, patience: Patience = {}): Promise<T> {
    return this.repeat((attempt) => attempt(), make, patience);
  }

  /** once makes the call once. A client that gives no answer is replaced; one that connects anew leaves nothing behind. */
  async once<T>(make: Call<T>, attemptMs = ATTEMPT_MS): Promise<T> {
    await this.settled;
    const client = this.current;
    const { givenUp } = this;
    try {
      const answer = await make(client, attemptMs);
      // What a client was reading when its calls were given up ends as if it were whole.
      if (givenUp !== this.givenUp || this.users === 0) throw new CutOff('the call was given up meanwhile');
      return answer;
    } catch (error) {
      // So does what was concluded from it.
      if (givenUp !== this.givenUp) throw new CutOff('the call was given up meanwhile', { cause: error });
      if (error instanceof AttemptTimedOut) this.replace(client);
      else if (movesOn(error)) this.giveUp(client);
      throw error;
    }
  }

  /** replace a client that gives no answers any more (jammed, or on a dead connection); all its calls fail, and are made again. */
  replace(broken: EventStoreDBClient): void {
    if (broken !== this.current || this.users === 0) return;
    this.current = EventStoreDBClient.connectionString(distinct(this.url, ++this.replaced));
    this.giveUp(broken);
  }

  /**
   * giveUp all calls of this client; new ones wait until that is done. The call for appends that a client leaves behind when it connects
   * anew would keep the old connection, and would, when it ends later, strike those under way elsewhere from the client's table: an answer
   * to one of them then ends the process.
   */
  private giveUp(client: EventStoreDBClient): void {
    this.givenUp++;
    this.settled = within(GIVING_UP_MS, client.dispose()).catch(() => undefined);
  }

  /** close ends the connection when its last user has closed it. */
  async close(): Promise<void> {
    if (this.users === 0 || --this.users > 0) return;
    Connection.open.delete(this.url);
    await this.current.dispose();
  }

  private async repeat<T>(
    enter: (attempt: () => Promise<T>) => Promise<T>,
    make: Call<T>,
    patience: Patience,
  ): Promise<T> {
    const { attemptMs = ATTEMPT_MS, giveUpMs = 15_000 } = patience;
    const until = performance.now() + giveUpMs;
    for (let failures = 0, kept = 0; ; failures++) {
      const client = this.current;
      try {
        return await enter(() => {
          if (performance.now() > until) throw new CutOff('it was not its turn in time');
          return this.once(make, attemptMs);
        });
      } catch (error) {
        // While a password is changed: nothing is wrong with the call, and waiting here would not help it.
        if (isRefused(error)) throw new Unavailable('event-store.unavailable', {}, { cause: error });
        if (!isPassing(error)) throw error;
        if (mayBeKept(error) && ++kept % MOST_KEPT === 0) this.replace(client);
        const wait = backoffMs(failures, MOST_BACKOFF_MS);
        if (this.users === 0 || performance.now() + wait > until)
          throw new Unavailable('event-store.unavailable', {}, { cause: error });
        await pause(wait);
      }
    }
  }
}

/** distinct settings, since clients with the same settings share one connection, also a dead one. */
function distinct(url: string, number: number): string {
  const given = /([?&]keepAliveTimeout=)(\d+)/i;
  const timeout = Number(given.exec(url)?.[2] ?? 10_000) + number;
  if (given.test(url)) return url.replace(given, `$1${timeout}`);
  return `${url}${url.includes('?') ? '&' : '?'}keepAliveTimeout=${timeout}`;
}

/** within gives the answer, or throws {@link AttemptTimedOut}; the client has no timer of its own. */
async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
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
