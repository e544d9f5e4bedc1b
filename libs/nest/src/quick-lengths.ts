import type Ajv from 'ajv';

/**
 * quickLengths lets a validator count the characters of a text only where that matters. JSON Schema counts code points, one by one, and nearly every text
 * is told to be short or long enough by its UTF-16 units, of which a code point has one or two: a look at each letter of a seal cost more than everything
 * else that is checked of an event. The answers are the same.
 */
export function quickLengths<V extends Ajv>(ajv: V): V {
  ajv.removeKeyword('maxLength').removeKeyword('minLength');
  const common = { type: 'string', schemaType: 'number', before: 'pattern' } as const;
  ajv.addKeyword({ ...common, keyword: 'maxLength', validate: isAtMost });
  ajv.addKeyword({ ...common, keyword: 'minLength', validate: isAtLeast });
  return ajv;
}

function isAtMost(most: number, text: string): boolean {
  return text.length <= most || (text.length <= 2 * most && codePointsIn(text) <= most);
}

function isAtLeast(least: number, text: string): boolean {
  return text.length >= 2 * least || (text.length >= least && codePointsIn(text) >= least);
}

function codePointsIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) count++;
  return count;
}
