import { issue, type OwnPolicy } from '@second-opinion/kernel';
import type { CaseEvent } from './case.events';
import { AllowDelivery, PlanMessage, SupersedeMessage } from './message.commands';
import type { MessageEvent } from './message.events';
import { AskAddress } from './recipient.commands';
import type { RecipientEvent } from './recipient.events';

/** From "somebody is to be told" to a message that may leave: plan it, ask for the address, allow it. */
export const whenMessageDueBringItOnItsWay: OwnPolicy<CaseEvent | RecipientEvent | MessageEvent> = {
  name: 'when-message-due-bring-it-on-its-way',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    NotificationDue: ({ data: { replaces, ...message } }) => [
      issue(PlanMessage, message),
      ...replaces.map((messageId) => issue(SupersedeMessage, { messageId })),
    ],
    // Whoever has a role has no address: he finds it in the portal.
    NotificationPlanned: ({ data: { messageId, recipientId, addressed } }) =>
      addressed || recipientId.startsWith('role:') ? [] : [issue(AskAddress, { messageId, recipientId })],
    AddressGiven: ({ data: { messageId, channel, language } }) => [
      issue(AllowDelivery, { messageId, channel, language }),
    ],
  },
};
