import { events, field, type EventsOf } from '@second-opinion/contracts';
import { addressee, charge, CREDIT_REASONS, line, parties, supplier, totals, vat } from './money.events';

const entry = {
  /** place in the series, from 1: the number without its name. */
  place: field.count(),
  caseId: field.id(),
  reference: field.label(),
  ...charge,
  ...parties,
  supplier: field.record(supplier),
  ...addressee,
  lines: field.list(field.record(line)),
  ...totals,
  ...vat,
  vatText: field.optional(field.label()),
  issuedOn: field.date(),
};

/** Every stored event of `billing.series-<series>`: each is an entry, and its place is its number (BR-56). */
export const seriesEvents = events({
  InvoiceIssued: {
    invoiceNumber: field.label(),
    ...entry,
    quoteId: field.id(),
    delivered: field.label(),
    paymentDueOn: field.date(),
    lineTextsVersion: field.label(),
  },
  /** BR-57: the only way in which an issued invoice changes. */
  CreditNoteIssued: {
    creditNoteNumber: field.label(),
    creditId: field.id(),
    invoiceNumber: field.label(),
    reason: field.code(CREDIT_REASONS),
    ...entry,
  },
});
export type SeriesEvent = EventsOf<typeof seriesEvents>;
export type InvoiceIssued = Extract<SeriesEvent, { type: 'InvoiceIssued' }>['data'];
export type CreditNoteIssued = Extract<SeriesEvent, { type: 'CreditNoteIssued' }>['data'];
