import { Injectable } from '@nestjs/common';
import { Deciders } from '@second-opinion/nest';
import { secondOpinionCase } from '../case/case.decider';
import { isEnded, type Case } from '../case/case.rules';
import type { Candidate, ContractTerms, RegisteredDoctor } from '../case/independence.rules';
import { person, type Person } from '../person/person.decider';
import { baseContract, type BaseContract } from './contract.decider';
import { doctor, type Doctor } from './doctor.decider';
import type { ContractEntry } from './register.events';

/** EarlierCase is another case of the same human being. */
export interface EarlierCase {
  readonly caseId: string;
  readonly state: Case;
}

/** Outside facts of a decision: registers, and a person's other cases; read from the streams, so never behind. */
@Injectable()
export class RegisterFacts {
  constructor(private readonly deciders: Deciders) {}

  async caseState(caseId: string): Promise<Case> {
    return (await this.deciders.state<Case>(secondOpinionCase, caseId)).state;
  }

  /** runs tells whether any case of this registration is still going on. */
  async runs({ cases }: Person): Promise<boolean> {
    // The newest first: mostly it is that one, and nobody reads all the others.
    for (const { caseId } of cases.newestFirst()) {
      const state = await this.caseState(caseId);
      if (state.wish !== undefined && !isEnded(state)) return true;
    }
    return false;
  }

  /** isUnreachable: nobody answers the invitations of this registration. */
  async isUnreachable(personId: string): Promise<boolean> {
    return (await this.deciders.state<Person>(person, personId)).state.unreachable;
  }

  /** loginOf this registration: since when somebody has one, who redeemed an invitation to it; undefined when nobody has. */
  async loginOf(personId: string): Promise<string | undefined> {
    const { linked, loggedInAt } = (await this.deciders.state<Person>(person, personId)).state;
    return linked ? loggedInAt : undefined;
  }

  async doctor(doctorId: string): Promise<RegisteredDoctor> {
    const { entry } = (await this.deciders.state<Doctor>(doctor, doctorId)).state;
    if (!entry) return { doctorId, known: false, secondOpinionDoctor: false, organisationId: '' };
    const { organisationId, companyId, institutionId, registeredUntil, secondOpinionDoctor } = entry;
    return {
      doctorId,
      known: true,
      secondOpinionDoctor,
      organisationId,
      ...(companyId === undefined ? {} : { companyId }),
      ...(institutionId === undefined ? {} : { institutionId }),
      ...(registeredUntil === undefined ? {} : { registeredUntil }),
    };
  }

  async contract(contractId: string): Promise<ContractEntry | undefined> {
    return (await this.deciders.state<BaseContract>(baseContract, contractId)).state.entry;
  }

  /** choice gives what a choice of these doctors depends on (BR-15..17, BR-19, BR-21). */
  async choice(
    caseId: string,
    doctorIds: readonly string[],
  ): Promise<{ candidates: Candidate[]; ownDoctor: RegisteredDoctor; contract: ContractTerms }> {
    const { wish } = await this.caseState(caseId);
    const entry = wish && (await this.contract(wish.contractId));
    const acted = new Set(wish ? await this.actedFor(wish.employeeId, caseId) : []);
    const candidates: Candidate[] = [];
    for (const doctorId of new Set(doctorIds)) {
      const facts = await this.doctor(doctorId);
      const contracted = entry?.doctorIds.includes(doctorId) || entry?.organisationIds.includes(facts.organisationId);
      candidates.push({ ...facts, contracted: contracted ?? false, actedBefore: acted.has(doctorId) });
    }
    return { candidates, ownDoctor: await this.doctor(wish?.ownDoctorId ?? ''), contract: termsOf(entry) };
  }

  /** earlierCases of this human being, under all his joined registrations, without this one. */
  async earlierCases(personId: string, caseId: string): Promise<EarlierCase[]> {
    const found: EarlierCase[] = [];
    for (const { cases } of (await this.registrations(personId)).values()) {
      for (const one of cases)
        if (one.caseId !== caseId) found.push({ caseId: one.caseId, state: await this.caseState(one.caseId) });
    }
    return found;
  }

  /** registrations of one human being by their ids: this one and all that are joined with it, directly or over others. */
  async registrations(personId: string): Promise<ReadonlyMap<string, Person>> {
    const seen = new Map<string, Person>();
    for (const waiting = [personId]; waiting.length > 0;) {
      const id = waiting.pop() ?? '';
      if (seen.has(id)) continue;
      const { state } = await this.deciders.state<Person>(person, id);
      seen.set(id, state);
      waiting.push(...state.joined);
    }
    return seen;
  }

  private async actedFor(personId: string, caseId: string): Promise<string[]> {
    const earlier = await this.earlierCases(personId, caseId);
    return earlier.flatMap(({ state: { wish, acted, notIndependent } }) => [
      ...(wish ? [wish.ownDoctorId] : []),
      ...acted,
      ...notIndependent,
    ]);
  }
}

function termsOf(entry: ContractEntry | undefined): ContractTerms {
  if (!entry) return { known: false, employerId: '', sector: 'GENERAL', listed: 0, agreesToOthers: false };
  return {
    known: true,
    employerId: entry.employerId,
    sector: entry.sector,
    listed: entry.doctorIds.length + entry.organisationIds.length,
    agreesToOthers: entry.employerAgreesToOthers,
  };
}
