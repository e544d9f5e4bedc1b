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
  /** kekVersion of the key-encryption key; 0 for content keys, which the case's data key wraps. */
  readonly kekVersion: number;
  readonly wrapped: Uint8Array;
  /** object: set for content keys (a document, a report version); these are wrapped by the case's data key. */
  readonly object?: string;
}

/** DestroyScope: a person, or less of him; what is left out stands for all of it. */
export interface DestroyScope {
  readonly personId: string;
  readonly caseId?: string;
  readonly category?: Category;
  /** object: the content keys of one document or report version alone. */
  readonly object?: string;
}

/**
 * LinkKind keeps the keyed hashes of different things apart; `login` is of before the logins of persons and of doctors were, `command` leads
 * from the id of a command to the keyed hash of its body.
 */
export type LinkKind = 'blind-index' | 'login' | 'login-person' | 'login-doctor' | 'invitation' | 'command';

/**
 * KeyStore keeps wrapped keys, blind indexes and login links, apart from events and views. Promises: `put` resolves when durable,
 * keeps the first data key of a scope when two come at once (and returns that one; content keys are all kept, since every encryption
 * has its own), and refuses a scope that was destroyed, for ever; `destroy` is final, overwrites what stood there, remembers scope and
 * key ids as destroyed, and may be repeated (also after an older copy was restored).
 */
export abstract class KeyStore {
  /** alone says that no other process uses these keys, so that what was read once may be remembered. */
  readonly alone: boolean = false;

  /** put returns, for each key, the key that is in force for its scope, or 'destroyed'; all in one durable write. */
  abstract put(keys: readonly WrappedKey[]): Promise<readonly (WrappedKey | 'destroyed')[]>;
  /** find the data key of a scope, or the newest content key of an object in it. */
  abstract find(scope: KeyScope, object?: string): Promise<WrappedKey | 'destroyed' | undefined>;
  abstract byId(keyId: string): Promise<WrappedKey | 'destroyed' | undefined>;
  /** within lists the living keys of a scope, content keys included: what `destroy` of it would destroy. */
  abstract within(scope: DestroyScope): Promise<readonly WrappedKey[]>;
  /** destroy all keys of this scope, content keys included; returns the ids of all that are destroyed in it, now or before. */
  abstract destroy(scope: DestroyScope): Promise<readonly string[]>;
  /** living keys, all of them, for rotation. */
  abstract living(): AsyncIterable<WrappedKey>;
  /** rewrap replaces the wrapping of keys that still live and are wrapped by an older version; others are left alone. */
  abstract rewrap(keys: readonly WrappedKey[]): Promise<void>;

  /** link a keyed hash to an id of ours; linking again does nothing. */
  abstract link(kind: LinkKind, hash: string, id: string): Promise<void>;
  /** linked ids, in the order in which they were linked. */
  abstract linked(kind: LinkKind, hash: string): Promise<readonly string[]>;
  /** unlink removes every link to an id, or those of one kind. */
  abstract unlink(id: string, kind?: LinkKind): Promise<void>;

  /**
   * secret gets a named secret, wrapped by the caller; made once by `make`, also when many ask at once. A destroyed one is never made
   * anew: `Refused('vault.secret-destroyed')`.
   */
  abstract secret(name: string, make: () => Uint8Array): Promise<Uint8Array>;
  /** rewrapSecret replaces the wrapping of a secret that lives; `from` is what the caller has read, so that two rotations do no harm. */
  abstract rewrapSecret(name: string, from: Uint8Array, to: Uint8Array): Promise<void>;
  abstract destroySecret(name: string): Promise<void>;
  /** secretNames of the living secrets. */
  abstract secretNames(): Promise<readonly string[]>;
}
