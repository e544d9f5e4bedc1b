/** StoredDocument names a stored ciphertext: `id` is the SHA-256 (hex) of the ciphertext, so that it is content-addressed. */
export interface StoredDocument {
  readonly id: string;
  readonly size: number;
}

/**
 * DocumentStore keeps ciphertext, content-addressed and streamed. It never sees a plain byte. Promises: durable before
 * acknowledged; the same content is stored once; a missing document is a clear `NotFound('document-missing')`; what is half
 * written is never readable, and a content that fails half-way (its error is passed on) leaves nothing; more than `maxBytes` stops the
 * upload with `Invalid('document-too-large')` and keeps nothing.
 */
export abstract class DocumentStore {
  abstract put(content: AsyncIterable<Uint8Array>, options: { maxBytes: number }): Promise<StoredDocument>;
  /** get streams the content; it throws rather than end early when the document is deleted meanwhile. */
  abstract get(id: string): AsyncIterable<Uint8Array>;
  abstract has(id: string): Promise<boolean>;
  /** delete removes the ciphertext for good; deleting what is gone is no error. */
  abstract delete(id: string): Promise<void>;
  /** clear takes away what cut off uploads (a day later) and deletions have left; it may run at any time, on several replicas at once. */
  abstract clear(): Promise<void>;
}
