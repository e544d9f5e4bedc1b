import { Command, Invalid, type Personal } from '@second-opinion/kernel';
import {
  Alternatives,
  IsCode,
  IsCount,
  IsFlag,
  IsId,
  IsInstant,
  IsListOf,
  IsLocalDate,
  IsPart,
  IsPersonal,
  IsRegister,
  schemaOf,
  Supplied,
} from './fields';
import { exampleOf, examplesOf } from './openapi-parts';
import { validated } from './validation';

class Block {
  @IsLocalDate() date!: string;
  @IsCount(90, { minimum: 10 }) minutes!: number;
}
class TryEverything extends Command {
  @IsId() caseId!: string;
  @IsCode(['A', 'B']) code!: string;
  @IsPersonal('MEDICAL', { maxLength: 4000 }) complaint!: Personal;
  @IsPersonal('CONTACT', { maxLength: 254, format: 'email', optional: true }) email?: Personal;
  @IsPersonal('MEDICAL', { maxLength: 4000, minLength: 3, optional: true }) doubt?: Personal;
  @IsRegister(200, { optional: true }) name?: string;
  @IsInstant({ optional: true }) at?: string;
  @IsFlag({ optional: true }) flag?: boolean;
  @IsPart(Block, { optional: true }) block?: Block;
  @IsListOf(Block, 3, { optional: true }) blocks?: Block[];
  @IsListOf(IsId(), 2, { optional: true }) ids?: string[];
  @Supplied() checks!: string;
}
@Alternatives(['name'], ['id', 'more'])
class OneOrOther extends Command {
  @IsRegister(200, { optional: true }) name?: string;
  @IsId({ optional: true }) id?: string;
  @IsId({ optional: true }) more?: string;
}
const good = { caseId: 'case-1', code: 'A', complaint: 'moe' };
const problem = (body: unknown) => {
  try {
    validated(TryEverything, body, []);
    return 'allowed';
  } catch (error) {
    return error instanceof Invalid ? `${String(error.facts['at'])} ${String(error.facts['rule'])}` : String(error);
  }
};

