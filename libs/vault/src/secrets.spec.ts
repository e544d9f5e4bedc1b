import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Clock } from '@second-opinion/kernel';
import { SqliteDatabase } from '@second-opinion/sqlite';
import fc from 'fast-check';
import { addKekVersion, Keks, retireKekVersions } from './keks';
import { VaultHashes } from './keyed-hashes';
import { normalised, PersonLinks } from './person-links';
import { rotate } from './rotation';
import { DataKeys, nameOf } from './data-keys';
import { SqliteKeyStore } from './sqlite';

class MovableClock extends Clock {
  constructor(public at: string) {
    super();
  }
  now(): string {
    return this.at;
  }
}

let folder: string;
let database: SqliteDatabase;
let keys: SqliteKeyStore;
let keks: Keks;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  database = SqliteDatabase.open();
  keys = new SqliteKeyStore(database);
  keks = Keks.load({ folder });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('VaultHashes', () => {
  const clock = new MovableClock('');
  beforeEach(() => {
    clock.at = '2026-11-24T09:00:00.000Z';
  });
  const open = () => VaultHashes.open(keys, keks, clock);
  const body = '{"ground":"OTHER_WEIGHTY"}';

  it('names what nobody is by a keyed hash, the same on every replica, that fits where an id does', async () => {
    const [one, other] = [await open(), await open()];
    expect(one.unknown('Jan.de.Vries')).toBe(other.unknown('Jan.de.Vries'));
    expect(one.unknown('Jan.de.Vries')).toMatch(/^unknown-[\w-]{22}$/);
    expect(one.unknown('Jan.de.Vriez')).not.toBe(one.unknown('Jan.de.Vries'));
    expect(other.pageOf(one.pageToken('place'))).toBe('place');
  });

  it('gives the same hash of the same body, on every replica and after a restart', async () => {
    const [one, two] = [await open(), await open()];
    const mac = one.bodyMac(body);
    expect(mac).toMatch(/^2026-11\.[A-Za-z0-9_-]{43}$/);
    expect(two.bodyMac(body)).toBe(mac);
    expect(one.bodyMac(body, '2026-11')).toBe(mac);
    expect(one.bodyMac(`${body} `)).not.toBe(mac);
    expect(one.etag('intake.case-1', 3)).toMatch(/^"[A-Za-z0-9_-]{22}"$/);
    expect(two.etag('intake.case-1', 3)).toBe(one.etag('intake.case-1', 3));
    expect(one.etag('intake.case-1', 4)).not.toBe(one.etag('intake.case-1', 3));
  });

  it('has the next month at hand when it begins, and still compares with the last', async () => {
    const hashes = await open();
    const november = hashes.bodyMac(body);
    clock.at = '2026-12-01T00:00:00.000Z';
    const december = hashes.bodyMac(body);
    expect(december).toMatch(/^2026-12\./);
    expect(hashes.bodyMac(body, '2026-11')).toBe(november);
    expect(december?.slice(8)).not.toBe(november?.slice(8));
  });

  it('uses the newest key while that of a month the clock jumped to is fetched', async () => {
    const hashes = await open();
    clock.at = '2027-03-10T00:00:00.000Z';
    expect(hashes.bodyMac(body)).toMatch(/^2026-12\./);
    for (let turns = 0; turns < 20; turns++) await turn();
    expect(hashes.bodyMac(body)).toMatch(/^2027-03\./);
  });

  it('destroys the key of a month 35 days after it, for ever', async () => {
    const hashes = await open();
    const other = await open();
    clock.at = '2027-01-04T23:59:59.999Z';
    expect(await hashes.destroyOldMacKeys(clock.at)).toEqual([]);
    expect(hashes.bodyMac(body, '2026-11')).toBeDefined();
    clock.at = '2027-01-05T00:00:00.000Z';
    expect(await hashes.destroyOldMacKeys(clock.at)).toEqual(['2026-11']);
    expect(hashes.bodyMac(body, '2026-11')).toBeUndefined();
    expect(hashes.bodyMac(body)).toMatch(/^2027-01\./);
    expect(await other.destroyOldMacKeys(clock.at)).toEqual([]);
    expect(other.bodyMac(body, '2026-11')).toBeUndefined();
    expect((await open()).bodyMac(body, '2026-11')).toBeUndefined();
    expect(await keys.secretNames()).toEqual(['body.2026-12', 'body.2027-01', 'body.2027-02', 'etag']);
  });

  it('forgets it, and leaves it to another service to destroy it, where it may not', async () => {
    const [hashes, destroying] = [await VaultHashes.open(keys, keks, clock, { destroys: false }), await open()];
    clock.at = '2027-01-05T00:00:00.000Z';
    expect(await hashes.destroyOldMacKeys(clock.at)).toEqual([]);
    expect(hashes.bodyMac(body, '2026-11')).toBeUndefined();
    const later = await VaultHashes.open(keys, keks, clock, { destroys: false });
    expect(later.bodyMac(body, '2026-11')).toBeUndefined();
    expect(await keys.secretNames()).toContain('body.2026-11');
    expect(await destroying.destroyOldMacKeys(clock.at)).toEqual(['2026-11']);
    expect(await keys.secretNames()).not.toContain('body.2026-11');
  });

  it('knows no version that never was', async () => {
    const hashes = await open();
    for (const version of ['', '2026-10', 'x', '__proto__']) expect(hashes.bodyMac(body, version)).toBeUndefined();
  });

  it('works in a service that was given only the SECRETS key', async () => {
    const ofBilling = Keks.load({ files: { SECRETS: join(folder, 'secrets.kek') } });
    const hashes = await VaultHashes.open(keys, ofBilling, clock);
    expect(hashes.bodyMac(body)).toBe((await open()).bodyMac(body));
    await new PersonLinks(keys, keks).linkLogin('issuer', 'subject', 'person-1', 'person');
    const links = new PersonLinks(keys, ofBilling);
    expect(await links.idsOfLogin('issuer', 'subject', 'person')).toEqual(['person-1']);
    await expect(links.blindIndex('A', '1970-01-01')).rejects.toMatchObject({ code: 'category-not-ours' });
  });
});

