/** AttemptTimedOut: the server did not answer in time; whether it did what was asked is unknown. */
export class AttemptTimedOut extends Error {
  override readonly name = 'AttemptTimedOut';
}

/** CutOff: the call ended before its answer was whole, without an error of its own. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** gRPC: cancelled, deadline exceeded, aborted (also a consumer that was too slow), unavailable. Never 8: that message stays too large. */
const PASSING_CODES: ReadonlySet<unknown> = new Set([1, 4, 10, 14]);
const PASSING_TYPES: ReadonlySet<unknown> = new Set([
  'unavailable',
  'cancelled',
  'deadline-exceeded',
  'timeout',
  'not-leader',
]);
/** What the client says without a code: right after the server's start, between two connections, and while it looks for a leader. */
const PASSING_MESSAGES =
  /Server Is Not Ready|Server Is Busy|No leader info available|write after end|hannel has been shut down|Failed to discover/;
const UNKNOWN = 2;
const INTERNAL = 13;

/**
 * isPassing tells an error that goes away by itself (server away, starting, stopping or frozen; connection cut; consumer dropped) from
 * one that would come again. After one, whether an append was written is unknown.
 */
export function isPassing(error: unknown): boolean {
  if (error instanceof AttemptTimedOut || error instanceof CutOff) return true;
  if (!(error instanceof Error)) return false;
  const { code, type } = error as { code?: unknown; type?: unknown };
  if (PASSING_CODES.has(code) || PASSING_TYPES.has(type)) return true;
  // A clean stop of the server cuts calls off with this; 13 alone may as well be an argument that cannot be sent.
  if (code === INTERNAL) return error.message.includes('RST_STREAM');
  // A server that cannot yet read who its users are, right after its start.
  if (code === UNKNOWN && error.message.endsWith('Internal server error')) return true;
  return PASSING_MESSAGES.test(error.message);
}

/** gRPC: this user may not do this; nobody knows this user, or not with this password. */
const REFUSED_CODES: ReadonlySet<unknown> = new Set([7, 16]);

/** isRefused tells that the server does not take this user, or lets him do too little: another password, or rights that are being made. */
export function isRefused(error: unknown): boolean {
  const { code, type } = (error ?? {}) as { code?: unknown; type?: unknown };
  return type === 'access-denied' || (error instanceof Error && REFUSED_CODES.has(code));
}

/** movesOn tells an error after which the client connects anew, here or at the leader that it was told of, and leaves its calls where they are. */
export function movesOn(error: unknown): boolean {
  const { type } = (error ?? {}) as { type?: unknown };
  return type === 'unavailable' || type === 'cancelled' || type === 'not-leader';
}

/**
 * mayBeKept tells a passing error that the client may give to every append from then on: it asks a server only once what it can do, and
 * keeps as the answer that the call was cut off, or that there was no leader whom to ask.
 */
export function mayBeKept(error: unknown): boolean {
  if (!isPassing(error)) return false;
  const { code, message } = error as { code?: unknown; message: string };
  return code === INTERNAL || message.includes('Failed to discover');
}

/** backoffMs: how long to wait after so many failures in a row, with jitter so that not all come back at once. */
export function backoffMs(failures: number, mostMs: number): number {
  return Math.min(mostMs, 25 * 2 ** Math.min(failures, 20)) * (0.5 + Math.random() / 2);
}
