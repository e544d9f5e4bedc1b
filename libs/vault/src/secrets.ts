import { randomBytes } from 'node:crypto';
import { Refused, Unavailable } from '@second-opinion/kernel';
import type { KekName, Keks, Wrapping } from './keks';
import type { KeyStore } from './key-store';
import { KEY_BYTES, wrap } from './wrapping';

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
    return this.keks.unwrap(wrappingOf(name, wrapped));
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
    for (const { name, from, ...wrapping } of await this.wrappings()) {
      if (wrapping.kek !== kek || wrapping.version === current) continue;
      await this.keys.rewrapSecret(name, from, this.wrapped(name, kek, this.keks.unwrap(wrapping)));
      count++;
    }
    return count;
  }

  /** wrappings of all living secrets; `from` is how one stands in the key store. Check values (kek-checks.ts) are none: each stays what it is. */
  async wrappings(): Promise<readonly (Wrapping & { readonly name: string; readonly from: Uint8Array })[]> {
    const all = [];
    for (const name of await this.names()) {
      if (SECRET_KEKS[kindOf(name)] === undefined) continue;
      const from = await this.living(name);
      if (from) all.push({ name, from, ...wrappingOf(name, from) });
    }
    return all;
  }

  /** living: undefined when somebody has destroyed it in between. */
  private async living(name: string): Promise<Uint8Array | undefined> {
    try {
      return await this.keys.secret(name, () => {
        throw new Unavailable('key-missing', { secret: name });
      });
    } catch (error) {
      if (error instanceof Refused) return undefined;
      throw error;
    }
  }

  private wrapped(name: string, kek: KekName, plain: Uint8Array): Buffer {
    const { version, key } = this.keks.current(kek);
    const prefix = Buffer.alloc(VERSION_BYTES);
    prefix.writeUInt32BE(version);
    return Buffer.concat([prefix, wrap(plain, key, secretPlaceOf(name))]);
  }
}

function kekOf(name: string): KekName {
  const kek = SECRET_KEKS[kindOf(name)];
  if (!kek) throw new TypeError(`${name} is no secret of ours`);
  return kek;
}

function kindOf(name: string): string {
  return name.split('.')[0] ?? '';
}

function wrappingOf(name: string, wrapped: Uint8Array): Wrapping {
  const place = secretPlaceOf(name);
  return { kek: kekOf(name), version: versionOf(wrapped), wrapped: wrapped.subarray(VERSION_BYTES), place };
}

function versionOf(wrapped: Uint8Array): number {
  return Buffer.from(wrapped.buffer, wrapped.byteOffset, wrapped.byteLength).readUInt32BE();
}

/** secretPlaceOf is what the wrapping of a secret is bound to. */
export function secretPlaceOf(name: string): string {
  return JSON.stringify(['second-opinion/secret/v1', name]);
}
