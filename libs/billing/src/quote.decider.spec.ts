import { Forbidden, Refused, type Instant } from '@second-opinion/kernel';
import { anActor, permutations } from '@second-opinion/kernel/testing';
import { invoiceDraft } from './drafts.rules';
import { caseMoney } from './quote.decider';
import { referenceOf } from './issuing.rules';
import { payerOf } from './quote-state.rules';
import {
  CASE,
  DOCTOR,
  EMPLOYEE,
  Ledger,
  NEXT_DOCTOR,
  OHS,
  OWN_DOCTOR,
  backOffice,
  debtorSeal,
  employee,
  offer,
  ownDoctor,
  submission,
  tariffVersion,
  type Fact,
} from './testing';

const refusal = (attempt: () => unknown): unknown => {
  try {
    attempt();
  } catch (error) {
    return error;
  }
  throw new Error('was not refused');
};
const code = (attempt: () => unknown) => (refusal(attempt) as Refused).code;

describe('issuing a quote (A8)', () => {
  it('BR-27: a quote is requested by the second of submission and offer, due 24 hours on working days after the submission', () => {
    const both = [
      ['NoteSubmission', submission],
      ['NoteOffer', offer],
    ] as const;
    for (const order of permutations(both)) {
      const ledger = new Ledger();
      for (const [name, fields] of order) ledger.does(name, fields);
      expect(ledger.of('QuoteRequested')).toEqual([
        {
          round: 1,
          doctorId: DOCTOR,
          payer: 'EMPLOYER',
          dueAt: '2026-11-26T09:00:00.000Z',
          calendarVersion: 'nl-2026.1-gf1-ld-every-year',
        },
      ]);
    }
  });

  it.each<[string, Instant, Instant]>([
    ['Friday 16:00 -> Monday 16:00', '2026-11-27T15:00:00.000Z', '2026-11-30T15:00:00.000Z'],
    ['Thursday before Good Friday -> Tuesday', '2027-03-25T09:00:00.000Z', '2027-03-30T08:00:00.000Z'],
    ['Saturday -> end of Monday', '2026-11-28T10:00:00.000Z', '2026-11-30T23:00:00.000Z'],
  ])('BR-27: %s', (_, submittedAt, dueAt) => {
    const ledger = new Ledger();
    ledger.does('NoteSubmission', { ...submission, submittedAt });
    ledger.does('NoteOffer', { ...offer, offeredAt: submittedAt });
    expect(ledger.of('QuoteRequested')[0]?.dueAt).toBe(dueAt);
  });

  it('issues amounts in cents, VAT over the total, terms, explanation and validity of 14 days', () => {
    const [issued] = new Ledger().quoted().of('QuoteIssued');
    expect(issued).toMatchObject({
      round: 1,
      doctorId: DOCTOR,
      payer: 'EMPLOYER',
      netCents: 95_000,
      vatCents: 19_950,
      totalCents: 114_950,
      vatTreatment: 'STANDARD_21',
      vatBasisPoints: 2100,
      explanationVersion: 'quote-explanation-2026.1',
      issuedAt: '2026-11-25T09:00:00.000Z',
      remindAt: '2026-12-02T09:00:00.000Z',
      validUntil: '2026-12-09T23:00:00.000Z',
      terms: { withinTwoWorkingDaysPercent: 50, within24HoursPercent: 100, noShowPercent: 100, illnessWaivers: 1 },
    });
    expect(issued).not.toHaveProperty('vatText');
  });

  it('an exempt quote carries the legal text and no VAT', () => {
    const [issued] = new Ledger().quoted({ tariff: { ...tariffVersion, vatTreatment: 'EXEMPT' } }).of('QuoteIssued');
    expect(issued).toMatchObject({
      vatCents: 0,
      totalCents: 95_000,
      vatBasisPoints: 0,
      vatText: 'vrijgesteld van btw, art. 11 lid 1 onderdeel g Wet OB 1968',
    });
  });

  it('without a tariff in force nothing is issued, the term runs out, and the quote follows when the tariff comes', () => {
    const ledger = new Ledger();
    ledger.does('NoteSubmission', submission);
    ledger.does('NoteOffer', offer);
    expect(ledger.does('IssueDueQuote')).toEqual([]);
    expect(ledger.does('NoteQuoteOverdue', { round: 1 })).toEqual([]);
    ledger.now = '2026-11-26T09:00:00.000Z';
    expect(ledger.does('NoteQuoteOverdue', { round: 1 })).toEqual([
      { type: 'QuoteOverdue', data: { round: 1, dueAt: '2026-11-26T09:00:00.000Z' } },
    ]);
    expect(ledger.does('NoteQuoteOverdue', { round: 1 })).toEqual([]);
    ledger.does('IssueDueQuote', { tariff: tariffVersion });
    expect(ledger.of('QuoteIssued')).toHaveLength(1);
    expect(ledger.does('IssueDueQuote', { tariff: tariffVersion })).toEqual([]);
  });

  it('the back office may issue what did not come by itself, and learns why it cannot', () => {
    const ledger = new Ledger();
    const act = (fields: object = {}) => ledger.does('IssueQuote', fields, { actor: backOffice });
    expect(code(act)).toBe('not-found');
    ledger.does('NoteSubmission', submission);
    ledger.does('NoteOffer', offer);
    expect(code(act)).toBe('billing.no-tariff-in-force');
    expect(act({ tariff: tariffVersion }).map(({ type }) => type)).toEqual(['QuoteIssued']);
    expect(code(() => act({ tariff: tariffVersion }))).toBe('billing.quote-already-issued');
    ledger.does('NoteOfferDeclined', { round: 1 });
    expect(code(() => act({ tariff: tariffVersion }))).toBe('billing.quote-already-issued');
    ledger.does('NoteEnding', { ending: 'WITHDRAWN', consultationHeld: false, at: ledger.now });
    expect(code(() => act({ tariff: tariffVersion }))).toBe('billing.case-ended');
  });

  it('BR-52: the payer is the employer for a contracted doctor or with his agreement, else the employee', () => {
    expect(payerOf({ contracted: true, employerAgreed: false })).toBe('EMPLOYER');
    expect(payerOf({ contracted: false, employerAgreed: true })).toBe('EMPLOYER');
    expect(payerOf({ contracted: true, employerAgreed: true })).toBe('EMPLOYER');
    expect(payerOf({ contracted: false, employerAgreed: false })).toBe('EMPLOYEE');
  });

  it('BR-55: the reference towards a payer is neither the case number nor the case id, and always the same', () => {
    const reference = referenceOf('0123456789abcdef');
    expect(reference).toMatch(/^B-[0-9A-F]{10}$/);
    expect(reference).not.toContain('0123456789');
    expect(referenceOf('0123456789abcdef')).toBe(reference);
  });

  it('BR-55: no quote for an employee who pays until his name and address are known', () => {
    const ledger = new Ledger();
    ledger.does('NoteSubmission', submission);
    ledger.does('NoteOffer', { ...offer, payer: 'EMPLOYEE' });
    expect(ledger.does('IssueDueQuote', { tariff: tariffVersion })).toEqual([]);
    expect(code(() => ledger.does('IssueQuote', { tariff: tariffVersion }))).toBe('billing.debtor-missing');
    ledger.does('NoteSubmission', { ...submission, debtor: debtorSeal });
    expect(ledger.does('IssueDueQuote', { tariff: tariffVersion })).toHaveLength(1);
  });
});

