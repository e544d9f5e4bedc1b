import { Injectable } from '@nestjs/common';
import { Refused } from '@second-opinion/kernel';
import { attachedTo, Deciders, type CommandResult } from '@second-opinion/nest';
import { PersonLinks } from '@second-opinion/vault';
import { InviteDoctorAgain, type RedeemDoctorInvitation, type RegisterDoctor } from './doctor.commands';
import { doctor, type Doctor } from './doctor.decider';
import { Invitations } from './invitations.handler';

/** Register, or invite again: with a one-time code to the doctor's own address. What will be refused, or was done before, makes no code. */
@Injectable()
export class InviteDoctorHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly invitations: Invitations,
  ) {}

  async execute(command: RegisterDoctor | InviteDoctorAgain): Promise<CommandResult> {
    const { doctorId } = command;
    const { entry } = (await this.deciders.state<Doctor>(doctor, doctorId, command)).state;
    if ((entry !== undefined) === command instanceof InviteDoctorAgain)
      command.invitation = await this.invitations.issue(doctorId, attachedTo(command).commandId);
    return this.deciders.execute(doctor, command);
  }
}

/** Links the doctor's login to his register entry. */
@Injectable()
export class RedeemDoctorInvitationHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly invitations: Invitations,
    private readonly links: PersonLinks,
  ) {}

  async execute(command: RedeemDoctorInvitation): Promise<CommandResult> {
    const { code, login } = command;
    const doctorId = await this.invitations.inviteeOf(code);
    if (doctorId === undefined) throw new Refused('intake.invitation-invalid');
    const { id } = (await this.deciders.state<Doctor>(doctor, doctorId)).state.invitation ?? {};
    command.doctorId = doctorId;
    command.invitationId = id !== undefined && (await this.invitations.isCodeOf(id, code)) ? id : '';
    const result = await this.deciders.execute(doctor, command);
    await this.links.linkLogin(login.issuer, login.subject, doctorId, 'doctor');
    return result;
  }
}
