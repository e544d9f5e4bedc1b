import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { NoteCreditNoteNumber, NoteInvoiceNumber } from './quote.commands';
import type { SeriesEvent } from './series.events';

/** The case learns the number: from here on payments, credit notes and the settlement are decided there. */
export const whenInvoiceIssuedNoteNumber: OwnPolicy<SeriesEvent> = {
  name: 'when-invoice-issued-note-number',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    InvoiceIssued: ({ data }) => [issue(NoteInvoiceNumber, { caseId: data.caseId, invoice: data })],
    CreditNoteIssued: ({ data: { caseId, creditId, creditNoteNumber, issuedOn } }) => [
      issue(NoteCreditNoteNumber, { caseId, creditId, creditNoteNumber, issuedOn }),
    ],
  },
};
