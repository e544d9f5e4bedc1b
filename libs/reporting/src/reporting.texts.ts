import type { Language } from '@second-opinion/contracts';
import { TEXTS } from './reporting.terms';

type Words = Readonly<Record<Language, string>>;

/** What a person reads when he decides, by the version that stands with his decision (BR-77); a published version is never edited. */
const words: Readonly<Record<(typeof TEXTS)[keyof typeof TEXTS], Words>> = {
  'transfer-authorisation-2026.1': {
    nl: 'Ik machtig mijn eigen bedrijfsarts om alle medische stukken, of alleen de soorten die ik kies, te geven aan de arts die deze second opinion uitvoert, en aan niemand anders. Zonder machtiging geeft hij niets medisch door; informatie over mijn werksituatie mag hij wel geven. Ik kan de machtiging altijd intrekken; wat dan nog niet gelezen is, wordt vernietigd.',
    en: 'I authorise my own company doctor to give all medical documents, or only the kinds that I choose, to the doctor who gives this second opinion, and to nobody else. Without it he hands over nothing medical; information on my work situation he may give. I can withdraw it at any time; what was not read by then is destroyed.',
  },
  'source-consent-2026.1': {
    nl: 'De arts die deze second opinion uitvoert, mag bij deze behandelaar informatie vragen. Mijn toestemming geldt voor deze behandelaar en voor geen andere. Ik kan haar altijd intrekken; wat dan nog niet gelezen is, wordt vernietigd.',
    en: 'The doctor who gives this second opinion may ask this treating doctor for information. My consent is for this one and for no other. I can withdraw it at any time; what was not read by then is destroyed.',
  },
  'release-decision-2026.1': {
    nl: 'Ik beslis zelf of mijn eigen bedrijfsarts deze versie van het rapport krijgt. Ik kan toestemming geven, het rapport blokkeren of niets doen; zonder mijn toestemming krijgt hij het niet. Hij hoort niet eerder dan aan het einde van de termijn dat er geen rapport komt, en niet waarom. Mijn toestemming kan ik intrekken tot het rapport is vrijgegeven; geven kan ik haar ook later nog. Zij geldt alleen voor deze versie; een blokkering blijft tot ik toestemming geef. Blokkeren heeft voor mij geen juridische gevolgen.',
    en: 'I decide myself whether my own company doctor gets this version of the report. I can consent, block the report or do nothing; without my consent he does not get it. He does not hear before the end of the term that no report will come, and not why. I can withdraw my consent until the report is released, and give it later too. It is for this version only; a block stays until I consent. Blocking has no legal consequences for me.',
  },
  'withdrawal-2026.1': {
    nl: 'Ik trek mijn hele aanvraag in. Er wordt niets meer onderzocht, gedeeld of vrijgegeven. Kosten die al gemaakt zijn, worden berekend volgens de offerte. Na de vrijgave van het rapport kan dit niet meer.',
    en: 'I withdraw my whole request. Nothing more is examined, shared or released. Costs made by then are charged as quoted. After the release of the report this is no longer possible.',
  },
  'follow-up-2026.1': {
    nl: 'Het advies is niet bindend. Ik leg vast of ik het helemaal, gedeeltelijk of niet overneem, en leg dat uit aan de werknemer. Totdat ik mijn advies wijzig, blijft het eerste advies gelden.',
    en: 'The advice does not bind. I record whether I adopt it fully, partly or not, and explain that to the employee. Until I change my advice the first one stays in force.',
  },
};

/** shownTexts lists what is read before each decision with its version, in both languages. */
export function shownTexts() {
  return { texts: Object.entries(TEXTS).map(([name, version]) => ({ name, version, ...words[version] })) };
}
