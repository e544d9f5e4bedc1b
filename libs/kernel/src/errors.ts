/** Facts are what a problem tells besides its code: codes, ids, times, numbers. Never text from the request, never personal data. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

/** DomainError is the root of every expected failure; anything else is a bug and answered with 500. */
export abstract class DomainError extends Error {
  abstract readonly kind:
    'invalid' | 'not-found' | 'refused' | 'conflict' | 'forbidden' | 'unprocessable' | 'unavailable';
  constructor(
    /** code is stable and documented, `<context>.<what-is-wrong>`. */
    readonly code: string,
    readonly facts: Facts = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = new.target.name;
  }
}

/** Invalid: the request does not have the shape or values that the document allows (400). */
export class Invalid extends DomainError {
  readonly kind = 'invalid';
}
/** NotFound: there is no such thing, or none that the asker may know of; the answer is the same (404). */
export class NotFound extends DomainError {
  readonly kind = 'not-found';
  constructor(code = 'not-found', facts: Facts = {}) {
    super(code, facts);
  }
}
/** Refused: a rule of the domain forbids it in the present state (409). Nothing is stored. */
export class Refused extends DomainError {
  readonly kind = 'refused';
}
/** Conflict: somebody else was first (412 with If-Match, else 409). */
export class Conflict extends DomainError {
  readonly kind = 'conflict';
}
/** Forbidden: the asker knows of the thing, but this is not his to do (403). */
export class Forbidden extends DomainError {
  readonly kind = 'forbidden';
}
/** Unprocessable: well-formed but contradicts an earlier request, as a reused Idempotency-Key (422). */
export class Unprocessable extends DomainError {
  readonly kind = 'unprocessable';
}
/** Unavailable: a part needed to answer safely is away; try again later (503). */
export class Unavailable extends DomainError {
  readonly kind = 'unavailable';
}

/** Failure names what went wrong, for logs and health: the error's class, and a code with its facts where it has them. */
export interface Failure {
  readonly error: string;
  readonly code?: string;
  readonly facts?: Facts;
}

/** placeOf an error: its class and where in the program it came from, for logs; never its message, which may hold what somebody wrote. */
export function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name, message, stack = '' } = error;
  const said = message === '' ? -1 : stack.indexOf(message);
  const frames = (said === -1 ? stack : stack.slice(said + message.length)).split('\n');
  const places = frames.map((line) => line.trim()).filter((line) => line.startsWith('at '));
  return [name, ...places.slice(0, 8)].join(' | ');
}

/** failureOf an error: never its message, nor where it came from, since what is not ours may hold anything. */
export function failureOf(error: unknown): Failure {
  if (error instanceof DomainError) {
    const { name, code, facts } = error;
    return Object.keys(facts).length > 0 ? { error: name, code, facts } : { error: name, code };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)
    ? { error: error.name, code }
    : { error: error.name };
}
