/** CalendarPart is an invitation or its cancellation (RFC 5546), as it stands in the mail. */
export interface CalendarPart {
  readonly method: 'REQUEST' | 'CANCEL';
  readonly content: string;
}

/** OutgoingMail is one mail to one address. `header` is its Message-ID, the same whenever it is repeated. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly header: string;
  readonly from: string;
  readonly to: string;
  readonly date: string;
  readonly subject: string;
  readonly text: string;
  readonly calendar?: CalendarPart;
}

/**
 * Outcome of an attempt. `temporary`: nothing was taken, try again later. `permanent`: the recipient is refused for good.
 * `unknown`: the text was handed over and no answer came; it may have arrived.
 */
export type Outcome =
  | { readonly kind: 'sent' }
  | { readonly kind: 'temporary' | 'permanent'; readonly reply?: number }
  | { readonly kind: 'unknown' };

/** MailTransport hands mails over. Promises: `sent` only once the other side took it durably; throws only for bugs. */
export abstract class MailTransport {
  abstract send(mail: OutgoingMail): Promise<Outcome>;
  /** forget removes what is kept here of these messages; what was sent is out of our hands. */
  abstract forget(messageIds: readonly string[]): Promise<void>;
}

/** OutgoingSms is one short message to one number. */
export interface OutgoingSms {
  readonly messageId: string;
  readonly to: string;
  readonly text: string;
}

/** SmsTransport hands short messages over; the same promises as {@link MailTransport}. */
export abstract class SmsTransport {
  abstract send(sms: OutgoingSms): Promise<Outcome>;
  abstract forget(messageIds: readonly string[]): Promise<void>;
}

/** Sending says where the portal is and who writes: neutral words, nothing that tells what the portal is for. */
export abstract class Sending {
  abstract readonly portalUrl: string;
  abstract readonly mailFrom: string;
}
