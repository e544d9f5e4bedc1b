import { addWorkingDays, type Circumstances } from '@second-opinion/kernel';
import { TERMS } from './billing.terms';
import { chargeFees, chargeSecondOpinion, chargeWorkedHours } from './charges.rules';
import { deliveredQuote, evolve, type CaseMoney } from './quote-state.rules';
import type { QuoteEvent } from './quote.events';

type Rule = (state: CaseMoney, around: Circumstances) => QuoteEvent[];

/**
 * withConsequences adds to new facts what follows from them. The rules look at the state alone, never at which fact came last, so the
 * same facts have the same consequences in whatever order they come.
 */
export function withConsequences(state: CaseMoney, facts: QuoteEvent[], around: Circumstances): QuoteEvent[] {
  if (facts.length === 0) return [];
  const events = [...facts];
  let now = facts.reduce(evolve, state);
  for (const rule of RULES) {
    const more = rule(now, around);
    events.push(...more);
    now = more.reduce(evolve, now);
  }
  return events;
}

/** An unsigned quote goes with its round, or with the case; once the advice is delivered it stays to be signed (BR-53), unless that was another's. */
const supersedeQuote: Rule = (state) => {
  const { quote, offer, declinedRounds, ending, sharedAt } = state;
  if (quote?.status !== 'open') return [];
  const { quoteId, round } = quote;
  if (deliveredQuote(state)) return [{ type: 'QuoteSuperseded', data: { quoteId, cause: 'DOCTOR_CHANGED' } }];
  if (sharedAt !== undefined) return [];
  if (ending) return [{ type: 'QuoteSuperseded', data: { quoteId, cause: 'CASE_ENDED' } }];
  if (declinedRounds.includes(round))
    return [{ type: 'QuoteSuperseded', data: { quoteId, cause: 'ASSIGNMENT_DECLINED' } }];
  if (offer && offer.round > round) return [{ type: 'QuoteSuperseded', data: { quoteId, cause: 'DOCTOR_CHANGED' } }];
  return [];
};

/** A15: what was signed for the doctor whose case it is again counts again, at its price and for its payer; what another was to cost does not. */
const restoreQuote: Rule = ({ independent, offer, agreed, quote, charges }, { now }) => {
  if (!independent?.restored || offer?.round !== independent.round || quote?.round === offer.round) return [];
  const { doctorId, round } = independent;
  const signed = agreed[doctorId]?.quote;
  if (!signed || (charges.SECOND_OPINION && signed.quoteId !== charges.SECOND_OPINION.due.quoteId)) return [];
  const { quoteId, signedAt = now } = signed;
  const ends = quote && quote.quoteId !== quoteId && (quote.status === 'open' || quote.status === 'signed');
  return [
    ...(ends
      ? [{ type: 'QuoteSuperseded' as const, data: { quoteId: quote.quoteId, cause: 'DOCTOR_CHANGED' as const } }]
      : []),
    { type: 'QuoteCarriedOver', data: { quoteId, round, doctorId, signedAt } },
  ];
};

/** BR-27: a quote is due for the offer that stands, 24 hours on working days after the complete submission (or the next offer). */
const requestQuote: Rule = ({ submission, offer, declinedRounds, ending, requested, quote }, { calendar }) => {
  if (!submission || !offer || ending || declinedRounds.includes(offer.round)) return [];
  if (requested?.round === offer.round || quote?.round === offer.round) return [];
  const { round, doctorId, payer, offeredAt } = offer;
  const from = round === 1 ? submission.submittedAt : offeredAt;
  const dueAt = addWorkingDays(from, TERMS.quoteWithinWorkingDays, calendar);
  return [{ type: 'QuoteRequested', data: { round, doctorId, payer, dueAt, calendarVersion: calendar.version } }];
};

/** Every ending is answered once, when nothing that could still be charged is missing. */
const settle: Rule = (state, { now, calendar }) => {
  const { ending, settled, submission, offer, charges, awaited } = state;
  if (!ending || settled || (!submission && !offer)) return [];
  const awaits = state.termEnded ? undefined : missing(state);
  if (awaits !== undefined) {
    if (awaited?.awaits === awaits) return [];
    const until = addWorkingDays(now, TERMS.settlementWorkingDays, calendar);
    return [{ type: 'SettlementAwaited', data: { awaits, until, calendarVersion: calendar.version } }];
  }
  const due = Object.values(charges);
  if (due.some(({ invoice }) => !invoice)) return [];
  if (ending.ending === 'SHARED' && !charges.SECOND_OPINION) return [];
  return [{ type: 'BillingSettled', data: { invoiced: due.length > 0, at: now } }];
};

/** BR-76: reporting may have told the withdrawal before it heard of the consultation; it asks for the hours all the same. */
function missing({
  ending,
  worked,
  standing,
  sharedAt,
  heldAt,
}: CaseMoney): 'WORKED_HOURS' | 'CANCELLATION' | undefined {
  if (ending?.ending !== 'WITHDRAWN' || sharedAt !== undefined) return undefined;
  if (ending.consultationHeld || (heldAt !== undefined && heldAt <= ending.at))
    return worked ? undefined : 'WORKED_HOURS';
  return standing.length > 0 ? 'CANCELLATION' : undefined;
}

const RULES: readonly Rule[] = [
  supersedeQuote,
  restoreQuote,
  requestQuote,
  chargeSecondOpinion,
  chargeFees,
  chargeWorkedHours,
  settle,
];
