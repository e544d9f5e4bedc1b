import { DomainError } from '@second-opinion/kernel';
import fc from 'fast-check';
import {
  DOCTOR,
  Ledger,
  NEXT_DOCTOR,
  backOffice,
  debtorSeal,
  employee,
  offer,
  ownDoctor,
  submission,
  tariffVersion,
  type Fact,
} from './testing';

const at = '2026-12-03T10:00:00.000Z';
const ending = (name: string, consultationHeld = false): Fact => ['NoteEnding', { ending: name, consultationHeld, at }];
const missed = (appointmentId: string, illnessProof: boolean) => ({ appointmentId, illnessProof, at });
const facts: Fact[] = [
  ['NoteSubmission', { ...submission, debtor: debtorSeal }],
  ['NoteOffer', offer],
  ['NoteOffer', { ...offer, round: 2, doctorId: NEXT_DOCTOR }],
  ['NoteOffer', { ...offer, round: 3, payer: 'EMPLOYEE' }],
  ['NoteOfferDeclined', { round: 1 }],
  ['NoteOfferDeclined', { round: 2 }],
  ['NoteIndependence', { doctorId: DOCTOR, round: 1 }],
  ['NoteIndependence', { doctorId: DOCTOR, round: 4, restored: true }],
  ['IssueDueQuote', { tariff: tariffVersion }],
  ['IssueDueQuote', { tariff: { ...tariffVersion, version: 2, netCents: 99_000 } }],
  ['NoteAppointment', { appointmentId: 'a-1' }],
  ['NoteAppointment', { appointmentId: 'a-2' }],
  ['NoteCancellation', { ...missed('a-1', false), by: 'employee', noticeClass: 'WITHIN_24_HOURS' }],
  ['NoteNoShow', { ...missed('a-2', true), final: false }],
  ['NoteNoShow', { ...missed('a-3', false), final: true, startsAt: '2026-11-30T09:00' }],
  ['NoteAbort', { final: true, at }],
  ['NoteConsultation', { heldAt: at }],
  ['NoteWorkedHours', { minutes: 90, at }],
  ending('SHARED', true),
  [ending('SHARED', true)[0], { ...ending('SHARED', true)[1], doctorId: DOCTOR }],
  ending('WITHDRAWN', true),
  ending('WITHDRAWN'),
  ending('NOT_EXECUTABLE'),
  ending('CLOSED'),
  ['EndSettlementTerm', {}],
];
type Step = Fact | 'own-doctor signs' | 'employee signs' | 'own-doctor declines' | 'numbers' | 'time';

function play(steps: readonly Step[]): Ledger {
  const ledger = new Ledger();
  for (const step of steps) {
    try {
      if (step === 'own-doctor signs') ledger.does('SignQuote', {}, { actor: ownDoctor });
      else if (step === 'employee signs') ledger.does('SignQuote', {}, { actor: employee });
      else if (step === 'own-doctor declines') ledger.does('DeclineQuote', {}, { actor: ownDoctor });
      else if (step === 'numbers') ledger.numbered();
      else if (step === 'time') ledger.now = new Date(Date.parse(ledger.now) + 4 * 86_400_000).toISOString();
      else ledger.does(...step);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  }
  return ledger;
}

const people = ['own-doctor signs', 'employee signs', 'own-doctor declines', 'numbers', 'time'] as const;
const histories = fc.array(fc.constantFrom<Step>(...facts, ...people, ...people), { maxLength: 60 });

describe('whatever comes, in whatever order and however often', () => {
  it('BR-53, BR-58: each charge is due at most once, only on a quote that was signed before, and everything is settled at most once', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const ledger = play(steps);
        const charges = ledger.of('InvoiceDue').map(({ charge }) => charge);
        expect(new Set(charges).size).toBe(charges.length);
        expect(ledger.of('BillingSettled').length).toBeLessThanOrEqual(1);
        const signed = new Set<string>();
        for (const event of ledger.events) {
          if (event.type === 'QuoteSigned') signed.add(event.data.quoteId);
          if (event.type === 'InvoiceDue') expect(signed).toContain(event.data.quoteId);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('BR-57: no invoice is ever charged, credited or paid beyond its total', () => {
    fc.assert(
      fc.property(histories, fc.array(fc.integer({ min: 1, max: 120_000 }), { maxLength: 6 }), (steps, amounts) => {
        const ledger = play([...steps, 'numbers']);
        for (const { invoiceNumber } of ledger.of('InvoiceNumbered')) {
          for (const [index, amount] of amounts.entries()) {
            const fields =
              index % 2
                ? { netCents: amount, reason: 'CORRECTION' }
                : { amountCents: amount, receivedOn: '2026-11-25' };
            try {
              ledger.does(
                index % 2 ? 'IssueCreditNote' : 'RecordPayment',
                { invoiceNumber, ...fields },
                { actor: backOffice },
              );
            } catch (error) {
              if (!(error instanceof DomainError)) throw error;
            }
          }
        }
        for (const { invoice, credits, paidCents } of Object.values(ledger.state.charges)) {
          const credited = credits.reduce((sum, { totalCents }) => sum + totalCents, 0);
          expect(credited).toBeLessThanOrEqual(invoice?.totalCents ?? 0);
          expect(paidCents).toBeLessThanOrEqual(invoice?.totalCents ?? 0);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('a case that ended after its submission is settled in the end', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const ledger = play([
          ...steps,
          facts[0] as Fact,
          ending('NOT_EXECUTABLE'),
          'numbers',
          ...Array<'time'>(12).fill('time'),
        ]);
        ledger.does('EndSettlementTerm');
        ledger.numbered();
        const unsignedShare = ledger.state.sharedAt !== undefined && !ledger.state.charges.SECOND_OPINION;
        expect(ledger.state.settled || unsignedShare).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
