import { NO_TERM, type RecordedEvent, type TaskRow, type View } from '@second-opinion/kernel';
import type { FileData, FileEvent } from './file.events';
import { caseOf } from './participants.view';

/**
 * A task begins (with its assignee and due instant), is another's from now on, is taken from somebody, gets another due instant, or ends with an
 * event.
 */
type Begin = { readonly assignee: string; readonly dueAt?: string | undefined };
type Move = { readonly to: string } | { readonly from: string };
type Effect = Readonly<Record<string, Begin | 'ends' | { readonly dueAt: string } | Move>>;

/** NOBODY has a task whose doctor is out: it waits for the next, who goes on with it, or for what ends it (A15). */
const NOBODY = '';

const OF_DOCTOR = [
  'ProceedWithoutOwnDossier',
  'FinaliseReportForReview',
  'ShareReport',
  'CorrectReport',
  'RequestTreatingDoctorInformation',
] as const;
const COLLECTING = ['GrantTransferAuthorisation', 'AddDossierDocument', 'ProceedWithoutOwnDossier'] as const;
const OF_OFFICE = ['EscalateCase', 'ReassignAssignment'] as const;
const ends = (tasks: readonly string[]): Effect => Object.fromEntries(tasks.map((task) => [task, 'ends']));

const BACK_OFFICE = 'role:back-office';
/** REASSIGNED, or nobody else has to take over any more. */
const REASSIGNED = { ReassignAssignment: 'ends' } as const satisfies Effect;

/** What somebody must do next. Nothing of the own doctor's depends on the employee's decision before it is told (BR-38). */
function effectOf(event: FileEvent): Effect {
  switch (event.type) {
    case 'AssignmentDeclineNoted': {
      const gone = { from: event.data.doctorId };
      const his = [...OF_DOCTOR, 'StateWorkedHours'].map((task) => [task, gone] as const);
      // Nothing can be allowed while it is not known for whom; the employee is asked again for the next.
      return { GrantTransferAuthorisation: 'ends', ...REASSIGNED, ...Object.fromEntries<Move>(his) };
    }
    case 'IndependenceNoted':
      return { AddDossierDocument: 'ends', ProceedWithoutOwnDossier: 'ends', ...REASSIGNED, ...takenOver(event.data) };
    // Intake's command: another doctor takes over, unless this one is registered again before (A15).
    case 'RegistrationEndNoted':
      return { ReassignAssignment: { assignee: BACK_OFFICE } };
    case 'RegistrationRenewalNoted':
      return REASSIGNED;
    case 'TransferAuthorisationAsked':
      return { GrantTransferAuthorisation: { assignee: event.data.assigneeId } };
    case 'TransferAuthorisationGranted':
      return {
        GrantTransferAuthorisation: 'ends',
        ProceedWithoutOwnDossier: 'ends',
        AddDossierDocument: { assignee: event.data.assigneeId },
      };
    case 'TransferAuthorisationRefused':
    case 'TransferAuthorisationWithdrawn': {
      const { assigneeId } = event.data;
      return {
        GrantTransferAuthorisation: 'ends',
        AddDossierDocument: 'ends',
        ...(assigneeId === undefined ? {} : { ProceedWithoutOwnDossier: { assignee: assigneeId } }),
      };
    }
    case 'ProceedingWithoutOwnDossier':
      return { ProceedWithoutOwnDossier: 'ends' };
    case 'DossierDocumentAdded':
      return event.data.senderRole === 'own-doctor' ? { AddDossierDocument: 'ends' } : {};
    case 'DossierClosed':
      return ends(COLLECTING);
    // A new signature starts the clock of the case anew.
    case 'ClockStarted':
    case 'ClockVoided':
      return { EscalateCase: 'ends' };
    case 'CaseOverdue':
      return event.data.term === 'LIMIT' ? { EscalateCase: { assignee: BACK_OFFICE, dueAt: event.data.dueAt } } : {};
    case 'WorkedHoursAsked':
      return { StateWorkedHours: { assignee: event.data.assigneeId, dueAt: event.data.dueAt } };
    case 'WorkedHoursStated':
      return { StateWorkedHours: 'ends' };
    case 'RequestWithdrawn':
      return event.data.stage === 'BEFORE_SHARING'
        ? ends([...COLLECTING, ...OF_DOCTOR, ...OF_OFFICE])
        : ends(['GrantReleaseConsent', 'CorrectReport', 'ShareReport']);
    case 'FileForgotten':
      return ends([...COLLECTING, ...OF_DOCTOR, 'ReassignAssignment', 'GrantReleaseConsent', 'RecordFollowUp']);
    case 'NotExecutableDecided':
    case 'CaseEndNoted':
      return ends([...COLLECTING, ...OF_DOCTOR, ...OF_OFFICE]);
    default:
      return reportEffect(event);
  }
}

