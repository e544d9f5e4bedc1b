import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Category } from '@second-opinion/kernel';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { DataKeys } from './data-keys';
import { assertKeks } from './kek-checks';
import { addKekVersion, KEK_NAMES, Keks, retireKekVersions } from './keks';
import { rotate } from './rotation';
import { Secrets } from './secrets';
import { SqliteKeyStore } from './sqlite';

describe('the key-encryption keys of a deployment', () => {
  let folder: string;
  let keys: SqliteKeyStore;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keks-'));
    keys = new SqliteKeyStore(SqliteDatabase.open());
    Keks.load({ folder });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const fileOf = (name: string, of = folder) => join(of, `${name.toLowerCase()}.kek`);
  const given = (...names: readonly (typeof KEK_NAMES)[number][]) =>
    Keks.load({ files: Object.fromEntries(names.map((name) => [name, fileOf(name)])) });
  const start = (keks = given(...KEK_NAMES)) => assertKeks(keys, keks);
  const remade = (name: string) => {
    rmSync(fileOf(name));
    return Keks.load({ folder });
  };
  const sealed = (category: Category, keks = Keks.load({ folder }), caseId = 'case-1') =>
    new DataKeys(keys, keks).keysFor([{ personId: 'person-1', caseId, category }]);
  const wrong = (category: string, version = 1) => ({ code: 'kek-wrong', facts: { category, version } });

  it('are known from their first use on: each of them, also one under which nothing is sealed yet', async () => {
    await start();
    await start();
    expect(await keys.secretNames()).toEqual(KEK_NAMES.map((name) => `kek.${name}.1`).sort());
    for (const name of KEK_NAMES) {
      const kept = `${fileOf(name)}.kept`;
      copyFileSync(fileOf(name), kept);
      await expect(start(remade(name))).rejects.toMatchObject(wrong(name));
      copyFileSync(kept, fileOf(name));
      await start();
    }
  });

  it('are compared by each service that was given them, and by no other', async () => {
    await start(given('BILLING', 'SECRETS'));
    await start();
    remade('MEDICAL');
    await start(given('BILLING', 'SECRETS'));
    await expect(start(given('MEDICAL', 'SECRETS'))).rejects.toMatchObject(wrong('MEDICAL'));
  });

  it('are not each other: one under the name of another is refused, before anything was wrapped by it too', async () => {
    const twice = Keks.load({ files: { BILLING: fileOf('SECRETS'), SECRETS: fileOf('SECRETS') } });
    await expect(start(twice)).rejects.toMatchObject(wrong('BILLING'));
    await start();
    await expect(start(twice)).rejects.toMatchObject(wrong('BILLING'));
  });

  describe('of before they were compared', () => {
    it('are taken when they open what is there, and refused when they do not; then nothing is written', async () => {
      await sealed('MEDICAL');
      copyFileSync(fileOf('MEDICAL'), fileOf('kept'));
      await expect(start(remade('MEDICAL'))).rejects.toMatchObject(wrong('MEDICAL'));
      expect(await keys.secretNames()).toEqual([]);
      copyFileSync(fileOf('kept'), fileOf('MEDICAL'));
      await start();
      expect(await keys.secretNames()).toHaveLength(KEK_NAMES.length);
    });

    it.each([
      ['SECRETS', 'etag'],
      ['IDENTITY', 'blind-index'],
    ] as const)('are proved by secrets too: %s', async (name, secret) => {
      await new Secrets(keys, Keks.load({ folder })).get(secret);
      await expect(start(remade(name))).rejects.toMatchObject(wrong(name));
    });

    it('are proved by what their own version wraps, not by another one or by content keys', async () => {
      await new DataKeys(keys, Keks.load({ folder })).newContentKey(
        { personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' },
        'document-1',
      );
      addKekVersion(fileOf('MEDICAL'), 'MEDICAL');
      await start();
      expect(await keys.secretNames()).toEqual(expect.arrayContaining(['kek.MEDICAL.1', 'kek.MEDICAL.2']));
    });

    it('are the right ones when they open one of many, where a remade one has wrapped others since', async () => {
      await sealed('MEDICAL');
      copyFileSync(fileOf('MEDICAL'), fileOf('kept'));
      const other = remade('MEDICAL');
      for (let number = 2; number < 9; number++) await sealed('MEDICAL', other, `case-${number}`);
      copyFileSync(fileOf('kept'), fileOf('MEDICAL'));
      await start();
    });
  });

  describe('of a later version', () => {
    it('are known from the start with them on, through rotation and retirement', async () => {
      await start();
      await sealed('MEDICAL');
      addKekVersion(fileOf('MEDICAL'), 'MEDICAL');
      await start();
      expect(await rotate(keys, Keks.load({ folder }), 'MEDICAL')).toBe(1);
      await start();
      retireKekVersions(fileOf('MEDICAL'), 'MEDICAL');
      await start();
      await sealed('MEDICAL');
    });

    it('are refused when an older file is put back, or the version is made another time', async () => {
      await start();
      copyFileSync(fileOf('MEDICAL'), fileOf('older'));
      addKekVersion(fileOf('MEDICAL'), 'MEDICAL');
      await start();
      copyFileSync(fileOf('older'), fileOf('MEDICAL'));
      const missing = { code: 'kek-version-missing', facts: { category: 'MEDICAL', version: 2 } };
      await expect(start()).rejects.toMatchObject(missing);
      addKekVersion(fileOf('MEDICAL'), 'MEDICAL');
      await expect(start()).rejects.toMatchObject(wrong('MEDICAL', 2));
    });
  });

  it('that open nothing are told from a key that is not there, where something is to be opened', async () => {
    await sealed('MEDICAL');
    await expect(sealed('MEDICAL', remade('MEDICAL'))).rejects.toMatchObject({
      kind: 'unavailable',
      ...wrong('MEDICAL'),
    });
  });
});
