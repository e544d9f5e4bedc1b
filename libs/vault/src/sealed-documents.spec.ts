import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { PurposeRule } from '@second-opinion/access';
import { AccessLog } from '@second-opinion/access-log';
import { SqliteAccessLog } from '@second-opinion/access-log/sqlite';
import { Clock, Invalid, NotFound } from '@second-opinion/kernel';
import { SqliteDatabase } from '@second-opinion/sqlite';
import fc from 'fast-check';
import { FRAME, readSealed, sealedFrames } from './frames';
import { Keks } from './keks';
import { MOST_DOCUMENT_BYTES, type DocumentOpening, type OpenedDocument } from './document-vault';
import { SealingVault } from './sealing-vault';
import type { CiphertextStore } from './sealed-documents';
import { SqliteKeyStore } from './sqlite';
import type { Access, SealContext } from './vault';
import { VirusScanner, type Scan } from './virus-scanner';

const PDF = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from('knie '.repeat(30_000))]);
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const rules: Readonly<Record<string, PurposeRule>> = {
  'reporting.dossierDocument': { item: 9 },
  'reporting.ownDocument': { item: 10 },
};
const context: SealContext = {
  personId: 'person-1',
  caseId: 'case-1',
  category: 'MEDICAL',
  purpose: 'reporting.dossierDocument',
  object: 'document-1',
};
const access = (more: Partial<Access> = {}): Access => ({
  requestId: 'request-1',
  operation: 'reporting.GetDocument',
  actorId: 'doctor-2',
  actorRole: 'second-opinion-doctor',
  actorOrganisation: 'organisation-1',
  relation: 'second-opinion-doctor',
  application: 'standalone',
  facts: { authorised: true },
  ...more,
});

class TestClock extends Clock {
  now(): string {
    return '2026-11-24T09:00:00.000Z';
  }
}
class MemoryStore implements CiphertextStore {
  readonly stored = new Map<string, Buffer>();
  async put(content: AsyncIterable<Uint8Array>, { maxBytes }: { maxBytes: number }): Promise<{ id: string }> {
    const bytes = await whole(content);
    if (bytes.length > maxBytes) throw new Invalid('document-too-large');
    const id = createHash('sha256').update(bytes).digest('hex');
    this.stored.set(id, bytes);
    return { id };
  }
  async *get(id: string): AsyncIterable<Uint8Array> {
    const bytes = this.stored.get(id);
    if (!bytes) throw new NotFound('document-missing');
    yield* pieces(bytes, 50_000);
  }
  async delete(id: string): Promise<void> {
    this.stored.delete(id);
  }
  only(): Buffer {
    const [bytes] = this.stored.values();
    if (!bytes || this.stored.size !== 1) throw new Error('not one document');
    return bytes;
  }
}
class TestScanner extends VirusScanner {
  readonly seen: string[] = [];
  begin(): Scan {
    const hash = createHash('sha256');
    let infected = false;
    return {
      write: (bytes) => {
        hash.update(bytes);
        infected ||= Buffer.from(bytes).includes('EICAR');
      },
      finish: async () => {
        this.seen.push(hash.digest('hex'));
        return infected ? 'infected' : 'clean';
      },
      abandon: () => void this.seen.push('abandoned'),
    };
  }
}

