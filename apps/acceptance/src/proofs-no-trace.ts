import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { header } from '@second-opinion/standalone/play';

/** Trace is a word that was found where it must not be. */
export interface Trace {
  readonly where: string;
  readonly word: string;
  readonly form: string;
}

interface Form {
  readonly word: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** filesIn gives all files under a folder, but those of the folders named. */
export function filesIn(folder: string, except: readonly string[] = []): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const at = path.join(folder, entry.name);
    if (entry.isDirectory()) return except.includes(entry.name) ? [] : filesIn(at, except);
    return entry.isFile() ? [at] : [];
  });
}

/** tracesIn looks for each word in these bytes: as UTF-8 and UTF-16 in any case of letters, as base64 and as hexadecimal digits. */
export function tracesIn(where: string, bytes: Buffer, words: readonly string[]): readonly Trace[] {
  const lower = lowered(bytes);
  return words
    .flatMap(formsOf)
    .filter(({ form, bytes: wanted }) => (form.startsWith('base64') ? bytes : lower).includes(wanted))
    .map(({ word, form }) => ({ where, word, form }));
}

/** tracesInFiles looks in whole files. */
export function tracesInFiles(files: readonly string[], words: readonly string[]): readonly Trace[] {
  return files.flatMap((file) => tracesIn(path.basename(file), readFileSync(file), words));
}

/** tracesInMail looks in a mail as its addressee reads it, calendar and all: nothing of anybody but his own address may stand there. */
export function tracesInMail(mail: string, words: readonly string[]): readonly Trace[] {
  const own = header(mail, 'to');
  const readable = readableMail(mail).replaceAll(own, '');
  return tracesIn(header(mail, 'subject'), Buffer.from(readable, 'utf8'), words);
}

/** readableMail: quoted-printable and base64 parts decoded where they stand, folded lines unfolded. */
function readableMail(mail: string): string {
  return mail
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)))
    .replace(/^[A-Za-z0-9+/]{60,}\r?\n(?:[A-Za-z0-9+/]+={0,2}\r?\n?)*/gm, (text) =>
      Buffer.from(text, 'base64').toString('utf8'),
    )
    .replace(/\r?\n[ \t]/g, '');
}

function formsOf(word: string): readonly Form[] {
  const small = word.toLowerCase();
  const utf16 = Buffer.from(small, 'utf16le');
  return [
    { word, form: 'UTF-8', bytes: lowered(Buffer.from(small, 'utf8')) },
    { word, form: 'UTF-16 LE', bytes: lowered(utf16) },
    { word, form: 'UTF-16 BE', bytes: lowered(Buffer.from(utf16).swap16()) },
    { word, form: 'hexadecimal', bytes: Buffer.from(Buffer.from(word, 'utf8').toString('hex')) },
    ...[0, 1, 2].flatMap((shift) => base64(word, shift)),
  ];
}

/** base64 of a word that begins at any place in what was encoded: without the characters that its neighbours share. */
function base64(word: string, shift: number): readonly Form[] {
  const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(word, 'utf8')]);
  const first = Math.ceil((shift * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  return (['base64', 'base64url'] as const).map((form) => ({
    word,
    form: `${form} at ${shift}`,
    bytes: Buffer.from(bytes.toString(form).slice(first, last)),
  }));
}

function lowered(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at < copy.length; at++) {
    const byte = copy[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) copy[at] = byte + 0x20;
  }
  return copy;
}
