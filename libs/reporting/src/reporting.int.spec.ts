import { REPORTING_TOPIC } from '@second-opinion/contracts';
import { Unavailable } from '@second-opinion/kernel';
import type { TestAnswer } from '@second-opinion/nest/testing';
import { OverHttp, PDF } from './testing/over-http';

let http: OverHttp;
beforeEach(async () => {
  http = await OverHttp.begin();
});
afterEach(() => http.context.close());

describe('the file over HTTP', () => {
  it('opens with the submission and tells it, once', async () => {
    await http.context.listen(REPORTING_TOPIC);
    await http.started();
    await http.started();
    expect(await http.types()).toEqual([
      'MedicalFileOpened',
      'IndependenceNoted',
      'TransferAuthorisationAsked',
      'ClockPaused',
    ]);
    expect(http.context.told()).toEqual([
      { type: 'MedicalFileOpened', data: { caseId: 'case-1' } },
      { type: 'TransferAuthorisationAsked', data: { caseId: 'case-1' } },
    ]);
    expect((await http.employee.get('/reporting/tasks')).body.items).toMatchObject([
      { task: 'GrantTransferAuthorisation' },
    ]);
  });

  it('BR-40 an employer, and whoever takes no part, gets the answer of a case that does not exist', async () => {
    await http.started();
    for (const path of [http.url, `${http.url}/documents`, `${http.url}/report`, `${http.url}/documents/x`]) {
      for (const client of [
        http.context.as('employer'),
        http.context.as('employee', 'person-9'),
        http.context.as('company-doctor', 'doctor-9'),
      ]) {
        const answer = await client.get(path);
        const other = await client.get(path.replace('case-1', 'case-0'));
        expect([answer.status, { ...answer.body, requestId: '' }]).toEqual([
          other.status,
          { ...other.body, requestId: '' },
        ]);
        expect(answer.status).toBe(404);
      }
    }
    expect((await http.context.as('employer').get('/reporting/cases')).status).toBe(403);
    expect((await http.context.as('employer').get('/reporting/tasks')).status).toBe(403);
  });

  it('BR-39 nobody but the employee grants, blocks or withdraws', async () => {
    await http.shared();
    for (const client of [http.ownDoctor, http.doctor, http.context.as('back-office')]) {
      for (const act of ['grant-release-consent', 'block-report', 'withdraw-release-consent', 'withdraw-request'])
        expect(
          (await client.post(`${http.url}/${act}`, act === 'grant-release-consent' ? { version: 1 } : {})).status,
        ).toBe(403);
    }
  });

  it('BR-41, BR-44 there is no capacity summary and no route to the employer', async () => {
    const { body } = await http.employee.get('/openapi.json');
    expect(JSON.stringify(body.paths)).not.toMatch(/capacity|employer/i);
  });
});

