import type { Category } from '@second-opinion/kernel';

/** KeyScope is what one data key is for: a person, a case (empty for what belongs to none), a category. */
export interface KeyScope {
  readonly personId: string;
  readonly caseId: string;
  readonly category: Category;
}

/** WrappedKey is a data key as it is kept: encrypted by the category's key-encryption key of this version. */
export interface WrappedKey extends KeyScope {
  readonly keyId: string;
  readonly kekVersion: number;
  readonly wrapped: Uint8Array;
  /** object: set for content keys (a document, a report version); these are wrapped by the case's data key. */
  readonly object?: string;
}

/**
 * KeyStore keeps wrapped keys, blind indexes and login links, apart from events and views. Promises: `put` resolves when durable,
 * keeps the first key of a scope when two come at once (and returns that one), and refuses a scope that was destroyed, for ever;
 * `destroy` is final, overwrites what stood there, and remembers the key ids as destroyed.
 */
export abstract class KeyStore {
  /** put returns the key that is in force for its scope and object, or 'destroyed'. */
  abstract put(keys: readonly WrappedKey[]): Promise<readonly (WrappedKey | 'destroyed')[]>;
  abstract find(scope: KeyScope, object?: string): Promise<WrappedKey | 'destroyed' | undefined>;
  abstract byId(keyId: string): Promise<WrappedKey | 'destroyed' | undefined>;
  /** destroy all keys of this scope (category and case optional: all of them), content keys included; returns the destroyed key ids. */
  abstract destroy(scope: {
    personId: string;
    caseId?: string;
    category?: Category;
    object?: string;
  }): Promise<readonly string[]>;
  /** all living keys, for rotation. */
  abstract living(): AsyncIterable<WrappedKey>;
  /** rewrap replaces the wrapping of living keys. */
  abstract rewrap(keys: readonly WrappedKey[]): Promise<void>;

  /** link and lookup of keyed hashes: blind index (name + birth date), login links, invitation codes. `kind` keeps them apart. */
  abstract link(kind: 'blind-index' | 'login' | 'invitation', hash: string, id: string): Promise<void>;
  abstract linked(kind: 'blind-index' | 'login' | 'invitation', hash: string): Promise<readonly string[]>;
  abstract unlink(id: string): Promise<void>;

  /** secret gets a named random secret of 32 bytes, wrapped by the caller; made once by `make`. */
  abstract secret(name: string, make: () => Uint8Array): Promise<Uint8Array>;
  abstract destroySecret(name: string): Promise<void>;
  abstract secretNames(): Promise<readonly string[]>;
}
