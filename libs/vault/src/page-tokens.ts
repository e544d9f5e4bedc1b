import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';
const OURS = /^[\w-]{38,4000}$/;

/**
 * PageTokens hide where a page ended, which is the key of a row: of a list that is shown in part, the next row may be one that whoever asks must
 * not know of. AES-256-GCM under a key of its own with a nonce by chance, so that the same place is another token every time and a made up one is none.
 */
export class PageTokens {
  private readonly key: Buffer;

  constructor(secret: Buffer) {
    this.key = createHmac('sha256', secret).update('page/place', 'utf8').digest();
  }

  /** tokenOf hides a place. */
  tokenOf(place: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce);
    const sealed = [cipher.update(place, 'utf8'), cipher.final()];
    return Buffer.concat([nonce, ...sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** placeOf a token; undefined when it is none of ours. */
  placeOf(token: string): string | undefined {
    if (!OURS.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // The last letter has room for bits that mean nothing; only our own spelling is ours.
    if (bytes.toString('base64url') !== token) return undefined;
    const opened = createDecipheriv(ALGORITHM, this.key, bytes.subarray(0, NONCE_BYTES));
    opened.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([opened.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), opened.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }
}
