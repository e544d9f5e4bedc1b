import { lineOf, textOf } from './texts';

const CODE_POINTS = Array.from({ length: 0x110000 }, (_, point) => point);
const [LINE, TEXT] = [lineOf(1), textOf(1)].map((pattern) => new RegExp(pattern, 'u')) as [RegExp, RegExp];
const JOINERS = [0x200c, 0x200d];
const hex = (points: number[]) => points.map((point) => point.toString(16));

describe('characters of a text', () => {
  it('are all but controls, halves, noncharacters and what is invisible, whatever Unicode adds', () => {
    const never =
      /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\p{Zl}\p{Zp}]|(?=\p{Cf})[^\u200c\u200d]|(?=\p{Default_Ignorable_Code_Point})\p{Cn}/u;
    const differs = CODE_POINTS.filter((point) => {
      const character = String.fromCodePoint(point);
      return LINE.test(`a${character}`) === never.test(character);
    });
    expect(hex(differs)).toEqual([]);
    const more = CODE_POINTS.filter((point) => {
      const character = String.fromCodePoint(point);
      return LINE.test(`a${character}`) !== TEXT.test(`a${character}`);
    });
    expect(hex(more)).toEqual(['9', 'a', 'd']);
  });

  it('BR-06, BR-10: count when they can be seen', () => {
    const unseen = CODE_POINTS.filter((point) => {
      const character = String.fromCodePoint(point);
      return LINE.test(`a${character}`) && !LINE.test(character);
    });
    const known = CODE_POINTS.filter((point) =>
      /^[\p{Zs}\p{Default_Ignorable_Code_Point}\u2800]$/u.test(String.fromCodePoint(point)),
    );
    const allowed = known.filter((point) => JOINERS.includes(point) || LINE.test(`a${String.fromCodePoint(point)}`));
    expect(hex(unseen)).toEqual(hex(allowed));
  });

  it('are looked at once, however long the text', () => {
    const began = performance.now();
    for (const pattern of [textOf(1), textOf(20)].map((source) => new RegExp(source, 'u')))
      for (const text of ['x'.repeat(200_000), ' '.repeat(200_000), `${' a'.repeat(100_000)}\u200b`])
        pattern.test(text);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
