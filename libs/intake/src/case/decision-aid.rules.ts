import { SUBJECTS } from '@second-opinion/contracts';

/** Decision aid: an advice on the fitting instrument, no gate (domain section 5). Versioned data, first match wins. */
export const DECISION_AID_VERSION = 'decision-aid-2026.1';

export const REQUESTERS = ['EMPLOYEE', 'EMPLOYER', 'COURT'] as const;
export const AID_SUBJECTS = [...SUBJECTS, 'OTHER'] as const;
export const DISPUTE_TYPES = ['NONE', 'FITNESS', 'SUITABLE_WORK', 'EMPLOYER_EFFORT', 'EMPLOYEE_EFFORT'] as const;

export interface DecisionAidAnswers {
  readonly requester: (typeof REQUESTERS)[number];
  readonly subject: (typeof AID_SUBJECTS)[number];
  readonly firstAdviceExists: boolean;
  readonly doubtMedical: boolean;
  readonly preEmployment: boolean;
  readonly aimNeedsLegalStatus: boolean;
  readonly disputeType: (typeof DISPUTE_TYPES)[number];
  readonly stagnation: boolean;
  readonly conflict: boolean;
  readonly conductComplaint: boolean;
  readonly nonMedical: boolean;
  readonly sameQuestionBefore: boolean;
  readonly obstructionSuspected: boolean;
  readonly uwvDecision: boolean;
}

export const AID_OUTCOMES = [
  'RE_EXAMINATION_WMK',
  'EMPLOYER_SECOND_VIEW',
  'COURT_EXPERT',
  'UWV_OBJECTION_EXPERTISE',
  'NOT_MEDICAL',
  'COMPLAINT',
  'NOT_YET',
  'OUT_OF_SUBJECT',
  'REFUSAL_POSSIBLE',
  'UWV_JUDGMENT_ADVISED',
  'SECOND_OPINION',
  'DISCUSS',
] as const;
export type AidOutcome = (typeof AID_OUTCOMES)[number];

/** What happens when the employee still wants a second opinion. */
export const INSISTENCES = ['BLOCKED', 'OWN_DOCTOR_DECIDES', 'ALLOWED', 'NOT_NEEDED'] as const;
export type Insistence = (typeof INSISTENCES)[number];

export interface AidRule {
  /** number of the row in the table; two outcomes of one row are told apart by a letter. */
  readonly rule: string;
  /** when: the rule matches when all answers of one of these alternatives are given. */
  readonly when: readonly Partial<DecisionAidAnswers>[];
  readonly outcome: AidOutcome;
  readonly insist: Insistence;
  readonly explanation: { readonly nl: string; readonly en: string };
}

