import { setTimeout as pause } from 'node:timers/promises';
import type { ClientSession, TransactionOptions } from 'mongodb';
import { MongoError } from 'mongodb';
import { isAway, isBroken, isDuplicateKey, isUnreachable, OperationLate, storageError } from './errors';

const TRIES = 4;
/**
 * OPERATION_MS: so long an operation is waited for. The driver rejects what waits for an answer when its connection ends, but not what
 * waits for its socket to take the rest of a command: that promise is never settled.
 */
const OPERATION_MS = 20_000;
/** UNBOUNDED is for what may rightly take long: building an index. */
export const UNBOUNDED = Infinity;
/** Sessions in which something was given up: it may still go on in there. */
const spent = new WeakSet<ClientSession>();
const FIRST_PAUSE_MS = 20;
/** CONFLICT_MS: how long a transaction is tried again because others wrote the same documents. */
const CONFLICT_MS = 5_000;

const TRANSACTION: TransactionOptions = {
  readConcern: { level: 'snapshot' },
  writeConcern: { w: 'majority', journal: true },
  readPreference: 'primary',
};

/**
 * retried runs one operation, and again when the connection broke under it: `again` then tells that an earlier try may have happened,
 * so the operation must be harmless twice (same `_id`, and a duplicate key on a repetition means done). It gives up with
 * `Unavailable('storage-unavailable')` after a few tries, or at once when a server or an answer (`mostMs`, 20 s) was waited for in vain.
 */
export async function retried<T>(operation: (again: boolean) => Promise<T>, mostMs = OPERATION_MS): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await bounded(operation(tries > 1), mostMs);
    } catch (error) {
      if (tries === TRIES || isUnreachable(error) || !isAway(error)) throw storageError(error);
      await pauseBefore(tries);
    }
  }
}

/** inserted runs an insert so that a repetition after a broken connection counts as done; false when the key stood there before. */
export async function inserted(insert: () => Promise<unknown>): Promise<boolean> {
  return retried(async (again) => {
    try {
      await insert();
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return again;
      throw error;
    }
  });
}

/** upserted runs an upsert as `retried`; when another process has inserted the same key in between, the second time it is an update. */
export async function upserted<T>(upsert: () => Promise<T>): Promise<T> {
  return retried(async () => {
    try {
      return await upsert();
    } catch (error) {
      if (isDuplicateKey(error)) return upsert();
      throw error;
    }
  });
}

/**
 * transact runs `work` in a transaction of this session and commits it, durable on a majority. What conflicts with another transaction
 * (also two upserts of one key) or loses its connection is run again from its start: `work` must keep nothing between its runs, and
 * await each operation before the next, never two at once. What `work` throws aborts the transaction. A session in which something gave
 * no answer {@link isSpent}: it takes no other transaction.
 */
export async function transact<T>(
  session: ClientSession,
  work: (session: ClientSession) => Promise<T>,
  mostMs = OPERATION_MS,
): Promise<T> {
  const until = performance.now() + CONFLICT_MS;
  for (let tries = 1; ; tries++) {
    try {
      session.startTransaction(TRANSACTION);
      const result = await bounded(work(session), mostMs);
      await commit(session);
      return result;
    } catch (error) {
      if (error instanceof OperationLate) giveUp(session);
      // A connection that broke before the commit was asked for leaves nothing behind.
      const open = session.inTransaction();
      await abort(session);
      const again = hasLabel(error, 'TransientTransactionError') || isDuplicateKey(error) || (open && isBroken(error));
      // A conflict is settled by waiting for the other one; a broken connection gets a few tries only.
      const left = isConflict(error) ? performance.now() < until : tries < TRIES;
      if (!again || !left || isUnreachable(error)) throw storageError(error);
      await pauseBefore(Math.min(tries, 5));
    }
  }
}

async function commit(session: ClientSession): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await bounded(session.commitTransaction());
    } catch (error) {
      // The same commit may be asked for again: the server knows whether it has happened.
      const unknown = hasLabel(error, 'UnknownTransactionCommitResult') || isBroken(error);
      if (!unknown || tries === TRIES || isUnreachable(error)) throw error;
      await pauseBefore(tries);
    }
  }
}

async function abort(session: ClientSession): Promise<void> {
  if (isSpent(session) || !session.inTransaction()) return;
  // A server that is away forgets the transaction by itself.
  await bounded(session.abortTransaction()).catch((error: unknown) => {
    if (error instanceof OperationLate) giveUp(session);
  });
}

/** isSpent: this session was ended, or something in it was given up; another one must be begun. */
export function isSpent(session: ClientSession): boolean {
  return session.hasEnded || spent.has(session);
}

/** giveUp a session; what still goes on in it fails with its next operation, and is never committed. */
function giveUp(session: ClientSession): void {
  spent.add(session);
  session.endSession().catch(() => undefined);
}

/** bounded gives the answer, or throws {@link OperationLate}; what comes of it after that is nobody's any more. */
export async function bounded<T>(answer: Promise<T>, mostMs = OPERATION_MS): Promise<T> {
  if (mostMs === UNBOUNDED) return answer;
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new OperationLate(`no answer within ${mostMs} ms`)), mostMs);
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function hasLabel(error: unknown, label: string): boolean {
  return error instanceof MongoError && error.hasErrorLabel(label);
}

const WRITE_CONFLICT = 112;

function isConflict(error: unknown): boolean {
  return error instanceof MongoError && (error.code === WRITE_CONFLICT || isDuplicateKey(error));
}

async function pauseBefore(tries: number): Promise<void> {
  await pause(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random()));
}
