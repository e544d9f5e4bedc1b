import { sha256 } from '@second-opinion/kernel';

/** printOf a message: SHA-256 of its key and of the text that carries it, which holds codes and seals only; the same for nothing else. */
export function printOf(key: string, text: string): string {
  return sha256(`${key.length}:${key}${text}`);
}
