import { applyDecorators, Controller, Get, HttpCode, Post, SetMetadata, UseFilters, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Example, Reading } from '@second-opinion/kernel';
import { TokenGuard } from './asking';
import { fieldsOf, schemaOf, type FieldsClass } from './fields';
import {
  commandAnswer,
  commandHeaders,
  examplesOf,
  pageQueries,
  pathParams,
  readAnswer,
  TASK_EXAMPLE,
} from './openapi-parts';
import { ProblemFilter } from './problem.filter';
import { CONTEXT, ROUTE, type RouteInfo } from './route-info';

const createdIds = new WeakMap<object, string>();

/** createdIdOf gives the field that names what the command creates, for a command that creates; it is the same at every try. */
export function createdIdOf(type: object): string | undefined {
  return createdIds.get(type);
}

/** Context is the controller of one context: its path, token guard, problem answers and place in the API document. */
export const Context = (name: string): ClassDecorator =>
  applyDecorators(
    Controller(name),
    SetMetadata(CONTEXT, name),
    UseGuards(TokenGuard),
    UseFilters(ProblemFilter),
    ApiTags(name),
    ApiBearerAuth(),
  );

/** Creates: POST to a collection, answers 201; the id field is the same at every try of a command, so that a repeat finds the first. Without an id field the id stands in the body (registers). */
export const Creates = (path: string, type: FieldsClass, idField?: string): MethodDecorator => {
  if (idField !== undefined) createdIds.set(type, idField);
  return applyDecorators(Post(path), HttpCode(201), ...command('creates', path, type, 201));
};

/** Acts: POST `<path>/<command-in-kebab-case>`, answers 200. */
export const Acts = (path: string, type: FieldsClass): MethodDecorator =>
  applyDecorators(Post(`${path}/${kebab(type.name)}`), HttpCode(200), ...command('acts', path, type, 200));

/** AnswerDoc is what the API document tells of a GET besides its reading. */
export interface AnswerDoc {
  readonly summary?: string;
  /** example of the answer, or of one item of a list; by default the reading's. */
  readonly example?: Example;
  /** shape of the answer: one thing, a page of a list, or a list without pages; by default `page` for `…List…`. */
  readonly shape?: 'one' | 'page' | 'list';
  /** recordsDenials of this question itself, about whomever it asks (BR-66); see {@link RouteInfo}. */
  readonly recordsDenials?: boolean;
}

/** Answers: GET of a reading, or of an operation that libs/access knows by this name. */
export const Answers = <Row extends object>(
  path: string,
  reading: Reading<Row> | string,
  doc: AnswerDoc = {},
): MethodDecorator => {
  const known: Partial<Reading<Row>> = typeof reading === 'string' ? { operation: reading } : reading;
  const { operation = '' } = known;
  const name = operation.split('.').at(-1) ?? operation;
  const { shape = name.startsWith('List') ? 'page' : 'one', recordsDenials = false } = doc;
  const example = doc.example ?? (name === 'ListTasks' ? TASK_EXAMPLE : known.example);
  return applyDecorators(
    Get(path),
    SetMetadata(ROUTE, { kind: 'answers', operation, recordsDenials } satisfies RouteInfo),
    ApiOperation({ operationId: operation, summary: doc.summary ?? words(name) }),
    ...pathParams(path),
    ...(shape === 'page' ? pageQueries() : []),
    ApiQuery({
      name: 'after',
      required: false,
      schema: { type: 'string', pattern: '^[0-9A-Za-z_:.-]{1,100}$' },
      description: 'Log-Position to wait for: read what you have written',
    }),
    ApiResponse({
      status: 200,
      description: 'What you may see of it',
      ...readAnswer(example ?? {}, shape, shape === 'one' && known.stream !== undefined),
    }),
  );
};

/** kebab gives `honour-request` for `HonourRequest`. */
export function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

function command(
  kind: 'creates' | 'acts',
  path: string,
  type: FieldsClass,
  status: number,
): (ClassDecorator & MethodDecorator & PropertyDecorator)[] {
  const inPath = [...path.matchAll(/:([A-Za-z]+)/g)].map(([, name]) => name as string);
  const created = createdIds.get(type);
  const without = created === undefined ? inPath : [...inPath, created];
  const schema = schemaOf(type, without);
  const empty = [...fieldsOf(type)].every(([name, field]) => without.includes(name) || field.supplied);
  return [
    SetMetadata(ROUTE, { kind, operation: type.name } satisfies RouteInfo),
    ApiOperation({ operationId: type.name, summary: words(type.name) }),
    ...pathParams(path, type),
    ...commandHeaders(),
    ApiBody({ required: !empty, schema: schema as object, examples: examplesOf(schema) }),
    ApiResponse({ status, description: 'Done', ...commandAnswer }),
  ] as (ClassDecorator & MethodDecorator & PropertyDecorator)[];
}

function words(name: string): string {
  const text = kebab(name).replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
