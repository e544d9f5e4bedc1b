import type { Participants, Reading, Relation, Shown, View } from '@second-opinion/kernel';
import { caseMoney } from './quote.decider';
import { chargeAs } from './invoice.view';
import { explanationOf } from './quote-explanation.terms';
import { evolve, noMoney, openCents, type CaseMoney, type Charged, type Quote } from './quote-state.rules';
import type { QuoteEvent } from './quote.events';
import { caseIdOf } from './streams.rules';
import { caseMoneyExample } from './billing.examples';

export interface CaseMoneyRow {
  readonly caseId: string;
  readonly employeeId: string | null;
  readonly ownDoctorId: string | null;
  readonly doctorId: string | null;
  readonly payer: string | null;
  readonly status: Status;
  readonly state: CaseMoney;
}
type Status = 'NOTED' | 'REQUESTED' | 'OPEN' | 'SIGNED' | 'DECLINED' | 'EXPIRED' | 'SUPERSEDED';

/** The money of a case, one row per case. */
export const caseMoneyView: View<CaseMoneyRow> = {
  name: 'billing.cases',
  version: 2,
  categories: ['billing.quote'],
  indexes: [['ownDoctorId'], ['doctorId'], ['employeeId', 'payer'], ['status']],
  keys: ({ stream }) => [caseIdOf(stream)],
  project: (row, recorded, caseId) => {
    const state = evolve(row?.state ?? noMoney, recorded as unknown as QuoteEvent);
    const { employee = null, 'own-doctor': ownDoctorId = null, ...doctors } = participantsOf(state);
    const doctorId = doctors['second-opinion-doctor'] ?? doctors['candidate-doctor'] ?? null;
    return {
      caseId,
      employeeId: employee,
      ownDoctorId,
      doctorId,
      payer: payerOf(state),
      status: statusOf(state),
      state,
    };
  },
};

const participantsOf = (state: CaseMoney): Participants => caseMoney.participants?.(state) ?? {};
const payerOf = ({ quote, offer }: CaseMoney): string | null => quote?.payer ?? offer?.payer ?? null;

function statusOf({ quote, requested }: CaseMoney): Status {
  if (requested) return 'REQUESTED';
  return quote ? (quote.status.toUpperCase() as Status) : 'NOTED';
}

function shownQuote(quote: Quote): Shown {
  const { quoteId, round, doctorId, reference, payer, lines, netCents, vatCents, totalCents } = quote;
  const { vatTreatment, vatBasisPoints, vatText, consultationNetCents, hourlyNetCents } = quote;
  const { terms, explanationVersion, supplier, issuedAt, validUntil, signatures, signedAt } = quote;
  return {
    ...{ quoteId, round, doctorId, reference, payer, status: quote.status.toUpperCase() },
    lines: lines.map((line) => ({ ...line })),
    ...{ netCents, vatCents, totalCents, vatTreatment, vatBasisPoints, vatText },
    ...{ consultationNetCents, hourlyNetCents, terms: { ...terms }, supplier: { ...supplier } },
    ...{ explanationVersion, explanation: shownExplanation(explanationVersion) },
    ...{ issuedAt, validUntil, signatures: [...signatures], signedAt },
  };
}

function shownExplanation(version: string): Shown {
  const { nl, en } = explanationOf(version);
  return { nl: { ...nl }, en: { ...en } };
}

function shownCharge(charged: Charged, relation: Relation): Shown {
  const { due, invoice, paidCents, overdue } = charged;
  return {
    charge: chargeAs(due.charge, relation),
    netCents: due.netCents,
    vatCents: due.vatCents,
    totalCents: due.totalCents,
    invoiceNumber: invoice?.invoiceNumber,
    issuedOn: invoice?.issuedOn,
    paymentDueOn: invoice?.paymentDueOn,
    paidCents,
    openCents: invoice ? openCents(charged) : undefined,
    overdue,
  };
}

/**
 * BR-51, BR-55: an invoice is for whoever pays it, also when the next one is paid by another: the employee reads his own, the own doctor those of
 * the service, and of the others only that they are settled between employee and provider.
 */
function chargesFor({ state, payer }: CaseMoneyRow, relation: Relation): Shown {
  const charges = Object.values(state.charges);
  const shown = (charged: Charged) => shownCharge(charged, relation);
  const of = (who: string) => charges.filter(({ due }) => due.payer === who).map(shown);
  if (relation === 'employee') return { invoices: of('EMPLOYEE') };
  if (relation !== 'own-doctor') return { invoices: charges.map(shown) };
  const his = of('EMPLOYER');
  return { invoices: his.length === 0 && payer === 'EMPLOYEE' ? 'BETWEEN_EMPLOYEE_AND_PROVIDER' : his };
}

function shownTo(row: CaseMoneyRow, relation: Relation): Shown {
  const { caseId, payer, status, state } = row;
  const { quote, requested } = state;
  const shown: Shown = {
    ...{ caseId, payer, status, requestedUntil: requested?.dueAt },
    quote: quote && shownQuote(quote),
    ...chargesFor(row, relation),
  };
  const inside = relation === 'back-office' || relation === 'auditor';
  // How and when a case ended is told by those whose decision it was, not by the bill (BR-38).
  return inside
    ? { ...shown, ending: state.ending?.ending, settled: state.settled, waived: state.waived.length }
    : shown;
}

export const caseMoneyReading: Reading<CaseMoneyRow> = {
  operation: 'billing.GetCaseMoney',
  view: caseMoneyView,
  participants: ({ state }) => participantsOf(state),
  caseId: ({ caseId }) => caseId,
  stream: ({ caseId }) => `billing.quote-${caseId}`,
  facts: ({ payer }) => ({ employeePays: payer === 'EMPLOYEE', employerPays: payer === 'EMPLOYER' }),
  show: shownTo,
  example: caseMoneyExample,
};

export const casesMoneyReading: Reading<CaseMoneyRow> = { ...caseMoneyReading, operation: 'billing.ListCaseMoney' };
