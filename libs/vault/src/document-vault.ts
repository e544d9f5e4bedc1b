import type { Seal } from '@second-opinion/kernel';
import type { MediaType } from './document-type';
import type { Access, SealContext } from './vault';

/** MOST_DOCUMENT_BYTES of a document, plain: 25 MB. */
export const MOST_DOCUMENT_BYTES = 25 * 1024 * 1024;

/** SealedDocument is what an event may keep of a document: names of ciphertext and key, its size, and a hash that tells nothing without the salt. */
export interface SealedDocument {
  readonly storedId: string;
  /** size of the plain content. */
  readonly size: number;
  readonly mediaType: MediaType;
  /** hash is SHA-256(salt ‖ content), hex: proof of the content for whoever has the salt, no fingerprint once the salt is forgotten. */
  readonly hash: string;
  /** salt (base64url), sealed with the purpose and object of the document. */
  readonly salt: Seal;
  /** scanned: a virus scanner has looked at it. */
  readonly scanned: boolean;
}

/** DocumentOpening asks for one document, with what the finder knows about the place where he found it. */
export interface DocumentOpening extends SealContext {
  readonly storedId: string;
}

/** OpenedDocument is the content, frame by verified frame (`close` lets go of one that is not read after all); or that it was forgotten, or that this reader may not have it. */
export type OpenedDocument =
  | { readonly mediaType: string; readonly content: AsyncIterable<Uint8Array>; readonly close: () => Promise<void> }
  | { readonly forgotten: true }
  | { readonly denied: true };

/**
 * DocumentVault seals documents and opens them through the same door as texts: the access matrix decides, the access record is durable
 * first. Every encryption has a content key of its own under the data key of (person, case, category), so that one document can be
 * forgotten alone: `vault.destroyKeys({ personId, caseId, category, object })`, then `discard`.
 */
export abstract class DocumentVault {
  /**
   * seal streams a content into the store; nothing plain is kept anywhere. Throws `Invalid`: `document-empty`, `document-too-large` (25 MB),
   * `document-type` (by content: PDF, PNG, JPEG, TIFF, DOCX, plain text in UTF-8), `document-infected`; `Refused('person-forgotten')`.
   */
  abstract seal(content: AsyncIterable<Uint8Array>, context: SealContext): Promise<SealedDocument>;
  /** open asks for a document. The content throws `Invalid('document-broken')` at the first byte that is not what was sealed. */
  abstract open(document: DocumentOpening, access: Access): Promise<OpenedDocument>;
  /** discard the ciphertext of a document that was forgotten, or that a repeated upload has stored a second time. */
  abstract discard(storedId: string): Promise<void>;
}
