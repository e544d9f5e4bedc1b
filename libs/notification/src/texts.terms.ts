import type { Language } from '@second-opinion/contracts';
import { outsideEn } from './outside-en.terms';
import { outsideNl } from './outside-nl.terms';
import { portalEn } from './portal-en.terms';
import { portalNl } from './portal-nl.terms';
import type { TemplateCode } from './templates.terms';

/** PortalText is what an authenticated reader sees; `{name}` is a variable. */
export interface PortalText {
  readonly title: string;
  readonly lines: readonly string[];
}
export type PortalTexts = Readonly<Record<TemplateCode, PortalText | 'none'>>;

/** OutsideText leaves the portal: nothing about health, nothing that tells what the portal is for (BR-73). */
export interface OutsideText {
  readonly subject: string;
  readonly lines: readonly string[];
  /** sms of the same matter, in one line. */
  readonly sms: string;
}
export interface OutsideTexts {
  /** neutral: something is there, and where. */
  readonly neutral: OutsideText;
  readonly own: Readonly<Partial<Record<TemplateCode, OutsideText>>>;
  /** around every mail. */
  readonly opening: string;
  readonly closing: string;
}

/** portalTexts and outsideTexts by language. */
export const portalTexts: Readonly<Record<Language, PortalTexts>> = { nl: portalNl, en: portalEn };
export const outsideTexts: Readonly<Record<Language, OutsideTexts>> = { nl: outsideNl, en: outsideEn };
