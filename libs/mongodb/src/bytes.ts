import { Binary } from 'mongodb';

/** binaryOf bytes, as they are stored. */
export function binaryOf(bytes: Uint8Array): Binary {
  return new Binary(bytes);
}

/** bytesOf what was stored; a Binary may have more room than content. */
export function bytesOf(binary: Binary): Uint8Array {
  return binary.buffer.subarray(0, binary.position);
}
