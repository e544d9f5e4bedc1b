import MailComposer from 'nodemailer/lib/mail-composer';
import type { OutgoingMail } from './mail-transport';

/** composed gives the mail as it goes over the line (RFC 5322): the same bytes but for the part boundaries whenever it is repeated. */
export function composed(mail: OutgoingMail): Promise<Buffer> {
  const { header, from, to, date, subject, text, calendar } = mail;
  const composer = new MailComposer({
    messageId: header,
    from,
    to,
    date: new Date(date),
    subject,
    text,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
    newline: '\r\n',
    ...(calendar
      ? { icalEvent: { method: calendar.method, content: calendar.content, filename: 'afspraak.ics' } }
      : {}),
  });
  return composer.compile().build();
}
