import { Refused, type Decider, type InstancesOf } from '@second-opinion/kernel';
import { INTAKE_RULES } from '../intake.terms';
import type * as commands from './ask.commands';
import type { AskEvent } from './ask.events';
import { ASK_TEXTS_VERSION } from './ask.texts';

/** Asks that are no case: answered with the fixed text, whatever is known about anybody (BR-78). */
export const outOfScopeAsk: Decider<InstancesOf<typeof commands>, { readonly answered: boolean }, AskEvent> = {
  category: 'intake.ask',
  rulesVersion: INTAKE_RULES,
  initial: { answered: false },
  streamId: ({ askId }) => String(askId),
  decide: {
    AnswerOutOfScopeAsk: ({ askId, code, asker, language }, { answered }, { now }) => {
      if (answered) throw new Refused('intake.ask-answered');
      const data = { askId, code, asker, language, answeredAt: now };
      return [{ type: 'OutOfScopeAskAnswered', data, textVersion: ASK_TEXTS_VERSION }];
    },
  },
  evolve: () => ({ answered: true }),
};
