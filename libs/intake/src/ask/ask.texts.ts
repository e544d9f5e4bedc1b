/** The fixed answers to out-of-scope asks (domain section 3, BR-78). Versioned: a new wording is a new version. */
export const ASK_TEXTS_VERSION = 'out-of-scope-2026.1';

export const ASK_CODES = [
  'PRE_EMPLOYMENT',
  'PRIOR_CONSULTATION',
  'LAWYER_QUESTIONS',
  'SUSPENSION',
  'EMPLOYER_WANTS_SO',
  'EMPLOYER_STATUS',
  'CONDUCT_COMPLAINT',
  'NON_MEDICAL',
  'DISABILITY_CLAIM',
  'SOCIAL_LAW_ADVICE',
  'URGENT_CARE',
] as const;
export type AskCode = (typeof ASK_CODES)[number];

type AskTexts = Readonly<Record<AskCode, { readonly nl: string; readonly en: string }>>;

const texts20261: AskTexts = {
  PRE_EMPLOYMENT: {
    nl: 'Een second opinion is niet van toepassing op een aanstellingskeuring. U kunt binnen één week na de uitslag een herkeuring vragen bij de keuringvrager, die deze betaalt; een redelijke eigen bijdrage is mogelijk.',
    en: 'A second opinion does not apply to a pre-employment examination. You can ask for a re-examination within one week after the result, at the party that ordered it, who pays; a reasonable contribution of your own is possible.',
  },
  PRIOR_CONSULTATION: {
    nl: 'Overleg vooraf past niet binnen de kaders. Bespreek uw wens met uw eigen bedrijfsarts; alleen hij kan de aanvraag indienen. Over de procedure geven wij graag uitleg.',
    en: 'A talk beforehand does not fit the framework. Discuss your wish with your own company doctor; only he can submit the request. We gladly explain the procedure.',
  },
  LAWYER_QUESTIONS: {
    nl: 'Een niet-medicus is geen partij in het onderzoek en kan geen vragen of informatie inbrengen. De werknemer mag zijn eigen vragen en stukken meebrengen. In een procedure loopt dit via de rechter, bij een bezwaar tegen UWV via de opdracht.',
    en: 'A non-medic is no party in the examination and cannot put questions or information. The employee may bring his own questions and papers. In court proceedings this goes via the court, in an objection against UWV via the assignment.',
  },
  SUSPENSION: {
    nl: 'Een second opinion heeft geen opschortende werking. Het advies van de eigen bedrijfsarts blijft gelden totdat hij het wijzigt.',
    en: 'A second opinion does not suspend anything. The advice of your own company doctor stays in force until he changes it.',
  },
  EMPLOYER_WANTS_SO: {
    nl: 'Een second opinion kan alleen door de werknemer worden gevraagd. Als werkgever kunt u een tweede mening over de belastbaarheid vragen of een deskundigenoordeel van UWV.',
    en: 'Only the employee can ask for a second opinion. As an employer you can ask for a second view on capacity or a UWV expert judgment.',
  },
  EMPLOYER_STATUS: {
    nl: 'Wij bevestigen noch ontkennen dat er over een persoon iets bij ons bekend is.',
    en: 'We neither confirm nor deny that anything about any person is known to us.',
  },
  CONDUCT_COMPLAINT: {
    nl: 'Voor een klacht over de manier waarop u door uw bedrijfsarts bent behandeld is er de klachtenregeling van de arbodienst.',
    en: 'For a complaint about how you were treated by your company doctor there is the complaint procedure of the occupational health service.',
  },
  NON_MEDICAL: {
    nl: 'Vragen over loon, verlof of een arbeidsconflict zijn geen medische vragen. Denk aan HR, mediation of juridisch advies.',
    en: 'Questions on pay, holidays or a labour conflict are not medical. Consider HR, mediation or legal advice.',
  },
  DISABILITY_CLAIM: {
    nl: 'Voor een bezwaar tegen een beslissing van UWV is er een aparte expertise; in een procedure benoemt de rechter een deskundige. In andere gevallen kunt u later uw eigen rapport gebruiken. Een ander product hiervoor is er niet.',
    en: 'For an objection against a UWV decision there is a separate expertise; in proceedings the court appoints an expert. Otherwise you may use your own report later. There is no separate product for this.',
  },
  SOCIAL_LAW_ADVICE: {
    nl: 'Wij geven alleen algemene informatie over de instrumenten. Individueel juridisch advies is het werk van een advocaat en maakt geen deel uit van een aanvraag.',
    en: "We only give general information about the instruments. Individual legal advice is a lawyer's work and no part of a case.",
  },
  URGENT_CARE: {
    nl: 'Bij een dringend medisch probleem: bel uw huisarts, bij levensgevaar 112.',
    en: 'With an urgent medical problem: call your general practitioner, when life is in danger 112.',
  },
};

/** askTexts keeps every version that was ever given as an answer. */
export const askTexts: Readonly<Record<string, AskTexts>> = { 'out-of-scope-2026.1': texts20261 };
