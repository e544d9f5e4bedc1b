import { ExampleOf, type ExampleValue } from '@second-opinion/kernel';
import type { JsonSchema } from './fields';

/** FORGOTTEN stands where personal text was whose key is destroyed. */
const FORGOTTEN: JsonSchema = {
  type: 'object',
  required: ['forgotten'],
  properties: { forgotten: { const: true } },
};

/**
 * schemaOfExample gives the JSON Schema that an example shows: the types of its fields, lists, what may be null and what may be
 * forgotten. No field is required and others are allowed: each reader is shown what the matrix allows him.
 */
export function schemaOfExample(value: ExampleValue): JsonSchema {
  if (value === null) return { type: 'null' };
  if (value instanceof ExampleOf) {
    const inner = schemaOfExample(value.value);
    return value.kind === 'personal' ? { anyOf: [inner, FORGOTTEN] } : { anyOf: [inner, { type: 'null' }] };
  }
  if (isList(value)) {
    const [first] = value;
    return first === undefined ? { type: 'array' } : { type: 'array', items: schemaOfExample(first) };
  }
  if (typeof value === 'object') {
    const properties = Object.entries(value).map(([name, inner]) => [name, schemaOfExample(inner)] as const);
    return { type: 'object', properties: Object.fromEntries(properties) };
  }
  return { type: typeof value === 'number' ? 'integer' : typeof value };
}

/** plainExample gives the example as it would be answered. */
export function plainExample(value: ExampleValue): unknown {
  if (value instanceof ExampleOf) return plainExample(value.value);
  if (isList(value)) return value.map(plainExample);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainExample(inner)]));
}

function isList(value: ExampleValue): value is readonly ExampleValue[] {
  return Array.isArray(value);
}