describe('PersonLinks', () => {
  const open = () => new PersonLinks(keys, keks);

  it('links a login to one or several ids, and nothing to another login', async () => {
    await open().linkLogin('https://login.example', 'subject-1', 'person-1', 'person');
    await open().linkLogin('https://login.example', 'subject-1', 'person-2', 'person');
    expect(await open().idsOfLogin('https://login.example', 'subject-1', 'person')).toEqual(['person-1', 'person-2']);
    expect(await open().idsOfLogin('https://login.example', 'subject-2', 'person')).toEqual([]);
    expect(await open().idsOfLogin('https://other.example', 'subject-1', 'person')).toEqual([]);
    expect(await open().idsOfLogin('https://login.examplesubject-1', '', 'person')).toEqual([]);
  });

  it('keeps apart what a login is as a person and as a doctor', async () => {
    await open().linkLogin('i', 's', 'doctor-1', 'doctor');
    await open().linkLogin('i', 's', 'person-1', 'person');
    expect(await open().idsOfLogin('i', 's', 'person')).toEqual(['person-1']);
    expect(await open().idsOfLogin('i', 's', 'doctor')).toEqual(['doctor-1']);
  });

  it('keeps links that were made before the two were kept apart, and sorts them out as they are linked again', async () => {
    const link = jest.spyOn(keys, 'link');
    await open().linkLogin('i', 's', 'any', 'person');
    const [[, hash = ''] = []] = link.mock.calls;
    link.mockRestore();
    await keys.unlink('any');
    for (const id of ['doctor-1', 'person-1']) await keys.link('login', hash, id);
    for (const as of ['person', 'doctor'] as const)
      expect(await open().idsOfLogin('i', 's', as)).toEqual(['doctor-1', 'person-1']);
    await open().linkLogin('i', 's', 'person-1', 'person');
    expect(await open().idsOfLogin('i', 's', 'person')).toEqual(['person-1', 'doctor-1']);
    expect(await open().idsOfLogin('i', 's', 'doctor')).toEqual(['doctor-1']);
  });

  it('finds a person again by name and birth date however they are written', async () => {
    await open().rememberPerson('Renée van der Bërg-IJsselstein', '1970-02-03', 'person-1');
    for (const name of [
      'RENÉE VAN DER BËRG IJSSELSTEIN',
      'renee vander berg ijsselstein',
      'Rene\u0301e  van der Berg ĲSSELSTEIN',
    ])
      expect([name, await open().alike(name, '1970-02-03')]).toEqual([name, ['person-1']]);
    expect(await open().alike('Renée van der Berg-IJsselstein', '1970-02-04')).toEqual([]);
    expect(await open().alike('René van der Berg-IJsselstein', '1970-02-03')).toEqual([]);
  });

  it.each([
    ['Weiß', 'WEISS'],
    ['Sørensen', 'sorensen'],
    ['Łukasz', 'lukasz'],
    ['İnci', 'inci'],
    ['O’Brien', "o'brien"],
    ['Ｍüller', 'Muller'],
    ['Ἀθηνᾶ', 'ΑΘΗΝΑ'],
  ])('compares %s with %s', (one, other) => expect(normalised(one)).toBe(normalised(other)));

  it('keeps names apart that have no letters, and changes nothing when normalised again', () => {
    expect(normalised('--')).not.toBe(normalised("''"));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (name) => normalised(normalised(name)) === normalised(name)));
  });

  it('finds a person whose name was corrected by the right one only; his login stays', async () => {
    await open().rememberPerson('Jnasen', '1970-02-03', 'person-1');
    await open().rememberPerson('Jnasen', '1970-02-03', 'person-2');
    await open().linkLogin('i', 's', 'person-1', 'person');
    for (let times = 0; times < 2; times++) await open().recogniseAs('Jansen', '1970-02-03', 'person-1');
    expect(await open().alike('Jnasen', '1970-02-03')).toEqual(['person-2']);
    expect(await open().alike('Jansen', '1970-02-03')).toEqual(['person-1']);
    expect(await open().idsOfLogin('i', 's', 'person')).toEqual(['person-1']);
  });

  it('forgets all links of a person', async () => {
    await open().rememberPerson('A', '1970-01-01', 'person-1');
    await open().linkLogin('i', 's', 'person-1', 'person');
    await keys.unlink('person-1');
    expect([await open().alike('A', '1970-01-01'), await open().idsOfLogin('i', 's', 'person')]).toEqual([[], []]);
  });

  it('makes the same invitation code on a retry, another one for another command, and stores only its hash', async () => {
    const code = await open().invitationCode('command-1');
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(await open().invitationCode('command-1')).toBe(code);
    expect(await open().invitationCode('command-2')).not.toBe(code);
    await open().rememberInvitation(code, 'person-1');
    expect(await open().invited(code)).toBe('person-1');
    expect(await open().invited(` ${code.slice(0, 13).toLowerCase()}-${code.slice(13)}`)).toBe('person-1');
    expect(await open().invited(code.replace(/0/g, 'o').replace(/1/g, 'l'))).toBe('person-1');
    for (const wrong of ['', 'x', code.slice(1), await open().invitationCode('command-2')])
      expect(await open().invited(wrong)).toBeUndefined();
    const rows = database.read.all<{ hash: string }>('select hash from links');
    expect(rows.map(({ hash }) => hash).join()).not.toContain(code);
  });
});

