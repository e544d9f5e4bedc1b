import { mayEnter, mayPerform, operationRule, type Facts } from '@second-opinion/access';
import type { ActorRole, Relation } from '@second-opinion/kernel';
import { CasePlay, employeeNamed, type User } from '@second-opinion/standalone/play';
import type { Deployment } from './deployment';
import { PATIENCE_MS, startDeployment } from './start';

jest.setTimeout(PATIENCE_MS);

interface Operation {
  readonly name: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly body: object | undefined;
  /** bodies that the document shows. */
  readonly bodies: readonly object[];
}
interface Who {
  readonly user: User;
  readonly role: ActorRole;
  /** own: what he is to the case of the play. */
  readonly own: Relation;
}
/** Things: what stands in the place of each id, of the played case, of another one, or of none. */
type Things = Readonly<Record<string, string>>;

// Facts that hold in the played case: accepted and authorised, the employer pays, the report is shared with the employee and not released.
const FACTS: Facts = { accepted: true, employerPays: true, authorised: true, sharedByEmployee: true, released: false };

/** An upload takes a stream, not a body. */
const UPLOAD = 'reporting.AddDossierDocument';

/** Roles that have something to do with every case, whosever it is. */
const EVERYWHERE: ReadonlySet<Relation> = new Set(['back-office', 'auditor', 'privacy-officer', 'operator']);

/** NARROWER than the matrix: what the stream, or what was asked for, decides when the role alone is not enough. */
const NARROWER: Readonly<Record<string, (who: Who) => boolean>> = {
  // Each of these by who it is, not by his role.
  'intake.InvitePersonAgain': ({ role, own }) => role === 'company-doctor' && own === 'none',
  'records.ListAccesses': ({ role, own }) => role === 'employee' && own === 'none',
  'scheduling.OpenAgendaDay': ({ role, own }) => role === 'second-opinion-doctor' && own === 'none',
  'scheduling.CloseAgendaSlot': ({ role, own }) => role === 'second-opinion-doctor' && own === 'none',
  'scheduling.ListAgenda': ({ role, own }) => role === 'second-opinion-doctor' && own === 'none',
  // A9 W, not R: what he sent is his own, and not to be had back here (BR-22).
  'reporting.OpenDossierDocument': ({ own }) => own === 'own-doctor',
  // The message is the employee's.
  'notification.GetMessage': ({ role }) => role === 'company-doctor' || role === 'second-opinion-doctor',
  // Of a person there is himself, and nobody's case.
  'intake.GetOwnPerson': ({ own }) => own !== 'employee',
  'intake.GetMe': ({ role }) => role !== 'employee',
  // Until partners subscribe, no case names one.
  ...Object.fromEntries(
    [
      'intake.ListCases',
      'scheduling.ListAppointments',
      'reporting.ListFiles',
      'billing.ListCaseMoney',
      'billing.ListInvoices',
    ].map((name) => [name, ({ role }: Who) => role === 'partner']),
  ),
};
type Target = 'own' | 'none';

