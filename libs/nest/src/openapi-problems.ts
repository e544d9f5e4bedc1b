import { ApiExtension, type OpenAPIObject } from '@nestjs/swagger';
import type { DomainError } from '@second-opinion/kernel';
import { COMMON_PROBLEMS } from './common.problems';
import { contextsHere } from './context-module';
import { statusOf, TITLES, type Problems } from './problems';

type Operation = OpenAPIObject['paths'][string]['get'] & { [OWN]?: Problems };
type Codes = ReadonlyMap<number, ReadonlySet<string>>;

const OWN = 'x-problems';

/** HEADERS that go with a problem, by its status. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'Bearer' },
  405: { Allow: 'the methods that this path has' },
  429: { 'Retry-After': 'seconds' },
  503: { 'Retry-After': 'seconds' },
};

const PROBLEM = {
  type: 'object',
  description: 'A problem (RFC 9457); what else it holds are facts: codes, ids, times and numbers',
  required: ['type', 'title', 'status', 'code', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    requestId: { type: 'string' },
  },
};

/** AnswersProblems documents the problems of a route that belongs to no context. */
export const AnswersProblems = (problems: Problems): MethodDecorator => ApiExtension(OWN, problems);

/**
 * withProblems tells of every operation which problems it can answer: every status with its codes, each with an example. Those of the contexts
 * are what the sources tell (`<context>.problems.ts`), those of the transport what stands before every route. What many answer stands in the
 * components once.
 */
export function withProblems(document: OpenAPIObject): OpenAPIObject {
  const examples: Record<string, object> = {};
  const shared: Record<string, object> = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods) as [string, Operation][]) {
      const before = beforeEveryRoute(path, method, operation);
      const kind = method === 'get' ? 'read' : 'command';
      const own = ownOf(operation);
      const common = own.isContext ? together(before, COMMON_PROBLEMS[kind]) : before;
      const all = together(common, own.problems);
      delete operation[OWN];
      for (const [status, codes] of all) {
        if (status in operation.responses) continue;
        const isCommon = codes.size === common.get(status)?.size;
        const isBefore = codes.size === before.get(status)?.size;
        for (const code of codes) examples[`${status}.${code}`] ??= exampleOf(status, code);
        const name = isBefore ? `${status}` : `${status}-${kind}`;
        if (isCommon) shared[name] ??= responseOf(status, codes);
        operation.responses[status] = isCommon
          ? { $ref: `#/components/responses/${name}` }
          : (responseOf(status, codes) as Operation['responses'][string]);
      }
    }
  }
  const { components } = document;
  return {
    ...document,
    components: {
      ...components,
      schemas: { ...components?.schemas, Problem: PROBLEM },
      examples: { ...components?.examples, ...examples },
      responses: { ...components?.responses, ...shared },
    } as OpenAPIObject['components'],
  };
}

/** beforeEveryRoute: what is answered by whatever reads the request, before anything is decided. */
function beforeEveryRoute(path: string, method: string, { security }: Operation): Codes {
  const statuses = [400, 405, 408, 415, 417, 431, 500];
  if (security) statuses.push(401);
  if (path.includes('{')) statuses.push(414);
  if (method !== 'get') statuses.push(413);
  if (!path.startsWith('/health/')) statuses.push(429);
  return new Map(statuses.sort().map((status) => [status, new Set([TITLES[status]?.[1] ?? ''])]));
}

/** ownOf an operation: of a context what the sources tell, else what its decorator says. */
function ownOf({ operationId = '', tags: [tag] = [], [OWN]: problems = {} }: Operation) {
  const context = contextsHere().find(({ name }) => name === tag);
  if (!context) return { isContext: false, problems };
  return { isContext: true, problems: context.problems[operationId.slice(operationId.indexOf('.') + 1)] ?? {} };
}

function together(codes: Codes, problems: Problems): Codes {
  const all = new Map([...codes].map(([status, some]) => [status, new Set(some)]));
  for (const [kind, more] of Object.entries(problems) as [DomainError['kind'], readonly string[]][])
    for (const code of more) {
      const status = statusOf(kind, code);
      // A fault of ours says nothing about itself.
      if (status !== 500) all.set(status, (all.get(status) ?? new Set()).add(code));
    }
  return all;
}

function responseOf(status: number, codes: ReadonlySet<string>) {
  const headers = Object.entries(HEADERS[status] ?? {}).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  const sorted = [...codes].sort();
  return {
    description: titleOf(status),
    ...(headers.length > 0 ? { headers: Object.fromEntries(headers) as object } : {}),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem', properties: { code: { enum: sorted } } },
        examples: Object.fromEntries(
          sorted.map((code) => [code, { $ref: `#/components/examples/${status}.${code}` }]),
        ) as object,
      },
    },
  };
}

function exampleOf(status: number, code: string) {
  const type = `urn:second-opinion:problem:${code}`;
  return { value: { type, title: titleOf(status), status, code, requestId: '1f0c6a7e-9b1d-4c55-8a57-3d0b3f0c2a11' } };
}

function titleOf(status: number): string {
  return TITLES[status]?.[0] ?? '';
}
