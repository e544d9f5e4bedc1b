import { ApiResponse } from '@nestjs/swagger';
import type { JsonSchema } from './fields';

const PROBLEM_SCHEMA = {
  type: 'object',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    requestId: { type: 'string' },
  },
};

/** TITLES of problems by status, in plain words. */
export const TITLES: Readonly<Record<number, readonly [title: string, code: string]>> = {
  400: ['The request is not as the document describes it', 'invalid-request'],
  401: ['A valid token is needed', 'unauthorized'],
  403: ['This is not yours to do', 'forbidden'],
  404: ['There is no such thing, or none that you may know of', 'not-found'],
  405: ['This path has other methods', 'method-not-allowed'],
  406: ['No such representation', 'not-acceptable'],
  408: ['The request took too long to arrive', 'request-timeout'],
  409: ['A rule forbids it as things stand now', 'refused'],
  412: ['It has changed since you saw it', 'precondition-failed'],
  413: ['The request is too large', 'too-large'],
  415: ['This content type is not taken here', 'unsupported-media-type'],
  422: ['This Idempotency-Key was used for another request', 'idempotency-key-reused'],
  429: ['Too many requests', 'too-many-requests'],
  500: ['Something went wrong on our side', 'internal'],
  503: ['A part that is needed is away; try again', 'unavailable'],
};

/** problemAnswer documents one problem status (RFC 9457). */
export function problemAnswer(status: number): ClassDecorator & MethodDecorator {
  const [title = '', code = ''] = TITLES[status] ?? [];
  const example = { type: `urn:second-opinion:problem:${code}`, title, status, code, requestId: '1f0c6a7e' };
  return ApiResponse({
    status,
    description: title,
    content: { 'application/problem+json': { schema: PROBLEM_SCHEMA, example } },
  });
}

/** commandAnswer documents what every command answers. */
export const commandAnswer = {
  headers: {
    ETag: { description: 'for If-Match', schema: { type: 'string' as const } },
    'Log-Position': { description: 'for ?after=', schema: { type: 'string' as const } },
  },
  content: {
    'application/json': {
      schema: {
        type: 'object' as const,
        required: ['id', 'happened'],
        properties: {
          id: { type: 'string' as const },
          happened: { type: 'array' as const, items: { type: 'string' as const } },
        },
      },
      example: { id: '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10', happened: ['RequestHonoured'] },
    },
  },
};

/** exampleOf makes a body that the schema allows, from the examples and first codes in it. */
export function exampleOf(schema: JsonSchema): unknown {
  const examples = schema['examples'] as readonly unknown[] | undefined;
  if (examples?.length) return examples[0];
  const codes = schema['enum'] as readonly unknown[] | undefined;
  if (codes?.length) return codes[0];
  switch (schema['type']) {
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
      return Object.fromEntries(properties.map(([name, inner]) => [name, exampleOf(inner)]));
    }
    case 'array':
      return [exampleOf((schema['items'] ?? {}) as JsonSchema)];
    case 'boolean':
      return true;
    case 'integer':
      return schema['minimum'] ?? 0;
    default:
      return exampleText(schema['format'] as string | undefined);
  }
}

function exampleText(format: string | undefined): string {
  const byFormat: Record<string, string> = {
    email: 'iemand@voorbeeld.nl',
    'local-date': '1980-05-17',
    phone: '+31612345678',
  };
  return byFormat[format ?? ''] ?? 'voorbeeld';
}
