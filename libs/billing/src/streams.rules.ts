import type { CaseId } from '@second-opinion/kernel';

/** idOf gives the part of a stream's name after the dash. */
export function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1);
}

/** caseIdOf a stream `billing.quote-<caseId>`. */
export function caseIdOf(stream: string): CaseId {
  return idOf(stream);
}
