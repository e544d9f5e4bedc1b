import type { Adoption, DocumentKind, NotReleasedOutcome } from '@second-opinion/contracts';
import type { RecordedEvent, Seal, View } from '@second-opinion/kernel';
import { clockAfter, noClock, type ClockRow } from './case-clock.view';
import type { End, FileData, FileEvent } from './file.events';
import { caseOf, changed, partChange, type PartRow } from './participants.view';

/** SourceRow is a treating doctor who may be asked. */
export interface SourceRow {
  readonly sourceId: string;
  readonly source: Seal;
  readonly consent: boolean;
  readonly request: 'NONE' | 'ASKED' | 'RECEIVED' | 'UNANSWERED';
  readonly question?: Seal;
  readonly answerDueAt?: string;
}

/** FileRow is the medical file of a case at a glance; who is shown what of it is in the reading. */
export interface FileRow extends PartRow {
  readonly caseNumber?: string;
  readonly openedAt?: string;
  readonly ended?: End;
  readonly withdrawal?: { readonly at: string; readonly stage: FileData<'RequestWithdrawn'>['stage'] };
  readonly authorisation: {
    readonly status: 'NONE' | 'ASKED' | 'GRANTED' | 'REFUSED' | 'WITHDRAWN';
    readonly scope: readonly DocumentKind[];
    readonly at?: string;
  };
  readonly proceedingWithoutOwnDossier: boolean;
  readonly dossierClosed: boolean;
  readonly sources: readonly SourceRow[];
  readonly consultationHeldAt?: string;
  readonly reportDueAt?: string;
  readonly clockPausedFor: readonly string[];
  readonly reportOverdue: boolean;
  readonly clock: ClockRow;
  readonly latestVersion?: number;
  readonly shared?: {
    readonly version: number;
    readonly hash: string;
    readonly sharedAt: string;
    readonly correctionDueAt: string;
    readonly decisionDueAt: string;
  };
  readonly correction?: { readonly requestId: string; readonly version: number; readonly correction: Seal };
  readonly correctionRejected?: { readonly version: number; readonly reason: Seal };
  readonly decision: 'NONE' | 'CONSENT' | 'CONSENT_WITHDRAWN' | 'BLOCKED' | 'LAPSED';
  readonly releaseDueAt?: string;
  readonly notReleased?: { readonly outcome: NotReleasedOutcome; readonly at: string };
  readonly released?: {
    readonly version: number;
    readonly hash: string;
    readonly at: string;
    readonly receipt: string;
    readonly receivedAt?: string;
    readonly deliveryFailed?: boolean;
    readonly followUpDueAt: string;
  };
  readonly followUp?: {
    readonly version?: number;
    readonly adoption: Adoption;
    readonly motivation: Seal;
    readonly discussedOn?: string;
    readonly at: string;
  };
  readonly hours?: { readonly dueAt: string; readonly minutes?: number };
}

/** One row per case. */
export const fileOverview: View<FileRow> = {
  name: 'reporting.case',
  version: 3,
  categories: ['reporting.file'],
  indexes: [['employeeId'], ['ownDoctorId'], ['doctorId'], ['caseId']],
  keys: ({ stream }) => [caseOf(stream)],
  project: (row, event, caseId) => {
    const before = row ?? blank(caseId);
    const known = event as RecordedEvent<FileEvent>;
    const next = changed(before, changeOf(before, known));
    const clock = clockAfter(before.clock, known as FileEvent);
    return clock === next.clock ? next : { ...next, clock };
  },
};

function blank(caseId: string): FileRow {
  return {
    caseId,
    authorisation: { status: 'NONE', scope: [] },
    proceedingWithoutOwnDossier: false,
    dossierClosed: false,
    sources: [],
    clockPausedFor: [],
    reportOverdue: false,
    clock: noClock,
    decision: 'NONE',
  };
}

