import { Injectable } from '@nestjs/common';
import { NotFound, type Seal } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { normalised, PersonLinks } from '@second-opinion/vault';
import { RegisterFacts } from '../register/register-facts.handler';
import { SystemDoor } from '../register/system-door.handler';
import { mustBeBorn } from './birth-date.rules';
import type { CorrectIdentity } from './person.commands';
import { person, type Person } from './person.decider';

type Identity = NonNullable<Person['identity']>;

/**
 * Who somebody is, put right: held against how he was first registered, so that no step by step either turns him into somebody else, and
 * recognised by it from then on. After the event: the retry of the same request completes what a crash cut.
 */
@Injectable()
export class CorrectIdentityHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly facts: RegisterFacts,
    private readonly door: SystemDoor,
    private readonly links: PersonLinks,
  ) {}

  async execute(command: CorrectIdentity): Promise<CommandResult> {
    const { personId } = command;
    const { state } = await this.deciders.state<Person>(person, personId, command);
    const said = command as unknown as Identity;
    const [name, birthDate] = await this.read(command, said);
    mustBeBorn(birthDate, attachedTo(command).now, '/birthDate');
    const [first, born] = await this.read(command, state.registered);
    command.caseRuns = await this.facts.runs(state);
    command.keepsOne = normalised(name) === normalised(first) || birthDate === born;
    command.alike = state.linked ? [...(await this.links.alike(name, birthDate))] : [];
    const result = await this.deciders.execute(person, command);
    const { identity } = (await this.deciders.state<Person>(person, personId)).state;
    if (!identity) throw new NotFound();
    const recognised = await this.read(command, identity);
    // Whoever was forgotten meanwhile is out of the index, and nobody would take him out again.
    await this.door.mustLive(identity.name);
    await this.links.recogniseAs(...recognised, personId);
    return result;
  }

  private async read(command: CorrectIdentity, identity: Identity | undefined): Promise<[string, string]> {
    if (!identity) throw new NotFound();
    const [name = '', birthDate = ''] = await this.door.read(command, command.personId, [
      { seal: identity.name as Seal, field: 'name' },
      { seal: identity.birthDate as Seal, field: 'birthDate' },
    ]);
    return [name, birthDate.trim()];
  }
}
