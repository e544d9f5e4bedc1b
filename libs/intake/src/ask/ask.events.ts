import { events, field, LANGUAGES, type EventsOf } from '@second-opinion/contracts';
import { ASK_CODES } from './ask.texts';

export const ASKERS = ['EMPLOYEE', 'EMPLOYER', 'LAWYER', 'OTHER'] as const;

/** Every stored event of `intake.ask-<askId>`: that something was asked and answered; no word of the asker is kept (BR-78). */
export const askEvents = events({
  OutOfScopeAskAnswered: {
    askId: field.id(),
    code: field.code(ASK_CODES),
    asker: field.code(ASKERS),
    language: field.code(LANGUAGES),
    answeredAt: field.instant(),
  },
});
export type AskEvent = EventsOf<typeof askEvents>;