/** A change may take a field away by naming it with undefined. */
type Change = { readonly [K in keyof FileRow]?: FileRow[K] | undefined };

function changeOf(row: FileRow, recorded: RecordedEvent<FileEvent>): Change | undefined {
  const event = recorded as FileEvent;
  const at = recorded.metadata.recordedAt;
  return participantsChange(row, event, at) ?? dossierChange(row, event, at) ?? releaseChange(row, event, at);
}

function participantsChange(row: FileRow, event: FileEvent, at: string): Change | undefined {
  switch (event.type) {
    case 'MedicalFileOpened': {
      const { caseNumber, employeeId, ownDoctorId } = event.data;
      return { caseNumber, employeeId, ownDoctorId, openedAt: at };
    }
    case 'IndependenceNoted':
      return { ...partChange(row, event), ...takenOver(row, event.data) };
    case 'ConsultationNoted':
      if (row.doctorId !== undefined && row.doctorId !== event.data.doctorId) return {};
      return { consultationHeldAt: event.data.heldAt, reportDueAt: event.data.reportDueAt };
    case 'CaseEndNoted':
      return { ended: event.data.cause, reportDueAt: undefined };
    case 'NotExecutableDecided':
      return { ended: 'NOT_EXECUTABLE', reportDueAt: undefined };
    case 'RequestWithdrawn': {
      const { stage } = event.data;
      return {
        withdrawal: { at: event.data.at, stage },
        reportDueAt: undefined,
        releaseDueAt: undefined,
        ...(stage === 'BEFORE_SHARING' ? { ended: 'WITHDRAWN' as const } : {}),
      };
    }
    case 'WorkedHoursAsked':
      return { hours: { dueAt: event.data.dueAt } };
    case 'WorkedHoursStated':
      return { hours: { dueAt: row.hours?.dueAt ?? at, minutes: event.data.minutes } };
    default:
      return partChange(row, event);
  }
}

/** A15: another doctor begins with nothing of what was allowed before, and writes his own report unless one was shared. */
function takenOver({ sources, shared }: FileRow, { report, back }: FileData<'IndependenceNoted'>): Change {
  if (back) return {};
  const anew = {
    latestVersion: undefined,
    consultationHeldAt: undefined,
    reportDueAt: undefined,
    reportOverdue: false,
  };
  return {
    authorisation: { status: 'NONE', scope: [] },
    proceedingWithoutOwnDossier: false,
    sources: sources.map((source) => ({ ...source, consent: false })),
    ...(shared ? {} : { dossierClosed: false }),
    ...(report === 'ANEW' ? anew : {}),
  };
}

function dossierChange(row: FileRow, event: FileEvent, at: string): Change | undefined {
  switch (event.type) {
    case 'TransferAuthorisationAsked':
      return { authorisation: { status: 'ASKED', scope: [], at } };
    case 'TransferAuthorisationGranted':
      return {
        authorisation: { status: 'GRANTED', scope: event.data.scope, at },
        proceedingWithoutOwnDossier: false,
      };
    case 'TransferAuthorisationRefused':
      return { authorisation: { status: 'REFUSED', scope: [], at } };
    case 'TransferAuthorisationWithdrawn':
      return { authorisation: { status: 'WITHDRAWN', scope: [], at } };
    case 'ProceedingWithoutOwnDossier':
      return { proceedingWithoutOwnDossier: true };
    case 'DossierClosed':
      return { dossierClosed: true };
    case 'ClockPaused':
      if (event.data.clock !== 'REPORT') return undefined;
      return { clockPausedFor: [...row.clockPausedFor, event.data.reason], reportDueAt: undefined };
    case 'ClockResumed': {
      if (event.data.clock !== 'REPORT') return undefined;
      const left = [...row.clockPausedFor];
      left.splice(left.indexOf(event.data.reason), 1);
      const { dueAt } = event.data;
      return { clockPausedFor: left, ...(dueAt === undefined ? {} : { reportDueAt: dueAt, reportOverdue: false }) };
    }
    case 'ReportOverdue':
      return { reportOverdue: true };
    default:
      return sourceChange(row, event);
  }
}