export const decisionAidRules: readonly AidRule[] = [
  {
    rule: '1',
    when: [{ preEmployment: true }],
    outcome: 'RE_EXAMINATION_WMK',
    insist: 'BLOCKED',
    explanation: {
      nl: 'Een second opinion is niet mogelijk bij een aanstellingskeuring. Vraag binnen één week na de uitslag een herkeuring aan bij de keuringvrager.',
      en: 'A second opinion is not possible for a pre-employment examination; ask the party that ordered it for a re-examination within one week.',
    },
  },
  {
    rule: '2',
    when: [{ requester: 'EMPLOYER' }],
    outcome: 'EMPLOYER_SECOND_VIEW',
    insist: 'BLOCKED',
    explanation: {
      nl: 'Alleen de werknemer kan een second opinion vragen. U kunt een tweede mening over de belastbaarheid vragen (zonder medische gegevens) of een deskundigenoordeel van UWV.',
      en: 'Only the employee can ask a second opinion; you can ask a second view on capacity (no medical data) or a UWV expert judgment.',
    },
  },
  {
    rule: '3a',
    when: [{ requester: 'COURT' }],
    outcome: 'COURT_EXPERT',
    insist: 'BLOCKED',
    explanation: {
      nl: 'Dit is een deskundigenopdracht met eigen regels, geen second opinion.',
      en: 'This is an expert assignment with its own rules, not a second opinion.',
    },
  },
  {
    rule: '3b',
    when: [{ uwvDecision: true }],
    outcome: 'UWV_OBJECTION_EXPERTISE',
    insist: 'BLOCKED',
    explanation: {
      nl: 'Dit is een deskundigenopdracht met eigen regels, geen second opinion.',
      en: 'This is an expert assignment with its own rules, not a second opinion.',
    },
  },
  {
    rule: '4',
    when: [{ nonMedical: true }],
    outcome: 'NOT_MEDICAL',
    insist: 'OWN_DOCTOR_DECIDES',
    explanation: {
      nl: 'Loon, verlof of arbeidsvoorwaarden zijn geen vraag voor een bedrijfsarts. Denk aan HR, mediation of juridisch advies.',
      en: "Pay, holidays or working conditions are not a company doctor's question; consider HR, mediation or legal advice.",
    },
  },
  {
    rule: '5',
    when: [{ conductComplaint: true, doubtMedical: false }],
    outcome: 'COMPLAINT',
    insist: 'OWN_DOCTOR_DECIDES',
    explanation: {
      nl: 'Het gaat u om hoe u behandeld bent. Daarvoor is de klachtenregeling bedoeld.',
      en: 'Your concern is how you were treated; the complaint procedure is meant for that.',
    },
  },
  {
    rule: '6',
    when: [{ firstAdviceExists: false }],
    outcome: 'NOT_YET',
    insist: 'BLOCKED',
    explanation: {
      nl: 'Er is nog geen advies om opnieuw te beoordelen. Ga eerst naar uw eigen bedrijfsarts.',
      en: 'There is no advice to review yet; first see your own company doctor.',
    },
  },
  {
    rule: '7',
    when: [{ subject: 'OTHER' }],
    outcome: 'OUT_OF_SUBJECT',
    insist: 'OWN_DOCTOR_DECIDES',
    explanation: {
      nl: 'Een second opinion gaat over verzuimbegeleiding, PAGO/PMO of een consultatie over werk en gezondheid.',
      en: 'A second opinion covers absence guidance, PAGO/PMO, or work-health consultation.',
    },
  },
  {
    rule: '8',
    when: [{ obstructionSuspected: true }, { sameQuestionBefore: true }],
    outcome: 'REFUSAL_POSSIBLE',
    insist: 'OWN_DOCTOR_DECIDES',
    explanation: {
      nl: 'Een second opinion over dezelfde vraag, of bedoeld om te vertragen, kan gemotiveerd worden afgewezen. Vertel wat er nieuw is.',
      en: 'A second opinion on the same question, or meant to delay, may be refused with reasons; tell what is new.',
    },
  },
  {
    rule: '9',
    when: [{ aimNeedsLegalStatus: true }, { conflict: true }],
    outcome: 'UWV_JUDGMENT_ADVISED',
    insist: 'OWN_DOCTOR_DECIDES',
    explanation: {
      nl: 'U heeft een oordeel met juridisch gewicht nodig; een deskundigenoordeel van UWV (of bij een conflict: mediation) past beter. Een second opinion adviseert alleen de eigen bedrijfsarts.',
      en: 'You need an opinion with legal weight; UWV expert judgment (or, in a conflict, mediation) fits better. A second opinion advises the own doctor only.',
    },
  },
  {
    rule: '10',
    when: [
      { disputeType: 'FITNESS' },
      { disputeType: 'SUITABLE_WORK' },
      { disputeType: 'EMPLOYER_EFFORT' },
      { disputeType: 'EMPLOYEE_EFFORT' },
      { stagnation: true },
    ],
    outcome: 'UWV_JUDGMENT_ADVISED',
    insist: 'ALLOWED',
    explanation: {
      nl: 'Werkgever en werknemer zijn het oneens over arbeidsgeschiktheid, passend werk of re-integratie-inspanningen: daarover oordeelt UWV. Werknemer EUR 100, werkgever EUR 400 (controleer het actuele tarief); beiden krijgen bericht, geen blokkeringsrecht, niet bindend, één oordeel per situatie, gesteld op 2 tot 4 weken maar het kan langer duren.',
      en: 'Employer and employee disagree about fitness, suitable work or re-integration efforts: UWV judges this. Employee EUR 100, employer EUR 400 (check current), both are informed, no blocking, not binding, one judgment per situation, stated 2-4 weeks but can be longer.',
    },
  },
  {
    rule: '11',
    when: SUBJECTS.map((subject) => ({ doubtMedical: true, subject })),
    outcome: 'SECOND_OPINION',
    insist: 'NOT_NEEDED',
    explanation: {
      nl: 'Een andere, onafhankelijke bedrijfsarts geeft een eigen gemotiveerd advies. U ziet het als eerste en beslist over vrijgave; het schort niets op; uw eigen bedrijfsarts beslist wat hij ermee doet.',
      en: 'Another independent company doctor gives own reasoned advice; you see it first and decide about release; it does not suspend anything; your own doctor decides what to do with it.',
    },
  },
  {
    rule: '12',
    when: [{}],
    outcome: 'DISCUSS',
    insist: 'ALLOWED',
    explanation: {
      nl: 'De vraag is nog onduidelijk: bespreek en verduidelijk deze met uw eigen bedrijfsarts.',
      en: 'Unclear question: discuss and specify with your own doctor.',
    },
  },
];

/** evaluate gives the first rule that matches; the last row always does. */
export function evaluate(answers: DecisionAidAnswers): AidRule {
  const match = decisionAidRules.find(({ when }) => when.some((alternative) => holds(alternative, answers)));
  if (!match) throw new TypeError('the last rule of the decision aid matches always');
  return match;
}

function holds(alternative: Partial<DecisionAidAnswers>, answers: DecisionAidAnswers): boolean {
  const asked = Object.keys(alternative) as (keyof DecisionAidAnswers)[];
  return asked.every((question) => alternative[question] === answers[question]);
}
