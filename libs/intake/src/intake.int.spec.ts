import {
  BILLING_TOPIC,
  INTAKE_TOPIC,
  RECORDS_TOPIC,
  REPORTING_TOPIC,
  SCHEDULING_TOPIC,
} from '@second-opinion/contracts';
import { testContext, type TestClient, type TestContext } from '@second-opinion/nest/testing';
import { IntakeModule } from './index';
import { aid, form, jansen, World } from './testing/world.fixtures';

let context: TestContext;
let world: World;
beforeEach(async () => {
  context = await testContext(IntakeModule);
  world = await new World(context).registers();
});
afterEach(() => context.close());

const reporting = (type: string, data: object = {}) =>
  context.publish(REPORTING_TOPIC, world.caseId, type, { caseId: world.caseId, ...data });
const settled = () =>
  context.publish(BILLING_TOPIC, world.caseId, 'BillingSettled', { caseId: world.caseId, invoiced: true });
const at = '2026-11-25T09:00:00.000Z';

describe('A1 the wish', () => {
  it('registers the person first and the case second, and invites him', async () => {
    await world.wished();
    expect(await world.types()).toEqual(['SecondOpinionWishRecorded']);
    const person = await context.events(`intake.person-${world.personId}`);
    expect(person.map(({ type }) => type)).toEqual(['PersonRegistered', 'CaseOfPersonRecorded', 'InvitationIssued']);
    expect(JSON.stringify(person)).not.toMatch(/Jan|prive\.example|1984/);
  });
  it('BR-66 what a doctor writes is checked as he wrote it, and opens nothing; what was sealed before is opened, on record', async () => {
    await world.wished();
    const { accessLog } = context.platform;
    expect((await accessLog.read({})).records).toEqual([]);
    const contract = { contractId: 'contract-2', organisationId: 'service-own', employerId: 'employer-2' };
    const terms = { organisationIds: [], doctorIds: ['doctor-first', 'doctor-second'], employerAgreesToOthers: false };
    await world.office.post('/intake/contracts', {
      ...{ ...contract, ...terms, sector: 'GENERAL' },
      mailDomains: ['other.example'],
    });
    const further = await world.wish({ personId: world.personId, employee: undefined, contractId: 'contract-2' });
    expect(further.status).toBe(201);
    const { records } = await accessLog.read({});
    expect(records.map(({ operation, purpose }) => [operation, purpose])).toEqual([
      ['intake.RecordSecondOpinionWish', 'intake.contact'],
    ]);
  });
  it('a repeated request finds the first', async () => {
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35', employee: jansen };
    const one = await world.own.post('/intake/cases', body, { idempotencyKey: 'same' });
    const two = await world.own.post('/intake/cases', body, { idempotencyKey: 'same' });
    expect([one.status, two.status, two.body]).toEqual([201, 201, one.body]);
    const other = await world.own.post('/intake/cases', { ...body, region: '97' }, { idempotencyKey: 'same' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });
  it('cases that begin together stand together with their persons, and have numbers of their own, which tell nothing of when', async () => {
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35' };
    const wishes = ['1971-02-03', '1972-02-03', '1973-02-03'].map((birthDate) =>
      world.own.post('/intake/cases', { ...body, employee: { ...jansen, birthDate } }),
    );
    const ids = (await Promise.all(wishes)).map(({ body: answer }) => answer.id as string);
    const wished = await Promise.all(ids.map(async (id) => (await context.recorded(`intake.case-${id}`))[0]));
    const numbers = wished.map((event) => (event?.data as { caseNumber: string }).caseNumber);
    expect(new Set(numbers).size).toBe(3);
    const persons = wished.map((event) => (event?.data as { employeeId: string }).employeeId);
    expect(persons.map((id) => id.slice(0, 13))).toEqual(ids.map((id) => id.slice(0, 13)));
    ids.forEach((id, index) => {
      expect(numbers[index]).toMatch(/^SO-[0-9A-F]{10}$/);
      expect(numbers[index]?.slice(3, 9)).not.toBe(id.replace('-', '').slice(0, 6).toUpperCase());
    });
  });
  it('a retry completes what a crash between person and case cut, with one person and one invitation', async () => {
    const { events } = context.platform;
    const append = events.append.bind(events);
    events.append = (stream, ...rest) =>
      stream.startsWith('intake.case-') ? Promise.reject(new Error('gone')) : append(stream, ...rest);
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35', employee: jansen };
    expect((await world.own.post('/intake/cases', body, { idempotencyKey: 'cut' })).status).toBe(500);
    events.append = append;
    const anew = context.eventsAnew();
    events.idFor = (...command) => anew.idFor(...command);
    const retried = await world.own.post('/intake/cases', body, { idempotencyKey: 'cut' });
    expect(retried.status).toBe(201);
    const all = await events.readAll({ categories: ['intake.person', 'intake.case'] });
    expect(all.events.map(({ type }) => type)).toEqual([
      'PersonRegistered',
      'CaseOfPersonRecorded',
      'InvitationIssued',
      'SecondOpinionWishRecorded',
    ]);
  });
  it('a further case stands at its person and by itself at once; what a crash cut where it cannot, a retry completes', async () => {
    await world.wished();
    const { events } = context.platform;
    const appendInOrder = events.appendInOrder.bind(events);
    const since = (await events.end()) as string;
    const added = async () => {
      const log = await events.readAll({ categories: ['intake.person', 'intake.case'], after: since });
      return log.events.map(({ type }) => type);
    };
    const both = ['CaseOfPersonRecorded', 'SecondOpinionWishRecorded'];
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35', personId: world.personId };
    const further = (idempotencyKey: string) => world.own.post('/intake/cases', body, { idempotencyKey });
    for (const standing of [0, 1]) {
      events.appendInOrder = async (batches) => {
        if (batches.length === 1) return appendInOrder(batches);
        await appendInOrder(batches.slice(0, standing));
        throw new Error('gone');
      };
      expect((await further('cut')).status).toBe(500);
      expect(await added()).toEqual(both.slice(0, standing));
    }
    events.appendInOrder = appendInOrder;
    const anew = context.eventsAnew();
    events.idFor = (...command) => anew.idFor(...command);
    const retried = await further('cut');
    expect(retried.status).toBe(201);
    expect(await further('cut')).toMatchObject({ status: 201, body: retried.body });
    expect(await added()).toEqual(both);
    const { caseId } = (await context.recorded(`intake.person-${world.personId}`)).at(-1)?.data as { caseId: string };
    expect(caseId).toBe(retried.body.id);
    expect((await further('whole')).status).toBe(201);
    expect(await added()).toEqual([...both, ...both]);
    expect(await further('whole')).toMatchObject({ status: 201 });
    expect(await added()).toHaveLength(4);
  });
  it('one key for further cases of two persons at once records one of them, and nothing at the other', async () => {
    await world.wished();
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35' };
    await world.own.post('/intake/cases', { ...body, employee: { ...jansen, birthDate: '1970-02-03' } });
    const { events } = context.platform;
    const registered = (await events.readAll({ categories: ['intake.person'] })).events.filter(
      ({ type }) => type === 'PersonRegistered',
    );
    const persons = registered.map(({ stream }) => stream.slice('intake.person-'.length));
    expect(persons).toHaveLength(2);
    const since = (await events.end()) as string;
    const answers = await Promise.all(
      persons.map((personId) => world.own.post('/intake/cases', { ...body, personId }, { idempotencyKey: 'one' })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 422]);
    const added = await events.readAll({ categories: ['intake.person', 'intake.case'], after: since });
    expect(added.events.map(({ type }) => type)).toEqual(['CaseOfPersonRecorded', 'SecondOpinionWishRecorded']);
  });
  it('a registration that failed leaves nobody to be found by name and birth date', async () => {
    const { events, links } = context.platform;
    const append = events.append.bind(events);
    events.append = (stream, ...rest) =>
      stream.startsWith('intake.person-') ? Promise.reject(new Error('gone')) : append(stream, ...rest);
    expect((await world.wish({})).status).toBe(500);
    events.append = append;
    expect(await links?.alike(jansen.name, jansen.birthDate)).toEqual([]);
    await world.wished();
    expect(await links?.alike(jansen.name, jansen.birthDate)).toEqual([world.personId]);
  });
  it('two users at once: one honours, the other is told that it is done', async () => {
    await world.wished();
    const both = await Promise.all([world.does(world.own, 'honour-request'), world.does(world.own, 'honour-request')]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await world.types()).filter((type) => type === 'RequestHonoured')).toHaveLength(1);
  });
  it('an ETag that was overtaken is refused', async () => {
    await world.wished();
    await context.settled();
    const { headers } = await world.own.get(`/intake/cases/${world.caseId}`);
    await world.done(world.own, 'explain-non-suspension');
    const url = `/intake/cases/${world.caseId}/honour-request`;
    expect((await world.own.post(url, {}, { ifMatch: String(headers['etag']) })).status).toBe(412);
  });
  it('If-Match on what is not there yet is refused, leaves nothing and invites nobody', async () => {
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35', employee: jansen };
    const before = await context.platform.events.end();
    const headers = { idempotencyKey: 'stale', ifMatch: '"x"' };
    const stale = await world.own.post('/intake/cases', body, headers);
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed']);
    expect(await context.platform.events.end()).toEqual(before);
    const done = await world.own.post('/intake/cases', body, { idempotencyKey: 'stale' });
    const again = await world.own.post('/intake/cases', body, headers);
    expect([done.status, again.status, again.body]).toEqual([201, 201, done.body]);
  });
  it('BR-40 an address in a domain of the employer, or not declared private, is refused and leaves nothing', async () => {
    for (const contact of ['jan@werkgever.nl', 'jan@HR.Werkgever.nl']) {
      const answer = await world.wish({ employee: { ...jansen, contact } });
      expect([answer.status, answer.body.code]).toEqual([409, 'intake.contact-not-private']);
    }
    const undeclared = await world.wish({ employee: { ...jansen, declaredPrivate: false } });
    expect(undeclared.body.code).toBe('intake.contact-not-private');
    expect((await world.wish({ employee: { ...jansen, contact: 'jan' } })).status).toBe(400);
    const { events } = await context.platform.events.readAll({ categories: ['intake.person', 'intake.case'] });
    expect(events).toEqual([]);
  });
  it('who is not born yet is nobody’s employee, and a name is something to read', async () => {
    const tomorrow = await world.wish({ employee: { ...jansen, birthDate: '2026-11-26' } });
    expect(tomorrow).toMatchObject({ status: 400, body: { at: '/employee/birthDate', rule: 'not-after-today' } });
    const unseen = await world.wish({ employee: { ...jansen, name: '\u3164 \u200d' } });
    expect(unseen).toMatchObject({ status: 400, body: { at: '/employee/name', rule: 'pattern' } });
    const { events } = await context.platform.events.readAll({ categories: ['intake.person', 'intake.case'] });
    expect(events).toEqual([]);
    expect((await world.wish({ employee: { ...jansen, birthDate: '2026-11-25' } })).status).toBe(201);
  });
  it('BR-01 BR-02 only for an employee, only by his own doctor', async () => {
    expect((await world.wish({ initiator: 'EMPLOYER' })).body.code).toBe('intake.only-employee-initiates');
    const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35', employee: jansen };
    for (const role of ['back-office', 'employee', 'second-opinion-doctor', 'employer'] as const)
      expect((await context.as(role).post('/intake/cases', body)).status).toBe(403);
    const { events } = await context.platform.events.readAll({ categories: ['intake.person'] });
    expect(events).toEqual([]);
  });
  it('A4 a further case names the person of an earlier one of the same doctor, and follows one that was refused', async () => {
    await world.wished();
    const opened = async () => (await context.platform.accessLog.read({})).records.length;
    const before = await opened();
    const again = await world.wish({ personId: world.personId, employee: undefined });
    expect(again.status).toBe(201);
    expect(await opened()).toBe(before);
    const person = await context.events(`intake.person-${world.personId}`);
    expect(person.at(-1)).toMatchObject({ type: 'CaseOfPersonRecorded', data: { caseId: again.body.id } });
    expect((await world.wish({ personId: 'person-unknown', employee: undefined })).status).toBe(404);
    const follow = { personId: world.personId, employee: undefined, previousCaseId: world.caseId };
    const going = await world.wish(follow);
    expect([going.status, going.body.code]).toEqual([409, 'intake.previous-not-refused']);
    await world.done(world.own, 'refuse-request', {
      ground: 'IMPROPER_USE',
      motivation: 'Hierover is geen advies gegeven.',
    });
    expect((await world.wish(follow)).status).toBe(201);
    expect((await world.wish({ ...follow, previousCaseId: 'case-of-another' })).status).toBe(404);
    expect((await world.wish({ previousCaseId: world.caseId })).status).toBe(400);
  });
  it('BR-66 another doctor who names this person or his case learns nothing, and is on record', async () => {
    await world.wished();
    await world.office.post('/intake/doctors', {
      ...{ doctorId: 'doctor-9', registerName: 'A', registrationNumber: '19012345699', organisationId: 'service-own' },
      ...{ secondOpinionDoctor: false, region: '35', contact: 'a@artsen.example', language: 'nl' },
      registeredUntil: '2027-12-31',
    });
    const other = context.as('company-doctor', 'doctor-9', 'service-own');
    const wish = async (over: object) => {
      const body = { initiator: 'EMPLOYEE', contractId: 'contract-1', region: '35', ...over };
      const { status, body: answer } = await other.post('/intake/cases', body);
      return { status, code: answer.code };
    };
    const { personId, caseId: previousCaseId } = world;
    const none = await wish({ personId: 'person-unknown' });
    expect(none.status).toBe(404);
    expect(await wish({ personId })).toEqual(none);
    expect(await wish({ personId, previousCaseId })).toEqual(none);
    expect(await wish({ personId, previousCaseId: 'case-unknown' })).toEqual(none);
    const { records } = await context.platform.accessLog.read({});
    const unknown = (id: string) => context.platform.hashes.unknown(id);
    const denied = { operation: 'intake.RecordSecondOpinionWish', actorId: 'doctor-9', relation: 'none', personId };
    expect(records.filter(({ outcome }) => outcome === 'DENIED')).toMatchObject([
      { ...denied, personId: unknown('person-unknown') },
      denied,
      { ...denied, caseId: previousCaseId },
      { ...denied, personId: unknown('case-unknown') },
    ]);
  });
  it('BR-76 whoever is forgotten has withdrawn what is not submitted, and gets no further case', async () => {
    await world.wished();
    const { personId, caseId } = world;
    await context.platform.vault.destroyKeys({ personId });
    const erased = { personId, categories: ['IDENTITY', 'MEDICAL', 'CONTACT'], basis: 'EMPLOYEE_REQUEST' };
    await context.publish(RECORDS_TOPIC, personId, 'ErasureDecided', erased);
    await context.settled();
    const types = (await context.events(`intake.case-${caseId}`)).map(({ type }) => type);
    expect(types.slice(-3)).toEqual(['CaseForgotten', 'RequestWithdrawn', 'CaseClosed']);
    expect((await world.wish({ personId, employee: undefined })).status).toBe(404);
  });
  it('BR-40 a further case under another employer looks at the address again', async () => {
    await world.wished();
    const contract = {
      organisationId: 'service-own',
      employerId: 'employer-2',
      sector: 'GENERAL',
      organisationIds: [],
    };
    const terms = { doctorIds: ['doctor-first', 'doctor-second'], employerAgreesToOthers: false };
    for (const [contractId, domain] of [
      ['contract-2', 'prive.example'],
      ['contract-3', 'other.example'],
    ])
      await world.office.post('/intake/contracts', { ...contract, ...terms, contractId, mailDomains: [domain] });
    const further = (contractId: string) => world.wish({ personId: world.personId, employee: undefined, contractId });
    const refused = await further('contract-2');
    expect([refused.status, refused.body.code]).toEqual([409, 'intake.contact-not-private']);
    expect((await context.events(`intake.person-${world.personId}`)).at(-1)?.type).not.toBe('CaseOfPersonRecorded');
    expect((await further('contract-3')).status).toBe(201);
  });
});

describe('registers', () => {
  const organisation = {
    legalName: 'Arbodienst Zuid B.V.',
    address: 'Kerkstraat 1, 3500 AA Utrecht',
    chamberOfCommerceNumber: '12345678',
    kind: 'OHS',
  };
  const register = (organisationId: string, over: object = {}, headers: object = { idempotencyKey: 'same' }) =>
    world.office.post('/intake/organisations', { organisationId, ...organisation, ...over }, { ...headers });

  it('a key that was used for one entry is refused for another, whose stream has never heard of it', async () => {
    const first = await register('org-1');
    const other = await register('org-2');
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    expect(await context.events('intake.organisation-org-2')).toEqual([]);
    expect((await register('org-1')).body).toEqual(first.body);
    expect((await register('org-1', { kind: 'PROVIDER' })).status).toBe(422);
    expect((await register('org-2', {}, {})).status).toBe(201);
  });
  it('a refusal leaves the key free, and of two bodies at once one is done', async () => {
    expect((await register('org-1', {}, {})).status).toBe(201);
    expect((await register('org-1')).status).toBe(409);
    const both = await Promise.all([register('org-2'), register('org-3')]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 422]);
  });
});

