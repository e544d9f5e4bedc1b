import { setTimeout as pause } from 'node:timers/promises';
import type { ClientSession, TransactionOptions } from 'mongodb';
import { MongoError } from 'mongodb';
import { isAway, isDuplicateKey, isUnreachable, storageError } from './errors';

const TRIES = 4;
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
 * `Unavailable('storage-unavailable')` after a few tries, or at once when the driver has waited for a server in vain.
 */
export async function retried<T>(operation: (again: boolean) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await operation(tries > 1);
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
 * await each operation before the next, never two at once. What `work` throws aborts the transaction.
 */
export async function transact<T>(session: ClientSession, work: (session: ClientSession) => Promise<T>): Promise<T> {
  const until = performance.now() + CONFLICT_MS;
  for (let tries = 1; ; tries++) {
    try {
      session.startTransaction(TRANSACTION);
      const result = await work(session);
      await commit(session);
      return result;
    } catch (error) {
      await abort(session);
      const again = hasLabel(error, 'TransientTransactionError') || isDuplicateKey(error);
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
      return await session.commitTransaction();
    } catch (error) {
      // The same commit may be asked for again: the server knows whether it has happened.
      if (!hasLabel(error, 'UnknownTransactionCommitResult') || tries === TRIES || isUnreachable(error)) throw error;
      await pauseBefore(tries);
    }
  }
}

async function abort(session: ClientSession): Promise<void> {
  if (!session.inTransaction()) return;
  // A server that is away forgets the transaction by itself.
  await session.abortTransaction().catch(() => undefined);
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