describe('frames', () => {
  const header = { ...context, keyId: 'key-1', mediaType: 'text/plain' };
  const seal = async (plain: Uint8Array, key = createSecretKey(randomBytes(32)), piece = 10_007) => ({
    key,
    sealed: await whole(sealedFrames(pieces(plain, piece), header, key)),
  });
  const open = async (sealed: Uint8Array, key: ReturnType<typeof createSecretKey>, piece = 9_999) =>
    whole((await readSealed(pieces(sealed, piece))).frames(key));

  it.each([0, 1, FRAME - 1, FRAME, FRAME + 1, 3 * FRAME, 3 * FRAME + 5])('open %d bytes as they were', async (size) => {
    const plain = randomBytes(size);
    const { sealed, key } = await seal(plain);
    expect((await open(sealed, key)).equals(plain)).toBe(true);
    expect((await readSealed(pieces(sealed, 7))).header).toEqual(header);
  });

  it('do not care how the bytes are cut on their way', async () => {
    const size = fc.integer({ min: 1, max: 3 * FRAME });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 200_000 }), size, size, async (length, one, two) => {
        const plain = randomBytes(length);
        const { sealed, key } = await seal(plain, undefined, one);
        expect((await open(sealed, key, Math.max(two, 500))).equals(plain)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });

  it('never seal the same twice alike', async () => {
    const key = createSecretKey(randomBytes(32));
    const [one, two] = [await seal(Buffer.from('a'), key), await seal(Buffer.from('a'), key)];
    expect(one.sealed.equals(two.sealed)).toBe(false);
  });

  describe('fail, and give out no unverified byte,', () => {
    const plain = randomBytes(3 * FRAME + 100);
    const start = async (sealed: Buffer) => sealed.indexOf('}') + 1 || (await Promise.reject(new Error('no header')));
    const frame = FRAME + 16;
    const given = async (sealed: Uint8Array, key: ReturnType<typeof createSecretKey>) => {
      const parts: Uint8Array[] = [];
      try {
        for await (const part of (await readSealed(pieces(sealed, 30_000))).frames(key)) parts.push(part);
      } catch (error) {
        return { code: error instanceof Invalid ? error.code : String(error), bytes: Buffer.concat(parts) };
      }
      return { code: 'opened', bytes: Buffer.concat(parts) };
    };

    it.each([
      ['cut off after a whole frame', (body: Buffer) => body.subarray(0, 2 * frame), 2],
      ['cut off inside a frame', (body: Buffer) => body.subarray(0, 2 * frame - 5), 1],
      ['cut off after the header', (body: Buffer) => body.subarray(0, 0), 0],
      ['without its last byte', (body: Buffer) => body.subarray(0, -1), 3],
      ['with a byte too many', (body: Buffer) => Buffer.concat([body, Buffer.from([0])]), 3],
      ['with its last frame twice', (body: Buffer) => Buffer.concat([body, body.subarray(3 * frame)]), 3],
      [
        'with frames swapped',
        (body: Buffer) =>
          Buffer.concat([body.subarray(frame, 2 * frame), body.subarray(0, frame), body.subarray(2 * frame)]),
        0,
      ],
      ['without its first frame', (body: Buffer) => body.subarray(frame), 0],
      [
        'without a frame in the middle',
        (body: Buffer) => Buffer.concat([body.subarray(0, frame), body.subarray(2 * frame)]),
        1,
      ],
      [
        'with a changed byte',
        (body: Buffer) => Buffer.from(body.map((byte, index) => (index === frame + 9 ? byte ^ 1 : byte))),
        1,
      ],
    ])('when %s', async (_, tamper, good) => {
      const { sealed, key } = await seal(plain);
      const from = await start(sealed);
      const answer = await given(Buffer.concat([sealed.subarray(0, from), tamper(sealed.subarray(from))]), key);
      expect(answer.code).toBe('document-broken');
      expect(answer.bytes.length).toBeLessThanOrEqual(good * FRAME);
      expect(plain.subarray(0, answer.bytes.length).equals(answer.bytes)).toBe(true);
    });

    it('when frames of another document of the same key stand in it', async () => {
      const { sealed, key } = await seal(plain);
      const other = await seal(randomBytes(plain.length), key);
      const from = await start(sealed);
      const mixed = Buffer.concat([
        sealed.subarray(0, from + frame),
        other.sealed.subarray(from + frame, from + 2 * frame),
        sealed.subarray(from + 2 * frame),
      ]);
      expect(await given(mixed, key)).toMatchObject({ code: 'document-broken' });
    });

    it('when the header was changed, or the key is another', async () => {
      const { sealed, key } = await seal(plain);
      const forged = Buffer.from(sealed.toString('latin1').replace('document-1', 'document-2'), 'latin1');
      expect(await given(forged, key)).toMatchObject({ code: 'document-broken', bytes: Buffer.alloc(0) });
      expect(await given(sealed, createSecretKey(randomBytes(32)))).toMatchObject({ code: 'document-broken' });
    });

    it.each([
      ['nothing', Buffer.alloc(0)],
      ['something else', Buffer.from('%PDF-1.7 and so on and on')],
      ['a header that is none', Buffer.from('2ODOC/1\n\x00\x02{}', 'latin1')],
      ['a header that never ends', Buffer.from('2ODOC/1\n\xff\xff{"', 'latin1')],
    ])('when it is %s', async (_, bytes) => {
      await expect(open(bytes, createSecretKey(randomBytes(32)))).rejects.toMatchObject({ code: 'document-broken' });
    });
  });
});

