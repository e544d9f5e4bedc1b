import { Injectable } from '@nestjs/common';
import { Invalid, Refused, type Seal } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { contactProblem } from '../register/contact.rules';
import { Invitations } from '../register/invitations.handler';
import { RegisterFacts } from '../register/register-facts.handler';
import { SystemDoor } from '../register/system-door.handler';
import type { CorrectContactData } from './person.commands';
import { person, type Person } from './person.decider';

/**
 * No address in a domain of an employer under whose contracts he has or had cases (BR-40). When the own doctor corrects it, the new address
 * gets a code of its own; who may not correct it makes none.
 */
@Injectable()
export class CorrectContactDataHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
    private readonly door: SystemDoor,
    private readonly invitations: Invitations,
  ) {}

  async execute(command: CorrectContactData): Promise<CommandResult> {
    const { personId, channel } = command;
    const { actor, commandId } = attachedTo(command);
    const { state } = await this.deciders.state<Person>(person, personId, command);
    command.caseRuns = await this.facts.runs(state);
    const seal = command.contact as unknown as Seal;
    const [contact = ''] = await this.door.read(command, personId, [{ seal, field: 'contact' }]);
    const problem = contactProblem(contact, channel, await this.employerDomains(personId));
    if (problem === 'malformed') throw new Invalid('invalid-request', { at: '/contact', rule: 'format' });
    if (problem) throw new Refused('intake.contact-not-private');
    const byDoctor = actor.role === 'company-doctor' && command.caseRuns && !state.linked;
    if (byDoctor) command.invitation = await this.invitations.issue(personId, commandId);
    return this.deciders.execute(person, command);
  }

  private async employerDomains(personId: string): Promise<string[]> {
    const registrations = [...(await this.facts.registrations(personId)).values()];
    const ids = new Set(registrations.flatMap(({ cases }) => Array.from(cases, ({ contractId }) => contractId)));
    const contracts = await Promise.all([...ids].map((id) => this.facts.contract(id)));
    return contracts.flatMap((contract) => contract?.mailDomains ?? []);
  }
}
