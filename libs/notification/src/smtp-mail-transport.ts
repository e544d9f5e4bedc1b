import { Readable } from 'node:stream';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { composed } from './composed-mail';
import { MailTransport, type OutgoingMail, type Outcome } from './mail-transport';

/** SmtpTimeouts in milliseconds of real time. */
export interface SmtpTimeouts {
  readonly connectMs: number;
  readonly silenceMs: number;
}

interface SmtpError extends Error {
  readonly responseCode?: number;
  readonly command?: string;
}

/**
 * SmtpMailTransport hands mails to the server of an `smtp://` or `smtps://` URL, each over a line of its own. A 5xx on the recipient or
 * the text is permanent; everything that goes wrong before the text was handed over is temporary; a line that breaks after that leaves
 * the outcome unknown.
 */
export class SmtpMailTransport extends MailTransport {
  constructor(
    private readonly url: string,
    private readonly timeouts: SmtpTimeouts = { connectMs: 15_000, silenceMs: 60_000 },
  ) {
    super();
  }

  async send(mail: OutgoingMail): Promise<Outcome> {
    const bytes = await composed(mail);
    const { connectMs, silenceMs } = this.timeouts;
    const { auth, ...server } = parseConnectionUrl(this.url);
    const connection = new SMTPConnection({
      ...server,
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      dnsTimeout: connectMs,
      socketTimeout: silenceMs,
    });
    const text = new HandedOver(bytes);
    try {
      await connected(connection);
      if (auth) await done((callback) => connection.login(auth, callback));
      await done((callback) => connection.send({ from: mail.from, to: [mail.to] }, text, callback));
      connection.quit();
      return { kind: 'sent' };
    } catch (error) {
      connection.close();
      return outcomeOf(error as SmtpError, text.started);
    }
  }

  /** forget: nothing is kept here. */
  forget(): Promise<void> {
    return Promise.resolve();
  }
}

/** HandedOver is the text; it knows whether the server has begun to take it. */
class HandedOver extends Readable {
  started = false;

  constructor(private readonly bytes: Buffer) {
    super();
  }

  override _read(): void {
    this.started = true;
    this.push(this.bytes);
    this.push(null);
  }
}

function connected(connection: SMTPConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.once('end', () => reject(new Error('closed')));
    connection.connect((error) => (error ? reject(error) : resolve()));
  });
}

function done(work: (callback: (error: Error | null | undefined) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
}

function outcomeOf({ responseCode, command = '' }: SmtpError, started: boolean): Outcome {
  if (responseCode === undefined) return started ? { kind: 'unknown' } : { kind: 'temporary' };
  const aboutRecipientOrText = command === 'RCPT TO' || command === 'DATA';
  const permanent = responseCode >= 500 && aboutRecipientOrText;
  return { kind: permanent ? 'permanent' : 'temporary', reply: responseCode };
}
