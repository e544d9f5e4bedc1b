import { ToOpen, type Actor, type Reading, type Relation, type Seal, type Shown } from '@second-opinion/kernel';
import { clockShown } from './case-clock.view';
import { fileOverview, type FileRow } from './file-overview.view';
import { partsOf } from './participants.view';
import { TEXTS } from './reporting.terms';
import { fileExample } from './reporting.examples';

/** What each of those who take part is shown of the medical file. The own doctor is shown nothing of what is decided before it is told (BR-38). */
export const caseReading: Reading<FileRow> = {
  operation: 'reporting.GetFile',
  view: fileOverview,
  participants: partsOf,
  caseId: ({ caseId }) => caseId,
  stream: ({ caseId }) => `reporting.file-${caseId}`,
  facts: ({ authorisation, released }) => ({
    authorised: authorisation.status === 'GRANTED',
    released: released !== undefined,
  }),
  show: (row, relation) => SHOWN[relation]?.(row) ?? {},
  example: fileExample,
};

/** The same question for a page of files. */
export const casesReading: Reading<FileRow> = { ...caseReading, operation: 'reporting.ListFiles' };

const SHOWN: Partial<Record<Relation, (row: FileRow) => Shown>> = {
  employee: (row) => ({
    ...common(row),
    ...decisions(row),
    ...corrections(row),
    ...withSources(row),
    ...followUp(row),
    texts: TEXTS,
  }),
  'second-opinion-doctor': (row) => ({
    ...common(row),
    ...decisions(row),
    // When the own doctor opened it is between him and the employee (A19).
    released: row.released && { ...row.released, receivedAt: undefined },
    ...corrections(row),
    ...withSources(row),
    ...work(row),
    ...(row.hours ? { workedHours: row.hours } : {}),
  }),
  'own-doctor': (row) => ({
    ...common(row),
    ...release(row),
    ...(row.released ? { receivedAt: row.released.receivedAt, followUpDueAt: row.released.followUpDueAt } : {}),
    ...answered(row),
  }),
  'back-office': (row) => ({
    ...common(row),
    ...work(row),
    ...release(row),
    reportShared: row.shared !== undefined,
    ...(row.hours ? { workedHours: row.hours } : {}),
  }),
  auditor: (row) => ({
    ...common(row),
    ...work(row),
    ...decisions(row),
    ...answered(row),
  }),
};

/** What all may know: authorisation, consultation, and how the case ended before a report was shared. */
function common(row: FileRow): Shown {
  const { caseId, caseNumber, openedAt, authorisation, proceedingWithoutOwnDossier, consultationHeldAt, ended } = row;
  const { status, scope, at } = authorisation;
  return {
    caseId,
    caseNumber,
    openedAt,
    transferAuthorisation: { status, scope, at },
    proceedingWithoutOwnDossier,
    consultationHeldAt,
    ended,
  };
}

/** What is told of the release, to whoever may not know what was decided: nothing, released, or not released (BR-38). */
function release({ released, notReleased }: FileRow): Shown {
  if (released) {
    const { version, hash, at } = released;
    return { release: { status: 'RELEASED', version, hash, at } };
  }
  return { release: notReleased ? { status: 'NOT_RELEASED', at: notReleased.at } : { status: 'PENDING' } };
}

function decisions(row: FileRow): Shown {
  const { shared, decision, releaseDueAt, notReleased, released, withdrawal, correction, correctionRejected } = row;
  return {
    dossierClosed: row.dossierClosed,
    withdrawal,
    report: shared,
    correction: correction && { requestId: correction.requestId, version: correction.version },
    correctionRejected: correctionRejected && { version: correctionRejected.version },
    decision: shared && { status: decision, releaseDueAt },
    notReleased,
    released,
  };
}

/** The same two with their texts, which are not the auditor's to ask for (BR-67). */
function corrections(row: FileRow): Shown {
  const { correction, correctionRejected } = row;
  return {
    correction: correction && { ...correction, correction: opening(row, correction.correction, 'correction') },
    correctionRejected: correctionRejected && {
      ...correctionRejected,
      reason: opening(row, correctionRejected.reason, 'reason'),
    },
  };
}

function work(row: FileRow): Shown {
  const { reportDueAt, clockPausedFor, reportOverdue, latestVersion, dossierClosed } = row;
  return { ...clockShown(row.clock), reportDueAt, clockPausedFor, reportOverdue, latestVersion, dossierClosed };
}

function withSources(row: FileRow): Shown {
  return {
    sources: row.sources.map(({ sourceId, source, consent, request, question, answerDueAt }) => ({
      sourceId,
      source: opening(row, source, 'source'),
      consent,
      request,
      question: question && opening(row, question, 'question'),
      answerDueAt,
    })),
  };
}

function followUp(row: FileRow): Shown {
  if (!row.followUp) return {};
  const { version, adoption, motivation, discussedOn, at } = row.followUp;
  return { followUp: { version, adoption, motivation: opening(row, motivation, 'motivation'), discussedOn, at } };
}

/** The answer without its reasons, which are the employee's; version says which release it answers. */
function answered({ followUp }: FileRow): Shown {
  if (!followUp) return {};
  const { version, adoption, at } = followUp;
  return { followUp: { version, adoption, at } };
}

function opening({ employeeId = '', caseId }: FileRow, seal: Seal, name: string): ToOpen {
  return new ToOpen(seal, { personId: employeeId, caseId, purpose: `reporting.${name}` });
}

/** filesOf: whose files somebody may list; undefined: nobody's. */
export function filesOf(
  actor: Actor,
): { where?: Record<string, readonly string[]>; orderBy: string; descending: boolean } | undefined {
  const page = { orderBy: 'caseId', descending: false };
  const ids = [actor.id, ...(actor.joined ?? [])];
  switch (actor.role) {
    case 'employee':
      return { where: { employeeId: ids }, ...page };
    case 'company-doctor':
      return { where: { ownDoctorId: ids }, ...page };
    case 'second-opinion-doctor':
      return { where: { doctorId: ids }, ...page };
    case 'back-office':
    case 'auditor':
      return page;
    default:
      return undefined;
  }
}
