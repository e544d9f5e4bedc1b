import { Get, Module, Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { events, field, type EventsOf } from '@second-opinion/contracts';
import {
  Command,
  Unavailable,
  type Decider,
  type InstancesOf,
  type Participants,
  type Personal,
  type Reading,
  type View,
} from '@second-opinion/kernel';
import {
  Acts,
  Answers,
  Asking,
  Context,
  contextModule,
  deciderHandlers,
  FromRequest,
  Reads,
  type PageQuery,
} from './index';
import { IsId, IsPersonal } from './fields';
import { testContext, type TestContext } from './testing';

// A context as small as can be, under the names of intake so that the real access matrix decides about it.
class RefuseRequest extends Command {
  @IsId() caseId!: string;
  @IsPersonal('MEDICAL', { maxLength: 4000, minLength: 3 }) motivation!: Personal;
}
const commands = { RefuseRequest };
const caseEvents = events({
  Wished: { personId: field.id(), ownDoctorId: field.id() },
  Refused: { motivation: field.sealed('MEDICAL') },
});
type CaseEvent = EventsOf<typeof caseEvents>;
interface Row {
  readonly caseId: string;
  readonly employee: string;
  readonly 'own-doctor': string;
}

const decider: Decider<InstancesOf<typeof commands>, Participants, CaseEvent> = {
  category: 'intake.case',
  rulesVersion: 'r1',
  initial: {},
  streamId: ({ caseId }) => String(caseId),
  decide: { RefuseRequest: ({ motivation }) => [{ type: 'Refused', data: { motivation } }] },
  evolve: (state, { type, data }) =>
    type === 'Wished' ? { employee: data.personId, 'own-doctor': data.ownDoctorId } : state,
  participants: (state) => state,
  caseId: (id) => id,
};
const view: View<Row> = {
  name: 'intake.case-overview',
  version: 1,
  categories: ['intake.case'],
  indexes: [['caseId']],
  keys: ({ type, stream }) => (type === 'Wished' ? [stream.slice('intake.case-'.length)] : []),
  project: (_, { data }, caseId) => {
    const { personId, ownDoctorId } = data as { personId: string; ownDoctorId: string };
    return { caseId, employee: personId, 'own-doctor': ownDoctorId };
  },
};
const reading: Reading<Row> = {
  operation: 'intake.GetCase',
  view,
  participants: (row) => row,
  caseId: ({ caseId }) => caseId,
  show: ({ caseId }) => ({ caseId }),
};

const listing: Reading<Row> = { ...reading, operation: 'intake.ListCases' };

@Context('intake')
class Controller {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
  ) {}
  @Acts('cases/:caseId', RefuseRequest)
  refuse(@FromRequest() command: RefuseRequest) {
    return this.bus.execute(command);
  }
  @Answers('cases/:caseId', reading)
  one(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.reads.one(reading, caseId, asking);
  }
  // All of them: what nobody may see is left out by the matrix alone.
  @Answers('cases', listing)
  list(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(listing, { orderBy: 'caseId' }, page, asking);
  }
  @Get('forgotten')
  forgotten() {
    return { secret: true };
  }
}

@Module(
  contextModule({
    name: 'intake',
    controllers: [Controller],
    problems: {
      GetCase: { 'not-found': ['not-found'] },
      ListCases: { invalid: ['invalid-cursor'] },
    },
    events: { 'intake.case': caseEvents },
    handlers: deciderHandlers(decider, commands),
    views: [view],
    policies: [],
    publishers: [],
    deadlines: [],
  }),
)
class SmallModule {}

