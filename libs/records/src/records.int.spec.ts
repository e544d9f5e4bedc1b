import { AccessLog } from '@second-opinion/access-log';
import { RECORDS_TOPIC } from '@second-opinion/contracts';
import { Unavailable } from '@second-opinion/kernel';
import { testContext, type TestContext } from '@second-opinion/nest/testing';
import { HISTORY } from './history.rules';
import { ErasuresHandler } from './erasures.handler';
import { RecordsModule } from './records.module';

const happened = (type: string, data: object = {}) => ({ type, data });
const ofCase = (caseId: string) => ({ caseId });

describe('records', () => {
  let app: TestContext;
  /** log is where the events stand; it outlives a restart of records. */
  let log: TestContext;
  beforeEach(async () => {
    log = await testContext([]);
    await start();
  });
  afterEach(async () => {
    await app.close();
    await log.close();
  });
  const start = async () => {
    app = await testContext(RecordsModule, { platform: { events: log.platform.events } });
  };
  const auditor = () => app.as('auditor');

  const noted = async (caseId: string) =>
    (await app.events(`${HISTORY}-${caseId}`)).map((event) => (event.data as { type: string }).type);

  async function aCase(caseId: string) {
    await app.given(`intake.case-${caseId}`, [happened('SecondOpinionWishRecorded')], ofCase(caseId));
    await app.given(`reporting.file-${caseId}`, [happened('MedicalFileOpened')], ofCase(caseId));
    await app.given(`intake.case-${caseId}`, [happened('RequestHonoured')], ofCase(caseId));
    await app.settled();
  }

  describe('history', () => {
    it('has one entry for each event of the case, numbered without gaps, in the order of the log', async () => {
      await app.given('intake.doctor-1', [happened('DoctorRegistered')]);
      await aCase('c1');
      await aCase('c2');
      await app.given('billing.series-SO2026', [happened('InvoiceIssued', { caseId: 'c1' })]);
      await app.settled();
      const { status, body } = await auditor().get('/records/cases/c1/history');
      expect(status).toBe(200);
      expect(body.items.map(({ number, stream, revision, type }: never) => [number, stream, revision, type])).toEqual([
        [1, 'intake.case-c1', 0, 'SecondOpinionWishRecorded'],
        [2, 'reporting.file-c1', 0, 'MedicalFileOpened'],
        [3, 'intake.case-c1', 1, 'RequestHonoured'],
        [4, 'billing.series-SO2026', 0, 'InvoiceIssued'],
      ]);
      expect(body.items[1].previousHash).toBe(body.items[0].entryHash);
      expect(body.next).toBeUndefined();
    });

    it('is paged by its numbers', async () => {
      await aCase('c1');
      const first = await auditor().get('/records/cases/c1/history?limit=2');
      expect(first.body.items).toHaveLength(2);
      const second = await auditor().get(`/records/cases/c1/history?limit=2&cursor=${first.body.next}`);
      expect(second.body).toMatchObject({ items: [{ number: 3 }] });
      expect(second.body.next).toBeUndefined();
      for (const cursor of ['%21', 'abcde', 'a'.repeat(9), 'MTIz_', '-'.repeat(17), 'x', '%ED%A0%80', '']) {
        const answer = await auditor().get(`/records/cases/c1/history?cursor=${cursor}`);
        expect([cursor, answer.status, answer.body.code]).toEqual([cursor, 400, 'invalid-cursor']);
      }
      expect((await auditor().get('/records/cases/c1/history?limit=x')).status).toBe(400);
    });

    it('lists every case once, also those that go on while an auditor pages', async () => {
      for (const caseId of ['c1', 'c2', 'c3']) {
        app.clock.advanceTo(`2026-11-2${5 + Number(caseId.slice(1))}T09:00:00.000Z`);
        await aCase(caseId);
      }
      const seen: string[] = [];
      for (let cursor = ''; seen.length < 9;) {
        const { body } = await auditor().get(`/records/cases?limit=1${cursor}`);
        seen.push(...body.items.map(({ caseId }: { caseId: string }) => caseId));
        if (body.next === undefined) break;
        cursor = `&cursor=${body.next}`;
        app.clock.advanceTo(`2026-12-0${seen.length}T09:00:00.000Z`);
        await app.given(`intake.case-c${seen.length}`, [happened('DoctorsProposed')], ofCase(`c${seen.length}`));
        await app.settled();
      }
      expect(seen).toEqual(['c1', 'c2', 'c3']);
    });

    it('notes every event exactly once over a crash between entries and checkpoint', async () => {
      await aCase('c1');
      await app.close();
      // The views are gone and with them the place in the log: every event comes again.
      await start();
      await app.given('intake.case-c1', [happened('DoctorsProposed')], ofCase('c1'));
      await app.settled();
      expect(await noted('c1')).toEqual([
        'SecondOpinionWishRecorded',
        'MedicalFileOpened',
        'RequestHonoured',
        'DoctorsProposed',
      ]);
      expect((await auditor().get('/records/cases/c1/verification')).body).toMatchObject({ whole: true, entries: 4 });
    });

    it('leaves alone what is not of this deployment: another one on the same store, and what other programs keep there', async () => {
      await app.given('other.intake.case-c9', [happened('SecondOpinionWishRecorded')], ofCase('c9'));
      await app.given('shipments-c9', [happened('Shipped')], ofCase('c9'));
      await aCase('c1');
      expect(await noted('c9')).toEqual([]);
      expect(await noted('c1')).toHaveLength(3);
    });

    it('goes on after a crash in the middle of a batch', async () => {
      await aCase('c1');
      await log.tamper(`delete from events where stream = 'records.history-c1' and revision > 0`);
      await app.close();
      await start();
      await app.settled();
      expect(await noted('c1')).toEqual(['SecondOpinionWishRecorded', 'MedicalFileOpened', 'RequestHonoured']);
      expect((await auditor().get('/records/cases/c1/verification')).body.whole).toBe(true);
    });

    it('goes on when somebody else has written the same entries meanwhile', async () => {
      await aCase('c1');
      const other = await testContext(RecordsModule, { platform: { events: app.platform.events } });
      await app.given('intake.case-c1', [happened('DoctorsProposed')], ofCase('c1'));
      await Promise.all([app.settled(), other.settled()]);
      await other.close();
      expect(await app.events(`${HISTORY}-c1`)).toHaveLength(4);
      expect((await auditor().get('/records/cases/c1/verification')).body.whole).toBe(true);
    });

    it('of many cases at once', async () => {
      const ids = Array.from({ length: 40 }, (_, index) => `many-${index}`);
      await Promise.all(
        ids.map((id) =>
          app.given(
            `intake.case-${id}`,
            Array.from({ length: 12 }, () => happened('Noted')),
            ofCase(id),
          ),
        ),
      );
      await app.settled();
      for (const id of ids) expect(await app.events(`${HISTORY}-${id}`)).toHaveLength(12);
    });

    it('is for auditors alone; who may not see it does not learn whether it exists', async () => {
      await aCase('c1');
      for (const url of ['/records/cases', '/records/cases/c1/history', '/records/cases/c1/verification'])
        for (const role of [
          'employee',
          'company-doctor',
          'second-opinion-doctor',
          'back-office',
          'employer',
          'court',
          'privacy-officer',
          'partner',
          'operator',
        ] as const)
          expect([url, role, (await app.as(role).get(url)).status]).toEqual([url, role, 403]);
      expect((await app.as('employee').get('/records/cases/none/history')).status).toBe(403);
      expect((await app.nobody.get('/records/cases')).status).toBe(401);
      expect((await auditor().get('/records/cases/none/history')).status).toBe(404);
      expect((await auditor().get('/records/cases/none/verification')).status).toBe(404);
    });

    it('lists the cases, the latest first', async () => {
      await aCase('c1');
      app.clock.advanceTo('2026-11-26T09:00:00.000Z');
      await aCase('c2');
      const { body } = await auditor().get('/records/cases');
      expect(body.items).toEqual([
        { caseId: 'c1', since: '2026-11-25T09:00:00.000Z', lastAt: '2026-11-25T09:00:00.000Z', entries: 3 },
        { caseId: 'c2', since: '2026-11-26T09:00:00.000Z', lastAt: '2026-11-26T09:00:00.000Z', entries: 3 },
      ]);
    });
  });

  describe('verification', () => {
    const verification = async () => (await auditor().get('/records/cases/c1/verification')).body;
    beforeEach(() => aCase('c1'));

    it('finds an untouched case whole', async () => {
      const { items } = (await auditor().get('/records/cases/c1/history')).body;
      expect(await verification()).toEqual({ caseId: 'c1', entries: 3, head: items[2].entryHash, whole: true });
    });

    it.each<[string, string, object]>([
      [
        'a changed event',
        `update events set data = '{"x":1}' where stream = 'reporting.file-c1'`,
        { kind: 'EVENT_CHANGED', number: 2 },
      ],
      [
        'a changed actor',
        `update events set metadata = json_set(metadata, '$.actorId', 'x') where stream = 'intake.case-c1' and revision = 1`,
        { kind: 'EVENT_CHANGED', number: 3 },
      ],
      [
        'a removed event',
        `delete from events where stream = 'reporting.file-c1'`,
        { kind: 'EVENT_MISSING', number: 2 },
      ],
      [
        'a removed entry',
        `delete from events where stream = 'records.history-c1' and revision = 1`,
        { kind: 'ENTRY_MISSING', number: 2 },
      ],
      [
        'a removed last entry',
        `delete from events where stream = 'records.history-c1' and revision = 2`,
        { kind: 'EVENT_NOT_NOTED' },
      ],
      [
        'a changed entry',
        `update events set data = json_set(data, '$.actorRole', 'auditor') where stream = 'records.history-c1' and revision = 0`,
        { kind: 'ENTRY_CHANGED', number: 1 },
      ],
    ])('finds %s', async (_, sql, first) => {
      await log.tamper(sql);
      expect(await verification()).toMatchObject({ whole: false, first });
    });
  });

  describe('access list', () => {
    const open = async (personId: string) => {
      const seal = await app.seal('a motivation', personId, 'c1', 'MEDICAL', 'intake.motivation');
      const place = { seal, personId, caseId: 'c1', purpose: 'intake.motivation' };
      await app.platform.vault.open([place], {
        requestId: `request-${personId}`,
        operation: 'intake.GetCase',
        actorId: 'doctor-1',
        actorRole: 'second-opinion-doctor',
        actorOrganisation: 'organisation-1',
        relation: 'second-opinion-doctor',
        application: 'test',
      });
    };

    beforeEach(async () => {
      for (const id of ['person-1', 'person-2']) await app.given(`intake.person-${id}`, [happened('PersonRegistered')]);
    });

    it('BR-68 shows the employee who opened what of him, when and on which basis, in plain language', async () => {
      await open('person-1');
      await open('person-2');
      const { status, body } = await app.as('employee', 'person-1').get('/records/persons/person-1/accesses');
      expect(status).toBe(200);
      expect(body.items).toHaveLength(2);
      expect(body.items[0]).toMatchObject({
        at: '2026-11-25T09:00:00.000Z',
        inWords: expect.stringContaining('De second opinion bedrijfsarts'),
        who: { id: 'doctor-1', role: 'second-opinion-doctor', organisation: 'organisation-1' },
        what: { category: 'MEDICAL', purpose: 'intake.motivation' },
        caseId: 'c1',
      });
      expect(JSON.stringify(body)).not.toContain('person-2');
    });

    it('BR-68 BR-66 puts who looks at the list on the list, also whom it was denied', async () => {
      expect((await app.as('auditor').get('/records/persons/person-1/accesses')).status).toBe(200);
      expect((await app.as('privacy-officer').get('/records/persons/person-1/accesses')).status).toBe(200);
      expect((await app.as('employee', 'person-2').get('/records/persons/person-1/accesses')).status).toBe(404);
      expect((await app.as('company-doctor').get('/records/persons/person-1/accesses')).status).toBe(403);
      const { body } = await app.as('employee', 'person-1').get('/records/persons/person-1/accesses');
      expect(
        body.items.map(({ who, what }: never) => [
          (who as { role: string }).role,
          (what as { outcome: string }).outcome,
        ]),
      ).toEqual([
        ['auditor', 'SUCCESS'],
        ['privacy-officer', 'SUCCESS'],
        ['employee', 'DENIED'],
        ['company-doctor', 'DENIED'],
        ['employee', 'SUCCESS'],
      ]);
    });

    it('puts nothing on the log that cannot be an id: a name in the path would stay there', async () => {
      for (const role of ['auditor', 'privacy-officer', 'employee', 'company-doctor'] as const)
        for (const name of ['Jan%20Jansen%201980-01-01', 'J%C3%A4nsen', '%2e%2e', 'x'.repeat(101)]) {
          const { status, body } = await app.as(role).get(`/records/persons/${name}/accesses`);
          expect([role, name, status, body.code]).toEqual([role, name, 404, 'not-found']);
        }
      expect((await app.platform.accessLog.read({})).records).toEqual([]);
    });

    it('BR-66 names nobody whom we do not know: what was asked is there as a keyed hash, and as durably', async () => {
      const asked = 'Jan.de.Vries.burnout';
      for (const [role, status] of [
        ['company-doctor', 403],
        ['employee', 404],
        ['auditor', 200],
      ] as const)
        expect([role, (await app.as(role).get(`/records/persons/${asked}/accesses`)).status]).toEqual([role, status]);
      const { records } = await app.platform.accessLog.read({});
      expect(records.map(({ outcome }) => outcome)).toEqual(['DENIED', 'DENIED', 'SUCCESS']);
      expect(new Set(records.map(({ personId }) => personId))).toEqual(new Set([app.platform.hashes.unknown(asked)]));
      expect(JSON.stringify(records)).not.toContain('burnout');
    });

    it('is paged, and narrowed to a case', async () => {
      await open('person-1');
      const me = app.as('employee', 'person-1');
      const first = await me.get('/records/persons/person-1/accesses?limit=1');
      expect(first.body.items).toHaveLength(1);
      const second = await me.get(`/records/persons/person-1/accesses?limit=1&cursor=${first.body.next}`);
      expect(second.body.items[0].what.operation).toBe('records.ListAccesses');
      expect((await me.get('/records/persons/person-1/accesses?caseId=c1')).body.items).toHaveLength(1);
      expect((await me.get('/records/persons/person-1/accesses?caseId=%20')).status).toBe(400);
      expect((await me.get('/records/persons/person-1/accesses?cursor=x')).status).toBe(400);
    });

    it('answers nothing while the access log cannot be written', async () => {
      const accessLog = app.app.get(AccessLog, { strict: false });
      const write = accessLog.write.bind(accessLog);
      accessLog.write = () => Promise.reject(new Unavailable('storage-unavailable'));
      expect((await app.as('auditor').get('/records/persons/person-1/accesses')).status).toBe(503);
      accessLog.write = write;
    });
  });

  describe('forgetting', () => {
    const officer = () => app.as('privacy-officer', 'officer-1');
    const texts = async (...seals: Awaited<ReturnType<TestContext['seal']>>[]) =>
      app.platform.vault.open(
        seals.map((seal) => {
          const { personId, caseId, purpose } = app.platform.vault.contextOf(seal);
          return { seal, personId, caseId, purpose };
        }),
        {
          requestId: 'look',
          operation: 'intake.GetCase',
          actorId: 'person-1',
          actorRole: 'employee',
          actorOrganisation: 'none',
          relation: 'employee',
          application: 'test',
        },
      );

    it('names the keys in an event, tells the others, and then nothing opens any more', async () => {
      await app.listen(RECORDS_TOPIC);
      const mine = await app.seal('motivation', 'person-1', 'c1', 'MEDICAL', 'intake.motivation');
      const other = await app.seal('motivation', 'person-1', 'c2', 'MEDICAL', 'intake.motivation');
      const answer = await officer().post('/records/persons/person-1/destroy-keys', {
        caseId: 'c1',
        category: 'MEDICAL',
        basis: 'EMPLOYEE_REQUEST',
      });
      expect(answer).toMatchObject({ status: 200, body: { happened: ['ErasureDecided', 'SubjectKeyDestroyed'] } });
      await app.settled();
      const [, destroyed] = await app.events('records.erasure-person-1');
      const { keyId } = app.platform.vault.contextOf(mine);
      expect(destroyed?.data).toEqual({
        keyId,
        personId: 'person-1',
        caseId: 'c1',
        category: 'MEDICAL',
        basis: 'EMPLOYEE_REQUEST',
      });
      const decided = { personId: 'person-1', caseId: 'c1', categories: ['MEDICAL'], basis: 'EMPLOYEE_REQUEST' };
      expect(app.told()).toEqual([
        { type: 'ErasureDecided', data: decided },
        { type: 'SubjectKeyDestroyed', data: destroyed?.data },
      ]);
      const [forgotten, kept] = await texts(mine, other);
      expect(forgotten).toEqual({ forgotten: true });
      expect(kept).not.toEqual({ forgotten: true });
      await expect(app.seal('more', 'person-1', 'c1', 'MEDICAL', 'intake.motivation')).rejects.toMatchObject({
        code: 'person-forgotten',
      });
      expect(await noted('c1')).toEqual(['ErasureDecided', 'SubjectKeyDestroyed']);
    });

    it('is on the access list of the person', async () => {
      await officer().post('/records/persons/person-1/destroy-keys', { basis: 'EMPLOYEE_REQUEST' });
      const { body } = await app.as('employee', 'person-1').get('/records/persons/person-1/accesses');
      expect(body.items[0]).toMatchObject({
        inWords: expect.stringContaining('De functionaris voor privacy heeft'),
        what: { action: 'D', operation: 'records.DestroyKeys' },
      });
    });

    it('destroys again at the next start what a restored key store has brought back', async () => {
      const seal = await app.seal('motivation', 'person-1', 'c1', 'MEDICAL', 'intake.motivation');
      const [key] = await app.platform.keys.within({ personId: 'person-1' });
      if (!key) throw new Error('the seal made a key');
      await officer().post('/records/persons/person-1/destroy-keys', { basis: 'EMPLOYEE_REQUEST' });
      await app.close();
      await start();
      // A fresh key store stands for the restored one: it has never heard of the destruction.
      await app.settled();
      await expect(app.platform.keys.put([key])).resolves.toEqual(['destroyed']);
      expect(app.platform.vault.contextOf(seal).keyId).toBe(key.keyId);
    });

    it('destroys it before anything is served', async () => {
      await officer().post('/records/persons/person-1/destroy-keys', { basis: 'EMPLOYEE_REQUEST' });
      // The key store of the other deployment on this log has never heard of it.
      const { events, vault } = log.platform;
      await log.seal('motivation', 'person-1', 'c1', 'MEDICAL', 'intake.motivation');
      await log.seal('motivation', 'person-2', 'c1', 'MEDICAL', 'intake.motivation');
      await new ErasuresHandler(events, vault).onModuleInit();
      expect(await vault.keysWithin({ personId: 'person-1' })).toEqual([]);
      expect(await vault.keysWithin({ personId: 'person-2' })).toHaveLength(1);
    });

    it('repeats safely: the same key of the request gives the first answer', async () => {
      const body = { basis: 'EMPLOYEE_REQUEST' };
      const first = await officer().post('/records/persons/person-1/destroy-keys', body, { idempotencyKey: 'k1' });
      const again = await officer().post('/records/persons/person-1/destroy-keys', body, { idempotencyKey: 'k1' });
      expect(again.body).toEqual(first.body);
      const later = await officer().post('/records/persons/person-1/destroy-keys', body);
      expect(later.body.happened).toEqual([]);
      expect(await app.events('records.erasure-person-1')).toHaveLength(1);
    });

    it('keeps bills for the tax office', async () => {
      const seal = await app.seal('name', 'person-1', 'c1', 'BILLING', 'billing.debtor');
      const refused = await officer().post('/records/persons/person-1/destroy-keys', {
        category: 'BILLING',
        basis: 'EMPLOYEE_REQUEST',
      });
      expect(refused).toMatchObject({ status: 409, body: { code: 'records.tax-duty' } });
      await officer().post('/records/persons/person-1/destroy-keys', { basis: 'EMPLOYEE_REQUEST' });
      expect(await app.platform.keys.byId(app.platform.vault.contextOf(seal).keyId)).not.toBe('destroyed');
    });

    it('BR-69 asks the log what the basis says of a case: submitted, changed, billed', async () => {
      const seal = await app.seal('motivation', 'person-1', 'c1', 'MEDICAL', 'intake.motivation');
      const forget = async (body: object) => {
        const answer = await officer().post('/records/persons/person-1/destroy-keys', body);
        return answer.status === 200 ? 200 : (answer.body.code as string);
      };
      const goesOn = (category: string, ...types: string[]) =>
        app.given(
          `${category}-c1`,
          types.map((type) => happened(type)),
          ofCase('c1'),
        );
      await goesOn('intake.case', 'SecondOpinionWishRecorded');
      expect(await forget({ basis: 'NEVER_SUBMITTED', caseId: 'c1' })).toBe('records.retention-running');
      await goesOn('intake.case', 'SecondOpinionRequestSubmitted');
      await goesOn('billing.quote', 'SubmissionNoted', 'QuoteIssued');
      expect(await forget({ basis: 'NEVER_SUBMITTED' })).toBe('records.request-submitted');
      expect(await forget({ basis: 'RETENTION_ENDED', category: 'BILLING' })).toBe('records.tax-duty');
      expect(await forget({ basis: 'RETENTION_ENDED', category: 'MEDICAL' })).toBe('records.retention-running');
      expect(await app.platform.keys.byId(app.platform.vault.contextOf(seal).keyId)).not.toBe('destroyed');
      expect(await forget({ basis: 'EMPLOYEE_REQUEST' })).toBe(200);
      expect(await app.platform.keys.byId(app.platform.vault.contextOf(seal).keyId)).toBe('destroyed');
    });

    it('BR-69 the last case takes who he was with it when its term has ended, and nothing of anybody else', async () => {
      const ofPerson = (personId: string, ...cases: string[]) => [
        happened('PersonRegistered', { personId }),
        ...cases.map((caseId) => happened('CaseOfPersonRecorded', { caseId })),
      ];
      await app.given('intake.person-person-1', ofPerson('person-1', 'c1', 'c2'));
      for (const caseId of ['c1', 'c2'])
        await app.given(`intake.case-${caseId}`, [happened('SecondOpinionRequestSubmitted')], ofCase(caseId));
      const seal = (personId: string, category: 'IDENTITY' | 'CONTACT') =>
        app.seal('text', personId, '', category, category === 'IDENTITY' ? 'intake.name' : 'intake.contact');
      const [name, address, other] = [
        await seal('person-1', 'IDENTITY'),
        await seal('person-1', 'CONTACT'),
        await seal('person-2', 'IDENTITY'),
      ];
      const gone = () => Promise.all([name, address, other].map((one) => app.platform.vault.isForgotten(one)));
      app.clock.advanceTo('2047-01-01T09:00:00.000Z');
      const forget = (caseId: string) =>
        officer().post('/records/persons/person-1/destroy-keys', { caseId, basis: 'RETENTION_ENDED' });
      expect((await forget('c1')).body.happened).toEqual(['ErasureDecided']);
      expect(await gone()).toEqual([false, false, false]);
      expect((await forget('c2')).body.happened).toEqual([
        'ErasureDecided',
        'ErasureDecided',
        'SubjectKeyDestroyed',
        'SubjectKeyDestroyed',
      ]);
      expect(await gone()).toEqual([true, true, false]);
    });

    it('BR-69 names on the access log the keys of who he was, also where his last case was forgotten before that took them', async () => {
      await app.given('intake.person-person-1', [happened('CaseOfPersonRecorded', { caseId: 'c1' })]);
      await app.given('intake.case-c1', [happened('SecondOpinionRequestSubmitted')], ofCase('c1'));
      const categories = ['IDENTITY', 'CONTACT', 'MEDICAL', 'BILLING'];
      const decided = { personId: 'person-1', caseId: 'c1', categories, basis: 'RETENTION_ENDED' };
      await app.given('records.erasure-person-1', [happened('ErasureDecided', decided)]);
      const seal = await app.seal('text', 'person-1', '', 'IDENTITY', 'intake.name');
      app.clock.advanceTo('2047-01-01T09:00:00.000Z');
      const body = { caseId: 'c1', basis: 'RETENTION_ENDED' };
      const answer = await officer().post('/records/persons/person-1/destroy-keys', body);
      expect(answer.body.happened).toEqual(['ErasureDecided', 'SubjectKeyDestroyed']);
      const { records: written } = await app.platform.accessLog.read({ personId: 'person-1' });
      expect(written).toMatchObject([{ operation: 'records.DestroyKeys' }]);
      expect(JSON.stringify(written)).toContain(app.platform.vault.contextOf(seal).keyId);
      expect(await app.platform.vault.isForgotten(seal)).toBe(true);
    });

    it('is for the privacy officer alone', async () => {
      for (const role of ['employee', 'company-doctor', 'back-office', 'auditor', 'operator', 'employer'] as const) {
        const answer = await app.as(role).post('/records/persons/person-1/destroy-keys', { basis: 'EMPLOYEE_REQUEST' });
        expect([role, answer.status]).toEqual([role, 403]);
      }
      expect(await app.events('records.erasure-person-1')).toEqual([]);
    });

    it('takes no keys and no other fields from the request', async () => {
      for (const body of [
        { basis: 'EMPLOYEE_REQUEST', keys: [] },
        { basis: 'WISH' },
        {},
        { basis: 'EMPLOYEE_REQUEST', category: 'ALL' },
      ])
        expect((await officer().post('/records/persons/person-1/destroy-keys', body)).status).toBe(400);
    });
  });
});
