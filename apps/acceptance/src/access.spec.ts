import { mayPerform, operationRule, type Facts } from '@second-opinion/access';
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
}
interface Who {
  readonly user: User;
  readonly role: ActorRole;
  /** own: what he is to the case of the play. */
  readonly own: Relation;
}

// Facts that hold in the played case: the second opinion doctor has accepted, the employer pays, nothing is released yet.
const FACTS: Facts = { accepted: true, employerPays: true, authorised: false, released: false };

/** An upload takes a stream, not a body; it has a test of its own. */
const UPLOAD = 'reporting.AddDossierDocument';

/** Every role × every operation × (own case, other case, no case): what is answered must be what the access matrix says. */
describe('the access matrix at every exit', () => {
  let server: Deployment;
  let play: CasePlay;
  let other: CasePlay;
  let everybody: Who[];
  let operations: Operation[];

  beforeAll(async () => {
    server = await startDeployment();
    const world = server.world();
    await world.load();
    play = new CasePlay(world, employeeNamed('matrix-1', 'Matrix Een'));
    other = new CasePlay(world, employeeNamed('matrix-2', 'Matrix Twee'));
    await play.upToAppointment();
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
  }, PATIENCE_MS);
  afterAll(() => server.stop());

  const answerOf = async ({ user }: Who, { method, path, body }: Operation, caseId: string): Promise<number> => {
    const url = path.replace('{caseId}', caseId);
    // If-Match with a tag that never was: who may do it gets 412 before anything happens, so that the case stays as it is.
    const reply =
      method === 'get' ? await user.get(url) : await user.post(url, body ?? {}, { headers: { 'if-match': '"never"' } });
    return reply.status;
  };
  const about = () =>
    operations.filter(({ name, path }) => name !== UPLOAD && path.includes('{caseId}') && !/\{(?!caseId)/.test(path));

  it('knows operations about a case in every context', () => {
    const contexts = new Set(about().map(({ path }) => path.split('/')[1]));
    expect([...contexts].sort()).toEqual(['billing', 'intake', 'notification', 'records', 'reporting', 'scheduling']);
    expect(about().length).toBeGreaterThan(60);
  });

  it(
    'gives on the own case what the matrix gives, and denies the rest',
    async () => {
      const wrong: string[] = [];
      for (const who of everybody) {
        for (const operation of about()) {
          const status = await answerOf(who, operation, play.caseId);
          const { allowed } = mayPerform(operationRule(operation.name), { relation: who.own, role: who.role }, FACTS);
          const denied = status === 403 || status === 404;
          if (status >= 500 || (!allowed && !denied))
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
      for (const who of everybody.filter(({ own }) => own === 'none')) {
        for (const operation of about()) {
          const [foreign, none] = [
            await answerOf(who, operation, play.caseId),
            await answerOf(who, operation, 'no-such-case'),
          ];
          if (foreign !== none || (foreign !== 403 && foreign !== 404))
            wrong.push(`${who.role} ${operation.name}: ${foreign} and ${none}`);
        }
      }
      expect(wrong).toEqual([]);
    },
    PATIENCE_MS,
  );

  it('takes a document of nobody but who takes part', async () => {
    for (const who of everybody.filter(
      ({ own }) => own !== 'employee' && own !== 'own-doctor' && own !== 'second-opinion-doctor',
    )) {
      const { status } = await play.upload(who.user, 'MEDICAL_LETTER', 'Een brief');
      expect([who.role, status === 403 || status === 404]).toEqual([who.role, true]);
    }
  });

  it('lists to everybody his own cases only', async () => {
    for (const who of everybody.filter(
      ({ role }) => role === 'employee' || role === 'company-doctor' || role === 'second-opinion-doctor',
    )) {
      for (const path of ['/intake/cases', '/scheduling/appointments', '/reporting/cases', '/billing/cases']) {
        const { status, body } = await who.user.get(path);
        const ids = status === 200 ? (body as { items: { caseId: string }[] }).items.map(({ caseId }) => caseId) : [];
        if (who.own === 'none') expect(ids).not.toContain(play.caseId);
        else if (path === '/intake/cases') expect(ids).toContain(play.caseId);
      }
    }
  });

  it('changed nothing by all these attempts', async () => {
    const types = (await play.history()).map(({ type }) => type);
    expect(types).not.toContain('ReportBlocked');
    expect(types).not.toContain('RequestWithdrawn');
  });
});

async function operationsOf(base: string): Promise<Operation[]> {
  const document = (await (await fetch(`${base}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, DocumentedOperation>>;
  };
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, requestBody }]): Operation => {
      const context = path.split('/')[1] ?? '';
      const [example] = Object.values(requestBody?.content?.['application/json']?.examples ?? {});
      return {
        name: operationId.includes('.') ? operationId : `${context}.${operationId}`,
        method: method as Operation['method'],
        path,
        body: example?.value,
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
