import { createHash } from 'node:crypto';
import { LINE_TEXTS, cancellationTerms, TERMS } from './billing.terms';
import { EXPLANATION_PARTS, EXPLANATION_VERSION, explanationOf, explanations } from './quote-explanation.terms';

describe('the explanation that comes with a quote (N04)', () => {
  it('says everything it must, in Dutch and in English', () => {
    for (const language of ['nl', 'en'] as const) {
      const text = explanationOf(EXPLANATION_VERSION)[language];
      for (const part of EXPLANATION_PARTS) expect(text[part].length).toBeGreaterThan(60);
    }
    expect(() => explanationOf('constructor')).toThrow(TypeError);
  });

  it('BR-53, BR-59: says that the fee is due also when the report is blocked, and does not depend on the outcome', () => {
    const { nl, en } = explanationOf(EXPLANATION_VERSION);
    expect(nl.invoiceAlsoWhenBlocked).toContain('Ook als het rapport wordt geblokkeerd');
    expect(en.invoiceAlsoWhenBlocked).toContain('also when the report is blocked');
    expect(en.price).toContain('depends neither on the outcome nor on the release');
  });

  it('says the terms that are frozen on the quote', () => {
    const { nl, en } = explanationOf(EXPLANATION_VERSION);
    for (const text of [nl.terms, en.terms]) {
      expect(text).toContain(`${TERMS.quoteValidDays} da`);
      expect(text).toContain(`${TERMS.paymentDays} da`);
      expect(text).toContain(`${cancellationTerms.withinTwoWorkingDaysPercent}%`);
      expect(text).toContain(`${cancellationTerms.within24HoursPercent}%`);
    }
  });

  it('BR-77: a published version is never edited', () => {
    const hashes = Object.fromEntries(
      Object.entries(explanations).map(([version, text]) => [
        version,
        createHash('sha256').update(JSON.stringify(text)).digest('hex').slice(0, 16),
      ]),
    );
    expect(hashes).toEqual({ 'quote-explanation-2026.1': 'a00d6e800ed412a2' });
  });
});

it('BR-55: no line of an invoice says a medical word, a name, or that somebody did not come', () => {
  const texts = Object.values(LINE_TEXTS)
    .flatMap((text) => Object.values(text))
    .join();
  expect(texts).not.toMatch(/arts|medi|ziek|doctor|employee|werknemer|consult|spreekuur|no.show|verschenen|niet/i);
});
