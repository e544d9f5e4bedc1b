import { permutations, recorded } from '@second-opinion/kernel/testing';
import { caseMoney } from './quote.decider';
import type { QuoteEvent } from './quote.events';
import {
  debtorSeal,
  employee,
  Ledger,
  NEXT_DOCTOR,
  offer,
  ownDoctor,
  submission,
  tariffVersion,
  type Fact,
} from './testing';

const at = '2026-12-03T10:00:00.000Z';
const shared: Fact = ['NoteEnding', { ending: 'SHARED', consultationHeld: true, at }];
const withdrawn: Fact = ['NoteEnding', { ending: 'WITHDRAWN', consultationHeld: false, at }];
const withdrawnAfter: Fact = ['NoteEnding', { ending: 'WITHDRAWN', consultationHeld: true, at }];
const appointed: Fact = ['NoteAppointment', { appointmentId: 'appointment-1' }];
const cancelled = (over: object = {}): Fact => [
  'NoteCancellation',
  {
    appointmentId: 'appointment-1',
    by: 'employee',
    noticeClass: 'WITHIN_24_HOURS',
    illnessProof: false,
    at,
    ...over,
  },
];
const noShow = (over: object = {}): Fact => [
  'NoteNoShow',
  { appointmentId: 'appointment-1', final: false, illnessProof: false, at, ...over },
];
const worked = (minutes: number): Fact => ['NoteWorkedHours', { minutes, at }];

const settledAs = (ledger: Ledger) => ledger.of('BillingSettled').map(({ invoiced }) => invoiced);

