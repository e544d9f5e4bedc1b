import { hasDuplicates } from './json-members';

describe('members that an object names twice (RFC 7493)', () => {
  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['[{"a":{"b":1,"c":[{"d":1,"d":1}]}}]', true],
    ['{"a":1,"A":2}', false],
    ['{"a:b":"c:d","e":["f:g",{"h":null}]}', false],
    ['{"a\\"b\\\\":"\\\\","c\\\\\\"":":"}', false],
    ['[]', false],
    ['"a:b"', false],
  ])('%s', (text, expected) => {
    expect(hasDuplicates(text, JSON.parse(text))).toBe(expected);
  });
});
