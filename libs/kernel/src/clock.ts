import type { Instant } from './ids';

/** Clock gives business time. Injected at the rim; domain code gets `now` as an argument. Leases and backoff use real time. */
export abstract class Clock {
  /** now as a UTC instant with milliseconds. */
  abstract now(): Instant;
}

let spelt = NaN;
let spelling: Instant = '';

/** instantOf gives the product's one spelling of an instant. */
export function instantOf(epochMilliseconds: number): Instant {
  // What is done within a millisecond asks for the same one several times.
  if (epochMilliseconds !== spelt) {
    spelling = new Date(epochMilliseconds).toISOString();
    spelt = epochMilliseconds;
  }
  return spelling;
}
