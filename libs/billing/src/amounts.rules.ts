import type { Cents } from '@second-opinion/kernel';
import { vatRules, type VatTreatment } from './billing.terms';

/** Line of a quote, invoice or credit note: net amounts, in integer cents, rounded per line. */
export interface Line {
  readonly item: string;
  readonly quantity: number;
  readonly unit: 'piece' | 'percent' | 'minute';
  readonly unitNetCents: Cents;
  readonly netCents: Cents;
}

/** Totals of a document with one rate; the VAT is computed over the rate's total, not per line (domain section 8). */
export interface Totals {
  readonly netCents: Cents;
  readonly vatCents: Cents;
  readonly totalCents: Cents;
}

/** share gives a part of an amount, halves rounded up. Integers only: the product must stay below 2^53. */
export function share(amount: Cents, numerator: number, denominator: number): Cents {
  return Math.floor((2 * amount * numerator + denominator) / (2 * denominator));
}

/** totalsOf a document of these lines. */
export function totalsOf(lines: readonly Line[], treatment: VatTreatment): Totals {
  const netCents = lines.reduce((sum, line) => sum + line.netCents, 0);
  const vatCents = share(netCents, vatRules[treatment].basisPoints, 10_000);
  return { netCents, vatCents, totalCents: netCents + vatCents };
}

/** piece is a line of one thing at a fixed price. */
export const piece = (item: string, netCents: Cents): Line => ({
  item,
  quantity: 1,
  unit: 'piece',
  unitNetCents: netCents,
  netCents,
});

/** percentOf is a line of a percentage of an amount. */
export const percentOf = (item: string, amount: Cents, percent: number): Line => ({
  item,
  quantity: percent,
  unit: 'percent',
  unitNetCents: amount,
  netCents: share(amount, percent, 100),
});

/** minutesAt is a line of minutes at an hourly price. */
export const minutesAt = (item: string, minutes: number, hourly: Cents): Line => ({
  item,
  quantity: minutes,
  unit: 'minute',
  unitNetCents: hourly,
  netCents: share(hourly, minutes, 60),
});