describe('signing (A9)', () => {
  it('BR-51: the own doctor signs as principal; BR-77: on the text that he saw', () => {
    const ledger = new Ledger().quoted();
    const { quoteId = '' } = ledger.state.quote ?? {};
    expect(ledger.does('SignQuote', { quoteId }, { actor: ownDoctor })).toEqual([
      {
        type: 'QuoteSignatureGiven',
        data: { quoteId, by: 'own-doctor', at: ledger.now },
        textVersion: 'quote-explanation-2026.1',
      },
      { type: 'QuoteSigned', data: { quoteId, round: 1, doctorId: DOCTOR, signedAt: ledger.now } },
    ]);
    expect(ledger.does('SignQuote', { quoteId }, { actor: ownDoctor })).toEqual([]);
  });

  it.each([
    ['own doctor first', [ownDoctor, employee]],
    ['employee first', [employee, ownDoctor]],
  ])('BR-55, BR-58: when the employee pays the quote is signed only once both have: %s', (_, actors) => {
    const ledger = new Ledger().quoted({ payer: 'EMPLOYEE' });
    const [first, second] = actors;
    ledger.does('SignQuote', {}, first ? { actor: first } : {});
    expect(ledger.of('QuoteSigned')).toEqual([]);
    ledger.does('SignQuote', {}, second ? { actor: second } : {});
    expect(ledger.of('QuoteSigned')).toHaveLength(1);
  });

  it('nobody else signs or declines: not the employee of an employer who pays, another doctor, or the back office', () => {
    const ledger = new Ledger().quoted();
    for (const actor of [
      employee,
      anActor('company-doctor', 'doctor-9'),
      backOffice,
      anActor('employee', OWN_DOCTOR),
    ]) {
      expect(refusal(() => ledger.does('SignQuote', {}, { actor }))).toBeInstanceOf(Forbidden);
      expect(refusal(() => ledger.does('DeclineQuote', {}, { actor }))).toBeInstanceOf(Forbidden);
    }
  });

  it('an employee with joined registrations signs under any of them', () => {
    const ledger = new Ledger().quoted({ payer: 'EMPLOYEE' });
    const joined = { ...anActor('employee', 'person-9'), joined: [EMPLOYEE] };
    expect(ledger.does('SignQuote', {}, { actor: joined })).toHaveLength(1);
  });

  it('who names another quote than the current one signs nothing', () => {
    const ledger = new Ledger().quoted();
    expect(code(() => ledger.does('SignQuote', { quoteId: 'quote-0' }, { actor: ownDoctor }))).toBe(
      'billing.quote-not-current',
    );
    expect(code(() => new Ledger().does('SignQuote', {}, { actor: ownDoctor }))).toBe('not-found');
  });

  it('A9 a quote that is valid up to and including a day can be signed to the end of it, also when the clock changes (N04)', () => {
    for (const [issuedAt, last] of [
      ['2026-11-25T09:00:00.000Z', '2026-12-09T22:59:59.999Z'],
      ['2027-03-22T09:00:00.000Z', '2027-04-05T21:59:59.999Z'],
    ] as const) {
      const ledger = new Ledger();
      ledger.now = issuedAt;
      ledger.quoted();
      ledger.now = last;
      ledger.does('SignQuote', {}, { actor: ownDoctor });
      expect(ledger.of('QuoteSigned')).toHaveLength(1);
    }
  });

  it('a quote cannot be signed from the instant on that it is valid until, whether or not its expiry was recorded', () => {
    const ledger = new Ledger().quoted();
    ledger.now = '2026-12-09T23:00:00.000Z';
    expect(code(() => ledger.does('SignQuote', {}, { actor: ownDoctor }))).toBe('billing.quote-expired');
    const { quoteId } = ledger.of('QuoteIssued')[0] ?? {};
    ledger.does('ExpireQuote', { quoteId });
    expect(ledger.types().slice(-2)).toEqual(['QuoteExpired', 'BillingSettled']);
    expect(ledger.of('BillingSettled')).toEqual([{ invoiced: false, at: ledger.now }]);
    expect(code(() => ledger.does('SignQuote', {}, { actor: ownDoctor }))).toBe('billing.quote-not-open');
    expect(ledger.does('ExpireQuote', { quoteId })).toEqual([]);
  });

  it('declining ends the case for billing without an invoice', () => {
    const ledger = new Ledger().quoted();
    expect(ledger.does('DeclineQuote', {}, { actor: ownDoctor }).map(({ type }) => type)).toEqual([
      'QuoteDeclined',
      'BillingSettled',
    ]);
  });

  it('a signed quote neither expires nor is anybody reminded of it', () => {
    const ledger = new Ledger().signed();
    const { quoteId } = ledger.of('QuoteIssued')[0] ?? {};
    ledger.now = '2027-01-01T09:00:00.000Z';
    expect(ledger.does('ExpireQuote', { quoteId })).toEqual([]);
    expect(ledger.does('RemindOfQuote', { quoteId })).toEqual([]);
  });

  it('signers are reminded once', () => {
    const ledger = new Ledger().quoted();
    const { quoteId } = ledger.of('QuoteIssued')[0] ?? {};
    expect(ledger.does('RemindOfQuote', { quoteId })).toHaveLength(1);
    expect(ledger.does('RemindOfQuote', { quoteId })).toEqual([]);
  });
});

