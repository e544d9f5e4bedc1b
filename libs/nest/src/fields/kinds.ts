import type { Category } from '@second-opinion/kernel';
import {
  declareField,
  fieldsOf,
  schemaOf,
  type DeclaredField,
  type FieldOptions,
  type FieldsClass,
  type JsonSchema,
  type PersonalOptions,
} from './declare';
import { lineOf, textOf } from './texts';

type Decorate = (prototype: object, name: string | symbol) => void;

const ID = '^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$';
const ID_SHAPE = new RegExp(ID);

function kind(schema: JsonSchema, options: FieldOptions = {}, more: Partial<DeclaredField> = {}): Decorate {
  const { description, example } = options;
  const whole = {
    ...schema,
    ...(description ? { description } : {}),
    ...(example === undefined ? {} : { examples: [example] }),
  };
  return (prototype, name) =>
    declareField(prototype, String(name), { schema: whole, optional: options.optional === true, ...more });
}

/** looksLikeId tells whether this can be an id of ours, for what reaches us past a command: anything else stands in no log. */
export function looksLikeId(text: unknown): text is string {
  return typeof text === 'string' && ID_SHAPE.test(text);
}

/** IsId: an id of ours. */
export const IsId = (options?: FieldOptions) =>
  kind({ type: 'string', pattern: ID, examples: ['7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10'] }, options);
/** IsLabel: a short code or reference of ours (a version, a one-time code); never free text about a person. */
export const IsLabel = (options?: FieldOptions) =>
  kind({ type: 'string', pattern: ID, examples: ['label-1'] }, options);
/** IsCode: one out of a closed list. */
export const IsCode = (codes: readonly string[], options?: FieldOptions) =>
  kind({ type: 'string', enum: [...codes] }, options);
/** IsInstant: UTC with milliseconds and Z; a date that does not exist is refused. */
export const IsInstant = (options?: FieldOptions) =>
  kind({ type: 'string', format: 'instant', examples: ['2026-11-24T09:30:00.000Z'] }, options);
/** IsLocalDate: `YYYY-MM-DD`, a date that exists. */
export const IsLocalDate = (options?: FieldOptions) =>
  kind({ type: 'string', format: 'local-date', examples: ['2026-11-24'] }, options);
/** IsLocalDateTime: `YYYY-MM-DDTHH:MM`, without offset. */
export const IsLocalDateTime = (options?: FieldOptions) =>
  kind({ type: 'string', format: 'local-date-time', examples: ['2026-12-01T09:00'] }, options);
/** IsCents: integer euro cents, not negative, at most ten million euro. */
export const IsCents = (options?: FieldOptions) =>
  kind({ type: 'integer', minimum: 0, maximum: 1_000_000_000, examples: [125000] }, options);
/** IsCount: an integer from `minimum` (0) to this maximum. */
export const IsCount = (maximum: number, options?: FieldOptions & { minimum?: number }) =>
  kind(
    { type: 'integer', minimum: options?.minimum ?? 0, maximum, examples: [Math.max(1, options?.minimum ?? 0)] },
    options,
  );
/** IsFlag: true or false. */
export const IsFlag = (options?: FieldOptions) => kind({ type: 'boolean' }, options);
/** IsRegister: public register data (an organisation's or doctor's name, a number, a public address); one line. */
export const IsRegister = (maxLength: number, options?: FieldOptions) =>
  kind({ type: 'string', minLength: 1, maxLength, pattern: lineOf(1), examples: ['Arbodienst Zuid B.V.'] }, options);
/** IsRegion: the first two digits of a postcode. */
export const IsRegion = (options?: FieldOptions) =>
  kind({ type: 'string', pattern: '^[1-9][0-9]$', examples: ['35'] }, options);

/** IsPersonal: text that identifies or describes a person; plain in the request, a seal of this category behind the rim. */
export const IsPersonal = (category: Category, options: PersonalOptions) => {
  const { minLength = 1, maxLength } = options;
  return kind(
    {
      type: 'string',
      minLength,
      maxLength,
      pattern: maxLength > 200 ? textOf(minLength) : lineOf(minLength),
      ...(options.format ? { format: options.format } : {}),
      ...(options.example === undefined && !options.format ? { examples: ['Tekst van de betrokkene'] } : {}),
    },
    options,
    { personal: options.purpose ? { category, purpose: options.purpose } : { category } },
  );
};

/** IsPart: a nested object of this class. */
export const IsPart = (type: FieldsClass, options?: FieldOptions) => kind(schemaOf(type), options, { part: type });

/** IsListOf: at most `max` (at least `min`, default 0) things of a class, or of a kind: `IsListOf(IsId(), 10)`. */
export function IsListOf(
  items: FieldsClass | Decorate,
  max: number,
  options: FieldOptions & { min?: number } = {},
): Decorate {
  const bounds = { type: 'array', minItems: options.min ?? 0, maxItems: max };
  if (isClass(items)) return kind({ ...bounds, items: schemaOf(items) }, options, { part: items, list: true });
  return (prototype, name) => {
    items(prototype, name);
    const inner = declaredKind(items);
    declareField(prototype, String(name), {
      schema: { ...bounds, items: inner.schema, ...(options.description ? { description: options.description } : {}) },
      optional: options.optional === true,
      list: true,
      ...(inner.personal ? { personal: inner.personal } : {}),
    });
  };
}

/** Supplied: not in the request; a handler with outside facts fills it before the decider sees the command. */
export const Supplied = () => kind({}, {}, { supplied: true });

function isClass(items: FieldsClass | Decorate): items is FieldsClass {
  return typeof items === 'function' && items.prototype !== undefined;
}

function declaredKind(decorate: Decorate): DeclaredField {
  class Probe {}
  decorate(Probe.prototype, 'probe');
  const field = fieldsOf(Probe).get('probe');
  if (!field) throw new TypeError('IsListOf takes a class or a kind of field');
  return field;
}
