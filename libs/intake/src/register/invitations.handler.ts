import { Injectable } from '@nestjs/common';
import { derivedId, type Seal } from '@second-opinion/kernel';
import { PersonLinks, Vault } from '@second-opinion/vault';
import type { Invitation } from '../person/person.commands';

/** One-time codes: derived, so that a retry issues the same one; stored only as a keyed hash, on its way only as a seal. */
@Injectable()
export class Invitations {
  constructor(
    private readonly links: PersonLinks,
    private readonly vault: Vault,
  ) {}

  /** issue gives the invitation of this command; the hash is remembered before anybody can be sent the code. */
  async issue(inviteeId: string, commandId: string): Promise<Invitation> {
    const invitationId = derivedId(commandId, 'invitation', inviteeId);
    const code = await this.links.invitationCode(invitationId);
    const place = { personId: inviteeId, caseId: '', category: 'CONTACT', purpose: 'intake.invitationCode' } as const;
    const [[seal]] = await Promise.all([
      this.vault.seal([{ ...place, object: invitationId, text: code }]),
      this.links.rememberInvitation(code, inviteeId),
    ]);
    return { invitationId, code: seal as Seal };
  }

  /** inviteeOf gives whose code it is; undefined when it is none of ours. */
  inviteeOf(code: string): Promise<string | undefined> {
    return this.links.invited(code);
  }

  /** isCodeOf says whether the code is that of this invitation, and not of an earlier one to the same invitee. */
  async isCodeOf(invitationId: string | undefined, code: string): Promise<boolean> {
    return invitationId !== undefined && plain(await this.links.invitationCode(invitationId)) === plain(code);
  }
}

/** plain reads a code as people type it: case and dashes do not matter, O is 0, I and L are 1. */
function plain(code: string): string {
  return code
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
}
