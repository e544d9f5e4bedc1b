import type { Charge } from '@second-opinion/contracts';
import { localDateOf, startOfLocalDay, type Circumstances, type LocalDate } from '@second-opinion/kernel';
import { minutesAt, percentOf, piece, totalsOf, type Line } from './amounts.rules';
import { invoiceSeries, TERMS, vatRules } from './billing.terms';
import { deliveredQuote, evolve, type CaseMoney, type Missed, type Quote } from './quote-state.rules';
import type { QuoteEvent } from './quote.events';

type Rule = (state: CaseMoney, around: Circumstances) => QuoteEvent[];

/** signedQuote: nothing is ever charged but on a signed quote, at its prices and terms. */
function signedQuote({ quote }: CaseMoney): Quote | undefined {
  return quote?.status === 'signed' ? quote : undefined;
}

/** BR-53, BR-59: once shared with the employee the advice is delivered, whatever he decides about it. */
export const chargeSecondOpinion: Rule = (state, around) => {
  const quote = deliveredQuote(state) ?? signedQuote(state);
  if (!quote || state.sharedAt === undefined || state.charges.SECOND_OPINION) return [];
  const lines = [piece('SECOND_OPINION', quote.netCents)];
  return [invoiceDue('SECOND_OPINION', quote, lines, localDateOf(state.sharedAt), around)];
};

/** Late cancellations and no-shows by the terms on the quote: each charge once, and illness waives once. */
export const chargeFees: Rule = (state, around) => {
  const quote = signedQuote(state);
  if (!quote) return [];
  const events: QuoteEvent[] = [];
  let now = state;
  for (const one of state.missed) {
    const more = fee(now, one, quote, around);
    events.push(...more);
    now = more.reduce(evolve, now);
  }
  return events;
};

function fee(state: CaseMoney, one: Missed, quote: Quote, around: Circumstances): QuoteEvent[] {
  const { terms, consultationNetCents } = quote;
  const { appointmentId } = one;
  const charge: Charge = one.kind === 'NO_SHOW' ? 'NO_SHOW' : 'LATE_CANCELLATION';
  const percent = percentFor(state, one, terms);
  if (percent === 0 || consultationNetCents === 0) return [];
  if (state.charges[charge] || state.waived.includes(appointmentId)) return [];
  if (one.illnessProof && state.waived.length < terms.illnessWaivers)
    return [{ type: 'FeeWaived', data: { appointmentId, termsVersion: terms.version } }];
  const lines = [percentOf(charge, consultationNetCents, percent)];
  // Only the month: a date would tell an employer who was not where on that day (BR-55).
  return [invoiceDue(charge, quote, lines, earnedOn(one).slice(0, 7), around)];
}

/** earnedOn: the hour kept for him for nothing, also when that is recorded later; a cancelling comes before its appointment and costs by itself. */
function earnedOn(one: Missed): string {
  return one.kind === 'NO_SHOW' && one.startsAt !== undefined ? one.startsAt : localDateOf(one.at);
}

/** Only the employee's own cancelling costs; what the system cancels because he withdrew is his own too, not what fell away before with its doctor (A15). */
function percentFor({ ending }: CaseMoney, one: Missed, terms: Quote['terms']): number {
  if (one.kind === 'NO_SHOW') return terms.noShowPercent;
  const withdrawnAt = ending?.ending === 'WITHDRAWN' ? ending.at : undefined;
  const his = one.by === 'employee' || (one.by === 'system' && withdrawnAt !== undefined && one.at >= withdrawnAt);
  if (!his || one.noticeClass === 'FREE') return 0;
  return one.noticeClass === 'WITHIN_24_HOURS' ? terms.within24HoursPercent : terms.withinTwoWorkingDaysPercent;
}

/** BR-76 after the consultation: what was worked. Not besides the whole advice. */
export const chargeWorkedHours: Rule = (state, around) => {
  const quote = signedQuote(state);
  const { worked, charges, ending } = state;
  if (!quote || !worked || worked.minutes === 0 || ending?.ending !== 'WITHDRAWN') return [];
  if (charges.WORKED_HOURS || charges.SECOND_OPINION) return [];
  const lines = [minutesAt('WORKED_HOURS', worked.minutes, quote.hourlyNetCents)];
  return lines[0]?.netCents === 0 ? [] : [invoiceDue('WORKED_HOURS', quote, lines, localDateOf(worked.at), around)];
};

function invoiceDue(
  charge: Charge,
  quote: Quote,
  lines: Line[],
  delivered: string,
  { now }: Circumstances,
): QuoteEvent {
  const { quoteId, payer, reference, vatTreatment, vatText, vatBasisPoints } = quote;
  const today = localDateOf(now);
  return {
    type: 'InvoiceDue',
    data: {
      charge,
      payer,
      invoiceSeries: invoiceSeries(today),
      quoteId,
      reference,
      lines,
      ...totalsOf(lines, vatTreatment),
      vatTreatment,
      vatBasisPoints,
      ...(vatText === undefined ? {} : { vatText }),
      delivered,
      decidedAt: now,
      issueBy: startOfLocalDay(dayAfterLast(delivered)),
    },
  };
}

/** The 15th of the month after delivery is the last day; the term ends with it. */
function dayAfterLast(delivered: string): LocalDate {
  return Temporal.PlainYearMonth.from(delivered.slice(0, 7))
    .add({ months: 1 })
    .toPlainDate({ day: TERMS.invoiceByDayOfNextMonth })
    .add({ days: 1 })
    .toString();
}

/** vatOf a treatment as documents carry it. */
export function vatOf(treatment: keyof typeof vatRules): {
  vatTreatment: typeof treatment;
  vatBasisPoints: number;
  vatText?: string;
} {
  const { basisPoints, legalText } = vatRules[treatment];
  return { vatTreatment: treatment, vatBasisPoints: basisPoints, ...(legalText ? { vatText: legalText } : {}) };
}
