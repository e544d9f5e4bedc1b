import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACTOR_ROLES, type ActorRole } from '@second-opinion/kernel';
import { schemaValidator, UPLOAD_TYPES } from '@second-opinion/nest';
import type { JsonSchema } from '@second-opinion/nest/fields';
import { testContext, type TestContext } from '@second-opinion/nest/testing';
import { deliveryProviders } from '@second-opinion/notification';
import fc, { type Arbitrary } from 'fast-check';
import { CONTEXTS } from './contexts';

/** A seed of its own for each operation keeps a failure repeatable; ids that the server gave go into later bodies and paths. */
const SEED = 20261124;
const VALID = 30;
const INVALID = 40;
const ROLES = ACTOR_ROLES.filter((role) => role !== 'system');
/** BUSY roles have the most to do; they come more often. */
const BUSY = ['back-office', 'company-doctor', 'employee', 'second-opinion-doctor'] as const;
const UPLOAD = '/reporting/cases/{caseId}/documents';

interface Operation {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly example: object;
  readonly examples: readonly object[];
  /** inPath: what the document allows in the path, by name. */
  readonly inPath: Readonly<Record<string, JsonSchema>>;
}

interface Media {
  readonly schema: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly value: object }>>;
}
interface Post {
  readonly parameters: readonly { readonly name: string; readonly schema: JsonSchema }[];
  readonly requestBody: { readonly content: Readonly<Record<string, Media>> };
}

const FORMATTED: Readonly<Record<string, Arbitrary<string>>> = {
  instant: fc
    .date({ min: new Date('1900-01-02'), max: new Date('2199-12-30'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  'local-date': days(),
  'local-date-time': fc
    .tuple(days(), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([day, hour, minute]) => `${day}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`),
  email: fc.constantFrom('iemand@voorbeeld.nl', 'a@b.example', "o'brien+so@voorbeeld.co.uk"),
  phone: fc.constantFrom('+31612345678', '+4915112345678'),
};

/** Values of every kind that no field of ours takes in more than one kind. */
const WRONG: readonly unknown[] = [
  null,
  1e300,
  -1,
  1.5,
  '',
  '   \u0000',
  '\u202Eevil',
  '\ud83d',
  { '\ud83d': 1 },
  'x'.repeat(60_000),
  true,
  [],
  [[]],
  {},
  { $ne: null },
  { constructor: { prototype: { x: 1 } } },
  '2027-02-30',
  '2027-02-30T10:00:00.000Z',
];

function days(): Arbitrary<string> {
  return fc
    .date({ min: new Date('1900-01-02'), max: new Date('2199-12-30'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10));
}

/** allowedBy makes what a schema allows; `known` are ids that exist. */
function allowedBy(schema: JsonSchema, known: readonly string[]): Arbitrary<unknown> {
  const codes = schema['enum'] as readonly unknown[] | undefined;
  if (codes) return fc.constantFrom(...codes);
  switch (schema['type']) {
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
      const alternatives = (schema['oneOf'] ?? [{}]) as readonly JsonSchema[];
      return fc.oneof(
        ...alternatives.map(({ required: more = [], properties: without = {} }) => {
          const own = properties.filter(([name]) => !Object.hasOwn(without as object, name));
          const requiredKeys = [...((schema['required'] ?? []) as string[]), ...(more as string[])];
          return fc.record(Object.fromEntries(own.map(([name, inner]) => [name, allowedBy(inner, known)])), {
            requiredKeys,
          });
        }),
      );
    }
    case 'array': {
      const [minLength, maxLength] = [Number(schema['minItems'] ?? 0), Number(schema['maxItems'] ?? 5)];
      return fc.array(allowedBy(schema['items'] as JsonSchema, known), {
        minLength,
        maxLength: Math.min(maxLength, 5),
      });
    }
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: Number(schema['minimum']), max: Number(schema['maximum']) });
    default:
      return textAllowedBy(schema, known);
  }
}

function textAllowedBy(schema: JsonSchema, known: readonly string[]): Arbitrary<string> {
  const format = FORMATTED[String(schema['format'])];
  if (format) return format;
  const pattern = new RegExp(String(schema['pattern']), 'u');
  const isId = pattern.test(known[0] ?? '') && schema['maxLength'] === undefined;
  if (isId) return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, fc.stringMatching(pattern));
  if (schema['maxLength'] === undefined) return fc.stringMatching(pattern);
  const [minLength, maxLength] = [Number(schema['minLength'] ?? 0), Number(schema['maxLength'])];
  // Unicode of all planes, and now and then as long as it may be.
  return fc
    .oneof(
      { weight: 9, arbitrary: fc.string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, 60) }) },
      { weight: 1, arbitrary: fc.constant('é'.repeat(maxLength)) },
    )
    .map((text) => ([...text].length >= minLength && pattern.test(text) ? text : 'tekst 😀'.padEnd(minLength + 9, 'x')))
    .map((text) => [...text].slice(0, maxLength).join(''));
}

