import { invoiceDraft } from './drafts.rules';
import {
  CASE,
  debtorSeal,
  employee,
  Ledger,
  NEXT_DOCTOR,
  offer,
  OHS,
  ownDoctor,
  submission,
  tariffVersion,
} from './testing';

const ohs = {
  organisationId: OHS,
  legalName: 'Arbodienst Zuid B.V.',
  address: 'Markt 2, 5611 EB Eindhoven',
  chamberOfCommerceNumber: '87654321',
};
const shared = { ending: 'SHARED', consultationHeld: true, at: '2026-12-03T10:00:00.000Z' };

describe('to whom an invoice is addressed', () => {
  it("BR-54: when the employer bears the cost, the invoice goes to the own doctor's service, which passes it on; the employer is never our debtor", () => {
    const ledger = new Ledger().signed({ payer: 'EMPLOYER' });
    ledger.does('NoteEnding', shared);
    const draft = invoiceDraft(CASE, 'SECOND_OPINION', ledger.state, ohs);
    expect(draft).toMatchObject({ payer: 'EMPLOYER', debtorOrganisation: ohs });
    expect(draft).not.toHaveProperty('debtorPerson');
    expect(JSON.stringify(draft)).not.toMatch(/employer(Id|Name|-1)/);
  });

  it('BR-54, BR-55: when the employee pays, nothing is left to pass on: he is the debtor, and no service is named', () => {
    const ledger = new Ledger().signed({ payer: 'EMPLOYEE' });
    ledger.does('NoteEnding', shared);
    const draft = invoiceDraft(CASE, 'SECOND_OPINION', ledger.state, ohs);
    expect(draft).toMatchObject({ payer: 'EMPLOYEE', debtorPerson: debtorSeal });
    expect(draft).not.toHaveProperty('debtorOrganisation');
  });

  it('A15, BR-55: what the employee pays is addressed to him, also when another doctor was asked meanwhile whom he does not pay', () => {
    const ledger = new Ledger();
    ledger.does('NoteSubmission', submission);
    ledger.does('NoteOffer', { ...offer, payer: 'EMPLOYEE', debtor: debtorSeal });
    ledger.does('IssueDueQuote', { tariff: tariffVersion });
    for (const actor of [ownDoctor, employee]) ledger.does('SignQuote', {}, { actor });
    ledger.does('NoteOfferDeclined', { round: 1 });
    ledger.does('NoteEnding', shared);
    ledger.does('NoteOffer', { ...offer, doctorId: NEXT_DOCTOR, round: 2 });
    const draft = invoiceDraft(CASE, 'SECOND_OPINION', ledger.state, ohs);
    expect(draft).toMatchObject({ payer: 'EMPLOYEE', debtorPerson: debtorSeal, doctorId: offer.doctorId });
  });

  it("waits for the service's register data rather than addressing an invoice to nobody", () => {
    const ledger = new Ledger().signed({ payer: 'EMPLOYER' });
    ledger.does('NoteEnding', shared);
    expect(invoiceDraft(CASE, 'SECOND_OPINION', ledger.state, undefined)).toBeUndefined();
  });
});
