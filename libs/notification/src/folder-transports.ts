import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { composed } from './composed-mail';
import { MailTransport, SmsTransport, type OutgoingMail, type OutgoingSms, type Outcome } from './mail-transport';
import { TERMS } from './notification.terms';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * FolderMailTransport writes each mail as `<messageId>.eml` instead of sending it: for a deployment without a mail server. A repeat
 * overwrites its own file, a file is there whole or not at all, and what is older than the term for bodies is removed.
 */
export class FolderMailTransport extends MailTransport {
  private readonly folder: Folder;

  constructor(folder: string, now: () => number = () => Date.now()) {
    super();
    this.folder = new Folder(folder, '.eml', now);
  }

  async send(mail: OutgoingMail): Promise<Outcome> {
    return this.folder.put(mail.messageId, await composed(mail));
  }

  forget(messageIds: readonly string[]): Promise<void> {
    return this.folder.remove(messageIds);
  }
}

/** FolderSmsTransport writes each short message as `<messageId>.txt`: which gateway sends them, every deployment chooses. */
export class FolderSmsTransport extends SmsTransport {
  private readonly folder: Folder;

  constructor(folder: string, now: () => number = () => Date.now()) {
    super();
    this.folder = new Folder(folder, '.txt', now);
  }

  send({ messageId, to, text }: OutgoingSms): Promise<Outcome> {
    return this.folder.put(messageId, Buffer.from(`To: ${to}\n\n${text}\n`, 'utf8'));
  }

  forget(messageIds: readonly string[]): Promise<void> {
    return this.folder.remove(messageIds);
  }
}

/** Folder of bodies, one file a message; looked through for old ones once an hour, not after every message. */
class Folder {
  private cleanedAt = -Infinity;

  constructor(
    private readonly folder: string,
    private readonly extension: '.eml' | '.txt',
    private readonly now: () => number,
  ) {}

  async put(messageId: string, bytes: Buffer): Promise<Outcome> {
    const name = `${messageId}${this.extension}`;
    if (!FILE_NAME.test(name)) throw new TypeError('a message id that is no file name');
    try {
      await writeWhole(this.folder, name, bytes).catch(async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
        await mkdir(this.folder, { recursive: true, mode: 0o700 });
        await writeWhole(this.folder, name, bytes);
      });
      await this.clean(this.now());
      return { kind: 'sent' };
    } catch (error) {
      if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
      return { kind: 'temporary' };
    }
  }

  async remove(messageIds: readonly string[]): Promise<void> {
    for (const name of messageIds.map((id) => `${id}${this.extension}`)) {
      if (FILE_NAME.test(name)) await rm(path.join(this.folder, name), { force: true });
    }
  }

  private async clean(now: number): Promise<void> {
    if (now - this.cleanedAt < HOUR_MS) return;
    this.cleanedAt = now;
    await removeOld(this.folder, now - TERMS.bodyDays * DAY_MS);
  }
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
