import { anActor, given, testNow } from '@second-opinion/kernel/testing';
import { outOfScopeAsk } from './ask.decider';
import { askEvents } from './ask.events';
import { ASK_CODES, ASK_TEXTS_VERSION, askTexts } from './ask.texts';

const ask = { askId: 'ask-1', code: 'EMPLOYER_STATUS', asker: 'EMPLOYER', language: 'nl' } as const;

it('BR-78 an out-of-scope ask is answered with the fixed, versioned text and logged without medical content', () => {
  given(outOfScopeAsk)
    .when('AnswerOutOfScopeAsk', ask, { actor: anActor('back-office') })
    .then({ type: 'OutOfScopeAskAnswered', data: { ...ask, answeredAt: testNow }, textVersion: 'out-of-scope-2026.1' });
  expect(JSON.stringify(askEvents)).not.toContain('x-sealed');
});
it('is answered once', () => {
  given(outOfScopeAsk)
    .events({ type: 'OutOfScopeAskAnswered', data: { ...ask, answeredAt: testNow } })
    .when('AnswerOutOfScopeAsk', ask)
    .refused('intake.ask-answered');
});
it('every code has an answer in both languages', () => {
  for (const code of ASK_CODES) {
    expect(askTexts[ASK_TEXTS_VERSION]?.[code].nl ?? '').not.toBe('');
    expect(askTexts[ASK_TEXTS_VERSION]?.[code].en ?? '').not.toBe('');
  }
});