describe('the whole advice (A20)', () => {
  it('BR-53: the invoice is due at the first sharing, at the full price, whatever the employee decides', () => {
    const ledger = new Ledger().signed();
    ledger.now = '2026-12-03T10:00:05.000Z';
    ledger.does(...shared);
    expect(ledger.of('InvoiceDue')).toEqual([
      {
        charge: 'SECOND_OPINION',
        payer: 'EMPLOYER',
        invoiceSeries: 'SO2026',
        quoteId: ledger.state.quote?.quoteId,
        reference: ledger.state.quote?.reference,
        lines: [{ item: 'SECOND_OPINION', quantity: 1, unit: 'piece', unitNetCents: 95_000, netCents: 95_000 }],
        netCents: 95_000,
        vatCents: 19_950,
        totalCents: 114_950,
        vatTreatment: 'STANDARD_21',
        vatBasisPoints: 2100,
        delivered: '2026-12-03',
        decidedAt: '2026-12-03T10:00:05.000Z',
        issueBy: '2027-01-15T23:00:00.000Z',
      },
    ]);
  });

  it('BR-59: no command can tell billing how the employee decided or what came out', () => {
    expect(Object.keys(caseMoney.decide).join()).not.toMatch(/Block|Lapse|Consent|Releas|FollowUp|Adopt/);
  });

  it('is invoiced never twice: not at later versions, not told twice, not with worked hours besides', () => {
    const ledger = new Ledger().signed();
    for (const fact of [shared, shared, worked(60), withdrawnAfter]) ledger.does(...fact);
    ledger.does('NoteEnding', { ending: 'SHARED', consultationHeld: true, at: '2026-12-09T10:00:00.000Z' });
    expect(ledger.of('InvoiceDue').map(({ charge }) => charge)).toEqual(['SECOND_OPINION']);
  });

  it('BR-53: a quote that was still open at the sharing (another doctor, another payer) can be signed, late too, and is charged then', () => {
    const ledger = new Ledger().signed();
    ledger.does('NoteConsultation', { heldAt: at });
    ledger.does('NoteOffer', { ...offer, round: 2, doctorId: NEXT_DOCTOR, payer: 'EMPLOYEE', debtor: debtorSeal });
    ledger.does('IssueDueQuote', { tariff: tariffVersion });
    ledger.does(...shared);
    ledger.does('NoteOfferDeclined', { round: 2 });
    const { quoteId, validUntil } = ledger.of('QuoteIssued')[1] ?? {};
    ledger.now = validUntil ?? '';
    ledger.does('ExpireQuote', { quoteId });
    expect([ledger.state.quote?.status, ledger.of('InvoiceDue'), settledAs(ledger)]).toEqual(['open', [], []]);
    expect(() => ledger.does('DeclineQuote', { quoteId }, { actor: employee })).toThrow('billing.already-delivered');
    for (const actor of [ownDoctor, employee]) ledger.does('SignQuote', { quoteId }, { actor });
    expect(ledger.of('InvoiceDue')).toMatchObject([{ charge: 'SECOND_OPINION', payer: 'EMPLOYEE', quoteId }]);
    ledger.numbered();
    expect(settledAs(ledger)).toEqual([true]);
  });

  it('settles once the invoice has its number, once', () => {
    const ledger = new Ledger().signed();
    ledger.does(...shared);
    expect(settledAs(ledger)).toEqual([]);
    ledger.numbered();
    expect(settledAs(ledger)).toEqual([true]);
    ledger.does('NoteEnding', { ending: 'CLOSED', consultationHeld: false, at });
    expect(settledAs(ledger)).toEqual([true]);
  });

  it('nothing is charged on a quote that nobody signed', () => {
    const ledger = new Ledger().quoted();
    ledger.does(...noShow());
    expect(ledger.of('InvoiceDue')).toEqual([]);
  });

  it('a number that comes twice is noted once', () => {
    const ledger = new Ledger().signed();
    ledger.does(...shared);
    ledger.numbered();
    const before = ledger.events.length;
    const { invoice } = ledger.state.charges.SECOND_OPINION ?? {};
    expect(ledger.does('NoteInvoiceNumber', { invoice: { ...invoice, charge: 'SECOND_OPINION' } })).toEqual([]);
    expect(ledger.events).toHaveLength(before);
  });

  it('an invoice not numbered by the 15th of the next month is told as late', () => {
    const ledger = new Ledger().signed();
    ledger.does(...shared);
    expect(ledger.does('NoteInvoiceLate', { charge: 'SECOND_OPINION' })).toEqual([]);
    ledger.now = '2027-01-15T23:00:00.000Z';
    expect(ledger.does('NoteInvoiceLate', { charge: 'SECOND_OPINION' })).toHaveLength(1);
    expect(ledger.does('NoteInvoiceLate', { charge: 'SECOND_OPINION' })).toEqual([]);
    ledger.numbered();
    expect(ledger.does('NoteInvoiceLate', { charge: 'SECOND_OPINION' })).toEqual([]);
  });
});

