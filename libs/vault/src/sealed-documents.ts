import { createHash, randomBytes } from 'node:crypto';
import { Invalid, NotFound, type Seal } from '@second-opinion/kernel';
import type { DataKeys, PlainKey } from './data-keys';
import { SAMPLE, TextCheck, typeOf, type MediaType } from './document-type';
import {
  DocumentVault,
  MOST_DOCUMENT_BYTES,
  type DocumentOpening,
  type OpenedDocument,
  type SealedDocument,
} from './document-vault';
import type { Door } from './door';
import { readSealed, sealedFrames, sealedSize, type SealedContent } from './frames';
import type { Access, SealContext, ToSeal } from './vault';
import type { VirusScanner } from './virus-scanner';

/** CiphertextStore is where sealed documents stand; the document store is one. */
export interface CiphertextStore {
  put(content: AsyncIterable<Uint8Array>, options: { maxBytes: number }): Promise<{ readonly id: string }>;
  get(id: string): AsyncIterable<Uint8Array>;
  delete(id: string): Promise<void>;
}

/** DocumentParts are what the documents of a vault share with it, and where their ciphertext stands. */
export interface DocumentParts {
  readonly dataKeys: DataKeys;
  readonly door: Door;
  readonly store: CiphertextStore;
  readonly scanner: VirusScanner;
  readonly sealText: (text: ToSeal) => Promise<Seal>;
}

/** SealedDocuments are the documents of a vault. */
export class SealedDocuments extends DocumentVault {
  constructor(private readonly parts: DocumentParts) {
    super();
  }

  async seal(content: AsyncIterable<Uint8Array>, context: SealContext): Promise<SealedDocument> {
    const { dataKeys, store, sealText } = this.parts;
    const source = content[Symbol.asyncIterator]();
    try {
      const beginning = await sampled(source);
      const mediaType = await typeOf(beginning);
      const { keyId, key } = await dataKeys.newContentKey(context, context.object);
      const salt = randomBytes(32);
      const checked = new CheckedContent(this.parts.scanner, mediaType, salt);
      const frames = sealedFrames(checked.of(beginning, source), { ...context, keyId, mediaType }, key);
      const { id } = await store.put(frames, { maxBytes: sealedSize(MOST_DOCUMENT_BYTES) });
      const saltSeal = await sealText({ ...context, text: salt.toString('base64url') });
      return { storedId: id, mediaType, salt: saltSeal, ...checked.result() };
    } finally {
      await source.return?.();
    }
  }

  async open(document: DocumentOpening, access: Access): Promise<OpenedDocument> {
    const { door } = this.parts;
    const { storedId, ...context } = document;
    try {
      const { allowed, basis, policyVersion } = door.decide(context, access);
      if (!allowed) {
        await door.record([{ context, outcome: 'DENIED', basis, policyVersion }], access);
        return { denied: true };
      }
      const found = await this.find(storedId, context);
      if (found === 'destroyed') {
        await door.record([{ context, outcome: 'ERROR', basis: 'forgotten', policyVersion }], access);
        return { forgotten: true };
      }
      await door.record([{ context, outcome: 'SUCCESS', basis, policyVersion }], access);
      const { sealed, key } = found;
      return { mediaType: sealed.header.mediaType, content: sealed.frames(key.key), close: () => sealed.close() };
    } catch (error) {
      throw await door.failed([context], access, error);
    }
  }

  discard(storedId: string): Promise<void> {
    return this.parts.store.delete(storedId);
  }

  private async find(
    storedId: string,
    context: SealContext,
  ): Promise<{ sealed: SealedContent; key: PlainKey } | 'destroyed'> {
    const { dataKeys, door, store } = this.parts;
    let sealed: SealedContent;
    try {
      sealed = await readSealed(store.get(storedId));
    } catch (error) {
      const gone = error instanceof NotFound && (await dataKeys.isDestroyed(context, context.object));
      if (gone) return 'destroyed';
      throw error;
    }
    try {
      if (sealed.header.category !== context.category) throw new Invalid('seal-misplaced');
      door.assertPlace(sealed.header, context);
      const key = await dataKeys.contentKey(context, context.object, sealed.header.keyId);
      if (key !== 'destroyed') return { sealed, key };
    } catch (error) {
      await sealed.close();
      throw error;
    }
    await sealed.close();
    return 'destroyed';
  }
}

/** CheckedContent lets a content stream by and checks it: size, text, viruses; hashes it with its salt. */
class CheckedContent {
  private readonly hash = createHash('sha256');
  private size = 0;
  private scanned = false;

  constructor(
    private readonly scanner: VirusScanner,
    private readonly mediaType: MediaType,
    salt: Uint8Array,
  ) {
    this.hash.update(salt);
  }

  // The last frame is sealed after this has ended, so what is refused at the end is never whole in the store either.
  async *of(beginning: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncIterable<Uint8Array> {
    const scan = this.scanner.begin();
    const text = this.mediaType === 'text/plain' ? new TextCheck() : undefined;
    let finished = false;
    try {
      let bytes: Uint8Array | undefined = beginning;
      while (bytes) {
        this.size += bytes.length;
        if (this.size > MOST_DOCUMENT_BYTES) throw new Invalid('document-too-large', { maxBytes: MOST_DOCUMENT_BYTES });
        text?.write(bytes);
        this.hash.update(bytes);
        await scan.write(bytes);
        yield bytes;
        const next = await rest.next();
        bytes = next.done ? undefined : next.value;
      }
      text?.end();
      const verdict = await scan.finish();
      finished = true;
      if (verdict === 'infected') throw new Invalid('document-infected');
      this.scanned = verdict === 'clean';
    } finally {
      if (!finished) scan.abandon();
    }
  }

  result(): Pick<SealedDocument, 'size' | 'hash' | 'scanned'> {
    return { size: this.size, hash: this.hash.digest('hex'), scanned: this.scanned };
  }
}

/** sampled reads the beginning of a content, enough to tell its type. */
async function sampled(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < SAMPLE) {
    const next = await source.next();
    if (next.done) break;
    // A copy: the producer may use its buffer again.
    parts.push(Uint8Array.from(next.value));
    length += next.value.length;
  }
  if (length === 0) throw new Invalid('document-empty');
  return Buffer.concat(parts);
}