describe('rotation', () => {
  const scope = { personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' } as const;
  const file = () => join(folder, 'medical.kek');

  it('wraps what lives with the new key, so that the old one can go', async () => {
    const many = Array.from({ length: 1100 }, (_, index) => ({ ...scope, caseId: `case-${index}` }));
    const before = await new DataKeys(keys, keks).keysFor(many);
    expect(addKekVersion(file(), 'MEDICAL')).toBe(2);
    expect(await rotate(keys, Keks.load({ folder }), 'MEDICAL')).toBe(1100);
    expect(await rotate(keys, Keks.load({ folder }), 'MEDICAL')).toBe(0);
    retireKekVersions(file(), 'MEDICAL');
    const after = await new DataKeys(keys, Keks.load({ folder })).keysFor(many);
    for (const one of many)
      expect(after.get(nameOf(one))?.key.equals(before.get(nameOf(one))?.key as never)).toBe(true);
  });

  it('kills old backups: a destroyed key that an older copy brings back opens nothing', async () => {
    await new DataKeys(keys, keks).keysFor([scope]);
    const old = await keys.find(scope);
    if (typeof old !== 'object') throw new Error('no key');
    await keys.destroy({ personId: 'person-1' });
    addKekVersion(file(), 'MEDICAL');
    await rotate(keys, Keks.load({ folder }), 'MEDICAL');
    retireKekVersions(file(), 'MEDICAL');
    const restored = new SqliteKeyStore(SqliteDatabase.open());
    await restored.put([old]);
    const attempt = new DataKeys(restored, Keks.load({ folder })).living(scope, old.keyId);
    await expect(attempt).rejects.toMatchObject({ code: 'kek-version-missing' });
  });

  it('leaves content keys alone: the data key under them is the same', async () => {
    const data = new DataKeys(keys, keks);
    const made = await data.newContentKey(scope, 'document-1');
    addKekVersion(file(), 'MEDICAL');
    expect(await rotate(keys, Keks.load({ folder }), 'MEDICAL')).toBe(1);
    const found = await new DataKeys(keys, Keks.load({ folder })).contentKey(scope, 'document-1', made.keyId);
    expect(typeof found === 'object' && found.key.equals(made.key)).toBe(true);
  });

  it('rewraps the secrets too', async () => {
    const clock = new MovableClock('2026-11-24T09:00:00.000Z');
    const mac = (await VaultHashes.open(keys, keks, clock)).bodyMac('{}');
    addKekVersion(join(folder, 'secrets.kek'), 'SECRETS');
    expect(await rotate(keys, Keks.load({ folder }), 'SECRETS')).toBe(3);
    retireKekVersions(join(folder, 'secrets.kek'), 'SECRETS');
    expect((await VaultHashes.open(keys, Keks.load({ folder }), clock)).bodyMac('{}')).toBe(mac);
  });

  it('does not let a key wrapped for one place stand in another', async () => {
    await new DataKeys(keys, keks).keysFor([scope, { ...scope, caseId: 'case-2' }]);
    const [one, two] = [await keys.find(scope), await keys.find({ ...scope, caseId: 'case-2' })];
    if (typeof one !== 'object' || typeof two !== 'object') throw new Error('no key');
    const mixed = new SqliteKeyStore(SqliteDatabase.open());
    await mixed.put([{ ...one, wrapped: two.wrapped }]);
    await expect(new DataKeys(mixed, keks).living(scope, one.keyId)).rejects.toThrow();
  });
});
