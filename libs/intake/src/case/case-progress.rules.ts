import { NO_TERM, type Instant, type Relation } from '@second-opinion/kernel';
import type { Milestone } from './case.events';
import type { CaseOverview, Stamp } from './case-overview.view';

/** Awaited says what must happen next, by whom and until when. */
export interface Awaited {
  readonly what: string;
  readonly from: Relation;
  readonly until: Instant | null;
}

export const PHASES = [
  'WISH',
  'HONOURED',
  'SUBMITTED',
  'ASSIGNED',
  'PLANNED',
  'EXAMINED',
  'REPORT_WITH_EMPLOYEE',
  'RELEASED',
  'ENDED',
  'CLOSED',
] as const;
export type Phase = (typeof PHASES)[number];

/** last gives which of these milestones came last. */
export function last(row: CaseOverview, ...names: Milestone[]): (Stamp & { readonly name: Milestone }) | undefined {
  return names
    .flatMap((name) => (row.milestones[name] ? [{ ...row.milestones[name], name }] : []))
    .reduce<(Stamp & { readonly name: Milestone }) | undefined>(
      (latest, one) => (latest && latest.revision > one.revision ? latest : one),
      undefined,
    );
}

const appointmentOf = (row: CaseOverview) =>
  last(
    row,
    'APPOINTMENT_CONFIRMED',
    'APPOINTMENT_RESCHEDULED',
    'APPOINTMENT_CANCELLED',
    'NO_SHOW',
    'CONSULTATION_ABORTED',
    'CONSULTATION_HELD',
  );
const isPlanned = (name: Milestone | undefined): boolean =>
  name === 'APPOINTMENT_CONFIRMED' || name === 'APPOINTMENT_RESCHEDULED';

const ENDINGS: readonly Milestone[] = [
  'FINAL_NO_SHOW',
  'FINAL_CONSULTATION_ABORTED',
  'ENDED_WITHOUT_APPOINTMENT',
  'NOT_EXECUTABLE',
  'WITHDRAWN_IN_REPORTING',
];

/** isOver: nothing is decided in it any more; that a quote was not signed ends it too, which its phase does not tell. */
export const isOver = (row: CaseOverview): boolean =>
  row.status === 'closed' || isEnding(row) || last(row, 'QUOTE_DECLINED', 'QUOTE_EXPIRED') !== undefined;

/** isEnding: known how it ends, not yet closed. */
function isEnding(row: CaseOverview): boolean {
  return row.outcome !== undefined || row.notReleased || last(row, ...ENDINGS) !== undefined;
}

/** phaseOf: how far the case is; whoever may not know of the report sees the examination until release or end (BR-38). */
export function phaseOf(row: CaseOverview, seesReport: boolean): Phase {
  const { milestones, assignment, assignedDoctorId, status } = row;
  if (status === 'closed') return 'CLOSED';
  if (status === 'wished' || status === 'refused') return 'WISH';
  if (status === 'honoured') return 'HONOURED';
  if (milestones.REPORT_RELEASED) return 'RELEASED';
  if (isEnding(row)) return 'ENDED';
  if (seesReport && milestones.REPORT_SHARED) return 'REPORT_WITH_EMPLOYEE';
  if (milestones.CONSULTATION_HELD) return 'EXAMINED';
  if (isPlanned(appointmentOf(row)?.name)) return 'PLANNED';
  return assignedDoctorId !== null && assignment?.step === 'confirmed' ? 'ASSIGNED' : 'SUBMITTED';
}

/** awaitedOf: what is awaited, from whom, until when. */
export function awaitedOf(row: CaseOverview, seesReport: boolean): readonly Awaited[] {
  if (row.status === 'closed' || row.status === 'refused') return [];
  if (row.status === 'wished') return [...unreachable(row), ...beforeDecision(row)];
  if (row.milestones.REPORT_RELEASED) return afterRelease(row);
  if (isOver(row)) return [];
  if (row.status === 'honoured' || row.noDoctor) return [...unreachable(row), ...beforeSubmission(row)];
  return [...assignmentAwaited(row), ...quoteAwaited(row), ...examinationAwaited(row, seesReport)];
}

const awaited = (what: string, from: Relation, until?: Instant): Awaited => ({
  what,
  from,
  until: until === undefined || until === NO_TERM ? null : until,
});

/** explanationAwaited: what a submission needs whatever else is chosen (BR-07, BR-08, BR-09). */
function explanationAwaited({ aid, explainedAt }: CaseOverview): Awaited[] {
  const choice = aid && aid.insist !== 'NOT_NEEDED' && aid.insistedAt === undefined;
  return [
    ...(aid ? [] : [awaited('CompleteDecisionAid', 'own-doctor')]),
    ...(explainedAt === undefined ? [awaited('ExplainNonSuspension', 'own-doctor')] : []),
    ...(choice ? [awaited('InsistOnSecondOpinion', 'employee')] : []),
  ];
}

/** unreachable: what awaits the employee may wait for ever, so his own doctor is asked to end it (section 3). */
const unreachable = (row: CaseOverview): Awaited[] =>
  (row.unreachable || row.silent) && row.status !== 'submitted'
    ? [awaited('EndForUnreachableEmployee', 'own-doctor')]
    : [];

