import type { Charge } from '@second-opinion/contracts';
import type { CaseId } from '@second-opinion/kernel';
import { LINE_TEXTS_VERSION } from './billing.terms';
import type { DebtorOrganisation } from './organisation.events';
import { debtorSeal, type CaseMoney } from './quote-state.rules';
import type { CreditNoteDraft, InvoiceDraft } from './series.commands';

/** invoiceDraft of what is due; undefined when nothing is, when it has its number, or as long as its debtor is not known. */
export function invoiceDraft(
  caseId: CaseId,
  charge: Charge,
  state: CaseMoney,
  organisation: DebtorOrganisation | undefined,
): InvoiceDraft | undefined {
  const { submission, offer, quote, charges, sharedBy } = state;
  const charged = charges[charge];
  if (!charged || charged.invoice || !submission) return undefined;
  const { invoiceSeries: _series, decidedAt: _decidedAt, issueBy: _issueBy, ...due } = charged.due;
  const person = debtorSeal(state);
  const { employeeId, ownDoctorId } = submission;
  const draft: InvoiceDraft = {
    caseId,
    ...due,
    employeeId,
    ownDoctorId,
    doctorId: (charge === 'SECOND_OPINION' ? sharedBy : undefined) ?? quote?.doctorId ?? offer?.doctorId ?? '',
    supplier: charged.supplier,
    lineTextsVersion: LINE_TEXTS_VERSION,
  };
  if (due.payer === 'EMPLOYEE') return person === undefined ? undefined : { ...draft, debtorPerson: person };
  return organisation && { ...draft, debtorOrganisation: organisation };
}

/** creditNoteDraft of a credit that was decided, addressed like its invoice. */
export function creditNoteDraft(caseId: CaseId, creditId: string, state: CaseMoney): CreditNoteDraft | undefined {
  for (const { credits, invoice, supplier, due } of Object.values(state.charges)) {
    const credit = credits.find((one) => one.creditId === creditId);
    if (!credit || !invoice) continue;
    const {
      creditSeries: _series,
      openCents: _open,
      decidedAt: _decidedAt,
      creditNoteNumber: _number,
      ...decided
    } = credit;
    const { employeeId, ownDoctorId, doctorId, debtorOrganisation, debtorPerson } = invoice;
    return {
      caseId,
      ...decided,
      reference: due.reference,
      employeeId,
      ownDoctorId,
      doctorId,
      supplier,
      ...(debtorOrganisation === undefined ? {} : { debtorOrganisation }),
      ...(debtorPerson === undefined ? {} : { debtorPerson }),
    };
  }
  return undefined;
}
