import { Readable } from 'node:stream';
import { INTAKE_TOPIC, REPORTING_TOPIC } from '@second-opinion/contracts';
import { testToken } from '@second-opinion/nest/testing';
import { OverHttp, PDF, reportTexts } from './testing/over-http';

let http: OverHttp;
beforeEach(async () => {
  http = await OverHttp.begin();
});
afterEach(() => http.context.close());

const NEXT_DAY = '2026-11-25T23:00:00.000Z';
const END_OF_TERM = '2026-12-09T23:00:00.000Z';
const consent = () => http.employee.post(`${http.url}/grant-release-consent`, { version: 1 });

describe('from the sharing to the follow-up', () => {
  it('BR-32 only the employee reads it; BR-34 the own doctor after the release of that version; BR-42 he answers', async () => {
    await http.shared();
    await http.context.listen(REPORTING_TOPIC);
    const before = await http.ownDoctor.get(`${http.url}/report`);
    expect([before.status, before.body.code]).toEqual([404, 'not-found']);
    expect((await http.employee.get(`${http.url}/report`)).body).toMatchObject({ version: 1, ...reportTexts });
    await http.did(consent());
    await http.context.settled();
    expect((await http.ownDoctor.get(`${http.url}/report`)).status).toBe(404);
    await http.advanceTo(NEXT_DAY);
    const released = await http.ownDoctor.get(`${http.url}/report`);
    expect(released.body).toMatchObject({ version: 1, ...reportTexts, releasedAt: NEXT_DAY });
    expect(await http.types()).toEqual(expect.arrayContaining(['ReportReleased', 'ReleaseReceiptRecorded']));
    await http.did(
      http.ownDoctor.post(`${http.url}/record-follow-up`, {
        adoption: 'PARTLY',
        motivation: 'Omdat',
        discussedOn: '2026-11-26',
      }),
    );
    await http.context.settled();
    expect((await http.employee.get(http.url)).body.followUp).toMatchObject({
      adoption: 'PARTLY',
      motivation: 'Omdat',
    });
    expect((await http.doctor.get(http.url)).body.followUp).toBeUndefined();
    expect(http.context.told().map(({ type }) => type)).toEqual(
      expect.arrayContaining(['ReportReleased', 'FollowUpRecorded']),
    );
    expect(JSON.stringify(http.context.told())).not.toMatch(/Consent|Block/);
  });

  it('A18 the receipt names the version that the own doctor opened', async () => {
    await http.shared();
    await http.did(consent());
    await http.advanceTo(NEXT_DAY);
    const ask = { version: 1, correction: 'Geboortejaar' };
    await http.did(http.employee.post(`${http.url}/request-factual-correction`, ask));
    await http.did(http.doctor.post(`${http.url}/correct-report`, reportTexts));
    await http.did(http.doctor.post(`${http.url}/share-report`, { version: 2 }));
    await http.did(http.employee.post(`${http.url}/grant-release-consent`, { version: 2 }));
    await http.advanceTo('2026-11-26T23:00:00.000Z');
    const receipts = async () =>
      (await http.context.events(http.stream)).flatMap(({ type, data }) =>
        type === 'ReleaseReceiptRecorded' ? [(data as { version: number }).version] : [],
      );
    for (const path of ['report-versions/1', 'report-versions/1', 'report', 'report'])
      expect((await http.ownDoctor.get(`${http.url}/${path}`)).status).toBe(200);
    expect(await receipts()).toEqual([1, 2]);
  });

  it('BR-66 every opening of the report is in the access log of the employee, the denied ones too', async () => {
    await http.shared();
    await http.ownDoctor.get(`${http.url}/report`);
    await http.doctor.get(`${http.url}/report`);
    const page = await http.context.platform.accessLog.read({ personId: 'person-1', limit: 100 });
    const seen = page.records.map(({ actorId, outcome }) => `${actorId} ${outcome}`);
    expect(seen).toEqual(expect.arrayContaining(['doctor-1 DENIED', 'doctor-2 SUCCESS']));
  });

  it('BR-66, BR-67 the auditor reads which version was to be corrected, without the texts, and is not recorded as denied', async () => {
    const auditor = http.context.as('auditor');
    const seen = async () => {
      await http.context.settled();
      const [one, list] = [await auditor.get(http.url), await auditor.get('/reporting/cases')];
      expect(list.body.items).toEqual([one.body]);
      const { correction, correctionRejected } = one.body;
      return { correction, correctionRejected };
    };
    await http.shared();
    const ask = { version: 1, correction: 'Geboortejaar' };
    await http.did(http.employee.post(`${http.url}/request-factual-correction`, ask));
    expect(await seen()).toEqual({ correction: { requestId: expect.any(String) as string, version: 1 } });
    expect((await http.employee.get(http.url)).body.correction).toMatchObject(ask);
    await http.did(http.doctor.post(`${http.url}/reject-correction`, { reason: 'Geen feit' }));
    expect(await seen()).toEqual({ correctionRejected: { version: 1 } });
    expect((await http.employee.get(http.url)).body.correctionRejected).toEqual({ version: 1, reason: 'Geen feit' });
    for (const reader of [http.employee, http.doctor, http.ownDoctor, http.context.as('back-office')])
      expect((await reader.get(http.url)).status).toBe(200);
    const { records } = await http.context.platform.accessLog.read({ personId: 'person-1', limit: 500 });
    expect(records.filter(({ actorRole, outcome }) => actorRole === 'auditor' || outcome === 'DENIED')).toEqual([]);
  });

  it('BR-61 the employee keeps his report, blocked and withdrawn too', async () => {
    await http.shared();
    await http.did(http.employee.post(`${http.url}/block-report`));
    await http.did(http.employee.post(`${http.url}/withdraw-request`));
    await http.advanceTo(END_OF_TERM);
    expect((await http.employee.get(`${http.url}/report-versions/1`)).body).toMatchObject(reportTexts);
    expect((await http.doctor.get(`${http.url}/report`)).status).toBe(200);
    expect((await http.ownDoctor.get(`${http.url}/report`)).status).toBe(404);
  });

  it('BR-33 a correction makes a second version, and the first stays what it was', async () => {
    await http.shared();
    const ask = { version: 1, correction: 'Geboortejaar' };
    await http.did(http.employee.post(`${http.url}/request-factual-correction`, ask));
    await http.did(http.doctor.post(`${http.url}/correct-report`, { ...reportTexts, findings: 'Gecorrigeerd' }));
    await http.context.settled();
    expect((await http.employee.get(`${http.url}/report-versions/2`)).status).toBe(404);
    expect((await http.employee.get(`${http.url}/report`)).body.findings).toBe(reportTexts.findings);
    await http.did(http.doctor.post(`${http.url}/share-report`, { version: 2 }));
    await http.context.settled();
    expect((await http.employee.get(`${http.url}/report`)).body).toMatchObject({
      version: 2,
      findings: 'Gecorrigeerd',
    });
    expect((await http.employee.get(`${http.url}/report-versions/1`)).body.findings).toBe(reportTexts.findings);
    expect((await consent()).body).toMatchObject({ code: 'reporting.not-the-latest-version', latest: 2 });
  });

  it('BR-36, BR-38 blocked: told at the end of the term as not released; a late consent still releases', async () => {
    await http.shared();
    await http.context.listen(REPORTING_TOPIC);
    const seen = async () => {
      await http.context.settled();
      const { headers, body } = await http.ownDoctor.get(http.url);
      return { etag: headers['etag'], body };
    };
    const before = await seen();
    await http.did(http.employee.post(`${http.url}/block-report`));
    expect(await seen()).toEqual(before);
    await http.advanceTo('2026-12-09T22:59:59.000Z');
    expect(await seen()).toEqual(before);
    await http.advanceTo(END_OF_TERM);
    expect((await seen()).body.release).toEqual({ status: 'NOT_RELEASED', at: END_OF_TERM });
    expect(http.context.told()).toContainEqual({
      type: 'ReportNotReleased',
      data: { caseId: 'case-1', outcome: 'BLOCKED', at: END_OF_TERM },
    });
    await http.did(consent());
    await http.advanceTo('2026-12-10T23:00:00.000Z');
    expect((await seen()).body.release).toMatchObject({ status: 'RELEASED', version: 1 });
  });

  it('N11 the employee is reminded on working day 5 and 8, and no longer once he has decided', async () => {
    await http.shared();
    await http.context.listen(REPORTING_TOPIC);
    const reminders = () => http.context.told().filter(({ type }) => type === 'ReleaseReminderDue').length;
    await http.advanceTo('2026-12-01T22:59:59.000Z');
    expect(reminders()).toBe(0);
    await http.advanceTo('2026-12-01T23:00:00.000Z');
    expect(reminders()).toBe(1);
    await http.did(http.employee.post(`${http.url}/block-report`));
    await http.advanceTo(END_OF_TERM);
    expect(reminders()).toBe(1);
  });
});