describe('validation of commands', () => {
  it('allows what the document describes', () => {
    expect(validated(TryEverything, good, [])).toEqual(good);
    expect(problem({ ...good, block: { date: '2028-02-29', minutes: 90 }, blocks: [], ids: ['a'] })).toBe('allowed');
    expect(problem({ ...good, complaint: 'Ünïcødé 🙂\nnieuwe regel', name: '🙂' })).toBe('allowed');
    expect(problem({ ...good, complaint: ' \n👩‍⚕️ می‌خواهم\t葛\u{e0100}', doubt: '\n a\nb\n c \n', name: ' é' })).toBe(
      'allowed',
    );
  });

  it.each([
    ['nothing', undefined, '/ type'],
    ['an array', [], '/ type'],
    ['a missing field', { code: 'A', complaint: 'x' }, '/caseId required'],
    ['a field too many', { ...good, extra: 1 }, '/ additionalProperties'],
    ['a supplied field', { ...good, checks: 'x' }, '/ additionalProperties'],
    ['null for optional', { ...good, at: null }, '/at type'],
    ['a number for text', { ...good, complaint: 1 }, '/complaint type'],
    ['an array for text', { ...good, complaint: ['x'] }, '/complaint type'],
    ['an object for text', { ...good, complaint: { x: 1 } }, '/complaint type'],
    ['empty text', { ...good, complaint: '' }, '/complaint minLength'],
    ['text too long', { ...good, complaint: 'x'.repeat(4001) }, '/complaint maxLength'],
    ['NUL', { ...good, complaint: 'a\u0000b' }, '/complaint pattern'],
    ['right-to-left override', { ...good, complaint: 'a\u202eb' }, '/complaint pattern'],
    ['BR-06, BR-10 spaces for a text', { ...good, complaint: ' \n\t\u00a0\u3000' }, '/complaint pattern'],
    [
      'BR-06, BR-10 what nobody sees',
      { ...good, complaint: '\u200d\ufe0f\u3164\u2800\u{e0100}' },
      '/complaint pattern',
    ],
    ['BR-10 fewer visible characters than it needs', { ...good, doubt: ' a \u200c b       ' }, '/doubt pattern'],
    ['spaces for a name', { ...good, name: '   ' }, '/name pattern'],
    ['a zero-width space', { ...good, complaint: 'a\u200bb' }, '/complaint pattern'],
    ['tag characters', { ...good, complaint: 'a\u{e0001}\u{e0061}' }, '/complaint pattern'],
    ['a line separator', { ...good, complaint: 'a\u2028b' }, '/complaint pattern'],
    ['a noncharacter', { ...good, complaint: 'a\ufdd0' }, '/complaint pattern'],
    ['a noncharacter of another plane', { ...good, name: 'a\u{1fffe}' }, '/name pattern'],
    ['two lines for a name', { ...good, name: 'a\nb' }, '/name pattern'],
    ['half of a character', { ...good, complaint: 'a\ud83d' }, '/complaint pattern'],
    ['the other half', { ...good, complaint: '\ude42a' }, '/complaint pattern'],
    ['half of a character in a register', { ...good, name: '\ud83d' }, '/name pattern'],
    ['half of a character for a name', { ...good, '\ud83d': 1 }, '/ additionalProperties'],
    ['a code outside the list', { ...good, code: 'C' }, '/code enum'],
    ['30 February', { ...good, block: { date: '2027-02-30', minutes: 10 } }, '/block/date format'],
    ['29 February in a common year', { ...good, block: { date: '2027-02-29', minutes: 10 } }, '/block/date format'],
    ['an instant with an offset', { ...good, at: '2026-11-24T09:30:00.000+01:00' }, '/at format'],
    ['an instant on 30 February', { ...good, at: '2026-02-30T09:30:00.000Z' }, '/at format'],
    ['a fraction for a count', { ...good, block: { date: '2027-02-28', minutes: 10.5 } }, '/block/minutes type'],
    ['1e300', { ...good, block: { date: '2027-02-28', minutes: 1e300 } }, '/block/minutes maximum'],
    ['one object for a list', { ...good, blocks: { date: '2027-02-28', minutes: 10 } }, '/blocks type'],
    ['too many items', { ...good, ids: ['a', 'b', 'c'] }, '/ids maxItems'],
    ['an id with a slash', { ...good, caseId: '../x' }, '/caseId pattern'],
    ['no e-mail address', { ...good, email: 'niemand' }, '/email format'],
  ])('refuses %s', (_, body, expected) => expect(problem(body)).toBe(expected));

  it('never repeats what was sent, not even the name of a field that we do not know', () => {
    expect(problem({ ...good, 'J. Jansen': 1 })).toBe('/ additionalProperties');
  });

  it('gives the document an example that the document allows', () => {
    expect(problem(exampleOf(schemaOf(TryEverything)))).toBe('allowed');
  });

  it('takes exactly one of the alternatives, with what goes with it, and has an example for each', () => {
    const tell = (body: unknown) => {
      try {
        return validated(OneOrOther, body, []);
      } catch (error) {
        return (error as Invalid).facts;
      }
    };
    const { schema, examples } = { schema: schemaOf(OneOrOther), examples: examplesOf(schemaOf(OneOrOther)) };
    expect(schema['oneOf']).toHaveLength(2);
    expect(Object.keys(examples)).toEqual(['name', 'id']);
    for (const { value } of Object.values(examples)) expect(tell(value)).toEqual(value);
    for (const body of [{}, { more: 'a' }, { name: 'a', id: 'a' }, { name: 'a', more: 'a' }])
      expect(tell(body)).toEqual({ at: '/', rule: 'oneOf' });
    expect(tell({ id: '' })).toEqual({ at: '/id', rule: 'pattern' });
    expect(tell({ id: 'a' })).toEqual({ id: 'a' });
  });

  it('leaves path parameters and supplied fields out of the body', () => {
    expect(Object.keys(schemaOf(TryEverything, ['caseId'])['properties'] as object)).not.toContain('caseId');
    expect(Object.keys(schemaOf(TryEverything)['properties'] as object)).not.toContain('checks');
  });
});
