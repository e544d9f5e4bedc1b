import type { Reading, View } from '@second-opinion/kernel';
import type { Entry } from './history.rules';
import { caseExample } from './records.examples';

/** A case as an auditor finds it: when it began, how long its history is, when something last happened. */
export interface CaseRow {
  readonly caseId: string;
  readonly since: string;
  readonly lastAt: string;
  readonly entries: number;
}

export const cases: View<CaseRow> = {
  name: 'records.cases',
  version: 1,
  categories: ['records.history'],
  indexes: [['since']],
  keys: (event) => [(event as Entry).data.caseId],
  begins: ({ revision }) => revision === 0,
  project: (row, event) => {
    const { caseId, at } = (event as Entry).data;
    return { caseId, since: row?.since ?? at, lastAt: at, entries: event.revision + 1 };
  },
};

/** Only auditors; they see ids and times of cases, nobody's data. */
export const casesReading: Reading<CaseRow> = {
  operation: 'records.ListCases',
  view: cases,
  participants: () => ({}),
  caseId: ({ caseId }) => caseId,
  show: ({ caseId, since, lastAt, entries }) => ({ caseId, since, lastAt, entries }),
  example: caseExample,
};
