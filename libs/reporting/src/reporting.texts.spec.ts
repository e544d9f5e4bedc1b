import { TEXTS } from './reporting.terms';
import { shownTexts } from './reporting.texts';

describe('BR-77 the texts of the versions that stand with decisions', () => {
  const { texts } = shownTexts();
  it('can all be read, in both languages', () => {
    expect(texts.map(({ name, version }) => [name, version])).toEqual(Object.entries(TEXTS));
    for (const { nl, en } of texts) expect([nl, en].every((text) => text.length > 50)).toBe(true);
  });
  it('BR-34, BR-35, BR-38 say of the release what the rules do with it', () => {
    const { nl } = texts.find(({ name }) => name === 'releaseDecision') ?? { nl: '' };
    expect(nl).toContain('deze versie');
    expect(nl).toContain('zonder mijn toestemming krijgt hij het niet');
    expect(nl).toContain('niet waarom');
  });
});
