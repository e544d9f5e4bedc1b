import type { Deadline, Event, RecordedEvent } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import {
  billingDeadlines,
  paymentTerm,
  quoteTerm,
  quoteValidity,
  settlementTerm,
  tariffStart,
} from './billing.deadlines';
import { CASE, Ledger, ownDoctor, tariffVersion } from './testing';

type Any = Deadline<never>;
/** running deadlines after these events, as the runner keeps them. */
const running = (deadline: unknown, stream: string, events: readonly Event[]) => {
  const { start, stop } = deadline as {
    start: Record<string, ((event: RecordedEvent) => readonly { ref: string; dueAt: string }[]) | undefined>;
    stop: Record<string, ((event: RecordedEvent) => readonly string[] | 'all') | undefined>;
  };
  const due = new Map<string, string>();
  for (const event of recorded(stream, events)) {
    const stopped = stop[event.type]?.(event) ?? [];
    if (stopped === 'all') due.clear();
    else for (const ref of stopped) due.delete(ref);
    for (const { ref, dueAt } of start[event.type]?.(event) ?? []) due.set(ref, dueAt);
  }
  return [...due].map(([ref, dueAt]) => {
    const { type, fields } = (deadline as Any).send({
      stream,
      streamId: stream.slice(stream.indexOf('-') + 1),
      ref,
      dueAt,
    });
    return [type.name, fields, dueAt];
  });
};
const all = (events: readonly Event[]) =>
  billingDeadlines.flatMap((deadline) => running(deadline, `billing.quote-${CASE}`, events)).map(([name]) => name);
const stream = `billing.quote-${CASE}`;

describe('terms', () => {
  it('BR-27: the term of a quote runs from its request until it is issued, declined with its round, or the case ended', () => {
    const ledger = new Ledger();
    ledger.does('NoteSubmission', {
      caseNumber: 'SO-1',
      employeeId: 'p',
      ownDoctorId: 'd',
      ownOrganisationId: 'o',
      submittedAt: ledger.now,
    });
    ledger.does('NoteOffer', { doctorId: 'd2', round: 1, payer: 'EMPLOYER', offeredAt: ledger.now });
    expect(running(quoteTerm, stream, ledger.events)).toEqual([
      ['NoteQuoteOverdue', { caseId: CASE, round: 1 }, '2026-11-26T09:00:00.000Z'],
    ]);
    const before = [...ledger.events];
    ledger.does('IssueDueQuote', { tariff: tariffVersion });
    expect(running(quoteTerm, stream, ledger.events)).toEqual([]);
    expect(running(quoteTerm, stream, [...before, { type: 'OfferDeclineNoted', data: { round: 1 } }])).toEqual([]);
    expect(running(quoteTerm, stream, [...before, { type: 'EndingNoted', data: {} }])).toEqual([]);
  });

  it('an open quote is reminded of and expires; a signed one does neither', () => {
    const ledger = new Ledger().quoted();
    const { quoteId = '' } = ledger.of('QuoteIssued')[0] ?? {};
    expect(all(ledger.events)).toEqual(['RemindOfQuote', 'ExpireQuote']);
    expect(running(quoteValidity, stream, ledger.events)).toEqual([
      ['ExpireQuote', { caseId: CASE, quoteId }, '2026-12-09T23:00:00.000Z'],
    ]);
    ledger.does('SignQuote', {}, { actor: ownDoctor });
    expect(all(ledger.events)).toEqual([]);
  });

  it('an invoice is due by the 15th of the next month, then paid within 30 days', () => {
    const ledger = new Ledger().signed();
    ledger.does('NoteEnding', { ending: 'SHARED', consultationHeld: true, at: ledger.now });
    expect(all(ledger.events)).toEqual(['NoteInvoiceLate']);
    ledger.numbered();
    expect(running(paymentTerm, stream, ledger.events)).toEqual([
      ['NotePaymentOverdue', { caseId: CASE, invoiceNumber: 'SO2026-000001' }, '2026-12-25T23:00:00.000Z'],
    ]);
    expect(all(ledger.events)).toEqual(['NotePaymentOverdue']);
    ledger.does('RecordPayment', { invoiceNumber: 'SO2026-000001', amountCents: 114_950, receivedOn: '2026-11-25' });
    expect(all(ledger.events)).toEqual([]);
  });

  it('what is awaited at the end is not awaited for ever', () => {
    const ledger = new Ledger().signed();
    ledger.does('NoteEnding', { ending: 'WITHDRAWN', consultationHeld: true, at: ledger.now });
    expect(running(settlementTerm, stream, ledger.events)).toEqual([
      ['EndSettlementTerm', { caseId: CASE }, '2026-12-09T09:00:00.000Z'],
    ]);
    ledger.does('NoteWorkedHours', { minutes: 0, at: ledger.now });
    expect(running(settlementTerm, stream, ledger.events)).toEqual([]);
  });

  it('a tariff starts on its first day', () => {
    const published = { type: 'TariffPublished', data: { ...tariffVersion, version: 3 } };
    expect(running(tariffStart, 'billing.tariff-EMPLOYEE_SECOND_OPINION', [published])).toEqual([
      ['StartTariff', { tariffId: 'EMPLOYEE_SECOND_OPINION', version: 3 }, '2026-11-22T23:00:00.000Z'],
    ]);
  });
});
