import type { Example } from '@second-opinion/kernel';

/** What the answers of records look like, for the API document; all of it invented. */

const caseId = '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10';
const hash = (digit: string) => digit.repeat(64);

export const caseExample: Example = {
  caseId,
  since: '2026-11-24T09:30:00.000Z',
  lastAt: '2027-02-01T09:00:00.000Z',
  entries: 64,
};

/** One entry of a case's history. */
export const historyEntryExample: Example = {
  number: 2,
  eventId: '0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11',
  stream: `intake.case-${caseId}`,
  revision: 1,
  type: 'RequestHonoured',
  at: '2026-11-25T10:00:00.000Z',
  actorRole: 'company-doctor',
  actorId: 'doctor-own-1',
  actorOrganisation: 'organisation-1',
  rulesVersion: 'intake-2026.1',
  textVersion: 'non-suspension-2026.1',
  eventHash: hash('a'),
  previousHash: hash('b'),
  entryHash: hash('c'),
};

/** A history that is not whole: `first` says where it differs from the events it names. */
export const verificationExample: Example = {
  caseId,
  entries: 64,
  head: hash('c'),
  whole: false,
  first: {
    kind: 'EVENT_CHANGED',
    number: 2,
    stream: `intake.case-${caseId}`,
    revision: 1,
    eventId: '0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11',
  },
};

/** One entry of the list of who opened what of a person. */
export const accessExample: Example = {
  at: '2026-12-18T09:30:00.000Z',
  inWords: 'De eigen bedrijfsarts heeft medische gegevens ingezien.',
  who: { id: 'doctor-own-1', role: 'company-doctor', organisation: 'organisation-1', relation: 'own-doctor' },
  what: {
    action: 'R',
    outcome: 'SUCCESS',
    operation: 'reporting.GetReport',
    category: 'MEDICAL',
    purpose: 'reporting.conclusion',
    objects: ['0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11'],
  },
  caseId,
  basis: 'A13 R s(Q2)',
  policyVersion: 'access-2026.1',
};
