import type { Category } from '@second-opinion/kernel';

/** JsonSchema is a JSON Schema 2020-12 document, as OpenAPI 3.1 uses it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** FieldOptions that every kind of field takes. */
export interface FieldOptions {
  /** optional fields may be left out; null is never allowed. */
  readonly optional?: boolean;
  /** description for the API page. */
  readonly description?: string;
  /** example for the API page. */
  readonly example?: unknown;
}

/** PersonalOptions of a field that identifies or describes a person. */
export interface PersonalOptions extends FieldOptions {
  readonly maxLength: number;
  /** minLength counts what can be seen (default 1): spaces are no motivation. */
  readonly minLength?: number;
  /** purpose of the seal; default `<context>.<field>`. */
  readonly purpose?: string;
  /** format narrows the text, for example `email` or `local-date`. */
  readonly format?: string;
}

/** DeclaredField is what one decorator says about one field of a command. */
export interface DeclaredField {
  readonly schema: JsonSchema;
  readonly optional: boolean;
  /** supplied: not in the request; a handler fills it. */
  readonly supplied?: boolean;
  readonly personal?: { readonly category: Category; readonly purpose?: string };
  /** part: class of a nested object; `list` when there may be several. */
  readonly part?: FieldsClass;
  readonly list?: boolean;
}

/** FieldsClass is a class whose fields are declared with the decorators of this folder. */
export type FieldsClass = abstract new () => object;

const declared = new WeakMap<object, Map<string, DeclaredField>>();
const alternatives = new WeakMap<object, readonly (readonly string[])[]>();

/** declareField records what a decorator says; used by the kinds only. */
export function declareField(prototype: object, name: string, field: DeclaredField): void {
  let fields = declared.get(prototype);
  if (!fields) declared.set(prototype, (fields = new Map<string, DeclaredField>()));
  fields.set(name, field);
}

/** fieldsOf gives the declared fields of a class, in the order they stand there. */
export function fieldsOf(type: FieldsClass): ReadonlyMap<string, DeclaredField> {
  return declared.get(type.prototype as object) ?? new Map<string, DeclaredField>();
}

/**
 * Alternatives of a body: exactly one of these groups of optional fields stands in it. The first field of a group must then be there, the others
 * may be; a field of another group must not.
 */
export const Alternatives =
  (...groups: readonly (readonly [string, ...string[]])[]): ClassDecorator =>
  ({ prototype }) =>
    void alternatives.set(prototype as object, groups);

/** schemaOf gives the JSON Schema of a class, without these fields (path parameters, derived ids) and without what a handler supplies. */
export function schemaOf(type: FieldsClass, without: readonly string[] = []): JsonSchema {
  const properties: Record<string, unknown> = {};
  const required: string[] = [];
  for (const [name, field] of fieldsOf(type)) {
    if (field.supplied || without.includes(name)) continue;
    properties[name] = field.schema;
    if (!field.optional) required.push(name);
  }
  const groups = alternatives.get(type.prototype as object);
  return {
    type: 'object',
    properties,
    required,
    additionalProperties: false,
    ...(groups ? { oneOf: groups.map((group) => alternativeOf(group, groups.flat())) } : {}),
  };
}

function alternativeOf(group: readonly string[], all: readonly string[]): JsonSchema {
  const [first] = group;
  const others = all.filter((name) => !group.includes(name));
  return { title: first, required: [first], properties: Object.fromEntries(others.map((name) => [name, false])) };
}
