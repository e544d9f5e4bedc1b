import { randomBytes } from 'node:crypto';
import { Unavailable } from '@second-opinion/kernel';
import type { KekName, Keks } from './keks';
import type { KeyStore } from './key-store';
import { KEY_BYTES, unwrap, wrap } from './wrapping';

const VERSION_BYTES = 4;

/**
 * SECRET_KEKS says which key-encryption key wraps a secret, by the part of its name before the first dot. What every service needs to
 * check a request (etag, body, login) is under SECRETS; what finds a person by who he is, is under IDENTITY.
 */
const SECRET_KEKS: Readonly<Record<string, KekName>> = {
  etag: 'SECRETS',
  body: 'SECRETS',
  login: 'SECRETS',
  'blind-index': 'IDENTITY',
  invitation: 'IDENTITY',
};

/** Secrets are the named keys of keyed hashes, kept wrapped in the key store; the same for all replicas. */
export class Secrets {
  constructor(
    private readonly keys: KeyStore,
    private readonly keks: Keks,
  ) {}

  /** get a secret, made at its first use. */
  async get(name: string): Promise<Buffer> {
    const kek = kekOf(name);
    const wrapped = await this.keys.secret(name, () => this.wrapped(name, kek, randomBytes(KEY_BYTES)));
    return this.unwrapped(name, kek, wrapped);
  }

  /** names of the living secrets. */
  names(): Promise<readonly string[]> {
    return this.keys.secretNames();
  }

  /** destroy a secret; it is never made anew. */
  destroy(name: string): Promise<void> {
    return this.keys.destroySecret(name);
  }

  /** rewrap all secrets of a key-encryption key with its current version; returns how many were. */
  async rewrap(kek: KekName): Promise<number> {
    const current = this.keks.current(kek).version;
    let count = 0;
    for (const name of await this.names()) {
      if (kekOf(name) !== kek) continue;
      const wrapped = await this.keys.secret(name, () => {
        throw new Unavailable('key-missing', { secret: name });
      });
      if (versionOf(wrapped) === current) continue;
      await this.keys.rewrapSecret(name, wrapped, this.wrapped(name, kek, this.unwrapped(name, kek, wrapped)));
      count++;
    }
    return count;
  }

  private wrapped(name: string, kek: KekName, plain: Uint8Array): Buffer {
    const { version, key } = this.keks.current(kek);
    const prefix = Buffer.alloc(VERSION_BYTES);
    prefix.writeUInt32BE(version);
    return Buffer.concat([prefix, wrap(plain, key, placeOf(name))]);
  }

  private unwrapped(name: string, kek: KekName, wrapped: Uint8Array): Buffer {
    return unwrap(wrapped.subarray(VERSION_BYTES), this.keks.key(kek, versionOf(wrapped)), placeOf(name));
  }
}

function kekOf(name: string): KekName {
  const kek = SECRET_KEKS[name.split('.')[0] ?? ''];
  if (!kek) throw new TypeError(`${name} is no secret of ours`);
  return kek;
}

function versionOf(wrapped: Uint8Array): number {
  return Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength).readUInt32BE();
}

function placeOf(name: string): string {
  return JSON.stringify(['second-opinion/secret/v1', name]);
}