/** A15: another doctor examines and writes anew, or goes on with the report that was shared; who took it up again goes on with his own. */
function takenOver({ doctorId, report, requestId }: FileData<'IndependenceNoted'>): Effect {
  switch (report) {
    case 'ANEW':
      return { FinaliseReportForReview: 'ends', ShareReport: 'ends' };
    case 'SHARED':
      return {
        CorrectReport: requestId === undefined ? { to: doctorId } : { assignee: doctorId },
        ShareReport: { to: doctorId },
      };
    default:
      return { FinaliseReportForReview: { to: doctorId }, ShareReport: { to: doctorId } };
  }
}

function reportEffect(event: FileEvent): Effect {
  switch (event.type) {
    case 'ConsultationNoted': {
      const { doctorId, reportDueAt, over } = event.data;
      return over ? {} : { FinaliseReportForReview: { assignee: doctorId, dueAt: reportDueAt } };
    }
    case 'ClockPaused':
      return event.data.clock === 'REPORT' ? { FinaliseReportForReview: { dueAt: NO_TERM } } : {};
    case 'ClockResumed':
      return event.data.dueAt === undefined ? {} : { FinaliseReportForReview: { dueAt: event.data.dueAt } };
    case 'ReportReadyForEmployee':
      return { FinaliseReportForReview: 'ends', ShareReport: { assignee: event.data.assigneeId } };
    case 'ReportCorrected':
      return { CorrectReport: 'ends', ShareReport: { assignee: event.data.assigneeId } };
    case 'CorrectionRejected':
      return { CorrectReport: 'ends' };
    case 'ReportSharedWithEmployee': {
      const { assigneeId, decisionDueAt } = event.data;
      return {
        ShareReport: 'ends',
        ...ends(OF_OFFICE),
        ...(assigneeId === undefined ? {} : { GrantReleaseConsent: { assignee: assigneeId, dueAt: decisionDueAt } }),
      };
    }
    case 'FactualCorrectionRequested':
      return { CorrectReport: { assignee: event.data.assigneeId ?? NOBODY } };
    case 'ReleaseConsentGranted':
    case 'ReportBlocked':
    case 'ReleaseConsentWithdrawn':
    case 'ReleaseDecisionLapsed':
    case 'ReleaseTermEnded':
      return { GrantReleaseConsent: 'ends' };
    case 'ReportReleased':
      return {
        GrantReleaseConsent: 'ends',
        RecordFollowUp: { assignee: event.data.to, dueAt: event.data.followUpDueAt },
      };
    case 'FollowUpRecorded':
      return { RecordFollowUp: 'ends' };
    default:
      return {};
  }
}

/** One row per case and task; `GET /reporting/tasks` shows them. */
export const reportingTasks: View<TaskRow> = {
  name: 'reporting.tasks',
  version: 3,
  categories: ['reporting.file'],
  indexes: [['assignee', 'dueAt'], ['about']],
  keys: (event) =>
    Object.keys(effectOf(event as RecordedEvent<FileEvent> as FileEvent)).map(
      (task) => `${caseOf(event.stream)}/${task}`,
    ),
  project: (row, event, key) => {
    const [about = '', task = ''] = [key.slice(0, key.lastIndexOf('/')), key.slice(key.lastIndexOf('/') + 1)];
    const effect = effectOf(event as RecordedEvent<FileEvent> as FileEvent)[task];
    if (effect === undefined) return row;
    if (effect === 'ends') return null;
    if ('from' in effect) return row?.assignee === effect.from ? { ...row, assignee: NOBODY } : row;
    if ('to' in effect) return row && { ...row, assignee: effect.to };
    if (!('assignee' in effect)) return row && { ...row, dueAt: effect.dueAt };
    const { assignee, dueAt = NO_TERM } = effect;
    return { task, about, assignee, since: event.metadata.recordedAt, dueAt };
  },
};
