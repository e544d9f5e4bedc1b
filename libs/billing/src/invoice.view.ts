import { ToOpen, type Reading, type Relation, type Shown, type View } from '@second-opinion/kernel';
import { LINE_TEXTS } from './billing.terms';
import type { QuoteEvent } from './quote.events';
import type { CreditNoteIssued, InvoiceIssued, SeriesEvent } from './series.events';
import { idOf } from './streams.rules';
import { invoiceExample, seriesEntryExample } from './billing.examples';

/** InvoiceRow is an entry of a series: an invoice with what became of it, or a credit note. */
export interface InvoiceRow {
  readonly number: string;
  readonly kind: 'INVOICE' | 'CREDIT_NOTE';
  readonly series: string;
  readonly place: number;
  readonly caseId: string;
  readonly employeeId: string;
  readonly ownDoctorId: string;
  readonly doctorId: string;
  readonly payer: string;
  readonly issuedOn: string;
  readonly data: InvoiceIssued | CreditNoteIssued;
  readonly paidCents: number;
  readonly creditedCents: number;
  readonly creditNotes: readonly string[];
  readonly overdue: boolean;
}

type Known = SeriesEvent | QuoteEvent;

/** Invoices and credit notes by number. */
export const invoices: View<InvoiceRow> = {
  name: 'billing.invoices',
  version: 1,
  categories: ['billing.series', 'billing.quote'],
  indexes: [
    ['series', 'place'],
    ['ownDoctorId', 'payer', 'issuedOn'],
    ['employeeId', 'payer', 'issuedOn'],
    ['doctorId', 'issuedOn'],
    ['caseId'],
    ['issuedOn'],
  ],
  keys: (recorded) => {
    const event = recorded as unknown as Known;
    switch (event.type) {
      case 'InvoiceIssued':
      case 'PaymentRecorded':
      case 'PaymentOverdue':
        return [event.data.invoiceNumber];
      case 'CreditNoteIssued':
        return [event.data.creditNoteNumber, event.data.invoiceNumber];
      default:
        return [];
    }
  },
  project: (row, recorded, key) => {
    const event = recorded as unknown as Known;
    switch (event.type) {
      case 'InvoiceIssued':
        return entered('INVOICE', key, idOf(recorded.stream), event.data);
      case 'CreditNoteIssued':
        return key === event.data.creditNoteNumber
          ? entered('CREDIT_NOTE', key, idOf(recorded.stream), event.data)
          : row && credited(row, event.data);
      case 'PaymentRecorded':
        return row && { ...row, paidCents: row.paidCents + event.data.amountCents };
      case 'PaymentOverdue':
        return row && { ...row, overdue: true };
      default:
        return row;
    }
  },
};

function entered(
  kind: InvoiceRow['kind'],
  number: string,
  series: string,
  data: InvoiceIssued | CreditNoteIssued,
): InvoiceRow {
  const { place, caseId, employeeId, ownDoctorId, doctorId, payer, issuedOn } = data;
  const known = { number, kind, series, place, caseId, employeeId, ownDoctorId, doctorId, payer, issuedOn, data };
  return { ...known, paidCents: 0, creditedCents: 0, creditNotes: [], overdue: false };
}

function credited(row: InvoiceRow, { totalCents, creditNoteNumber }: CreditNoteIssued): InvoiceRow {
  const creditNotes = [...row.creditNotes, creditNoteNumber];
  return { ...row, creditedCents: row.creditedCents + totalCents, creditNotes };
}

/**
 * chargeAs it is shown: of time that was kept for nothing the own doctor, whose service passes the bill on, is not told whether nobody came or it
 * was cancelled too late (N09, matrix row 12), as the words of its line do not (BR-55).
 */
export function chargeAs(charge: string, relation: Relation): string {
  return relation === 'own-doctor' && (charge === 'NO_SHOW' || charge === 'LATE_CANCELLATION')
    ? 'RESERVED_TIME'
    : charge;
}

/** The fields the law wants on an invoice (domain section 8), and nobody in them but who pays (BR-55). */
function document(row: InvoiceRow, relation: Relation): Shown {
  const { data, number, kind, payer, caseId, employeeId } = row;
  const { reference, supplier, debtorOrganisation, debtorPerson, vatTreatment, vatBasisPoints, vatText } = data;
  const seenByPayer = relation === 'employee' || relation === 'back-office';
  return {
    ...{ number, kind, caseId, reference, payer, issuedOn: data.issuedOn },
    supplier: { ...supplier },
    debtor:
      debtorPerson && seenByPayer
        ? new ToOpen(debtorPerson, { personId: employeeId, caseId, purpose: 'intake.debtor' })
        : debtorOrganisation && { ...debtorOrganisation },
    lines: data.lines.map((line) => ({
      ...line,
      item: chargeAs(line.item, relation),
      description: { ...LINE_TEXTS[data.charge] },
    })),
    ...{ netCents: data.netCents, vatTreatment, vatBasisPoints, vatText, vatCents: data.vatCents },
    totalCents: data.totalCents,
    ...('delivered' in data ? { delivered: data.delivered, paymentDueOn: data.paymentDueOn } : {}),
    ...('creditId' in data ? credit(data, relation) : {}),
    ...(kind === 'INVOICE' ? payments(row) : {}),
  };
}

/** BR-55: that somebody was ill stands on no paper that goes to his own doctor's service. */
function credit({ invoiceNumber, reason }: CreditNoteIssued, relation: Relation): Shown {
  return relation === 'own-doctor' ? { invoiceNumber } : { invoiceNumber, reason };
}

function payments(row: InvoiceRow): Shown {
  const { paidCents, creditedCents, creditNotes, overdue, data } = row;
  const openCents = data.totalCents - paidCents - creditedCents;
  const status = openCents > 0 ? (overdue ? 'OVERDUE' : 'OPEN') : paidCents > 0 ? 'PAID' : 'CREDITED';
  return { status, paidCents, creditedCents, openCents, creditNotes: [...creditNotes] };
}

export const invoiceReading: Reading<InvoiceRow> = {
  operation: 'billing.GetInvoice',
  view: invoices,
  participants: ({ payer, employeeId, ownDoctorId, doctorId }) => ({
    employee: employeeId,
    // BR-55: of what the employee pays the own doctor learns not even that it exists.
    ...(payer === 'EMPLOYEE' ? {} : { 'own-doctor': ownDoctorId }),
    'second-opinion-doctor': doctorId,
  }),
  caseId: ({ caseId }) => caseId,
  stream: ({ caseId }) => `billing.quote-${caseId}`,
  facts: ({ payer }) => ({ employeePays: payer === 'EMPLOYEE', employerPays: payer === 'EMPLOYER' }),
  show: document,
  example: invoiceExample,
};

export const invoicesReading: Reading<InvoiceRow> = { ...invoiceReading, operation: 'billing.ListInvoices' };

/** For auditors: the entries of a series in their order, with nothing that leads to a case. */
export const seriesEntriesReading: Reading<InvoiceRow> = {
  operation: 'billing.ListSeriesEntries',
  view: invoices,
  participants: () => ({}),
  caseId: () => undefined,
  show: ({ number, place, issuedOn, data: { reference, charge, netCents, vatCents, totalCents } }) => ({
    number,
    place,
    issuedOn,
    reference,
    charge,
    netCents,
    vatCents,
    totalCents,
  }),
  example: seriesEntryExample,
};
