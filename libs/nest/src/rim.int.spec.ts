import { Module, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { events, field, type EventsOf } from '@second-opinion/contracts';
import {
  Command,
  type Decider,
  type InstancesOf,
  type Participants,
  type Personal,
  type Reading,
  type View,
} from '@second-opinion/kernel';
import { Acts, Answers, Asking, Context, contextModule, deciderHandlers, FromRequest, Reads } from './index';
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
  indexes: [['employee']],
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
}

@Module(
  contextModule({
    name: 'intake',
    controllers: [Controller],
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

  it('does nothing for who asks for the head alone: reading can be an act (A18)', async () => {
    const answer = await doctor().send('HEAD', '/intake/cases/1', undefined, {});
    expect([answer.status, answer.headers.allow]).toEqual([405, 'GET']);
    expect((await app.platform.accessLog.read({})).records).toEqual([]);
  });
});
