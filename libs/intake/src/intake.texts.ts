import { COMPLAINT_ROUTE, COMPLAINT_ROUTES } from '@second-opinion/contracts';
import { DECISION_AID_VERSION, decisionAidRules } from './case/decision-aid.rules';
import { textVersions } from './intake.terms';

/** The texts that persons see before they decide, by their version (BR-77); an old version stays readable for ever. */
const texts: Readonly<Record<keyof typeof textVersions, { readonly nl: string; readonly en: string }>> = {
  nonSuspension: {
    nl: 'Een second opinion heeft geen opschortende werking. Het advies van uw eigen bedrijfsarts blijft gelden totdat hij het wijzigt.',
    en: 'A second opinion does not suspend anything. The advice of your own company doctor stays in force until he changes it.',
  },
  confirmation: {
    nl: 'Ik heb het aanvraagformulier gelezen en vraag zelf om deze second opinion. Het rapport komt eerst en alleen bij mij; ik beslis of mijn eigen bedrijfsarts het krijgt.',
    en: 'I have read the request and ask for this second opinion myself. The report comes first and only to me; I decide whether my own company doctor gets it.',
  },
  complaintRoute: COMPLAINT_ROUTES[COMPLAINT_ROUTE],
  disclosure: {
    nl: 'Ik vind goed dat mijn bedrijfsarts mijn werkgever vraagt deze second opinion te betalen. Mijn werkgever weet dan dat ik erom vraag; niets over de inhoud. Ik kan dit intrekken zolang het niet gevraagd is.',
    en: 'I agree that my company doctor asks my employer to pay for this second opinion. My employer then knows that I ask for it; nothing of its content. I can withdraw this as long as he was not asked.',
  },
  employeePays: {
    nl: 'De gekozen arts staat niet in het basiscontract en mijn werkgever betaalt niet. Ik betaal zelf; naam en adres staan alleen op mijn factuur.',
    en: 'The doctor I chose is not in the base contract and my employer does not pay. I pay myself; name and address stand on my invoice only.',
  },
  independence: {
    nl: 'Ik heb deze persoon nooit behandeld, begeleid of geadviseerd en ben onafhankelijk van zijn eigen bedrijfsarts.',
    en: 'I have never treated, guided or advised this person and am independent of his own company doctor.',
  },
  privateContact: {
    nl: 'Dit adres is privé; mijn werkgever kan er niet bij.',
    en: 'This address is private; my employer has no access to it.',
  },
};

/** shownTexts lists every text with its version, in both languages. */
export function shownTexts() {
  const names = Object.keys(texts) as (keyof typeof textVersions)[];
  return {
    texts: names.map((name) => ({ name, version: textVersions[name], ...texts[name] })),
    decisionAid: {
      version: DECISION_AID_VERSION,
      outcomes: decisionAidRules.map(({ rule, outcome, insist, explanation }) => ({
        rule,
        outcome,
        insist,
        ...explanation,
      })),
    },
  };
}
