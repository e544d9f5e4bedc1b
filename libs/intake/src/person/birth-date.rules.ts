import { Invalid, localDateOf, type Instant } from '@second-opinion/kernel';

/** mustBeBorn throws `Invalid` that names the place when a date of birth lies after today. */
export function mustBeBorn(birthDate: string, now: Instant, at: string): void {
  if (birthDate > localDateOf(now)) throw new Invalid('invalid-request', { at, rule: 'not-after-today' });
}