describe('persons', () => {
  const codeOf = async (stream: string, personId: string, purpose = 'intake.invitationCode') => {
    const invited = (await context.events(stream)).findLast(({ type }) => type === 'InvitationIssued');
    const seal = (invited?.data as { code: never }).code;
    const access = {
      requestId: 'r',
      operation: 'test',
      actorId: 't',
      actorRole: 'system',
      actorOrganisation: 't',
      relation: 'system',
      application: 'test',
    } as const;
    const [opened] = await context.platform.vault.open([{ seal, personId, caseId: '', purpose }], access);
    return (opened as { text: string }).text;
  };
  const redeem = (id: string, code: string, headers = {}) =>
    context.as('employee', id).post('/intake/persons/redeem-invitation', { code }, headers);

  it('a code links the login once; wrong and used codes get the same answer', async () => {
    await world.wished();
    await context.settled();
    const code = await codeOf(`intake.person-${world.personId}`, world.personId);
    expect(code).toMatch(/^[0-9A-Z]{26}$/);
    const wrong = await redeem('login-1', 'A'.repeat(26));
    const done = await redeem('login-1', code.toLowerCase());
    expect([done.status, done.body.id]).toEqual([200, world.personId]);
    expect(await context.platform.links?.idsOfLogin('urn:second-opinion:test', 'login-1', 'person')).toEqual([
      world.personId,
    ]);
    const used = await redeem('login-2', code);
    expect([wrong.status, wrong.body.code, used.status, used.body.code]).toEqual([
      409,
      'intake.invitation-invalid',
      409,
      'intake.invitation-invalid',
    ]);
    expect(await context.platform.links?.idsOfLogin('urn:second-opinion:test', 'login-2', 'person')).toEqual([]);
  });
  it('an expired code is refused, a new one works and ends the old', async () => {
    await world.wished();
    const stream = `intake.person-${world.personId}`;
    const old = await codeOf(stream, world.personId);
    context.clock.advanceTo('2026-12-20T09:00:00.000Z');
    expect((await redeem('login-1', old)).status).toBe(409);
    expect((await world.own.post(`/intake/persons/${world.personId}/invite-person-again`)).status).toBe(200);
    expect((await redeem('login-1', old)).status).toBe(409);
    expect((await redeem('login-1', await codeOf(stream, world.personId))).status).toBe(200);
  });
  it('BR-66 another doctor is told the same whether or not there is such a person, is on record, and makes no code', async () => {
    await world.wished();
    const linked = jest.spyOn(context.platform.keys, 'link');
    const before = await context.platform.events.end();
    const other = context.as('company-doctor', 'doctor-9');
    const invite = async (personId: string) => {
      const { status, body } = await other.post(`/intake/persons/${personId}/invite-person-again`);
      return { status, body: { ...body, requestId: '' } };
    };
    const [real, none] = [await invite(world.personId), await invite('person-unknown')];
    expect(real).toEqual(none);
    expect(real.status).toBe(404);
    expect(linked).not.toHaveBeenCalled();
    expect(await context.platform.events.end()).toBe(before);
    const { records } = await context.platform.accessLog.read({});
    expect(records.filter(({ outcome }) => outcome === 'DENIED')).toMatchObject([
      {
        operation: 'intake.InvitePersonAgain',
        actorId: 'doctor-9',
        relation: 'none',
        personId: world.personId,
        authenticationLevel: 'test',
      },
      // Of whom there is not, as durably, so that neither answer comes sooner.
      { operation: 'intake.InvitePersonAgain', personId: context.platform.hashes.unknown('person-unknown') },
    ]);
    expect((await world.office.post(`/intake/persons/${world.personId}/invite-person-again`)).status).toBe(200);
    expect((await world.office.post('/intake/persons/person-unknown/invite-person-again')).status).toBe(404);
  });
  it('a doctor who cannot be registered or invited gets no code', async () => {
    const linked = jest.spyOn(context.platform.keys, 'link');
    const again = await world.office.post('/intake/doctors', {
      ...{
        doctorId: 'doctor-first',
        registerName: 'A',
        registrationNumber: '19012345601',
        organisationId: 'service-1',
      },
      ...{ secondOpinionDoctor: true, region: '35', contact: 'a@artsen.example', language: 'nl' },
    });
    const unknown = await world.office.post('/intake/doctors/doctor-unknown/invite-doctor-again');
    expect([again.body.code, unknown.body.code]).toEqual(['intake.doctor-exists', 'intake.no-such-doctor']);
    expect(linked).not.toHaveBeenCalled();
    expect((await world.office.post('/intake/doctors/doctor-first/invite-doctor-again')).status).toBe(200);
    expect(linked).toHaveBeenCalled();
  });
  it('a key that was used for one code is refused with another', async () => {
    await world.wished();
    const first = world.personId;
    await world.wished();
    const codes = await Promise.all([first, world.personId].map((id) => codeOf(`intake.person-${id}`, id)));
    const [one = '', two = ''] = codes;
    const key = { idempotencyKey: 'same' };
    expect((await redeem('login-1', 'A'.repeat(26), key)).status).toBe(409);
    expect((await redeem('login-1', one, key)).status).toBe(200);
    const other = await redeem('login-1', two, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    expect((await context.events(`intake.person-${world.personId}`)).at(-1)?.type).toBe('InvitationIssued');
    expect((await redeem('login-1', one, key)).status).toBe(200);
    expect((await redeem('login-1', two)).status).toBe(200);
  });
  it('a login that was linked before joins the persons; same name and birth date only suggest', async () => {
    await world.wished();
    const first = world.personId;
    await context.settled();
    await redeem('login-1', await codeOf(`intake.person-${first}`, first));
    await world.wished();
    const second = world.personId;
    await context.settled();
    await redeem('login-1', await codeOf(`intake.person-${second}`, second));
    expect((await context.events(`intake.person-${second}`)).slice(-1)).toEqual([
      { type: 'PersonsJoined', data: { personId: second, earlierPersonId: first } },
    ]);
    expect((await context.events(`intake.person-${first}`)).slice(-1)).toEqual([
      { type: 'PersonsJoined', data: { personId: first, earlierPersonId: second } },
    ]);
    await world.wished();
    const third = world.personId;
    await context.settled();
    await redeem('login-3', await codeOf(`intake.person-${third}`, third));
    expect((await context.events(`intake.person-${third}`)).slice(-1)).toEqual([
      { type: 'EarlierPersonsSuggested', data: { personIds: [first, second] } },
    ]);
  });
  it('sees and corrects his own data, nobody else’s; BR-40 holds here too', async () => {
    await world.wished();
    await context.settled();
    const mine = await world.employee.get('/intake/me');
    expect(mine.body).toMatchObject({ name: 'Jan Jänsen', birthDate: '1984-02-29', contact: 'jan@prive.example' });
    expect((await context.as('employee', 'person-9').get(`/intake/persons/${world.personId}`)).status).toBe(404);
    const correct = (contact: string) =>
      world.employee.post(`/intake/persons/${world.personId}/correct-contact-data`, {
        contact,
        channel: 'email',
        language: 'en',
        declaredPrivate: true,
      });
    expect((await correct('jan@werkgever.nl')).body.code).toBe('intake.contact-not-private');
    expect((await correct('jansen@prive.example')).status).toBe(200);
    await context.settled();
    expect((await world.employee.get('/intake/me')).body).toMatchObject({
      contact: 'jansen@prive.example',
      language: 'en',
    });
  });
  const correctsContact = (
    by: { post: (url: string, body: object) => Promise<{ status: number; body: { code?: string } }> },
    contact: string,
    personId = world.personId,
  ) =>
    by.post(`/intake/persons/${personId}/correct-contact-data`, {
      contact,
      channel: 'email',
      language: 'nl',
      declaredPrivate: true,
    });
  it('section 3: an employee with a login who does nothing is reminded twice; then his own doctor is told, and may end the case', async () => {
    await world.wished();
    await context.given(`intake.person-${world.personId}`, [
      { type: 'InvitationRedeemed', data: { invitationId: 'invitation-1', at, caseIds: [world.caseId] } },
    ]);
    await world.done(world.own, 'explain-non-suspension');
    await world.done(world.own, 'complete-decision-aid', aid);
    await world.done(world.own, 'describe-request', form);
    await world.done(world.own, 'honour-request');
    await world.done(world.own, 'propose-doctors', { doctorIds: ['doctor-first', 'doctor-second'] });
    context.clock.advanceTo('2026-12-02T22:59:00.000Z');
    await context.settled();
    expect((await world.types()).filter((type) => type === 'AnswerReminderDue')).toHaveLength(2);
    const early = await world.does(world.own, 'end-for-unreachable-employee');
    expect([early.status, early.body.code]).toEqual([409, 'intake.employee-reachable']);
    context.clock.advanceTo('2026-12-02T23:00:00.000Z');
    await context.settled();
    expect((await world.types()).at(-1)).toBe('EmployeeSilent');
    const tasks = async () =>
      ((await world.own.get('/intake/tasks')).body.items as { task: string }[]).map(({ task }) => task);
    expect(await tasks()).toContain('EndForUnreachableEmployee');
    const { body } = await world.own.get(`/intake/cases/${world.caseId}`);
    expect(body.awaited).toContainEqual({ what: 'EndForUnreachableEmployee', from: 'own-doctor', until: null });
    await world.done(world.employee, 'choose-second-opinion-doctor', { first: 'doctor-first' });
    await context.settled();
    expect(await tasks()).not.toContain('EndForUnreachableEmployee');
    context.clock.advanceTo('2026-12-20T09:00:00.000Z');
    await context.settled();
    await world.done(world.own, 'end-for-unreachable-employee');
    await context.settled();
    expect((await world.types()).slice(-2)).toEqual(['EndedForUnreachableEmployee', 'CaseClosed']);
    expect(await tasks()).toEqual([]);
  });
  it('section 3: who logs in on the last afternoon of his term, or never, is not silent that night', async () => {
    await world.wished();
    await world.done(world.own, 'describe-request', form);
    await world.done(world.own, 'honour-request');
    const loggedIn = { invitationId: 'invitation-1', at: '2026-12-02T16:00:00.000Z' };
    const never = world.caseId;
    await world.wished();
    await world.done(world.own, 'describe-request', form);
    await world.done(world.own, 'honour-request');
    context.clock.advanceTo(loggedIn.at);
    await context.settled();
    await context.given(`intake.person-${world.personId}`, [
      { type: 'InvitationRedeemed', data: { ...loggedIn, caseIds: [world.caseId] } },
    ]);
    await context.settled();
    context.clock.advanceTo('2026-12-02T23:00:00.000Z');
    await context.settled();
    expect((await world.types()).slice(-1)).toEqual(['EmployeeAsked']);
    const ofNever = (await context.events(`intake.case-${never}`)).map(({ type }) => type);
    expect(ofNever.slice(-2)).toEqual(['EmployeeAsked', 'EmployeeUnreachable']);
    const early = await world.does(world.own, 'end-for-unreachable-employee');
    expect([early.status, early.body.code]).toEqual([409, 'intake.employee-reachable']);
    context.clock.advanceTo('2026-12-09T23:00:00.000Z');
    await context.settled();
    expect((await world.types()).slice(-3)).toEqual(['AnswerReminderDue', 'AnswerReminderDue', 'EmployeeSilent']);
  });
  it('section 3: nobody answers three attempts over five working days: the own doctor tries anew, or ends the case', async () => {
    await world.wished();
    await world.done(world.own, 'honour-request');
    const stream = `intake.person-${world.personId}`;
    const ofPerson = async () => (await context.events(stream)).map(({ type }) => type);
    const early = await world.does(world.own, 'end-for-unreachable-employee');
    expect([early.status, early.body.code]).toEqual([409, 'intake.employee-reachable']);
    for (const [at, attempts] of [
      ['2026-11-27T09:30:00.000Z', 1],
      ['2026-12-01T09:30:00.000Z', 2],
    ] as const) {
      context.clock.advanceTo(at);
      await context.settled();
      expect((await ofPerson()).filter((type) => type === 'InvitationRepeated')).toHaveLength(attempts);
    }
    context.clock.advanceTo('2026-12-02T23:00:00.000Z');
    await context.settled();
    expect((await ofPerson()).at(-1)).toBe('PersonUnreachable');
    expect((await world.types()).at(-1)).toBe('EmployeeUnreachable');
    const tasks = async () =>
      ((await world.own.get('/intake/tasks')).body.items as { task: string }[]).map(({ task }) => task);
    expect(await tasks()).toContain('EndForUnreachableEmployee');
    expect((await world.own.post(`/intake/persons/${world.personId}/invite-person-again`)).status).toBe(200);
    await context.settled();
    expect((await world.types()).at(-1)).toBe('EmployeeReachable');
    expect(await tasks()).not.toContain('EndForUnreachableEmployee');
    context.clock.advanceTo('2026-12-20T09:00:00.000Z');
    await context.settled();
    expect(await tasks()).toContain('EndForUnreachableEmployee');
    expect((await world.does(world.office, 'end-for-unreachable-employee')).status).toBe(403);
    await world.done(world.own, 'end-for-unreachable-employee');
    await context.settled();
    expect((await world.types()).slice(-2)).toEqual(['EndedForUnreachableEmployee', 'CaseClosed']);
    expect(await tasks()).toEqual([]);
    const further = await world.wish({ personId: world.personId, employee: undefined });
    expect(further.status).toBe(201);
    expect((await ofPerson()).slice(-2)).toEqual(['CaseOfPersonRecorded', 'InvitationIssued']);
  });
  it('section 3: whose code nobody reminded him of, because no case waited, gets another with the next case', async () => {
    await world.wished();
    const { personId } = world;
    const motivation = 'Hierover is geen advies gegeven.';
    await world.done(world.own, 'refuse-request', { ground: 'IMPROPER_USE', motivation });
    context.clock.advanceTo('2026-12-03T09:30:00.000Z');
    await context.settled();
    expect((await world.wish({ personId, employee: undefined })).status).toBe(201);
    const types = (await context.events(`intake.person-${personId}`)).map(({ type }) => type);
    expect(types.filter((type) => type === 'InvitationRepeated' || type === 'PersonUnreachable')).toEqual([]);
    expect(types.slice(-2)).toEqual(['CaseOfPersonRecorded', 'InvitationIssued']);
  });
  it('a mistyped address is corrected by the own doctor: the code that went astray is worth nothing, the new one links', async () => {
    await world.wished();
    const stream = `intake.person-${world.personId}`;
    const astray = await codeOf(stream, world.personId);
    const employers = await correctsContact(world.own, 'jan@hr.werkgever.nl');
    expect([employers.status, employers.body.code]).toEqual([409, 'intake.contact-not-private']);
    expect((await correctsContact(world.own, 'jan')).status).toBe(400);
    expect((await correctsContact(world.own, 'jansen@prive.example')).status).toBe(200);
    expect((await context.events(stream)).slice(-2).map(({ type }) => type)).toEqual([
      'ContactDataCorrected',
      'InvitationIssued',
    ]);
    expect((await redeem('stranger', astray)).body.code).toBe('intake.invitation-invalid');
    expect((await redeem('login-1', await codeOf(stream, world.personId))).status).toBe(200);
    const late = await correctsContact(world.own, 'elders@prive.example');
    expect([late.status, late.body.code]).toEqual([409, 'intake.person-linked']);
    expect((await correctsContact(world.employee, 'zelf@prive.example')).status).toBe(200);
  });
  it('a mistyped name is corrected, and he is recognised by the right one; both at once would be another human being', async () => {
    await world.wished();
    const first = world.personId;
    await redeem('login-1', await codeOf(`intake.person-${first}`, first));
    await world.wish({ employee: { ...jansen, name: 'Jan Jnasen' } }).then(async ({ body: { id } }) => {
      const [wish] = await context.events(`intake.case-${id}`);
      world.personId = (wish?.data as { employeeId: string }).employeeId;
    });
    const second = world.personId;
    const correct = (by: typeof world.own, name: string, birthDate: string) =>
      by.post(`/intake/persons/${second}/correct-identity`, { name, birthDate });
    const another = await correct(world.own, 'Piet Paulusma', '1956-12-15');
    expect([another.status, another.body.code]).toEqual([409, 'intake.another-person']);
    expect((await correct(world.own, 'Jan Jnasen', '1956-12-15')).status).toBe(200);
    const stepwise = await correct(world.own, 'Piet Paulusma', '1956-12-15');
    expect([stepwise.status, stepwise.body.code]).toEqual([409, 'intake.another-person']);
    expect((await correct(world.own, 'Jan', 'gisteren')).status).toBe(400);
    const unborn = await correct(world.own, 'Jan Jansen', '2199-01-01');
    expect([unborn.status, unborn.body.code]).toEqual([400, 'invalid-request']);
    expect((await correct(context.as('company-doctor', 'doctor-9'), 'Jan Jansen', '1984-02-29')).status).toBe(404);
    expect((await correct(world.own, 'Jan Jansen', jansen.birthDate)).status).toBe(200);
    expect(JSON.stringify(await context.events(`intake.person-${second}`))).not.toMatch(/Jan|1984|1956/);
    expect(await context.platform.links?.alike('Jan Jnasen', '1956-12-15')).toEqual([]);
    expect(await context.platform.links?.alike('Jan Jnasen', jansen.birthDate)).toEqual([]);
    expect(await context.platform.links?.alike('Jan Jansen', jansen.birthDate)).toEqual([first, second]);
    await redeem('login-2', await codeOf(`intake.person-${second}`, second));
    expect((await context.events(`intake.person-${second}`)).at(-1)).toEqual({
      type: 'EarlierPersonsSuggested',
      data: { personIds: [first] },
    });
    await context.settled();
    expect((await correct(world.own, 'Jan de Jong', jansen.birthDate)).body.code).toBe('intake.person-linked');
    expect((await correct(world.employee, 'Jan de Jong', jansen.birthDate)).status).toBe(200);
    await context.settled();
    expect((await world.employee.get('/intake/me')).body).toMatchObject({
      name: 'Jan de Jong',
      earlierRegistrationsSuggested: 0,
    });
  });
  it('whoever is forgotten while his name is corrected is not recognised by it any more', async () => {
    await world.wished();
    const { personId } = world;
    const { events, links, vault } = context.platform;
    const append = events.append.bind(events);
    jest.spyOn(events, 'append').mockImplementation(async (stream, expected, batch) => {
      const appended = await append(stream, expected, batch);
      if (batch.some(({ type }) => type === 'IdentityCorrected')) await vault.destroyKeys({ personId });
      return appended;
    });
    const body = { name: 'Jan Janssen', birthDate: jansen.birthDate };
    expect((await world.own.post(`/intake/persons/${personId}/correct-identity`, body)).status).toBe(404);
    expect(await links?.alike('Jan Janssen', jansen.birthDate)).toEqual([]);
    jest.restoreAllMocks();
  });
  it('BR-66 whose own doctor he is not learns nothing when he corrects an address, and makes no code', async () => {
    await world.wished();
    const before = await context.platform.events.end();
    const other = context.as('company-doctor', 'doctor-9');
    for (const by of [other, context.as('employee', 'person-9'), context.as('employer', 'employer-1')])
      expect((await correctsContact(by, 'jansen@prive.example')).status).toBe(
        (await correctsContact(by, 'jansen@prive.example', 'person-unknown')).status,
      );
    expect((await correctsContact(other, 'jansen@prive.example')).status).toBe(404);
    expect((await correctsContact(world.office, 'jansen@prive.example')).status).toBe(403);
    expect(await context.platform.events.end()).toBe(before);
    await world.done(world.own, 'refuse-request', {
      ground: 'OTHER_WEIGHTY',
      motivation: 'Er zijn zwaarwegende argumenten.',
    });
    expect((await correctsContact(world.own, 'jansen@prive.example')).body.code).toBe('intake.no-running-case');
  });
  it('a doctor is linked by his code likewise', async () => {
    const code = await codeOf('intake.doctor-doctor-first', 'doctor-first');
    const answer = await context
      .as('second-opinion-doctor', 'login-d')
      .post('/intake/doctors/redeem-doctor-invitation', { code });
    expect([answer.status, answer.body.id]).toEqual([200, 'doctor-first']);
    expect(await context.platform.links?.idsOfLogin('urn:second-opinion:test', 'login-d', 'doctor')).toEqual([
      'doctor-first',
    ]);
  });
});

describe('A2 to A7 over HTTP', () => {
  it('goes from the wish to a doctor in force', async () => {
    await context.listen(INTAKE_TOPIC);
    await world.wished();
    await world.submitted();
    const early = await world.does(world.doctor('doctor-first'), 'accept-assignment');
    expect([early.status, early.body.code]).toEqual([409, 'intake.file-not-open-yet']);
    await reporting('MedicalFileOpened');
    await context.settled();
    expect((await world.doctor('doctor-first').get(`/intake/cases/${world.caseId}`)).body).toEqual({
      caseId: world.caseId,
      caseNumber: expect.stringMatching(/^SO-[0-9A-F]{10}$/) as string,
      region: '35',
      subject: 'AbsenceGuidance',
      assignment: { round: 1, step: 'offered', dueAt: '2026-12-02T23:00:00.000Z' },
    });
    expect((await world.doctor('doctor-first').get(`/intake/cases/${world.caseId}/employee`)).status).toBe(403);
    await world.done(world.doctor('doctor-first'), 'accept-assignment');
    await context.settled();
    const shown = await world.doctor('doctor-first').get(`/intake/cases/${world.caseId}/employee`);
    expect(shown.body).toMatchObject({ name: 'Jan Jänsen' });
    await world.done(world.doctor('doctor-first'), 'confirm-independence');
    await context.settled();
    const seen = await world.doctor('doctor-first').get(`/intake/cases/${world.caseId}`);
    expect(seen.body).toMatchObject({
      phase: 'ASSIGNED',
      request: { doubt: form.doubt },
      decisionAid: { outcome: 'SECOND_OPINION' },
    });
    expect(seen.body.decisionAid.answers).toBeUndefined();
    expect(context.told().map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'SecondOpinionRequestSubmitted',
        'AssignmentOffered',
        'AssignmentAccepted',
        'IndependenceConfirmed',
      ]),
    );
    const events = await context.platform.events.readAll({ categories: ['intake.case'] });
    expect(JSON.stringify(events)).not.toMatch(/opbouwschema|rustiger|obstructionSuspected/);
  });
  it('the decision aid stores its answers sealed; employee and own doctor read them', async () => {
    await world.wished();
    await world.done(world.own, 'complete-decision-aid', { ...aid, stagnation: true });
    await context.settled();
    for (const reader of [world.own, world.employee]) {
      const { body } = await reader.get(`/intake/cases/${world.caseId}`);
      expect(body.decisionAid).toMatchObject({ outcome: 'UWV_JUDGMENT_ADVISED', matchedRule: '10' });
      expect(JSON.parse(body.decisionAid.answers as string)).toMatchObject({ stagnation: true });
    }
    const { body } = await context.as('auditor').get(`/intake/cases/${world.caseId}`);
    expect(body.decisionAid).toEqual({ outcome: 'UWV_JUDGMENT_ADVISED', rulesetVersion: 'decision-aid-2026.1' });
  });
  it('BR-15 a colleague of the own doctor is refused, with what stands against him', async () => {
    await world.wished();
    await world.done(world.own, 'honour-request');
    const answer = await world.does(world.own, 'propose-doctors', { doctorIds: ['doctor-colleague', 'doctor-first'] });
    expect(answer.body).toMatchObject({
      status: 409,
      code: 'intake.doctor-not-independent',
      doctorId: 'doctor-colleague',
      failed: ['SAME_SERVICE'],
    });
  });
  it('BR-12 a repeated request can be refused when an earlier case of the same human being is on the same advice', async () => {
    await world.wished();
    await world.done(world.own, 'describe-request', form);
    const { personId: earlier, caseId: earlierCase } = world;
    await world.wished();
    await world.done(world.own, 'describe-request', form);
    const refuse = () =>
      world.does(world.own, 'refuse-request', {
        ground: 'REPEATED_SAME_SUBJECT',
        motivation: 'Over ditzelfde advies is al eerder gevraagd.',
      });
    expect((await refuse()).body.code).toBe('intake.no-earlier-case');
    await context.given(`intake.person-${world.personId}`, [
      { type: 'PersonsJoined', data: { personId: world.personId, earlierPersonId: earlier } },
    ]);
    expect((await refuse()).status).toBe(200);
    const [, , refused] = await context.events(`intake.case-${world.caseId}`);
    expect(refused).toMatchObject({ type: 'RequestRefused', data: { earlierCaseIds: [earlierCase] } });
  });
  const accepted = async () => {
    await world.wished();
    await world.submitted();
    await reporting('MedicalFileOpened');
    await context.settled();
    await world.done(world.doctor('doctor-first'), 'accept-assignment');
  };
  /** The first doctor is not chosen in the next case of the same person. */
  const expectNotChosenAgain = async () => {
    const again = await world.wish({ personId: world.personId, employee: undefined });
    world.caseId = again.body.id;
    await world.done(world.own, 'honour-request');
    const answer = await world.does(world.own, 'propose-doctors', { doctorIds: ['doctor-first', 'doctor-second'] });
    expect(answer.body).toMatchObject({ code: 'intake.doctor-not-independent', failed: ['ACTED_BEFORE'] });
  };
  it('BR-21 a doctor who acted for this person in an earlier case is not chosen', async () => {
    await accepted();
    await world.done(world.doctor('doctor-first'), 'confirm-independence');
    await expectNotChosenAgain();
  });
  it('BR-21 nor one who gave up an earlier case in which he had been confirmed (A15)', async () => {
    await accepted();
    await world.done(world.doctor('doctor-first'), 'confirm-independence');
    await world.done(world.office, 'reassign-assignment', { cause: 'DOCTOR_ILL' });
    await expectNotChosenAgain();
  });
  it('BR-21 nor one who declared in an earlier case that he had treated or advised this person', async () => {
    await accepted();
    await world.done(world.doctor('doctor-first'), 'reject-independence');
    await expectNotChosenAgain();
  });
  /** acceptedInTwo: two open cases of one person, and the first doctor accepted in both. */
  const acceptedInTwo = async (next: () => Promise<void>) => {
    await accepted();
    const one = world.caseId;
    await next();
    await world.submitted();
    await reporting('MedicalFileOpened');
    await context.settled();
    const doctor = world.doctor('doctor-first');
    await world.done(doctor, 'accept-assignment');
    return { doctor, one, other: world.caseId };
  };
  const nextCase = async () => {
    world.caseId = (await world.wish({ personId: world.personId, employee: undefined })).body.id;
  };
  it('BR-21 nor does he act in two cases of one person that are open at once: accepted in both, he can declare his independence in one', async () => {
    const { doctor, one, other } = await acceptedInTwo(nextCase);
    world.caseId = one;
    await world.done(doctor, 'confirm-independence');
    world.caseId = other;
    const answer = await world.does(doctor, 'confirm-independence');
    expect(answer.body).toMatchObject({ code: 'intake.doctor-not-independent', failed: ['ACTED_BEFORE'] });
    await world.done(doctor, 'reassign-assignment', { cause: 'OTHER' });
    expect((await world.types()).slice(-2)).toEqual(['AssignmentReassigned', 'AssignmentOffered']);
    expect(await typesOf(one)).not.toContain('EarlierInvolvementDeclared');
  });
  const typesOf = async (id: string) => (await context.events(`intake.case-${id}`)).map(({ type }) => type);
  const officeReassigns = async () =>
    (await world.office.get('/intake/tasks')).body.items.flatMap((task: { task: string; about: string }) =>
      task.task === 'ReassignAssignment' ? [task.about] : [],
    );
  it('BR-21 declared in one case that he was involved before, after he has declared the contrary in another: back office has another take over', async () => {
    const { doctor, one, other } = await acceptedInTwo(nextCase);
    world.caseId = one;
    await world.done(doctor, 'confirm-independence');
    world.caseId = other;
    await world.done(doctor, 'reject-independence');
    await context.settled();
    expect((await typesOf(one)).at(-1)).toBe('EarlierInvolvementDeclared');
    expect(await officeReassigns()).toEqual([one]);
    world.caseId = one;
    await world.done(world.office, 'reassign-assignment', { cause: 'OTHER' });
    await context.settled();
    expect(await officeReassigns()).toEqual([]);
    expect((await typesOf(one)).slice(-2)).toEqual(['AssignmentReassigned', 'AssignmentOffered']);
  });
  /** betweenLookAndAppend lets `meanwhile` happen when a command has looked at everything and is about to append to the case. */
  const betweenLookAndAppend = (caseId: string, meanwhile: () => Promise<unknown>) => {
    const { events } = context.platform;
    const append = events.append.bind(events);
    events.append = async (stream, ...rest) => {
      if (stream === `intake.case-${caseId}`) {
        events.append = append;
        await meanwhile();
      }
      return append(stream, ...rest);
    };
  };
  it.each([
    ['and the news of it comes first', true],
    ['and the news of it comes last', false],
  ])('BR-21 at the same instant: he confirms in one case what he rejects in the other, %s', async (_, newsFirst) => {
    const { doctor, one, other } = await acceptedInTwo(nextCase);
    betweenLookAndAppend(one, async () => {
      expect((await doctor.post(`/intake/cases/${other}/reject-independence`, {})).status).toBe(200);
      if (newsFirst) await context.settled();
    });
    const { status } = await doctor.post(`/intake/cases/${one}/confirm-independence`, {});
    await context.settled();
    expect(status).toBe(newsFirst ? 409 : 200);
    expect((await typesOf(one)).slice(newsFirst ? -1 : -2)).toEqual([
      ...(newsFirst ? [] : ['IndependenceConfirmed']),
      'EarlierInvolvementDeclared',
    ]);
    expect(await officeReassigns()).toEqual([one]);
  });
  it('BR-21 at the same instant: whichever the store takes first, he acts in no case without back office being told', async () => {
    const { doctor, one, other } = await acceptedInTwo(nextCase);
    const [confirmed, rejected] = await Promise.all([
      doctor.post(`/intake/cases/${one}/confirm-independence`, {}),
      doctor.post(`/intake/cases/${other}/reject-independence`, {}),
    ]);
    await context.settled();
    expect(rejected?.status).toBe(200);
    const types = await typesOf(one);
    expect(types.includes('IndependenceConfirmed')).toBe(confirmed?.status === 200);
    expect(types).toContain('EarlierInvolvementDeclared');
  });
  const confirmedAtOnce = async (doctor: TestClient, cases: string[]) => {
    const answers = await Promise.all(cases.map((id) => doctor.post(`/intake/cases/${id}/confirm-independence`, {})));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
      code: 'intake.doctor-not-independent',
      failed: ['ACTED_BEFORE'],
    });
    const types = await Promise.all(cases.map(async (id) => (await context.events(`intake.case-${id}`)).at(-1)?.type));
    expect(types.sort()).toEqual(['AssignmentAccepted', 'IndependenceConfirmed']);
  };
  it('BR-21 nor at the same instant: of two declarations at once one is refused', async () => {
    const { doctor, one, other } = await acceptedInTwo(nextCase);
    await confirmedAtOnce(doctor, [one, other]);
  });
  it('BR-21 nor at the same instant under two registrations of one human being', async () => {
    const earlier: string[] = [];
    const { doctor, one, other } = await acceptedInTwo(async () => {
      earlier.push(world.personId);
      await world.wished();
    });
    const join = (personId: string, earlierPersonId = '') =>
      context.given(`intake.person-${personId}`, [{ type: 'PersonsJoined', data: { personId, earlierPersonId } }]);
    await join(world.personId, earlier[0]);
    await join(earlier[0] ?? '', world.personId);
    await confirmedAtOnce(doctor, [one, other]);
  });
  it('BR-21 a reservation of which nothing came does not keep him from another case', async () => {
    const { doctor, one, other } = await acceptedInTwo(nextCase);
    const data = { doctorId: 'doctor-first', caseId: one, round: 1 };
    await context.given(`intake.person-${world.personId}`, [{ type: 'DoctorReserved', data }]);
    expect((await world.does(doctor, 'confirm-independence')).body.code).toBe('intake.doctor-not-independent');
    world.caseId = one;
    await world.done(world.office, 'reassign-assignment', { cause: 'DOCTOR_ILL' });
    world.caseId = other;
    await world.done(doctor, 'confirm-independence');
    expect((await context.events(`intake.person-${world.personId}`)).at(-1)).toMatchObject({
      type: 'DoctorReserved',
      data: { doctorId: 'doctor-first', caseId: other, round: 1 },
    });
  });
  it('BR-17 BR-18 outside the contract: nothing without consent, then the employer’s word', async () => {
    await world.wished();
    await expect(world.submitted('doctor-outside', '')).resolves.toBe(world);
    expect((await world.types()).at(-1)).toBe('RequestReturnedIncomplete');
    expect((await world.does(world.own, 'record-employer-agreement', { agreed: true })).body.code).toBe(
      'intake.no-disclosure-consent',
    );
    await world.done(world.employee, 'consent-to-disclosure');
    await world.done(world.own, 'record-employer-agreement', { agreed: true });
    await world.done(world.own, 'submit-second-opinion-request');
    expect((await context.events(`intake.case-${world.caseId}`)).at(-1)).toMatchObject({
      type: 'AssignmentOffered',
      data: { contracted: false, employerAgreed: true },
    });
  });
  it('deadlines move it on: reminder, overdue decision, unanswered assignment', async () => {
    await world.wished();
    context.clock.advanceTo('2026-12-03T09:00:00.000Z');
    await context.settled();
    expect((await world.types()).slice(1).filter((type) => type !== 'EmployeeUnreachable')).toEqual([
      'DecisionReminderDue',
      'DecisionOverdue',
    ]);
    await world.submitted();
    await context.settled();
    context.clock.advanceTo('2026-12-11T09:00:00.000Z');
    await context.settled();
    expect((await world.types()).slice(-2)).toEqual(['AssignmentDeclined', 'AssignmentOffered']);
  });
});

