import type { Charge, Payer } from '@second-opinion/contracts';
import type { Instant, Seal } from '@second-opinion/kernel';
import type { QuoteData, QuoteEvent, Signer } from './quote.events';

/** Quote of the case that counts now; earlier ones are history. */
export interface Quote extends QuoteData<'QuoteIssued'> {
  readonly status: 'open' | 'signed' | 'declined' | 'expired' | 'superseded';
  readonly signatures: readonly Signer[];
  readonly signedAt?: Instant;
  readonly reminded: boolean;
}

/** Missed is an appointment that was cancelled or at which nobody came. */
export type Missed =
  | ({ readonly kind: 'NO_SHOW' } & QuoteData<'NoShowNoted'>)
  | ({ readonly kind: 'CANCELLATION' } & QuoteData<'CancellationNoted'>);

/** Charged is what one charge of the case has become. */
export interface Charged {
  readonly due: QuoteData<'InvoiceDue'>;
  readonly supplier: Quote['supplier'];
  readonly late: boolean;
  readonly invoice?: QuoteData<'InvoiceNumbered'>;
  readonly credits: readonly (QuoteData<'CreditNoteDue'> & { readonly creditNoteNumber?: string })[];
  readonly paidCents: number;
  readonly overdue: boolean;
}

/** Agreed for one doctor: his last offer, and the quote that was signed for him. */
export interface Agreed {
  readonly offer?: QuoteData<'OfferNoted'>;
  readonly quote?: Quote;
}

/** CaseMoney is everything decided about the money of one case. */
export interface CaseMoney {
  readonly submission?: QuoteData<'SubmissionNoted'>;
  /** offer of the latest round that is known. */
  readonly offer?: QuoteData<'OfferNoted'>;
  /** agreed for each doctor who was asked: it counts again when the case is his again (A15). */
  readonly agreed: Readonly<Record<string, Agreed>>;
  readonly declinedRounds: readonly number[];
  readonly independent?: QuoteData<'IndependenceNoted'>;
  readonly requested?: QuoteData<'QuoteRequested'> & { readonly overdue: boolean };
  readonly quote?: Quote;
  /** appointments that were confirmed and neither cancelled nor missed since. */
  readonly standing: readonly string[];
  readonly missed: readonly Missed[];
  readonly waived: readonly string[];
  readonly heldAt?: Instant;
  readonly worked?: QuoteData<'WorkedHoursNoted'>;
  readonly sharedAt?: Instant;
  /** sharedBy: whose advice was delivered; of an old sharing it is not told. */
  readonly sharedBy?: string;
  readonly ending?: QuoteData<'EndingNoted'> | { readonly ending: 'QUOTE_NOT_SIGNED' };
  readonly charges: Partial<Record<Charge, Charged>>;
  readonly awaited?: QuoteData<'SettlementAwaited'>;
  readonly termEnded: boolean;
  readonly settled: boolean;
}

export const noMoney: CaseMoney = {
  agreed: {},
  declinedRounds: [],
  standing: [],
  missed: [],
  waived: [],
  charges: {},
  termEnded: false,
  settled: false,
};

/** payerOf by BR-52: the employer for a contracted doctor or with his agreement, else the employee. */
export function payerOf({ contracted, employerAgreed }: { contracted: boolean; employerAgreed: boolean }): Payer {
  return contracted || employerAgreed ? 'EMPLOYER' : 'EMPLOYEE';
}

/** debtorSeal of the employee, as an offer or the submission brought it; it is still his when the next doctor is not paid by him. */
export function debtorSeal({ offer, agreed, submission }: CaseMoney): Seal | undefined {
  const before = Object.values(agreed).map((one) => one.offer?.debtor);
  return [offer?.debtor, ...before, submission?.debtor].find((debtor) => debtor !== undefined);
}

/** chargeOf finds what an invoice number stands for in this case. */
export function chargeOf(state: CaseMoney, invoiceNumber: string): Charged | undefined {
  return Object.values(state.charges).find(({ invoice }) => invoice?.invoiceNumber === invoiceNumber);
}

