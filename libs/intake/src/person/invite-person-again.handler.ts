import { Injectable } from '@nestjs/common';
import { MATRIX_VERSION } from '@second-opinion/access';
import { isActor, NotFound } from '@second-opinion/kernel';
import { attachedTo, Deciders, Denials, type CommandResult } from '@second-opinion/nest';
import { Invitations } from '../register/invitations.handler';
import type { InvitePersonAgain } from './person.commands';
import { person, type Person } from './person.decider';

/** A new one-time code to the address that is known; earlier codes end with it. Who may not send it makes no code and learns nothing. */
@Injectable()
export class InvitePersonAgainHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly invitations: Invitations,
    private readonly denials: Denials,
  ) {}

  async execute(command: InvitePersonAgain): Promise<CommandResult> {
    const { personId } = command;
    const { actor, commandId } = attachedTo(command);
    const { state } = await this.deciders.state<Person>(person, personId);
    const ofAnother = !state.cases.some(({ ownDoctorId }) => isActor(actor, ownDoctorId));
    if (actor.role === 'company-doctor' && ofAnother) {
      await this.denied(command, state.personId);
      throw new NotFound();
    }
    if (state.personId === undefined) throw new NotFound();
    command.invitation = await this.invitations.issue(personId, commandId);
    return this.deciders.execute(person, command);
  }

  /** A refused attempt is an entry in the access log too (BR-66), also on nobody: that takes as long. */
  private async denied(command: InvitePersonAgain, personId: string | undefined): Promise<void> {
    const around = attachedTo(command);
    const decision = { allowed: false, basis: 'intake.own-doctor-only', policyVersion: MATRIX_VERSION };
    const attempt = {
      asking: { ...around, token: around },
      relation: around.relation,
      operation: 'intake.InvitePersonAgain',
      decision,
      asked: command.personId,
      personId,
      caseId: undefined,
      action: 'U' as const,
    };
    await this.denials.record(attempt);
  }
}
