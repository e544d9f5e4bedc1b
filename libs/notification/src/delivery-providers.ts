import path from 'node:path';
import type { Provider } from '@nestjs/common';
import { FolderMailTransport, FolderSmsTransport } from './folder-transports';
import { MailTransport, Sending, SmsTransport } from './mail-transport';
import { SmtpMailTransport } from './smtp-mail-transport';

/** DeliverySettings of a deployment. Without `smtpUrl` mails are written to `mailDir`; short messages always go to its folder `sms`. */
export interface DeliverySettings {
  readonly smtpUrl?: string | undefined;
  readonly mailDir: string;
  readonly mailFrom: string;
  readonly portalUrl: string;
}

/** deliveryProviders are what an app gives the platform (`more`) so that this context can make messages leave. */
export function deliveryProviders({ smtpUrl, mailDir, mailFrom, portalUrl }: DeliverySettings): Provider[] {
  const mails = smtpUrl === undefined ? new FolderMailTransport(mailDir) : new SmtpMailTransport(smtpUrl);
  return [
    { provide: MailTransport, useValue: mails },
    { provide: SmsTransport, useValue: new FolderSmsTransport(path.join(mailDir, 'sms')) },
    { provide: Sending, useValue: { mailFrom, portalUrl } satisfies Sending },
  ];
}
