import {
  addDays,
  derivedId,
  endOfDay,
  Forbidden,
  isActor,
  NotFound,
  Refused,
  type CaseId,
  type Circumstances,
  type Sealed,
} from '@second-opinion/kernel';
import { piece, totalsOf } from './amounts.rules';
import { cancellationTerms, TERMS } from './billing.terms';
import { vatOf } from './charges.rules';
import { withConsequences } from './consequences.rules';
import type * as commands from './quote.commands';
import { EXPLANATION_VERSION } from './quote-explanation.terms';
import { debtorSeal, type CaseMoney, type Quote } from './quote-state.rules';
import type { QuoteEvent, Signer } from './quote.events';
import { ROUTE_A } from './tariff.commands';
import type { TariffVersion } from './tariff.events';

type Decide<C> = (command: Sealed<C>, state: CaseMoney, around: Circumstances) => QuoteEvent[];

/** referenceOf a case towards a payer: derived, and not the case number, which other papers bear (BR-55). */
export function referenceOf(caseId: CaseId): string {
  return `B-${derivedId('billing.reference', caseId).replaceAll('-', '').slice(0, 10).toUpperCase()}`;
}

/** A8 by itself: nothing to issue, no tariff yet or no debtor yet = nothing happens; the term of the quote keeps running. */
export const issueDueQuote: Decide<commands.IssueDueQuote> = ({ caseId, tariff }, state, around) => {
  const { requested, quote, ending } = state;
  if (!requested || ending) return [];
  if (quote?.status === 'signed' && quote.payer === requested.payer && (!tariff || samePrice(quote, tariff)))
    return carryOver(quote, state, around);
  if (!tariff || lacksDebtor(state)) return [];
  return issue(caseId, tariff, state, around);
};

/** A8 by the back office: says why nothing can be issued. */
export const issueQuote: Decide<commands.IssueQuote> = (command, state, around) => {
  const { submission, offer, requested, quote, ending } = state;
  if (!submission || !offer) throw new NotFound();
  if (ending) throw new Refused('billing.case-ended');
  if (!requested)
    throw new Refused(quote?.round === offer.round ? 'billing.quote-already-issued' : 'billing.no-assignment-offered');
  if (lacksDebtor(state)) throw new Refused('billing.debtor-missing');
  if (!command.tariff) throw new Refused('billing.no-tariff-in-force', { tariffId: ROUTE_A });
  return issueDueQuote(command, state, around);
};

function carryOver(quote: Quote, state: CaseMoney, around: Circumstances): QuoteEvent[] {
  const { quoteId } = quote;
  const { round = 0, doctorId = '' } = state.requested ?? {};
  return withConsequences(
    state,
    [{ type: 'QuoteCarriedOver', data: { quoteId, round, doctorId, signedAt: quote.signedAt ?? around.now } }],
    around,
  );
}

function issue(caseId: CaseId, tariff: TariffVersion, state: CaseMoney, around: Circumstances): QuoteEvent[] {
  const { requested, submission, quote } = state;
  if (!requested || !submission) return [];
  const { now, commandId } = around;
  const { version: tariffVersion, netCents, consultationNetCents, hourlyNetCents, vatTreatment, supplier } = tariff;
  const lines = [piece('SECOND_OPINION', netCents)];
  const { round, doctorId, payer } = requested;
  const issued: QuoteEvent = {
    type: 'QuoteIssued',
    textVersion: EXPLANATION_VERSION,
    data: {
      quoteId: derivedId(commandId, 'quote'),
      round,
      doctorId,
      employeeId: submission.employeeId,
      ownDoctorId: submission.ownDoctorId,
      reference: referenceOf(caseId),
      payer,
      tariffId: ROUTE_A,
      tariffVersion,
      lines,
      ...totalsOf(lines, vatTreatment),
      ...vatOf(vatTreatment),
      consultationNetCents,
      hourlyNetCents,
      terms: { ...cancellationTerms },
      explanationVersion: EXPLANATION_VERSION,
      supplier,
      issuedAt: now,
      remindAt: addDays(now, TERMS.quoteReminderAfterDays),
      validUntil: endOfDay(now, TERMS.quoteValidDays),
    },
  };
  const before: QuoteEvent[] =
    quote?.status === 'signed'
      ? [
          {
            type: 'QuoteSuperseded',
            data: { quoteId: quote.quoteId, cause: quote.payer === payer ? 'PRICE_CHANGED' : 'PAYER_CHANGED' },
          },
        ]
      : [];
  return withConsequences(state, [...before, issued], around);
}

