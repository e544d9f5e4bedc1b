import type { OperationProblems } from '@second-opinion/nest';

/** Generated from the sources by `npm run docs`; do not edit: what each operation can answer besides what every one can. */
export const billingProblems: OperationProblems = {
  PublishTariff: { refused: ['billing.consultation-dearer-than-all', 'billing.tariff-in-the-past'] },
  GetTariff: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  ListCaseMoney: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetCaseMoney: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  IssueQuote: {
    refused: [
      'billing.case-ended',
      'billing.debtor-missing',
      'billing.no-assignment-offered',
      'billing.no-tariff-in-force',
      'billing.quote-already-issued',
    ],
  },
  SignQuote: { refused: ['billing.quote-expired', 'billing.quote-not-current', 'billing.quote-not-open'] },
  DeclineQuote: {
    refused: [
      'billing.already-delivered',
      'billing.quote-expired',
      'billing.quote-not-current',
      'billing.quote-not-open',
    ],
  },
  IssueCreditNote: { refused: ['billing.amount-not-positive', 'billing.credit-exceeds-invoice'] },
  RecordPayment: {
    refused: ['billing.amount-not-positive', 'billing.payment-exceeds-open', 'billing.payment-in-the-future'],
  },
  ListInvoices: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  GetInvoice: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  GetSeries: {
    invalid: ['seal-broken', 'seal-malformed', 'seal-misplaced'],
    'not-found': ['not-found'],
    unavailable: ['access-log-unavailable', 'event-store.foreign-event', 'key-missing'],
  },
  ListSeriesEntries: {
    invalid: ['invalid-cursor', 'invalid-request', 'seal-broken', 'seal-malformed', 'seal-misplaced'],
    unavailable: ['access-log-unavailable', 'key-missing'],
  },
  ListTasks: { invalid: ['invalid-cursor', 'invalid-request'] },
};
