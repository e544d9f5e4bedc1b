import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MOST_CHARACTERS = 200;

/**
 * PositionTokens hide positions of the log: in the open, the distance of two of them would tell whoever sends commands how much happened
 * in between. AES-256-GCM with a nonce that derives from the position itself, so that the same position is always the same token.
 */
export class PositionTokens {
  private readonly encryption: Buffer;
  private readonly nonces: Buffer;

  constructor(secret: Buffer) {
    const derived = (label: string) => createHmac('sha256', secret).update(`position/${label}`, 'utf8').digest();
    this.encryption = derived('encryption');
    this.nonces = derived('nonce');
  }

  /** tokenOf hides a position. */
  tokenOf(position: string): string {
    const nonce = this.nonceOf(position);
    const cipher = createCipheriv('aes-256-gcm', this.encryption, nonce);
    const sealed = Buffer.concat([cipher.update(position, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** positionOf a token; undefined when it is none of ours. */
  positionOf(token: string): string | undefined {
    if (token.length > MOST_CHARACTERS || !/^[\w-]+$/.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.length <= NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', this.encryption, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }

  private nonceOf(position: string): Buffer {
    return createHmac('sha256', this.nonces).update(position, 'utf8').digest().subarray(0, NONCE_BYTES);
  }
}
