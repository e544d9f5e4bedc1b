import { endOfLocalDay, issue, type Deadline } from '@second-opinion/kernel';
import {
  EndAnswerTerm,
  EndFollowUpTerm,
  EndReleaseTerm,
  EndWorkedHoursTerm,
  GiveUpDocument,
  NoteCaseOverdue,
  NoteReportOverdue,
  ReleaseReport,
  RemindOfFollowUp,
  RemindOfRelease,
} from './file.commands';
import { CheckFilesOfDoctor } from './doctor.commands';
import type { DoctorEvent } from './doctor.events';
import type { FileData, FileEvent } from './file.events';

const categories = ['reporting.file'];
const one = (ref: string, dueAt: string | undefined) => (dueAt === undefined ? [] : [{ ref, dueAt }]);

/** A15: the report is due some days after the consultation, or after the last information. */
export const reportTerm: Deadline<FileEvent> = {
  name: 'report-term',
  categories,
  start: {
    ConsultationNoted: ({ data }) => one('report', data.reportDueAt),
    ClockResumed: ({ data }) => one('report', data.dueAt),
  },
  stop: {
    ClockPaused: ({ data }) => (data.clock === 'REPORT' ? 'all' : []),
    ReportSharedWithEmployee: () => 'all',
    NotExecutableDecided: () => 'all',
    RequestWithdrawn: () => 'all',
    CaseEndNoted: () => 'all',
  },
  send: ({ streamId }) => issue(NoteReportOverdue, { caseId: streamId }),
};

const caseTerms = ({ targetDueAt, limitDueAt }: FileData<'ClockStarted' | 'ClockResumed'>) => [
  ...one('TARGET', targetDueAt),
  ...one('LIMIT', limitDueAt),
];

/** Domain section 6: the whole case has a target and a limit, from the signed quote to the first sharing. */
export const caseTerm: Deadline<FileEvent> = {
  name: 'case-term',
  categories,
  start: {
    ClockStarted: ({ data }) => caseTerms(data),
    ClockResumed: ({ data }) => (data.clock === 'CASE' ? caseTerms(data) : []),
  },
  stop: {
    ClockStarted: () => 'all',
    ClockVoided: () => 'all',
    ClockPaused: ({ data }) => (data.clock === 'CASE' ? 'all' : []),
    ReportSharedWithEmployee: () => 'all',
    NotExecutableDecided: () => 'all',
    RequestWithdrawn: () => 'all',
    CaseEndNoted: () => 'all',
  },
  send: ({ streamId, ref }) =>
    issue(NoteCaseOverdue, { caseId: streamId, term: ref === 'TARGET' ? 'TARGET' : 'LIMIT' }),
};

/** A14: a treating doctor who does not answer does not hold up the report for ever. */
export const answerTerm: Deadline<FileEvent> = {
  name: 'answer-term',
  categories,
  start: { ThirdPartyInformationRequested: ({ data }) => one(data.sourceId, data.answerDueAt) },
  stop: {
    ThirdPartyInformationReceived: ({ data }) => [data.sourceId],
    SourceConsentWithdrawn: ({ data }) => [data.sourceId],
    NotExecutableDecided: () => 'all',
    RequestWithdrawn: () => 'all',
    CaseEndNoted: () => 'all',
  },
  send: ({ streamId, ref }) => issue(EndAnswerTerm, { caseId: streamId, sourceId: ref }),
};

/** A12: what began to arrive and was never added, because it was refused or we fell over, does not stay. */
export const uploadTerm: Deadline<FileEvent> = {
  name: 'upload-term',
  categories,
  start: { DocumentExpected: ({ data }) => one(data.contentId, data.giveUpAt) },
  stop: { DossierDocumentAdded: ({ data }) => [data.contentId] },
  send: ({ streamId, ref }) => issue(GiveUpDocument, { caseId: streamId, contentId: ref }),
};

