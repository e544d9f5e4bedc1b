import { canonicalJson, type Decider, type InstancesOf } from '@second-opinion/kernel';
import { BILLING_RULES } from './billing.terms';
import type * as commands from './organisation.commands';
import type { DebtorOrganisation, OrganisationEvent } from './organisation.events';

type Waiting = Extract<OrganisationEvent, { type: 'InvoiceAwaitsDebtor' }>['data'];

/** A debtor as the register knows it, and the invoices that wait for it. */
export interface Debtor {
  readonly organisation?: DebtorOrganisation;
  readonly awaiting: readonly Waiting[];
}

/** To whom an invoice is addressed (BR-51). That one waits is decided here too, so that no register entry comes unseen in between. */
export const debtor: Decider<InstancesOf<typeof commands>, Debtor, OrganisationEvent> = {
  category: 'billing.organisation',
  rulesVersion: BILLING_RULES,
  contended: true,
  initial: { awaiting: [] },
  streamId: ({ organisationId }) => String(organisationId),
  decide: {
    NoteOrganisation: (command, state) => {
      const { organisationId, legalName, address, chamberOfCommerceNumber, vatId } = command;
      const data = {
        organisationId,
        legalName,
        address,
        chamberOfCommerceNumber,
        ...(vatId === undefined ? {} : { vatId }),
      };
      if (state.organisation && canonicalJson(state.organisation) === canonicalJson(data)) return [];
      const noted: OrganisationEvent = { type: 'OrganisationNoted', data };
      return [noted, ...released(state.awaiting)];
    },
    AwaitDebtor: ({ series, caseId, charge }, state) => {
      const known = state.awaiting.some((one) => one.caseId === caseId && one.charge === charge);
      return state.organisation || known ? [] : [{ type: 'InvoiceAwaitsDebtor', data: { series, caseId, charge } }];
    },
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'OrganisationNoted':
        return { ...state, organisation: event.data };
      case 'InvoiceAwaitsDebtor':
        return { ...state, awaiting: [...state.awaiting, event.data] };
      case 'AwaitingInvoicesReleased':
        return { ...state, awaiting: state.awaiting.slice(event.data.invoices.length) };
    }
  },
};

const RELEASED_AT_ONCE = 500;

function released(awaiting: readonly Waiting[]): OrganisationEvent[] {
  const events: OrganisationEvent[] = [];
  for (let from = 0; from < awaiting.length; from += RELEASED_AT_ONCE) {
    const invoices = awaiting.slice(from, from + RELEASED_AT_ONCE);
    events.push({ type: 'AwaitingInvoicesReleased', data: { invoices } });
  }
  return events;
}
