import { Injectable } from '@nestjs/common';
import { Invalid, Refused, type Seal } from '@second-opinion/kernel';
import { Deciders, type CommandResult } from '@second-opinion/nest';
import { contactProblem } from '../register/contact.rules';
import { RegisterFacts } from '../register/register-facts.handler';
import { SystemDoor } from '../register/system-door.handler';
import type { CorrectContactData } from './person.commands';
import { person } from './person.decider';

/** No address in a domain of an employer under whose contracts he has or had cases (BR-40). */
@Injectable()
export class CorrectContactDataHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
    private readonly door: SystemDoor,
  ) {}

  async execute(command: CorrectContactData): Promise<CommandResult> {
    const { personId, channel } = command;
    const seal = command.contact as unknown as Seal;
    const [contact = ''] = await this.door.read(command, personId, [{ seal, field: 'contact' }]);
    const problem = contactProblem(contact, channel, await this.employerDomains(personId));
    if (problem === 'malformed') throw new Invalid('invalid-request', { at: '/contact', rule: 'format' });
    if (problem) throw new Refused('intake.contact-not-private');
    return this.deciders.execute(person, command);
  }

  private async employerDomains(personId: string): Promise<string[]> {
    const registrations = await this.facts.registrations(personId);
    const ids = new Set(registrations.flatMap(({ cases }) => cases.map(({ contractId }) => contractId)));
    const contracts = await Promise.all([...ids].map((id) => this.facts.contract(id)));
    return contracts.flatMap((contract) => contract?.mailDomains ?? []);
  }
}