describe('another doctor', () => {
  const second = { ...offer, doctorId: NEXT_DOCTOR, round: 2, offeredAt: '2026-11-27T15:00:00.000Z' };

  it('a declined assignment supersedes an unsigned quote; the next offer asks for a new one within 24 working hours of it', () => {
    const ledger = new Ledger().quoted();
    const { quoteId } = ledger.of('QuoteIssued')[0] ?? {};
    ledger.does('NoteOfferDeclined', { round: 1 });
    expect(ledger.of('QuoteSuperseded')).toEqual([{ quoteId, cause: 'ASSIGNMENT_DECLINED' }]);
    ledger.does('NoteOffer', second);
    expect(ledger.of('QuoteRequested')[1]).toMatchObject({ round: 2, dueAt: '2026-11-30T15:00:00.000Z' });
    ledger.does('IssueDueQuote', { tariff: tariffVersion });
    const quotes = ledger.of('QuoteIssued');
    expect(quotes.map(({ round, doctorId }) => [round, doctorId])).toEqual([
      [1, DOCTOR],
      [2, NEXT_DOCTOR],
    ]);
    expect(quotes[0]?.quoteId).not.toBe(quotes[1]?.quoteId);
  });

  it('a half signed quote of an employee who pays is superseded too', () => {
    const ledger = new Ledger().quoted({ payer: 'EMPLOYEE' });
    ledger.does('SignQuote', {}, { actor: ownDoctor });
    ledger.does('NoteOfferDeclined', { round: 1 });
    expect(ledger.of('QuoteSuperseded')).toHaveLength(1);
  });

  it('the decline of an earlier round that overtook or came late gives the same as in order', () => {
    const facts = [
      ['NoteSubmission', submission],
      ['NoteOffer', offer],
      ['NoteOfferDeclined', { round: 1 }],
      ['NoteOffer', second],
    ] as const;
    for (const order of permutations(facts)) {
      const ledger = new Ledger();
      for (const [name, fields] of [...order, ...order]) ledger.does(name, fields);
      const { requested } = ledger.state;
      expect(requested).toMatchObject({ round: 2, doctorId: NEXT_DOCTOR });
      ledger.does('IssueDueQuote', { tariff: tariffVersion });
      expect(ledger.of('QuoteIssued')).toHaveLength(1);
      expect(ledger.state.quote).toMatchObject({ round: 2, status: 'open' });
    }
  });

  it('a signature stays when price and payer are unchanged, and is told again for the new doctor', () => {
    const ledger = new Ledger().signed();
    ledger.does('NoteOfferDeclined', { round: 1 });
    ledger.does('NoteOffer', second);
    expect(ledger.of('QuoteSuperseded')).toEqual([]);
    const { quoteId } = ledger.of('QuoteIssued')[0] ?? {};
    expect(ledger.does('IssueDueQuote', { tariff: { ...tariffVersion, version: 2 } })).toEqual([
      {
        type: 'QuoteCarriedOver',
        data: { quoteId, round: 2, doctorId: NEXT_DOCTOR, signedAt: '2026-11-25T09:00:00.000Z' },
      },
    ]);
    expect(ledger.does('IssueDueQuote', { tariff: tariffVersion })).toEqual([]);
    expect(ledger.state.quote).toMatchObject({ status: 'signed', doctorId: NEXT_DOCTOR });
  });

  it('a signature stays also while no tariff is in force', () => {
    const ledger = new Ledger().signed();
    ledger.does('NoteOffer', second);
    expect(ledger.does('IssueDueQuote').map(({ type }) => type)).toEqual(['QuoteCarriedOver']);
  });

  it.each([
    ['the price', { tariff: { ...tariffVersion, netCents: 99_000 } }, {}],
    ['the hourly price', { tariff: { ...tariffVersion, hourlyNetCents: 20_000 } }, {}],
    ['the VAT', { tariff: { ...tariffVersion, vatTreatment: 'EXEMPT' as const } }, {}],
    ['the payer', { tariff: tariffVersion }, { payer: 'EMPLOYEE' as const, debtor: debtorSeal }],
  ])('another quote must be signed when %s has changed', (_, fields, over) => {
    const ledger = new Ledger().signed();
    ledger.does('NoteOffer', { ...second, ...over });
    expect(ledger.does('IssueDueQuote', fields).map(({ type }) => type)).toEqual(['QuoteSuperseded', 'QuoteIssued']);
    expect(ledger.state.quote).toMatchObject({ status: 'open', round: 2 });
  });
});

