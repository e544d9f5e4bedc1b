import { createCipheriv, createDecipheriv, randomFillSync, type KeyObject } from 'node:crypto';

/** KEY_BYTES of every key here: AES-256. */
export const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** NONCES are drawn from the system many at a time: asking it costs more than sealing a short text. */
const NONCES = Buffer.alloc(NONCE_BYTES * 256);
let used = NONCES.length;

/** newNonce gives 12 random bytes that no other call gets; good until the next one, so use them at once. */
export function newNonce(): Buffer {
  if (used === NONCES.length) {
    randomFillSync(NONCES);
    used = 0;
  }
  return NONCES.subarray(used, (used += NONCE_BYTES));
}

/** wrap encrypts a key with another (AES-256-GCM, random nonce); `place` is bound to it and must be the same on unwrapping. */
export function wrap(plain: Uint8Array, by: KeyObject, place: string): Buffer {
  const nonce = newNonce();
  const cipher = createCipheriv('aes-256-gcm', by, nonce);
  cipher.setAAD(Buffer.from(place, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** unwrap throws when key, place or bytes are not what was wrapped. */
export function unwrap(wrapped: Uint8Array, by: KeyObject, place: string): Buffer {
  const bytes = Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength);
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('a wrapped key is cut short');
  const decipher = createDecipheriv('aes-256-gcm', by, bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(place, 'utf8'));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}
