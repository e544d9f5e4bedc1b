import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PurposeRule } from '@second-opinion/access';
import { AccessLog, type AccessRecord } from '@second-opinion/access-log';
import { SqliteAccessLog } from '@second-opinion/access-log/sqlite';
import { Clock, type Category, type Seal } from '@second-opinion/kernel';
import { SqliteDatabase } from '@second-opinion/sqlite';
import { compactDecrypt } from 'jose';
import { Keks, KEK_NAMES, type KekName } from './keks';
import { SealingVault, type VaultParts } from './sealing-vault';
import { SqliteKeyStore } from './sqlite';
import type { Access, Opening, ToSeal } from './vault';
import { unwrap } from './wrapping';
import { placeOf } from './data-keys';

class TestClock extends Clock {
  now(): string {
    return '2026-11-24T09:00:00.000Z';
  }
}
class BrokenLog extends AccessLog {
  async write(): Promise<void> {
    throw new Error('disk full');
  }
  async read(): Promise<never> {
    throw new Error('disk full');
  }
  async prove(): Promise<never> {
    throw new Error('disk full');
  }
}

const rules: Readonly<Record<string, PurposeRule>> = {
  'intake.reason': { item: 3 },
  'intake.complaint': { item: 4 },
  'intake.name': { item: 2, also: [{ relation: 'system', basis: 'mail' }] },
  'reporting.report': { item: 14 },
};
const PHRASE = 'Ik twijfel aan het advies: mijn knie “hapert” bij 20° 😀';

const text = (more: Partial<ToSeal> = {}): ToSeal => ({
  personId: 'person-1',
  caseId: 'case-1',
  category: 'MEDICAL',
  purpose: 'intake.complaint',
  object: 'command-1',
  text: PHRASE,
  ...more,
});
const at = (seal: Seal | undefined, more: Partial<Opening> = {}): Opening => ({
  seal: seal ?? ('' as Seal),
  personId: 'person-1',
  caseId: 'case-1',
  purpose: 'intake.complaint',
  ...more,
});
const access = (more: Partial<Access> = {}): Access => ({
  requestId: 'request-1',
  operation: 'intake.GetCase',
  actorId: 'person-1',
  actorRole: 'employee',
  actorOrganisation: 'none',
  relation: 'employee',
  authenticationLevel: 'substantial',
  application: 'standalone',
  ...more,
});