describe('another doctor', () => {
  it('BR-22 the employee authorises when the doctor is known, and anew for the next one (A15)', async () => {
    const { caseId } = http;
    const next = http.context.as('second-opinion-doctor', 'doctor-3');
    const grant = () => http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'FULL' });
    await http.submitted();
    expect(await grant()).toMatchObject({ status: 409, body: { code: 'reporting.no-doctor-yet' } });
    await http.started();
    await http.did(grant());
    const { id } = (await http.did(http.upload(http.ownDoctor, 'FML'))).body;
    await http.consulted();
    await http.did(http.doctor.post(`${http.url}/finalise-report-for-review`, reportTexts));
    await http.context.publish(INTAKE_TOPIC, caseId, 'IndependenceConfirmed', {
      caseId,
      doctorId: 'doctor-3',
      round: 2,
    });
    await http.context.settled();
    const document = `${http.url}/documents/${id}`;
    const reads = async () =>
      Promise.all([document, `${http.url}/report`].flatMap((url) => [http.doctor, next].map((one) => one.get(url))));
    expect((await reads()).map(({ status }) => status)).toEqual([404, 409, 404, 404]);
    expect((await next.get(`${http.url}/documents`)).body.items).toMatchObject([{ documentId: id, kind: 'FML' }]);
    expect((await next.get(`${http.url}/documents`)).body.items[0].name).toBeUndefined();
    await http.did(grant());
    await http.context.settled();
    expect((await reads()).map(({ status }) => status)).toEqual([404, 200, 404, 404]);
    expect((await next.post(`${http.url}/share-report`, {})).body.code).toBe('reporting.no-report');
  });
});