describe('BR-38 what the own doctor can see', () => {
  const seenByOwnDoctor = async () => {
    const { body, headers } = await world.own.get(`/intake/cases/${world.caseId}`);
    const list = await world.own.get('/intake/cases');
    const tasks = await world.own.get('/intake/tasks');
    return { body, etag: headers['etag'] !== undefined, list: list.body, tasks: tasks.body };
  };
  const share = async () => {
    await world.wished();
    await world.submitted();
    await reporting('MedicalFileOpened');
    await context.settled();
    await world.done(world.doctor('doctor-first'), 'accept-assignment');
    await world.done(world.doctor('doctor-first'), 'confirm-independence');
    await context.settled();
  };
  const shared = {
    version: 1,
    firstSharing: true,
    sharedAt: at,
    decisionDueAt: '2026-12-09T23:00:00.000Z',
    correctionDueAt: '2026-12-09T23:00:00.000Z',
  };

  it('BR-38 nothing changes when the report is shared: not the status, not the ETag', async () => {
    await share();
    const before = await world.own.get(`/intake/cases/${world.caseId}`);
    await reporting('ReportSharedWithEmployee', shared);
    await context.settled();
    const after = await world.own.get(`/intake/cases/${world.caseId}`);
    expect(after.body).toEqual(before.body);
    expect(after.headers['etag']).toBe(before.headers['etag']);
    expect((await world.employee.get(`/intake/cases/${world.caseId}`)).body.phase).toBe('REPORT_WITH_EMPLOYEE');
  });
  it('matrix row 12: nothing of the appointment changes his ETag, only that it was held', async () => {
    await share();
    const slot = { doctorId: 'doctor-first', startsAt: '2026-12-01T09:00', zone: 'Europe/Amsterdam' };
    const scheduling = async (type: string, data: object) => {
      await context.publish(SCHEDULING_TOPIC, world.caseId, type, { caseId: world.caseId, ...data });
      await context.settled();
      return world.own.get(`/intake/cases/${world.caseId}`);
    };
    const before = await world.own.get(`/intake/cases/${world.caseId}`);
    for (const [type, data] of [
      ['SlotReserved', { ...slot, expiresAt: at }],
      ['AppointmentConfirmed', { ...slot, appointmentId: 'a', sequence: 0 }],
      ['AppointmentCancelled', { ...slot, appointmentId: 'a', sequence: 1 }],
    ] as const) {
      const after = await scheduling(type, data);
      expect([after.body, after.headers['etag']]).toEqual([before.body, before.headers['etag']]);
    }
    const held = await scheduling('ConsultationHeld', { heldAt: at });
    expect(held.body.phase).toBe('EXAMINED');
    expect(held.headers['etag']).not.toBe(before.headers['etag']);
  });
  it('BR-38 blocked, lapsed and withdrawn look the same, before and after closing', async () => {
    const seen: unknown[] = [];
    for (const outcome of ['BLOCKED', 'LAPSED', 'WITHDRAWN']) {
      await context.close();
      context = await testContext(IntakeModule);
      world = await new World(context).registers();
      await share();
      await reporting('ReportSharedWithEmployee', shared);
      await reporting('ReportNotReleased', { outcome, at });
      await context.settled();
      const ended = await seenByOwnDoctor();
      await settled();
      await context.settled();
      const closed = await seenByOwnDoctor();
      expect(closed.body).toMatchObject({ phase: 'CLOSED', outcome: 'NOT_RELEASED', operativeAdvice: 'FIRST_ADVICE' });
      seen.push(
        JSON.parse(
          JSON.stringify([ended, closed])
            .replaceAll(world.caseId, 'case')
            .replaceAll(world.personId, 'person')
            .replace(/SO-[0-9A-F]{10}/g, 'number'),
        ),
      );
      const employee = await world.employee.get(`/intake/cases/${world.caseId}`);
      expect(employee.body.outcome).toBe(
        { BLOCKED: 'BLOCKED', LAPSED: 'RELEASE_DECISION_LAPSED', WITHDRAWN: 'WITHDRAWN' }[outcome],
      );
    }
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  });
  it('BR-43 the first advice stays operative until the own doctor changes it', async () => {
    await share();
    await reporting('ReportReleased', { version: 1, hash: 'a'.repeat(43), releasedAt: at, followUpDueAt: at });
    await context.settled();
    expect((await seenByOwnDoctor()).body.operativeAdvice).toBe('FIRST_ADVICE');
    await reporting('FollowUpRecorded', { adoption: 'PARTLY', motivation: 'seal' });
    await context.settled();
    expect((await seenByOwnDoctor()).body.operativeAdvice).toBe('CHANGED_BY_OWN_DOCTOR');
  });
});

