import {
  BILLING_TOPIC,
  INTAKE_TOPIC,
  NOTIFICATION_TOPIC,
  RECORDS_TOPIC,
  REPORTING_TOPIC,
  SCHEDULING_TOPIC,
} from '@second-opinion/contracts';
import { testContext, type TestContext } from '@second-opinion/nest/testing';
import { simpleParser } from 'mailparser';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deliveryProviders } from './delivery-providers';
import type { MessageEvent } from './message.events';
import { NotificationModule } from './notification.module';
import { mailServer, reply, type MailServer } from './testing';

const at = '2026-11-25T09:00:00.000Z';
const caseId = 'case-1';
const wish = {
  caseId,
  caseNumber: 'SO-0123456789',
  employeeId: 'person-1',
  ownDoctorId: 'doctor-1',
  ownOrganisationId: 'ohs-1',
  recordedAt: at,
};
const slot = {
  doctorId: 'doctor-2',
  locationId: 'location-1',
  startsAt: '2026-12-01T09:00',
  endsAt: '2026-12-01T10:30',
  zone: 'Europe/Amsterdam',
};
const house = { locationName: 'Het Gebouw', locationAddress: 'Kade 1, Utrecht' };

let folder: string;
let app: TestContext;
let server: MailServer | undefined;

async function start(smtpUrl?: string): Promise<void> {
  const settings = {
    smtpUrl,
    mailDir: folder,
    mailFrom: 'noreply@portaal.example',
    portalUrl: 'https://portaal.example/',
  };
  app = await testContext(NotificationModule, { providers: deliveryProviders(settings), now: at });
}
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), 'notification-'))));
afterEach(async () => {
  await app.close();
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function personKnown(address = 'an@prive.example', channel: 'email' | 'sms' = 'email', language = 'nl') {
  const contact = await app.seal(address, 'person-1', '', 'CONTACT', 'intake.contact');
  await app.publish(INTAKE_TOPIC, 'person-1', 'PersonRegistered', { personId: 'person-1', contact, channel, language });
}
async function doctorKnown(doctorId: string) {
  const contact = await app.seal(`${doctorId}@arbo.example`, doctorId, '', 'CONTACT', 'intake.doctorContact');
  await app.publish(INTAKE_TOPIC, doctorId, 'DoctorRegistered', {
    doctorId,
    registerName: 'A. Arts',
    registrationNumber: '1',
    organisationId: 'ohs-1',
    secondOpinionDoctor: true,
    region: '35',
    contact,
    language: 'nl',
  });
}
const wished = () => app.publish(INTAKE_TOPIC, caseId, 'SecondOpinionWishRecorded', wish);
const shared = (id?: string) =>
  app.publish(
    REPORTING_TOPIC,
    caseId,
    'ReportSharedWithEmployee',
    {
      caseId,
      version: 1,
      firstSharing: true,
      sharedAt: at,
      decisionDueAt: '2026-12-09T23:00:00.000Z',
      correctionDueAt: at,
    },
    id,
  );
const confirmed = (appointmentId: string) =>
  app.publish(SCHEDULING_TOPIC, caseId, 'AppointmentConfirmed', {
    caseId,
    appointmentId,
    sequence: 0,
    ...slot,
    ...house,
  });
const cancelled = (appointmentId: string) =>
  app.publish(SCHEDULING_TOPIC, caseId, 'AppointmentCancelled', {
    caseId,
    appointmentId,
    sequence: 1,
    doctorId: 'doctor-2',
    locationId: 'location-1',
    startsAt: slot.startsAt,
    zone: slot.zone,
    by: 'employee',
    noticeClass: 'FREE',
    noticeHours: 100,
    illnessProof: false,
  });
const mails = () =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.eml'))
    .map((name) => readFileSync(path.join(folder, name), 'utf8'));
const shorts = () =>
  readdirSync(path.join(folder, 'sms')).map((name) => readFileSync(path.join(folder, 'sms', name), 'utf8'));
const employee = () => app.as('employee', 'person-1');
async function messageId(template?: string): Promise<string> {
  const { items } = (await employee().get('/notification/messages')).body as { items: Record<string, string>[] };
  return items.find((one) => template === undefined || one['template'] === template)?.['messageId'] ?? '';
}
const story = async (id: string) => (await app.events(`notification.message-${id}`)).map(({ type }) => type);

/** stored resolves when such an event of a message is stored. */
async function stored(type: MessageEvent['type']): Promise<void> {
  const stop = new AbortController();
  const options = { categories: ['notification.message'], signal: stop.signal };
  for await (const { events } of app.platform.events.subscribe(options))
    if (events.some((event) => event.type === type)) return stop.abort();
}
/** invitationsIn mails: what each does to which entry of a calendar. */
async function invitationsIn(raw: readonly string[]): Promise<string[]> {
  const parsed = await Promise.all(raw.map((mail) => simpleParser(mail)));
  return parsed.map(({ attachments }) => {
    const text = attachments[0]?.content.toString() ?? '';
    return ['METHOD', 'UID', 'SEQUENCE'].map((name) => new RegExp(`^${name}:(\\S+)`, 'm').exec(text)?.[1]).join(' ');
  });
}

describe('a mail without a server', () => {
  beforeEach(() => start());

  it('BR-73: leaves with a link only, in the words of the template, and is recorded in the access log', async () => {
    await wished();
    await personKnown();
    await shared();
    await app.settled();
    const [raw = ''] = mails();
    const mail = await simpleParser(raw);
    const id = await messageId();
    expect(mails()).toHaveLength(1);
    expect(mail.subject).toBe('Er staat een document voor u klaar');
    expect(mail.text).toContain(`https://portaal.example/messages/${id}`);
    expect(mail.text).toContain('woensdag 9 december 2026');
    expect(mail.messageId).toBe(`<${id}@portaal.example>`);
    const { records } = await app.platform.accessLog.read({ personId: 'person-1' });
    expect(records).toEqual([
      expect.objectContaining({
        operation: 'notification.SendMessage',
        relation: 'system',
        category: 'CONTACT',
        outcome: 'SUCCESS',
      }),
    ]);
  });

  it('waits for a recipient who becomes known later, and is sent once however often it is told', async () => {
    await shared('event-1');
    await shared('event-1');
    await app.settled();
    expect(mails()).toEqual([]);
    await wished();
    await wished();
    await app.settled();
    expect(mails()).toEqual([]);
    await personKnown();
    await app.settled();
    expect(mails()).toHaveLength(1);
    await shared('event-1');
    await app.settled();
    expect(mails()).toHaveLength(1);
    expect(await story(await messageId())).toEqual([
      'NotificationPlanned',
      'DeliveryAllowed',
      'DeliveryAttempted',
      'DeliverySucceeded',
    ]);
  });

  it('fifty that cannot be opened, and are the oldest, keep nobody from his mail, and are tried again later', async () => {
    const other = await testContext([], {});
    const sealed = await Promise.all(
      Array.from({ length: 55 }, (_, index) =>
        other.seal('x@y.example', `lost-${index}`, '', 'CONTACT', 'intake.contact'),
      ),
    );
    await other.close();
    for (const [index, contact] of sealed.entries()) {
      const [personId, lostCase] = [`lost-${index}`, `lost-case-${index}`];
      const person = { personId, contact, channel: 'email', language: 'nl' };
      await app.publish(INTAKE_TOPIC, personId, 'PersonRegistered', person);
      const lostWish = { ...wish, caseId: lostCase, employeeId: personId };
      await app.publish(INTAKE_TOPIC, lostCase, 'SecondOpinionWishRecorded', lostWish);
      const told = { caseId: lostCase, version: 1, firstSharing: true, sharedAt: at, correctionDueAt: at };
      const data = { ...told, decisionDueAt: '2026-12-09T23:00:00.000Z' };
      await app.publish(REPORTING_TOPIC, lostCase, 'ReportSharedWithEmployee', data);
    }
    await app.settled();
    expect(mails()).toEqual([]);
    app.clock.advanceTo('2026-11-25T09:00:01.000Z');
    await wished();
    await personKnown();
    await shared();
    await app.settled();
    expect(mails()).toHaveLength(1);
    const { items } = (await app.as('employee', 'lost-54').get('/notification/messages')).body as {
      items: { messageId: string }[];
    };
    expect(await story(items[0]?.messageId ?? '')).toEqual([
      'NotificationPlanned',
      'DeliveryAllowed',
      'DeliveryDeferred',
    ]);
  });

  it('goes to the newest address, by SMS when the employee chose it', async () => {
    await wished();
    await personKnown('+31600000000', 'sms', 'en');
    await confirmed('a-1');
    await app.settled();
    expect(mails()).toEqual([]);
    const [sms = ''] = shorts();
    expect(sms).toContain('To: +31600000000');
    expect(sms).toContain('Appointment on Tuesday 1 December 2026 at 09:00, Het Gebouw, Kade 1, Utrecht.');
  });

  it('N05: an appointment comes as an invitation; when it is cancelled the same UID is taken back, whatever follows', async () => {
    await wished();
    await personKnown();
    await confirmed('a-1');
    await app.settled();
    await cancelled('a-1');
    await confirmed('a-2');
    await app.settled();
    expect((await invitationsIn(mails())).toSorted()).toEqual(['CANCEL a-1 1', 'REQUEST a-1 0', 'REQUEST a-2 0']);
  });

  it('N23: an invitation carries its one-time code in the fragment of the link, and stands in no portal', async () => {
    await personKnown();
    const code = await app.seal('A2B3C4D5E6F7A2B3C4D5', 'person-1', '', 'CONTACT', 'intake.invitationCode');
    await app.publish(INTAKE_TOPIC, 'person-1', 'InvitationIssued', {
      inviteeId: 'person-1',
      inviteeKind: 'person',
      code,
      expiresAt: '2026-12-09T09:00:00.000Z',
    });
    await app.settled();
    const [raw = ''] = mails();
    expect((await simpleParser(raw)).text).toContain('https://portaal.example/invitation#code=A2B3C4D5E6F7A2B3C4D5');
    expect((await employee().get('/notification/messages')).body.items).toEqual([]);
  });

  it('erasure reaches the mails that we kept', async () => {
    await wished();
    await personKnown();
    await shared();
    await app.settled();
    expect(mails()).toHaveLength(1);
    const destroyed = { keyId: 'key-1', personId: 'person-1', category: 'CONTACT', basis: 'request' };
    await app.publish(RECORDS_TOPIC, 'person-1', 'SubjectKeyDestroyed', { ...destroyed, category: 'MEDICAL' });
    await app.publish(RECORDS_TOPIC, 'case-2', 'SubjectKeyDestroyed', { ...destroyed, caseId: 'case-2' });
    await app.settled();
    expect(mails()).toHaveLength(1);
    await app.publish(RECORDS_TOPIC, 'person-1', 'SubjectKeyDestroyed', destroyed);
    await app.settled();
    expect(mails()).toEqual([]);
    expect((await app.events('notification.recipient-person-1')).at(-1)).toMatchObject({ type: 'BodiesRemoved' });
  });

  it('somebody who was forgotten gets no mail, and nobody is asked to try again', async () => {
    await personKnown();
    await app.settled();
    await app.platform.vault.destroyKeys({ personId: 'person-1' });
    await wished();
    await shared();
    await app.settled();
    expect(mails()).toEqual([]);
    const [failed] = (await app.events(`notification.message-${await messageId()}`)).slice(-1);
    expect(failed).toMatchObject({ type: 'DeliveryFailed', data: { reason: 'RECIPIENT_FORGOTTEN' } });
    expect((await app.as('back-office').get('/notification/tasks')).body.items).toEqual([]);
  });
});

describe('a mail over SMTP', () => {
  it('greylisted (451): tried again when its pause is over, with the same Message-ID', async () => {
    let calls = 0;
    server = await mailServer({
      onRcptTo: (_to, _session, callback) => (calls++ === 0 ? callback(reply(451)) : callback()),
    });
    await start(server.url);
    await wished();
    await personKnown();
    await shared();
    await app.settled();
    expect(server.taken).toEqual([]);
    app.clock.advanceTo('2026-11-25T09:00:59.999Z');
    await app.settled();
    expect(server.taken).toEqual([]);
    app.clock.advanceTo('2026-11-25T09:01:00.000Z');
    await app.settled();
    expect(server.taken).toHaveLength(1);
    const id = await messageId();
    expect(await story(id)).toEqual([
      'NotificationPlanned',
      'DeliveryAllowed',
      'DeliveryAttempted',
      'DeliveryDeferred',
      'DeliveryAttempted',
      'DeliverySucceeded',
    ]);
    expect((await simpleParser(server.taken[0] ?? '')).messageId).toBe(`<${id}@portaal.example>`);
  });

  it('refused for good (550): told to the others, a task of the back office, who have it tried again', async () => {
    let refusing = true;
    server = await mailServer({
      onRcptTo: (_to, _session, callback) => callback(refusing ? reply(550) : undefined),
    });
    await start(server.url);
    await app.listen(NOTIFICATION_TOPIC);
    await wished();
    await personKnown();
    await shared();
    await app.settled();
    const id = await messageId();
    expect(app.told().map(({ type }) => type)).toEqual(['NotificationFailed']);
    const office = app.as('back-office', 'office-1');
    const { body } = await office.get('/notification/tasks');
    expect(body.items).toEqual([expect.objectContaining({ task: 'RetryNotification', about: id })]);
    refusing = false;
    expect((await employee().post(`/notification/messages/${id}/retry-notification`)).status).toBe(403);
    const answer = await office.post(`/notification/messages/${id}/retry-notification`);
    expect(answer.body).toMatchObject({ id, happened: ['RedeliveryAsked'] });
    await app.settled();
    expect(server.taken).toHaveLength(1);
    expect((await office.get('/notification/tasks')).body.items).toEqual([]);
    expect((await office.post(`/notification/messages/${id}/retry-notification`)).status).toBe(409);
    expect((await office.post('/notification/messages/nothing/retry-notification')).status).toBe(404);
  });

  it('refused for good, then overtaken: the newer one leaves, and nobody has the older one tried again', async () => {
    let refusing = true;
    server = await mailServer({
      onRcptTo: (_to, _session, callback) => callback(refusing ? reply(550) : undefined),
    });
    await start(server.url);
    await wished();
    await personKnown();
    await confirmed('a-1');
    await app.settled();
    const id = await messageId();
    const office = app.as('back-office', 'office-1');
    expect((await office.get('/notification/tasks')).body.items).toEqual([expect.objectContaining({ about: id })]);
    refusing = false;
    await cancelled('a-1');
    await app.settled();
    expect((await office.get('/notification/tasks')).body.items).toEqual([]);
    const answer = await office.post(`/notification/messages/${id}/retry-notification`);
    expect([answer.status, answer.body.code]).toEqual([409, 'notification.superseded']);
    await app.settled();
    expect(await invitationsIn(server.taken)).toEqual(['CANCEL a-1 1']);
  });

  it.each([
    { name: 'greylisted (451): not tried again', code: 451, taken: ['CANCEL a-1 1'], after: [] },
    {
      name: 'taken: which is recorded',
      code: undefined,
      taken: ['REQUEST a-1 0', 'CANCEL a-1 1'],
      after: ['DeliverySucceeded'],
    },
  ])('overtaken while it was leaving, then $name; the newer one leaves last', async ({ code, taken, after }) => {
    const overtaken = async () => {
      await cancelled('a-1');
      await stored('DeliverySuperseded');
    };
    let calls = 0;
    server = await mailServer({
      onRcptTo: (_to, _session, callback) =>
        calls++ === 0 ? void overtaken().then(() => callback(code === undefined ? code : reply(code))) : callback(),
    });
    await start(server.url);
    await wished();
    await personKnown();
    await confirmed('a-1');
    await app.settled();
    app.clock.advanceTo('2026-11-25T10:00:00.000Z');
    await app.settled();
    expect(await invitationsIn(server.taken)).toEqual(taken);
    expect(await story(await messageId('N05-confirmed'))).toEqual([
      'NotificationPlanned',
      'DeliveryAllowed',
      'DeliveryAttempted',
      'DeliveryOutcomeUnknown',
      'DeliverySuperseded',
      ...after,
    ]);
  });

  it('an outcome that nobody knows: repeated with the same Message-ID, and recorded as such', async () => {
    let first = true;
    server = await mailServer({
      afterText: (callback, close) => {
        if (first) close();
        else callback();
        first = false;
      },
    });
    await start(server.url);
    await wished();
    await personKnown();
    await shared();
    await app.settled();
    const ids = await Promise.all(server.taken.map(async (raw) => (await simpleParser(raw)).messageId));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
    expect(await story(await messageId())).toEqual([
      'NotificationPlanned',
      'DeliveryAllowed',
      'DeliveryAttempted',
      'DeliveryOutcomeUnknown',
      'DeliveryAttempted',
      'DeliverySucceeded',
    ]);
  });

  it('a sender that died after the attempt was written down: the next one repeats it with the same Message-ID', async () => {
    server = await mailServer();
    await start(server.url);
    await personKnown();
    await app.settled();
    await app.given('notification.message-message-9', [
      {
        type: 'NotificationPlanned',
        data: {
          messageId: 'message-9',
          eventId: 'event-9',
          template: 'N10-ready',
          recipientId: 'person-1',
          recipientRole: 'employee',
          caseId,
          portal: true,
          outside: true,
          content: { caseNumber: 'SO-1', until: at },
          at,
        },
      },
      { type: 'DeliveryAllowed', data: { channel: 'email', language: 'nl', dueAt: at } },
      { type: 'DeliveryAttempted', data: { attempt: 1, channel: 'email', header: '<first@portaal.example>', at } },
    ]);
    await app.settled();
    expect((await simpleParser(server.taken[0] ?? '')).messageId).toBe('<first@portaal.example>');
    expect((await story('message-9')).slice(3)).toEqual([
      'DeliveryOutcomeUnknown',
      'DeliveryAttempted',
      'DeliverySucceeded',
    ]);
  });
});

describe('in the portal', () => {
  beforeEach(async () => {
    await start();
    await wished();
    await personKnown();
    await doctorKnown('doctor-1');
    const motivation = await app.seal('Omdat het zo is.', 'person-1', caseId, 'MEDICAL', 'intake.motivation');
    await app.publish(INTAKE_TOPIC, caseId, 'RequestRefused', {
      caseId,
      employeeId: 'person-1',
      ownDoctorId: 'doctor-1',
      ground: 'NOT_MEDICAL',
      motivation,
      complaintRouteVersion: 'complaint-route-2026.1',
    });
    await app.publish(BILLING_TOPIC, caseId, 'QuoteOverdue', { caseId, dueAt: at });
    await app.publish(REPORTING_TOPIC, caseId, 'ReportNotReleased', { caseId, outcome: 'BLOCKED', at });
    await app.settled();
  });

  it('BR-14: the employee reads the refusal, its motivation and the complaint route in one message', async () => {
    const { body } = await employee().get('/notification/messages');
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ template: 'N02-refused', caseId, title: 'Uw verzoek is afgewezen' });
    const text = (body.items[0].lines as string[]).join('\n');
    expect(text).toContain('Omdat het zo is.');
    expect(text).toContain('klacht indienen');
    const one = await employee().get(`/notification/messages/${body.items[0].messageId}`);
    expect(one.body).toEqual(body.items[0]);
  });

  it('everybody has his own messages only; others get the same answer as for nothing', async () => {
    const { body } = await app.as('company-doctor', 'doctor-1').get('/notification/messages');
    expect(body.items).toEqual([
      expect.objectContaining({
        template: 'N13-ended',
        lines: ['Aanvraag SO-0123456789 is afgerond. Er wordt geen rapport vrijgegeven.'],
      }),
    ]);
    const id = await messageId();
    for (const [role, who] of [
      ['company-doctor', 'doctor-1'],
      ['employee', 'person-2'],
      ['second-opinion-doctor', 'doctor-2'],
    ] as const) {
      const hidden = await app.as(role, who).get(`/notification/messages/${id}`);
      const nothing = await app.as(role, who).get('/notification/messages/nothing');
      expect([hidden.status, hidden.body.code]).toEqual([404, nothing.body.code]);
    }
  });

  it('BR-40: an employer has no messages, no log, no tasks, and no message exists for him', async () => {
    const employer = app.as('employer', 'employer-1');
    expect((await employer.get('/notification/messages')).status).toBe(403);
    expect((await employer.get(`/notification/messages/${await messageId()}`)).status).toBe(404);
    expect((await employer.get('/notification/log')).status).toBe(403);
    expect((await employer.get('/notification/tasks')).status).toBe(403);
  });

  it('N19: a term that passed is an internal message of the back office', async () => {
    const { body } = await app.as('back-office', 'office-1').get('/notification/messages');
    expect(body.items).toEqual([expect.objectContaining({ template: 'N19-quote-overdue', delivery: 'none' })]);
    const one = await app.as('back-office', 'office-2').get(`/notification/messages/${body.items[0].messageId}`);
    expect(one.body.title).toBe('Termijn voorbij: offerte SO-0123456789');
  });

  it('auditor and back office read the log, which is metadata; nobody else may ask for it', async () => {
    const auditor = app.as('auditor', 'auditor-1');
    const { body } = await auditor.get('/notification/log');
    expect(body.items).toHaveLength(3);
    expect(JSON.stringify(body)).not.toMatch(/title|lines|Omdat|prive/);
    expect((await auditor.get(`/notification/log/${caseId}`)).body.items).toHaveLength(3);
    expect((await auditor.get('/notification/log/case-2')).body.items).toEqual([]);
    expect((await auditor.get(`/notification/messages/${await messageId()}`)).body).not.toHaveProperty('lines');
    for (const role of ['employee', 'company-doctor', 'second-opinion-doctor', 'partner'] as const)
      expect((await app.as(role, 'person-1').get('/notification/log')).status).toBe(403);
    expect((await app.nobody.get('/notification/log')).status).toBe(401);
  });

  it('the newest come first, page by page', async () => {
    app.clock.advanceTo('2026-11-25T10:00:00.000Z');
    await shared();
    await app.settled();
    const first = await employee().get('/notification/messages?limit=1');
    expect(first.body.items[0].template).toBe('N10-ready');
    const second = await employee().get(`/notification/messages?limit=1&cursor=${encodeURIComponent(first.body.next)}`);
    expect(second.body.items[0].template).toBe('N02-refused');
    expect(second.body.next).toBeUndefined();
  });

  it('a text that was forgotten says so', async () => {
    await app.platform.vault.destroyKeys({ personId: 'person-1', caseId, category: 'MEDICAL' });
    const { body } = await employee().get('/notification/messages');
    expect(body.items[0].lines).toContainEqual({ forgotten: true });
  });
});
