import {
  ToOpen,
  type Reading,
  type RecordedEvent,
  type Relation,
  type Seal,
  type Shown,
  type View,
} from '@second-opinion/kernel';
import type { FileData, FileEvent } from './file.events';
import { caseOf, changed, partChange, partsOf, type PartRow } from './participants.view';
import { PARTS } from './report.rules';
import { reportExample } from './reporting.examples';

/** VersionRow is one version of the report; its texts never change (BR-33). */
export interface VersionRow {
  readonly version: number;
  readonly hash: string;
  readonly madeAt: string;
  readonly texts: Readonly<Record<(typeof PARTS)[number], Seal>>;
  readonly sharedAt?: string;
  readonly releasedAt?: string;
  /** former: the draft of a doctor for whom another one came; nobody reads it. */
  readonly former?: true;
}

/** ReportsRow holds the versions of a case's report. */
export interface ReportsRow extends PartRow {
  readonly versions: readonly VersionRow[];
}

/** One row per case. */
export const reports: View<ReportsRow> = {
  name: 'reporting.reports',
  version: 3,
  categories: ['reporting.file'],
  indexes: [['caseId']],
  keys: ({ stream, type }) => (CHANGING.has(type) ? [caseOf(stream)] : []),
  project: (known, recorded, caseId) => {
    const before = known ?? { caseId, versions: [] };
    const event = recorded as RecordedEvent<FileEvent> as FileEvent;
    const row = changed(before, partChange(before, event));
    return changed(row, versionsChange(row, event, recorded.metadata.recordedAt));
  },
};

const CHANGING: ReadonlySet<string> = new Set<FileEvent['type']>([
  'MedicalFileOpened',
  'AssignmentNoted',
  'AssignmentDeclineNoted',
  'IndependenceNoted',
  'ReportReadyForEmployee',
  'ReportCorrected',
  'ReportSharedWithEmployee',
  'ReportReleased',
]);

function versionsChange({ versions }: ReportsRow, event: FileEvent, at: string): Partial<ReportsRow> | undefined {
  const mark = (version: number, change: Partial<VersionRow>) => ({
    versions: versions.map((one) => (one.version === version ? { ...one, ...change } : one)),
  });
  switch (event.type) {
    case 'IndependenceNoted':
      return event.data.report === 'ANEW' ? { versions: versions.map((one) => ({ ...one, former: true })) } : {};
    case 'ReportReadyForEmployee':
    case 'ReportCorrected':
      return { versions: [...versions, made(event.data, at)] };
    case 'ReportSharedWithEmployee':
      return mark(event.data.version, { sharedAt: event.data.sharedAt });
    case 'ReportReleased':
      return mark(event.data.version, { releasedAt: event.data.releasedAt });
    default:
      return undefined;
  }
}

function made(data: FileData<'ReportReadyForEmployee'> | FileData<'ReportCorrected'>, madeAt: string): VersionRow {
  const { version, hash, findings, method, reasoning, sources, conclusion } = data;
  return { version, hash, madeAt, texts: { findings, method, reasoning, sources, conclusion } };
}

/** versionFor gives the version that this relation may read: 0 means the newest of those. */
export function versionFor({ versions }: ReportsRow, relation: Relation, version: number): VersionRow | undefined {
  const readable = versions.filter((one) => {
    if (relation === 'second-opinion-doctor') return !one.former;
    return relation === 'employee'
      ? one.sharedAt !== undefined
      : relation === 'own-doctor' && one.releasedAt !== undefined;
  });
  return version === 0 ? readable.at(-1) : readable.find((one) => one.version === version);
}

/**
 * The report in one version (0: the newest that the asker may read). The own doctor takes part in it once it is released, and gets the
 * answer for what does not exist before (BR-32, BR-38); the employee has it for good (BR-61).
 */
export const reportReading = (version: number): Reading<ReportsRow> => ({
  operation: version === 0 ? 'reporting.GetReport' : 'reporting.GetReportVersion',
  view: reports,
  participants: (row) => {
    const parts = partsOf(row);
    const readers = (['employee', 'own-doctor', 'second-opinion-doctor'] as const).filter((one) =>
      versionFor(row, one, version),
    );
    // The employee is named whenever there is anything to read at all: a denied attempt is an entry in his access log.
    return Object.fromEntries(readers.map((one) => [one, parts[one]]));
  },
  caseId: ({ caseId }) => caseId,
  facts: (row) => ({ released: versionFor(row, 'own-doctor', version) !== undefined }),
  show: (row, relation) => {
    const found = versionFor(row, relation, version);
    return found ? shown(row, found, relation) : {};
  },
  example: reportExample,
});

function shown({ caseId, employeeId = '' }: ReportsRow, version: VersionRow, relation: Relation): Shown {
  const { hash, madeAt, texts, sharedAt, releasedAt } = version;
  const parts = PARTS.map((part) => {
    const place = { personId: employeeId, caseId, purpose: `reporting.${part}` };
    return [part, new ToOpen(texts[part], place)] as const;
  });
  return {
    caseId,
    version: version.version,
    hash,
    ...(relation === 'own-doctor' ? { releasedAt } : { madeAt, sharedAt, releasedAt }),
    ...Object.fromEntries(parts),
  };
}

/** versionOf reads the number of a version in a path; what is none is a version that does not exist. */
export function versionOf(text: string): number {
  return /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : -1;
}
