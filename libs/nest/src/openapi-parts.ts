import { ApiHeader, ApiParam, ApiQuery } from '@nestjs/swagger';
import { orNull, type Example } from '@second-opinion/kernel';
import { plainExample, schemaOfExample } from './answer-schema';
import { fieldsOf, type FieldsClass, type JsonSchema } from './fields';

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

/** TASK_EXAMPLE is one item of `GET /<context>/tasks`. */
export const TASK_EXAMPLE: Example = {
  task: 'HonourRequest',
  about: '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10',
  since: '2026-11-24T09:30:00.000Z',
  dueAt: orNull('2026-12-08T23:00:00.000Z'),
  overdue: false,
};

/** readAnswer documents what a GET answers: the example, and the schema that it shows. */
export function readAnswer(example: Example, shape: 'one' | 'page' | 'list', hasEtag: boolean) {
  const whole: Example = {
    one: example,
    page: { items: [example], next: 'b2Zmc2V0OjUw' },
    list: { items: [example] },
  }[shape];
  const schema = schemaOfExample(whole);
  return {
    ...(hasEtag ? { headers: { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } } } : {}),
    content: {
      'application/json': {
        schema: { ...schema, ...(shape === 'one' ? {} : { required: ['items'] }) },
        example: plainExample(whole),
      },
    },
  };
}

/** answered gives schema and example of an answer that needs no more said. */
export function answered(example: Example) {
  return readAnswer(example, 'one', false).content;
}

/** pageQueries documents cursor paging. */
export function pageQueries(): MethodDecorator[] {
  return [
    ApiQuery({
      name: 'cursor',
      required: false,
      schema: { type: 'string', maxLength: 1000 },
      description: '`next` of the page before',
    }),
    ApiQuery({
      name: 'limit',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 999, default: 50 },
      description: 'How many at most; a page never has more than 200',
    }),
  ];
}

const ID_EXAMPLE = '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10';
/** PATH_EXAMPLES of what in a path is not an id made by us. */
const PATH_EXAMPLES: Readonly<Record<string, string>> = {
  version: '1',
  number: 'SO2026-000001',
  series: 'SO2026',
  tariffId: 'EMPLOYEE_SECOND_OPINION',
};

/** pathParams documents what stands in a path, as the command declares it. */
export function pathParams(path: string, type?: FieldsClass) {
  return [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => {
    const declared = type && fieldsOf(type).get(name)?.schema;
    const examples = declared?.['examples'] ?? declared?.['enum'] ?? [PATH_EXAMPLES[name] ?? ID_EXAMPLE];
    return ApiParam({ name, schema: { type: 'string', ...declared, examples } as object });
  });
}

/** commandHeaders documents what goes with every command. */
export function commandHeaders(): MethodDecorator[] {
  return [
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      schema: { type: 'string', pattern: '^[!-~]{1,200}$', examples: ['3f2b7c1e-1'] } as object,
      description: 'Of your choice, the same for each try of the same request: what was done is not done twice',
    }),
    ApiHeader({
      name: 'If-Match',
      required: false,
      schema: { type: 'string' },
      description: 'ETag you have seen: 412 when it has changed since',
    }),
  ];
}

/** examplesOf makes a body for each alternative of a schema, by its title; one when there are none. */
export function examplesOf(schema: JsonSchema): Record<string, { value: unknown }> {
  const alternatives = (schema['oneOf'] ?? [{ title: 'example' }]) as readonly JsonSchema[];
  return Object.fromEntries(
    alternatives.map(({ title, properties: without = {} }) => {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
      const own = properties.filter(([name]) => !Object.hasOwn(without as object, name));
      return [String(title), { value: exampleOf({ ...schema, properties: Object.fromEntries(own) }) }];
    }),
  );
}

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
