import { Refused, type Decider, type InstancesOf, type Sealed } from '@second-opinion/kernel';
import { INTAKE_RULES } from '../intake.terms';
import type * as commands from './organisation.commands';
import type { OrganisationEntry, OrganisationEvent } from './register.events';

export interface Organisation {
  readonly entry?: OrganisationEntry;
}

/** The register of organisations, with what an invoice must say of them. */
export const organisation: Decider<InstancesOf<typeof commands>, Organisation, OrganisationEvent> = {
  category: 'intake.organisation',
  rulesVersion: INTAKE_RULES,
  initial: {},
  streamId: ({ organisationId }) => String(organisationId),
  decide: {
    RegisterOrganisation: (command, state) => {
      if (state.entry) throw new Refused('intake.organisation-exists');
      return [{ type: 'OrganisationRegistered', data: entryOf(command) }];
    },
    ChangeOrganisation: (command, state) => {
      if (!state.entry) throw new Refused('intake.no-such-organisation');
      return [{ type: 'OrganisationChanged', data: entryOf(command) }];
    },
  },
  evolve: (_, event) => ({ entry: event.data }),
};

function entryOf(command: Sealed<commands.ChangeOrganisation>): OrganisationEntry {
  const { organisationId, legalName, address, chamberOfCommerceNumber, vatId, kind } = command;
  const entry = { organisationId, legalName, address, chamberOfCommerceNumber, kind };
  return vatId === undefined ? entry : { ...entry, vatId };
}
