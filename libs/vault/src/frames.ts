import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { CATEGORIES, Invalid, type Category } from '@second-opinion/kernel';
import type { SealContext } from './vault';

/** FRAME bytes of plain text in one frame. */
export const FRAME = 64 * 1024;
const TAG = 16;
const SEALED_FRAME = FRAME + TAG;
/** MAGIC opens every sealed document: name and version of this format. */
const MAGIC = Buffer.from('2ODOC/1\n', 'ascii');
const START = MAGIC.length + 2;
const NONCE_PREFIX = 7;

/** DocumentHeader stands before the frames: whose document it is and by which content key; authenticated with every frame. */
export interface DocumentHeader extends SealContext {
  readonly keyId: string;
  readonly mediaType: string;
}

/**
 * sealedFrames gives header and frames. Frame i is AES-256-GCM with nonce = 7 random bytes ‖ i (4 bytes) ‖ 1 for the last, 0 for others;
 * the header is associated data of each. So no frame can be left out, moved, repeated, put into another document or cut off at the end.
 * The key must never have sealed anything before.
 */
export async function* sealedFrames(
  plain: AsyncIterable<Uint8Array>,
  header: DocumentHeader,
  key: KeyObject,
): AsyncIterable<Uint8Array> {
  const prefix = randomBytes(NONCE_PREFIX);
  const start = encodeHeader(header, prefix);
  yield start;
  let held = Buffer.alloc(0);
  let index = 0;
  for await (const bytes of plain) {
    held = Buffer.concat([held, bytes]);
    for (; held.length > FRAME; held = held.subarray(FRAME))
      yield sealFrame(held.subarray(0, FRAME), key, nonceOf(prefix, index++, false), start);
  }
  yield sealFrame(held, key, nonceOf(prefix, index, true), start);
}

/** SealedContent is a sealed document of which the header has been read. */
export interface SealedContent {
  readonly header: DocumentHeader;
  /** frames opens and verifies one frame after the other; `Invalid('document-broken')` at the first that is not what was sealed. */
  frames(key: KeyObject): AsyncIterable<Uint8Array>;
  /** close stops reading without having opened anything. */
  close(): Promise<void>;
}

/** readSealed reads the header of a sealed document; nothing is proven by it until the frames have opened. */
export async function readSealed(content: AsyncIterable<Uint8Array>): Promise<SealedContent> {
  const parts = content[Symbol.asyncIterator]();
  let held = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await parts.next();
    if (!next.done) held = Buffer.concat([held, next.value]);
    return !next.done;
  };
  while (held.length < START || held.length < START + held.readUInt16BE(MAGIC.length))
    if (!(await more())) throw broken();
  const start = held.subarray(0, START + held.readUInt16BE(MAGIC.length));
  const { header, prefix } = decodeHeader(start);
  held = held.subarray(start.length);
  async function* frames(key: KeyObject): AsyncIterable<Uint8Array> {
    try {
      let index = 0;
      do {
        for (; held.length > SEALED_FRAME; held = held.subarray(SEALED_FRAME))
          yield openFrame(held.subarray(0, SEALED_FRAME), key, nonceOf(prefix, index++, false), start);
      } while (await more());
      yield openFrame(held, key, nonceOf(prefix, index, true), start);
    } finally {
      await parts.return?.();
    }
  }
  return { header, frames, close: async () => void (await parts.return?.()) };
}

/** sealedSize is how many bytes a document of this many plain bytes takes at most. */
export function sealedSize(plain: number): number {
  return START + 0xffff + plain + (Math.floor(plain / FRAME) + 1) * TAG;
}

function sealFrame(plain: Uint8Array, key: KeyObject, nonce: Buffer, start: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(start);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openFrame(sealed: Buffer, key: KeyObject, nonce: Buffer, start: Buffer): Buffer {
  if (sealed.length < TAG) throw broken();
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
    decipher.setAAD(start);
    decipher.setAuthTag(sealed.subarray(-TAG));
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG)), decipher.final()]);
  } catch (error) {
    throw broken(error);
  }
}

function nonceOf(prefix: Buffer, index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_PREFIX + 5);
  prefix.copy(nonce);
  nonce.writeUInt32BE(index, NONCE_PREFIX);
  nonce[NONCE_PREFIX + 4] = last ? 1 : 0;
  return nonce;
}

function encodeHeader(header: DocumentHeader, prefix: Buffer): Buffer {
  const { keyId, personId, category, purpose, caseId, object, mediaType } = header;
  const fields = { kid: keyId, sub: personId, cat: category, pur: purpose, cas: caseId, obj: object, typ: mediaType };
  const json = Buffer.from(JSON.stringify({ ...fields, iv: prefix.toString('base64url') }), 'utf8');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(json.length);
  return Buffer.concat([MAGIC, length, json]);
}

function decodeHeader(start: Buffer): { header: DocumentHeader; prefix: Buffer } {
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw broken();
  let fields: Partial<Record<string, unknown>>;
  try {
    fields = JSON.parse(start.subarray(START).toString('utf8')) as Partial<Record<string, unknown>>;
  } catch (error) {
    throw broken(error);
  }
  const text = (name: string): string => {
    const value = fields[name];
    if (typeof value !== 'string') throw broken();
    return value;
  };
  const category = text('cat') as Category;
  const prefix = Buffer.from(text('iv'), 'base64url');
  if (!CATEGORIES.includes(category) || prefix.length !== NONCE_PREFIX) throw broken();
  const place = { personId: text('sub'), category, purpose: text('pur'), caseId: text('cas'), object: text('obj') };
  return { header: { ...place, keyId: text('kid'), mediaType: text('typ') }, prefix };
}

function broken(cause?: unknown): Invalid {
  return new Invalid('document-broken', {}, { cause });
}