describe('SealingVault', () => {
  let folder: string;
  let database: SqliteDatabase;
  let keys: SqliteKeyStore;
  let log: SqliteAccessLog;
  let keks: Keks;
  const vaultOf = (more: Partial<VaultParts> = {}) =>
    new SealingVault({
      keys,
      keks,
      accessLog: log,
      clock: new TestClock(),
      rules: (purpose) => rules[purpose],
      ...more,
    });
  const records = async (): Promise<readonly AccessRecord[]> => (await log.read({ limit: 500 })).records;
  const onlyKeks = (...names: KekName[]) =>
    Keks.load({ files: Object.fromEntries(names.map((name) => [name, join(folder, `${name.toLowerCase()}.kek`)])) });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'vault-'));
    database = SqliteDatabase.open();
    keys = new SqliteKeyStore(database, { alone: true });
    log = new SqliteAccessLog(SqliteDatabase.open());
    keks = Keks.load({ folder });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('opens what it sealed, in order', async () => {
    const vault = vaultOf();
    const seals = await vault.seal([text(), text({ text: '' }), text({ text: 'é'.repeat(5000) })]);
    const opened = await vault.open(
      seals.map((seal) => at(seal)),
      access(),
    );
    expect(opened).toEqual([{ text: PHRASE }, { text: '' }, { text: 'é'.repeat(5000) }]);
  });

  it('opens after a restart: the keys are kept', async () => {
    const [seal] = await vaultOf().seal([text()]);
    expect(await vaultOf({ keks: Keks.load({ folder }) }).open([at(seal)], access())).toEqual([{ text: PHRASE }]);
  });

  it('makes standard seals: jose opens them with the data key', async () => {
    const [seal = '' as Seal] = await vaultOf().seal([text()]);
    const key = await keys.find({ personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' });
    if (typeof key !== 'object') throw new Error('no key');
    const plain = unwrap(key.wrapped, keks.current('MEDICAL').key, placeOf(key));
    const { plaintext, protectedHeader } = await compactDecrypt(seal, plain);
    expect(new TextDecoder().decode(plaintext)).toBe(PHRASE);
    expect(protectedHeader).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: key.keyId,
      sub: 'person-1',
      cat: 'MEDICAL',
      pur: 'intake.complaint',
      cas: 'case-1',
      obj: 'command-1',
    });
    expect(vaultOf().contextOf(seal)).toEqual({
      keyId: key.keyId,
      personId: 'person-1',
      caseId: 'case-1',
      category: 'MEDICAL',
      purpose: 'intake.complaint',
      object: 'command-1',
    });
  });

  it('never makes the same seal twice of the same text', async () => {
    const seals = await vaultOf().seal([text(), text()]);
    expect(new Set(seals).size).toBe(2);
    expect(seals.join()).not.toContain('knie');
  });

  it('has a data key of its own for each person, case and category, all new ones in one write', async () => {
    const puts: number[] = [];
    const put = keys.put.bind(keys);
    keys.put = (all) => {
      puts.push(all.length);
      return put(all);
    };
    const vault = vaultOf();
    const categories: Category[] = ['IDENTITY', 'CONTACT', 'MEDICAL', 'BILLING'];
    const seals = await vault.seal([
      ...categories.map((category) => text({ category })),
      text({ caseId: '' }),
      text({ caseId: 'case-2' }),
      text({ personId: 'person-2' }),
      text(),
    ]);
    expect(puts).toEqual([7]);
    expect(new Set(seals.map((seal) => vault.contextOf(seal).keyId)).size).toBe(7);
  });

  it('makes one key when many seal for the same new scope at once, in one process and in two', async () => {
    const [one, two] = [vaultOf(), vaultOf()];
    const seals = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).seal([text(), text({ category: 'IDENTITY' })])),
    );
    const ids = seals.flat().map((seal) => one.contextOf(seal).keyId);
    expect(new Set(ids).size).toBe(2);
    for (const pair of seals) expect(await vaultOf().open([at(pair[0])], access())).toEqual([{ text: PHRASE }]);
  });

  describe('the one door', () => {
    it('BR-66: writes the access record before the text comes out', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text()]);
      await vault.open([at(seal)], access());
      expect(await records()).toEqual([
        {
          id: expect.any(String) as string,
          at: '2026-11-24T09:00:00.000Z',
          action: 'R',
          operation: 'intake.GetCase',
          outcome: 'SUCCESS',
          requestId: 'request-1',
          actorId: 'person-1',
          actorRole: 'employee',
          actorOrganisation: 'none',
          authenticationLevel: 'substantial',
          relation: 'employee',
          personId: 'person-1',
          caseId: 'case-1',
          category: 'MEDICAL',
          purpose: 'intake.complaint',
          objects: ['command-1'],
          basis: 'A4 R s(Q17)',
          policyVersion: 'matrix-a-2026.1',
          application: 'standalone',
        },
      ]);
    });

    it('BR-66: a denied attempt is recorded, and opens nothing', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text()]);
      expect(await vault.open([at(seal)], access({ relation: 'own-doctor' }))).toEqual([{ denied: true }]);
      expect(await records()).toMatchObject([{ outcome: 'DENIED', basis: 'A4 R -', objects: ['command-1'] }]);
    });

    it('BR-66: fails closed when the access log cannot be written', async () => {
      const [seal] = await vaultOf().seal([text()]);
      const attempt = vaultOf({ accessLog: new BrokenLog() }).open([at(seal)], access());
      await expect(attempt).rejects.toMatchObject({ kind: 'unavailable', code: 'access-log-unavailable' });
    });

    it('writes one record for a list: per person, case, category, purpose and outcome', async () => {
      const vault = vaultOf();
      const reasons = Array.from({ length: 50 }, (_, index) =>
        text({ purpose: 'intake.reason', object: `command-${index}` }),
      );
      const seals = await vault.seal([...reasons, text()]);
      const opened = await vault.open(
        seals.map((seal, index) => at(seal, index < 50 ? { purpose: 'intake.reason' } : {})),
        access({ relation: 'own-doctor' }),
      );
      expect(opened.filter((one) => 'text' in one)).toHaveLength(50);
      expect(opened[50]).toEqual({ denied: true });
      const [success, denied, ...more] = await records();
      expect([success?.outcome, success?.objects.length, denied?.outcome, more]).toEqual(['SUCCESS', 50, 'DENIED', []]);
    });

    it('records what the system opens for a mail', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text({ category: 'IDENTITY', purpose: 'intake.name', caseId: '' })]);
      const bySystem = access({ relation: 'system', actorRole: 'system', actorId: 'when-x-send-y' });
      expect(await vault.open([at(seal, { purpose: 'intake.name', caseId: '' })], bySystem)).toEqual([
        { text: PHRASE },
      ]);
      const [record] = await records();
      expect(record).toMatchObject({ actorRole: 'system', basis: 'A2 also mail', personId: 'person-1' });
      expect(record).not.toHaveProperty('caseId');
    });

    it('BR-32: opens a report to the own doctor only with the fact that it was released', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text({ purpose: 'reporting.report' })]);
      const own = (facts?: Record<string, boolean>) =>
        vault.open(
          [at(seal, { purpose: 'reporting.report' })],
          access({ relation: 'own-doctor', ...(facts ? { facts } : {}) }),
        );
      expect(await own()).toEqual([{ denied: true }]);
      expect(await own({ released: false })).toEqual([{ denied: true }]);
      expect(await own({ released: true })).toEqual([{ text: PHRASE }]);
    });

    it('BR-67: a seal that says MEDICAL stays shut for back office, whatever its purpose allows', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text({ purpose: 'intake.name' })]);
      const opened = await vault.open([at(seal, { purpose: 'intake.name' })], access({ relation: 'back-office' }));
      expect(opened).toEqual([{ denied: true }]);
    });

    it('opens nothing whose purpose has no rule', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text({ purpose: 'intake.unheardOf' })]);
      expect(await vault.open([at(seal, { purpose: 'intake.unheardOf' })], access())).toEqual([{ denied: true }]);
    });

    it('does nothing for an empty list', async () => {
      expect(await vaultOf().seal([])).toEqual([]);
      expect(await vaultOf({ accessLog: new BrokenLog() }).open([], access())).toEqual([]);
    });
  });

  describe('a seal in another place', () => {
    it.each([
      ['person', { personId: 'person-2' }],
      ['case', { caseId: 'case-2' }],
      ['case (none)', { caseId: '' }],
      ['purpose', { purpose: 'intake.reason' }],
      ['object', { object: 'command-2' }],
    ])('does not open: another %s', async (_, more) => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text()]);
      await expect(vault.open([at(seal, more)], access())).rejects.toMatchObject({ code: 'seal-misplaced' });
      expect(await records()).toMatchObject([{ outcome: 'ERROR', basis: 'seal-misplaced', personId: 'person-1' }]);
    });

    it('opens where the object is the same', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text()]);
      expect(await vault.open([at(seal, { object: 'command-1' })], access())).toEqual([{ text: PHRASE }]);
    });

    it('does not open when its header was rewritten to fit', async () => {
      const vault = vaultOf();
      const [seal = '' as Seal] = await vault.seal([text()]);
      const [header = '', ...rest] = seal.split('.');
      const plain = Buffer.from(header, 'base64url').toString('utf8');
      for (const [from, to] of [
        ['command-1', 'command-2'],
        ['intake.complaint', 'intake.reason'],
      ] as const) {
        const forged = [Buffer.from(plain.replace(from, to)).toString('base64url'), ...rest].join('.') as Seal;
        const { purpose, object } = vault.contextOf(forged);
        await expect(vault.open([at(forged, { purpose, object })], access())).rejects.toMatchObject({
          code: 'seal-broken',
        });
      }
    });

    it('does not open when any part was changed', async () => {
      const vault = vaultOf();
      const [seal = '' as Seal] = await vault.seal([text()]);
      for (const place of [2, 3, 4]) {
        const parts = seal.split('.');
        const part = parts[place] ?? '';
        parts[place] = `${part[0] === 'A' ? 'B' : 'A'}${part.slice(1)}`;
        await expect(vault.open([at(parts.join('.') as Seal)], access())).rejects.toMatchObject({
          code: 'seal-broken',
        });
      }
    });

    it.each(['', 'x', '....', 'e30..a.b.c', 'eyJhbGciOiJub25lIn0..a.b.c'])(
      'refuses what is no seal: %j',
      async (seal) => {
        await expect(vaultOf().open([at(seal as Seal)], access())).rejects.toMatchObject({ code: 'seal-malformed' });
      },
    );

    it('accepts no shortened tag', async () => {
      const vault = vaultOf();
      const [seal = '' as Seal] = await vault.seal([text()]);
      const short = seal.slice(0, -6) as Seal;
      await expect(vault.open([at(short)], access())).rejects.toMatchObject({ code: 'seal-malformed' });
    });
  });

  describe('forgetting', () => {
    it('BR-71: shows nothing any more once the key is destroyed, at once in this process', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text()]);
      await vault.open([at(seal)], access());
      const [living] = await vault.keysWithin({ personId: 'person-1', caseId: 'case-1' });
      expect(living).toEqual({
        keyId: vault.contextOf(seal ?? ('' as Seal)).keyId,
        personId: 'person-1',
        caseId: 'case-1',
        category: 'MEDICAL',
      });
      expect(await vault.destroyKeys({ personId: 'person-1', caseId: 'case-1' })).toEqual([living?.keyId]);
      expect(await vault.open([at(seal)], access())).toEqual([{ forgotten: true }]);
      expect((await records()).at(-1)).toMatchObject({ outcome: 'ERROR', basis: 'forgotten' });
    });

    it('tells what is forgotten without opening anything, so nothing is on record', async () => {
      const vault = vaultOf();
      const [seal = '' as Seal] = await vault.seal([text()]);
      expect(await vault.isForgotten(seal)).toBe(false);
      await vault.destroyKeys({ personId: 'person-1', caseId: 'case-1' });
      expect(await vault.isForgotten(seal)).toBe(true);
      expect(await records()).toEqual([]);
    });

    it('no two seals share a nonce, however many are made', async () => {
      const seals = await vaultOf().seal(Array.from({ length: 1_000 }, () => text()));
      const nonces = seals.map((seal) => seal.split('.')[2]);
      expect(new Set(nonces).size).toBe(1_000);
      expect(nonces.every((nonce) => /^[\w-]{16}$/.test(nonce ?? ''))).toBe(true);
    });

    it('seals nothing more for a destroyed scope, and makes no key anew', async () => {
      const vault = vaultOf();
      await vault.seal([text()]);
      await vault.destroyKeys({ personId: 'person-1', caseId: 'case-1' });
      await expect(vault.seal([text()])).rejects.toMatchObject({ kind: 'refused', code: 'person-forgotten' });
      await expect(vault.seal([text({ category: 'CONTACT' })])).rejects.toMatchObject({ code: 'person-forgotten' });
      await expect(vault.seal([text({ caseId: 'case-2' })])).resolves.toHaveLength(1);
    });

    it('forgets one case and keeps the other', async () => {
      const vault = vaultOf();
      const [first, second] = await vault.seal([text(), text({ caseId: 'case-2' })]);
      await vault.destroyKeys({ personId: 'person-1', caseId: 'case-1' });
      expect(await vault.open([at(first), at(second, { caseId: 'case-2' })], access())).toEqual([
        { forgotten: true },
        { text: PHRASE },
      ]);
    });

    it('lets no key that is just being loaded survive the destruction', async () => {
      const vault = vaultOf();
      const [seal] = await vault.seal([text()]);
      const fresh = vaultOf();
      await Promise.all([fresh.open([at(seal)], access()), fresh.destroyKeys({ personId: 'person-1' })]);
      expect(await fresh.open([at(seal)], access())).toEqual([{ forgotten: true }]);
    });

    it('takes blind index and login links along with the person’s own identity, not with a case', async () => {
      const vault = vaultOf();
      await keys.link('login', 'hash', 'person-1');
      await vault.destroyKeys({ personId: 'person-1', caseId: 'case-1' });
      expect(await keys.linked('login', 'hash')).toEqual(['person-1']);
      await vault.destroyKeys({ personId: 'person-1', caseId: '', category: 'IDENTITY' });
      expect(await keys.linked('login', 'hash')).toEqual([]);
    });

    it('may destroy again, as at a start after a restored backup', async () => {
      const vault = vaultOf();
      await vault.seal([text()]);
      const first = await vault.destroyKeys({ personId: 'person-1' });
      expect(await vault.destroyKeys({ personId: 'person-1' })).toEqual(first);
    });

    it('BR-71: forgets at once in every process, when they share the keys', async () => {
      const shared = () => vaultOf({ keys: new SqliteKeyStore(database) });
      const [one, other] = [shared(), shared()];
      const [seal] = await other.seal([text()]);
      expect(await other.open([at(seal), at(seal)], access())).toEqual([{ text: PHRASE }, { text: PHRASE }]);
      await one.destroyKeys({ personId: 'person-1' });
      expect(await other.open([at(seal)], access())).toEqual([{ forgotten: true }]);
      await expect(other.seal([text()])).rejects.toMatchObject({ code: 'person-forgotten' });
    });

    it('reads a key once for many uses, where nobody else uses the keys', async () => {
      const find = jest.spyOn(keys, 'find');
      const vault = vaultOf();
      const [seal] = await vault.seal([text()]);
      await vault.open([at(seal), at(seal)], access());
      await vault.open([at(seal)], access());
      expect(find).toHaveBeenCalledTimes(1);
    });

    it('looks for no key of whom nothing was sealed yet; one that is there all the same is taken, and one that is destroyed stays so', async () => {
      const find = jest.spyOn(keys, 'find');
      const [seal] = await vaultOf().seal([text({ isFirst: true })]);
      expect(find).not.toHaveBeenCalled();
      // Another process of the same file, and nothing in its memory.
      const again = vaultOf();
      const [other] = await again.seal([text({ isFirst: true })]);
      const keyOf = (one: Seal | undefined) => again.contextOf(one ?? ('' as Seal)).keyId;
      expect(keyOf(other)).toBe(keyOf(seal));
      expect(await vaultOf().open([at(seal), at(other)], access())).toEqual([{ text: PHRASE }, { text: PHRASE }]);
      await again.destroyKeys({ personId: 'person-1' });
      await expect(vaultOf().seal([text({ isFirst: true })])).rejects.toMatchObject({ code: 'person-forgotten' });
    });

    it('reads a key once a call, where others use the keys too', async () => {
      const vault = vaultOf({ keys: new SqliteKeyStore(database) });
      const [seal] = await vault.seal([text()]);
      const find = jest.spyOn(SqliteKeyStore.prototype, 'find');
      await vault.open([at(seal), at(seal)], access());
      await vault.open([at(seal)], access());
      expect(find).toHaveBeenCalledTimes(2);
      find.mockRestore();
    });

    it('says that a key is missing when the key file was lost, and does not call it forgotten', async () => {
      const [seal] = await vaultOf().seal([text()]);
      const empty = new SqliteKeyStore(SqliteDatabase.open());
      await expect(vaultOf({ keys: empty }).open([at(seal)], access())).rejects.toMatchObject({
        kind: 'unavailable',
        code: 'key-missing',
      });
      expect(await records()).toMatchObject([{ outcome: 'ERROR', basis: 'key-missing' }]);
    });
  });

  describe('key-encryption keys', () => {
    it('are made once, for each category, readable by their owner alone', () => {
      for (const name of KEK_NAMES)
        expect(statSync(join(folder, `${name.toLowerCase()}.kek`)).mode & 0o777).toBe(0o600);
      const again = Keks.load({ folder });
      for (const name of KEK_NAMES) expect(again.current(name).key.export()).toEqual(keks.current(name).key.export());
      expect(new Set(KEK_NAMES.map((name) => keks.current(name).key.export().toString('hex'))).size).toBe(5);
    });

    it('BR-67: billing was given no MEDICAL key, so it can neither open nor seal medical text', async () => {
      const [medical, billing] = await vaultOf().seal([text(), text({ category: 'BILLING', purpose: 'intake.name' })]);
      const ofBilling = vaultOf({ keks: onlyKeks('BILLING', 'SECRETS') });
      await expect(ofBilling.open([at(medical)], access())).rejects.toMatchObject({
        kind: 'forbidden',
        code: 'category-not-ours',
        facts: { category: 'MEDICAL' },
      });
      expect(await records()).toMatchObject([{ outcome: 'ERROR', basis: 'category-not-ours', category: 'MEDICAL' }]);
      await expect(ofBilling.seal([text({ personId: 'person-9' })])).rejects.toMatchObject({
        code: 'category-not-ours',
      });
      expect(await ofBilling.open([at(billing, { purpose: 'intake.name' })], access())).toEqual([{ text: PHRASE }]);
    });

    it('never make a named file anew when it is missing or damaged', () => {
      expect(() => Keks.load({ files: { MEDICAL: join(folder, 'nowhere.kek') } })).toThrow('kek-unreadable');
      const file = join(folder, 'bad.kek');
      for (const content of ['', '{}', '{"current":1,"versions":{}}', '{"current":1,"versions":{"1":"AAAA"}}', '[]']) {
        writeFileSync(file, content);
        expect(() => Keks.load({ files: { MEDICAL: file } })).toThrow('kek-unreadable');
        expect(readFileSync(file, 'utf8')).toBe(content);
      }
    });
  });
});