describe('fees by the terms on the quote (domain section 8)', () => {
  it.each<[string, Fact, number[]]>([
    ['free until two working days before', cancelled({ noticeClass: 'FREE' }), []],
    ['half of the consultation part within two days', cancelled({ noticeClass: 'WITHIN_TWO_WORKING_DAYS' }), [22_501]],
    ['all of it within 24 hours', cancelled(), [45_001]],
    ['nothing when the doctor cancels', cancelled({ by: 'second-opinion-doctor' }), []],
    ['nothing when the back office cancels', cancelled({ by: 'back-office' }), []],
    ['nothing when the system cancels', cancelled({ by: 'system' }), []],
    ['all of it for a no-show', noShow(), [45_001]],
  ])('%s', (_, fact, nets) => {
    const ledger = new Ledger().signed();
    ledger.does(...appointed);
    ledger.does(...fact);
    ledger.does(...fact);
    expect(ledger.of('InvoiceDue').map(({ netCents }) => netCents)).toEqual(nets);
  });

  it('A15, BR-76: what fell away with its doctor costs nothing, also when the employee withdraws after that', () => {
    const ledger = new Ledger().signed();
    ledger.does(...appointed);
    ledger.does(...cancelled({ by: 'system', at: '2026-12-03T09:00:00.000Z' }));
    ledger.does(...withdrawn);
    expect(ledger.of('InvoiceDue')).toEqual([]);
    expect(settledAs(ledger)).toEqual([false]);
  });

  it('a proof of illness waives once', () => {
    const ledger = new Ledger().signed();
    ledger.does(...noShow({ illnessProof: true }));
    expect(ledger.of('FeeWaived')).toEqual([{ appointmentId: 'appointment-1', termsVersion: 'cancellation-2026.1' }]);
    expect(ledger.of('InvoiceDue')).toEqual([]);
    ledger.does(...noShow({ illnessProof: true, appointmentId: 'appointment-2', final: true }));
    expect(ledger.of('InvoiceDue').map(({ charge }) => charge)).toEqual(['NO_SHOW']);
    expect(ledger.of('FeeWaived')).toHaveLength(1);
  });

  it('one invoice per charge: a second no-show is not charged again', () => {
    const ledger = new Ledger().signed();
    ledger.does(...noShow());
    ledger.does(...noShow({ appointmentId: 'appointment-2', final: true }));
    expect(ledger.of('InvoiceDue').map(({ charge }) => charge)).toEqual(['NO_SHOW']);
  });

  it('BR-55: the date on a no-show or cancellation is the month only', () => {
    for (const fact of [noShow(), cancelled()]) {
      const ledger = new Ledger().signed();
      ledger.does(...fact);
      expect(ledger.of('InvoiceDue')[0]?.delivered).toBe('2026-12');
    }
  });
  it('BR-55: a no-show belongs to the month of its appointment, also when it is recorded in the next; what was told without it, to that of its recording', () => {
    const at = '2027-01-02T09:00:00.000Z';
    const told = (over: object) => {
      const ledger = new Ledger().signed();
      ledger.does(...noShow({ at, ...over }));
      return ledger.of('InvoiceDue').map(({ delivered, issueBy }) => [delivered, issueBy]);
    };
    expect(told({ startsAt: '2026-12-31T23:30' })).toEqual([['2026-12', '2027-01-15T23:00:00.000Z']]);
    expect(told({})).toEqual([['2027-01', '2027-02-15T23:00:00.000Z']]);
  });
  it('BR-55: a late cancellation belongs to the month of the cancelling: it costs by itself, before its appointment', () => {
    const ledger = new Ledger().signed();
    ledger.does(...cancelled({ at: '2026-12-31T15:00:00.000Z' }));
    expect(ledger.of('InvoiceDue')[0]?.delivered).toBe('2026-12');
  });

  it('the terms that count are those on the quote that was signed', () => {
    const ledger = new Ledger().signed({ tariff: { ...tariffVersion, consultationNetCents: 0 } });
    ledger.does(...noShow({ final: true }));
    expect(ledger.of('InvoiceDue')).toEqual([]);
    expect(settledAs(ledger)).toEqual([false]);
  });
});

