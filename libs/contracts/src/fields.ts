import type { Category, Seal } from '@second-opinion/kernel';
import { Type, type Static, type TObject, type TProperties, type TSchema } from 'typebox';

/**
 * field names the kinds of value an event may hold. Every field of every stored or published event is declared with one of these,
 * so that plain and sealed are told apart in one place (docs/events.md is generated from it, the no-trace test reads it).
 */
export const field = {
  /** id of ours (UUID or short code), says nothing about anybody. */
  id: () => Type.String({ minLength: 1, maxLength: 200, 'x-plain': 'id' }),
  /** code out of a closed list. */
  code: <const Codes extends readonly string[]>(codes: Codes) =>
    Type.Unsafe<Codes[number]>({ type: 'string', enum: [...codes], 'x-plain': 'code' }),
  /** label: a name of a version, ruleset, template or reference that is ours; never free text. */
  label: () => Type.String({ maxLength: 200, 'x-plain': 'label' }),
  /** instant in UTC with milliseconds. */
  instant: () => Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$', 'x-plain': 'time' }),
  /** date, local in Amsterdam. */
  date: () => Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', 'x-plain': 'time' }),
  /** local date-time `YYYY-MM-DDTHH:MM` (zone beside it). */
  localDateTime: () => Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d$', 'x-plain': 'time' }),
  /** cents, integer. */
  cents: () => Type.Integer({ 'x-plain': 'amount' }),
  /** count, a small integer. */
  count: () => Type.Integer({ minimum: 0, 'x-plain': 'count' }),
  flag: () => Type.Boolean({ 'x-plain': 'flag' }),
  /** hash in hex or base64url; of personal content only when salted. */
  hash: () => Type.String({ pattern: '^[A-Za-z0-9_-]{16,128}$', 'x-plain': 'hash' }),
  /** register: public register data of a doctor or organisation (name, registration number), plain by nature. */
  register: () => Type.String({ maxLength: 300, 'x-plain': 'register' }),
  /** region: the first two digits of a postcode. */
  region: () => Type.String({ pattern: '^[1-9][0-9]$', 'x-plain': 'region' }),
  /** sealed: a compact JWE of this category; the only form in which personal text is stored. */
  sealed: (category: Category) => Type.Unsafe<Seal>({ type: 'string', maxLength: 200_000, 'x-sealed': category }),
  list: <T extends TSchema>(items: T) => Type.Array(items, { maxItems: 1000 }),
  optional: <T extends TSchema>(schema: T) => Type.Optional(schema),
  record: <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false }),
};

/** EventSchemas is a set of declared events: type name to the schema of its data. */
export type EventSchemas = Readonly<Record<string, TObject>>;

/** events declares the events of one aggregate or topic: data fields only; nothing may be added beside them. */
export function events<const Shapes extends Record<string, TProperties>>(
  shapes: Shapes,
): { readonly [K in keyof Shapes]: TObject<Shapes[K]> } {
  return Object.fromEntries(
    Object.entries(shapes).map(([type, properties]) => [
      type,
      Type.Object(properties, { additionalProperties: false }),
    ]),
  ) as { [K in keyof Shapes]: TObject<Shapes[K]> };
}

/** EventsOf gives the union of declared events: `{ type, data, textVersion? }`. */
export type EventsOf<Schemas extends EventSchemas> = {
  [K in keyof Schemas & string]: { readonly type: K; readonly data: Static<Schemas[K]>; readonly textVersion?: string };
}[keyof Schemas & string];

/** DataOf gives the data of each declared event by its type. */
export type DataOf<Schemas extends EventSchemas> = { [K in keyof Schemas & string]: Static<Schemas[K]> };
