import type { Language } from '@second-opinion/contracts';
import type { Actor, Instant, Participants, Reading, Relation, Shown, View } from '@second-opinion/kernel';
import type { Channel, Content, RecipientRole } from './content.events';
import type { MessageData, MessageEvent } from './message.events';
import { portalMessage } from './render.rules';
import { messageExample, messageLogExample } from './notification.examples';

/** Delivery is what became of it outside the portal. */
export type Delivery = 'none' | 'waiting' | 'sent' | 'failed' | 'superseded';

/** MessageRow is one message to one recipient; codes and seals only, the text is made when it is read. */
export interface MessageRow {
  readonly messageId: string;
  readonly template: string;
  readonly textVersion: string;
  readonly recipientId: string;
  readonly recipientRole: RecipientRole;
  readonly caseId: string;
  readonly portal: boolean;
  readonly language: Language;
  readonly content: Content;
  readonly plannedAt: Instant;
  readonly delivery: Delivery;
  readonly channel?: Channel;
  readonly attempts: number;
  readonly deliveredAt?: Instant;
}

/** messages: what everybody was told, and how it went. */
export const messages: View<MessageRow> = {
  name: 'notification.messages',
  version: 2,
  categories: ['notification.message'],
  indexes: [['recipientId', 'portal', 'plannedAt'], ['caseId', 'plannedAt'], ['plannedAt']],
  keys: (event) => [event.stream.slice(event.stream.indexOf('-') + 1)],
  begins: ({ revision }) => revision === 0,
  project(row, recorded) {
    const event = recorded as MessageEvent;
    if (event.type === 'NotificationPlanned') return row ?? planned(event.data, recorded.metadata.textVersion);
    if (!row) return undefined;
    switch (event.type) {
      case 'DeliveryAllowed':
        return row.language === event.data.language ? row : { ...row, language: event.data.language };
      case 'DeliveryAttempted':
        return { ...row, channel: event.data.channel, attempts: event.data.attempt };
      case 'DeliverySucceeded':
        return { ...row, delivery: 'sent', deliveredAt: event.data.at };
      case 'DeliveryFailed':
        return { ...row, delivery: 'failed' };
      case 'DeliverySuperseded':
        return { ...row, delivery: 'superseded' };
      case 'RedeliveryAsked':
        return { ...row, delivery: 'waiting' };
      default:
        return row;
    }
  },
};

function planned(data: MessageData<'NotificationPlanned'>, textVersion = ''): MessageRow {
  const { messageId, template, recipientId, recipientRole, caseId = '', portal, outside, content, at } = data;
  return {
    messageId,
    template,
    textVersion,
    recipientId,
    recipientRole,
    caseId,
    portal,
    language: 'nl',
    content,
    plannedAt: at,
    delivery: outside ? 'waiting' : 'none',
    attempts: 0,
  };
}

// What its recipient is to the case; internal messages and invitations belong to no participant.
function participants({ recipientRole, recipientId }: MessageRow): Participants {
  return recipientRole === 'back-office' || recipientRole === 'invitee' ? {} : { [recipientRole]: recipientId };
}

function metadata(row: MessageRow): Shown {
  const { messageId, template, caseId, plannedAt, delivery, channel } = row;
  return { messageId, template, caseId: caseId || undefined, at: plannedAt, delivery, channel };
}

/** Whoever it was written to reads it; back office and auditor see that it was sent, and how that went. */
function show(row: MessageRow, relation: Relation): Shown {
  const isHis = relation === row.recipientRole;
  if (!isHis) {
    const { attempts, recipientId, recipientRole, textVersion, deliveredAt } = row;
    return { ...metadata(row), recipientId, recipientRole, textVersion, attempts, deliveredAt };
  }
  return { ...metadata(row), ...portalMessage(row.content, row.language, row) };
}

const about = {
  view: messages,
  participants,
  caseId: ({ caseId }: MessageRow) => (caseId === '' ? undefined : caseId),
  show,
  example: messageExample,
};

/** myMessages: the asker's own, the newest first. */
export const myMessages: Reading<MessageRow> = { operation: 'notification.ListMessages', ...about };
/** oneMessage of the asker. */
export const oneMessage: Reading<MessageRow> = { operation: 'notification.GetMessage', ...about };
const log = { ...about, show: (row: MessageRow) => show(row, 'none'), example: messageLogExample };
/** messageLog: metadata of all, for back office and auditor. */
export const messageLog: Reading<MessageRow> = { operation: 'notification.ListLog', ...log };
/** messageLogOfCase: the same of one case. */
export const messageLogOfCase: Reading<MessageRow> = { operation: 'notification.ListLogOfCase', ...log };

const NEWEST_FIRST = { orderBy: 'plannedAt', descending: true } as const;

/** messagesOf asks for what was written to the actor, and to whoever has his role. */
export function messagesOf({ id, joined = [], role }: Actor) {
  return { where: { recipientId: [id, ...joined, `role:${role}`], portal: true }, ...NEWEST_FIRST };
}

/** logFor asks for all messages, or those of one case; nobody else may even ask. */
export function logFor({ role }: Actor, caseId?: string) {
  if (role !== 'auditor' && role !== 'back-office') return undefined;
  return caseId === undefined ? NEWEST_FIRST : { where: { caseId }, ...NEWEST_FIRST };
}
