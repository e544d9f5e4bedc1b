import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { composed } from './composed-mail';
import { MailTransport, SmsTransport, type OutgoingMail, type OutgoingSms, type Outcome } from './mail-transport';
import { TERMS } from './notification.terms';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Cleaned remembers when a folder was last looked through: each file is looked at once an hour, not after every mail. */
const cleaned = new Map<string, number>();
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * FolderMailTransport writes each mail as `<messageId>.eml` instead of sending it: for a deployment without a mail server. A repeat
 * overwrites its own file, a file is there whole or not at all, and what is older than the term for bodies is removed.
 */
export class FolderMailTransport extends MailTransport {
  constructor(
    private readonly folder: string,
    private readonly now: () => number = () => Date.now(),
  ) {
    super();
  }

  async send(mail: OutgoingMail): Promise<Outcome> {
    return inFolder(this.folder, `${mail.messageId}.eml`, await composed(mail), this.now());
  }

  forget(messageIds: readonly string[]): Promise<void> {
    return remove(
      this.folder,
      messageIds.map((id) => `${id}.eml`),
    );
  }
}

/** FolderSmsTransport writes each short message as `<messageId>.txt`: which gateway sends them, every deployment chooses. */
export class FolderSmsTransport extends SmsTransport {
  constructor(
    private readonly folder: string,
    private readonly now: () => number = () => Date.now(),
  ) {
    super();
  }

  send({ messageId, to, text }: OutgoingSms): Promise<Outcome> {
    return inFolder(this.folder, `${messageId}.txt`, Buffer.from(`To: ${to}\n\n${text}\n`, 'utf8'), this.now());
  }

  forget(messageIds: readonly string[]): Promise<void> {
    return remove(
      this.folder,
      messageIds.map((id) => `${id}.txt`),
    );
  }
}

async function inFolder(folder: string, name: string, bytes: Buffer, now: number): Promise<Outcome> {
  if (!FILE_NAME.test(name)) throw new TypeError('a message id that is no file name');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeWhole(folder, name, bytes);
    if (now - (cleaned.get(folder) ?? -Infinity) >= HOUR_MS) {
      cleaned.set(folder, now);
      await removeOld(folder, now - TERMS.bodyDays * DAY_MS);
    }
    return { kind: 'sent' };
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return { kind: 'temporary' };
  }
}

async function remove(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) if (FILE_NAME.test(name)) await rm(path.join(folder, name), { force: true });
}

async function writeWhole(folder: string, name: string, bytes: Buffer): Promise<void> {
  const half = path.join(folder, `.${name}.part`);
  const file = await open(half, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(half, path.join(folder, name));
}

async function removeOld(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/\.(eml|txt|part)$/.test(name)) continue;
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (found && found.mtimeMs < before) await rm(file, { force: true });
  }
}