/** N11: the employee is reminded while he has not decided. */
export const releaseReminders: Deadline<FileEvent> = {
  name: 'release-reminder',
  categories,
  start: {
    ReportSharedWithEmployee: ({ data }) =>
      data.reminders.map(({ day, dueAt }) => ({ ref: `${day}/${data.version}`, dueAt })),
  },
  stop: {
    ReportSharedWithEmployee: () => 'all',
    ReleaseConsentGranted: () => 'all',
    ReportBlocked: () => 'all',
    RequestWithdrawn: () => 'all',
  },
  send: ({ streamId, ref }) => {
    const [day, version] = ref.split('/');
    return issue(RemindOfRelease, { caseId: streamId, day: Number(day), version: Number(version) });
  },
};

/** A17: nothing but the release itself stops this term, so that its end tells nothing of what was decided before it (BR-38). */
export const releaseTerm: Deadline<FileEvent> = {
  name: 'release-term',
  categories,
  start: { ReportSharedWithEmployee: ({ data }) => one('decision', data.decisionDueAt) },
  stop: { ReportReleased: () => 'all' },
  send: ({ streamId, dueAt }) => issue(EndReleaseTerm, { caseId: streamId, dueAt }),
};

/** A18: the release itself; whether the consent is still in force is decided when it comes. */
export const release: Deadline<FileEvent> = {
  name: 'release',
  categories,
  start: { ReleaseConsentGranted: ({ data }) => one('release', data.releaseDueAt) },
  stop: {
    ReleaseConsentWithdrawn: () => 'all',
    ReportBlocked: () => 'all',
    RequestWithdrawn: () => 'all',
    ReportSharedWithEmployee: () => 'all',
    ReportReleased: () => 'all',
  },
  send: ({ streamId }) => issue(ReleaseReport, { caseId: streamId }),
};

/** A19: the own doctor is reminded before the follow-up term ends. */
export const followUpReminder: Deadline<FileEvent> = {
  name: 'follow-up-reminder',
  categories,
  start: { ReportReleased: ({ data }) => one('follow-up', data.followUpReminderAt) },
  stop: { FollowUpRecorded: () => 'all' },
  send: ({ streamId }) => issue(RemindOfFollowUp, { caseId: streamId }),
};

export const followUpTerm: Deadline<FileEvent> = {
  name: 'follow-up-term',
  categories,
  start: { ReportReleased: ({ data }) => one('follow-up', data.followUpDueAt) },
  stop: { FollowUpRecorded: () => 'all' },
  send: ({ streamId }) => issue(EndFollowUpTerm, { caseId: streamId }),
};

export const workedHoursTerm: Deadline<FileEvent> = {
  name: 'worked-hours-term',
  categories,
  start: { WorkedHoursAsked: ({ data }) => one('hours', data.dueAt) },
  stop: { WorkedHoursStated: () => 'all' },
  send: ({ streamId }) => issue(EndWorkedHoursTerm, { caseId: streamId }),
};

const ofDoctor = {
  categories: ['reporting.doctor'],
  stop: {},
  send: ({ streamId }) => issue(CheckFilesOfDoctor, { doctorId: streamId }),
} satisfies Omit<Deadline<DoctorEvent>, 'name' | 'start'>;

/** BR-19: the register has changed, so it is due at once. No policy: his files are found by a view, which may be rebuilt for longer than a message waits. */
export const registerChange: Deadline<DoctorEvent> = {
  ...ofDoctor,
  name: 'register-change',
  start: { DoctorNoted: ({ metadata }) => one('change', metadata.recordedAt) },
};

/** BR-19: a registration counts to the end of its last day; nobody tells that it has passed. */
export const registrationTerm: Deadline<DoctorEvent> = {
  ...ofDoctor,
  name: 'registration-term',
  start: {
    DoctorNoted: ({ data: { registeredUntil } }) =>
      one('registration', registeredUntil === undefined ? undefined : endOfLocalDay(registeredUntil)),
  },
};

export const doctorDeadlines = [registerChange, registrationTerm];

export const reportingDeadlines = [
  reportTerm,
  caseTerm,
  answerTerm,
  uploadTerm,
  releaseReminders,
  releaseTerm,
  release,
  followUpReminder,
  followUpTerm,
  workedHoursTerm,
];