describe('the register', () => {
  const register = (registeredUntil: string, doctorId = 'doctor-2') =>
    http.context.publish(INTAKE_TOPIC, doctorId, 'DoctorRegistered', {
      doctorId,
      registerName: 'A. Arts',
      registrationNumber: '19012345601',
      organisationId: 'service-first',
      secondOpinionDoctor: doctorId === 'doctor-2',
      region: '35',
      registeredUntil,
      contact: 'seal',
      language: 'nl',
    });
  it('BR-19 a doctor whose registration has ended writes no report', async () => {
    await http.started();
    await http.consulted();
    await register('2026-11-01');
    await http.context.settled();
    const finalise = () => http.doctor.post(`${http.url}/finalise-report-for-review`, reportTexts);
    expect(await finalise()).toMatchObject({ status: 409, body: { code: 'reporting.doctor-not-registered' } });
    await register('2027-12-31');
    await http.context.settled();
    await http.did(finalise());
  });

  it('BR-19 an own doctor whose registration has ended records no follow-up', async () => {
    await http.shared();
    await http.did(consent());
    await http.advanceTo(NEXT_DAY);
    await register('2026-11-01', 'doctor-1');
    await http.context.settled();
    const answer = () =>
      http.ownDoctor.post(`${http.url}/record-follow-up`, { adoption: 'PARTLY', motivation: 'Omdat' });
    expect(await answer()).toMatchObject({ status: 409, body: { code: 'reporting.doctor-not-registered' } });
    await register('2027-12-31', 'doctor-1');
    await http.context.settled();
    await http.did(answer());
  });
});

