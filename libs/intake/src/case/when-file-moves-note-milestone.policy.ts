import {
  REPORTING_TOPIC,
  type Adoption,
  type NotReleasedOutcome,
  type ReportingMessages,
} from '@second-opinion/contracts';
import { issue, type Envelope, type IssuedCommand, type TopicPolicy } from '@second-opinion/kernel';
import { NoteMilestone } from './case.commands';
import type { Milestone } from './case.events';

type Told = Envelope<string, { readonly caseId: string }>;
type ToldAt = Envelope<string, { readonly caseId: string; readonly at: string }>;

const once =
  (milestone: Milestone) =>
  ({ data: { caseId }, time }: Told): IssuedCommand[] => [issue(NoteMilestone, { caseId, milestone, at: time })];
const each =
  (milestone: Milestone) =>
  ({ id, data: { caseId }, time }: Told): IssuedCommand[] => [
    issue(NoteMilestone, { caseId, milestone, at: time, ref: id }),
  ];
const dated =
  (milestone: Milestone) =>
  ({ id, data: { caseId, at } }: ToldAt): IssuedCommand[] => [issue(NoteMilestone, { caseId, milestone, at, ref: id })];

const notReleased: Record<NotReleasedOutcome, Milestone> = {
  BLOCKED: 'NOT_RELEASED_BLOCKED',
  LAPSED: 'NOT_RELEASED_LAPSED',
  WITHDRAWN: 'NOT_RELEASED_WITHDRAWN',
};
const followUp: Record<Adoption, Milestone> = {
  FULL: 'FOLLOW_UP_FULL',
  PARTLY: 'FOLLOW_UP_PARTLY',
  NOT: 'FOLLOW_UP_NOT',
};

/** Where the medical file stands: opened (so that an assignment may be accepted), and how the report ends the case. */
export const whenFileMovesNoteMilestone: TopicPolicy<ReportingMessages> = {
  name: 'when-file-moves-note-milestone',
  listensTo: [REPORTING_TOPIC],
  startsAt: 'beginning',
  on: {
    MedicalFileOpened: once('FILE_OPENED'),
    TransferAuthorisationAsked: each('AUTHORISATION_ASKED'),
    TransferAuthorisationGranted: dated('AUTHORISATION_GRANTED'),
    TransferAuthorisationRefused: dated('AUTHORISATION_REFUSED'),
    TransferAuthorisationWithdrawn: dated('AUTHORISATION_WITHDRAWN'),
    ProceedingWithoutOwnDossier: each('PROCEEDING_WITHOUT_DOSSIER'),
    DossierClosed: each('DOSSIER_CLOSED'),
    NotExecutableDecided: ({ data: { caseId, at } }) => [
      issue(NoteMilestone, { caseId, milestone: 'NOT_EXECUTABLE', at }),
    ],
    ReportOverdue: ({ data: { caseId, dueAt }, time }) => [
      issue(NoteMilestone, { caseId, milestone: 'REPORT_OVERDUE', at: time, dueAt, ref: dueAt }),
    ],
    ReportSharedWithEmployee: ({ data: { caseId, version, doctorId, sharedAt, decisionDueAt } }) => [
      issue(NoteMilestone, {
        caseId,
        milestone: 'REPORT_SHARED',
        at: sharedAt,
        dueAt: decisionDueAt,
        ref: String(version),
        ...(doctorId === undefined ? {} : { doctorId }),
      }),
    ],
    ReportReleased: ({ data: { caseId, version, releasedAt, followUpDueAt } }) => [
      issue(NoteMilestone, {
        caseId,
        milestone: 'REPORT_RELEASED',
        at: releasedAt,
        dueAt: followUpDueAt,
        ref: String(version),
      }),
    ],
    ReportNotReleased: ({ data: { caseId, outcome, at } }) => [
      issue(NoteMilestone, { caseId, milestone: notReleased[outcome], at }),
    ],
    RequestWithdrawn: ({ data: { caseId, withdrawnAt } }) => [
      issue(NoteMilestone, { caseId, milestone: 'WITHDRAWN_IN_REPORTING', at: withdrawnAt }),
    ],
    FollowUpRecorded: ({ id, data: { caseId, adoption }, time }) => [
      issue(NoteMilestone, { caseId, milestone: followUp[adoption], at: time, ref: id }),
    ],
    FollowUpTermEnded: ({ data: { caseId, at } }) => [
      issue(NoteMilestone, { caseId, milestone: 'FOLLOW_UP_TERM_ENDED', at }),
    ],
  },
};
