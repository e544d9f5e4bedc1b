import { ToOpen, type Event, type RecordedEvent, type Relation, type Shown, type View } from '@second-opinion/kernel';
import { anActor, recorded } from '@second-opinion/kernel/testing';
import { billingTasks } from './billing-tasks.view';
import { casesOf, invoicesOf } from './billing.queries.rules';
import { caseMoneyReading, caseMoneyView, type CaseMoneyRow } from './case-money.view';
import { invoiceReading, invoices, seriesEntriesReading, type InvoiceRow } from './invoice.view';
import { caseMoney } from './quote.decider';
import type { QuoteEvent } from './quote.events';
import { series, type SeriesRow } from './series.view';
import { CASE, DOCTOR, EMPLOYEE, Ledger, OWN_DOCTOR, debtorSeal, ownDoctor, supplier } from './testing';

/** project events into rows, as the runner does. */
function rows<Row extends object>(view: View<Row>, events: readonly RecordedEvent[]): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const event of events) {
    for (const key of view.keys(event)) {
      const row = view.project(found.get(key), event, key);
      if (row == null) found.delete(key);
      else found.set(key, row);
    }
  }
  return found;
}
const ofCase = (ledger: Ledger) => recorded(`billing.quote-${CASE}`, ledger.events);
const moneyRow = (ledger: Ledger): CaseMoneyRow => {
  const row = rows(caseMoneyView, ofCase(ledger)).get(CASE);
  if (!row) throw new Error('no row');
  return row;
};
const shared = (payer: 'EMPLOYER' | 'EMPLOYEE') => {
  const ledger = new Ledger().signed({ payer });
  ledger.does('NoteEnding', { ending: 'SHARED', consultationHeld: true, at: ledger.now });
  return ledger.numbered();
};
const invoiceEvent = (over: object = {}): Event => ({
  type: 'InvoiceIssued',
  data: {
    invoiceNumber: 'SO2026-000001',
    place: 1,
    caseId: CASE,
    reference: 'B-0123456789',
    charge: 'SECOND_OPINION',
    payer: 'EMPLOYER',
    employeeId: EMPLOYEE,
    ownDoctorId: OWN_DOCTOR,
    doctorId: DOCTOR,
    supplier,
    lines: [{ item: 'SECOND_OPINION', quantity: 1, unit: 'piece', unitNetCents: 100, netCents: 100 }],
    netCents: 100,
    vatCents: 21,
    totalCents: 121,
    vatTreatment: 'STANDARD_21',
    vatBasisPoints: 2100,
    issuedOn: '2026-11-25',
    paymentDueOn: '2026-12-25',
    delivered: '2026-11-25',
    quoteId: 'quote-1',
    lineTextsVersion: 'invoice-lines-2026.1',
    ...over,
  },
});
const invoiceRow = (over: object = {}): InvoiceRow => {
  const row = rows(invoices, recorded('billing.series-SO2026', [invoiceEvent(over)])).get('SO2026-000001');
  if (!row) throw new Error('no row');
  return row;
};

