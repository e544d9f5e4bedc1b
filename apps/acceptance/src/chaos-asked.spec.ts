import { askedBy } from './chaos-asked';

describe('what chaos is asked for', () => {
  it('is a minute after seed 1, or what was said', () => {
    expect(askedBy([])).toEqual({ seed: 1, minutes: 1, given: [], logs: undefined });
    expect(askedBy(['--seed', '0', '--minutes', '0.5', '--given', 'kafka,mongodb', '--logs', 'a'])).toEqual({
      ...{ seed: 0, minutes: 0.5, given: ['kafka', 'mongodb'], logs: 'a' },
    });
  });

  it.each([
    [['--bar'], /^npm run chaos/],
    [['kafka'], /^npm run chaos/],
    [['--seed'], /^npm run chaos/],
    [['--seed', 'x'], /^--seed is/],
    [['--seed', '-1'], /^(--seed is|npm run chaos)/],
    [['--seed='], /^--seed is/],
    [['--minutes', 'x'], /^--minutes is/],
    [['--minutes', '0'], /^--minutes is/],
    [['--minutes', '601'], /^--minutes is/],
  ])('is refused in one sentence: %j', (args, sentence) => {
    expect(() => askedBy(args)).toThrow(sentence);
  });
});
