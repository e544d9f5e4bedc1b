import { calendarPart } from './calendar-part';
import type { OutgoingMail, OutgoingSms, Sending } from './mail-transport';
import type { Message } from './message.decider';
import { letter } from './render.rules';
import type { Parts } from './sealed-parts';
import { templateOf } from './templates.terms';

/** lettersOf writes what leaves: the same words and the same date whenever it is repeated. */
export function lettersOf(
  { planned, language = 'nl', header = '' }: Message,
  { address, code }: Parts,
  { portalUrl, mailFrom: from }: Sending,
): { mail: OutgoingMail; sms: OutgoingSms } {
  if (!planned) throw new TypeError('a message that was never planned');
  const { messageId, template, content, at: date } = planned;
  const { subject, text, sms } = letter(planned, language, { portalUrl }, code);
  const { calendar: method } = templateOf(template);
  const calendar = method && calendarPart(method, content, language, { from, to: address, date });
  return {
    mail: { messageId, header, from, to: address, date, subject, text, ...(calendar ? { calendar } : {}) },
    sms: { messageId, to: address, text: sms },
  };
}