describe('the rim', () => {
  let app: TestContext;
  beforeEach(async () => {
    app = await testContext(SmallModule);
    await app.given('intake.case-1', [{ type: 'Wished', data: { personId: 'person-1', ownDoctorId: 'doctor-1' } }]);
    await app.settled();
  });
  afterEach(() => app.close());

  const doctor = () => app.as('company-doctor', 'doctor-1');
  const refuse = (body: unknown, headers: Record<string, string> = {}) =>
    doctor().post('/intake/cases/1/refuse-request', body, { 'content-type': 'application/json', ...headers });
  const bodyOf = (...parts: (string | number[])[]) =>
    Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : Buffer.from(part))));

  describe('what a body is written in', () => {
    it('takes UTF-8, whether or not it is named', async () => {
      for (const type of ['application/json', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'])
        expect([type, (await refuse('{"motivation":"Ünïcødé 🙂"}', { 'content-type': type })).status]).toEqual([
          type,
          200,
        ]);
    });

    it('refuses bytes that are no UTF-8, which it would have to replace by others', async () => {
      const wrong = [[0xff], [0xe9], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x99], [0xf4, 0x90, 0x80, 0x80]];
      for (const bytes of wrong) {
        const answer = await refuse(bodyOf('{"motivation":"Caf', bytes, ' is te laat"}'));
        expect([bytes, answer.status, answer.body.code]).toEqual([bytes, 400, 'invalid-request']);
      }
      expect(await app.events('intake.case-1')).toHaveLength(1);
    });

    it('refuses a byte order mark, which JSON does not have', async () => {
      expect((await refuse(bodyOf([0xef, 0xbb, 0xbf], '{"motivation":"Geen twijfel"}'))).status).toBe(400);
    });

    it('takes no other charset for JSON, not even for what reads the same', async () => {
      for (const charset of ['iso-8859-1', 'utf-16le', 'us-ascii', 'utf-8; charset=latin1', '']) {
        const type = `application/json; charset=${charset}`;
        const answer = await refuse('{"motivation":"Geen twijfel"}', { 'content-type': type });
        expect([type, answer.status, answer.body.code]).toEqual([type, 415, 'unsupported-media-type']);
      }
    });
  });

  describe('who is refused', () => {
    const strangers = ['employee', 'company-doctor', 'second-opinion-doctor', 'employer', 'court', 'operator'] as const;

    it('BR-40, BR-66: waits for a record as durable for what is not there as for what is, and his words are not in it', async () => {
      for (const role of strangers)
        for (const ask of [
          (id: string) => app.as(role, 'stranger').get(`/intake/cases/${id}`),
          (id: string) =>
            app.as(role, 'stranger').post(`/intake/cases/${id}/refuse-request`, { motivation: 'Geen twijfel' }),
        ]) {
          const written = app.platform.accessLog;
          const counted: number[] = [];
          for (const id of ['1', 'Jan.de.Vries.burnout']) {
            const before = (await written.read({ limit: 500 })).records.length;
            expect([role, id, (await ask(id)).status]).toEqual([role, id, 404]);
            counted.push((await written.read({ limit: 500 })).records.length - before);
          }
          expect([role, ...counted]).toEqual([role, 1, 1]);
        }
      const { records } = await app.platform.accessLog.read({ limit: 500 });
      expect(new Set(records.map(({ outcome }) => outcome))).toEqual(new Set(['DENIED']));
      expect(JSON.stringify(records)).not.toContain('burnout');
    });

    it('answers nothing either while the record cannot be written, whether there is something or not', async () => {
      const { accessLog } = app.platform;
      const write = accessLog.write.bind(accessLog);
      accessLog.write = () => Promise.reject(new Unavailable('storage-unavailable'));
      for (const id of ['1', 'no-such-case'])
        expect([id, (await app.as('employee', 'stranger').get(`/intake/cases/${id}`)).status]).toEqual([id, 503]);
      accessLog.write = write;
    });

    it('BR-40: is refused a list by the rule, before anything is looked up', async () => {
      for (const role of ['employer', 'court', 'operator', 'privacy-officer'] as const)
        expect([role, (await app.as(role).get('/intake/cases')).status]).toEqual([role, 403]);
      expect((await app.as('employee', 'nobody-yet').get('/intake/cases')).body).toEqual({ items: [] });
    });

    it('gets nothing from a route that names no operation', async () => {
      expect((await app.nobody.get('/intake/forgotten')).status).toBe(401);
      expect((await app.as('back-office').get('/intake/forgotten')).status).toBe(403);
    });
  });

  describe('a page of a list', () => {
    const of = (id: string) => app.as('employee', id);
    const page = async (id: string, query: string) => (await of(id).get(`/intake/cases${query}`)).body;
    const ids = (body: { items: Row[] }) => body.items.map(({ caseId }) => caseId);
    beforeEach(async () => {
      for (const [at, personId] of ['ann', 'bob', 'bob', 'bob', 'ann', 'bob', 'bob', 'ann', 'bob'].entries())
        await app.given(`intake.case-2${at}`, [{ type: 'Wished', data: { personId, ownDoctorId: 'doctor-1' } }]);
      await app.settled();
    });

    it('BR-40: is as long as there is something to see, and has a next one only when that holds something', async () => {
      const first = await page('ann', '?limit=2');
      expect(ids(first)).toEqual(['20', '24']);
      const second = await page('ann', `?limit=2&cursor=${first.next}`);
      expect([ids(second), second.next]).toEqual([['27'], undefined]);
      expect(await page('nobody', '?limit=1')).toEqual({ items: [] });
      const whole = await page('ann', '?limit=3');
      expect([ids(whole), whole.next]).toEqual([['20', '24', '27'], undefined]);
    });

    it('takes no cursor that it has not made', async () => {
      const made = Buffer.from('["mark","20","20"]').toString('base64url');
      for (const cursor of [made, 'x', '', 'x'.repeat(5000)])
        expect((await of('ann').get(`/intake/cases?cursor=${cursor}`)).status).toBe(400);
    });
  });

  it('does nothing for who asks for the head alone: reading can be an act (A18)', async () => {
    const answer = await doctor().send('HEAD', '/intake/cases/1', undefined, {});
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET']);
    expect((await app.platform.accessLog.read({})).records).toEqual([]);
  });
});
