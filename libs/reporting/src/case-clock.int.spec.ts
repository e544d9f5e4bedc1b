import { BILLING_TOPIC, REPORTING_TOPIC, SCHEDULING_TOPIC } from '@second-opinion/contracts';
import { OverHttp, reportTexts } from './testing/over-http';

// Domain section 6 over HTTP: signed on Wednesday 25 November, target ten working days later, limit fifteen.
let http: OverHttp;
beforeEach(async () => {
  http = await OverHttp.begin();
  await http.context.listen(REPORTING_TOPIC);
});
afterEach(() => http.context.close());

const TARGET = '2026-12-09T23:00:00.000Z';
const LIMIT = '2026-12-16T23:00:00.000Z';
const office = () => http.context.as('back-office', 'office-1');
const clock = async () => ((await office().get(http.url)).body as { caseClock?: object }).caseClock;
const tasks = async () => ((await office().get('/reporting/tasks')).body as { items: { task: string }[] }).items;
const overdue = () => http.context.told().filter(({ type }) => type === 'CaseOverdue');
const tell = async (topic: string, type: string, data: object) => {
  await http.context.publish(topic, http.caseId, type, { caseId: http.caseId, ...data } as never);
  await http.context.settled();
};
const sign = (quoteId = 'quote-1') =>
  tell(BILLING_TOPIC, 'QuoteSigned', { quoteId, doctorId: 'doctor-2', signedAt: '2026-11-25T09:00:00.000Z' });
const begun = async () => {
  await http.started();
  await http.did(http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'FULL' }));
  await sign();
};

it('N19 target and limit pass, each is told once, and the back office has a task until the report is shared', async () => {
  await begun();
  const startedAt = '2026-11-25T09:00:00.000Z';
  const runs = { startedAt, targetDueAt: TARGET, limitDueAt: LIMIT, pausedFor: [], overdue: [] };
  expect(await clock()).toEqual(runs);
  await http.advanceTo(TARGET);
  expect(overdue().map(({ data }) => data)).toEqual([{ caseId: http.caseId, term: 'TARGET', dueAt: TARGET }]);
  expect(await tasks()).toEqual([]);
  await http.advanceTo(LIMIT);
  await http.advanceTo('2026-12-18T09:00:00.000Z');
  expect(overdue().map(({ data }) => (data as { term: string }).term)).toEqual(['TARGET', 'LIMIT']);
  expect(await clock()).toEqual({ ...runs, overdue: ['TARGET', 'LIMIT'] });
  expect(await tasks()).toEqual([expect.objectContaining({ task: 'EscalateCase', about: http.caseId, dueAt: LIMIT })]);
  await http.consulted();
  await http.did(http.doctor.post(`${http.url}/finalise-report-for-review`, reportTexts));
  await http.did(http.doctor.post(`${http.url}/share-report`, { version: 1 }));
  await http.context.settled();
  expect(await tasks()).toEqual([]);
  expect(await clock()).toMatchObject({ overdue: ['TARGET', 'LIMIT'], stoppedAt: '2026-12-18T09:00:00.000Z' });
});

it('A13 while a rebooking is waited for nothing passes; every pause is an event with its reason', async () => {
  await begun();
  await tell(SCHEDULING_TOPIC, 'NoShowRecorded', {
    doctorId: 'doctor-2',
    appointmentId: 'appointment-1',
    count: 1,
    final: false,
    illnessProof: false,
    recordedAt: '2026-12-01T09:00:00.000Z',
  });
  expect(await clock()).toEqual({ startedAt: '2026-11-25T09:00:00.000Z', pausedFor: ['REBOOKING'], overdue: [] });
  await http.advanceTo('2026-12-18T09:00:00.000Z');
  expect(overdue()).toEqual([]);
  const held = { doctorId: 'doctor-2', locationId: 'location-1', durationMinutes: 75 };
  await tell(SCHEDULING_TOPIC, 'ConsultationHeld', { ...held, heldAt: '2026-12-18T08:00:00.000Z' });
  expect(await clock()).toMatchObject({ targetDueAt: '2026-12-29T23:00:00.000Z', pausedFor: [] });
  const pauses = (await http.context.events(http.stream)).filter(({ type }) => type === 'ClockPaused');
  expect(pauses.map(({ data }) => (data as { reason: string }).reason)).toEqual(['AUTHORISATION', 'REBOOKING']);
});

it('BR-38 the own doctor’s answer, ETag and all, is the same with the clock and without', async () => {
  await http.started();
  await http.did(http.employee.post(`${http.url}/grant-transfer-authorisation`, { scope: 'FULL' }));
  await http.context.settled();
  const before = await http.ownDoctor.get(http.url);
  await sign();
  await http.advanceTo('2027-02-01T09:00:00.000Z');
  const after = await http.ownDoctor.get(http.url);
  expect(overdue()).toHaveLength(2);
  expect([after.body, after.headers['etag']]).toEqual([before.body, before.headers['etag']]);
});
