import type { Refused } from '@second-opinion/kernel';
import fc from 'fast-check';
import { Ledger, backOffice, tariffVersion } from './testing';

const NUMBER = 'SO2026-000001';
const invoiced = (netCents?: number) => {
  const ledger = new Ledger();
  ledger.now = '2026-11-25T09:00:00.000Z';
  if (netCents === undefined) ledger.signed();
  else ledger.signed({ tariff: { ...tariffVersion, netCents, consultationNetCents: 0 } });
  ledger.does('NoteEnding', { ending: 'SHARED', consultationHeld: true, at: ledger.now });
  return ledger.numbered();
};
const credit = (ledger: Ledger, netCents: number, over: object = {}) =>
  ledger.does(
    'IssueCreditNote',
    { invoiceNumber: NUMBER, netCents, reason: 'CORRECTION', ...over },
    { actor: backOffice },
  );
const pay = (ledger: Ledger, amountCents: number, over: object = {}) =>
  ledger.does(
    'RecordPayment',
    { invoiceNumber: NUMBER, amountCents, receivedOn: '2026-11-25', ...over },
    { actor: backOffice },
  );
const refused = (attempt: () => unknown) => {
  try {
    attempt();
  } catch (error) {
    const { code, facts } = error as Refused;
    return [code, facts];
  }
  throw new Error('was not refused');
};

describe('credit notes', () => {
  it('BR-57: refers to its invoice and credits at most what is left of it', () => {
    const ledger = invoiced();
    expect(credit(ledger, 45_000)).toMatchObject([
      {
        type: 'CreditNoteDue',
        data: {
          invoiceNumber: NUMBER,
          creditSeries: 'SC2026',
          netCents: 45_000,
          vatCents: 9_450,
          totalCents: 54_450,
          openCents: 60_500,
        },
      },
    ]);
    expect(refused(() => credit(ledger, 50_001))).toEqual(['billing.credit-exceeds-invoice', { leftNetCents: 50_000 }]);
    expect(credit(ledger, 50_000)).toMatchObject([{ data: { totalCents: 60_500, openCents: 0 } }]);
    expect(refused(() => credit(ledger, 1))).toEqual(['billing.credit-exceeds-invoice', { leftNetCents: 0 }]);
  });

  it('BR-57: not without an issued invoice of this case, and not over nothing', () => {
    expect(refused(() => credit(new Ledger().signed(), 1))[0]).toBe('not-found');
    expect(refused(() => credit(invoiced(), 1, { invoiceNumber: 'SO2026-000002' }))[0]).toBe('not-found');
    expect(refused(() => credit(invoiced(), 0))[0]).toBe('billing.amount-not-positive');
  });

  it('an invoice credited in any parts is credited to the cent, never more and never less', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 12 }),
        (netCents, parts) => {
          const ledger = invoiced(netCents);
          let left = netCents;
          for (const part of parts) {
            if (part >= left) break;
            credit(ledger, part);
            left -= part;
          }
          credit(ledger, left);
          const sums = ledger.of('CreditNoteDue').reduce(
            (sum, { netCents: net, vatCents: vat }) => {
              expect(vat).toBeGreaterThanOrEqual(0);
              return { net: sum.net + net, vat: sum.vat + vat };
            },
            { net: 0, vat: 0 },
          );
          const [due] = ledger.of('InvoiceDue');
          expect(sums).toEqual({ net: due?.netCents, vat: due?.vatCents });
        },
      ),
      { numRuns: 100 },
    );
  });

  it('the number that the series gives is noted once', () => {
    const ledger = invoiced();
    credit(ledger, 1_000);
    const [{ creditId } = { creditId: '' }] = ledger.of('CreditNoteDue');
    const numbered = { creditId, creditNoteNumber: 'SC2026-000001', issuedOn: '2026-11-25' };
    expect(ledger.does('NoteCreditNoteNumber', numbered)).toHaveLength(1);
    expect(ledger.does('NoteCreditNoteNumber', numbered)).toEqual([]);
    expect(ledger.does('NoteCreditNoteNumber', { ...numbered, creditId: 'another' })).toEqual([]);
  });
});

describe('payments', () => {
  it('may come in parts; the last one pays the invoice', () => {
    const ledger = invoiced();
    expect(pay(ledger, 100_000).map(({ type }) => type)).toEqual(['PaymentRecorded']);
    expect(refused(() => pay(ledger, 14_951))).toEqual(['billing.payment-exceeds-open', { openCents: 14_950 }]);
    expect(pay(ledger, 14_950).map(({ type }) => type)).toEqual(['PaymentRecorded', 'InvoicePaid']);
    expect(refused(() => pay(ledger, 1))[0]).toBe('billing.payment-exceeds-open');
  });

  it('a credit over the rest of a partly paid invoice makes it paid', () => {
    const ledger = invoiced();
    pay(ledger, 114_950 - 1_210);
    expect(credit(ledger, 1_000).map(({ type }) => type)).toEqual(['CreditNoteDue', 'InvoicePaid']);
  });

  it('a credit on a paid invoice does not pay it twice', () => {
    const ledger = invoiced();
    pay(ledger, 114_950);
    expect(credit(ledger, 1_000).map(({ type }) => type)).toEqual(['CreditNoteDue']);
  });

  it('is refused when it is nothing, or was received tomorrow', () => {
    expect(refused(() => pay(invoiced(), 0))[0]).toBe('billing.amount-not-positive');
    expect(refused(() => pay(invoiced(), 1, { receivedOn: '2026-11-26' }))[0]).toBe('billing.payment-in-the-future');
  });

  it('is overdue after 30 days, told once, and not when nothing is open', () => {
    const ledger = invoiced();
    const overdue = () => ledger.does('NotePaymentOverdue', { invoiceNumber: NUMBER });
    ledger.now = '2026-12-25T22:59:59.999Z';
    expect(overdue()).toEqual([]);
    ledger.now = '2026-12-25T23:00:00.000Z';
    expect(overdue()).toMatchObject([{ data: { paymentDueOn: '2026-12-25', openCents: 114_950 } }]);
    expect(overdue()).toEqual([]);
    const credited = invoiced();
    credit(credited, 95_000);
    credited.now = '2027-01-25T23:00:00.000Z';
    expect(credited.does('NotePaymentOverdue', { invoiceNumber: NUMBER })).toEqual([]);
  });
});