/** isBlocked: no second opinion at all by the aid, so that it can only be refused (BR-05, BR-06). */
const isBlocked = ({ aid }: CaseOverview): boolean => aid?.insist === 'BLOCKED';

function beforeDecision(row: CaseOverview): Awaited[] {
  if (isBlocked(row)) return [awaited('RefuseRequest', 'own-doctor', row.decisionDueAt)];
  return [awaited('HonourRequest', 'own-doctor', row.decisionDueAt), ...explanationAwaited(row)];
}

function beforeSubmission(row: CaseOverview): Awaited[] {
  const { proposal, choices, form, confirmedForm, payerDecisionNeeded, noDoctor } = row;
  if (isBlocked(row)) return [awaited('RefuseRequest', 'own-doctor')];
  const steps = [
    ...explanationAwaited(row),
    ...(proposal === null ? [awaited('ProposeDoctors', 'own-doctor')] : []),
    ...(proposal && choices.length === 0
      ? [awaited('ChooseSecondOpinionDoctor', 'employee', proposal.choiceDueAt)]
      : []),
    ...(payerDecisionNeeded ? [awaited('DecideOnPayment', 'employee')] : []),
    ...(form ? [] : [awaited('DescribeRequest', 'own-doctor')]),
    ...(form && confirmedForm !== form.version ? [awaited('ConfirmRequest', 'employee')] : []),
  ];
  return steps.length > 0 || noDoctor ? steps : [awaited('SubmitSecondOpinionRequest', 'own-doctor')];
}

function assignmentAwaited({ assignedDoctorId, assignment }: CaseOverview): Awaited[] {
  if (assignedDoctorId === null || !assignment || assignment.step === 'confirmed') return [];
  const what = assignment.step === 'offered' ? 'AcceptAssignment' : 'ConfirmIndependence';
  return [awaited(what, 'candidate-doctor', assignment.dueAt)];
}

function quoteAwaited(row: CaseOverview): Awaited[] {
  const quote = last(
    row,
    'QUOTE_ISSUED',
    'QUOTE_SIGNED',
    'QUOTE_DECLINED',
    'QUOTE_EXPIRED',
    'QUOTE_SUPERSEDED',
    'QUOTE_OVERDUE',
  );
  const answered = quote && ['QUOTE_SIGNED', 'QUOTE_DECLINED', 'QUOTE_EXPIRED'].includes(quote.name);
  if (answered) return [];
  // Who of the two signed first is billing's to know; both have when it is signed.
  if (quote?.name === 'QUOTE_ISSUED')
    return [
      awaited('SignQuote', 'own-doctor', quote.dueAt),
      ...(row.employeePays ? [awaited('SignQuote', 'employee', quote.dueAt)] : []),
    ];
  return [awaited('IssueQuote', 'back-office', row.quoteDueAt ?? undefined)];
}

/** papersAwaited: the employee's authorisation, until the dossier is closed; without it the second opinion doctor decides whether he goes on (BR-24). */
function papersAwaited(
  row: CaseOverview,
  seesReport: boolean,
): { readonly asked: Awaited[]; readonly refused: Awaited[] } {
  const name = last(
    row,
    'AUTHORISATION_ASKED',
    'AUTHORISATION_GRANTED',
    'AUTHORISATION_REFUSED',
    'AUTHORISATION_WITHDRAWN',
    'PROCEEDING_WITHOUT_DOSSIER',
  )?.name;
  const refused = name === 'AUTHORISATION_REFUSED' || name === 'AUTHORISATION_WITHDRAWN';
  return {
    asked:
      name === 'AUTHORISATION_ASKED' && !(seesReport && row.milestones.DOSSIER_CLOSED)
        ? [awaited('GrantTransferAuthorisation', 'employee')]
        : [],
    refused: refused ? [awaited('ProceedWithoutOwnDossier', 'second-opinion-doctor')] : [],
  };
}

function examinationAwaited(row: CaseOverview, seesReport: boolean): Awaited[] {
  const { asked, refused } = papersAwaited(row, seesReport);
  const { REPORT_SHARED: shared, CONSULTATION_HELD: held, REPORT_OVERDUE: late } = row.milestones;
  const signed = last(row, 'QUOTE_ISSUED', 'QUOTE_SIGNED', 'QUOTE_SUPERSEDED')?.name === 'QUOTE_SIGNED';
  // The sharing ends what the doctor has to decide: who may not know of it is told of neither (BR-38).
  if (held && !seesReport) return asked;
  if (shared && seesReport) return [awaited('DecideOnRelease', 'employee', shared.dueAt)];
  const papers = [...asked, ...refused];
  if (held) return [...papers, awaited('ShareReport', 'second-opinion-doctor', late?.dueAt)];
  const appointment = appointmentOf(row);
  if (isPlanned(appointment?.name)) return [...papers, awaited('Consultation', 'employee', appointment?.dueAt)];
  return signed ? [...papers, awaited('ConfirmAppointment', 'back-office')] : papers;
}

function afterRelease(row: CaseOverview): Awaited[] {
  const done = last(row, 'FOLLOW_UP_FULL', 'FOLLOW_UP_PARTLY', 'FOLLOW_UP_NOT', 'FOLLOW_UP_TERM_ENDED');
  return done || row.forgotten ? [] : [awaited('RecordFollowUp', 'own-doctor', row.milestones.REPORT_RELEASED?.dueAt)];
}