describe('who sees what', () => {
  it('BR-40 nobody without a part in it learns that a case exists', async () => {
    await world.wished();
    await context.settled();
    for (const [role, id] of [
      ['employee', 'person-9'],
      ['company-doctor', 'doctor-9'],
      ['second-opinion-doctor', 'doctor-first'],
      ['employer', 'employer-1'],
      ['court', 'court-1'],
    ] as const) {
      const exists = await context.as(role, id).get(`/intake/cases/${world.caseId}`);
      const none = await context.as(role, id).get('/intake/cases/no-such-case');
      expect([exists.status, exists.body.code]).toEqual([404, none.body.code]);
    }
    expect((await context.as('employer', 'employer-1').get('/intake/cases')).status).toBe(403);
    expect((await context.nobody.get('/intake/cases')).status).toBe(401);
  });
  it('back office sees status and completeness, never the request', async () => {
    await world.wished();
    await world.submitted();
    await context.settled();
    const { body } = await world.office.get(`/intake/cases/${world.caseId}`);
    expect(body).toMatchObject({ phase: 'SUBMITTED', requestComplete: true });
    expect(JSON.stringify(body)).not.toContain('opbouw');
    expect(body.request).toBeUndefined();
  });
  it('the employee sees no quote that is not his to sign', async () => {
    await world.wished();
    await world.submitted();
    await context.publish(BILLING_TOPIC, world.caseId, 'QuoteOverdue', { caseId: world.caseId, dueAt: at });
    await context.settled();
    const names = async (by: typeof world.own) =>
      ((await by.get(`/intake/cases/${world.caseId}`)).body.milestones as { milestone: string }[]).map(
        ({ milestone }) => milestone,
      );
    expect(await names(world.employee)).toEqual([]);
    expect(await names(world.own)).toEqual(['QUOTE_OVERDUE']);
  });
  it('a refusal reaches the employee with its motivation; the own doctor sees the ground', async () => {
    await world.wished();
    await world.done(world.own, 'refuse-request', {
      ground: 'IMPROPER_USE',
      motivation: 'U vroeg dit alleen om te vertragen, zo zei u.',
    });
    await context.settled();
    const employee = await world.employee.get(`/intake/cases/${world.caseId}`);
    expect(employee.body).toMatchObject({
      outcome: 'REFUSED',
      refusal: { ground: 'IMPROPER_USE', motivation: 'U vroeg dit alleen om te vertragen, zo zei u.' },
    });
    expect((await world.own.get(`/intake/cases/${world.caseId}`)).body.refusal).toEqual({ ground: 'IMPROPER_USE', at });
    expect((await context.as('auditor').get(`/intake/cases/${world.caseId}`)).body.refusal).toEqual({
      ground: 'IMPROPER_USE',
      at,
    });
  });
  it('lists are paged, newest first, each his own', async () => {
    for (let count = 0; count < 3; count++) await world.wished();
    await context.settled();
    const first = await world.own.get('/intake/cases?limit=2');
    const rest = await world.own.get(`/intake/cases?limit=2&cursor=${encodeURIComponent(first.body.next as string)}`);
    expect([first.body.items.length, rest.body.items.length, rest.body.next]).toEqual([2, 1, undefined]);
    expect((await world.employee.get('/intake/cases')).body.items).toHaveLength(1);
  });
  it('tasks stand with whom they belong to', async () => {
    await world.wished();
    await context.settled();
    const tasks = async (by: typeof world.own) =>
      ((await by.get('/intake/tasks')).body.items as { task: string }[]).map(({ task }) => task).sort();
    expect(await tasks(world.own)).toEqual([
      'CompleteDecisionAid',
      'DescribeRequest',
      'ExplainNonSuspension',
      'HonourRequest',
    ]);
    await world.submitted();
    await context.settled();
    expect(await tasks(world.own)).toEqual([]);
    expect(await tasks(world.doctor('doctor-first'))).toEqual(['AcceptAssignment']);
    expect(await tasks(world.doctor('doctor-second'))).toEqual([]);
  });
});

describe('BR-78 out-of-scope asks', () => {
  it('are answered with the fixed text, the same whether or not a case exists', async () => {
    const ask = { code: 'EMPLOYER_STATUS', asker: 'EMPLOYER', language: 'nl' };
    const answer = async () => {
      const { body } = await world.office.post('/intake/asks', ask);
      await context.settled();
      const shown = await world.office.get(`/intake/asks/${body.id}`);
      return { ...shown.body, askId: '' };
    };
    const before = await answer();
    await world.wished();
    expect(await answer()).toEqual(before);
    expect(before.text).toContain('bevestigen noch ontkennen');
    expect((await world.office.post('/intake/asks', { ...ask, remark: 'zij is ziek' })).status).toBe(400);
  });
  it('texts are shown with their versions', async () => {
    const { body } = await world.office.get('/intake/texts');
    expect(body.texts).toContainEqual(
      expect.objectContaining({ name: 'nonSuspension', version: 'non-suspension-2026.1' }),
    );
  });
});
