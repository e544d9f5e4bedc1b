import { Injectable } from '@nestjs/common';
import { NotFound } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { Invitations } from '../register/invitations.handler';
import type { InvitePersonAgain } from './person.commands';
import { person, type Person } from './person.decider';

/** A new one-time code to the address that is known; earlier codes end with it. */
@Injectable()
export class InvitePersonAgainHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly invitations: Invitations,
  ) {}

  async execute(command: InvitePersonAgain): Promise<CommandResult> {
    const { personId } = command;
    const { state } = await this.deciders.state<Person>(person, personId);
    if (state.personId === undefined) throw new NotFound();
    command.invitation = await this.invitations.issue(personId, attachedTo(command).commandId);
    return this.deciders.execute(person, command);
  }
}