/** The signature stays only for what was signed: price, VAT, prices of fees, and terms. */
function samePrice(quote: Quote, tariff: TariffVersion): boolean {
  return (
    quote.netCents === tariff.netCents &&
    quote.vatTreatment === tariff.vatTreatment &&
    quote.consultationNetCents === tariff.consultationNetCents &&
    quote.hourlyNetCents === tariff.hourlyNetCents &&
    quote.terms.version === cancellationTerms.version
  );
}

function lacksDebtor(state: CaseMoney): boolean {
  return state.requested?.payer === 'EMPLOYEE' && debtorSeal(state) === undefined;
}

/** A9: the own doctor signs; when the employee pays, the quote is signed once both have (BR-55, domain section 8). */
export const signQuote: Decide<commands.SignQuote> = (command, state, around) => {
  const quote = quoteNamed(state, command.quoteId);
  const by = signer(state, quote, around);
  if (quote.signatures.includes(by)) return [];
  open(quote, state, around);
  const { now } = around;
  const { quoteId, round, doctorId, payer, explanationVersion } = quote;
  const given: QuoteEvent = {
    type: 'QuoteSignatureGiven',
    data: { quoteId, by, at: now },
    textVersion: explanationVersion,
  };
  const needed: readonly Signer[] = payer === 'EMPLOYEE' ? ['own-doctor', 'employee'] : ['own-doctor'];
  const complete = needed.every((one) => one === by || quote.signatures.includes(one));
  const signed: QuoteEvent = { type: 'QuoteSigned', data: { quoteId, round, doctorId, signedAt: now } };
  return withConsequences(state, complete ? [given, signed] : [given], around);
};

export const declineQuote: Decide<commands.DeclineQuote> = (command, state, around) => {
  const quote = quoteNamed(state, command.quoteId);
  const by = signer(state, quote, around);
  open(quote, state, around);
  if (!expires(state)) throw new Refused('billing.already-delivered');
  return withConsequences(
    state,
    [{ type: 'QuoteDeclined', data: { quoteId: quote.quoteId, by, at: around.now } }],
    around,
  );
};

function quoteNamed({ quote }: CaseMoney, quoteId: string | undefined): Quote {
  if (!quote) throw new NotFound();
  if (quoteId !== undefined && quote.quoteId !== quoteId) throw new Refused('billing.quote-not-current');
  return quote;
}

function signer({ submission }: CaseMoney, quote: Quote, { actor }: Circumstances): Signer {
  if (actor.role === 'company-doctor' && isActor(actor, submission?.ownDoctorId)) return 'own-doctor';
  const pays = actor.role === 'employee' && isActor(actor, submission?.employeeId) && quote.payer === 'EMPLOYEE';
  if (!pays) throw new Forbidden('forbidden');
  return 'employee';
}

function open(quote: Quote, state: CaseMoney, { now }: Circumstances): void {
  const { status, validUntil } = quote;
  if (status !== 'open') throw new Refused('billing.quote-not-open', { quote: status });
  if (expires(state) && now >= validUntil) throw new Refused('billing.quote-expired', { validUntil });
}

/** A quote for what was delivered meanwhile waits for its signature without a term: nothing else can be charged (BR-53). */
function expires({ sharedAt }: CaseMoney): boolean {
  return sharedAt === undefined;
}

export const remindOfQuote: Decide<commands.RemindOfQuote> = ({ quoteId }, { quote }) =>
  quote?.quoteId === quoteId && quote.status === 'open' && !quote.reminded
    ? [{ type: 'QuoteReminderDue', data: { quoteId, validUntil: quote.validUntil } }]
    : [];

export const expireQuote: Decide<commands.ExpireQuote> = ({ quoteId }, state, around) => {
  const { quote } = state;
  if (quote?.quoteId !== quoteId || quote.status !== 'open' || around.now < quote.validUntil || !expires(state))
    return [];
  return withConsequences(state, [{ type: 'QuoteExpired', data: { quoteId, validUntil: quote.validUntil } }], around);
};

export const noteQuoteOverdue: Decide<commands.NoteQuoteOverdue> = ({ round }, { requested }, { now }) =>
  requested?.round === round && !requested.overdue && now >= requested.dueAt
    ? [{ type: 'QuoteOverdue', data: { round, dueAt: requested.dueAt } }]
    : [];
