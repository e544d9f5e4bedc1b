import fc from 'fast-check';
import { fold, type Circumstances } from '@second-opinion/kernel';
import { aSeal, circumstances, given } from '@second-opinion/kernel/testing';
import { creditSeries, invoiceSeries, numberIn } from './billing.terms';
import { numberSeries } from './series.decider';
import type { InvoiceDraft } from './series.commands';
import type { SeriesEvent } from './series.events';
import { CASE, DOCTOR, EMPLOYEE, OWN_DOCTOR, supplier } from './testing';

const draft: InvoiceDraft = {
  caseId: CASE,
  reference: 'B-0123456789',
  charge: 'SECOND_OPINION',
  payer: 'EMPLOYER',
  employeeId: EMPLOYEE,
  ownDoctorId: OWN_DOCTOR,
  doctorId: DOCTOR,
  supplier,
  debtorOrganisation: {
    organisationId: 'organisation-ohs',
    legalName: 'Arbodienst Zuid B.V.',
    address: 'Markt 2, 5611 EB Eindhoven',
    chamberOfCommerceNumber: '87654321',
  },
  lines: [{ item: 'SECOND_OPINION', quantity: 1, unit: 'piece', unitNetCents: 95_000, netCents: 95_000 }],
  netCents: 95_000,
  vatCents: 19_950,
  totalCents: 114_950,
  vatTreatment: 'STANDARD_21',
  vatBasisPoints: 2100,
  quoteId: 'quote-1',
  delivered: '2026-11-25',
  lineTextsVersion: 'invoice-lines-2026.1',
};
const issue = { series: 'SO2026', caseId: CASE, charge: 'SECOND_OPINION' as const };
const invoice = (place: number, issuedOn = '2026-11-25'): SeriesEvent => ({
  type: 'InvoiceIssued',
  data: { ...draft, invoiceNumber: numberIn('SO2026', place), place, issuedOn, paymentDueOn: '2026-12-25' },
});

describe('a number series', () => {
  it('BR-56: an invoice gets the next number only when it is issued', () => {
    given(numberSeries)
      .events()
      .when('IssueInvoice', { ...issue, draft })
      .then(invoice(1));
    given(numberSeries)
      .events(invoice(1), invoice(2))
      .when('IssueInvoice', { ...issue, draft })
      .then(invoice(3));
    given(numberSeries).events(invoice(1)).when('IssueInvoice', issue).nothing();
  });

  it('carries the fields that the law wants', () => {
    const [event] = given(numberSeries)
      .events()
      .when('IssueInvoice', { ...issue, draft })
      .events();
    expect(event?.data).toMatchObject({
      invoiceNumber: 'SO2026-000001',
      issuedOn: '2026-11-25',
      paymentDueOn: '2026-12-25',
      delivered: '2026-11-25',
      supplier: { vatId: 'NL123456789B01', chamberOfCommerceNumber: '12345678', address: expect.any(String) as string },
      debtorOrganisation: { legalName: 'Arbodienst Zuid B.V.', address: expect.any(String) as string },
      lines: [{ quantity: 1 }],
      netCents: 95_000,
      vatBasisPoints: 2100,
      vatCents: 19_950,
      totalCents: 114_950,
    });
  });

  it('credit notes have a series of their own', () => {
    const { quoteId: _quoteId, delivered: _delivered, lineTextsVersion: _texts, ...common } = draft;
    const credit = { ...common, creditId: 'credit-1', invoiceNumber: 'SO2026-000001', reason: 'CORRECTION' as const };
    given(numberSeries)
      .events()
      .when('NumberCreditNote', { series: 'SC2026', caseId: CASE, creditId: 'credit-1', draft: credit })
      .then({
        type: 'CreditNoteIssued',
        data: { ...credit, creditNoteNumber: 'SC2026-000001', place: 1, issuedOn: '2026-11-25' },
      });
    given(numberSeries)
      .events()
      .when('NumberCreditNote', { series: 'SC2026', caseId: CASE, creditId: 'credit-1' })
      .nothing();
  });

  it('dates follow the numbers also when a replica is behind at midnight', () => {
    const [event] = given(numberSeries)
      .events(invoice(1, '2026-11-26'))
      .when('IssueInvoice', { ...issue, draft }, { now: '2026-11-25T22:59:59.999Z' })
      .events();
    expect(event?.data).toMatchObject({ place: 2, issuedOn: '2026-11-26', paymentDueOn: '2026-12-26' });
  });

  it('a series belongs to a year and does not restart inside it', () => {
    expect(invoiceSeries('2026-12-31')).toBe('SO2026');
    expect(invoiceSeries('2027-01-01')).toBe('SO2027');
    expect(creditSeries('2027-01-01')).toBe('SC2027');
    expect(numberIn('SO2026', 123)).toBe('SO2026-000123');
    expect(numberIn('SO2026', 1_234_567)).toBe('SO2026-1234567');
  });
});

/** Writer is a replica: folds what it has read, decides, appends at the revision it knows, and again after a conflict. */
class Writer {
  private state = numberSeries.initial;
  private revision = -1;
  private readonly ids = new Map<number, string>();

  constructor(private readonly log: { event: SeriesEvent; commandId: string }[]) {}

  read(): void {
    for (const { event, commandId } of this.log.slice(this.revision + 1)) {
      this.state = numberSeries.evolve(this.state, event);
      this.ids.set(++this.revision, commandId);
    }
  }

  /** tries once; false = somebody else was first. */
  tries(commandId: string, around: Circumstances): boolean {
    if ([...this.ids.values()].includes(commandId)) return true;
    const events = numberSeries.decide.IssueInvoice({ ...issue, draft }, this.state, around);
    if (this.log.length - 1 !== this.revision) {
      this.read();
      return false;
    }
    this.log.push(...events.map((event) => ({ event, commandId })));
    return true;
  }
}

describe('many at once', () => {
  it('BR-56: whatever the interleaving, numbers are consecutive, without gap or double, one per command, retried or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ writer: fc.nat({ max: 3 }), command: fc.nat({ max: 30 }), reads: fc.boolean() }), {
          maxLength: 120,
        }),
        (steps) => {
          const log: { event: SeriesEvent; commandId: string }[] = [];
          const writers = Array.from({ length: 4 }, () => new Writer(log));
          const done = new Set<string>();
          for (const { writer, command, reads } of steps) {
            const one = writers[writer];
            const commandId = `command-${command}`;
            if (reads) one?.read();
            if (one?.tries(commandId, circumstances({ commandId }))) done.add(commandId);
          }
          expect(log.map(({ event }) => event.data.place)).toEqual(log.map((_, index) => index + 1));
          expect(new Set(log.map(({ commandId }) => commandId))).toEqual(done);
          expect(log).toHaveLength(done.size);
          expect(
            fold(
              numberSeries,
              log.map(({ event }) => event),
            ).entries,
          ).toBe(log.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});

it('an employee who pays is the debtor by a seal; nothing else of him stands on the invoice (BR-55)', () => {
  const { debtorOrganisation: _organisation, ...rest } = draft;
  const [event] = given(numberSeries)
    .events()
    .when('IssueInvoice', { ...issue, draft: { ...rest, payer: 'EMPLOYEE', debtorPerson: aSeal('debtor') } })
    .events();
  expect(event?.data).toMatchObject({ payer: 'EMPLOYEE', debtorPerson: 'seal:debtor' });
  expect(event?.data).not.toHaveProperty('debtorOrganisation');
});
