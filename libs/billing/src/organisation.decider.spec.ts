import { given } from '@second-opinion/kernel/testing';
import { debtor } from './organisation.decider';
import type { OrganisationEvent } from './organisation.events';
import { OHS } from './testing';

const ohs = {
  organisationId: OHS,
  legalName: 'Arbodienst Zuid B.V.',
  address: 'Markt 2, 5611 EB Eindhoven',
  chamberOfCommerceNumber: '87654321',
};
const noted = (over: object = {}): OrganisationEvent => ({ type: 'OrganisationNoted', data: { ...ohs, ...over } });
const waiting = { series: 'SO2026', caseId: 'case-1', charge: 'SECOND_OPINION' as const };
const waits: OrganisationEvent = { type: 'InvoiceAwaitsDebtor', data: waiting };

describe('a debtor (BR-51)', () => {
  it('is noted as the register tells it, and again only when something changed', () => {
    given(debtor).events().when('NoteOrganisation', ohs).then(noted());
    given(debtor).events(noted()).when('NoteOrganisation', ohs).nothing();
    given(debtor)
      .events(noted())
      .when('NoteOrganisation', { ...ohs, vatId: 'NL1B01' })
      .then(noted({ vatId: 'NL1B01' }));
  });

  it('an invoice waits for an unknown debtor, once, and goes on when he is known', () => {
    const wait = { organisationId: OHS, ...waiting };
    given(debtor).events().when('AwaitDebtor', wait).then(waits);
    given(debtor).events(waits).when('AwaitDebtor', wait).nothing();
    given(debtor).events(noted()).when('AwaitDebtor', wait).nothing();
    const release: OrganisationEvent = { type: 'AwaitingInvoicesReleased', data: { invoices: [waiting] } };
    given(debtor).events(waits).when('NoteOrganisation', ohs).then(noted(), release);
    given(debtor)
      .events(waits, noted(), release)
      .when('NoteOrganisation', { ...ohs, legalName: 'Arbodienst Noord B.V.' })
      .then(noted({ legalName: 'Arbodienst Noord B.V.' }));
  });
});
