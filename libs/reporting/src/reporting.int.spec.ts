import { INTAKE_TOPIC, REPORTING_TOPIC, SCHEDULING_TOPIC } from '@second-opinion/contracts';
import { testContext, type TestContext } from '@second-opinion/nest/testing';
import { ReportingModule } from './index';

const caseId = 'case-1';
const stream = `reporting.file-${caseId}`;
const url = `/reporting/cases/${caseId}`;
const submitted = {
  caseId,
  caseNumber: 'SO-1A2B3C4D5E',
  subject: 'AbsenceGuidance',
  employeeId: 'person-1',
  ownDoctorId: 'doctor-1',
  ownOrganisationId: 'ohs-1',
  doctorId: 'doctor-2',
  contracted: true,
  employerAgreed: false,
  region: '35',
  submittedAt: '2026-11-25T09:00:00.000Z',
};
const texts = {
  findings: 'Bevindingen: rugklachten',
  method: 'Gesprek en lichamelijk onderzoek',
  reasoning: 'Daarom',
  sources: 'Dossier, gesprek',
  conclusion: 'Conclusie: geen blijvende beperking',
};
const PDF = Buffer.from('%PDF-1.7\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n');

let context: TestContext;
const employee = () => context.as('employee', 'person-1');
const ownDoctor = () => context.as('company-doctor', 'doctor-1');
const doctor = () => context.as('second-opinion-doctor', 'doctor-2');
const types = async () => (await context.events(stream)).map(({ type }) => type);
const upload = (client: ReturnType<typeof employee>, kind: string, headers: Record<string, string> = {}, body = PDF) =>
  client.post(`${url}/documents`, body, {
    'content-type': 'application/pdf',
    'document-kind': kind,
    'document-name': encodeURIComponent('Brief – Zoë.pdf'),
    ...headers,
  });

async function started(): Promise<void> {
  await context.publish(INTAKE_TOPIC, caseId, 'SecondOpinionRequestSubmitted', submitted);
  await context.publish(INTAKE_TOPIC, caseId, 'IndependenceConfirmed', { caseId, doctorId: 'doctor-2', round: 1 });
  await context.settled();
}
async function shared(): Promise<void> {
  await started();
  await employee().post(`${url}/grant-transfer-authorisation`, { scope: ['FML', 'MEDICAL_LETTER'] });
  await context.publish(SCHEDULING_TOPIC, caseId, 'ConsultationHeld', {
    caseId,
    doctorId: 'doctor-2',
    locationId: 'location-1',
    durationMinutes: 75,
    heldAt: '2026-11-25T09:00:00.000Z',
  });
  await context.settled();
  expect(await doctor().post(`${url}/finalise-report-for-review`, texts)).toMatchObject({ status: 200 });
  expect(await doctor().post(`${url}/share-report`, { version: 1 })).toMatchObject({ status: 200 });
  await context.settled();
}

beforeEach(async () => {
  context = await testContext(ReportingModule);
});
afterEach(() => context.close());

