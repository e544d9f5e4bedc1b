import { Invalid } from '@second-opinion/kernel';
import { fileTypeFromBuffer } from 'file-type';

/** MEDIA_TYPES that may be stored, as the content itself shows them; name and declared type of an upload are not believed. */
export const MEDIA_TYPES = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/tiff',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'text/plain',
] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];

/** SAMPLE bytes at the beginning tell the type. */
export const SAMPLE = 256 * 1024;

/** typeOf tells what a content is from its beginning; `Invalid('document-type')` for what may not be stored. What looks like text is proven by {@link TextCheck}. */
export async function typeOf(beginning: Uint8Array): Promise<MediaType> {
  const found = await detected(beginning);
  const type = MEDIA_TYPES.find((one) => one === (found ?? 'text/plain'));
  if (!type) throw new Invalid('document-type', { found: found ?? 'unknown' });
  return type;
}

/** TextCheck proves that a content is plain text in UTF-8 to its last byte: no broken sequence, no control character but tab and line ends. */
export class TextCheck {
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  write(bytes: Uint8Array): void {
    this.check(() => this.decoder.decode(bytes, { stream: true }));
  }

  end(): void {
    this.check(() => this.decoder.decode());
  }

  private check(decode: () => string): void {
    let text: string;
    try {
      text = decode();
    } catch (error) {
      throw new Invalid('document-type', { found: 'unknown' }, { cause: error });
    }
    if (FORBIDDEN.test(text)) throw new Invalid('document-type', { found: 'unknown' });
  }
}

const FORBIDDEN = /(?![\t\n\f\r])\p{Cc}/u;

async function detected(beginning: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(beginning))?.mime;
  } catch {
    // It began like a container that was cut off, so it is none that we know.
    return 'application/octet-stream';
  }
}
