import { createCipheriv, createDecipheriv, createHmac, type Cipheriv, type Decipheriv } from 'node:crypto';

const BLOCK_BYTES = 16;
const TOKEN = /^[\w-]{22}$/;

/**
 * PositionTokens hide positions of the log: in the open, the distance of two of them would tell whoever sends commands how much happened
 * in between. A token is one block of AES-256 under a key of its own: the position and eight zero bytes. One block is a permutation that
 * nobody without the key can tell from chance: the same position is always the same token, and a made up one is not zero where it must be.
 */
export class PositionTokens {
  // One block after another, each for itself: that is what makes a cipher reusable, and one block all there is makes it safe.
  private readonly encryption: Cipheriv;
  private readonly decryption: Decipheriv;

  constructor(secret: Buffer) {
    const key = createHmac('sha256', secret).update('position/block', 'utf8').digest();
    this.encryption = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false);
    this.decryption = createDecipheriv('aes-256-ecb', key, null).setAutoPadding(false);
  }

  /** tokenOf hides a position: by promise of every event store a whole number below 2^63, in decimal. */
  tokenOf(position: string): string {
    const block = Buffer.alloc(BLOCK_BYTES);
    block.writeBigUInt64BE(BigInt(position));
    return this.encryption.update(block).toString('base64url');
  }

  /** positionOf a token; undefined when it is none of ours. */
  positionOf(token: string): string | undefined {
    if (!TOKEN.test(token)) return undefined;
    const sealed = Buffer.from(token, 'base64url');
    // The last letter has room for bits that mean nothing; only our own spelling is ours.
    if (sealed.toString('base64url') !== token) return undefined;
    const block = this.decryption.update(sealed);
    return block.readBigUInt64BE(BLOCK_BYTES / 2) === 0n ? String(block.readBigUInt64BE()) : undefined;
  }
}