/** openCents of an invoice: what is neither credited nor paid. */
export function openCents({ invoice, credits, paidCents }: Charged): number {
  const credited = credits.reduce((sum, { totalCents }) => sum + totalCents, 0);
  return (invoice?.totalCents ?? 0) - credited - paidCents;
}

/** evolve follows the facts, the quote and the charges. */
export function evolve(state: CaseMoney, event: QuoteEvent): CaseMoney {
  switch (event.type) {
    case 'SubmissionNoted':
      return { ...state, submission: event.data };
    case 'OfferNoted':
      return { ...withAgreed(state, event.data.doctorId, { offer: event.data }), offer: event.data };
    case 'OfferDeclineNoted':
      return declined(state, event.data.round);
    case 'IndependenceNoted':
      return independent(state, event.data);
    case 'AppointmentNoted':
      return { ...state, standing: [...state.standing, event.data.appointmentId] };
    case 'CancellationNoted':
      return missed(state, { kind: 'CANCELLATION', ...event.data });
    case 'NoShowNoted':
      return missed(state, { kind: 'NO_SHOW', ...event.data });
    case 'AbortNoted':
      return { ...state, standing: [] };
    case 'ConsultationNoted':
      return { ...state, heldAt: event.data.heldAt, standing: [] };
    case 'WorkedHoursNoted':
      return { ...state, worked: event.data };
    case 'EndingNoted':
      return ended(state, event.data);
    case 'FeeWaived':
      return { ...state, waived: [...state.waived, event.data.appointmentId] };
    case 'SettlementAwaited':
      return { ...state, awaited: event.data };
    case 'SettlementTermEnded':
      return { ...state, termEnded: true };
    case 'BillingSettled':
      return { ...state, settled: true };
    case 'QuoteRequested':
    case 'QuoteOverdue':
    case 'QuoteIssued':
    case 'QuoteReminderDue':
    case 'QuoteSignatureGiven':
    case 'QuoteSigned':
    case 'QuoteCarriedOver':
    case 'QuoteDeclined':
    case 'QuoteExpired':
    case 'QuoteSuperseded':
      return evolveQuote(state, event);
    default:
      return evolveCharge(state, event);
  }
}

function withAgreed(state: CaseMoney, doctorId: string, more: Agreed): CaseMoney {
  return { ...state, agreed: { ...state.agreed, [doctorId]: { ...state.agreed[doctorId], ...more } } };
}

function independent(state: CaseMoney, data: QuoteData<'IndependenceNoted'>): CaseMoney {
  const { doctorId, round, restored } = data;
  const offer = restored ? state.agreed[doctorId]?.offer : undefined;
  return { ...state, independent: data, ...(offer ? { offer: { ...offer, round } } : {}) };
}

function declined({ requested, ...rest }: CaseMoney, round: number): CaseMoney {
  const kept = requested && requested.round !== round ? { requested } : {};
  return { ...rest, ...kept, declinedRounds: [...rest.declinedRounds, round] };
}

function missed(state: CaseMoney, one: Missed): CaseMoney {
  return {
    ...state,
    missed: [...state.missed, one],
    standing: state.standing.filter((appointmentId) => appointmentId !== one.appointmentId),
  };
}

/** The first ending counts; that the report was shared is kept beside it, for it is delivered work. */
function ended(state: CaseMoney, data: QuoteData<'EndingNoted'>): CaseMoney {
  const { requested: _requested, ...rest } = state;
  const next = { ...rest, ending: state.ending ?? data };
  if (data.ending !== 'SHARED') return next;
  return { ...next, sharedAt: data.at, ...(data.doctorId === undefined ? {} : { sharedBy: data.doctorId }) };
}

/** deliveredQuote: what was signed for the doctor whose report was shared, whoever else was asked before that was heard of (A15). */
export const deliveredQuote = ({ sharedBy, agreed }: CaseMoney): Quote | undefined =>
  sharedBy === undefined ? undefined : agreed[sharedBy]?.quote;

