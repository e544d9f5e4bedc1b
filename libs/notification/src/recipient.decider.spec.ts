import { derivedId } from '@second-opinion/kernel';
import { aSeal, given } from '@second-opinion/kernel/testing';
import { recipient } from './recipient.decider';
import type { RecipientEvent } from './recipient.events';

const contact = {
  recipientId: 'person-1',
  kind: 'person',
  contact: aSeal('address'),
  channel: 'email',
  language: 'nl',
} as const;
const noted: RecipientEvent = { type: 'ContactNoted', data: contact };
const awaited: RecipientEvent = { type: 'AddressAwaited', data: { messageId: 'message-1' } };
const address: RecipientEvent = {
  type: 'AddressGiven',
  data: { messageId: 'message-1', channel: 'email', language: 'nl' },
};
const ask = { recipientId: 'person-1', messageId: 'message-1' };

describe('a recipient', () => {
  it('is noted, and corrected', () => {
    given(recipient).when('NoteContact', contact).then(noted);
    given(recipient).events(noted).when('NoteContact', contact).nothing();
    given(recipient)
      .events(noted)
      .when('NoteContact', { ...contact, channel: 'sms' })
      .then({ type: 'ContactNoted', data: { ...contact, channel: 'sms' } });
  });
  it('known: tells how he is reached', () => given(recipient).events(noted).when('AskAddress', ask).then(address));
  it('not known yet: the message waits, and goes when he is', () => {
    given(recipient).when('AskAddress', ask).then(awaited);
    given(recipient).events(awaited).when('AskAddress', ask).nothing();
    given(recipient).events(awaited).when('NoteContact', contact).then(noted, address);
    expect(given(recipient).events(awaited, noted, address).state().awaiting).toEqual([]);
  });
  it('forgotten: what we kept of his mails is written down as removed', () => {
    const remove = { recipientId: 'person-1', messages: 3 };
    given(recipient).events(noted).when('RemoveBodies', remove).then({ type: 'BodiesRemoved', data: remove });
    given(recipient).when('RemoveBodies', remove).then({ type: 'BodiesRemoved', data: remove });
  });
  it('N23: is invited once per invitation; a newer one takes the place of the older', () => {
    const invite = { recipientId: 'person-1', eventId: 'event-1', content: { code: aSeal('code') } };
    const again = { ...invite, eventId: 'event-3', content: { code: aSeal('code'), attempt: 2 } };
    const due = (eventId: string, replaces: string[]): RecipientEvent => ({
      type: 'NotificationDue',
      data: {
        messageId: derivedId(eventId, 'person-1', 'N23-invited'),
        eventId,
        template: 'N23-invited',
        recipientId: 'person-1',
        recipientRole: 'invitee',
        content: invite.content,
        replaces,
      },
      textVersion: 'templates-2026.2',
    });
    const first = due('event-1', []);
    given(recipient).when('NoteInvitation', invite).then(first);
    given(recipient)
      .events(noted)
      .when('NoteInvitation', invite)
      .then({ ...first, data: { ...first.data, channel: 'email', language: 'nl' } } as RecipientEvent);
    given(recipient).events(first).when('NoteInvitation', invite).nothing();
    given(recipient)
      .events(first)
      .when('NoteInvitation', again)
      .then({
        ...due('event-3', [derivedId('event-1', 'person-1', 'N23-invited')]),
        data: {
          ...due('event-3', [derivedId('event-1', 'person-1', 'N23-invited')]).data,
          messageId: derivedId('event-3', 'person-1', 'N23-reminder'),
          template: 'N23-reminder',
          content: again.content,
        },
      } as RecipientEvent);
    given(recipient)
      .events(first)
      .when('NoteInvitation', { ...invite, eventId: 'event-2' })
      .then(due('event-2', [derivedId('event-1', 'person-1', 'N23-invited')]));
  });
});
