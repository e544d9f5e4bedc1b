import type { Charge } from '@second-opinion/contracts';
import type { LocalDate } from '@second-opinion/kernel';

/** TERMS: everything that domain.md tags [I], [M] or a provider's own habit. What binds a payer is frozen in his quote. */
export const TERMS = {
  version: 'billing-2026.1',
  /** BR-27: 24 hours on working days [S2]. */
  quoteWithinWorkingDays: 1,
  /** A9: validity of a quote, to the end of the last day, and when its signers are reminded [I]. */
  quoteValidDays: 14,
  quoteReminderAfterDays: 7,
  /** payment term on the invoice [V25]. */
  paymentDays: 30,
  /** an invoice is issued by this day of the month after delivery [V25]. */
  invoiceByDayOfNextMonth: 15,
  /** what another context still has to tell at the end of a case is waited for so long at most [I]. */
  settlementWorkingDays: 10,
} as const;

/** BILLING_RULES is stored with every event that billing decides (BR-77). */
export const BILLING_RULES = TERMS.version;

/** CancellationTerms as they stand on a quote: percentages of the consultation part. */
export interface CancellationTerms {
  readonly version: string;
  readonly freeUntilWorkingDays: number;
  readonly withinTwoWorkingDaysPercent: number;
  readonly within24HoursPercent: number;
  readonly noShowPercent: number;
  readonly illnessWaivers: number;
}

/** cancellationTerms of new quotes, domain section 8 [I, V24b]. */
export const cancellationTerms: CancellationTerms = {
  version: 'cancellation-2026.1',
  freeUntilWorkingDays: 2,
  withinTwoWorkingDaysPercent: 50,
  within24HoursPercent: 100,
  noShowPercent: 100,
  illnessWaivers: 1,
};

/** VAT_TREATMENTS a route may have; a tax adviser decides, the tariff freezes it (domain section 8). */
export const VAT_TREATMENTS = ['STANDARD_21', 'EXEMPT'] as const;
export type VatTreatment = (typeof VAT_TREATMENTS)[number];

/** vatRules: rate in basis points, and the text that the law wants on a line without VAT. */
export const vatRules: Readonly<Record<VatTreatment, { readonly basisPoints: number; readonly legalText?: string }>> = {
  STANDARD_21: { basisPoints: 2100 },
  EXEMPT: { basisPoints: 0, legalText: 'vrijgesteld van btw, art. 11 lid 1 onderdeel g Wet OB 1968' },
};

/** LINE_TEXTS of invoices: no name, no medical word, no place, and nothing that says who did not come (BR-55). */
export const LINE_TEXTS: Readonly<Record<Charge, { readonly nl: string; readonly en: string }>> = {
  SECOND_OPINION: { nl: 'Onafhankelijk advies volgens offerte', en: 'Independent advice as quoted' },
  NO_SHOW: { nl: 'Gereserveerde tijd volgens offertevoorwaarden', en: 'Reserved time under the terms of the quote' },
  LATE_CANCELLATION: {
    nl: 'Gereserveerde tijd volgens offertevoorwaarden',
    en: 'Reserved time under the terms of the quote',
  },
  WORKED_HOURS: { nl: 'Gewerkte tijd volgens offerte', en: 'Time worked as quoted' },
};
/** LINE_TEXTS_VERSION is stored with every invoice. */
export const LINE_TEXTS_VERSION = 'invoice-lines-2026.1';

/** SERIES_PREFIXES: one series a year for invoices and one for credit notes; a series never restarts inside a year. */
export const SERIES_PREFIXES = { invoices: 'SO', creditNotes: 'SC' } as const;

/** invoiceSeries in which something that became due on this date is numbered. */
export function invoiceSeries(on: LocalDate): string {
  return `${SERIES_PREFIXES.invoices}${on.slice(0, 4)}`;
}

/** creditSeries of this date. */
export function creditSeries(on: LocalDate): string {
  return `${SERIES_PREFIXES.creditNotes}${on.slice(0, 4)}`;
}

/** numberIn gives the number of the n-th entry of a series, counted from 1. */
export function numberIn(series: string, place: number): string {
  return `${series}-${String(place).padStart(6, '0')}`;
}
