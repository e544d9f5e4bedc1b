import type { Reading, View } from '@second-opinion/kernel';
import { numberIn } from './billing.terms';
import type { SeriesEvent } from './series.events';
import { idOf } from './streams.rules';
import { seriesExample } from './billing.examples';

/** SeriesRow is the proof of a series: what is wrong with it, which is nothing. */
export interface SeriesRow {
  readonly series: string;
  readonly entries: number;
  readonly first: string;
  readonly last: string;
  readonly firstIssuedOn: string;
  readonly lastIssuedOn: string;
  readonly totalCents: number;
  /** faults: places where a number is missing, double, foreign, or dated before the one before it; at most a hundred. */
  readonly faults: readonly string[];
}

const MOST_FAULTS = 100;

/** Continuity of the number series (BR-56), checked entry by entry as they stand in the log. */
export const series: View<SeriesRow> = {
  name: 'billing.series',
  version: 1,
  categories: ['billing.series'],
  indexes: [['series']],
  keys: ({ stream }) => [idOf(stream)],
  project: (row, recorded, key) => {
    const event = recorded as unknown as SeriesEvent;
    const { place, issuedOn, totalCents } = event.data;
    const number = event.type === 'InvoiceIssued' ? event.data.invoiceNumber : event.data.creditNoteNumber;
    const entries = (row?.entries ?? 0) + 1;
    const sound = place === entries && place === recorded.revision + 1 && number === numberIn(key, place);
    const inOrder = !row || issuedOn >= row.lastIssuedOn;
    const faults = row?.faults ?? [];
    return {
      series: key,
      entries,
      first: row?.first ?? number,
      last: number,
      firstIssuedOn: row?.firstIssuedOn ?? issuedOn,
      lastIssuedOn: issuedOn,
      totalCents: (row?.totalCents ?? 0) + totalCents,
      faults: (sound && inOrder) || faults.length >= MOST_FAULTS ? faults : [...faults, number],
    };
  },
};

export const seriesReading: Reading<SeriesRow> = {
  operation: 'billing.GetSeries',
  view: series,
  participants: () => ({}),
  caseId: () => undefined,
  show: ({ faults, ...row }) => ({ ...row, continuous: faults.length === 0, faults: [...faults] }),
  example: seriesExample,
};