/** Every role × every documented operation × (own, other, none): what is answered must be what the access matrix says, both ways. */
describe('the access matrix at every exit', () => {
  let server: Deployment;
  let play: CasePlay;
  let other: CasePlay;
  let everybody: Who[];
  let operations: Operation[];
  let own: Things;

  beforeAll(async () => {
    server = await startDeployment();
    const world = server.world();
    await world.load();
    play = new CasePlay(world, employeeNamed('matrix-1', 'Matrix Een'));
    other = new CasePlay(world, employeeNamed('matrix-2', 'Matrix Twee'));
    await play.upToAppointment();
    await play.authorise();
    await other.wish();
    everybody = [
      { user: play.employee, role: 'employee', own: 'employee' },
      { user: play.ownDoctor, role: 'company-doctor', own: 'own-doctor' },
      { user: world.user('second-doctor'), role: 'second-opinion-doctor', own: 'second-opinion-doctor' },
      { user: world.user('third-doctor'), role: 'second-opinion-doctor', own: 'none' },
      { user: other.employee, role: 'employee', own: 'none' },
      { user: world.user('other-own-doctor'), role: 'company-doctor', own: 'none' },
      ...(['back-office', 'auditor', 'privacy-officer', 'operator'] as const).map((role) => ({
        user: world.user(role),
        role,
        own: role,
      })),
      ...(['employer', 'court', 'partner'] as const).map((role) => ({
        user: world.user(role),
        role,
        own: 'none' as const,
      })),
    ];
    operations = await operationsOf(server.url);
    own = await thingsOf(play);
  }, PATIENCE_MS);
  afterAll(() => server.stop());

  // What is no id stays as it is: it names nothing that could be absent.
  const GIVEN = ['version', 'date', 'tariffId', 'series'];
  const none: Things = new Proxy({}, { get: (_, id: string) => (GIVEN.includes(id) ? own[id] : 'no-such-thing') });

  const answerOf = async (who: Who, { name, method, path, body }: Operation, things: Things): Promise<number> => {
    const url = path.replace(/\{([A-Za-z]+)\}/g, (_, id: string) => things[id] ?? `no-${id}-in-this-test`);
    if (method === 'get') return (await who.user.get(url)).status;
    // If-Match with a tag that never was: who may do it gets 412 before anything happens, so that the case stays as it is. Where the stream is
    // to deny it, it is asked in earnest.
    const isSafe = NARROWER[name]?.(who) === true;
    const headers: Record<string, string> = isSafe ? {} : { 'if-match': '"never"' };
    if (name !== UPLOAD) return (await who.user.post(url, body ?? {}, { headers })).status;
    const described = { 'content-type': 'text/plain', 'document-kind': 'MEDICAL_LETTER', 'document-name': 'brief.txt' };
    return (await who.user.post(url, {}, { raw: 'Een brief', headers: { ...headers, ...described } })).status;
  };

  /** mayHe: what the matrix says, and what is narrower than it. */
  const mayHe = (who: Who, { name, path }: Operation, target: Target): boolean => {
    const aboutCase = path.includes('{caseId}') || path.includes('{number}') || path.includes('{messageId}');
    const relation = aboutCase && target === 'none' && !EVERYWHERE.has(who.own) ? 'none' : who.own;
    const rule = operationRule(name);
    const list = !path.includes('{');
    // His list may be empty; whether it is one, no case says.
    const { allowed } = list ? mayEnter(rule, who.role) : mayPerform(rule, { relation, role: who.role }, FACTS);
    return (allowed || (name === UPLOAD && who.own === 'employee')) && NARROWER[name]?.(who) !== true;
  };
  const denied = (status: number) => status === 403 || status === 404;

  it('knows an access rule, and something of the played case, for every operation of every context', () => {
    const contexts = new Set(operations.map(({ path }) => path.split('/')[1]));
    expect([...contexts].sort()).toEqual(['billing', 'intake', 'notification', 'records', 'reporting', 'scheduling']);
    expect(operations.length).toBeGreaterThan(90);
    expect(operations.filter(({ name }) => !operationRule(name)).map(({ name }) => name)).toEqual([]);
    const named = operations.flatMap(({ path }) => [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, id = '']) => id));
    expect([...new Set(named)].filter((id) => !own[id])).toEqual([]);
  });

  it(
    'gives on the own case what the matrix gives, and denies the rest',
    async () => {
      const wrong: string[] = [];
      for (const who of everybody) {
        for (const operation of operations) {
          const status = await answerOf(who, operation, own);
          const allowed = mayHe(who, operation, 'own');
          if (status >= 500 || status === 401 || allowed === denied(status))
            wrong.push(`${who.role} (${who.own}) ${operation.name}: ${status}, allowed ${allowed}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    "gives nobody anything of somebody else's case, nor of none, and the same answer for both",
    async () => {
      const wrong: string[] = [];
      for (const who of everybody) {
        for (const operation of operations.filter(({ path }) => path.includes('{'))) {
          const [foreign, nothing] = [await answerOf(who, operation, own), await answerOf(who, operation, none)];
          const allowed = mayHe(who, operation, 'none');
          if (nothing >= 500 || (!allowed && !denied(nothing)))
            wrong.push(`${who.role} (${who.own}) ${operation.name} of none: ${nothing}, allowed ${allowed}`);
          if (who.own === 'none' && !allowed && foreign !== nothing)
            wrong.push(`${who.role} ${operation.name}: ${foreign} and ${nothing}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('BR-40: gives employer and court not even the end of a list', async () => {
    for (const who of everybody.filter(({ role }) => role === 'employer' || role === 'court'))
      for (const { method, path } of operations.filter(({ method }) => method === 'get')) {
        const url = path.replace(/\{([A-Za-z]+)\}/g, (_, id: string) => own[id] ?? '');
        const { status, body } = await who.user.get(`${url}?limit=1`);
        expect([who.role, method, path, denied(status), Object.keys(body as object)]).toEqual([
          ...[who.role, method, path, true],
          ...[['type', 'title', 'status', 'code', 'requestId']],
        ]);
      }
  });

  it('lists to everybody his own cases only', async () => {
    for (const who of everybody.filter(
      ({ role }) => role === 'employee' || role === 'company-doctor' || role === 'second-opinion-doctor',
    )) {
      for (const path of ['/intake/cases', '/scheduling/appointments', '/reporting/cases', '/billing/cases']) {
        const { status, body } = await who.user.get(path);
        expect(status).toBe(200);
        const ids = (body as { items: { caseId: string }[] }).items.map(({ caseId }) => caseId);
        if (who.own === 'none') expect(ids).not.toContain(play.caseId);
        else if (path === '/intake/cases') expect(ids).toContain(play.caseId);
      }
    }
  });

  it('changed nothing by all these attempts', async () => {
    const types = (await play.history()).map(({ type }) => type);
    expect(types).not.toContain('ReportBlocked');
    expect(types).not.toContain('RequestWithdrawn');
    expect((await play.backOffice.read(`/intake/cases/${play.caseId}/employee`)).name).toBe('Matrix Een');
  });

  // The last: now in earnest.
  it(
    'refuses no body that the document shows for its form to anybody who may send it',
    async () => {
      const answered: string[] = [];
      for (const operation of operations)
        for (const body of operation.bodies)
          for (const who of everybody.filter((one) => mayHe(one, operation, 'own'))) {
            const url = operation.path.replace(/\{([A-Za-z]+)\}/g, (_, id: string) => own[id] ?? '');
            const { status, body: answer } = await who.user.post(url, body);
            const { code = 'done' } = answer as { code?: string };
            answered.push(`${operation.name}: ${status} ${code}`);
          }
      expect(answered.filter((one) => /: (400|5)/.test(one))).toEqual([]);
      expect(answered.filter((one) => one.endsWith(' done')).length).toBeGreaterThan(10);
    },
    PATIENCE_MS,
  );
});

/** thingsOf a case: one of everything that an operation can be about. */
async function thingsOf(play: CasePlay): Promise<Things> {
  const { world, caseId, personId, ownDoctor, employee, backOffice } = play;
  const { id: documentId } = (await play.upload(ownDoctor, 'MEDICAL_LETTER', 'Een brief')).body as { id: string };
  await play.does('reporting', employee, 'grant-source-consent', { source: 'Huisarts De Vries' });
  await play.consult();
  await play.report();
  const { items: invoices } = (await backOffice.read('/billing/invoices')) as { items: [{ number: string }] };
  const { items: messages } = (await employee.read('/notification/messages')) as { items: [{ messageId: string }] };
  const { sources } = (await employee.read(`/reporting/cases/${caseId}`)) as { sources: [{ sourceId: string }] };
  const ask = { language: 'nl', code: 'PRIOR_CONSULTATION', asker: 'EMPLOYEE' };
  const { id: askId } = (await backOffice.does('/intake/asks', ask)) as { id: string };
  const { items: houses } = (await backOffice.read('/scheduling/locations')) as { items: [{ locationId: string }] };
  const { number } = invoices[0];
  return {
    ...{ caseId, personId, documentId, askId, number, version: '1', messageId: messages[0].messageId },
    ...{ sourceId: sources[0].sourceId, doctorId: world.idOf('second-doctor'), date: '2027-03-01' },
    locationId: houses[0].locationId,
    ...{ organisationId: 'ohs-north', contractId: 'contract-1', tariffId: 'EMPLOYEE_SECOND_OPINION' },
    series: number.split('-')[0] ?? '',
  };
}

async function operationsOf(base: string): Promise<Operation[]> {
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, DocumentedOperation>>;
  };
  return Object.entries(document.paths)
    .filter(([path]) => !/^\/(health|demo|development-issuer)/.test(path))
    .flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId, requestBody }]): Operation => {
        const context = path.split('/')[1] ?? '';
        const examples = Object.values(requestBody?.content?.['application/json']?.examples ?? {});
        const bodies = examples.map(({ value }) => value);
        return {
          name: operationId.includes('.') ? operationId : `${context}.${operationId}`,
          method: method as Operation['method'],
          path,
          body: bodies[0],
          bodies,
        };
      }),
    );
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly requestBody?: {
    readonly content?: Readonly<
      Record<string, { readonly examples?: Readonly<Record<string, { readonly value: object }>> }>
    >;
  };
}
