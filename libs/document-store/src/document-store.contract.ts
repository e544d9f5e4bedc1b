import { createHash, randomBytes } from 'node:crypto';
import type { DocumentStore } from './document-store';

const LIMIT = { maxBytes: 2_000_000 };

/** documentStoreContract is what every document store must pass; `make` gives an empty one. */
export function documentStoreContract(name: string, make: () => Promise<DocumentStore>): void {
  describe(`${name} is a document store`, () => {
    let store: DocumentStore;
    beforeEach(async () => {
      store = await make();
    });
    const idOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

    it.each([0, 1, 65_536, 262_144, 262_145, 1_500_000])('gives back %d bytes as they were', async (size) => {
      const bytes = randomBytes(size);
      const stored = await store.put(pieces(bytes, 10_007), LIMIT);
      expect(stored).toEqual({ id: idOf(bytes), size });
      expect(await store.has(stored.id)).toBe(true);
      expect((await whole(store.get(stored.id))).equals(bytes)).toBe(true);
    });

    it('stores the same content once, also when it comes twice at once', async () => {
      const bytes = randomBytes(300_000);
      const [one, two] = await Promise.all([
        store.put(pieces(bytes, 1000), LIMIT),
        store.put(pieces(bytes, 70_000), LIMIT),
      ]);
      expect(one).toEqual(two);
      expect(await store.put(pieces(bytes, 300_000), LIMIT)).toEqual(one);
      expect((await whole(store.get(one.id))).equals(bytes)).toBe(true);
      await store.delete(one.id);
      expect(await store.has(one.id)).toBe(false);
    });

    it('keeps what different uploads send at once apart', async () => {
      const contents = Array.from({ length: 8 }, () => randomBytes(400_000));
      const stored = await Promise.all(contents.map((bytes) => store.put(pieces(bytes, 50_000), LIMIT)));
      for (const [index, { id }] of stored.entries())
        expect((await whole(store.get(id))).equals(contents[index] ?? Buffer.alloc(0))).toBe(true);
    });

    it('says so when a document is missing', async () => {
      await expect(whole(store.get('0'.repeat(64)))).rejects.toMatchObject({
        kind: 'not-found',
        code: 'document-missing',
      });
      expect(await store.has('0'.repeat(64))).toBe(false);
    });

    it('stops what is too large, at the limit exactly, and keeps nothing', async () => {
      const bytes = randomBytes(600_000);
      await expect(store.put(pieces(bytes, 1000), { maxBytes: 599_999 })).rejects.toMatchObject({
        kind: 'invalid',
        code: 'document-too-large',
      });
      expect(await store.has(idOf(bytes))).toBe(false);
      await expect(store.put(pieces(bytes, 1000), { maxBytes: 600_000 })).resolves.toMatchObject({ size: 600_000 });
    });

    it('stops reading the upload once it is too large', async () => {
      let asked = 0;
      async function* endless(): AsyncIterable<Uint8Array> {
        for (;;) {
          asked++;
          yield await Promise.resolve(new Uint8Array(100_000));
        }
      }
      await expect(store.put(endless(), { maxBytes: 1_000_000 })).rejects.toMatchObject({ code: 'document-too-large' });
      expect(asked).toBeLessThan(20);
    });

    it('keeps nothing of an upload that fails half-way, and passes its error on', async () => {
      const bytes = randomBytes(600_000);
      async function* cut(): AsyncIterable<Uint8Array> {
        yield* pieces(bytes.subarray(0, 500_000), 1000);
        throw new Error('the line is gone');
      }
      await expect(store.put(cut(), LIMIT)).rejects.toThrow('the line is gone');
      expect(await store.has(idOf(bytes))).toBe(false);
      await expect(store.put(pieces(bytes, 1000), LIMIT)).resolves.toMatchObject({ size: 600_000 });
    });

    it('takes no harm from a producer that uses its buffer again', async () => {
      async function* reusing(): AsyncIterable<Uint8Array> {
        const buffer = Buffer.alloc(1000);
        for (const letter of 'abc') yield await Promise.resolve(buffer.fill(letter));
      }
      const { id } = await store.put(reusing(), LIMIT);
      expect((await whole(store.get(id))).toString()).toBe('a'.repeat(1000) + 'b'.repeat(1000) + 'c'.repeat(1000));
    });

    it('deletes for good, again without error, and takes the same content anew', async () => {
      const bytes = randomBytes(1000);
      const { id } = await store.put(pieces(bytes, 100), LIMIT);
      await store.delete(id);
      await store.delete(id);
      await expect(whole(store.get(id))).rejects.toMatchObject({ code: 'document-missing' });
      await store.put(pieces(bytes, 100), LIMIT);
      expect((await whole(store.get(id))).equals(bytes)).toBe(true);
    });

    it('does not end early when a document is deleted while it is read', async () => {
      const { id } = await store.put(pieces(randomBytes(1_500_000), 100_000), LIMIT);
      const reading = async () => {
        let read = 0;
        for await (const part of store.get(id)) {
          if (read === 0) await store.delete(id);
          read += part.length;
        }
      };
      await expect(reading()).rejects.toMatchObject({ code: 'document-missing' });
    });
  });
}

/** pieces of bytes, as a stream. */
export async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

/** whole content of a stream. */
export async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}
