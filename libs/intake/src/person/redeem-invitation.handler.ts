import { Injectable } from '@nestjs/common';
import { issue, Refused } from '@second-opinion/kernel';
import { Deciders, type CommandResult } from '@second-opinion/nest';
import { PersonLinks } from '@second-opinion/vault';
import { Invitations } from '../register/invitations.handler';
import { SystemDoor } from '../register/system-door.handler';
import { JoinPersons, type RedeemInvitation } from './person.commands';
import { person, type Person } from './person.decider';

/** Links the login that brings the code; a login that was linked before joins the registrations. */
@Injectable()
export class RedeemInvitationHandler {
  constructor(
    private readonly deciders: Deciders,
    private readonly invitations: Invitations,
    private readonly links: PersonLinks,
    private readonly door: SystemDoor,
  ) {}

  async execute(command: RedeemInvitation): Promise<CommandResult> {
    const { code, login } = command;
    const personId = await this.invitations.inviteeOf(code);
    if (personId === undefined) throw new Refused('intake.invitation-invalid');
    const { state } = await this.deciders.state<Person>(person, personId);
    const { id } = state.invitation ?? {};
    command.personId = personId;
    command.invitationId = id !== undefined && (await this.invitations.isCodeOf(id, code)) ? id : '';
    command.linkedTo = await this.personsOf(await this.links.idsOfLogin(login.issuer, login.subject, 'person'));
    command.alike = command.invitationId === '' ? [] : await this.alike(command, state);
    const result = await this.deciders.execute(person, command);
    await this.link(command);
    return result;
  }

  /** link after the event: only a code that was redeemed links; the retry of the same request completes it. */
  private async link(command: RedeemInvitation): Promise<void> {
    const { personId, login, linkedTo } = command;
    // The earlier ones first, and again: their links may be of before a login could be a person's and a doctor's.
    for (const id of [...linkedTo, personId]) await this.links.linkLogin(login.issuer, login.subject, id, 'person');
    const { state } = await this.deciders.state<Person>(person, personId);
    for (const otherPersonId of state.joined)
      await this.deciders.also(
        person,
        issue(JoinPersons, { personId: otherPersonId, otherPersonId: personId }),
        command,
      );
  }

  /** personsOf: an early link may also be a doctor's; nobody is joined with a register entry. */
  private async personsOf(ids: readonly string[]): Promise<string[]> {
    const known = await Promise.all(ids.map((id) => this.deciders.state<Person>(person, id)));
    return ids.filter((_, index) => known[index]?.state.personId !== undefined);
  }

  private async alike(command: RedeemInvitation, { personId, identity }: Person): Promise<string[]> {
    if (personId === undefined || !identity) return [];
    const [name = '', birthDate = ''] = await this.door.read(command, personId, [
      { seal: identity.name, field: 'name' },
      { seal: identity.birthDate, field: 'birthDate' },
    ]);
    return [...(await this.links.alike(name, birthDate))];
  }
}
