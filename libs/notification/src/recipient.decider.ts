import type { Language } from '@second-opinion/contracts';
import { derivedId, type Decider, type InstancesOf, type Seal } from '@second-opinion/kernel';
import type { Channel } from './content.events';
import { NOTIFICATION_RULES } from './notification.terms';
import type * as commands from './recipient.commands';
import type { RecipientEvent } from './recipient.events';
import { TEMPLATES_VERSION } from './templates.terms';

/** Recipient is how somebody is reached; until that is known, his messages wait. */
export interface Recipient {
  readonly known?: {
    readonly kind: 'person' | 'doctor';
    readonly contact: Seal;
    readonly channel: Channel;
    readonly language: Language;
  };
  readonly awaiting: readonly string[];
  /** forgotten: the key of the address was destroyed, or is about to be; nothing leaves to him any more, wherever the key still lives. */
  readonly forgotten?: boolean;
  readonly invitation?: { readonly eventId: string; readonly messageId: string };
}

/** Where somebody is told what concerns him. The address itself stays a seal. */
export const recipient: Decider<InstancesOf<typeof commands>, Recipient, RecipientEvent> = {
  category: 'notification.recipient',
  begins: ['NoteContact'],
  rulesVersion: NOTIFICATION_RULES,
  initial: { awaiting: [] },
  streamId: ({ recipientId }) => String(recipientId),
  decide: {
    NoteContact: ({ recipientId, kind, contact, channel, language }, { known, awaiting }) => {
      if (known?.contact === contact && known.channel === channel && known.language === language) return [];
      return [
        { type: 'ContactNoted', data: { recipientId, kind, contact, channel, language } },
        ...awaiting.map((messageId): RecipientEvent => ({
          type: 'AddressGiven',
          data: { messageId, channel, language },
        })),
      ];
    },
    NoteInvitation: ({ recipientId, eventId, content }, { invitation, known }) => {
      if (invitation?.eventId === eventId) return [];
      const template = (content.attempt ?? 1) > 1 ? 'N23-reminder' : 'N23-invited';
      const messageId = derivedId(eventId, recipientId, template);
      return [
        {
          type: 'NotificationDue',
          data: {
            messageId,
            eventId,
            template,
            recipientId,
            recipientRole: 'invitee',
            content,
            replaces: invitation ? [invitation.messageId] : [],
            ...(known ? { channel: known.channel, language: known.language } : {}),
          },
          textVersion: TEMPLATES_VERSION,
        },
      ];
    },
    AskAddress: ({ messageId }, { known, awaiting }) => {
      if (known) {
        const { channel, language } = known;
        return [{ type: 'AddressGiven', data: { messageId, channel, language } }];
      }
      return awaiting.includes(messageId) ? [] : [{ type: 'AddressAwaited', data: { messageId } }];
    },
    // Also before his address is known: what tells it may come later than this.
    RemoveBodies: ({ recipientId, messages }) => [{ type: 'BodiesRemoved', data: { recipientId, messages } }],
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'ContactNoted': {
        const { recipientId: _recipientId, ...known } = event.data;
        return { ...state, known };
      }
      case 'AddressAwaited':
        return { ...state, awaiting: [...state.awaiting, event.data.messageId] };
      case 'AddressGiven':
        return { ...state, awaiting: state.awaiting.filter((id) => id !== event.data.messageId) };
      case 'BodiesRemoved':
        return { ...state, forgotten: true };
      case 'NotificationDue':
        return { ...state, invitation: { eventId: event.data.eventId, messageId: event.data.messageId } };
    }
  },
};
