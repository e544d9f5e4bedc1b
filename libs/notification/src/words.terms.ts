import type { Adoption, DocumentKind, Language, RefusalGround, Subject } from '@second-opinion/contracts';

/** Words of one language for the codes of the domain. */
interface Words {
  readonly grounds: Readonly<Record<RefusalGround, string>>;
  readonly subjects: Readonly<Record<Subject, string>>;
  readonly documentKinds: Readonly<Record<DocumentKind, string>>;
  readonly senders: Readonly<Record<'employee' | 'own-doctor' | 'third-party', string>>;
  readonly adoptions: Readonly<Record<Adoption, string>>;
  readonly weekdays: readonly string[];
  readonly months: readonly string[];
}

const nl: Words = {
  grounds: {
    IMPROPER_USE: 'oneigenlijk gebruik',
    REPEATED_SAME_SUBJECT: 'herhaald verzoek over hetzelfde onderwerp',
    OBSTRUCTS_GUIDANCE: 'het verzoek belemmert de begeleiding',
    OUT_OF_SUBJECT: 'het onderwerp valt buiten de regeling',
    PRE_EMPLOYMENT: 'het gaat om een aanstellingskeuring',
    LEGAL_STATUS_OPINION_NEEDED: 'er is een oordeel met juridische status nodig',
    CONFLICT_INSTRUMENT: 'bij een conflict past een ander middel beter',
    NOT_MEDICAL: 'het is geen medische vraag',
    CONDUCT_COMPLAINT: 'het is een klacht over bejegening',
    UNSPECIFIED_QUESTION: 'de vraag is niet duidelijk genoeg',
    OTHER_WEIGHTY: 'andere zwaarwegende argumenten',
  },
  subjects: {
    AbsenceGuidance: 'verzuimbegeleiding',
    OccupationalHealthExamination: 'arbeidsgezondheidskundig onderzoek',
    WorkHealthConsultation: 'gezondheid en werk',
  },
  documentKinds: {
    FIRST_ADVICE: 'eerste advies',
    FML: 'functionele mogelijkhedenlijst',
    PROBLEM_ANALYSIS: 'probleemanalyse',
    MEDICAL_LETTER: 'medische brief',
    WORK_SITUATION: 'informatie over de werksituatie',
    QUESTIONS: 'vragen',
    OTHER: 'ander stuk',
  },
  senders: { employee: 'de werknemer', 'own-doctor': 'de eigen bedrijfsarts', 'third-party': 'een derde' },
  adoptions: { FULL: 'helemaal over', PARTLY: 'gedeeltelijk over', NOT: 'niet over' },
  weekdays: ['maandag', 'dinsdag', 'woensdag', 'donderdag', 'vrijdag', 'zaterdag', 'zondag'],
  months: [
    'januari',
    'februari',
    'maart',
    'april',
    'mei',
    'juni',
    'juli',
    'augustus',
    'september',
    'oktober',
    'november',
    'december',
  ],
};

const en: Words = {
  grounds: {
    IMPROPER_USE: 'improper use',
    REPEATED_SAME_SUBJECT: 'a repeated request on the same subject',
    OBSTRUCTS_GUIDANCE: 'the request obstructs the guidance',
    OUT_OF_SUBJECT: 'the subject is outside the scheme',
    PRE_EMPLOYMENT: 'it is about a pre-employment examination',
    LEGAL_STATUS_OPINION_NEEDED: 'an opinion with legal status is needed',
    CONFLICT_INSTRUMENT: 'in a conflict another means fits better',
    NOT_MEDICAL: 'it is not a medical question',
    CONDUCT_COMPLAINT: 'it is a complaint about conduct',
    UNSPECIFIED_QUESTION: 'the question is not clear enough',
    OTHER_WEIGHTY: 'other weighty arguments',
  },
  subjects: {
    AbsenceGuidance: 'absence guidance',
    OccupationalHealthExamination: 'occupational health examination',
    WorkHealthConsultation: 'health and work',
  },
  documentKinds: {
    FIRST_ADVICE: 'first advice',
    FML: 'functional ability list',
    PROBLEM_ANALYSIS: 'problem analysis',
    MEDICAL_LETTER: 'medical letter',
    WORK_SITUATION: 'information on the work situation',
    QUESTIONS: 'questions',
    OTHER: 'other document',
  },
  senders: { employee: 'the employee', 'own-doctor': 'the own company doctor', 'third-party': 'a third party' },
  adoptions: { FULL: 'fully adopted', PARTLY: 'partly adopted', NOT: 'not adopted' },
  weekdays: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  months: [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ],
};

/** words by language. */
export const words: Readonly<Record<Language, Words>> = { nl, en };
