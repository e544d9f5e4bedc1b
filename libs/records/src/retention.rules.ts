import { categoryOf, Refused, type Category, type Instant, type RecordedEvent } from '@second-opinion/kernel';
import type { ErasureBasis } from './erasure.events';

/** RETENTION: how long what must stay, in years after its last change (domain section 9); versioned by the rules of the erasure. */
export const RETENTION = { fileYears: 20, neverSubmittedYears: 2, billingYears: 7 } as const;

/** CaseFacts are what the log says of a case when it is decided to forget it. */
export interface CaseFacts {
  readonly caseId: string;
  readonly submitted: boolean;
  /** underWay: a doctor has taken it on and it has not ended, or a release or its follow-up is still to come. */
  readonly underWay: boolean;
  readonly changedAt?: Instant;
  readonly billedAt?: Instant;
}

/** CASE_STREAMS hold what was decided in a case, each category with the case's id. */
export const CASE_STREAMS = ['intake.case', 'scheduling.appointment', 'reporting.file', 'billing.quote'] as const;
const BILLED = /^(QuoteIssued|QuoteSigned|Invoice|CreditNote|Payment)/;
/** LASTING: what begins with one of the first and ends with one of the second. */
const LASTING: readonly (readonly [begins: readonly string[], ends: readonly string[]])[] = [
  [['IndependenceConfirmed', 'CaseReopened'], ['CaseClosed']],
  [
    ['ReleaseConsentGranted'],
    ['ReleaseConsentWithdrawn', 'ReportBlocked', 'RequestWithdrawn', 'ReportSharedWithEmployee', 'ReportReleased'],
  ],
  [['ReportReleased'], ['FollowUpRecorded', 'FollowUpTermEnded']],
];

/** factsOf a case, from the events of its streams, one stream after the other. */
export function factsOf(caseId: string, events: readonly RecordedEvent[]): CaseFacts {
  const types = events.map(({ type }) => type);
  const ofFile = events.filter(({ stream }) => categoryOf(stream) !== 'billing.quote');
  const ofMoney = events.filter(({ stream, type }) => categoryOf(stream) === 'billing.quote' && BILLED.test(type));
  const [changedAt, billedAt] = [lastOf(ofFile), lastOf(ofMoney)];
  return {
    caseId,
    submitted: types.includes('SecondOpinionRequestSubmitted'),
    underWay: LASTING.some(([begins, ends]) => {
      const last = types.findLast((type) => begins.includes(type) || ends.includes(type));
      return last !== undefined && begins.includes(last);
    }),
    ...(changedAt === undefined ? {} : { changedAt }),
    ...(billedAt === undefined ? {} : { billedAt }),
  };
}

/**
 * assertForgettable refuses what may not be forgotten yet: a case that others work on, for as long as they do (the employee may withdraw
 * it first, BR-76; BR-71 leaves three months), and on any basis but his own request what has not reached the end of its term.
 */
export function assertForgettable(
  { categories, basis }: { readonly categories: readonly Category[]; readonly basis: ErasureBasis },
  cases: readonly CaseFacts[],
  now: Instant,
): void {
  for (const { caseId, submitted, underWay, changedAt, billedAt } of cases) {
    if (underWay) throw new Refused('records.case-under-way', { caseId });
    if (basis === 'EMPLOYEE_REQUEST') continue;
    if (basis === 'NEVER_SUBMITTED' && submitted) throw new Refused('records.request-submitted', { caseId });
    const billing = yearsAfter(billedAt, RETENTION.billingYears);
    if (categories.includes('BILLING') && now < billing)
      throw new Refused('records.tax-duty', { category: 'BILLING', caseId, until: billing });
    const until = yearsAfter(changedAt, submitted ? RETENTION.fileYears : RETENTION.neverSubmittedYears);
    if (categories.some((category) => category !== 'BILLING') && now < until)
      throw new Refused('records.retention-running', { caseId, until });
  }
}

function lastOf(events: readonly RecordedEvent[]): Instant | undefined {
  return events
    .map(({ metadata }) => metadata.recordedAt)
    .toSorted()
    .at(-1);
}

/** yearsAfter an instant; what never happened was over long ago. */
function yearsAfter(instant: Instant | undefined, years: number): Instant {
  if (instant === undefined) return '';
  const date = new Date(instant);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString();
}
