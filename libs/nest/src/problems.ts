import type { DomainError } from '@second-opinion/kernel';

/** Problems are codes by the kind of error that carries them. */
export type Problems = Readonly<Partial<Record<DomainError['kind'], readonly string[]>>>;

/** OperationProblems are the problems of a context's operations, by name, besides those of every operation; `npm run docs` finds them in the sources. */
export type OperationProblems = Readonly<Record<string, Problems>>;

/** TITLES of problems by status, in plain words, with the code of what no decision of ours answers. */
export const TITLES: Readonly<Record<number, readonly [title: string, code?: string]>> = {
  400: ['The request is not as the document describes it', 'invalid-request'],
  401: ['A valid token is needed', 'unauthorized'],
  403: ['This is not yours to do', 'forbidden'],
  404: ['There is no such thing, or none that you may know of', 'not-found'],
  405: ['This path has other methods', 'method-not-allowed'],
  408: ['The request took too long to arrive', 'request-timeout'],
  409: ['A rule forbids it as things stand now'],
  412: ['It has changed since you saw it'],
  413: ['The request is too large', 'too-large'],
  414: ['A part of this path is too long', 'path-too-long'],
  415: ['This content type is not taken here', 'unsupported-media-type'],
  417: ['No expectation but 100-continue is met', 'expectation-failed'],
  422: ['This Idempotency-Key was used for another request'],
  429: ['Too many requests', 'too-many-requests'],
  431: ['The head of the request is too large', 'head-too-large'],
  500: ['Something went wrong on our side', 'internal'],
  503: ['A part that is needed is away; try again'],
};

const STATUS: Readonly<Record<DomainError['kind'], number>> = {
  invalid: 400,
  forbidden: 403,
  'not-found': 404,
  refused: 409,
  conflict: 409,
  unprocessable: 422,
  unavailable: 503,
};

/** STATUS_OF_CODE: the few codes for which HTTP has a word of its own. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = { 'precondition-failed': 412, 'document-too-large': 413 };

/** FAULTS are about what we keep ourselves, sealed or as a key: whatever the request, it is not the one to blame. */
const FAULTS: readonly string[] = [
  'category-not-ours',
  'document-broken',
  'seal-broken',
  'seal-malformed',
  'seal-misplaced',
  'vault.secret-destroyed',
];

/** statusOf an expected failure; 500 for a fault of ours, which then says nothing about itself. */
export function statusOf(kind: DomainError['kind'], code: string): number {
  return FAULTS.includes(code) ? 500 : (STATUS_OF_CODE[code] ?? STATUS[kind]);
}
