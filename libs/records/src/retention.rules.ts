import { categoryOf, Refused, type Category, type Instant, type RecordedEvent } from '@second-opinion/kernel';
import type { ErasureBasis } from './erasure.events';

/** RETENTION: how long what must stay, in years after its last change (domain section 9); versioned by the rules of the erasure. */
export const RETENTION = { fileYears: 20, neverSubmittedYears: 2, billingYears: 7 } as const;

/** CaseFacts are what the log says of a case when it is decided to forget it. */
export interface CaseFacts {
  readonly caseId: string;
  readonly submitted: boolean;
  readonly changedAt?: Instant;
  readonly billedAt?: Instant;
}

/** CASE_STREAMS hold what was decided in a case, each category with the case's id. */
export const CASE_STREAMS = ['intake.case', 'scheduling.appointment', 'reporting.file', 'billing.quote'] as const;
const BILLED = /^(QuoteIssued|QuoteSigned|Invoice|CreditNote|Payment)/;
/** factsOf a case, from the events of its streams, one stream after the other. */
export function factsOf(caseId: string, events: readonly RecordedEvent[]): CaseFacts {
  const types = events.map(({ type }) => type);
  // What follows from forgetting a part of it changes nothing that would have to be kept longer.
  const goneAt = firstOf(events.filter(({ type }) => type === 'CaseForgotten'));
  const ofFile = events.filter(
    ({ stream, metadata: { recordedAt } }) =>
      categoryOf(stream) !== 'billing.quote' && (goneAt === undefined || recordedAt < goneAt),
  );
  const ofMoney = events.filter(({ stream, type }) => categoryOf(stream) === 'billing.quote' && BILLED.test(type));
  const [changedAt, billedAt] = [lastOf(ofFile), lastOf(ofMoney)];
  return {
    caseId,
    submitted: types.includes('SecondOpinionRequestSubmitted'),
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(billedAt === undefined ? {} : { billedAt }),
  };
}

/** assertForgettable refuses, on any basis but his own request (whose case is open has withdrawn it then), what has not reached the end of its term. */
export function assertForgettable(
  { categories, basis }: { readonly categories: readonly Category[]; readonly basis: ErasureBasis },
  cases: readonly CaseFacts[],
  now: Instant,
): void {
  if (basis === 'EMPLOYEE_REQUEST') return;
  for (const facts of cases) {
    const { caseId, submitted, changedAt } = facts;
    if (basis === 'NEVER_SUBMITTED' && submitted) throw new Refused('records.request-submitted', { caseId });
    const billing = billsStayUntil(facts);
    if (categories.includes('BILLING') && now < billing)
      throw new Refused('records.tax-duty', { category: 'BILLING', caseId, until: billing });
    const until = yearsAfter(changedAt, submitted ? RETENTION.fileYears : RETENTION.neverSubmittedYears);
    if (categories.some((category) => category !== 'BILLING') && now < until)
      throw new Refused('records.retention-running', { caseId, until });
  }
}

/** billsStayUntil this instant; the empty one, which is before all others, when nothing was billed. */
export function billsStayUntil({ billedAt }: CaseFacts): Instant {
  return yearsAfter(billedAt, RETENTION.billingYears);
}

const instantsOf = (events: readonly RecordedEvent[]): readonly Instant[] =>
  events.map(({ metadata }) => metadata.recordedAt).toSorted();
const firstOf = (events: readonly RecordedEvent[]): Instant | undefined => instantsOf(events)[0];
const lastOf = (events: readonly RecordedEvent[]): Instant | undefined => instantsOf(events).at(-1);

/** yearsAfter an instant; what never happened was over long ago. */
function yearsAfter(instant: Instant | undefined, years: number): Instant {
  if (instant === undefined) return '';
  const date = new Date(instant);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString();
}