describe('the file over HTTP', () => {
  it('opens with the submission and tells it, once', async () => {
    await context.listen(REPORTING_TOPIC);
    await started();
    await started();
    expect(await types()).toEqual(['MedicalFileOpened', 'IndependenceNoted', 'TransferAuthorisationAsked']);
    expect(context.told()).toEqual([
      { type: 'MedicalFileOpened', data: { caseId } },
      { type: 'TransferAuthorisationAsked', data: { caseId } },
    ]);
    expect((await employee().get('/reporting/tasks')).body.items).toMatchObject([
      { task: 'GrantTransferAuthorisation' },
    ]);
  });

  it('BR-40 an employer, and whoever takes no part, gets the answer of a case that does not exist', async () => {
    await started();
    for (const path of [url, `${url}/documents`, `${url}/report`, `${url}/documents/x`]) {
      for (const client of [
        context.as('employer'),
        context.as('employee', 'person-9'),
        context.as('company-doctor', 'doctor-9'),
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
    expect((await context.as('employer').get('/reporting/cases')).status).toBe(403);
    expect((await context.as('employer').get('/reporting/tasks')).body.items).toEqual([]);
  });

  it('BR-39 nobody but the employee grants, blocks or withdraws', async () => {
    await shared();
    for (const client of [ownDoctor(), doctor(), context.as('back-office')]) {
      for (const act of ['grant-release-consent', 'block-report', 'withdraw-release-consent', 'withdraw-request'])
        expect((await client.post(`${url}/${act}`, act === 'grant-release-consent' ? { version: 1 } : {})).status).toBe(
          403,
        );
    }
  });

  it('BR-41, BR-44 there is no capacity summary and no route to the employer', async () => {
    const { body } = await employee().get('/openapi.json');
    expect(JSON.stringify(body.paths)).not.toMatch(/capacity|employer/i);
  });
});

describe('documents', () => {
  it('BR-22, BR-66 goes in sealed and comes out to the second opinion doctor, the access record first', async () => {
    await started();
    expect((await upload(ownDoctor(), 'FML')).body.code).toBe('reporting.no-authorisation');
    await employee().post(`${url}/grant-transfer-authorisation`, { scope: ['FML'] });
    const added = await upload(ownDoctor(), 'FML');
    expect(added).toMatchObject({ status: 201, body: { happened: ['DossierDocumentAdded'] } });
    await context.settled();
    const list = await doctor().get(`${url}/documents`);
    expect(list.body.items).toMatchObject([
      { documentId: added.body.id, name: 'Brief – Zoë.pdf', size: PDF.length, opened: false },
    ]);
    const opened = await doctor().get(`${url}/documents/${added.body.id}`);
    expect([opened.status, opened.headers['content-type'], opened.body]).toEqual([
      200,
      'application/pdf',
      PDF.toString(),
    ]);
    expect(await types()).toContain('DossierDocumentOpened');
    expect(JSON.stringify(await context.recorded(stream))).not.toMatch(/Zoë|Brief/);
  });

  it('the own doctor sees that he sent it and no more; he cannot open it', async () => {
    await started();
    const added = await upload(ownDoctor(), 'WORK_SITUATION');
    await upload(employee(), 'MEDICAL_LETTER');
    await context.settled();
    const { items } = (await ownDoctor().get(`${url}/documents`)).body;
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
    expect((await ownDoctor().get(`${url}/documents/${added.body.id}`)).status).toBe(404);
    expect((await context.as('back-office').get(`${url}/documents`)).body.items).toHaveLength(2);
    expect(JSON.stringify((await context.as('back-office').get(`${url}/documents`)).body)).not.toMatch(/Zoë/);
  });

  it('BR-22 what the employee brought is the own doctor’s to see once the employee shares it', async () => {
    await started();
    const { body } = await upload(employee(), 'MEDICAL_LETTER');
    await context.settled();
    expect((await ownDoctor().get(`${url}/documents/${body.id}`)).status).toBe(404);
    await employee().post(`${url}/documents/${body.id}/share-document-with-own-doctor`);
    await context.settled();
    expect((await ownDoctor().get(`${url}/documents`)).body.items).toMatchObject([{ name: 'Brief – Zoë.pdf' }]);
    expect((await ownDoctor().get(`${url}/documents/${body.id}`)).status).toBe(200);
  });

  it('the same upload again is the same document; another content under the same key is refused', async () => {
    await started();
    const first = await upload(employee(), 'OTHER', { 'idempotency-key': 'upload-1' });
    const again = await upload(employee(), 'OTHER', { 'idempotency-key': 'upload-1' });
    expect(again.body).toEqual(first.body);
    expect(await types()).toEqual(expect.arrayContaining(['DossierDocumentAdded']));
    expect((await types()).filter((type) => type === 'DossierDocumentAdded')).toHaveLength(1);
    const other = await upload(employee(), 'OTHER', { 'idempotency-key': 'upload-1' }, Buffer.concat([PDF, PDF]));
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it.each([
    ['no kind', { 'document-kind': '' }, 400],
    ['no name', { 'document-name': '' }, 400],
    ['a name that is no UTF-8', { 'document-name': '%ff' }, 400],
    ['JSON', { 'content-type': 'application/json' }, 415],
    ['a kind that does not exist', { 'document-kind': 'PHOTO' }, 400],
  ])('refuses %s', async (_, headers, status) => {
    await started();
    const body = 'content-type' in headers ? Buffer.from('{}') : PDF;
    expect((await upload(employee(), 'OTHER', headers as Record<string, string>, body)).status).toBe(status);
    expect(await types()).not.toContain('DossierDocumentAdded');
  });
});
