import { Logger, Module, Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { events, field, type EventsOf } from '@second-opinion/contracts';
import {
  Command,
  derivedId,
  issue,
  Refused,
  ToOpen,
  Unavailable,
  type Deadline,
  type Decider,
  type Envelope,
  type InstancesOf,
  type OwnPolicy,
  type Participants,
  type Personal,
  type Publisher,
  type Reading,
  type Seal,
  type TopicPolicy,
  type View,
} from '@second-opinion/kernel';
import {
  Answers,
  Acts,
  Asking,
  Context,
  contextModule,
  Creates,
  deciderHandlers,
  FromRequest,
  Reads,
  SystemCommands,
  type PageQuery,
} from './index';
import { IsId, IsInstant, IsPersonal } from './fields';
import { testContext, type TestContext } from './testing';

// A context as small as can be, under the names of intake so that the real access matrix decides about it.
class RecordSecondOpinionWish extends Command {
  static subject(command: RecordSecondOpinionWish) {
    return { personId: command.personId, caseId: command.caseId };
  }
  @IsId() caseId!: string;
  @IsId() personId!: string;
  @IsPersonal('IDENTITY', { maxLength: 200, purpose: 'intake.name' }) name!: Personal;
}
class HonourRequest extends Command {
  @IsId() caseId!: string;
}
class RefuseRequest extends Command {
  @IsId() caseId!: string;
  @IsPersonal('MEDICAL', { maxLength: 4000 }) motivation!: Personal;
}
class ProposeDoctors extends Command {
  @IsId() caseId!: string;
  @IsInstant() dueAt!: string;
}
class NoteDoctorChoiceOverdue extends Command {
  @IsId() caseId!: string;
}
class NoteMilestone extends Command {
  @IsId() caseId!: string;
}
const commands = {
  RecordSecondOpinionWish,
  HonourRequest,
  RefuseRequest,
  ProposeDoctors,
  NoteDoctorChoiceOverdue,
  NoteMilestone,
};

const caseEvents = events({
  Wished: { personId: field.id(), name: field.sealed('IDENTITY'), ownDoctorId: field.id() },
  Honoured: {},
  Refused: { motivation: field.sealed('MEDICAL') },
  Proposed: { dueAt: field.instant() },
  Overdue: {},
  Noted: {},
});
type CaseEvent = EventsOf<typeof caseEvents>;
interface State {
  readonly personId?: string;
  readonly ownDoctorId?: string;
  readonly honoured?: boolean;
}
const decider: Decider<InstancesOf<typeof commands>, State, CaseEvent> = {
  category: 'intake.case',
  rulesVersion: 'r1',
  initial: {},
  streamId: ({ caseId }) => String(caseId),
  decide: {
    RecordSecondOpinionWish: ({ personId, name }, _, { actor }) => [
      { type: 'Wished', data: { personId, name, ownDoctorId: actor.id } },
    ],
    HonourRequest: (_, { honoured }) => {
      if (honoured) throw new Refused('intake.no-open-wish', { status: 'honoured', wish: 'honoured' });
      return [{ type: 'Honoured', data: {} }];
    },
    RefuseRequest: ({ motivation }) => [{ type: 'Refused', data: { motivation } }],
    ProposeDoctors: ({ dueAt }) => [{ type: 'Proposed', data: { dueAt } }],
    NoteDoctorChoiceOverdue: () => [{ type: 'Overdue', data: {} }],
    NoteMilestone: () => [{ type: 'Noted', data: {} }],
  },
  evolve: (state, event) => {
    if (event.type === 'Wished') return { personId: event.data.personId, ownDoctorId: event.data.ownDoctorId };
    return event.type === 'Honoured' ? { ...state, honoured: true } : state;
  },
  participants: ({ personId, ownDoctorId }): Participants =>
    personId === undefined || ownDoctorId === undefined ? {} : { employee: personId, 'own-doctor': ownDoctorId },
  caseId: (id) => id,
};

interface Row {
  readonly caseId: string;
  readonly personId: string;
  readonly ownDoctorId: string;
  readonly name: Seal;
  readonly motivation?: Seal;
}
const view: View<Row> = {
  name: 'intake.case-overview',
  version: 1,
  categories: ['intake.case'],
  indexes: [['ownDoctorId'], ['personId']],
  keys: ({ type, stream }) => (type === 'Wished' || type === 'Refused' ? [stream.slice('intake.case-'.length)] : []),
  project: (row, event, caseId) => {
    const { type, data } = event as unknown as CaseEvent;
    if (type === 'Wished') return { caseId, ...data };
    return row && type === 'Refused' ? { ...row, motivation: data.motivation } : row;
  },
};
const reading: Reading<Row> = {
  operation: 'intake.GetCase',
  view,
  participants: ({ personId, ownDoctorId }) => ({ employee: personId, 'own-doctor': ownDoctorId }),
  caseId: ({ caseId }) => caseId,
  stream: ({ caseId }) => `intake.case-${caseId}`,
  show: ({ caseId, personId, name, motivation }) => ({
    caseId,
    name: new ToOpen(name, { personId, caseId, purpose: 'intake.name' }),
    motivation: motivation ? new ToOpen(motivation, { personId, caseId, purpose: 'intake.motivation' }) : undefined,
  }),
};
const listing: Reading<Row> = { ...reading, operation: 'intake.ListCases' };

const whenHonoured: OwnPolicy<CaseEvent> = {
  name: 'when-honoured-note-it',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: { Honoured: ({ metadata }) => [issue(NoteMilestone, { caseId: metadata.caseId ?? '' })] },
};
const whenTold: TopicPolicy<{ SomethingElse: { caseId: string } }> = {
  name: 'when-told-note-it',
  listensTo: ['other.events.v1'],
  startsAt: 'beginning',
  on: { SomethingElse: ({ data }) => [issue(NoteMilestone, { caseId: data.caseId })] },
};
const publisher: Publisher<CaseEvent> = {
  topic: 'intake.events.v1',
  categories: ['intake.case'],
  on: {
    Honoured: ({ metadata }) => ({
      type: 'RequestHonoured',
      key: metadata.caseId ?? '',
      data: { caseId: metadata.caseId },
    }),
  },
};
const term: Deadline<CaseEvent> = {
  name: 'choice-term',
  categories: ['intake.case'],
  start: { Proposed: ({ data }) => [{ ref: 'choice', dueAt: data.dueAt }] },
  stop: { Overdue: () => 'all' },
  send: ({ streamId }) => issue(NoteDoctorChoiceOverdue, { caseId: streamId }),
};

@Context('intake')
class Controller {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
  ) {}
  @Creates('cases', RecordSecondOpinionWish, 'caseId')
  record(@FromRequest() command: RecordSecondOpinionWish) {
    return this.bus.execute(command);
  }
  @Acts('cases/:caseId', HonourRequest)
  honour(@FromRequest() command: HonourRequest) {
    return this.bus.execute(command);
  }
  @Acts('cases/:caseId', RefuseRequest)
  refuse(@FromRequest() command: RefuseRequest) {
    return this.bus.execute(command);
  }
  @Acts('cases/:caseId', ProposeDoctors)
  propose(@FromRequest() command: ProposeDoctors) {
    return this.bus.execute(command);
  }
  @Answers('cases/:caseId', reading)
  one(@Param('caseId') caseId: string, @Asking() asking: Asking) {
    return this.reads.one(reading, caseId, asking);
  }
  @Answers('cases', listing)
  list(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(listing, { where: { ownDoctorId: asking.actor.id } }, page, asking);
  }
}

