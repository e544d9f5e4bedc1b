import { Injectable } from '@nestjs/common';
import { derivedId, Invalid } from '@second-opinion/kernel';
import { Deployment } from '@second-opinion/nest';
import { Vault, type Access, type Opened, type Opening } from '@second-opinion/vault';
import type { MessageData } from './message.events';
import type { Recipient } from './recipient.decider';

/** Parts are the personal texts that a letter needs, in memory while it is being sent. */
export interface Parts {
  readonly address: string;
  readonly code?: string;
}

/** PURPOSES of the seals that intake makes, by whose address it is. */
const PURPOSES = { person: 'intake.contact', doctor: 'intake.doctorContact' } as const;
const INVITATION = 'intake.invitationCode';

/** SealedParts opens a recipient's address, and the code of his invitation, as the system: decided and recorded like any other reader. */
@Injectable()
export class SealedParts {
  constructor(
    private readonly vault: Vault,
    private readonly deployment: Deployment,
  ) {}

  /** open throws when the access log cannot be written: then nothing is sent. */
  async open(
    planned: MessageData<'NotificationPlanned'>,
    { kind, contact }: NonNullable<Recipient['known']>,
    attempt: number,
  ): Promise<Parts | { readonly missing: 'RECIPIENT_FORGOTTEN' | 'ADDRESS_DENIED' }> {
    const { messageId, recipientId: personId, content } = planned;
    const openings: Opening[] = [{ seal: contact, personId, caseId: '', purpose: PURPOSES[kind] }];
    if (content.code !== undefined) openings.push({ seal: content.code, personId, caseId: '', purpose: INVITATION });
    const opened = await this.opened(openings, derivedId(messageId, attempt, 'open'));
    if (!opened) return { missing: 'ADDRESS_DENIED' };
    const texts = opened.map(textOf);
    const [address, code] = texts;
    if (opened.some((one) => 'denied' in one)) return { missing: 'ADDRESS_DENIED' };
    if (address === undefined || (content.code !== undefined && code === undefined))
      return { missing: 'RECIPIENT_FORGOTTEN' };
    return { address, ...(code === undefined ? {} : { code }) };
  }

  /** opened is undefined for a seal that was made for another place: trying again would not help. */
  private async opened(openings: readonly Opening[], requestId: string): Promise<readonly Opened[] | undefined> {
    const access: Access = {
      requestId,
      operation: 'notification.SendMessage',
      actorId: 'notification-sender',
      actorRole: 'system',
      actorOrganisation: 'system',
      relation: 'system',
      application: this.deployment.application,
    };
    try {
      return await this.vault.open(openings, access);
    } catch (error) {
      if (error instanceof Invalid) return undefined;
      throw error;
    }
  }
}

function textOf(opened: Opened): string | undefined {
  return 'text' in opened ? opened.text : undefined;
}
