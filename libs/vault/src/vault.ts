import type { Category, Relation, Seal } from '@second-opinion/kernel';
import type { DocumentVault } from './document-vault';
import type { DestroyScope } from './key-store';
import type { CiphertextStore } from './sealed-documents';
import type { VirusScanner } from './virus-scanner';

/** SealContext says whose text it is and where it stands; it goes into the protected header, and `open` compares it. */
export interface SealContext {
  readonly personId: string;
  /** caseId, or empty for what belongs to no case. */
  readonly caseId: string;
  readonly category: Category;
  /** purpose = `<context>.<field>` of the context that made it. */
  readonly purpose: string;
  /** object: document id, report version, else the commandId. */
  readonly object: string;
}

/** ToSeal is one plain text with its place. */
export interface ToSeal extends SealContext {
  readonly text: string;
  /** isFirst: as far as the asker knows nothing was sealed under this key yet, so one is made without being looked for; one that is there is taken all the same. */
  readonly isFirst?: boolean;
}

/**
 * Opening asks for one seal, with what the finder knows about the place where he found it. `object` may be left out where the
 * place does not tell it; everything given is compared.
 */
export interface Opening {
  readonly seal: Seal;
  readonly personId: string;
  readonly caseId: string;
  readonly purpose: string;
  readonly object?: string;
}

/** Access says who opens, in which relation to the case, for which operation. */
export interface Access {
  readonly requestId: string;
  readonly operation: string;
  readonly actorId: string;
  readonly actorRole: string;
  readonly actorOrganisation: string;
  readonly relation: Relation;
  readonly authenticationLevel?: string;
  readonly application: string;
  /** facts the matrix may ask for (E: after the stated event), for example `released`. */
  readonly facts?: Readonly<Record<string, boolean>>;
}

/** Opened is the text, or that it was forgotten, or that this reader may not have it. */
export type Opened = { readonly text: string } | { readonly forgotten: true } | { readonly denied: true };

/** LivingKey names a key that lives: what it is for, never the key. */
export interface LivingKey {
  readonly keyId: string;
  readonly personId: string;
  readonly caseId: string;
  readonly category: Category;
  readonly object?: string;
}

/**
 * Vault makes seals at the rim and opens them through the one door. Promises: a key is durable before `seal` resolves; `open` asks
 * the access matrix, writes the access record durably and only then returns text, and opens nothing when the log cannot be written
 * (`Unavailable('access-log-unavailable')`); a destroyed key stays destroyed and no key is ever made anew
 * (`Refused('person-forgotten')` on sealing); a seal found in another place than it was made for does not open (`Invalid('seal-misplaced')`);
 * a category whose key-encryption key this process was not given can be neither sealed nor opened (`Forbidden('category-not-ours')`).
 */
export abstract class Vault {
  abstract seal(texts: readonly ToSeal[]): Promise<readonly Seal[]>;
  abstract open(openings: readonly Opening[], access: Access): Promise<readonly Opened[]>;
  /** contextOf reads the protected header, which names ids and codes only; it opens nothing. */
  abstract contextOf(seal: Seal): SealContext & { readonly keyId: string };
  /** isForgotten tells whether the key of a seal is destroyed; it opens nothing, so nothing is put on record. */
  abstract isForgotten(seal: Seal): Promise<boolean>;
  /** documents of this vault, their ciphertext in this store (the document store is one); without a scanner nobody looks for viruses. */
  abstract documents(store: CiphertextStore, scanner?: VirusScanner): DocumentVault;
  /** keysWithin lists the living keys of a scope, content keys included: what is to be named as destroyed before it is destroyed. */
  abstract keysWithin(scope: DestroyScope): Promise<readonly LivingKey[]>;
  /**
   * destroyKeys of a scope for good: here at once, in other processes within 60 s (their caches). With the last of a person's own
   * identity go his blind index and login links. May be repeated; returns the ids of all keys that are destroyed in the scope. The
   * event that proves it is appended before.
   */
  abstract destroyKeys(scope: DestroyScope): Promise<readonly string[]>;
}
