import type { EventSchemas } from '@second-opinion/contracts';
import type { Event } from '@second-opinion/kernel';
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import { quickLengths } from './quick-lengths';

const ajv = quickLengths(new Ajv2020({ strict: false, validateFormats: false }));
const declared = new Map<string, ReadonlyMap<string, ValidateFunction>>();

/** declareEvents makes the events of a context's categories known, so that nothing else can be stored there. */
export function declareEvents(events: Readonly<Record<string, EventSchemas>>): void {
  for (const [category, schemas] of Object.entries(events)) {
    const validators = Object.entries(schemas).map(([type, schema]) => [type, ajv.compile(schema)] as const);
    declared.set(category, new Map(validators));
  }
}

/**
 * assertDeclared throws when an event is not as its context declared it: a field that nobody said to be plain or sealed is never stored.
 * That is a bug of ours, so it is no domain error; the message names the place, never the value.
 */
export function assertDeclared(category: string, events: readonly Event[]): void {
  const schemas = declared.get(category);
  if (!schemas) return;
  for (const { type, data } of events) {
    const validate = schemas.get(type);
    if (!validate) throw new TypeError(`${category} has not declared ${type}`);
    if (!validate(data)) {
      const [error] = validate.errors ?? [];
      throw new TypeError(
        `${category} ${type} is not as declared: ${error?.instancePath ?? ''} ${error?.keyword ?? ''}`,
      );
    }
  }
}
