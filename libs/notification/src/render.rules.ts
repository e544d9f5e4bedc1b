import type { Language } from '@second-opinion/contracts';
import { ToOpen, type ShownValue } from '@second-opinion/kernel';
import type { Content } from './content.events';
import { isTemplateCode, templateOf } from './templates.terms';
import { outsideTexts, portalTexts, type OutsideText } from './texts.terms';
import { valuesOf } from './variables.rules';

/** Place is where a sealed part of a message was found. */
export interface Place {
  readonly recipientId: string;
  readonly caseId: string;
  readonly template: string;
}

/** PURPOSES of sealed parts, by the template that carries them: named by the context that made the seal. */
const PURPOSES: Readonly<Record<string, string>> = {
  'N02-refused': 'intake.motivation',
  'N14-recorded': 'reporting.motivation',
};

/** Links are where the portal is. */
export interface Links {
  readonly portalUrl: string;
}

/** Letter is what leaves the portal. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly sms: string;
}

const VARIABLE = /\{(\w+)\}/g;

/** variablesIn lists the variables that a text names. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(VARIABLE)].map(([, name]) => name ?? '');
}

/** portalMessage gives title and lines for an authenticated reader; a sealed part stands as a place to open. */
export function portalMessage(
  content: Content,
  language: Language,
  place: Place,
): { title: string; lines: ShownValue[] } | undefined {
  const { template } = place;
  const text = isTemplateCode(template) ? portalTexts[language][template] : 'none';
  if (text === 'none') return undefined;
  const values: Readonly<Record<string, string>> = valuesOf(content, language);
  const lines = text.lines.flatMap((line): ShownValue[] => {
    if (line === '{motivation}') return sealedLine(content, place);
    const filled = fill(line, values);
    return filled === undefined ? [] : [filled];
  });
  return { title: fill(text.title, values) ?? '', lines };
}

/** letter gives mail and SMS; `code` is the one-time code of an invitation, in the link's fragment so that no server logs it. */
export function letter(
  message: { readonly messageId: string; readonly template: string; readonly content: Content },
  language: Language,
  { portalUrl }: Links,
  code?: string,
): Letter {
  const texts = outsideTexts[language];
  const base = portalUrl.replace(/\/+$/, '');
  const values: Readonly<Record<string, string>> = {
    ...valuesOf(message.content, language),
    link: `${base}/messages/${encodeURIComponent(message.messageId)}`,
    ...(code === undefined ? {} : { invitation: `${base}/invitation#code=${encodeURIComponent(code)}` }),
  };
  const text = outsideText(message.template, language);
  const lines = text.lines.flatMap((line) => fill(line, values) ?? []);
  return {
    subject: fill(text.subject, values) ?? texts.neutral.subject,
    text: [texts.opening, ...lines, texts.closing].join('\n\n') + '\n',
    sms: fill(text.sms, values) ?? fill(texts.neutral.sms, values) ?? '',
  };
}

function outsideText(template: string, language: Language): OutsideText {
  const { neutral, own } = outsideTexts[language];
  if (templateOf(template).outside !== 'text' || !isTemplateCode(template)) return neutral;
  return own[template] ?? neutral;
}

function sealedLine({ motivation }: Content, { template, recipientId, caseId }: Place): ShownValue[] {
  const purpose = PURPOSES[template];
  return motivation === undefined || purpose === undefined
    ? []
    : [new ToOpen(motivation, { personId: recipientId, caseId, purpose })];
}

/** fill puts the values in; undefined when one is not known, so that no line ever shows a gap. */
function fill(text: string, values: Readonly<Record<string, string>>): string | undefined {
  if (variablesIn(text).some((name) => !Object.hasOwn(values, name))) return undefined;
  return text.replace(VARIABLE, (_, name: string) => values[name] ?? '');
}
