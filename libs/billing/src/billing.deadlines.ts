import { issue, type Deadline } from '@second-opinion/kernel';
import type { Charge } from '@second-opinion/contracts';
import {
  EndSettlementTerm,
  ExpireQuote,
  NoteInvoiceLate,
  NotePaymentOverdue,
  NoteQuoteOverdue,
  RemindOfQuote,
} from './quote.commands';
import type { QuoteEvent } from './quote.events';
import { StartTariff, type TariffId } from './tariff.commands';
import type { TariffEvent } from './tariff.events';

const QUOTE = ['billing.quote'];

/** BR-27: a quote is issued within 24 hours counted on working days. */
export const quoteTerm: Deadline<QuoteEvent> = {
  name: 'quote-term',
  categories: QUOTE,
  start: { QuoteRequested: ({ data: { round, dueAt } }) => [{ ref: String(round), dueAt }] },
  stop: {
    QuoteIssued: () => 'all',
    QuoteCarriedOver: () => 'all',
    EndingNoted: () => 'all',
    OfferDeclineNoted: ({ data }) => [String(data.round)],
  },
  send: ({ streamId, ref }) => issue(NoteQuoteOverdue, { caseId: streamId, round: Number(ref) }),
};

const notOpenAnyMore: Deadline<QuoteEvent>['stop'] = {
  QuoteSigned: () => 'all',
  QuoteDeclined: () => 'all',
  QuoteExpired: () => 'all',
  QuoteSuperseded: () => 'all',
};

/** The signers are reminded once, halfway. */
export const quoteReminder: Deadline<QuoteEvent> = {
  name: 'quote-reminder',
  categories: QUOTE,
  start: { QuoteIssued: ({ data: { quoteId, remindAt } }) => [{ ref: quoteId, dueAt: remindAt }] },
  stop: notOpenAnyMore,
  send: ({ streamId, ref }) => issue(RemindOfQuote, { caseId: streamId, quoteId: ref }),
};

/** A9: a quote is valid for 14 days, to the end of the last one, as its signers are told (N04). */
export const quoteValidity: Deadline<QuoteEvent> = {
  name: 'quote-validity',
  categories: QUOTE,
  start: { QuoteIssued: ({ data: { quoteId, validUntil } }) => [{ ref: quoteId, dueAt: validUntil }] },
  stop: notOpenAnyMore,
  send: ({ streamId, ref }) => issue(ExpireQuote, { caseId: streamId, quoteId: ref }),
};

/** An invoice is issued by the 15th of the month after delivery. */
export const invoiceTerm: Deadline<QuoteEvent> = {
  name: 'invoice-term',
  categories: QUOTE,
  start: { InvoiceDue: ({ data: { charge, issueBy } }) => [{ ref: charge, dueAt: issueBy }] },
  stop: { InvoiceNumbered: ({ data }) => [data.charge] },
  send: ({ streamId, ref }) => issue(NoteInvoiceLate, { caseId: streamId, charge: ref as Charge }),
};

/** 30 days from the invoice date. */
export const paymentTerm: Deadline<QuoteEvent> = {
  name: 'payment-term',
  categories: QUOTE,
  start: {
    InvoiceNumbered: ({ data: { invoiceNumber, paymentDueAt } }) => [{ ref: invoiceNumber, dueAt: paymentDueAt }],
  },
  stop: { InvoicePaid: ({ data }) => [data.invoiceNumber] },
  send: ({ streamId, ref }) => issue(NotePaymentOverdue, { caseId: streamId, invoiceNumber: ref }),
};

/** No case stays open for ever because another context has nothing to tell. */
export const settlementTerm: Deadline<QuoteEvent> = {
  name: 'settlement-term',
  categories: QUOTE,
  start: { SettlementAwaited: ({ data }) => [{ ref: 'settlement', dueAt: data.until }] },
  stop: { BillingSettled: () => 'all' },
  send: ({ streamId }) => issue(EndSettlementTerm, { caseId: streamId }),
};

/** A tariff comes into force at the beginning of its first day. */
export const tariffStart: Deadline<TariffEvent> = {
  name: 'tariff-start',
  categories: ['billing.tariff'],
  start: { TariffPublished: ({ data: { version, validFrom } }) => [{ ref: String(version), dueAt: validFrom }] },
  stop: {},
  send: ({ streamId, ref }) => issue(StartTariff, { tariffId: streamId as TariffId, version: Number(ref) }),
};

export const billingDeadlines = [
  quoteTerm,
  quoteReminder,
  quoteValidity,
  invoiceTerm,
  paymentTerm,
  settlementTerm,
  tariffStart,
];