describe('A15 a case that is its former doctor’s again', () => {
  const held: Fact = ['NoteConsultation', { heldAt: '2026-12-03T08:00:00.000Z' }];
  const shared: Fact = ['NoteEnding', { ending: 'SHARED', consultationHeld: true, at: '2026-12-04T10:00:00.000Z' }];
  const delivered: Fact = [shared[0], { ...shared[1], doctorId: DOCTOR }];
  const gaveUp: Fact = ['NoteOfferDeclined', { round: 1 }];
  const second: Fact = ['NoteOffer', { ...offer, doctorId: NEXT_DOCTOR, round: 2 }];
  const paidByEmployee: Fact = [
    'NoteOffer',
    { ...offer, doctorId: NEXT_DOCTOR, round: 2, payer: 'EMPLOYEE', debtor: debtorSeal },
  ];
  const quoted: Fact = ['IssueDueQuote', { tariff: tariffVersion }];
  const takenBack: Fact = ['NoteOfferDeclined', { round: 2 }];
  const again: Fact = ['NoteIndependence', { doctorId: DOCTOR, round: 3, restored: true }];
  const played = (...facts: Fact[]) => {
    const ledger = new Ledger().signed();
    for (const fact of [held, gaveUp, ...facts]) ledger.does(...fact);
    return ledger;
  };
  const ways: [string, Fact[]][] = [
    ['nobody was asked', []],
    ['another was asked', [second, takenBack]],
    ['the signature had gone to another', [second, quoted, takenBack]],
    ['another would have been paid by the employee', [paidByEmployee, quoted, takenBack]],
    ['and the taking back is not heard of', [paidByEmployee, quoted]],
  ];
  it.each(ways)('BR-52, BR-53 %s: the advice is charged once, on what was signed for him', (_, asked) => {
    for (const place of Array.from({ length: asked.length + 2 }).keys()) {
      const ledger = played(...[...asked, again].toSpliced(place, 0, shared));
      const [first] = ledger.of('QuoteIssued');
      ledger.numbered();
      expect({ place, due: ledger.of('InvoiceDue'), settled: ledger.state.settled }).toMatchObject({
        ...{ place, settled: true },
        due: [{ charge: 'SECOND_OPINION', payer: 'EMPLOYER', quoteId: first?.quoteId }],
      });
      expect(ledger.state).toMatchObject({
        offer: { doctorId: DOCTOR, round: 3, payer: 'EMPLOYER' },
        quote: { quoteId: first?.quoteId, status: 'signed', doctorId: DOCTOR, round: 3 },
      });
      expect(caseMoney.participants?.(ledger.state)).toMatchObject({ 'second-opinion-doctor': DOCTOR });
      expect(ledger.does(...again)).toEqual([]);
    }
  });
  it('nothing is asked for him anew, and a quote that was open for another cannot be signed any more', () => {
    const ledger = played(paidByEmployee, quoted, shared, again);
    const [, other] = ledger.of('QuoteIssued');
    expect(ledger.of('QuoteSuperseded').at(-1)).toEqual({ quoteId: other?.quoteId, cause: 'DOCTOR_CHANGED' });
    expect(ledger.of('QuoteRequested').map(({ round }) => round)).toEqual([1, 2]);
    expect(() => ledger.does('SignQuote', { quoteId: other?.quoteId }, { actor: employee })).toThrow();
  });
  it('BR-52, BR-53 the advice is charged on the quote of who gave it, also when the quote of another was signed before it was heard of', () => {
    const ohs = {
      organisationId: OHS,
      legalName: 'Arbodienst',
      address: 'Markt 2',
      chamberOfCommerceNumber: '87654321',
    };
    const signs = (ledger: Ledger) => {
      for (const actor of [ownDoctor, employee]) ledger.does('SignQuote', {}, { actor });
    };
    for (const restored of [[], [takenBack, again]]) {
      const ledger = played(paidByEmployee, quoted);
      signs(ledger);
      for (const fact of [delivered, ...restored]) ledger.does(...fact);
      const [first] = ledger.of('QuoteIssued');
      expect(ledger.of('InvoiceDue')).toMatchObject([{ quoteId: first?.quoteId, payer: 'EMPLOYER' }]);
      expect(invoiceDraft(CASE, 'SECOND_OPINION', ledger.state, ohs)).toMatchObject({
        doctorId: DOCTOR,
        payer: 'EMPLOYER',
      });
      if (restored.length > 0) expect(ledger.state.quote).toMatchObject({ quoteId: first?.quoteId, doctorId: DOCTOR });
    }
  });
  it('BR-53 what was not signed yet for another need not be: the advice is not his', () => {
    const ledger = played(paidByEmployee, quoted, delivered);
    const [, other] = ledger.of('QuoteIssued');
    expect(ledger.of('QuoteSuperseded').at(-1)).toEqual({ quoteId: other?.quoteId, cause: 'DOCTOR_CHANGED' });
  });
  it('BR-57 what was invoiced on the quote of another stays, for only a credit note changes it', () => {
    const ledger = played(paidByEmployee, quoted, shared);
    const [, other] = ledger.of('QuoteIssued');
    for (const actor of [ownDoctor, employee]) ledger.does('SignQuote', {}, { actor });
    ledger.does(...again);
    expect(ledger.of('InvoiceDue')).toMatchObject([{ quoteId: other?.quoteId, payer: 'EMPLOYEE' }]);
    expect(ledger.state.quote?.quoteId).toBe(other?.quoteId);
  });
});

describe('who takes part', () => {
  it('the candidate becomes the second opinion doctor with his independence, and nobody with his decline', () => {
    const ledger = new Ledger().quoted();
    const participants = () => caseMoney.participants?.(ledger.state);
    const both = { employee: EMPLOYEE, 'own-doctor': OWN_DOCTOR };
    expect(participants()).toEqual({ ...both, 'candidate-doctor': DOCTOR });
    ledger.does('NoteIndependence', { doctorId: DOCTOR, round: 1 });
    expect(participants()).toEqual({ ...both, 'second-opinion-doctor': DOCTOR });
    ledger.does('NoteOfferDeclined', { round: 1 });
    expect(participants()).toEqual(both);
    expect(caseMoney.caseId?.(CASE, caseMoney.initial)).toBe(CASE);
  });
});
