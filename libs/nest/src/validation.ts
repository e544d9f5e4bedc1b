import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { Invalid } from '@second-opinion/kernel';
import { schemaOf, type FieldsClass, type JsonSchema } from './fields';
import { quickLengths } from './quick-lengths';

/** FORMATS are the formats our schemas use, by name; the same names stand in the API document. */
export const FORMATS = {
  instant: (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) &&
    exists(() => Temporal.Instant.from(text), text.slice(0, 10)),
  'local-date': (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && exists(undefined, text),
  'local-date-time': (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text) &&
    exists(() => Temporal.PlainDateTime.from(text, { overflow: 'reject' }), text.slice(0, 10)),
  email: (text: string) =>
    text.length <= 254 &&
    /^[^\s@<>()",;:\\[\]]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,187}[A-Za-z0-9])?\.[A-Za-z]{2,63}$/.test(text),
  phone: (text: string) => /^\+[1-9][0-9]{6,14}$/.test(text),
};

function exists(parse: (() => unknown) | undefined, date: string): boolean {
  try {
    parse?.();
    Temporal.PlainDate.from(date, { overflow: 'reject' });
    return date >= '1900-01-01' && date <= '2199-12-31';
  } catch {
    return false;
  }
}

const ajv = quickLengths(
  new Ajv2020({
    allErrors: false,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    formats: FORMATS,
  }),
);
const compiled = new WeakMap<object, Map<string, ValidateFunction>>();

/**
 * validated gives the body when it is what the class declares, and throws `Invalid('invalid-request')` naming the first wrong place
 * (a JSON pointer and the rule, never the value). The rules are the same JSON Schema that the API document shows.
 */
export function validated(
  type: FieldsClass,
  body: unknown,
  without: readonly string[],
): Readonly<Record<string, unknown>> {
  let byShape = compiled.get(type);
  if (!byShape) compiled.set(type, (byShape = new Map<string, ValidateFunction>()));
  const shape = without.join();
  let validate = byShape.get(shape);
  if (!validate) byShape.set(shape, (validate = ajv.compile(schemaOf(type, without))));
  if (validate(body)) return body as Readonly<Record<string, unknown>>;
  const { errors } = validate;
  // Why each alternative does not fit says less than that none does, or two.
  const error = errors?.find(({ keyword }) => keyword === 'oneOf') ?? errors?.[0];
  throw new Invalid('invalid-request', { at: placeOf(error), rule: error?.keyword ?? 'type' });
}

/** schemaValidator compiles a schema of our own, for parameters and tests. */
export function schemaValidator(schema: JsonSchema): ValidateFunction {
  return ajv.compile(schema);
}

// The pointer is only told as far as our own document names it: a name that the sender made up is text from the request.
function placeOf(
  error: { instancePath: string; params: Record<string, unknown>; keyword: string } | undefined,
): string {
  if (!error) return '/';
  const missing = error.keyword === 'required' ? `/${String(error.params['missingProperty'])}` : '';
  return `${error.instancePath}${missing}` || '/';
}