describe('SealedDocuments', () => {
  let folder: string;
  let store: MemoryStore;
  let scanner: TestScanner;
  let keys: SqliteKeyStore;
  let log: SqliteAccessLog;
  let vault: SealingVault;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'documents-'));
    store = new MemoryStore();
    scanner = new TestScanner();
    keys = new SqliteKeyStore(SqliteDatabase.open());
    log = new SqliteAccessLog(SqliteDatabase.open());
    vault = vaultOf(log);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const vaultOf = (accessLog: AccessLog) =>
    new SealingVault({
      keys,
      keks: Keks.load({ folder }),
      accessLog,
      clock: new TestClock(),
      rules: (purpose) => rules[purpose],
    });
  const documents = () => vault.documents(store, scanner);
  const seal = (bytes: Uint8Array, more: Partial<SealContext> = {}) =>
    documents().seal(pieces(bytes, 60_000), { ...context, ...more });
  const at = (storedId: string, more: Partial<DocumentOpening> = {}): DocumentOpening => ({
    ...context,
    storedId,
    ...more,
  });
  const content = async (opened: OpenedDocument) => {
    if (!('content' in opened)) throw new Error(JSON.stringify(opened));
    return whole(opened.content);
  };
  const records = async () => (await log.read({})).records;

  it('gives back what was sealed, to whom the matrix allows it, with the record first', async () => {
    const sealed = await seal(PDF);
    expect(sealed).toMatchObject({ size: PDF.length, mediaType: 'application/pdf', scanned: true });
    const opened = await documents().open(at(sealed.storedId), access());
    expect(await records()).toMatchObject([
      {
        outcome: 'SUCCESS',
        personId: 'person-1',
        caseId: 'case-1',
        category: 'MEDICAL',
        purpose: 'reporting.dossierDocument',
        objects: ['document-1'],
        basis: 'A9 R l 2.14d(4)',
      },
    ]);
    expect(opened).toMatchObject({ mediaType: 'application/pdf' });
    expect((await content(opened)).equals(PDF)).toBe(true);
  });

  it('hands the store ciphertext only', async () => {
    await seal(PDF);
    expect(store.only().includes('knie')).toBe(false);
    expect(store.only().includes('%PDF')).toBe(false);
  });

  it('keeps a hash that only the salt explains', async () => {
    const [one, two] = [await seal(PDF), await seal(PDF)];
    expect(one.hash).not.toBe(two.hash);
    const [opened] = await vault.open(
      [{ seal: one.salt, personId: 'person-1', caseId: 'case-1', purpose: context.purpose, object: 'document-1' }],
      access(),
    );
    if (!opened || !('text' in opened)) throw new Error('no salt');
    const proof = createHash('sha256').update(Buffer.from(opened.text, 'base64url')).update(PDF).digest('hex');
    expect(proof).toBe(one.hash);
  });

  it('uses a fresh content key for every encryption, also when an upload is repeated; both open', async () => {
    const [one, two] = [await seal(PDF), await seal(PDF)];
    expect(one.storedId).not.toBe(two.storedId);
    expect(await keys.within({ personId: 'person-1', object: 'document-1' })).toHaveLength(2);
    for (const { storedId } of [one, two])
      expect((await content(await documents().open(at(storedId), access()))).equals(PDF)).toBe(true);
    await documents().discard(two.storedId);
    expect(store.stored.size).toBe(1);
  });

  it('BR-22: stays shut without an authorisation in force, and records the attempt', async () => {
    const { storedId } = await seal(PDF);
    expect(await documents().open(at(storedId), access({ facts: {} }))).toEqual({ denied: true });
    expect(await records()).toMatchObject([{ outcome: 'DENIED', basis: 'A9 R only after authorised' }]);
  });

  it.each(['back-office', 'employer', 'auditor', 'partner', 'none', 'candidate-doctor', 'own-doctor'] as const)(
    'BR-67: stays shut for %s',
    async (relation) => {
      const { storedId } = await seal(PDF);
      expect(await documents().open(at(storedId), access({ relation }))).toEqual({ denied: true });
    },
  );

  it('BR-66: fails closed when the access log cannot be written', async () => {
    const { storedId } = await seal(PDF);
    class BrokenLog extends SqliteAccessLog {
      override async write(): Promise<void> {
        throw new Error('disk full');
      }
    }
    const broken = vaultOf(new BrokenLog(SqliteDatabase.open())).documents(store, scanner);
    await expect(broken.open(at(storedId), access())).rejects.toMatchObject({ code: 'access-log-unavailable' });
    await expect(broken.open(at(storedId), access({ facts: {} }))).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it.each([
    ['person', { personId: 'person-2' }],
    ['case', { caseId: 'case-2' }],
    ['purpose', { purpose: 'reporting.ownDocument' }],
    ['object', { object: 'document-2' }],
    ['category', { category: 'IDENTITY' as const }],
  ])('does not open where it was not made for: another %s', async (_, more) => {
    const { storedId } = await seal(PDF);
    await expect(documents().open(at(storedId, more), access())).rejects.toMatchObject({ code: 'seal-misplaced' });
    expect(await records()).toMatchObject([{ outcome: 'ERROR', basis: 'seal-misplaced' }]);
  });

  it('forgets one document alone', async () => {
    const [one, two] = [await seal(PDF), await seal(PDF, { object: 'document-2' })];
    await vault.destroyKeys({ personId: 'person-1', caseId: 'case-1', category: 'MEDICAL', object: 'document-1' });
    expect(await documents().open(at(one.storedId), access())).toEqual({ forgotten: true });
    const other = await documents().open(at(two.storedId, { object: 'document-2' }), access());
    expect((await content(other)).equals(PDF)).toBe(true);
    await documents().discard(one.storedId);
    expect(await documents().open(at(one.storedId), access())).toEqual({ forgotten: true });
    await expect(seal(PDF)).rejects.toMatchObject({ code: 'person-forgotten' });
  });

  it('forgets all documents of a case with its key', async () => {
    const { storedId } = await seal(PDF);
    await vault.destroyKeys({ personId: 'person-1', caseId: 'case-1' });
    expect(await documents().open(at(storedId), access())).toEqual({ forgotten: true });
  });

  it('says that a document is missing when it was lost, and does not call it forgotten', async () => {
    await expect(documents().open(at('0'.repeat(64)), access())).rejects.toMatchObject({ code: 'document-missing' });
  });

  describe('takes', () => {
    it.each([
      ['PDF', PDF, 'application/pdf'],
      ['PNG', png(), 'image/png'],
      ['JPEG', Buffer.concat([Buffer.from('ffd8ffe000104a46494600', 'hex'), Buffer.alloc(200)]), 'image/jpeg'],
      ['TIFF', Buffer.concat([Buffer.from('49492a0008000000', 'hex'), Buffer.alloc(200)]), 'image/tiff'],
      ['DOCX', zip({ '[Content_Types].xml': docxTypes(), 'word/document.xml': '<w:document/>' }), DOCX],
      ['text', Buffer.from('Geachte collega,\r\n\tde knie “hapert” 😀\n'), 'text/plain'],
      ['text with a byte order mark', Buffer.from('\ufeffGeachte collega'), 'text/plain'],
      ['one letter', Buffer.from('a'), 'text/plain'],
    ])('%s by its content', async (_, bytes, mediaType) => {
      const sealed = await seal(bytes);
      expect(sealed).toMatchObject({ mediaType, size: bytes.length });
      expect((await content(await documents().open(at(sealed.storedId), access()))).equals(bytes)).toBe(true);
    });

    it('text whose letters are cut between two pieces', async () => {
      const bytes = Buffer.from('é😀'.repeat(60_000));
      expect(await seal(bytes)).toMatchObject({ mediaType: 'text/plain', size: bytes.length });
    });
  });

  describe('refuses, and stores nothing of,', () => {
    it.each([
      ['a program', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(200)])],
      ['an archive', zip({ 'virus.exe': 'MZ' })],
      ['a spreadsheet', zip({ '[Content_Types].xml': docxTypes('spreadsheetml.sheet'), 'xl/workbook.xml': '<x/>' })],
      ['a document with macros', zip({ '[Content_Types].xml': macroTypes(), 'word/vbaProject.bin': 'x' })],
      ['an archive that is cut off', zip({ '[Content_Types].xml': docxTypes() }).subarray(0, 40)],
      ['text in UTF-16', Buffer.from('\ufeffGeachte collega', 'utf16le')],
      ['text in Latin-1', Buffer.from('Geachte collega, één', 'latin1')],
      ['text with a NUL', Buffer.from('Geachte\0collega')],
      ['text that breaks off inside a letter', Buffer.from('Geachte collega é').subarray(0, -1)],
      [
        'text that turns into something else at its end',
        Buffer.concat([Buffer.alloc(400_000, 'a'), Buffer.from([0xff])]),
      ],
    ])('%s', async (_, bytes) => {
      await expect(seal(bytes)).rejects.toMatchObject({ kind: 'invalid', code: 'document-type' });
      expect(store.stored.size).toBe(0);
    });

    it('an empty document', async () => {
      await expect(seal(Buffer.alloc(0))).rejects.toMatchObject({ code: 'document-empty' });
    });

    it('what a scanner finds infected, wherever it stands', async () => {
      const bytes = Buffer.concat([PDF, Buffer.from('EICAR')]);
      await expect(seal(bytes)).rejects.toMatchObject({ code: 'document-infected' });
      expect(store.stored.size).toBe(0);
    });

    it('more than 25 MB, and takes 25 MB', async () => {
      const most = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(MOST_DOCUMENT_BYTES - 9, 'a')]);
      expect(await seal(most)).toMatchObject({ size: MOST_DOCUMENT_BYTES });
      store.stored.clear();
      await expect(seal(Buffer.concat([most, Buffer.from('a')]))).rejects.toMatchObject({ code: 'document-too-large' });
      expect(store.stored.size).toBe(0);
    });

    it('an upload that fails half-way; the scan is abandoned and the source closed', async () => {
      let closed = false;
      async function* cut(): AsyncIterable<Uint8Array> {
        try {
          yield* pieces(PDF, 60_000);
          yield* pieces(Buffer.alloc(400_000), 60_000);
          throw new Error('the line is gone');
        } finally {
          closed = true;
        }
      }
      await expect(documents().seal(cut(), context)).rejects.toThrow('the line is gone');
      expect([closed, store.stored.size, scanner.seen]).toEqual([true, 0, ['abandoned']]);
    });
  });

  it('shows the scanner every byte before the document is stored', async () => {
    await seal(PDF);
    expect(scanner.seen).toEqual([createHash('sha256').update(PDF).digest('hex')]);
  });

  it('says that nobody looked when there is no scanner', async () => {
    const sealed = await vault.documents(store).seal(pieces(PDF, 1000), context);
    expect(sealed.scanned).toBe(false);
  });
});

async function* pieces(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield await Promise.resolve(bytes.subarray(from, from + size));
}

async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts);
}

function docxTypes(kind = 'wordprocessingml.document'): string {
  const type = `application/vnd.openxmlformats-officedocument.${kind}.main+xml`;
  return `<?xml version="1.0"?><Types><Override PartName="/word/document.xml" ContentType="${type}"/></Types>`;
}

function macroTypes(): string {
  return '<Types><Override PartName="/x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>';
}

function png(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const frame = Buffer.alloc(4);
    frame.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([frame, body, sum]);
  };
  const start = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    start,
    chunk('IHDR', Buffer.alloc(13)),
    chunk('IDAT', Buffer.alloc(20)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** zip without compression, enough for a program that looks inside. */
function zip(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const data = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, Buffer.from(name), data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(centrals.length, 4);
  end.writeUInt16LE(centrals.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