function sourceChange({ sources }: FileRow, event: FileEvent): Change | undefined {
  const change = (sourceId: string, fields: Partial<SourceRow>): Change => ({
    sources: sources.map((source) => (source.sourceId === sourceId ? { ...source, ...fields } : source)),
  });
  switch (event.type) {
    case 'SourceConsentGranted': {
      const { sourceId, source } = event.data;
      return { sources: [...sources, { sourceId, source, consent: true, request: 'NONE' }] };
    }
    case 'SourceConsentWithdrawn':
      return change(event.data.sourceId, { consent: false });
    case 'ThirdPartyInformationRequested': {
      const { question, answerDueAt } = event.data;
      return change(event.data.sourceId, { request: 'ASKED', question, answerDueAt });
    }
    case 'ThirdPartyInformationReceived':
      return change(event.data.sourceId, { request: 'RECEIVED' });
    case 'ThirdPartyInformationNotReceived':
      return change(event.data.sourceId, { request: 'UNANSWERED' });
    default:
      return undefined;
  }
}

function releaseChange(row: FileRow, event: FileEvent, at: string): Change | undefined {
  switch (event.type) {
    case 'ReportReadyForEmployee':
      return { latestVersion: event.data.version };
    case 'ReportCorrected':
      return { latestVersion: event.data.version, correction: undefined };
    case 'ReportSharedWithEmployee': {
      const { version, hash, sharedAt, correctionDueAt, decisionDueAt } = event.data;
      return {
        shared: { version, hash, sharedAt, correctionDueAt, decisionDueAt },
        decision: row.decision === 'BLOCKED' ? 'BLOCKED' : 'NONE',
        releaseDueAt: undefined,
        reportDueAt: undefined,
      };
    }
    case 'FactualCorrectionRequested': {
      const { requestId, version, correction } = event.data;
      return { correction: { requestId, version, correction }, correctionRejected: undefined };
    }
    case 'CorrectionRejected': {
      const { version, reason } = event.data;
      return { correction: undefined, correctionRejected: { version, reason } };
    }
    case 'ReleaseConsentGranted':
      return { decision: 'CONSENT', releaseDueAt: event.data.releaseDueAt };
    case 'ReleaseConsentWithdrawn':
      return { decision: 'CONSENT_WITHDRAWN', releaseDueAt: undefined };
    case 'ReportBlocked':
      return { decision: 'BLOCKED', releaseDueAt: undefined };
    case 'ReleaseDecisionLapsed':
      return { decision: 'LAPSED' };
    case 'ReleaseTermEnded':
      return { notReleased: { outcome: event.data.outcome, at: event.data.at } };
    default:
      return afterRelease(row, event, at);
  }
}

function afterRelease({ released }: FileRow, event: FileEvent, recordedAt: string): Change | undefined {
  switch (event.type) {
    case 'ReportReleased': {
      const { version, hash, releasedAt: at, receipt, followUpDueAt } = event.data;
      return {
        released: { version, hash, at, receipt, followUpDueAt },
        notReleased: undefined,
        releaseDueAt: undefined,
      };
    }
    case 'ReleaseReceiptRecorded':
      return released?.version === event.data.version
        ? { released: { ...released, receivedAt: event.data.at } }
        : undefined;
    case 'ReleaseDeliveryFailed':
      return released && { released: { ...released, deliveryFailed: true } };
    case 'FollowUpRecorded': {
      const { adoption, motivation, discussedOn } = event.data;
      const about = released && { version: released.version };
      const discussed = discussedOn === undefined ? {} : { discussedOn };
      return { followUp: { ...about, adoption, motivation, ...discussed, at: recordedAt } };
    }
    default:
      return undefined;
  }
}