describe('documents', () => {
  it('BR-22, BR-66 goes in sealed and comes out to the second opinion doctor, the access record first', async () => {
    await http.started();
    expect((await http.upload(http.ownDoctor, 'FML')).body.code).toBe('reporting.no-authorisation');
    await http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'SELECTED', kinds: ['FML'] });
    const added = await http.upload(http.ownDoctor, 'FML');
    expect(added).toMatchObject({ status: 201, body: { happened: ['DossierDocumentAdded'] } });
    await http.context.settled();
    const list = await http.doctor.get(`${http.url}/documents`);
    expect(list.body.items).toMatchObject([
      { documentId: added.body.id, name: 'Brief – Zoë.pdf', size: PDF.length, opened: false },
    ]);
    const opened = await http.doctor.get(`${http.url}/documents/${added.body.id}`);
    expect([opened.status, opened.headers['content-type'], opened.body]).toEqual([
      200,
      'application/pdf',
      PDF.toString(),
    ]);
    expect(await http.types()).toContain('DossierDocumentOpened');
    expect(JSON.stringify(await http.context.recorded(http.stream))).not.toMatch(/Zoë|Brief/);
  });

  it('the own doctor sees that he sent it and no more; he cannot open it', async () => {
    await http.started();
    const added = await http.upload(http.ownDoctor, 'WORK_SITUATION');
    await http.upload(http.employee, 'MEDICAL_LETTER');
    await http.context.settled();
    const { items } = (await http.ownDoctor.get(`${http.url}/documents`)).body;
    expect(items).toEqual([
      {
        documentId: added.body.id,
        kind: 'WORK_SITUATION',
        senderRole: 'own-doctor',
        size: PDF.length,
        mediaType: 'application/pdf',
        addedAt: '2026-11-25T09:00:00.000Z',
        status: 'STORED',
      },
    ]);
    expect((await http.ownDoctor.get(`${http.url}/documents/${added.body.id}`)).status).toBe(404);
    expect((await http.context.as('back-office').get(`${http.url}/documents`)).body.items).toHaveLength(2);
    expect(JSON.stringify((await http.context.as('back-office').get(`${http.url}/documents`)).body)).not.toMatch(/Zoë/);
  });

  it('BR-22 what the employee brought is the own doctor’s to see once the employee shares it', async () => {
    await http.started();
    const { body } = await http.upload(http.employee, 'MEDICAL_LETTER');
    await http.context.settled();
    expect((await http.ownDoctor.get(`${http.url}/documents/${body.id}`)).status).toBe(404);
    await http.employee.post(`${http.url}/documents/${body.id}/share-document-with-own-doctor`);
    await http.context.settled();
    expect((await http.ownDoctor.get(`${http.url}/documents`)).body.items).toMatchObject([{ name: 'Brief – Zoë.pdf' }]);
    expect((await http.ownDoctor.get(`${http.url}/documents/${body.id}`)).status).toBe(200);
  });

  it('the same upload again is the same document; another content under the same key is refused', async () => {
    await http.started();
    const first = await http.upload(http.employee, 'OTHER', { 'idempotency-key': 'upload-1' });
    const again = await http.upload(http.employee, 'OTHER', { 'idempotency-key': 'upload-1' });
    expect(again.body).toEqual(first.body);
    expect(await http.types()).toEqual(expect.arrayContaining(['DossierDocumentAdded']));
    expect((await http.types()).filter((type) => type === 'DossierDocumentAdded')).toHaveLength(1);
    const other = await http.upload(
      http.employee,
      'OTHER',
      { 'idempotency-key': 'upload-1' },
      Buffer.concat([PDF, PDF]),
    );
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  describe('when the answer of the event store is lost (A12)', () => {
    const key = { 'idempotency-key': 'upload-1' };
    const upload = () => http.upload(http.employee, 'OTHER', key);
    const added = async () => (await http.types()).filter((type) => type === 'DossierDocumentAdded').length;
    const keys = async () =>
      (
        await http.context.platform.vault.keysWithin({ personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' })
      ).filter(({ object }) => object !== undefined);
    const opens = async ({ body }: TestAnswer) => {
      const answer = await http.employee.get(`${http.url}/documents/${String(body.id)}`);
      return { status: answer.status, content: answer.body as unknown };
    };

    it('what was added stays readable, and the repeat finds it', async () => {
      await http.started();
      http.unknown('DossierDocumentAdded', true);
      expect((await upload()).status).toBe(503);
      const again = await upload();
      expect([again.status, await added()]).toEqual([201, 1]);
      await http.advanceTo('2026-11-25T12:00:00.000Z');
      expect(await opens(again)).toEqual({ status: 200, content: PDF.toString() });
    });

    it('what was not added is given up at its term, and the repeat is stored', async () => {
      await http.started();
      http.unknown('DossierDocumentAdded', false);
      expect((await upload()).status).toBe(503);
      const again = await upload();
      expect([again.status, await added(), (await keys()).length]).toEqual([201, 1, 2]);
      await http.advanceTo('2026-11-25T12:00:00.000Z');
      expect(await keys()).toHaveLength(1);
      expect(await opens(again)).toEqual({ status: 200, content: PDF.toString() });
    });

    it('what was added stays, when only the look at it fails', async () => {
      await http.started();
      const { events } = http.context.platform;
      const [append, read] = [events.append.bind(events), events.readStream.bind(events)];
      events.append = async (stream, expected, batch) => {
        const result = await append(stream, expected, batch);
        if (batch.some(({ type }) => type === 'DossierDocumentAdded'))
          events.readStream = () => {
            events.readStream = read;
            return Promise.reject(new Unavailable('event-store.unavailable'));
          };
        return result;
      };
      await upload();
      events.readStream = read;
      const again = await upload();
      expect([again.status, await added()]).toEqual([201, 1]);
      expect(await opens(again)).toEqual({ status: 200, content: PDF.toString() });
    });

    it('a repeat is not told that a document is here whose content is gone', async () => {
      await http.started();
      const { body } = await http.did(upload());
      const [{ object } = {}] = await keys();
      const place = { personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' as const };
      await http.context.platform.vault.destroyKeys({ ...place, object: String(object) });
      const again = await upload();
      expect([again.status, again.body.code]).toEqual([409, 'reporting.document-forgotten']);
      expect((await http.employee.get(`${http.url}/documents/${String(body.id)}`)).status).toBe(404);
    });
  });

  it.each([
    ['no kind', { 'document-kind': '' }, 400],
    ['no name', { 'document-name': '' }, 400],
    ['a name that is no UTF-8', { 'document-name': '%ff' }, 400],
    ['JSON', { 'content-type': 'application/json' }, 415],
    ['a kind that does not exist', { 'document-kind': 'PHOTO' }, 400],
  ])('refuses %s', async (_, headers, status) => {
    await http.started();
    const body = 'content-type' in headers ? Buffer.from('{}') : PDF;
    expect((await http.upload(http.employee, 'OTHER', headers as Record<string, string>, body)).status).toBe(status);
    expect(await http.types()).not.toContain('DossierDocumentAdded');
  });

  it('BR-77 the texts are shown with their versions, and to no employer', async () => {
    const { context, employee } = http;
    const { status, body } = await employee.get('/reporting/texts');
    expect([status, body.texts[0]]).toMatchObject([200, { name: 'transferAuthorisation' }]);
    expect((await context.as('employer').get('/reporting/texts')).status).toBe(403);
  });
});