describe('races', () => {
  /** Sends a document of which the second half waits until something has happened. */
  async function arriving(happens: () => Promise<unknown>) {
    async function* halves() {
      yield PDF.subarray(0, 20);
      await happens();
      yield Buffer.concat([PDF.subarray(20), Buffer.alloc(200_000, ' ')]);
    }
    return http.context.app.inject({
      method: 'POST',
      url: `${http.url}/documents`,
      headers: {
        authorization: testToken('company-doctor', 'doctor-1'),
        'idempotency-key': 'arriving',
        'content-type': 'application/pdf',
        'document-kind': 'FML',
        'document-name': 'brief.pdf',
      },
      payload: Readable.from(halves()),
    });
  }
  const keys = async () =>
    (
      await http.context.platform.vault.keysWithin({ personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' })
    ).filter(({ object }) => object !== undefined);

  it('BR-22, BR-25 the authorisation is withdrawn while a document arrives: nothing is stored', async () => {
    await http.started();
    await http.did(
      http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'SELECTED', kinds: ['FML'] }),
    );
    const answer = await arriving(() => http.did(http.employee.post(`${http.url}/withdraw-transfer-authorisation`)));
    expect([answer.statusCode, answer.json().code]).toEqual([409, 'reporting.no-authorisation']);
    expect(await http.types()).not.toContain('DossierDocumentAdded');
    expect(await keys()).toEqual([]);
    // The same request again, with an authorisation again, is not held up by what was destroyed.
    await http.did(
      http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'SELECTED', kinds: ['FML'] }),
    );
    expect((await arriving(() => Promise.resolve())).statusCode).toBe(201);
  });

  it('BR-25 it is withdrawn between the decision and the append: decided again, nothing is stored', async () => {
    await http.started();
    await http.did(
      http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'SELECTED', kinds: ['FML'] }),
    );
    http.before('DossierDocumentAdded', () =>
      http.did(http.employee.post(`${http.url}/withdraw-transfer-authorisation`)),
    );
    expect((await http.upload(http.ownDoctor, 'FML')).body.code).toBe('reporting.no-authorisation');
    expect(await keys()).toEqual([]);
  });

  it('BR-25 what was not read yet when the authorisation was withdrawn is destroyed: key and ciphertext', async () => {
    await http.started();
    await http.did(
      http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'SELECTED', kinds: ['FML'] }),
    );
    const unread = await http.did(http.upload(http.ownDoctor, 'FML'));
    const [added] = (await http.context.events(http.stream)).filter(({ type }) => type === 'DossierDocumentAdded');
    const { storedId } = added?.data as { storedId: string };
    expect(await http.documents.has(storedId)).toBe(true);
    await http.did(http.employee.post(`${http.url}/withdraw-transfer-authorisation`));
    await http.context.settled();
    expect(await http.types()).toContain('DocumentsDestroyed');
    expect(await http.documents.has(storedId)).toBe(false);
    expect(await keys()).toEqual([]);
    expect((await http.doctor.get(`${http.url}/documents/${unread.body.id}`)).status).toBe(404);
  });

  it('BR-25 nothing is opened from the moment on at which the withdrawal was acknowledged, names included', async () => {
    await http.started();
    await http.did(http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'FULL' }));
    await http.did(http.upload(http.ownDoctor, 'FML'));
    await http.context.settled();
    expect((await http.doctor.get(`${http.url}/documents`)).body.items[0].name).toBe('Brief – Zoë.pdf');
    await http.did(http.employee.post(`${http.url}/withdraw-transfer-authorisation`));
    expect((await http.doctor.get(`${http.url}/documents`)).body.items[0].name).toBeUndefined();
  });

  it.each([
    ['before it is decided', 'DossierDocumentOpeningDecided'],
    ['before it leaves', 'DossierDocumentOpened'],
  ])('BR-22 it is withdrawn while the second opinion doctor opens a document, %s: not opened', async (_, type) => {
    await http.started();
    await http.did(
      http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'SELECTED', kinds: ['FML'] }),
    );
    const { body } = await http.did(http.upload(http.ownDoctor, 'FML'));
    await http.context.settled();
    http.before(type, () => http.did(http.employee.post(`${http.url}/withdraw-transfer-authorisation`)));
    expect((await http.doctor.get(`${http.url}/documents/${body.id}`)).status).toBe(404);
    expect(await http.types()).not.toContain('DossierDocumentOpened');
  });

  it('BR-25, BR-66 what could not be opened was not read: a withdrawal takes it', async () => {
    await http.started();
    await http.did(http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'FULL' }));
    const { body } = await http.did(http.upload(http.ownDoctor, 'FML'));
    await http.context.settled();
    const { accessLog } = http.context.platform;
    const write = accessLog.write.bind(accessLog);
    accessLog.write = () => Promise.reject(new Error('the access log is away'));
    expect((await http.doctor.get(`${http.url}/documents/${body.id}`)).status).toBe(503);
    accessLog.write = write;
    expect(await http.types()).not.toContain('DossierDocumentOpened');
    await http.did(http.employee.post(`${http.url}/withdraw-transfer-authorisation`));
    await http.context.settled();
    expect(await http.types()).toContain('DocumentsDestroyed');
    expect(await keys()).toEqual([]);
  });

  it('a crash while a document arrives leaves nothing readable', async () => {
    await http.started();
    await http.context.given(http.stream, [
      { type: 'DocumentExpected', data: { contentId: 'content-lost', giveUpAt: '2026-11-25T10:00:00.000Z' } },
    ]);
    const place = { personId: 'person-1', caseId: 'case-1', category: 'MEDICAL' as const, object: 'content-lost' };
    const documents = http.context.platform.vault.documents(http.documents);
    await documents.seal(Readable.from([PDF]), { ...place, purpose: 'reporting.ownDocument' });
    expect(await keys()).toHaveLength(1);
    await http.advanceTo('2026-11-25T10:00:00.000Z');
    expect(await http.types()).toContain('DocumentGivenUp');
    expect(await keys()).toEqual([]);
  });

  it('BR-37 the consent is withdrawn while the release runs: not released', async () => {
    await http.shared();
    await http.did(consent());
    http.before('ReportReleased', () => http.did(http.employee.post(`${http.url}/withdraw-release-consent`)));
    await http.advanceTo(NEXT_DAY);
    expect(await http.types()).not.toContain('ReportReleased');
    expect((await http.ownDoctor.get(`${http.url}/report`)).status).toBe(404);
  });

  it('BR-37 the release comes while the consent is withdrawn: the employee is told that it is too late', async () => {
    await http.shared();
    await http.did(consent());
    http.before('ReleaseConsentWithdrawn', () => http.advanceTo(NEXT_DAY));
    const answer = await http.employee.post(`${http.url}/withdraw-release-consent`);
    expect([answer.status, answer.body.code]).toEqual([409, 'reporting.already-released']);
    expect((await http.types()).filter((type) => type === 'ReportReleased')).toHaveLength(1);
  });

  it('BR-76 the request is withdrawn while the report is released: one of the two, never both', async () => {
    await http.shared();
    await http.did(consent());
    http.before('ReportReleased', () => http.did(http.employee.post(`${http.url}/withdraw-request`)));
    await http.advanceTo(NEXT_DAY);
    expect(await http.types()).not.toContain('ReportReleased');
    await http.advanceTo(END_OF_TERM);
    expect((await http.context.events(http.stream)).at(-1)).toEqual({
      type: 'ReleaseTermEnded',
      data: { outcome: 'WITHDRAWN', at: END_OF_TERM },
    });
  });

  it('BR-76 and the other way round', async () => {
    await http.shared();
    await http.did(consent());
    http.before('RequestWithdrawn', () => http.advanceTo(NEXT_DAY));
    expect((await http.employee.post(`${http.url}/withdraw-request`)).body.code).toBe('reporting.already-released');
    expect(await http.types()).not.toContain('RequestWithdrawn');
  });
});
