import { Injectable } from '@nestjs/common';
import { isActor, NotFound } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { DeniedAttempts } from '../register/denied-attempts.handler';
import { Invitations } from '../register/invitations.handler';
import type { InvitePersonAgain } from './person.commands';
import { person, type Person } from './person.decider';

/** A new one-time code to the address that is known; earlier codes end with it. Who may not send it makes no code and learns nothing. */
@Injectable()
export class InvitePersonAgainHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly invitations: Invitations,
    private readonly denied: DeniedAttempts,
  ) {}

  async execute(command: InvitePersonAgain): Promise<CommandResult> {
    const { personId } = command;
    const { actor, commandId } = attachedTo(command);
    const { state } = await this.deciders.state<Person>(person, personId);
    const ofAnother = !state.cases.some(({ ownDoctorId }) => isActor(actor, ownDoctorId));
    if (actor.role === 'company-doctor' && ofAnother) {
      await this.denied.write(command, personId, state.personId);
      throw new NotFound();
    }
    if (state.personId === undefined) throw new NotFound();
    command.invitation = await this.invitations.issue(personId, commandId);
    return this.deciders.execute(person, command);
  }
}
