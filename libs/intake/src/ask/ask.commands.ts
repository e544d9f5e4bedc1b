import { LANGUAGES, type Language } from '@second-opinion/contracts';
import { Command } from '@second-opinion/kernel';
import { IsCode, IsId } from '@second-opinion/nest/fields';
import { ASKERS } from './ask.events';
import { ASK_CODES, type AskCode } from './ask.texts';

/** No free text on purpose: nothing medical can be stored with an ask (BR-78). */
export class AnswerOutOfScopeAsk extends Command {
  @IsId() askId!: string;
  @IsCode(ASK_CODES) code!: AskCode;
  @IsCode(ASKERS) asker!: (typeof ASKERS)[number];
  @IsCode(LANGUAGES) language!: Language;
}