/** spoilt makes one thing wrong with a body: a field left out, of another kind, unknown, or somewhere deep inside. */
function spoilt(body: unknown): Arbitrary<unknown> {
  if (typeof body !== 'object' || body === null) return fc.constantFrom(...WRONG);
  if (Array.isArray(body)) {
    const more = Array.from({ length: 600 }, () => body[0] as unknown);
    return fc.oneof(
      fc.constantFrom(...WRONG, more),
      ...body.map((one, at) => spoilt(one).map((bad) => body.with(at, bad))),
    );
  }
  const entries = Object.entries(body as Record<string, unknown>);
  return fc.oneof(
    fc.constantFrom<unknown>(...WRONG, { ...body, unknown: 1 }, { ...body, caseId: 'case-1' }, [body]),
    ...entries.map(([name]) => fc.constant(Object.fromEntries(entries.filter(([other]) => other !== name)))),
    ...entries.map(([name, value]) => spoilt(value).map((bad) => ({ ...body, [name]: bad }))),
  );
}

describe('every request body', () => {
  let app: TestContext;
  let operations: Operation[];
  const known = ['doctor-1', 'doctor-2', 'organisation-1', 'contract-1'];
  let theCase = '';
  const actors: Partial<Record<ActorRole, string>> = {
    'company-doctor': 'doctor-1',
    'second-opinion-doctor': 'doctor-2',
  };
  const mailDir = mkdtempSync(path.join(tmpdir(), 'mail-'));

  beforeAll(async () => {
    app = await testContext(CONTEXTS, {
      providers: deliveryProviders({ mailDir, mailFrom: 'noreply@portaal.invalid', portalUrl: 'http://127.0.0.1' }),
    });
    const { paths } = (await app.nobody.get('/openapi.json')).body as {
      paths: Record<string, { post?: Post }>;
    };
    operations = Object.entries(paths).flatMap(([path, { post }]) => {
      const { schema, examples } = post?.requestBody.content['application/json'] ?? {};
      const all = Object.values(examples ?? {}).map(({ value }) => value);
      const inPath = Object.fromEntries((post?.parameters ?? []).map(({ name, schema: one }) => [name, one]));
      return schema ? [{ path, schema, example: all[0] ?? {}, examples: all, inPath }] : [];
    });
    await world();
  }, 30_000);
  afterAll(async () => {
    await app.close();
    rmSync(mailDir, { recursive: true });
  });

  /** made sends the documented example with a few fields of its own, which must be taken. */
  const made = async (role: ActorRole, path: string, fields: object): Promise<string> => {
    const body = { ...operations.find((one) => one.path === path)?.example, ...fields };
    const answer = await app.as(role, actors[role]).post(path, body);
    expect([path, answer.status, answer.body]).toEqual([path, 201, answer.body]);
    return (answer.body as { id: string }).id;
  };

  /** world: a case with its employee and doctors, so that what is sent often meets something. */
  async function world(): Promise<void> {
    for (const organisationId of ['organisation-1', 'organisation-2'])
      await made('back-office', '/intake/organisations', { organisationId });
    for (const [doctorId, organisationId] of [
      ['doctor-1', 'organisation-1'],
      ['doctor-2', 'organisation-2'],
    ] as const)
      await made('back-office', '/intake/doctors', {
        doctorId,
        organisationId,
        registeredUntil: '2035-12-31',
        secondOpinionDoctor: doctorId === 'doctor-2',
      });
    await made('back-office', '/intake/contracts', {
      contractId: 'contract-1',
      organisationId: 'organisation-1',
      doctorIds: ['doctor-2'],
    });
    await app.settled();
    const caseId = await made('company-doctor', '/intake/cases', {
      contractId: 'contract-1',
    });
    await app.settled();
    const { employeeId } = (await app.as('company-doctor', 'doctor-1').get(`/intake/cases/${caseId}`)).body as {
      employeeId: string;
    };
    actors.employee = employeeId;
    known.push(employeeId, caseId);
    theCase = caseId;
  }

  /** idFor a place in a path: mostly the case that is there. */
  const idFor = (name: string, inPath: Operation['inPath'], ids: readonly string[]) => {
    const any = allowedBy(inPath[name] ?? {}, ids);
    return name === 'caseId' ? fc.oneof({ weight: 6, arbitrary: fc.constant(theCase) }, any) : any;
  };

  /** requests of an operation: who, about what, with which body. */
  const requests = ({ path, schema, inPath }: Operation, numRuns: number, seed: number) => {
    const ids = [...known];
    const parts = path
      .split('/')
      .map((part) => (part.startsWith('{') ? idFor(part.slice(1, -1), inPath, ids) : fc.constant(part)));
    const who = fc.constantFrom(...ROLES, ...BUSY, ...BUSY).map((role) => ({ role, id: actors[role] ?? `${role}-1` }));
    const where = fc.tuple(...parts).map((all) => all.map(String).join('/'));
    return fc.sample(fc.record({ who, where, body: allowedBy(schema, ids) }), { numRuns, seed });
  };

  it('that the document shows as an example fits its schema, and is refused by no role for its form', async () => {
    let tried = 0;
    for (const { path, schema, examples, inPath } of operations) {
      const allows = schemaValidator(schema);
      for (const example of examples) {
        expect([path, example, allows(example)]).toEqual([path, example, true]);
        const shown = (name: string) => String((inPath[name]?.['examples'] as unknown[])[0]);
        const url = path.replace(/\{([A-Za-z]+)\}/g, (_, name: string) => (name === 'caseId' ? theCase : shown(name)));
        for (const role of ROLES) {
          const { status, body } = await app.as(role, actors[role] ?? `${role}-1`).post(url, example);
          if (status === 400 || status >= 500) expect([url, role, example, body]).toEqual([url, role, example]);
          if (status < 300) tried += 1;
        }
      }
    }
    expect(operations.flatMap(({ examples }) => examples).length).toBeGreaterThan(operations.length);
    expect(tried).toBeGreaterThan(10);
    await app.settled();
  }, 60_000);

  it('that the document allows is never answered with 5xx', async () => {
    const answers = new Map<number, number>();
    // Twice: what the first round made stands in the paths and bodies of the second.
    for (const round of [0, 1]) {
      for (const [index, operation] of operations.entries()) {
        const allows = schemaValidator(operation.schema);
        for (const { who, where, body } of requests(operation, VALID, SEED + round * 1000 + index)) {
          expect([where, body, allows(body)]).toEqual([where, body, true]);
          const answer = await app.as(who.role, who.id).post(where, body);
          if (answer.status >= 500) expect([where, who, body, answer.status, answer.body]).toEqual([where, who, body]);
          // What the document allows may be refused by a rule, but not for its form; an address must fit the channel it is for, and nobody is
          // born tomorrow.
          const { code, at = '' } = answer.body as { code?: string; at?: string };
          if (code === 'invalid-request' && !/\/(contact|birthDate)$/.test(at))
            expect([where, body, answer.body]).toBe('taken');
          answers.set(answer.status, (answers.get(answer.status) ?? 0) + 1);
          const { id } = answer.body as { id?: unknown };
          if (typeof id === 'string' && known.length < 60) known.push(id);
        }
      }
      await app.settled();
    }
    expect(operations.length).toBeGreaterThan(60);
    // It is no use when nothing is ever reached: many are done, and many refused by a rule.
    expect((answers.get(200) ?? 0) + (answers.get(201) ?? 0)).toBeGreaterThan(40);
    expect(answers.get(409)).toBeGreaterThan(150);
  }, 300_000);

  it('that the document forbids is always answered with a 4xx problem, and nothing is stored', async () => {
    await app.settled();
    const before = await app.platform.events.end();
    let tried = 0;
    for (const [index, operation] of operations.entries()) {
      const allows = schemaValidator(operation.schema);
      for (const { who, where, body } of requests(operation, INVALID, SEED + index)) {
        const [wrong] = fc.sample(spoilt(body), { numRuns: 1, seed: SEED + tried });
        if (wrong === undefined || allows(wrong)) continue;
        tried += 1;
        const role = tried % 2 === 0 ? who.role : 'back-office';
        const answer = await app
          .as(role, who.id)
          .send('POST', where, JSON.stringify(wrong), { 'content-type': 'application/json' });
        expect([where, wrong, answer.status >= 400 && answer.status < 500, answer.headers['content-type']]).toEqual([
          where,
          wrong,
          true,
          expect.stringContaining('application/problem+json'),
        ]);
      }
    }
    expect(tried).toBeGreaterThan(1000);
    expect(await app.platform.events.end()).toBe(before);
  }, 300_000);

  it('of an answer is documented: no read shows a field that the document does not name', async () => {
    const { paths } = (await app.nobody.get('/openapi.json')).body as {
      paths: Record<
        string,
        { get?: { responses: Record<string, { content: Record<string, { schema: JsonSchema }> }> } }
      >;
    };
    const wrong = new Set<string>();
    let shown = 0;
    for (const [path, { get }] of Object.entries(paths)) {
      const schema = get?.responses['200']?.content['application/json']?.schema;
      if (!schema) continue;
      const fits = schemaValidator(schema);
      for (const role of ROLES) {
        const url = path
          .replace('{caseId}', theCase)
          .replace('{doctorId}', 'doctor-2')
          .replace(/\{[A-Za-z]+\}/, actors.employee ?? '');
        const { status, body } = await app.as(role, actors[role] ?? `${role}-1`).get(url);
        if (status !== 200) continue;
        shown += 1;
        if (!fits(body)) wrong.add(`${path} does not fit: ${JSON.stringify(fits.errors?.[0])}`);
        for (const at of undocumented(body, schema)) wrong.add(`${path} ${at}`);
      }
    }
    expect([...wrong]).toEqual([]);
    expect(shown).toBeGreaterThan(30);
  }, 60_000);

  it('of an upload: any bytes of a documented type, and any other type, are never answered with 5xx', async () => {
    const bytes = fc.uint8Array({ maxLength: 5000 });
    const type = fc.constantFrom(...UPLOAD_TYPES, 'application/json', 'text/html', 'nonsense');
    const name = fc.constantFrom('Brief%20specialist.pdf', '%E0%A4%A', '%ED%A0%80', '%00', '', '%E2%80%AEevil');
    const kind = fc.constantFrom('MEDICAL_LETTER', 'WORK_SITUATION', 'UNKNOWN');
    const role = fc.constantFrom(...ROLES);
    const caseId = fc.constantFrom(...known);
    for (const one of fc.sample(fc.record({ bytes, type, name, kind, role, caseId }), { numRuns: 300, seed: SEED })) {
      const headers = { 'content-type': one.type, 'document-kind': one.kind, 'document-name': one.name };
      const answer = await app
        .as(one.role, 'somebody')
        .send('POST', UPLOAD.replace('{caseId}', one.caseId), Buffer.from(one.bytes), headers);
      expect([one, answer.status >= 400 && answer.status < 500]).toEqual([one, true]);
      if (!UPLOAD_TYPES.includes(one.type)) expect([one.type, answer.status]).not.toEqual([one.type, 201]);
    }
  }, 60_000);
});

/** undocumented lists the fields of an answer that its schema does not name. */
function undocumented(value: unknown, schema: JsonSchema, at = ''): string[] {
  const whole = (schema['anyOf'] as readonly JsonSchema[] | undefined)?.[0] ?? schema;
  if (Array.isArray(value))
    return value.flatMap((one) => undocumented(one, (whole['items'] ?? {}) as JsonSchema, `${at}/*`));
  const properties = whole['properties'] as Readonly<Record<string, JsonSchema>> | undefined;
  if (typeof value !== 'object' || value === null || properties === undefined || 'forgotten' in value) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = properties[name];
    return known ? undocumented(inner, known, `${at}/${name}`) : [`${at}/${name}`];
  });
}
