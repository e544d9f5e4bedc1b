import { simpleParser } from 'mailparser';
import type { MailTransport, OutgoingMail } from './mail-transport';

/** aMail is a mail with everything that a mail can have. */
export const aMail: OutgoingMail = {
  messageId: 'message-1',
  header: '<message-1@portaal.example>',
  from: 'noreply@portaal.example',
  to: 'an@prive.example',
  date: '2026-11-25T09:00:00.000Z',
  subject: 'Afspraak – één',
  text: 'Goedendag,\n\nU heeft een afspraak. € 1,00\n\nhttps://portaal.example/messages/message-1\n',
  calendar: { method: 'REQUEST', content: 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR' },
};

/** mailTransportContract: what every adapter promises; `taken` gives the raw mails that the other side has. */
export function mailTransportContract(
  name: string,
  start: () => Promise<{ transport: MailTransport; taken(): Promise<readonly string[]>; stop(): Promise<void> }>,
): void {
  describe(`${name} (mail transport contract)`, () => {
    it('hands over subject, text, Message-ID and calendar as they are', async () => {
      const { transport, taken, stop } = await start();
      expect(await transport.send(aMail)).toEqual({ kind: 'sent' });
      const [raw = ''] = await taken();
      const mail = await simpleParser(raw);
      expect(mail.messageId).toBe(aMail.header);
      expect(mail.subject).toBe(aMail.subject);
      expect(mail.text?.trim()).toBe(aMail.text.trim());
      expect(mail.date?.toISOString()).toBe(aMail.date);
      expect(mail.html).toBe(false);
      expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
      expect(raw).toMatch(/Content-Type: text\/calendar; charset=utf-8; method=REQUEST/i);
      await stop();
    });
    it('a repeat is recognised by its Message-ID', async () => {
      const { transport, taken, stop } = await start();
      await transport.send(aMail);
      await transport.send(aMail);
      const ids = await Promise.all((await taken()).map(async (raw) => (await simpleParser(raw)).messageId));
      expect(new Set(ids)).toEqual(new Set([aMail.header]));
      await stop();
    });
    it('mails of several messages at once do not mix', async () => {
      const { transport, taken, stop } = await start();
      const many = Array.from({ length: 8 }, (_, index) => `message-${index}`);
      const outcomes = await Promise.all(
        many.map((messageId) => transport.send({ ...aMail, messageId, header: `<${messageId}@x.example>` })),
      );
      expect(outcomes.every(({ kind }) => kind === 'sent')).toBe(true);
      const ids = await Promise.all((await taken()).map(async (raw) => (await simpleParser(raw)).messageId));
      expect(ids.sort()).toEqual(many.map((messageId) => `<${messageId}@x.example>`));
      await stop();
    });
    it('a line break in an address or subject makes no new header', async () => {
      const { transport, taken, stop } = await start();
      await transport.send({ ...aMail, subject: 'Een\r\nBcc: x@y.example' });
      for (const raw of await taken()) expect(raw).not.toMatch(/^Bcc:/m);
      await stop();
    });
  });
}