describe('the money of a case', () => {
  it('shows the quote with its explanation, and who takes part', () => {
    const row = moneyRow(new Ledger().quoted());
    expect(caseMoneyReading.participants(row)).toEqual({
      employee: EMPLOYEE,
      'own-doctor': OWN_DOCTOR,
      'candidate-doctor': DOCTOR,
    });
    expect(caseMoneyReading.facts?.(row)).toEqual({ employeePays: false, employerPays: true });
    const shown = caseMoneyReading.show(row, 'own-doctor') as { quote: Shown; status: string };
    expect(shown).toMatchObject({ status: 'OPEN', invoices: [] });
    expect(shown.quote).toMatchObject({ totalCents: 114_950, explanation: { nl: {}, en: {} }, signatures: [] });
  });

  it('BR-55: when the employee pays, his own doctor sees that the invoices are settled between them', () => {
    const row = moneyRow(shared('EMPLOYEE'));
    expect(caseMoneyReading.show(row, 'own-doctor')).toMatchObject({ invoices: 'BETWEEN_EMPLOYEE_AND_PROVIDER' });
    expect(JSON.stringify(caseMoneyReading.show(row, 'own-doctor'))).not.toContain('SO2026-000001');
    expect(caseMoneyReading.show(row, 'employee')).toMatchObject({ invoices: [{ invoiceNumber: 'SO2026-000001' }] });
  });

  it('what the own doctor may not know of changes nothing that he is shown, so that no answer changes under the same ETag (row 12)', () => {
    for (const payer of ['EMPLOYER', 'EMPLOYEE'] as const) {
      const ledger = new Ledger().signed({ payer });
      const missed = { final: false, illnessProof: true, at: ledger.now };
      const cancelled = {
        by: 'employee',
        noticeClass: 'WITHIN_24_HOURS',
        illnessProof: false,
        at: ledger.now,
      } as const;
      ledger.does('NoteAppointment', { appointmentId: 'appointment-1' });
      ledger.does('NoteNoShow', { appointmentId: 'appointment-1', ...missed });
      ledger.does('NoteCancellation', { appointmentId: 'appointment-2', ...cancelled });
      ledger.does('NoteAbort', { final: false, at: ledger.now });
      const events = ofCase(ledger.numbered());
      const shownAfter = (count: number) => {
        const row = rows(caseMoneyView, events.slice(0, count)).get(CASE);
        return JSON.stringify(row && caseMoneyReading.show(row, 'own-doctor'));
      };
      const hidden = events.filter((event) => caseMoney.hiddenFrom?.(event as RecordedEvent<QuoteEvent>, 'own-doctor'));
      expect(hidden.map(({ type }) => type)).toEqual(expect.arrayContaining(['FeeWaived', 'CancellationNoted']));
      for (const { revision } of hidden) expect(shownAfter(revision + 1)).toBe(shownAfter(revision));
    }
  });

  it.each(['EMPLOYER', 'EMPLOYEE'] as const)(
    'BR-51, BR-55: shows each invoice to whoever pays it, also when the payer has changed to the %s',
    (payer) => {
      const row = moneyRow(shared(payer));
      const [his, theirs] = (['EMPLOYEE', 'EMPLOYER'] as const).map((one) => moneyRow(shared(one)).state.charges);
      const charges = { NO_SHOW: his?.SECOND_OPINION, SECOND_OPINION: theirs?.SECOND_OPINION };
      const mixed = { ...row, state: { ...row.state, charges } } as CaseMoneyRow;
      const payers = (relation: Relation) => {
        const { invoices: shown } = caseMoneyReading.show(mixed, relation) as { invoices: readonly unknown[] };
        return shown.length;
      };
      expect([payers('employee'), payers('own-doctor'), payers('back-office')]).toEqual([1, 1, 2]);
    },
  );

  it('never shows the seal of the debtor, the ids of the employee, or to outsiders how the case ended', () => {
    for (const payer of ['EMPLOYER', 'EMPLOYEE'] as const) {
      const row = moneyRow(shared(payer));
      for (const relation of ['own-doctor', 'second-opinion-doctor', 'employee'] satisfies Relation[]) {
        const text = JSON.stringify(caseMoneyReading.show(row, relation));
        expect(text).not.toMatch(/seal:|person-1|ending|settled"/);
      }
      expect(caseMoneyReading.show(row, 'back-office')).toMatchObject({ ending: 'SHARED', settled: true });
    }
  });
});

describe('invoices', () => {
  it('BR-55: the debtor of an employee who pays is opened for him and for who keeps the books, for nobody else', () => {
    const row = invoiceRow({ payer: 'EMPLOYEE', debtorPerson: debtorSeal });
    const debtor = (relation: Relation) => invoiceReading.show(row, relation)['debtor'];
    const opened = new ToOpen(debtorSeal, { personId: EMPLOYEE, caseId: CASE, purpose: 'intake.debtor' });
    expect(debtor('employee')).toEqual(opened);
    expect(debtor('back-office')).toEqual(opened);
    for (const relation of ['auditor', 'second-opinion-doctor', 'own-doctor'] satisfies Relation[])
      expect(debtor(relation)).toBeUndefined();
    expect(invoiceReading.facts?.(row)).toEqual({ employeePays: true, employerPays: false });
  });

  it('BR-55: an own doctor who tries numbers learns not that one is of an employee who pays', () => {
    const { participants } = invoiceReading;
    expect(participants(invoiceRow({ payer: 'EMPLOYEE' }))['own-doctor']).toBeUndefined();
    expect(participants(invoiceRow({ payer: 'EMPLOYER' }))['own-doctor']).toBe(OWN_DOCTOR);
  });

  it('has lines in Dutch and English that say nothing about anybody', () => {
    const shown = invoiceReading.show(invoiceRow({ charge: 'NO_SHOW', delivered: '2026-11' }), 'own-doctor');
    expect(shown['lines']).toMatchObject([
      { description: { nl: 'Gereserveerde tijd volgens offertevoorwaarden', en: expect.any(String) as string } },
    ]);
    expect(shown['delivered']).toBe('2026-11');
  });

  it('BR-55: the own doctor is not told whether nobody came or it was cancelled too late, nor that somebody was ill (N09, matrix row 12)', () => {
    const whys = ['NO_SHOW', 'LATE_CANCELLATION'].map((charge) => {
      const lines = [{ item: charge, quantity: 100, unit: 'percent', unitNetCents: 100, netCents: 100 }];
      const fee = { charge, delivered: '2026-11', lines };
      const note = {
        ...invoiceEvent(fee).data,
        creditNoteNumber: 'SC2026-000001',
        creditId: 'c',
        reason: 'ILLNESS_PROVEN',
      };
      const credited = recorded('billing.series-SC2026', [{ type: 'CreditNoteIssued', data: note }]);
      const credit = rows(invoices, credited).get('SC2026-000001') as InvoiceRow;
      const row = moneyRow(shared('EMPLOYER'));
      const { SECOND_OPINION: charged } = row.state.charges;
      const charges = { [charge]: charged && { ...charged, due: { ...charged.due, charge } } };
      const money = { ...row, state: { ...row.state, charges } } as CaseMoneyRow;
      const told = (relation: Relation) =>
        JSON.stringify([
          invoiceReading.show(invoiceRow(fee), relation),
          invoiceReading.show(credit, relation),
          caseMoneyReading.show(money, relation)['invoices'],
        ]);
      expect(told('back-office')).toContain('ILLNESS_PROVEN');
      expect(told('back-office')).toContain(charge);
      return told('own-doctor');
    });
    expect(whys[0]).toBe(whys[1]);
    expect(whys[0]).not.toMatch(/NO_SHOW|CANCELLATION|ILLNESS/);
  });

  it('follows payments and credit notes', () => {
    const pay = (amountCents: number): Event => ({
      type: 'PaymentRecorded',
      data: { invoiceNumber: 'SO2026-000001', amountCents },
    });
    const credit = {
      ...invoiceEvent({ place: 1 }).data,
      creditNoteNumber: 'SC2026-000001',
      creditId: 'c',
      totalCents: 21,
    };
    const events = [
      ...recorded('billing.series-SO2026', [invoiceEvent()]),
      ...recorded('billing.quote-case-1', [
        pay(50),
        { type: 'PaymentOverdue', data: { invoiceNumber: 'SO2026-000001' } },
      ]),
      ...recorded('billing.series-SC2026', [{ type: 'CreditNoteIssued', data: credit }]),
    ];
    const status = (more: RecordedEvent[]) => {
      const row = rows(invoices, [...events, ...more]).get('SO2026-000001') as InvoiceRow;
      const { status: now, openCents, creditNotes } = invoiceReading.show(row, 'back-office');
      return [now, openCents, creditNotes];
    };
    expect(status([])).toEqual(['OVERDUE', 50, ['SC2026-000001']]);
    expect(status(recorded('billing.quote-case-1', [pay(50)]))).toEqual(['PAID', 0, ['SC2026-000001']]);
    expect(rows(invoices, events).get('SC2026-000001')).toMatchObject({ kind: 'CREDIT_NOTE', series: 'SC2026' });
  });

  it('what comes for an invoice that is not there changes nothing', () => {
    const payment = { type: 'PaymentRecorded', data: { invoiceNumber: 'SO2026-000009', amountCents: 1 } };
    expect(rows(invoices, recorded('billing.quote-case-1', [payment])).size).toBe(0);
  });
});

describe('a series, for auditors (BR-56)', () => {
  const proof = (...events: Event[]) =>
    rows(series, recorded('billing.series-SO2026', events)).get('SO2026') as SeriesRow;
  const entry = (place: number, over: object = {}) =>
    invoiceEvent({ place, invoiceNumber: `SO2026-00000${place}`, ...over });

  it('BR-56: consecutive numbers have no fault', () => {
    expect(proof(entry(1), entry(2), entry(3))).toMatchObject({
      entries: 3,
      first: 'SO2026-000001',
      last: 'SO2026-000003',
      totalCents: 363,
      faults: [],
    });
  });

  it.each([
    ['a gap', [entry(1), entry(3)], ['SO2026-000003']],
    ['a double', [entry(1), entry(1)], ['SO2026-000001']],
    ['a foreign number', [entry(1), entry(2, { invoiceNumber: 'SO2025-000002' })], ['SO2025-000002']],
    ['a date before the one before', [entry(1), entry(2, { issuedOn: '2026-11-24' })], ['SO2026-000002']],
  ])('BR-56: %s is a fault', (_, events, faults) => {
    expect(proof(...events).faults).toEqual(faults);
  });

  it('its entries lead to no case and to nobody', () => {
    const text = JSON.stringify(seriesEntriesReading.show(invoiceRow(), 'auditor'));
    expect(text).not.toMatch(/case-1|person-1|doctor/);
    expect(text).toContain('SO2026-000001');
  });
});

describe('tasks', () => {
  const tasks = (ledger: Ledger) =>
    [...rows(billingTasks, ofCase(ledger)).values()].map(({ task, assignee }) => [task, assignee]);

  it('who must sign, until he has', () => {
    const ledger = new Ledger().quoted({ payer: 'EMPLOYEE' });
    expect(tasks(ledger)).toEqual([
      ['SignQuote', OWN_DOCTOR],
      ['SignQuote', EMPLOYEE],
    ]);
    ledger.does('SignQuote', {}, { actor: ownDoctor });
    expect(tasks(ledger)).toEqual([['SignQuote', EMPLOYEE]]);
    ledger.does('NoteOfferDeclined', { round: 1 });
    expect(tasks(ledger)).toEqual([]);
  });

  it('what is late or not paid is the back office’s', () => {
    const ledger = new Ledger().signed();
    ledger.does('NoteEnding', { ending: 'SHARED', consultationHeld: true, at: ledger.now });
    ledger.now = '2027-01-15T23:00:00.000Z';
    ledger.does('NoteInvoiceLate', { charge: 'SECOND_OPINION' });
    expect(tasks(ledger)).toEqual([['IssueInvoice', 'role:back-office']]);
    ledger.numbered();
    expect(tasks(ledger)).toEqual([]);
    ledger.does('NotePaymentOverdue', { invoiceNumber: 'SO2026-000001' });
    expect(tasks(ledger)).toEqual([['RecordPayment', 'role:back-office']]);
    ledger.does('IssueCreditNote', { invoiceNumber: 'SO2026-000001', netCents: 95_000, reason: 'BILLED_IN_ERROR' });
    expect(tasks(ledger)).toEqual([]);
  });
});

describe('who may list what', () => {
  it.each([
    ['employee', { employeeId: ['x'], payer: 'EMPLOYEE' }],
    ['company-doctor', { ownDoctorId: ['x'], payer: 'EMPLOYER' }],
    ['second-opinion-doctor', { doctorId: ['x'] }],
    ['auditor', undefined],
  ] as const)('%s', (role, where) => {
    expect(invoicesOf(anActor(role, 'x'))?.where).toEqual(where);
  });

  it('BR-40: an employer lists nothing', () => {
    for (const role of ['employer', 'court', 'partner', 'operator'] as const) {
      expect(invoicesOf(anActor(role, 'x'))).toBeUndefined();
      expect(casesOf(anActor(role, 'x'))).toBeUndefined();
    }
    expect(casesOf({ ...anActor('company-doctor', 'x'), joined: ['y'] })).toEqual({
      where: { ownDoctorId: ['x', 'y'] },
    });
    expect(casesOf(anActor('employee', 'x'))).toEqual({ where: { employeeId: ['x'], payer: 'EMPLOYEE' } });
    expect(casesOf(anActor('second-opinion-doctor', 'x'))).toEqual({ where: { doctorId: ['x'] } });
    expect(casesOf(anActor('back-office', 'x'))).toEqual({});
  });
});
