import {
  addDays,
  localDateOf,
  startOfLocalDay,
  type Decider,
  type InstancesOf,
  type Instant,
  type LocalDate,
} from '@second-opinion/kernel';
import { BILLING_RULES, numberIn, TERMS } from './billing.terms';
import type * as commands from './series.commands';
import type { SeriesEvent } from './series.events';

/** A series: how many entries it has, and the date of the last one. */
export interface Series {
  readonly entries: number;
  readonly lastIssuedOn?: LocalDate;
}

/**
 * One number series (BR-56): an entry's place is its number, so that deciding the number and keeping it are one append. Nothing else is
 * stored here, or there would be gaps. Many write it: appends of one process stand in line, those of several meet at the revision.
 */
export const numberSeries: Decider<InstancesOf<typeof commands>, Series, SeriesEvent> = {
  category: 'billing.series',
  rulesVersion: BILLING_RULES,
  contended: true,
  initial: { entries: 0 },
  streamId: ({ series }) => String(series),
  decide: {
    IssueInvoice: ({ series, draft }, state, { now }) => {
      if (!draft) return [];
      const place = state.entries + 1;
      const issuedOn = dateAfter(state, now);
      const paymentDueOn = localDateOf(addDays(startOfLocalDay(issuedOn), TERMS.paymentDays));
      const invoiceNumber = numberIn(series, place);
      return [{ type: 'InvoiceIssued', data: { ...draft, invoiceNumber, place, issuedOn, paymentDueOn } }];
    },
    NumberCreditNote: ({ series, draft }, state, { now }) => {
      if (!draft) return [];
      const place = state.entries + 1;
      const creditNoteNumber = numberIn(series, place);
      return [
        { type: 'CreditNoteIssued', data: { ...draft, creditNoteNumber, place, issuedOn: dateAfter(state, now) } },
      ];
    },
  },
  evolve: (state, { data }) => ({ entries: state.entries + 1, lastIssuedOn: data.issuedOn }),
};

/** Dates follow the numbers, also when the clocks of two replicas differ around midnight. */
function dateAfter({ lastIssuedOn }: Series, now: Instant): LocalDate {
  const today = localDateOf(now);
  return lastIssuedOn !== undefined && lastIssuedOn > today ? lastIssuedOn : today;
}
