import Ajv2020 from 'ajv/dist/2020';
import { quickLengths } from './quick-lengths';

describe('lengths of texts', () => {
  const quick = quickLengths(new Ajv2020());
  const slow = new Ajv2020();
  const texts = [
    '',
    'a',
    'ab',
    'abc',
    'abcd',
    'abcde',
    '😀',
    '😀😀',
    'a😀b',
    '😀😀😀',
    '😀😀😀😀',
    '\ud83d',
    '\ude00\ud83d',
    'é\u0301',
  ];

  it.each([0, 1, 2, 3, 4])('are found to be within %i characters, or not, as JSON Schema counts them', (limit) => {
    for (const keyword of ['maxLength', 'minLength']) {
      const [mine, theirs] = [quick, slow].map((ajv) => ajv.compile({ type: 'string', [keyword]: limit }));
      for (const text of texts) expect([text, mine?.(text)]).toEqual([text, theirs?.(text)]);
    }
  });

  it('are told of before the pattern, by the name of the rule', () => {
    const validate = quick.compile({
      type: 'object',
      properties: { code: { type: 'string', maxLength: 2, pattern: '^b' } },
    });
    expect(validate({ code: 'aaa' })).toBe(false);
    expect(validate.errors?.map(({ keyword, instancePath }) => [keyword, instancePath])).toEqual([
      ['maxLength', '/code'],
    ]);
  });
});
