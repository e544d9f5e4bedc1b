import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertKeks } from './kek-checks';
import { KEK_NAMES, Keks } from './keks';
import type { KeyStore, WrappedKey } from './key-store';

/** keyStoreContract is what every key store must pass; `make` gives an empty one. */
export function keyStoreContract(name: string, make: () => Promise<KeyStore>): void {
  describe(`${name} is a key store`, () => {
    let store: KeyStore;
    beforeEach(async () => {
      store = await make();
    });
    const scope = { personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' } as const;
    const plain = (key: WrappedKey | 'destroyed' | undefined) =>
      typeof key === 'object' ? { ...key, wrapped: Buffer.from(key.wrapped).toString('hex') } : key;

    it('finds what was put, by scope and by id', async () => {
      const key = wrappedKey();
      expect((await store.put([key])).map(plain)).toEqual([plain(key)]);
      expect(plain(await store.find(scope))).toEqual(plain(key));
      expect(plain(await store.byId(key.keyId))).toEqual(plain(key));
      expect(await store.find({ ...scope, caseId: '' })).toBeUndefined();
      expect(await store.find({ ...scope, category: 'IDENTITY' })).toBeUndefined();
      expect(await store.byId('unknown')).toBeUndefined();
    });

    it('keeps the first data key of a scope, also when many come at once and in one call', async () => {
      const keys = Array.from({ length: 20 }, () => wrappedKey());
      const [first, ...others] = await Promise.all(keys.map((key) => store.put([key, wrappedKey()])));
      for (const answer of others) expect(answer.map(plain)).toEqual(first?.map(plain));
      const [inForce, again] = first ?? [];
      expect(plain(again)).toEqual(plain(inForce));
      expect(await collect(store)).toHaveLength(1);
    });

    it('keeps every content key, finds the newest, and does not take it for the data key', async () => {
      const first = wrappedKey({ object: 'document-1', kekVersion: 0 });
      const second = wrappedKey({ object: 'document-1', kekVersion: 0 });
      await store.put([first]);
      await store.put([second]);
      expect(plain(await store.find(scope, 'document-1'))).toEqual(plain(second));
      expect(plain(await store.byId(first.keyId))).toEqual(plain(first));
      expect(await store.find(scope)).toBeUndefined();
      expect(await store.find(scope, 'document-2')).toBeUndefined();
    });

    it('destroys a scope for ever: what was there, and what was not yet', async () => {
      const key = wrappedKey();
      const content = wrappedKey({ object: 'document-1', kekVersion: 0 });
      const other = wrappedKey({ caseId: 'case-2' });
      await store.put([key, content, other]);
      expect([...(await store.destroy(scope))].sort()).toEqual([key.keyId, content.keyId].sort());
      expect(await store.find(scope)).toBe('destroyed');
      expect(await store.find(scope, 'document-1')).toBe('destroyed');
      expect(await store.find(scope, 'document-9')).toBe('destroyed');
      expect(await store.byId(key.keyId)).toBe('destroyed');
      expect(await store.byId(content.keyId)).toBe('destroyed');
      expect(await store.put([wrappedKey(), wrappedKey({ object: 'document-2' })])).toEqual(['destroyed', 'destroyed']);
      expect(plain(await store.find({ ...scope, caseId: 'case-2' }))).toEqual(plain(other));
    });

    it('destroys again without harm, and names the same keys', async () => {
      const key = wrappedKey();
      await store.put([key]);
      const first = await store.destroy(scope);
      expect(await store.destroy(scope)).toEqual(first);
      expect(await store.destroy({ personId: 'person-1' })).toEqual(first);
      expect(await store.destroy({ personId: 'nobody' })).toEqual([]);
    });

    it('destroys one document alone', async () => {
      const key = wrappedKey();
      const gone = [
        wrappedKey({ object: 'document-1', kekVersion: 0 }),
        wrappedKey({ object: 'document-1', kekVersion: 0 }),
      ];
      const kept = wrappedKey({ object: 'document-2', kekVersion: 0 });
      await store.put([key, ...gone, kept]);
      expect(await store.destroy({ ...scope, object: 'document-1' })).toEqual(gone.map(({ keyId }) => keyId).sort());
      expect(plain(await store.find(scope))).toEqual(plain(key));
      expect(plain(await store.find(scope, 'document-2'))).toEqual(plain(kept));
      expect(await store.put([wrappedKey({ object: 'document-1', kekVersion: 0 })])).toEqual(['destroyed']);
    });

    it('destroys one category in all cases, one case in all categories, a whole person', async () => {
      const keys = (['case-1', 'case-2', ''] as const).flatMap((caseId) =>
        (['MEDICAL', 'IDENTITY'] as const).map((category) => wrappedKey({ caseId, category })),
      );
      await store.put(keys);
      await store.put([wrappedKey({ personId: 'person-2' })]);
      const left = async () => (await store.within({ personId: 'person-1' })).length;
      expect(await left()).toBe(6);
      expect(await store.destroy({ personId: 'person-1', category: 'MEDICAL' })).toHaveLength(3);
      expect(await left()).toBe(3);
      await store.destroy({ personId: 'person-1', caseId: 'case-1' });
      expect(await left()).toBe(2);
      await store.destroy({ personId: 'person-1', caseId: '' });
      expect(await left()).toBe(1);
      expect(await store.destroy({ personId: 'person-1' })).toHaveLength(6);
      expect(await left()).toBe(0);
      expect(await store.put([wrappedKey({ caseId: 'case-99' })])).toEqual(['destroyed']);
      expect(await collect(store)).toHaveLength(1);
    });

    it('lists what a destruction would destroy', async () => {
      const key = wrappedKey();
      const content = wrappedKey({ object: 'document-1', kekVersion: 0 });
      await store.put([key, content, wrappedKey({ personId: 'person-2' })]);
      expect((await store.within(scope)).map(({ keyId }) => keyId).sort()).toEqual([key.keyId, content.keyId].sort());
      expect((await store.within({ ...scope, object: 'document-1' })).map(plain)).toEqual([plain(content)]);
    });

    it('rewraps keys that live, forwards only', async () => {
      const key = wrappedKey();
      const gone = wrappedKey({ caseId: 'case-2' });
      await store.put([key, gone]);
      await store.destroy({ personId: 'person-1', caseId: 'case-2' });
      const newer = { ...key, kekVersion: 2, wrapped: randomBytes(60) };
      await store.rewrap([newer, { ...gone, kekVersion: 2 }]);
      expect(plain(await store.find(scope))).toEqual(plain(newer));
      await store.rewrap([key]);
      expect(plain(await store.find(scope))).toEqual(plain(newer));
      expect(await store.byId(gone.keyId)).toBe('destroyed');
    });

    it('goes through all living keys, also when there are many', async () => {
      const keys = Array.from({ length: 1203 }, (_, index) => wrappedKey({ caseId: `case-${index}` }));
      await store.put(keys);
      expect((await collect(store)).map(({ keyId }) => keyId).sort()).toEqual(keys.map(({ keyId }) => keyId).sort());
    });

    it('links keyed hashes to ids, each kind apart', async () => {
      await store.link('blind-index', 'hash-1', 'person-1');
      await store.link('blind-index', 'hash-1', 'person-2');
      await store.link('blind-index', 'hash-1', 'person-1');
      await store.link('login', 'hash-1', 'person-3');
      expect(await store.linked('blind-index', 'hash-1')).toEqual(['person-1', 'person-2']);
      expect(await store.linked('login', 'hash-1')).toEqual(['person-3']);
      expect(await store.linked('login-person', 'hash-1')).toEqual([]);
      await store.link('login-person', 'hash-1', 'person-4');
      await store.link('login-doctor', 'hash-1', 'doctor-1');
      expect(await store.linked('login-person', 'hash-1')).toEqual(['person-4']);
      expect(await store.linked('invitation', 'hash-1')).toEqual([]);
      await store.unlink('person-1');
      await store.unlink('nobody');
      expect(await store.linked('blind-index', 'hash-1')).toEqual(['person-2']);
      await store.link('blind-index', 'hash-2', 'person-4');
      await store.unlink('person-4', 'blind-index');
      expect(await store.linked('blind-index', 'hash-2')).toEqual([]);
      expect(await store.linked('login-person', 'hash-1')).toEqual(['person-4']);
    });

    it('makes a secret once, also when many ask at once', async () => {
      let made = 0;
      const make = () => {
        made++;
        return randomBytes(60);
      };
      const values = await Promise.all(Array.from({ length: 10 }, () => store.secret('etag', make)));
      expect(made).toBe(1);
      expect(new Set(values.map((value) => Buffer.from(value).toString('hex'))).size).toBe(1);
      expect(await store.secretNames()).toEqual(['etag']);
    });

    it('never makes a destroyed secret anew', async () => {
      await store.secret('mac-2026-01', () => randomBytes(60));
      await store.destroySecret('mac-2026-01');
      await store.destroySecret('mac-2026-01');
      expect(await store.secretNames()).toEqual([]);
      await expect(store.secret('mac-2026-01', () => randomBytes(60))).rejects.toMatchObject({
        code: 'vault.secret-destroyed',
      });
    });

    it('knows one key-encryption key of each version, also when services with different ones start at once', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'keks-'));
      try {
        const different = ['one', 'other'].map((name) => Keks.load({ folder: join(folder, name) }));
        const starts = [...different, ...different, ...different].map((keks) => assertKeks(store, keks));
        const refused = (await Promise.allSettled(starts)).filter(({ status }) => status === 'rejected');
        for (const one of refused) expect(one).toMatchObject({ reason: { code: 'kek-wrong' } });
        expect([3, 6]).toContain(refused.length);
        const names = await store.secretNames();
        expect(names).toEqual(names.filter((name) => KEK_NAMES.some((kek) => name === `kek.${kek}.1`)));
        expect(await Promise.allSettled(different.map((keks) => assertKeks(store, keks)))).toContainEqual(
          expect.objectContaining({ status: 'rejected' }),
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    it('rewraps a secret only from what stands there', async () => {
      const first = await store.secret('etag', () => randomBytes(60));
      const second = randomBytes(60);
      await store.rewrapSecret('etag', first, second);
      await store.rewrapSecret('etag', first, randomBytes(60));
      expect(Buffer.from(await store.secret('etag', () => randomBytes(60)))).toEqual(second);
    });
  });
}

/** wrappedKey is a key with random bytes for a wrapping. */
export function wrappedKey(more: Partial<WrappedKey> = {}): WrappedKey {
  return {
    personId: 'person-1',
    caseId: 'case-1',
    category: 'MEDICAL',
    keyId: randomUUID(),
    kekVersion: 1,
    wrapped: randomBytes(60),
    ...more,
  };
}

async function collect(store: KeyStore): Promise<WrappedKey[]> {
  const keys: WrappedKey[] = [];
  for await (const key of store.living()) keys.push(key);
  return keys;
}
