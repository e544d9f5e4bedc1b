import { DomainError, Unavailable } from '@second-opinion/kernel';
import {
  MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';

const DUPLICATE_KEY = 11_000;

/**
 * Codes of a server that is going, coming, or no longer the primary, and of what took too long: host unreachable and not found, lock
 * timeout, time limit, network timeout, shutdown, interrupted (whoever takes a lease over ends the session of its holder), write conflict,
 * stepped down, exceeded limit, not primary in its variants; and a transaction that the server does not know (251): when it is committed
 * again after a crash, nobody can say what has become of it.
 */
const AWAY_CODES: ReadonlySet<number> = new Set([
  6, 7, 24, 50, 89, 91, 112, 134, 189, 202, 251, 262, 317, 9001, 10058, 10107, 11600, 11601, 11602, 13435, 13436,
]);

/** NOT_LET_IN: the server knows no such user, or another password of his; a proxy before it says so with 8000. */
export const NOT_LET_IN: ReadonlySet<number> = new Set([11, 18, 8000]);

/** UNAUTHORISED: the user is known and may not do this. */
export const UNAUTHORISED = 13;

/** OperationLate: the driver gave no answer in time, and may never give one; whether the operation has happened is unknown. */
export class OperationLate extends Error {
  override readonly name = 'OperationLate';
}

/** mongoCode gives the server's code of an error, or undefined when it has none. */
export function mongoCode(error: unknown): number | undefined {
  if (!(error instanceof MongoError) || typeof error.code !== 'number') return undefined;
  return error.code;
}

/** isDuplicateKey: something with this unique key stands there already; on a repeated write it means that the first one arrived. */
export function isDuplicateKey(error: unknown): boolean {
  return mongoCode(error) === DUPLICATE_KEY;
}

/** SOCKET_CODES of a connection that ended: the driver hands out what Node says when it waits for a full socket. */
const SOCKET_CODES: ReadonlySet<unknown> = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

/** POOL_ERRORS have classes that the driver does not export: no connection became free in time, or the pool is closed. */
const POOL_ERRORS: ReadonlySet<string> = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);

/** isBroken: the connection ended under the operation, in the words of Node. */
export function isBroken(error: unknown): boolean {
  const said = underlying(error);
  return !(said instanceof MongoError) && SOCKET_CODES.has((said as NodeJS.ErrnoException | undefined)?.code);
}

/** isAway tells a server that cannot answer now from a wrong statement; whether a write has happened is then unknown. */
export function isAway(failure: unknown): boolean {
  const error = underlying(failure);
  if (isUnreachable(error) || isBroken(error) || error instanceof MongoNetworkError) return true;
  if (!(error instanceof MongoError)) return false;
  return (
    AWAY_CODES.has(mongoCode(error) ?? 0) ||
    POOL_ERRORS.has(error.name) ||
    error.hasErrorLabel('RetryableWriteError') ||
    error.hasErrorLabel('TransientTransactionError') ||
    error.hasErrorLabel('UnknownTransactionCommitResult')
  );
}

/** isUnreachable: the operation has been waited for long enough, for a server that takes it or for its answer: trying again at once is no use. */
export function isUnreachable(failure: unknown): boolean {
  const error = underlying(failure);
  return (
    error instanceof OperationLate ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoClientClosedError
  );
}

/**
 * storageError says it to callers: `Unavailable('storage-unavailable')` for a server that is away (a write may have happened or not) or
 * does not let this user in, as while his password is changed (nothing has happened),
 * `storage-refused` when the database user may not do this; anything else stays what it is.
 */
export function storageError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (error instanceof MongoClientClosedError) return new Unavailable('storage-closed', {}, { cause: error });
  const mongodb = mongoCode(error) ?? nameOf(underlying(error));
  if (isAway(error) || NOT_LET_IN.has(mongoCode(error) ?? 0))
    return new Unavailable('storage-unavailable', { mongodb }, { cause: error });
  if (mongodb === UNAUTHORISED) return new Unavailable('storage-refused', { mongodb }, { cause: error });
  return error;
}

/** underlying: what broke the connection under a bulk write comes in an error of its own class, which says neither what it was nor why. */
function underlying(error: unknown): unknown {
  if (!(error instanceof MongoBulkWriteError)) return error;
  const said: unknown = error.errorResponse;
  return said instanceof Error ? said : error;
}

/** nameOf an error that is not the server's: of the connection what Node calls it, else its class. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as NodeJS.ErrnoException;
  return SOCKET_CODES.has(code) ? String(code) : error.name;
}
