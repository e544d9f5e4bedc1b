import { Injectable } from '@nestjs/common';
import { issue, NotFound } from '@second-opinion/kernel';
import { Deciders, type CommandResult } from '@second-opinion/nest';
import { PersonLinks } from '@second-opinion/vault';
import { PartPersons, type UnlinkLogin } from './person.commands';
import { person, type Person } from './person.decider';

/** Ends every login of a registration: what it was joined with first, its links last; the retry of the same request completes it, and so does another. */
@Injectable()
export class UnlinkLoginHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly links: PersonLinks,
  ) {}

  async execute(command: UnlinkLogin): Promise<CommandResult> {
    const { personId } = command;
    const { state } = await this.deciders.state<Person>(person, personId);
    if (state.personId === undefined) throw new NotFound();
    for (const otherPersonId of state.joined)
      await this.deciders.also(
        person,
        issue(PartPersons, { personId: otherPersonId, otherPersonId: personId }),
        command,
      );
    const result = await this.deciders.execute(person, command);
    if (!(await this.deciders.state<Person>(person, personId)).state.linked) await this.links.unlinkLogins(personId);
    return result;
  }
}
