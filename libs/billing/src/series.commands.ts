import { CHARGES, type Charge } from '@second-opinion/contracts';
import { Command, type CaseId } from '@second-opinion/kernel';
import { IsCode, IsId, IsLabel, Supplied } from '@second-opinion/nest/fields';
import type { CreditNoteIssued, InvoiceIssued } from './series.events';

type Numbered = 'place' | 'issuedOn';

/** InvoiceDraft is an invoice without number and dates: these are given by its place in the series. */
export type InvoiceDraft = Omit<InvoiceIssued, Numbered | 'invoiceNumber' | 'paymentDueOn'>;
/** CreditNoteDraft likewise. */
export type CreditNoteDraft = Omit<CreditNoteIssued, Numbered | 'creditNoteNumber'>;

/** A20: gives an invoice that is due its number. Its handler finds what is due and to whom, or lets it wait for the debtor. */
export class IssueInvoice extends Command {
  @IsLabel() series!: string;
  @IsId() caseId!: CaseId;
  @IsCode(CHARGES) charge!: Charge;
  @Supplied() draft?: InvoiceDraft;
}

/** Gives a decided credit note its number in the series of credit notes. */
export class NumberCreditNote extends Command {
  @IsLabel() series!: string;
  @IsId() caseId!: CaseId;
  @IsId() creditId!: string;
  @Supplied() draft?: CreditNoteDraft;
}
