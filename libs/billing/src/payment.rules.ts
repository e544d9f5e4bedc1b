import { derivedId, localDateOf, NotFound, Refused, type Circumstances, type Sealed } from '@second-opinion/kernel';
import { piece, totalsOf, type Totals } from './amounts.rules';
import { creditSeries } from './billing.terms';
import { vatOf } from './charges.rules';
import type * as commands from './quote.commands';
import { chargeOf, openCents, type CaseMoney, type Charged } from './quote-state.rules';
import type { QuoteData, QuoteEvent } from './quote.events';

type Decide<C> = (command: Sealed<C>, state: CaseMoney, around: Circumstances) => QuoteEvent[];
type Issued = Charged & { readonly invoice: QuoteData<'InvoiceNumbered'> };

/** BR-57: an issued invoice only changes by a credit note that refers to it, over at most what was not credited yet. */
export const issueCreditNote: Decide<commands.IssueCreditNote> = (command, state, around) => {
  const { invoiceNumber, netCents, reason } = command;
  const charged = issued(state, invoiceNumber);
  const left = creditable(charged);
  if (netCents === 0) throw new Refused('billing.amount-not-positive');
  if (netCents > left.netCents) throw new Refused('billing.credit-exceeds-invoice', { leftNetCents: left.netCents });
  const { charge, payer, vatTreatment } = charged.due;
  const lines = [piece(charge, netCents)];
  // What is left is credited to the cent, however its parts were rounded.
  const totals = netCents === left.netCents ? left : partOf(left, totalsOf(lines, vatTreatment));
  const open = openCents(charged) - totals.totalCents;
  const due: QuoteEvent = {
    type: 'CreditNoteDue',
    data: {
      charge,
      payer,
      creditId: derivedId(around.commandId, 'credit-note'),
      creditSeries: creditSeries(localDateOf(around.now)),
      invoiceNumber,
      reason,
      lines,
      ...totals,
      ...vatOf(vatTreatment),
      openCents: open,
      decidedAt: around.now,
    },
  };
  return open <= 0 && charged.paidCents > 0 && openCents(charged) > 0 ? [due, paid(charged)] : [due];
};

/** Payments may come in parts; what is more than open belongs to another invoice. */
export const recordPayment: Decide<commands.RecordPayment> = (command, state, { now }) => {
  const { invoiceNumber, amountCents, receivedOn } = command;
  const charged = issued(state, invoiceNumber);
  const open = openCents(charged);
  if (amountCents === 0) throw new Refused('billing.amount-not-positive');
  if (amountCents > open) throw new Refused('billing.payment-exceeds-open', { openCents: Math.max(0, open) });
  if (receivedOn > localDateOf(now)) throw new Refused('billing.payment-in-the-future', { receivedOn });
  const { charge, payer } = charged.due;
  const recorded: QuoteEvent = {
    type: 'PaymentRecorded',
    data: { charge, payer, invoiceNumber, amountCents, receivedOn, openCents: open - amountCents },
  };
  return open === amountCents ? [recorded, paid(charged)] : [recorded];
};

function issued(state: CaseMoney, invoiceNumber: string): Issued {
  const charged = chargeOf(state, invoiceNumber);
  if (!charged?.invoice) throw new NotFound();
  return charged as Issued;
}

function creditable({ invoice, credits }: Issued): Totals {
  const sum = (of: keyof Totals) => credits.reduce((total, credit) => total + credit[of], 0);
  return {
    netCents: invoice.netCents - sum('netCents'),
    vatCents: invoice.vatCents - sum('vatCents'),
    totalCents: invoice.totalCents - sum('totalCents'),
  };
}

/** Parts that were each rounded up never credit more VAT than was invoiced. */
function partOf(left: Totals, { netCents, vatCents }: Totals): Totals {
  const vat = Math.min(vatCents, left.vatCents);
  return { netCents, vatCents: vat, totalCents: netCents + vat };
}

function paid({ invoice }: Issued): QuoteEvent {
  const { charge, payer, invoiceNumber } = invoice;
  return { type: 'InvoicePaid', data: { charge, payer, invoiceNumber } };
}
