import { isAway, isDuplicateKey, isSpent, mongoCode, retried, type MongoConnection } from '@second-opinion/mongodb';
import type { Binary, ClientSession, Document } from 'mongodb';
import type { Lease } from '../view-store';
import type { Collections } from './collections';

const TRIES = 5;
/** WAIT_MS for a transaction of the holder before, which may have been opened by a process that is no more. */
const WAIT_MS = 1_000;
const TOO_LONG = 50;

interface Held {
  readonly holder: string;
  readonly token: number;
  readonly session?: Binary;
  readonly over: boolean;
}

/**
 * Leases of one database, by the server's clock alone. Each holder writes in a session of his own, whose id stands in the lease: whoever
 * takes the lease over ends that session first. A process that was killed or frozen inside a transaction would otherwise lock the lease,
 * the checkpoint and the rows until the server forgets the transaction, a minute later.
 */
export class Leases {
  private readonly sessions = new Map<string, ClientSession>();

  constructor(
    private readonly connection: MongoConnection,
    private readonly collections: Collections,
  ) {}

  /** acquire: see the port. */
  async acquire(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    for (let tries = 1; ; tries++) {
      const held = await this.held(name);
      if (held && held.holder !== holder && !held.over) return undefined;
      if (held?.session) await endSession(this.connection, held.session, this.session(name));
      try {
        return await this.take(name, holder, ttlMs, held);
      } catch (error) {
        // Inserted by another one meanwhile, or locked by a transaction that began after its session was ended: look again.
        const again = isDuplicateKey(error) || mongoCode(error) === TOO_LONG || isAway(error);
        if (!again || tries === TRIES) throw error;
      }
    }
  }

  /** release lets another one have it at once; one that is not held any more is left alone. */
  async release({ name, token, holder }: Lease): Promise<void> {
    await retried(() =>
      this.collections.leases.updateOne(
        { _id: name, token, holder },
        { $set: { holder: '', expiresAt: new Date(0) }, $unset: { session: true } },
      ),
    );
  }

  /**
   * keeps is the fence: true, inside the transaction, when the lease is still this one. It writes the lease, so that no takeover comes
   * between this look and the commit: one of the two transactions conflicts.
   */
  async keeps({ name, token, holder }: Lease, session: ClientSession): Promise<boolean> {
    const touched = await this.collections.leases.updateOne(
      { _id: name, token, holder },
      { $inc: { writes: 1 } },
      { session },
    );
    return touched.matchedCount === 1;
  }

  /** session in which this process writes under a lease. */
  session(name: string): ClientSession {
    let session = this.sessions.get(name);
    if (!session || isSpent(session)) {
      session = this.connection.session();
      this.sessions.set(name, session);
    }
    return session;
  }

  private async held(name: string): Promise<Held | undefined> {
    const found = await retried(() =>
      this.collections.leases.findOne<Held>(
        { _id: name },
        { projection: { holder: 1, token: 1, session: 1, over: { $lte: ['$expiresAt', '$$NOW'] } } },
      ),
    );
    return found ?? undefined;
  }

  private async take(name: string, holder: string, ttlMs: number, held: Held | undefined): Promise<Lease | undefined> {
    const token = held ? held.token + Number(held.holder !== holder) : 1;
    const expiresAt = { $add: ['$$NOW', ttlMs] };
    const set: Document = { holder: { $literal: holder }, token, expiresAt, session: sessionId(this.session(name)) };
    const still = held
      ? { token: held.token, holder: held.holder, ...(held.holder === holder ? {} : { $expr: EXPIRED }) }
      : { token, holder };
    const result = await retried((again) =>
      this.collections.leases.updateOne(
        // A repetition finds what the first try wrote.
        again ? { _id: name, $or: [still, { token, holder }] } : { _id: name, ...still },
        [{ $set: set }],
        { upsert: held === undefined, maxTimeMS: WAIT_MS },
      ),
    );
    return result.matchedCount + result.upsertedCount === 1 ? { name, holder, token } : undefined;
  }
}

const EXPIRED = { $lte: ['$expiresAt', '$$NOW'] };

/** sessionId as the server knows it. */
export function sessionId(session: ClientSession): Binary {
  const id = session.id?.id;
  if (!id) throw new TypeError('a session for transactions has an id from its start');
  return id;
}

/** endSession aborts what another process has left open in its session; a live one begins again in a transaction of its own. */
export async function endSession(connection: MongoConnection, theirs: Binary, mine: ClientSession): Promise<void> {
  if (theirs.toString('hex') === sessionId(mine).toString('hex')) return;
  await connection.command({ killSessions: [{ id: theirs }] });
}
