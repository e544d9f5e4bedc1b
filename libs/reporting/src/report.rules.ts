import { refuseUnregistered } from '@second-opinion/contracts';
import {
  canonicalJson,
  derivedId,
  endOfWorkingDay,
  localDateOf,
  Refused,
  sha256,
  type Circumstances,
  type Seal,
} from '@second-opinion/kernel';
import { NOT_REGISTERED, opened, running, startOfWorkingDay, type Acts } from './acts.rules';
import type { MedicalFile, Shared } from './file-state.rules';
import type { FileEvent } from './file.events';
import { TERMS, TEXTS } from './reporting.terms';

/** A15, A16: only the second opinion doctor writes (BR-31), registered on the day (BR-19); a version never changes (BR-33) and goes to the employee first (BR-32). */
export const acts: Acts<
  | 'FinaliseReportForReview'
  | 'ShareReport'
  | 'NoteReportOverdue'
  | 'RequestFactualCorrection'
  | 'CorrectReport'
  | 'RejectCorrection'
> = {
  FinaliseReportForReview: ({ doctor, ...texts }, state, { actor, now }) => {
    const { consultation, shared } = running(state);
    refuseUnregistered(doctor, localDateOf(now), NOT_REGISTERED);
    if (shared) throw new Refused('reporting.report-shared');
    if (!consultation) throw new Refused('reporting.no-consultation');
    return [{ type: 'ReportReadyForEmployee', data: { ...nextVersion(state, texts), assigneeId: actor.id } }];
  },

  ShareReport: ({ version, doctor }, state, around) => {
    const { latest, shared } = running(state);
    refuseUnregistered(doctor, localDateOf(around.now), NOT_REGISTERED);
    if (!latest) throw new Refused('reporting.no-report');
    if (version !== undefined && version !== latest.version)
      throw new Refused('reporting.not-the-latest-version', { latest: latest.version });
    if (shared?.version === latest.version) return [];
    return [...(state.dossierClosed ? [] : [closed]), sharing(latest, running(state), around)];
  },

  NoteReportOverdue: (_, { reportDueAt, shared, ended, overdue }, { now }) =>
    reportDueAt === undefined || now < reportDueAt || shared || ended !== undefined || overdue
      ? []
      : [{ type: 'ReportOverdue', data: { dueAt: reportDueAt } }],

  // Silence means that the facts are right (V17), and never that the report may go.
  RequestFactualCorrection: ({ version, correction }, state, { now, commandId }) => {
    const { correctionDueAt } = latestShared(state, version);
    if (now >= correctionDueAt) throw new Refused('reporting.correction-term-over', { correctionDueAt });
    if (state.correction) throw new Refused('reporting.correction-pending');
    return [
      {
        type: 'FactualCorrectionRequested',
        data: {
          requestId: derivedId(commandId, 'correction'),
          version,
          correction,
          ...(state.doctorId === undefined ? {} : { assigneeId: state.doctorId }),
        },
      },
    ];
  },

  CorrectReport: ({ doctor, ...texts }, state, { actor, now }) => {
    const { requestId } = pending(state);
    refuseUnregistered(doctor, localDateOf(now), NOT_REGISTERED);
    return [{ type: 'ReportCorrected', data: { ...nextVersion(state, texts), requestId, assigneeId: actor.id } }];
  },

  RejectCorrection: ({ reason, doctor }, state, { now }) => {
    const { requestId, version } = pending(state);
    refuseUnregistered(doctor, localDateOf(now), NOT_REGISTERED);
    return [{ type: 'CorrectionRejected', data: { requestId, version, reason } }];
  },
};

/** PARTS are the five parts of BR-50. */
export const PARTS = ['findings', 'method', 'reasoning', 'sources', 'conclusion'] as const;
type Texts = Readonly<Record<(typeof PARTS)[number], Seal>>;

/** reportHash of a version is over its seals: unlike for any other version, and of no use to who guesses texts. */
export function reportHash(version: number, { findings, method, reasoning, sources, conclusion }: Texts): string {
  const parts = { version, findings, method, reasoning, sources, conclusion };
  return sha256(`second-opinion/report/v1\n${canonicalJson(parts)}`);
}

/** latestShared refuses a version that is not the one the employee got last (BR-34). */
export function latestShared(state: MedicalFile, version: number): Shared {
  const { shared } = running(state);
  if (!shared) throw new Refused('reporting.not-shared');
  if (version !== shared.version) throw new Refused('reporting.not-the-latest-version', { latest: shared.version });
  return shared;
}

const closed: FileEvent = { type: 'DossierClosed', data: {} };

function nextVersion({ versions }: MedicalFile, { findings, method, reasoning, sources, conclusion }: Texts) {
  const version = versions + 1;
  const texts = { findings, method, reasoning, sources, conclusion };
  return { version, hash: reportHash(version, texts), ...texts };
}

function pending(state: MedicalFile) {
  const { correction } = running(state);
  if (!correction) throw new Refused('reporting.no-correction-requested');
  return correction;
}

/** A new version starts the decision's term again, not the correction's. */
function sharing(
  { version, hash }: NonNullable<MedicalFile['latest']>,
  { opened: file, doctorId, shared, blocked }: ReturnType<typeof opened>,
  around: Circumstances,
): FileEvent {
  const { now, calendar } = around;
  const after = (days: number) => endOfWorkingDay(now, days, calendar);
  return {
    type: 'ReportSharedWithEmployee',
    data: {
      version,
      hash,
      ...(doctorId === undefined ? {} : { doctorId }),
      firstSharing: !shared,
      sharedAt: now,
      correctionDueAt: shared?.correctionDueAt ?? after(TERMS.correctionWorkingDays),
      decisionDueAt: after(TERMS.decisionWorkingDays),
      reminders: TERMS.decisionReminderDays.map((day) => ({ day, dueAt: startOfWorkingDay(day, around) })),
      ...(blocked ? {} : { assigneeId: file.employeeId }),
      calendarVersion: calendar.version,
    },
    textVersion: TEXTS.releaseDecision,
  };
}
