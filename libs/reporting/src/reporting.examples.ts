import { personal, type Example } from '@second-opinion/kernel';

/** What the answers of reporting look like, for the API document; all of it invented. */

const caseId = '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10';
const hash = '3c6a'.repeat(16);

/** A medical file with everything that any of those who take part may be shown; each is shown less. */
export const fileExample: Example = {
  caseId,
  caseNumber: 'SO-7F2D1C6E8F',
  openedAt: '2026-11-26T08:00:00.000Z',
  transferAuthorisation: { status: 'GRANTED', scope: ['FIRST_ADVICE', 'FML'], at: '2026-11-27T08:00:00.000Z' },
  proceedingWithoutOwnDossier: false,
  consultationHeldAt: '2026-12-01T09:30:00.000Z',
  ended: 'CLOSED',
  dossierClosed: true,
  reportShared: true,
  withdrawal: { at: '2026-12-16T09:00:00.000Z', stage: 'AFTER_SHARING' },
  notReleased: { outcome: 'LAPSED', at: '2026-12-29T23:00:00.000Z' },
  report: {
    version: 1,
    hash,
    sharedAt: '2026-12-15T09:00:00.000Z',
    correctionDueAt: '2026-12-22T23:00:00.000Z',
    decisionDueAt: '2026-12-29T23:00:00.000Z',
  },
  correction: {
    requestId: '0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11',
    version: 1,
    correction: personal('Ik werk daar sinds 2019, niet sinds 2017.'),
  },
  correctionRejected: { version: 1, reason: personal('Dit is geen feitelijke onjuistheid.') },
  decision: { status: 'CONSENT', releaseDueAt: '2026-12-18T09:00:00.000Z' },
  released: {
    version: 1,
    hash,
    at: '2026-12-18T09:00:00.000Z',
    receipt: '2c4a9f58-6a0e-5a77-9d51-0f7a3a6f5e21',
    receivedAt: '2026-12-18T11:00:00.000Z',
    followUpDueAt: '2027-01-15T23:00:00.000Z',
  },
  release: { status: 'RELEASED', version: 1, hash, at: '2026-12-18T09:00:00.000Z' },
  receivedAt: '2026-12-18T11:00:00.000Z',
  followUpDueAt: '2027-01-15T23:00:00.000Z',
  sources: [
    {
      sourceId: 'source-1',
      source: personal('Huisarts te Voorbeelddorp'),
      consent: true,
      request: 'ASKED',
      question: personal('Wat was de uitslag van het onderzoek?'),
      answerDueAt: '2026-12-10T23:00:00.000Z',
    },
  ],
  caseClock: {
    startedAt: '2026-11-26T10:00:00.000Z',
    targetDueAt: '2026-12-10T23:00:00.000Z',
    limitDueAt: '2026-12-17T23:00:00.000Z',
    pausedFor: [],
    overdue: ['TARGET'],
    stoppedAt: '2026-12-15T09:00:00.000Z',
  },
  reportDueAt: '2026-12-15T23:00:00.000Z',
  clockPausedFor: ['source-1'],
  reportOverdue: false,
  latestVersion: 1,
  workedHours: { dueAt: '2026-12-20T23:00:00.000Z', minutes: 180 },
  followUp: {
    version: 1,
    adoption: 'FULL',
    motivation: personal('Ik neem het advies over.'),
    discussedOn: '2027-01-05',
    at: '2027-01-05T10:00:00.000Z',
  },
  texts: { releaseDecision: 'release-decision-2026.1' },
};

/** One document of a dossier. */
export const documentExample: Example = {
  documentId: '0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11',
  kind: 'MEDICAL_LETTER',
  senderRole: 'employee',
  size: 48213,
  mediaType: 'application/pdf',
  addedAt: '2026-11-28T08:00:00.000Z',
  status: 'STORED',
  name: personal('Brief voorbeeld.pdf'),
  sourceId: 'source-1',
  hash,
  opened: false,
  sharedWithOwnDoctor: false,
};

/** One version of a report. */
export const reportExample: Example = {
  caseId,
  version: 1,
  hash,
  madeAt: '2026-12-14T16:00:00.000Z',
  sharedAt: '2026-12-15T09:00:00.000Z',
  releasedAt: '2026-12-18T09:00:00.000Z',
  findings: personal('Bevindingen van het spreekuur en de dossierstudie …'),
  method: personal('Gesprek van 90 minuten, dossierstudie …'),
  reasoning: personal('Overweging …'),
  sources: personal('Richtlijn …'),
  conclusion: personal('Vier uur per dag is haalbaar.'),
};

/** What is read before a decision. */
export const textsExample: Example = {
  texts: [
    {
      name: 'releaseDecision',
      version: 'release-decision-2026.1',
      nl: 'Ik beslis zelf of mijn eigen bedrijfsarts deze versie van het rapport krijgt …',
      en: 'I decide myself whether my own company doctor gets this version of the report …',
    },
  ],
};