describe('every ending is settled', () => {
  it('the last no-show: after its fee has its number', () => {
    const ledger = new Ledger().signed();
    ledger.does(...noShow({ final: true }));
    expect(settledAs(ledger)).toEqual([]);
    ledger.numbered();
    expect(settledAs(ledger)).toEqual([true]);
  });

  it('a consultation that could not be finished: no fee; the last one ends the case', () => {
    const ledger = new Ledger().signed();
    ledger.does(...appointed);
    ledger.does('NoteAbort', { final: false, at });
    expect(settledAs(ledger)).toEqual([]);
    ledger.does('NoteAbort', { final: true, at });
    expect(settledAs(ledger)).toEqual([false]);
  });

  it('not executable: at once, without an invoice', () => {
    const ledger = new Ledger().signed();
    ledger.does('NoteEnding', { ending: 'NOT_EXECUTABLE', consultationHeld: false, at });
    expect(settledAs(ledger)).toEqual([false]);
  });

  it('BR-76: withdrawn before a quote was signed: it is superseded, and nothing is due', () => {
    const ledger = new Ledger().quoted();
    ledger.does(...withdrawn);
    expect(ledger.of('QuoteSuperseded')[0]?.cause).toBe('CASE_ENDED');
    expect(settledAs(ledger)).toEqual([false]);
  });

  it('BR-76: withdrawn before a quote was issued: none is issued any more', () => {
    const ledger = new Ledger();
    ledger.does('NoteSubmission', submission);
    ledger.does('NoteOffer', offer);
    ledger.does(...withdrawn);
    expect(settledAs(ledger)).toEqual([false]);
    expect(ledger.does('IssueDueQuote', { tariff: tariffVersion })).toEqual([]);
    ledger.now = '2027-01-01T00:00:00.000Z';
    expect(ledger.does('NoteQuoteOverdue', { round: 1 })).toEqual([]);
  });

  it('BR-76: withdrawn with an appointment: waits for its cancellation and what that costs, in either order', () => {
    for (const by of ['employee', 'system']) {
      for (const order of permutations([appointed, cancelled({ by }), withdrawn])) {
        const ledger = new Ledger().signed();
        for (const fact of order) ledger.does(...fact);
        expect(ledger.of('InvoiceDue').map(({ charge, netCents }) => [charge, netCents])).toEqual([
          ['LATE_CANCELLATION', 45_001],
        ]);
        ledger.numbered();
        expect(settledAs(ledger)).toHaveLength(1);
      }
    }
  });

  it('BR-76: withdrawn in good time: no fee', () => {
    const ledger = new Ledger().signed();
    for (const fact of [appointed, withdrawn, cancelled({ noticeClass: 'FREE' })]) ledger.does(...fact);
    expect(settledAs(ledger)).toEqual([false]);
  });

  it('BR-76: withdrawn after the consultation: the worked hours by the quote, whichever is told first and however often', () => {
    for (const order of permutations<Fact>([withdrawnAfter, worked(100), ['NoteConsultation', { heldAt: at }]])) {
      const ledger = new Ledger().signed();
      for (const fact of [...order, ...order]) ledger.does(...fact);
      expect(ledger.of('InvoiceDue')).toMatchObject([
        {
          charge: 'WORKED_HOURS',
          lines: [{ item: 'WORKED_HOURS', quantity: 100, unit: 'minute', unitNetCents: 18_000, netCents: 30_000 }],
          vatCents: 6_300,
        },
      ]);
      expect(settledAs(ledger)).toEqual([]);
      ledger.numbered();
      expect(settledAs(ledger)).toEqual([true]);
    }
  });

  it('no minutes worked: no invoice', () => {
    const ledger = new Ledger().signed();
    for (const fact of [withdrawnAfter, worked(0)]) ledger.does(...fact);
    expect(ledger.of('InvoiceDue')).toEqual([]);
    expect(settledAs(ledger)).toEqual([false]);
  });

  it('what another context never tells is waited for ten working days, and charged if it comes after all', () => {
    const ledger = new Ledger().signed();
    ledger.now = '2026-12-03T10:00:00.000Z';
    ledger.does(...withdrawnAfter);
    expect(ledger.of('SettlementAwaited')).toMatchObject([
      { awaits: 'WORKED_HOURS', until: '2026-12-17T10:00:00.000Z' },
    ]);
    expect(ledger.does('EndSettlementTerm')).toEqual([]);
    ledger.now = '2026-12-17T10:00:00.000Z';
    ledger.does('EndSettlementTerm');
    expect(settledAs(ledger)).toEqual([false]);
    expect(ledger.does('EndSettlementTerm')).toEqual([]);
    ledger.does(...worked(60));
    expect(ledger.of('InvoiceDue')).toHaveLength(1);
    ledger.numbered();
    expect(settledAs(ledger)).toEqual([false]);
  });

  it('closed without a doctor: settled; closed before anything was submitted: nothing is kept', () => {
    const closed = { ending: 'CLOSED', consultationHeld: false, at };
    const ledger = new Ledger().quoted();
    ledger.does('NoteOfferDeclined', { round: 1 });
    ledger.does('NoteEnding', closed);
    expect(settledAs(ledger)).toEqual([false]);
    expect(new Ledger().does('NoteEnding', closed)).toEqual([]);
  });

  it('A15, BR-76: ended by us after the consultation (no doctor left, not executable): nothing, for hours are charged on a withdrawal only', () => {
    for (const ending of ['CLOSED', 'NOT_EXECUTABLE']) {
      const facts: Fact[] = [
        ['NoteConsultation', { heldAt: '2026-12-01T10:00:00.000Z' }],
        worked(80),
        ['NoteEnding', { ending, consultationHeld: false, at }],
      ];
      for (const order of permutations(facts)) {
        const ledger = new Ledger().signed();
        for (const fact of order) ledger.does(...fact);
        expect(ledger.of('InvoiceDue')).toEqual([]);
        expect(settledAs(ledger)).toEqual([false]);
      }
    }
  });

  it('an ending that overtakes the submission is answered when the submission is known', () => {
    const ledger = new Ledger();
    ledger.does(...withdrawn);
    expect(settledAs(ledger)).toEqual([]);
    ledger.does('NoteSubmission', submission);
    expect(settledAs(ledger)).toEqual([false]);
    expect(ledger.does('NoteOffer', { ...offer, doctorId: NEXT_DOCTOR })).toEqual([]);
  });
});

