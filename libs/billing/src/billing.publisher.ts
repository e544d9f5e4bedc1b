import { BILLING_TOPIC, type BillingMessages } from '@second-opinion/contracts';
import type { Publication, Publisher, RecordedEvent } from '@second-opinion/kernel';
import { referenceOf } from './issuing.rules';
import type { QuoteEvent } from './quote.events';
import type { SeriesEvent } from './series.events';
import { caseIdOf } from './streams.rules';

type Told<Type extends keyof BillingMessages> = Omit<BillingMessages[Type], 'caseId'>;

function told<Type extends keyof BillingMessages>(caseId: string, type: Type, data: Told<Type>): Publication {
  return { type, key: caseId, data: { caseId, ...data } };
}

/** referred: with the reference that the paper itself bears. */
function referred<Type extends keyof BillingMessages>(caseId: string, type: Type, data: Told<Type>): Publication {
  return told(caseId, type, { ...data, reference: referenceOf(caseId) });
}

const ended =
  (type: 'QuoteDeclined' | 'QuoteSuperseded') =>
  ({ stream, data }: RecordedEvent<QuoteEvent & { data: { quoteId: string } }>) =>
    told(caseIdOf(stream), type, { quoteId: data.quoteId });

/** What the others are told about money: amounts, numbers, dates and ids (BR-55); numbers come from the series, the rest from the case. */
export const billingPublisher: Publisher<QuoteEvent | SeriesEvent> = {
  topic: BILLING_TOPIC,
  categories: ['billing.quote', 'billing.series'],
  on: {
    QuoteIssued: ({ stream, data }) => {
      const { quoteId, round, doctorId, netCents, vatCents, totalCents, vatTreatment, payer } = data;
      const { terms, explanationVersion, validUntil, issuedAt, reference } = data;
      const amounts = { netCents, vatCents, totalCents, vatTreatment };
      const versions = { termsVersion: terms.version, explanationVersion };
      return told(caseIdOf(stream), 'QuoteIssued', {
        ...{ quoteId, round, doctorId, payer, validUntil, issuedAt, reference },
        ...amounts,
        ...versions,
      });
    },
    QuoteSigned: ({ stream, data: { quoteId, doctorId, signedAt } }) =>
      told(caseIdOf(stream), 'QuoteSigned', { quoteId, doctorId, signedAt }),
    // Whoever waits for a signature waits for one with his doctor: the signature that stayed is told again for the new one.
    QuoteCarriedOver: ({ stream, data: { quoteId, doctorId, signedAt } }) =>
      told(caseIdOf(stream), 'QuoteSigned', { quoteId, doctorId, signedAt }),
    QuoteDeclined: ended('QuoteDeclined'),
    QuoteExpired: ({ stream, data: { quoteId } }) => referred(caseIdOf(stream), 'QuoteExpired', { quoteId }),
    QuoteSuperseded: ended('QuoteSuperseded'),
    QuoteOverdue: ({ stream, data: { dueAt } }) => told(caseIdOf(stream), 'QuoteOverdue', { dueAt }),
    QuoteReminderDue: ({ stream, data: { quoteId, validUntil } }) =>
      referred(caseIdOf(stream), 'QuoteReminderDue', { quoteId, validUntil }),
    InvoiceIssued: ({ data }) => {
      const { caseId, invoiceNumber, charge, payer, netCents, vatCents, totalCents, issuedOn, paymentDueOn } = data;
      const amounts = { netCents, vatCents, totalCents };
      return referred(caseId, 'InvoiceIssued', { invoiceNumber, charge, payer, ...amounts, issuedOn, paymentDueOn });
    },
    CreditNoteIssued: ({ data: { caseId, creditNoteNumber, invoiceNumber, totalCents, issuedOn } }) =>
      referred(caseId, 'CreditNoteIssued', { creditNoteNumber, invoiceNumber, totalCents, issuedOn }),
    InvoicePaid: ({ stream, data: { invoiceNumber } }) => told(caseIdOf(stream), 'InvoicePaid', { invoiceNumber }),
    PaymentOverdue: ({ stream, data: { invoiceNumber, paymentDueOn } }) =>
      referred(caseIdOf(stream), 'PaymentOverdue', { invoiceNumber, paymentDueOn }),
    BillingSettled: ({ stream, data: { invoiced } }) => told(caseIdOf(stream), 'BillingSettled', { invoiced }),
  },
};
