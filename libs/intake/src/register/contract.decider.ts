import { Refused, type Decider, type InstancesOf, type Sealed } from '@second-opinion/kernel';
import { INTAKE_RULES } from '../intake.terms';
import type * as commands from './contract.commands';
import { isDomain, normalisedDomain } from './contact.rules';
import type { ContractEntry, ContractEvent } from './register.events';

export interface BaseContract {
  readonly entry?: ContractEntry;
}

/** The register of base contracts (BR-16, BR-17, BR-40). */
export const baseContract: Decider<InstancesOf<typeof commands>, BaseContract, ContractEvent> = {
  category: 'intake.contract',
  rulesVersion: INTAKE_RULES,
  initial: {},
  streamId: ({ contractId }) => String(contractId),
  decide: {
    RegisterBaseContract: (command, state) => {
      if (state.entry) throw new Refused('intake.contract-exists');
      return [{ type: 'BaseContractRegistered', data: entryOf(command) }];
    },
    ChangeBaseContract: (command, state) => {
      if (!state.entry) throw new Refused('intake.no-base-contract');
      return [{ type: 'BaseContractChanged', data: entryOf(command) }];
    },
  },
  evolve: (_, event) => ({ entry: event.data }),
};

function entryOf(command: Sealed<commands.ChangeBaseContract>): ContractEntry {
  const { contractId, organisationId, employerId, sector, employerAgreesToOthers } = command;
  const mailDomains = command.mailDomains.map(normalisedDomain);
  if (!mailDomains.every(isDomain)) throw new Refused('intake.not-a-mail-domain');
  const [doctorIds, organisationIds] = [unique(command.doctorIds), unique(command.organisationIds)];
  return {
    contractId,
    organisationId,
    employerId,
    sector,
    doctorIds,
    organisationIds,
    employerAgreesToOthers,
    mailDomains: unique(mailDomains),
  };
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
