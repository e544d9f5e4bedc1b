import { orNull, personal, type Example } from '@second-opinion/kernel';

/** What the answers of intake look like, for the API document; all of it invented. */

const caseId = '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10';
const personId = '2c4a9f58-6a0e-5a77-9d51-0f7a3a6f5e21';

/** Where a case stands. */
export const caseStatusExample: Example = {
  caseId,
  caseNumber: 'SO-7F2D1C6E8F',
  phase: 'HONOURED',
  awaited: [{ what: 'ChooseSecondOpinionDoctor', from: 'employee', until: orNull('2026-12-08T23:00:00.000Z') }],
  recordedAt: '2026-11-24T09:30:00.000Z',
  milestones: [{ milestone: 'QUOTE_ISSUED', at: '2026-11-25T10:00:00.000Z', dueAt: '2026-12-08T23:00:00.000Z' }],
  outcome: 'RELEASED_ADOPTED',
  closedAt: '2027-02-01T09:00:00.000Z',
};

/** A case with everything that any relation may be shown; each is shown less. */
export const caseExample: Example = {
  ...caseStatusExample,
  request: {
    formVersion: 1,
    subject: 'AbsenceGuidance',
    firstAdviceOn: '2026-11-10',
    doubt: personal('Ik twijfel aan het advies over mijn uren.'),
    questions: personal('Hoeveel uur per dag kan ik werken?'),
    confirmed: true,
  },
  decisionAid: {
    outcome: 'SECOND_OPINION',
    matchedRule: '11',
    rulesetVersion: 'decision-aid-2026.1',
    insist: 'NOT_NEEDED',
    insistedAt: '2026-11-24T10:00:00.000Z',
    answers: personal('{"subject":"AbsenceGuidance"}'),
  },
  refusal: {
    ground: 'REPEATED_SAME_SUBJECT',
    motivation: personal('Voor deze klacht is al een second opinion verricht.'),
    complaintRouteVersion: 'complaint-route-2026.1',
    at: '2026-11-25T10:00:00.000Z',
  },
  employeeId: personId,
  contractId: 'contract-1',
  nonSuspensionExplained: true,
  proposal: orNull({ doctorIds: ['doctor-so-1', 'doctor-so-2'], choiceDueAt: '2026-12-08T23:00:00.000Z' }),
  choices: [{ doctorId: 'doctor-so-1', contracted: true }],
  payerDecisionNeeded: false,
  disclosureConsented: false,
  missing: ['EMPLOYEE_CONFIRMATION'],
  doctorId: orNull('doctor-so-1'),
  operativeAdvice: 'FIRST_ADVICE',
  requestComplete: true,
  region: '35',
  decisionAidDone: true,
  subject: 'AbsenceGuidance',
  assignment: { round: 1, step: 'offered', dueAt: '2026-12-10T23:00:00.000Z' },
};

/** Who somebody is. */
export const employeeExample: Example = {
  personId,
  name: personal('A. Voorbeeld'),
  birthDate: personal('1980-05-17'),
  contact: personal('iemand@voorbeeld.nl'),
  channel: 'email',
  language: 'nl',
};

/** One's own data. */
export const personExample: Example = {
  ...employeeExample,
  linked: true,
  joined: ['9a0f3f6f-1d11-5a3d-8a43-0b6b3f0e5f3c'],
  earlierRegistrationsSuggested: 0,
};

/** A doctor's public register entry. */
export const doctorEntryExample: Example = {
  doctorId: 'doctor-so-1',
  registerName: 'V. Voorbeeld, bedrijfsarts',
  registrationNumber: '00000000001',
  organisationId: 'organisation-1',
  companyId: 'company-1',
  institutionId: 'institution-1',
  secondOpinionDoctor: true,
  region: '35',
  registeredUntil: '2030-12-31',
  language: 'nl',
};
/** The same with what the back office needs to reach him. */
export const doctorExample: Example = { ...doctorEntryExample, contact: personal('arts@voorbeeld.nl') };

export const organisationExample: Example = {
  organisationId: 'organisation-1',
  legalName: 'Arbodienst Voorbeeld B.V.',
  address: 'Voorbeeldlaan 1, 3500 AA Utrecht',
  chamberOfCommerceNumber: '00000000',
  vatId: 'NL000000000B01',
  kind: 'OHS',
};

export const contractExample: Example = {
  contractId: 'contract-1',
  organisationId: 'organisation-1',
  employerId: 'employer-1',
  sector: 'GENERAL',
  doctorIds: ['doctor-so-1'],
  organisationIds: ['organisation-2'],
  employerAgreesToOthers: false,
  mailDomains: ['werkgever.example'],
};

export const askExample: Example = {
  askId: caseId,
  code: 'PRIOR_CONSULTATION',
  asker: 'EMPLOYEE',
  language: 'en',
  answeredAt: '2026-11-24T09:30:00.000Z',
  textVersion: 'out-of-scope-2026.1',
  text: 'A talk beforehand does not fit the framework …',
};

/** The texts that people decide on. */
export const textsExample: Example = {
  texts: [
    {
      name: 'privateContact',
      version: 'private-contact-2026.1',
      nl: 'Dit adres is privé …',
      en: 'This address is private …',
    },
  ],
  decisionAid: {
    version: 'decision-aid-2026.1',
    outcomes: [
      {
        rule: '11',
        outcome: 'SECOND_OPINION',
        insist: 'NOT_NEEDED',
        nl: 'Een andere, onafhankelijke bedrijfsarts geeft …',
        en: 'Another independent company doctor gives …',
      },
    ],
  },
};
