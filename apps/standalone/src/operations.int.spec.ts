import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { operationRule } from '@second-opinion/access';
import { ACTOR_ROLES } from '@second-opinion/kernel';
import { contextsHere, ROUTE, type RouteInfo } from '@second-opinion/nest';
import { deliveryProviders } from '@second-opinion/notification';
import { testContext, type TestAnswer, type TestContext } from '@second-opinion/nest/testing';
import { CONTEXTS } from './contexts';

const ROLES = ACTOR_ROLES.filter((role) => role !== 'system');

/** Hostile bodies: wrong types, nested, arrays for objects, prototype names, control and direction characters, impossible dates. */
const HOSTILE: readonly unknown[] = [
  [],
  'text',
  0,
  null,
  { a: { b: { c: [] } } },
  { constructor: { prototype: { admin: true } } },
  { caseId: { $ne: null } },
  { caseId: ['a'] },
  { unknown: '\u0000' },
  { name: '\u202Eevil', birthDate: '2027-02-30' },
];
const RAW: readonly string[] = [
  '{',
  '{"__proto__":{"x":1}}',
  '{"constructor":{"prototype":{}}}',
  `{"a":"${'x'.repeat(4_000_000)}"}`,
  '\uFEFF',
  '[[[[[[[[[[',
  'null',
];

interface Operation {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly schema?: { readonly properties?: Record<string, unknown> };
  readonly example?: object;
}

describe('every operation of every context', () => {
  let app: TestContext;
  let operations: Operation[];
  const mailDir = mkdtempSync(path.join(tmpdir(), 'mail-'));

  beforeAll(async () => {
    app = await testContext(CONTEXTS, {
      providers: deliveryProviders({ mailDir, mailFrom: 'noreply@portaal.invalid', portalUrl: 'http://127.0.0.1' }),
    });
    const document = (await app.nobody.get('/openapi.json')).body as {
      paths: Record<string, Record<string, Record<string, never>>>;
    };
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): Operation => {
        const { schema, examples } =
          (
            operation as {
              requestBody?: {
                content?: Record<string, { schema?: object; examples?: Record<string, { value: object }> }>;
              };
            }
          ).requestBody?.content?.['application/json'] ?? {};
        const example = Object.values(examples ?? {})[0]?.value;
        return {
          method: method.toUpperCase() as 'GET' | 'POST',
          path,
          ...(schema ? { schema } : {}),
          ...(example ? { example } : {}),
        };
      }),
    );
  }, 30_000);
  afterAll(async () => {
    await app.close();
    rmSync(mailDir, { recursive: true });
  });

  const inContexts = () => operations.filter(({ path }) => !/^\/(health|demo|development-issuer)/.test(path));
  const at = (path: string, id: string) => path.replace(/\{[A-Za-z]+\}/g, id);
  const masked = ({ status, body }: TestAnswer) => ({
    status,
    body: JSON.stringify(body).replace(/"requestId":"[^"]*"/, ''),
  });

  it('has a rule in libs/access: a route without a decision fails the build', () => {
    const routes = contextsHere().flatMap(({ name, controllers }) =>
      controllers.flatMap((controller) =>
        Object.getOwnPropertyNames(controller.prototype as object)
          .filter((method) => method !== 'constructor')
          .map((method) => {
            const handler = (controller.prototype as Record<string, object>)[method] as object;
            const info = Reflect.getMetadata(ROUTE, handler) as RouteInfo | undefined;
            const isRoute = Reflect.hasMetadata('path', handler);
            if (!isRoute) return [];
            return [
              {
                method: `${name}.${method}`,
                operation: info && (info.kind === 'answers' ? info.operation : `${name}.${info.operation}`),
              },
            ];
          })
          .flat(),
      ),
    );
    expect(routes.length).toBeGreaterThan(60);
    const undecided = routes.filter(
      ({ operation }) => operation === undefined || operationRule(operation) === undefined,
    );
    expect(undecided).toEqual([]);
  });

  it('needs a token', async () => {
    for (const { method, path } of inContexts()) {
      expect([
        path,
        (await app.nobody.send(method, at(path, 'x'), method === 'POST' ? {} : undefined, {})).status,
      ]).toEqual([path, 401]);
    }
  });

  it('BR-40 gives an employer and a court nothing, in the same words for everything', async () => {
    for (const role of ['employer', 'court'] as const) {
      for (const { method, path, example } of inContexts()) {
        const answer = await app
          .as(role, 'employer-1')
          .send(method, at(path, 'case-1'), method === 'POST' ? (example ?? {}) : undefined, {});
        // A document is asked for as one before anything is decided.
        const denied = path.endsWith('/documents') && method === 'POST' ? [415] : [403, 404];
        expect([method, path, answer.status, denied.includes(answer.status)]).toEqual([
          method,
          path,
          answer.status,
          true,
        ]);
      }
    }
  });

  it('answers no role with 5xx, whether the thing exists or not', async () => {
    for (const role of ROLES) {
      for (const { method, path, example } of inContexts()) {
        const answer = await app
          .as(role, `${role}-1`)
          .send(method, at(path, 'no-such-thing'), method === 'POST' ? (example ?? {}) : undefined, {});
        expect([role, method, path, answer.status < 500]).toEqual([role, method, path, true]);
      }
    }
  }, 60_000);

  it('tells strangers the same of any id', async () => {
    for (const role of ['employee', 'company-doctor', 'second-opinion-doctor'] as const) {
      for (const { method, path } of inContexts()) {
        if (method !== 'GET' || !path.includes('{')) continue;
        const [one, other] = [
          await app.as(role, 's').get(at(path, 'id-1')),
          await app.as(role, 's').get(at(path, 'id-2')),
        ];
        expect([path, masked(one)]).toEqual([path, masked(other)]);
      }
    }
  });

  it('answers hostile bodies with a 4xx problem and stores nothing', async () => {
    const before = await app.platform.events.end();
    for (const { method, path, schema } of inContexts()) {
      if (method !== 'POST' || Object.keys(schema?.properties ?? {}).length === 0) continue;
      for (const [role, bodies] of [
        ['back-office', HOSTILE],
        ['company-doctor', HOSTILE.slice(5)],
      ] as const) {
        for (const body of bodies) {
          const answer = await app
            .as(role, 'hostile')
            .send('POST', at(path, 'x'), JSON.stringify(body), { 'content-type': 'application/json' });
          expect([path, body, answer.status >= 400 && answer.status < 500, answer.headers['content-type']]).toEqual([
            path,
            body,
            true,
            expect.stringContaining('application/problem+json'),
          ]);
        }
      }
      for (const raw of RAW) {
        const { status } = await app
          .as('back-office', 'hostile')
          .send('POST', at(path, 'x'), raw, { 'content-type': 'application/json' });
        expect([path, raw.slice(0, 20), status >= 400 && status < 500]).toEqual([path, raw.slice(0, 20), true]);
      }
    }
    expect(await app.platform.events.end()).toBe(before);
  }, 120_000);

  it('answers another method on a known path with 405 and Allow', async () => {
    for (const path of new Set(inContexts().map((operation) => operation.path))) {
      const answer = await app.as('back-office').send('DELETE', at(path, 'x'), undefined, {});
      expect([path, answer.status, typeof answer.headers['allow']]).toEqual([path, 405, 'string']);
    }
  });
});
