import type { Language } from '@second-opinion/contracts';

/** EXPLANATION_VERSION of new quotes; a signature is a decision on this text (BR-77). */
export const EXPLANATION_VERSION = 'quote-explanation-2026.1';

/** Explanation is the text that comes with a quote (N04: "De offerte bevat tevens een uitleg"); amounts stand beside it. */
export type Explanation = Readonly<Record<ExplanationPart, string>>;
export const EXPLANATION_PARTS = [
  'price',
  'vat',
  'terms',
  'procedure',
  'independence',
  'nothingToEmployer',
  'blocking',
  'invoiceAlsoWhenBlocked',
] as const;
export type ExplanationPart = (typeof EXPLANATION_PARTS)[number];

/** explanations by version and language; a published version is never edited. */
export const explanations: Readonly<Record<string, Readonly<Record<Language, Explanation>>>> = {
  'quote-explanation-2026.1': {
    nl: {
      price:
        'De prijs is een vast bedrag voor het hele advies: spreekuur, dossierstudie en rapport. De prijs hangt niet af van de uitkomst en niet van de vrijgave van het rapport.',
      vat: 'De btw staat apart vermeld. Is het advies vrijgesteld van btw, dan staat de wettelijke grond op offerte en factuur.',
      terms:
        'De offerte is 14 dagen geldig. Kosteloos annuleren kan tot twee werkdagen voor de afspraak. Binnen twee werkdagen brengen wij 50% van het spreekuurdeel in rekening, binnen 24 uur of bij niet verschijnen 100%. Een bewijs van ziekte doet deze kosten eenmaal vervallen. Bij intrekking na het spreekuur brengen wij de gewerkte uren in rekening. De betalingstermijn is 30 dagen.',
      procedure:
        'Na ondertekening wordt de afspraak bevestigd. Er wordt niets onderzocht voordat de offerte is ondertekend. Het rapport gaat eerst en alleen naar de werknemer, die beslist of het naar de eigen bedrijfsarts mag.',
      independence:
        'De arts die adviseert, werkt niet voor dezelfde arbodienst, hetzelfde bedrijf of dezelfde instelling en heeft de werknemer niet eerder behandeld of geadviseerd. De getekende offerte garandeert dat wij onafhankelijk kunnen werken.',
      nothingToEmployer:
        'De werkgever ontvangt van ons niets: geen bericht, geen rapport en geen factuur waaruit blijkt om wie het gaat. Doorberekenen van de kosten is aan de eigen bedrijfsarts of zijn arbodienst.',
      blocking:
        'De werknemer kan het rapport blokkeren. De eigen bedrijfsarts ontvangt het dan niet en verneemt de inhoud niet. Geen antwoord is geen toestemming.',
      invoiceAlsoWhenBlocked:
        'Ook als het rapport wordt geblokkeerd of de werknemer niet beslist, wordt het volledige bedrag gefactureerd.',
    },
    en: {
      price:
        'The price is one fixed amount for the whole advice: consultation, study of the file and report. It depends neither on the outcome nor on the release of the report.',
      vat: 'VAT is shown apart. Where the advice is exempt from VAT, the legal ground stands on quote and invoice.',
      terms:
        'The quote is valid for 14 days. Cancelling is free until two working days before the appointment. Within two working days we charge 50% of the consultation part, within 24 hours or when nobody comes 100%. A proof of illness waives this once. After a withdrawal following the consultation we charge the hours worked. Payment is due within 30 days.',
      procedure:
        'The appointment is confirmed once the quote is signed. Nothing is examined before that. The report goes first and only to the employee, who decides whether his own company doctor may have it.',
      independence:
        'The advising doctor does not work for the same occupational health service, company or institution and has never treated or advised this employee before. The signed quote guarantees that we can work independently.',
      nothingToEmployer:
        'The employer receives nothing from us: no message, no report and no invoice that shows who it is about. Passing the cost on is for the own company doctor or his service.',
      blocking:
        'The employee may block the report. His own company doctor then neither receives it nor learns what it says. No answer is no consent.',
      invoiceAlsoWhenBlocked:
        'The full amount is invoiced also when the report is blocked or when the employee does not decide.',
    },
  },
};

/** explanationOf gives the text of a version; an unknown version is a bug. */
export function explanationOf(version: string): Readonly<Record<Language, Explanation>> {
  const found = Object.hasOwn(explanations, version) ? explanations[version] : undefined;
  if (!found) throw new TypeError(`no explanation ${version}`);
  return found;
}
