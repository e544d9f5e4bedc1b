import { CHARGES, events, field, type EventsOf } from '@second-opinion/contracts';
import { organisation } from './money.events';

const waiting = { series: field.label(), caseId: field.id(), charge: field.code(CHARGES) };

/** Every stored event of `billing.organisation-<organisationId>`: to whom invoices are addressed, and which ones wait for it. */
export const organisationEvents = events({
  OrganisationNoted: organisation,
  InvoiceAwaitsDebtor: waiting,
  AwaitingInvoicesReleased: { invoices: field.list(field.record(waiting)) },
});
export type OrganisationEvent = EventsOf<typeof organisationEvents>;
export type DebtorOrganisation = Extract<OrganisationEvent, { type: 'OrganisationNoted' }>['data'];
