import Ajv2020 from 'ajv/dist/2020';
import { billingMessages, BILLING_TOPIC } from '@second-opinion/contracts';
import type { Publication, RecordedEvent } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import { billingPublisher } from './billing.publisher';
import { referenceOf } from './issuing.rules';
import type { QuoteEvent } from './quote.events';
import type { SeriesEvent } from './series.events';
import { CASE, EMPLOYEE, Ledger, NEXT_DOCTOR, offer, ownDoctor, tariffVersion } from './testing';

const ajv = new Ajv2020({ strict: false });
const publications = (stream: string, events: readonly (QuoteEvent | SeriesEvent)[]): Publication[] =>
  recorded(stream, events).flatMap((event) => {
    const map = billingPublisher.on[event.type] as ((event: RecordedEvent) => Publication | undefined) | undefined;
    return map?.(event) ?? [];
  });
const valid = ({ type, data }: Publication) =>
  ajv.validate(billingMessages[type as keyof typeof billingMessages], data);

const whole = () => {
  const ledger = new Ledger().quoted();
  const { quoteId } = ledger.of('QuoteIssued')[0] ?? {};
  ledger.does('RemindOfQuote', { quoteId });
  ledger.does('SignQuote', {}, { actor: ownDoctor });
  ledger.does('NoteOffer', { ...offer, round: 2, doctorId: NEXT_DOCTOR });
  ledger.does('IssueDueQuote', { tariff: tariffVersion });
  ledger.does('NoteEnding', { ending: 'SHARED', consultationHeld: true, at: ledger.now });
  ledger.numbered();
  ledger.now = '2027-01-25T23:00:00.000Z';
  ledger.does('NotePaymentOverdue', { invoiceNumber: 'SO2026-000001' });
  ledger.does('RecordPayment', { invoiceNumber: 'SO2026-000001', amountCents: 114_950, receivedOn: '2027-01-20' });
  return ledger;
};

describe('what billing tells', () => {
  it('keeps its contract, with the case as key', () => {
    const published = publications(`billing.quote-${CASE}`, whole().events);
    expect(published.map(({ type }) => type)).toEqual([
      'QuoteIssued',
      'QuoteReminderDue',
      'QuoteSigned',
      'QuoteSigned',
      'BillingSettled',
      'PaymentOverdue',
      'InvoicePaid',
    ]);
    for (const one of published) {
      expect([one.type, one.key, valid(one)]).toEqual([one.type, CASE, true]);
      expect(one.data).toMatchObject({ caseId: CASE });
    }
    expect(billingPublisher.topic).toBe(BILLING_TOPIC);
    const papers = ['QuoteIssued', 'QuoteReminderDue', 'PaymentOverdue'];
    const referred = published.filter(({ type }) => papers.includes(type)).map(({ data }) => data);
    for (const data of referred) expect(data).toMatchObject({ reference: referenceOf(CASE) });
    expect(new Set(referred).size).toBeGreaterThanOrEqual(papers.length);
  });

  it('the ends of a quote keep their contract too', () => {
    const ends: QuoteEvent[] = [
      { type: 'QuoteDeclined', data: { quoteId: 'quote-1', by: 'own-doctor', at: '2026-11-25T09:00:00.000Z' } },
      { type: 'QuoteExpired', data: { quoteId: 'quote-1', validUntil: '2026-11-25T09:00:00.000Z' } },
      { type: 'QuoteSuperseded', data: { quoteId: 'quote-1', cause: 'DOCTOR_CHANGED' } },
      { type: 'QuoteOverdue', data: { round: 1, dueAt: '2026-11-25T09:00:00.000Z' } },
    ];
    const published = publications(`billing.quote-${CASE}`, ends);
    expect(published.map(({ type }) => type)).toEqual(ends.map(({ type }) => type));
    expect(published.every(valid)).toBe(true);
  });

  it('a signature that stayed is told for the new doctor', () => {
    const signed = publications(`billing.quote-${CASE}`, whole().events).filter(({ type }) => type === 'QuoteSigned');
    expect(signed.map(({ data }) => (data as { doctorId: string }).doctorId)).toEqual([offer.doctorId, NEXT_DOCTOR]);
  });

  it('BR-55: invoices and credit notes are told as numbers and amounts, with nobody in them', () => {
    const { invoice, due, supplier } = whole().state.charges.SECOND_OPINION ?? {};
    const entry = {
      ...due,
      ...invoice,
      place: 1,
      caseId: CASE,
      supplier,
      lineTextsVersion: 'x',
    };
    const credit = { ...entry, creditNoteNumber: 'SC2026-000001', creditId: 'credit-1', reason: 'GOODWILL' };
    const published = publications('billing.series-SO2026', [
      { type: 'InvoiceIssued', data: entry },
      { type: 'CreditNoteIssued', data: credit },
    ] as unknown as SeriesEvent[]);
    expect(published.map(({ type, key }) => [type, key])).toEqual([
      ['InvoiceIssued', CASE],
      ['CreditNoteIssued', CASE],
    ]);
    expect(published.every(valid)).toBe(true);
    expect(JSON.stringify(published)).not.toContain(EMPLOYEE);
  });
});