describe('what the own doctor may not see', () => {
  it('BR-55: when the employee pays, charges and payments are hidden from the own doctor and from nobody else', () => {
    const ledger = new Ledger().signed({ payer: 'EMPLOYEE' });
    ledger.does(...shared);
    ledger.numbered();
    const hidden = (relation: 'own-doctor' | 'employee' | 'back-office') =>
      recorded<QuoteEvent>('billing.quote-case-1', ledger.events)
        .filter((event) => caseMoney.hiddenFrom?.(event, relation))
        .map(({ type }) => type);
    expect(hidden('own-doctor')).toEqual(['InvoiceDue', 'InvoiceNumbered']);
    expect(hidden('employee')).toEqual([]);
    expect(hidden('back-office')).toEqual([]);
  });

  it('when the employer pays nothing is hidden from the own doctor, who is the principal (BR-51)', () => {
    const ledger = new Ledger().signed();
    ledger.does(...shared);
    const events = recorded<QuoteEvent>('billing.quote-case-1', ledger.numbered().events);
    expect(events.some((event) => caseMoney.hiddenFrom?.(event, 'own-doctor'))).toBe(false);
  });

  it('nothing of the appointment shows in what changed for him: not its moves, nor what was waived (matrix row 12)', () => {
    const ledger = new Ledger().signed();
    const appointmentId = 'appointment-1';
    ledger.does('NoteAppointment', { appointmentId });
    ledger.does('NoteNoShow', { appointmentId, final: false, illnessProof: true, at: ledger.now });
    const cancelling = { by: 'employee', noticeClass: 'FREE', illnessProof: false, at: ledger.now } as const;
    ledger.does('NoteCancellation', { appointmentId: 'appointment-2', ...cancelling });
    ledger.does('NoteAbort', { final: false, at: ledger.now });
    const known = recorded<QuoteEvent>('billing.quote-case-1', ledger.events)
      .filter((event) => !caseMoney.hiddenFrom?.(event, 'own-doctor'))
      .map(({ type }) => type);
    expect(known.slice(-1)).toEqual(['QuoteSigned']);
    expect(ledger.types()).toContain('FeeWaived');
  });

  it('BR-38: the same history whether the report is later blocked, lapsed or withdrawn, since none of them is listened to', () => {
    const ledger = new Ledger().signed();
    ledger.does(...shared);
    ledger.numbered();
    const before = ledger.types();
    ledger.does('NoteEnding', { ending: 'CLOSED', consultationHeld: false, at: '2026-12-30T10:00:00.000Z' });
    expect(ledger.types()).toEqual(before);
  });
});