type OfQuote = Extract<QuoteEvent, { type: `Quote${string}` }>;

function evolveQuote(state: CaseMoney, event: OfQuote): CaseMoney {
  const { requested, ...rest } = state;
  const quote = (over: Partial<Quote>): CaseMoney =>
    state.quote ? { ...state, quote: { ...state.quote, ...over } } : state;
  switch (event.type) {
    case 'QuoteRequested':
      return { ...state, requested: { ...event.data, overdue: false } };
    case 'QuoteOverdue':
      return requested ? { ...state, requested: { ...requested, overdue: true } } : state;
    case 'QuoteIssued':
      return { ...rest, quote: { ...event.data, status: 'open', signatures: [], reminded: false } };
    case 'QuoteReminderDue':
      return quote({ reminded: true });
    case 'QuoteSignatureGiven':
      return quote({ signatures: [...(state.quote?.signatures ?? []), event.data.by] });
    case 'QuoteSigned':
      return signedFor(quote({ status: 'signed', signedAt: event.data.signedAt }), event.data.doctorId);
    case 'QuoteCarriedOver':
      return carriedOver(rest, event.data);
    case 'QuoteDeclined':
      return { ...quote({ status: 'declined' }), ending: state.ending ?? { ending: 'QUOTE_NOT_SIGNED' } };
    case 'QuoteExpired':
      return { ...quote({ status: 'expired' }), ending: state.ending ?? { ending: 'QUOTE_NOT_SIGNED' } };
    case 'QuoteSuperseded':
      return quote({ status: 'superseded' });
  }
}

function signedFor(state: CaseMoney, doctorId: string): CaseMoney {
  return state.quote ? withAgreed(state, doctorId, { quote: state.quote }) : state;
}

function carriedOver(state: CaseMoney, { quoteId, round, doctorId }: QuoteData<'QuoteCarriedOver'>): CaseMoney {
  const signed = Object.values(state.agreed).find(({ quote }) => quote?.quoteId === quoteId)?.quote;
  return signed ? signedFor({ ...state, quote: { ...signed, round, doctorId } }, doctorId) : state;
}

type OfCharge = Extract<
  QuoteEvent,
  { type: `Invoice${string}` | `CreditNote${string}` | 'PaymentRecorded' | 'PaymentOverdue' }
>;

function evolveCharge(state: CaseMoney, event: OfCharge): CaseMoney {
  const { charge } = event.data;
  if (event.type === 'InvoiceDue') {
    if (!state.quote) return state;
    const { supplier } = state.quote;
    const charged: Charged = { due: event.data, supplier, late: false, credits: [], paidCents: 0, overdue: false };
    return { ...state, charges: { ...state.charges, [charge]: charged } };
  }
  const before = state.charges[charge];
  return before ? { ...state, charges: { ...state.charges, [charge]: chargedAfter(before, event) } } : state;
}

function chargedAfter(before: Charged, event: Exclude<OfCharge, { type: 'InvoiceDue' }>): Charged {
  switch (event.type) {
    case 'InvoiceLate':
      return { ...before, late: true };
    case 'InvoiceNumbered':
      return { ...before, invoice: event.data };
    case 'CreditNoteDue':
      return { ...before, credits: [...before.credits, event.data] };
    case 'CreditNoteNumbered':
      return { ...before, credits: before.credits.map((credit) => numbered(credit, event.data)) };
    case 'PaymentRecorded':
      return { ...before, paidCents: before.paidCents + event.data.amountCents };
    case 'PaymentOverdue':
      return { ...before, overdue: true };
    case 'InvoicePaid':
      return before;
  }
}

function numbered(
  credit: Charged['credits'][number],
  { creditId, creditNoteNumber }: QuoteData<'CreditNoteNumbered'>,
): Charged['credits'][number] {
  return credit.creditId === creditId ? { ...credit, creditNoteNumber } : credit;
}
