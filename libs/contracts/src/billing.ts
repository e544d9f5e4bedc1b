import { CHARGES, PAYERS } from './codes';
import { events, field, type DataOf } from './fields';

/** reference of a case towards whoever pays: not the case number, which other papers bear (BR-55). */
const reference = field.optional(field.label());

/** BILLING_TOPIC: key = case id. */
export const BILLING_TOPIC = 'billing.events.v1';

/** Integration events of billing. No name, no birth date, no medical word (BR-55). */
export const billingMessages = events({
  QuoteIssued: {
    caseId: field.id(),
    quoteId: field.id(),
    round: field.count(),
    doctorId: field.id(),
    netCents: field.cents(),
    vatCents: field.cents(),
    totalCents: field.cents(),
    vatTreatment: field.code(['STANDARD_21', 'EXEMPT']),
    payer: field.code(PAYERS),
    termsVersion: field.label(),
    explanationVersion: field.label(),
    validUntil: field.instant(),
    issuedAt: field.instant(),
    reference,
  },
  /** A9. From here appointments may be confirmed (BR-28, BR-58). */
  QuoteSigned: { caseId: field.id(), quoteId: field.id(), doctorId: field.id(), signedAt: field.instant() },
  QuoteDeclined: { caseId: field.id(), quoteId: field.id() },
  QuoteExpired: { caseId: field.id(), quoteId: field.id(), reference },
  QuoteSuperseded: { caseId: field.id(), quoteId: field.id() },
  QuoteOverdue: { caseId: field.id(), dueAt: field.instant() },
  QuoteReminderDue: { caseId: field.id(), quoteId: field.id(), validUntil: field.instant(), reference },
  InvoiceIssued: {
    caseId: field.id(),
    invoiceNumber: field.label(),
    charge: field.code(CHARGES),
    payer: field.code(PAYERS),
    netCents: field.cents(),
    vatCents: field.cents(),
    totalCents: field.cents(),
    issuedOn: field.date(),
    paymentDueOn: field.date(),
    reference,
  },
  CreditNoteIssued: {
    caseId: field.id(),
    creditNoteNumber: field.label(),
    invoiceNumber: field.label(),
    totalCents: field.cents(),
    issuedOn: field.date(),
    reference,
  },
  InvoicePaid: { caseId: field.id(), invoiceNumber: field.label() },
  PaymentOverdue: { caseId: field.id(), invoiceNumber: field.label(), paymentDueOn: field.date(), reference },
  /** Nothing more can become due in this case now: intake may close (A21). */
  BillingSettled: { caseId: field.id(), invoiced: field.flag() },
});
export type BillingMessages = DataOf<typeof billingMessages>;
