import type { ContextRules } from './rules';

const BOOKS = {
  roles: ['back-office', 'auditor'],
  basis: 'keeps or audits the books; nothing in them names a case',
} as const;

/** billingAccess: item 19 for the quote, item 20 for invoices, the role alone for tariffs and number series, which belong to no case. */
export const billingAccess: ContextRules = {
  operations: {
    PublishTariff: { roles: ['back-office'], basis: 'back office sets the prices (A8)' },
    GetTariff: BOOKS,
    GetSeries: BOOKS,
    ListSeriesEntries: BOOKS,
    ListTasks: {
      roles: ['back-office', 'company-doctor', 'employee', 'second-opinion-doctor'],
      basis: 'everybody his own tasks',
    },

    IssueQuote: { item: 19, right: 'W', only: ['back-office'] },
    // A9: the own doctor signs; the employee too when he pays, which the stream knows.
    SignQuote: { item: 19, right: 'D', only: ['own-doctor', 'employee'] },
    DeclineQuote: { item: 19, right: 'D', only: ['own-doctor', 'employee'] },
    GetCaseMoney: { item: 19, right: 'R' },
    ListCaseMoney: { item: 19, right: 'R' },

    IssueCreditNote: { item: 20, right: 'W', only: ['back-office'] },
    RecordPayment: { item: 20, right: 'W', only: ['back-office'] },
    GetInvoice: { item: 20, right: 'R' },
    ListInvoices: { item: 20, right: 'R' },
  },
  // The only personal text in billing is the debtor's, sealed by intake under its own purpose (BR-55).
  purposes: {},
};
