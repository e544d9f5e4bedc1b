import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const PAUSE_MS = 50;
/** PATIENCE_MS: a mail may come through six services on a busy machine. */
const PATIENCE_MS = 60_000;

/** mailsTo gives the mails in a folder of `.eml` files that are addressed to this address, oldest first. */
export function mailsTo(folder: string, address: string): readonly string[] {
  const files = entriesOf(folder).filter((name) => name.endsWith('.eml'));
  const mails = files.map((name) => readFileSync(path.join(folder, name), 'utf8'));
  return mails
    .filter((mail) => addressee(mail) === address.toLowerCase())
    .sort((a, b) => Date.parse(header(a, 'date')) - Date.parse(header(b, 'date')));
}

/** newestMailTo waits for a mail to this address and gives the newest: what the addressee would open. */
export async function newestMailTo(folder: string, address: string, holding = ''): Promise<string> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until;) {
    const newest = mailsTo(folder, address).findLast((mail) => mail.includes(holding));
    if (newest !== undefined) return newest;
    await pause(PAUSE_MS);
  }
  throw new Error(`no mail has come in ${folder}: DATA_DIR and MAIL_DIR must be those of the server`);
}

/** header of a mail, unfolded. */
export function header(mail: string, name: string): string {
  const [head = ''] = mail.split(/\r?\n\r?\n/, 1);
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  const line = unfolded.split(/\r?\n/).find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line?.slice(name.length + 1).trim() ?? '';
}

/** addressee of a mail: the address alone. */
export function addressee(mail: string): string {
  return header(mail, 'to')
    .replace(/^.*<|>.*$/g, '')
    .trim()
    .toLowerCase();
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