@Module(
  contextModule({
    name: 'intake',
    controllers: [Controller],
    problems: {
      HonourRequest: { refused: ['intake.no-open-wish'] },
      RefuseRequest: { refused: ['person-forgotten'] },
      GetCase: { 'not-found': ['not-found'] },
      ListCases: { invalid: ['invalid-cursor'] },
    },
    events: { 'intake.case': caseEvents },
    handlers: deciderHandlers(decider, commands),
    views: [view],
    policies: [whenHonoured, whenTold],
    publishers: [publisher],
    deadlines: [term],
  }),
)
class SmallModule {}

describe('the glue, one command through everything', () => {
  let app: TestContext;
  beforeEach(async () => {
    app = await testContext(SmallModule);
    await app.listen('intake.events.v1');
  });
  afterEach(() => app.close());

  const doctor = () => app.as('company-doctor', 'doctor-1');
  const wish = { personId: 'person-1', name: 'Ünïcødé van den Berg' };
  const started = async () => (await doctor().post('/intake/cases', wish, { idempotencyKey: 'k1' })).body.id as string;

  it('creates once per Idempotency-Key, sealed, and shows it to who takes part', async () => {
    const first = await doctor().post('/intake/cases', wish, { idempotencyKey: 'k1' });
    const again = await doctor().post('/intake/cases', wish, { idempotencyKey: 'k1' });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    const position = String(first.headers['log-position']);
    expect(position).not.toMatch(/^[0-9]+$/);
    const seen = await doctor().get(`/intake/cases/${first.body.id}?after=${position}`);
    expect(seen).toMatchObject({ status: 200, body: { name: wish.name } });
    expect(seen.headers.etag).toBe(first.headers.etag);
    expect(JSON.stringify(await app.recorded(`intake.case-${first.body.id}`))).not.toContain('Berg');
    const { records } = await app.platform.accessLog.read({ personId: 'person-1' });
    expect(records).toMatchObject([
      { operation: 'intake.GetCase', outcome: 'SUCCESS', actorId: 'doctor-1', relation: 'own-doctor' },
    ]);
  });

  it('asks the store for the id of what is created, which may be the one that follows from the command alone', async () => {
    const { events } = app.platform;
    const byStore = await started();
    expect(await started()).toBe(byStore);
    const asked: object[] = [];
    events.idFor = (commandId, derived) => {
      asked.push({ commandId, ...derived() });
      return Promise.resolve({ id: derived().id, isNew: false });
    };
    const { body } = await doctor().post('/intake/cases', wish, { idempotencyKey: 'k2' });
    const [recorded] = await app.recorded(`intake.case-${body.id}`);
    const commandId = recorded?.metadata.commandId ?? '';
    const id = derivedId(commandId, 'caseId');
    expect([body.id, asked]).toEqual([id, [{ commandId, id, stream: `intake.case-${id}` }]]);
  });

  it('asks for an Idempotency-Key and refuses the same one with another body', async () => {
    expect((await doctor().post('/intake/cases', wish, { idempotencyKey: null })).body.code).toBe(
      'idempotency-key-missing',
    );
    await started();
    const other = await doctor().post('/intake/cases', { ...wish, name: 'Iemand anders' }, { idempotencyKey: 'k1' });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('answers a stranger alike for a case that exists and one that does not', async () => {
    const id = await started();
    await app.settled();
    for (const [role, who] of [
      ['company-doctor', 'doctor-2'],
      ['employee', 'person-2'],
      ['employer', 'employer-1'],
      ['court', 'court-1'],
      ['privacy-officer', 'officer-1'],
      ['operator', 'operator-1'],
    ] as const) {
      const stranger = app.as(role, who);
      for (const send of [
        (at: string) => stranger.get(`/intake/cases/${at}`),
        (at: string) => stranger.post(`/intake/cases/${at}/honour-request`),
      ]) {
        const [real, none] = [await send(id), await send('no-such-case')];
        const masked = ({ status, body: { requestId: _, ...body } }: typeof real) => ({ status, body });
        expect(masked(real)).toEqual(masked(none));
        expect(real.status).toBe(404);
      }
    }
  });

  it('logs the denied attempt of somebody who takes part but may not do this', async () => {
    const id = await started();
    expect((await app.as('employee', 'person-1').post(`/intake/cases/${id}/honour-request`)).status).toBe(403);
    const { records } = await app.platform.accessLog.read({ personId: 'person-1' });
    expect(records).toMatchObject([{ outcome: 'DENIED', operation: 'intake.HonourRequest', actorId: 'person-1' }]);
  });

  it('tells the others, reacts to its own event and to theirs, each once', async () => {
    const id = await started();
    await doctor().post(`/intake/cases/${id}/honour-request`);
    await app.publish('other.events.v1', id, 'SomethingElse', { caseId: id }, 'm1');
    await app.publish('other.events.v1', id, 'SomethingElse', { caseId: id }, 'm1');
    await app.settled();
    expect((await app.events(`intake.case-${id}`)).map(({ type }) => type).sort()).toEqual([
      'Honoured',
      'Noted',
      'Noted',
      'Wished',
    ]);
    expect(app.told()).toEqual([{ type: 'RequestHonoured', data: { caseId: id } }]);
  });

  it('goes on with the trace of a request in what follows from it, here and at the others', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const id = await started();
    const told: Envelope[] = [];
    const stop = new AbortController();
    const listening = await app.platform.bus.consume({
      ...{ group: 'test-trace', topics: ['intake.events.v1'], startsAt: 'beginning' },
      signal: stop.signal,
      handle: ({ event }) => Promise.resolve(void told.push(event)),
    });
    await doctor().post(`/intake/cases/${id}/honour-request`, {}, { traceparent });
    await app.settled();
    await listening.idle();
    stop.abort();
    expect(told).toMatchObject([{ type: 'RequestHonoured', traceparent }]);
    const traced = await app.recorded(`intake.case-${id}`);
    expect(traced.map(({ type, metadata }) => [type, metadata.traceparent])).toEqual([
      ['Wished', undefined],
      ['Honoured', traceparent],
      ['Noted', traceparent],
    ]);
    expect(told[0]?.correlationid).toBe(traced[2]?.metadata.correlationId);
  });

  it('writes a line for each command of a policy, by whose ids the rest is found', async () => {
    const lines: unknown[] = [];
    const note = (...line: unknown[]) => void lines.push(line);
    Logger.overrideLogger({ debug: note, log: note, warn: note, error: note });
    try {
      const { clock, calendar } = app.platform;
      const commands = new SystemCommands(app.app.get(CommandBus, { strict: false }), clock, calendar);
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const cause = { by: 'when-told-note-it', of: 'event-1', correlationId: 'request-1', traceparent };
      await commands.send(
        [issue(NoteMilestone, { caseId: 'case-9' }), issue(HonourRequest, { caseId: 'case-9' })],
        cause,
      );
      await commands.send([issue(HonourRequest, { caseId: 'case-9' })], { ...cause, of: 'event-2' });
    } finally {
      Logger.overrideLogger(false);
    }
    const about = { by: 'when-told-note-it', caseId: 'case-9', correlationId: 'request-1', causationId: 'event-1' };
    const line = { ...about, traceId: '0af7651916cd43dd8448eb211c80319c' };
    expect(lines).toEqual([
      [{ ...line, command: 'NoteMilestone' }, 'command done', 'intake'],
      [{ ...line, command: 'HonourRequest' }, 'command done', 'intake'],
      [
        { ...line, command: 'HonourRequest', causationId: 'event-2', code: 'intake.no-open-wish' },
        'command refused',
        'intake',
      ],
    ]);
  });

  it('sends what is due when its instant has come, once', async () => {
    const id = await started();
    await doctor().post(`/intake/cases/${id}/propose-doctors`, { dueAt: '2026-11-27T09:00:00.000Z' });
    await app.settled();
    expect((await app.events(`intake.case-${id}`)).map(({ type }) => type)).toEqual(['Wished', 'Proposed']);
    app.clock.advanceTo('2026-11-27T09:00:00.000Z');
    await app.settled();
    await app.settled();
    expect((await app.events(`intake.case-${id}`)).map(({ type }) => type)).toEqual(['Wished', 'Proposed', 'Overdue']);
  });

  it('goes on with views and deadlines when the store of the views was away for a moment', async () => {
    const id = await started();
    await app.settled();
    const apply = jest.spyOn(app.platform.views, 'apply').mockRejectedValueOnce(new Unavailable('storage-unavailable'));
    await doctor().post(`/intake/cases/${id}/propose-doctors`, { dueAt: '2026-11-27T09:00:00.000Z' });
    await app.settled();
    app.clock.advanceTo('2026-11-27T09:00:00.000Z');
    await app.settled();
    expect(apply.mock.calls.length).toBeGreaterThan(1);
    expect((await app.events(`intake.case-${id}`)).map(({ type }) => type)).toEqual(['Wished', 'Proposed', 'Overdue']);
  });

  it('answers a rule with 409 and its code, and If-Match with 412', async () => {
    const id = await started();
    const first = await doctor().post(`/intake/cases/${id}/honour-request`);
    const second = await doctor().post(`/intake/cases/${id}/honour-request`);
    expect([second.status, second.body.code, String(second.headers['content-type']).split(';')[0]]).toEqual([
      409,
      'intake.no-open-wish',
      'application/problem+json',
    ]);
    // A fact that is named as a member of the problem does not take its place.
    expect(second.body).toMatchObject({ status: 409, wish: 'honoured' });
    const stale = await doctor().post(
      `/intake/cases/${id}/refuse-request`,
      { motivation: 'x' },
      { ifMatch: '"stale"' },
    );
    expect([stale.status, stale.body.code]).toEqual([412, 'precondition-failed']);
    expect(first.headers.etag).toBeDefined();
    await app.settled();
    const seen = String((await doctor().get(`/intake/cases/${id}`)).headers.etag);
    const listed = await doctor().post(
      `/intake/cases/${id}/refuse-request`,
      { motivation: 'x' },
      { ifMatch: `"stale", ${seen}` },
    );
    expect(listed.status).toBe(200);
    const anything = await doctor().post('/intake/cases', wish, { ifMatch: '*' });
    expect([anything.status, anything.body.code]).toEqual([412, 'precondition-failed']);
  });

  it('takes two ways to write one path as one', async () => {
    const keys = { 'content-type': 'application/json', 'idempotency-key': 'twice' };
    const body = JSON.stringify(wish);
    const first = await doctor().send('POST', '/intake/cases', body, keys);
    const again = await doctor().send('POST', '/intake/c%61ses', body, keys);
    expect([first.status, again.status, again.body.id]).toEqual([201, 201, first.body.id]);
  });

  it('gives a read the ETag of all that the asker may know of, also of what the view does nothing with', async () => {
    const id = await started();
    const read = async () => {
      await app.settled();
      return String((await doctor().get(`/intake/cases/${id}`)).headers.etag);
    };
    // Neither event changes the row: it stays at the place of the wish.
    const honoured = await doctor().post(`/intake/cases/${id}/honour-request`, {}, { ifMatch: await read() });
    expect(await read()).not.toBe(honoured.headers.etag);
    const dueAt = '2026-11-27T09:00:00.000Z';
    const ifMatch = await read();
    const proposed = await doctor().post(`/intake/cases/${id}/propose-doctors`, { dueAt }, { ifMatch });
    expect([honoured.status, proposed.status]).toEqual([200, 200]);
    expect(await read()).toBe(proposed.headers.etag);
  });

  it('takes from the body what the document names there, and nothing that stands in the path', async () => {
    const id = await started();
    const url = `/intake/cases/${id}/honour-request`;
    const json = { 'content-type': 'application/json' };
    for (const body of ['{"caseId":"B"}', JSON.stringify({ caseId: id }), 'null', '"x"', '1']) {
      const answer = await doctor().send('POST', url, body, json);
      expect([body, answer.status, answer.body.code]).toEqual([body, 400, 'invalid-request']);
    }
    expect(await app.events(`intake.case-${id}`)).toHaveLength(1);
    expect((await doctor().send('POST', url, '', json)).status).toBe(200);
    const other = (await doctor().post('/intake/cases', wish)).body.id as string;
    expect((await doctor().send('POST', `/intake/cases/${other}/honour-request`, undefined, {})).status).toBe(200);
  });

  it('shows a forgotten text as forgotten, and takes no new text about the forgotten', async () => {
    const id = await started();
    await app.settled();
    await app.platform.vault.destroyKeys({ personId: 'person-1' });
    expect((await doctor().get(`/intake/cases/${id}`)).body).toEqual({ caseId: id, name: { forgotten: true } });
    const refusal = await doctor().post(`/intake/cases/${id}/refuse-request`, { motivation: 'x' });
    expect([refusal.status, refusal.body.code]).toEqual([409, 'person-forgotten']);
    expect((await doctor().post(`/intake/cases/${id}/honour-request`)).status).toBe(200);
  });

  it('answers what is not there, not allowed, not JSON, too large or not a token as a problem', async () => {
    const code = async (answer: Promise<{ status: number; body: { code: string } }>) => {
      const { status, body } = await answer;
      return [status, body.code];
    };
    const raw = (body: string, type = 'application/json') =>
      doctor().send('POST', '/intake/cases', body, { 'content-type': type });
    expect(await code(app.nobody.get('/intake/cases'))).toEqual([401, 'unauthorized']);
    expect(await code(doctor().get('/nowhere'))).toEqual([404, 'not-found']);
    const wrong = await doctor().send('DELETE', '/intake/cases', undefined, {});
    expect([wrong.status, wrong.body.code, String(wrong.headers['allow']).includes('POST')]).toEqual([
      405,
      'method-not-allowed',
      true,
    ]);
    expect(await code(raw('{'))).toEqual([400, 'invalid-request']);
    expect(await code(raw('{"__proto__":{"x":1}}'))).toEqual([400, 'invalid-request']);
    expect(await code(raw('{"constructor":{"prototype":{"x":1}}}'))).toEqual([400, 'invalid-request']);
    expect(await code(raw('{"personId":"person-1","personId":"person-2","name":"x"}'))).toEqual([
      400,
      'invalid-request',
    ]);
    expect(await code(raw(`{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`))).toEqual([400, 'invalid-request']);
    const zipped = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(await code(doctor().send('POST', '/intake/cases', '{}', zipped))).toEqual([415, 'unsupported-media-type']);
    expect(await code(doctor().get('/intake/cases/'))).toEqual([404, 'not-found']);
    expect(await code(doctor().get(`/intake/cases/${'x'.repeat(201)}`))).toEqual([414, 'path-too-long']);
    expect(await code(raw('[]'))).toEqual([400, 'invalid-request']);
    expect(await code(raw('null'))).toEqual([400, 'invalid-request']);
    expect(await code(raw('x', 'application/xml'))).toEqual([415, 'unsupported-media-type']);
    expect(await code(raw('x', 'text/plain'))).toEqual([415, 'unsupported-media-type']);
    expect(await code(raw(JSON.stringify({ ...wish, name: 'x'.repeat(4_000_000) })))).toEqual([413, 'too-large']);
    expect(await code(doctor().get('/intake/cases?cursor=zzz'))).toEqual([400, 'invalid-cursor']);
    const future = app.platform.hashes.positionToken('99999999');
    expect(await code(doctor().get(`/intake/cases?after=${future}`))).toEqual([503, 'view-behind']);
    // BR-38: a bare position is none that we gave, nor do we give one: how much happened in between is nobody's to count.
    expect(await code(doctor().get('/intake/cases?after=99999999'))).toEqual([400, 'invalid-position']);
  });
});
