import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { addressee, header } from '@second-opinion/standalone/play';
import { SMTPServer } from 'smtp-server';

const WITHIN_MS = 60_000;

/** Mails is where the program's mails arrive, as text. */
export interface Mails {
  /** env for the program. */
  readonly env: Readonly<Record<string, string>>;
  all(dataDir: string): readonly string[];
  stop(): Promise<void>;
}

/** folderMails: no mail server is set, each mail is a file, which is read once. */
export function folderMails(): Mails {
  const read = new Map<string, string>();
  return {
    env: {},
    all: (dataDir) => {
      const folder = path.join(dataDir, 'mail');
      const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
      for (const name of names) if (!read.has(name)) read.set(name, readFileSync(path.join(folder, name), 'utf8'));
      return [...read.values()];
    },
    stop: async () => undefined,
  };
}

/** smtpMails: a real mail server that keeps what it accepted. */
export async function smtpMails(): Promise<Mails> {
  const taken: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        taken.push(Buffer.concat(chunks).toString('utf8'));
        callback();
      });
    },
  });
  // A client that is killed breaks its line.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  return {
    env: { SMTP_URL: `smtp://127.0.0.1:${port}` },
    all: () => taken,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** NoMail has come within the time that somebody waited for it. */
export class NoMail extends Error {}

/** newestTo waits for a mail to this address and gives the newest that holds a text; throws {@link NoMail}. */
export async function newestTo(
  mails: () => readonly string[],
  address: string,
  holding: string,
  withinMs = WITHIN_MS,
): Promise<string> {
  for (const until = performance.now() + withinMs; performance.now() < until; await pause(50)) {
    const mine = mails().filter((mail) => mail.includes(holding) && addressee(mail) === address.toLowerCase());
    const newest = mine.sort((a, b) => Date.parse(header(a, 'date')) - Date.parse(header(b, 'date'))).at(-1);
    if (newest !== undefined) return newest;
  }
  throw new NoMail('no mail has come');
}
