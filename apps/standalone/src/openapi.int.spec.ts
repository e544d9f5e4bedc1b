import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FORMATS } from '@second-opinion/nest';
import { testContext, type TestContext } from '@second-opinion/nest/testing';
import { deliveryProviders } from '@second-opinion/notification';
import Ajv2020 from 'ajv/dist/2020';
import { CONTEXTS } from './contexts';

interface Media {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown; readonly $ref?: string }>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: object & { readonly examples?: readonly unknown[]; readonly example?: unknown };
  readonly description?: string;
}
interface Answered {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Media>>;
  readonly headers?: Readonly<Record<string, { readonly schema?: object }>>;
}
interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answered>>;
}
interface ProblemSchema {
  readonly properties: { readonly code?: { readonly enum: readonly string[] } };
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly title?: string; readonly version?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: Readonly<Record<'securitySchemes' | 'schemas' | 'examples' | 'responses', Components>>;
}
type Components = Readonly<Record<string, object>>;

const ajv = new Ajv2020({ strict: false, formats: { ...FORMATS, binary: true } });
const LISTS_WITHOUT_PAGES = ['/reporting/cases/{caseId}/documents', '/scheduling/appointments/{caseId}/slots'];

describe('the API document', () => {
  let app: TestContext;
  let document: Document;
  let operations: readonly (Operation & { readonly at: string; readonly method: string; readonly path: string })[];
  const mailDir = mkdtempSync(path.join(tmpdir(), 'mail-'));

  beforeAll(async () => {
    app = await testContext(CONTEXTS, {
      providers: deliveryProviders({ mailDir, mailFrom: 'noreply@portaal.invalid', portalUrl: 'http://127.0.0.1' }),
    });
    document = (await app.nobody.get('/openapi.json')).body as Document;
    for (const [name, schema] of Object.entries(document.components.schemas))
      ajv.addSchema(schema, `#/components/schemas/${name}`);
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        responses: Object.fromEntries(
          Object.entries(operation.responses).map(([status, one]) => [status, referred<Answered>(one)]),
        ),
        method,
        path,
        at: `${method} ${path}`,
      })),
    );
  }, 30_000);
  afterAll(async () => {
    await app.close();
    rmSync(mailDir, { recursive: true });
  });

  /** referred gives what a reference of the document leads to. */
  const referred = <One extends object>(one: One & { readonly $ref?: string }): One => {
    const [, part, name] = /^#\/components\/(\w+)\/(.+)$/.exec(one.$ref ?? '') ?? [];
    if (part === undefined || name === undefined) return one;
    const found = document.components[part as keyof Document['components']][name];
    if (!found) throw new Error(`${one.$ref} leads nowhere`);
    return found as One;
  };
  const examplesOf = ({ example, examples = {} }: Media) => [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples).map((one) => referred(one).value),
  ];
  /** wrongIn says why an example does not fit its schema; undefined: it does. */
  const wrongIn = (media: Media): string | undefined => {
    if (!media.schema) return 'no schema';
    const all = examplesOf(media);
    if (all.length === 0) return 'no example';
    const fits = ajv.compile(media.schema);
    return all.every((one) => fits(one)) ? undefined : ajv.errorsText(fits.errors);
  };
  const inContexts = () => operations.filter(({ path }) => !path.startsWith('/health'));
  const parameterOf = ({ parameters = [] }: Operation, name: string) =>
    parameters.find((parameter) => parameter.name === name);
  /** those gives the operations of which something is true, by method and path. */
  const those = (isWrong: (operation: (typeof operations)[number]) => boolean) =>
    inContexts().flatMap((operation) => (isWrong(operation) ? [operation.at] : []));

  it('is OpenAPI 3.1, and every schema in it is a JSON Schema', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(document.info).toMatchObject({ title: expect.any(String) as string, version: expect.any(String) as string });
    expect(operations.length).toBeGreaterThan(80);
    for (const { at, parameters = [], requestBody, responses } of operations) {
      const media = [requestBody, ...Object.values(responses)].flatMap((one) => Object.values(one?.content ?? {}));
      for (const { schema } of [...parameters, ...media]) {
        expect([at, schema !== undefined && ajv.validateSchema(schema)]).toEqual([at, true]);
        expect([at, JSON.stringify(schema).includes('"nullable"')]).toEqual([at, false]);
      }
      for (const [status, { description }] of Object.entries(responses)) {
        expect([at, status]).toEqual([at, expect.stringMatching(/^[1-5][0-9]{2}$/)]);
        expect([at, typeof description]).toEqual([at, 'string']);
      }
    }
  });

  it('names every operation once, says what it is for, and puts it under its context', () => {
    const ids = operations.map(({ operationId }) => operationId);
    expect(ids.filter((id) => !id)).toEqual([]);
    expect(those(({ operationId, path }) => !operationId?.startsWith(`${path.split('/')[1]}.`))).toEqual([]);

    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(operations.filter(({ summary = '' }) => summary.length < 4).map(({ at }) => at)).toEqual([]);
    expect(those(({ tags = [], path }) => tags.length !== 1 || tags[0] !== path.split('/')[1])).toEqual([]);
  });

  it('declares that a token is needed, and how', () => {
    const [scheme = ''] = Object.keys(document.components.securitySchemes);
    expect(document.components.securitySchemes[scheme]).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(those(({ security = [] }) => !security.some((one) => scheme in one))).toEqual([]);
  });

  it('has an example for every success, and it fits its own schema', () => {
    const wrong = operations.flatMap(({ at, responses }) =>
      Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([, { content = {} }]) => {
          const media = Object.values(content);
          return media.length === 0 ? [`${at}: no content`] : media.flatMap((one) => wrongIn(one) ?? []);
        })
        .map((why) => `${at}: ${why}`),
    );
    expect(wrong).toEqual([]);
    const empty = operations.flatMap(({ at, responses }) =>
      Object.values(responses).flatMap(({ content = {} }) =>
        Object.values(content).flatMap(({ example }) =>
          /^(\{\}|\{"items":\[\{\}\].*)$/.test(JSON.stringify(example)) ? [at] : [],
        ),
      ),
    );
    expect(empty).toEqual([]);
  });

  it('lists every problem with its codes, and has an example for each, with the status under which it stands', () => {
    const always = ['400', '401', '403', '405', '408', '415', '417', '429', '431', '500', '503'];
    for (const { at, path, responses, method } of inContexts()) {
      const problems = Object.entries(responses).filter(([status]) => !status.startsWith('2'));
      const needed = [
        ...always,
        ...(path.includes('{') ? ['414'] : []),
        ...(method === 'post' ? ['404', '409', '412', '413', '422'] : []),
      ];
      expect([at, needed.filter((status) => !(status in responses))]).toEqual([at, []]);
      for (const [status, { content = {} }] of problems) {
        expect([at, status, Object.keys(content)]).toEqual([at, status, ['application/problem+json']]);
        const media = content['application/problem+json'] ?? {};
        expect([at, status, wrongIn(media)]).toEqual([at, status, undefined]);
        const { code = { enum: [] } } = (media.schema as ProblemSchema).properties;
        expect([at, status, examplesOf(media)]).toEqual([
          at,
          status,
          code.enum.map((one) => expect.objectContaining({ status: Number(status), code: one }) as object),
        ]);
      }
    }
  });

  it('lists no code that no operation answers, and stays small', () => {
    const text = JSON.stringify(document);
    const unused = (['schemas', 'examples', 'responses'] as const).flatMap((part) =>
      Object.keys(document.components[part]).filter((name) => !text.includes(`"#/components/${part}/${name}"`)),
    );
    expect(unused).toEqual([]);
    expect(text.length).toBeLessThan(700_000);
  });

  it('has an example for every request body, and the schema allows it', () => {
    const wrong = inContexts().flatMap(({ at, method, requestBody }) => {
      if (method !== 'post') return requestBody ? [`${at}: a body on a ${method}`] : [];
      const media = Object.entries(requestBody?.content ?? {});
      if (media.length === 0) return [`${at}: no body`];
      return media.flatMap(([type, one]) => {
        const why = type === 'application/json' ? wrongIn(one) : undefined;
        return why === undefined ? [] : [`${at}: ${why}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  it('documents every parameter: what stands in the path, pages, waiting, retries, preconditions', () => {
    for (const operation of inContexts()) {
      const inPath = [...operation.path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
      expect([operation.at, declared]).toEqual([operation.at, inPath]);
      for (const { in: place, required, name, schema = {} } of operation.parameters ?? []) {
        expect([operation.at, name, 'type' in schema, 'example' in schema]).toEqual([operation.at, name, true, false]);
        if (place !== 'path') continue;
        expect([operation.at, name, required, ajv.validate(schema, schema.examples?.[0])]).toEqual([
          operation.at,
          name,
          true,
          true,
        ]);
      }
    }
    expect(those((one) => one.method === 'post' && !parameterOf(one, 'Idempotency-Key')?.required)).toEqual([]);
    expect(those((one) => one.method === 'post' && parameterOf(one, 'If-Match')?.required !== false)).toEqual([]);
    expect(those((one) => one.method === 'get' && isJson(one) && !parameterOf(one, 'after'))).toEqual([]);
    expect(those((one) => isPage(one) && !(parameterOf(one, 'cursor') && parameterOf(one, 'limit')))).toEqual([]);
  });

  it('documents what a document of the dossier is sent and answered with', () => {
    const { post, get } = {
      post: document.paths['/reporting/cases/{caseId}/documents']?.['post'],
      get: document.paths['/reporting/cases/{caseId}/documents/{documentId}']?.['get'],
    };
    expect(post?.parameters?.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Document-Kind', 'Document-Name', 'Document-Source']),
    );
    expect(Object.keys(post?.requestBody?.content ?? {})).toEqual(
      expect.arrayContaining(['application/pdf', 'text/plain']),
    );
    expect(Object.keys(get?.responses['200']?.headers ?? {})).toContain('Content-Disposition');
    expect(Object.keys(get?.responses['200']?.content ?? {})).toContain('application/pdf');
  });

  it('stands on a page that its own content security policy allows', async () => {
    const page = await app.nobody.get('/docs');
    expect(page.status).toBe(200);
    const html = String(page.body);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("script-src 'self'");
    // No script or handler stands in the page itself; what it loads is ours.
    expect([...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>\s*\S/g)]).toEqual([]);
    expect([...html.matchAll(/\son[a-z]+=/g)]).toEqual([]);
    const loaded = [...html.matchAll(/<(?:script|link)[^>]*?\b(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url);
    expect(loaded.length).toBeGreaterThan(2);
    for (const url of loaded) {
      const { status } = await app.nobody.get(new URL(url, 'http://self/docs').pathname);
      expect([url, new URL(url, 'http://self/docs').host, status]).toEqual([url, 'self', 200]);
    }
  });

  const isJson = ({ responses }: Operation) => 'application/json' in (responses['200']?.content ?? {});
  const isPage = ({ method, path, responses }: (typeof operations)[number]) => {
    const example = responses['200']?.content?.['application/json']?.example;
    const isList = typeof example === 'object' && example !== null && 'items' in example;
    return method === 'get' && isList && !LISTS_WITHOUT_PAGES.includes(path);
  };
});
