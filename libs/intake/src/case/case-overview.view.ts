import {
  NOT_RELEASED_OUTCOMES,
  type Outcome,
  type Payer,
  type RefusalGround,
  type Subject,
} from '@second-opinion/contracts';
import { type Instant, type RecordedEvent, type Seal, type View } from '@second-opinion/kernel';
import { type CaseEvent, type CaseEventData, type Milestone } from './case.events';
import type { AidOutcome, Insistence } from './decision-aid.rules';

/** Stamp of a milestone: when, until when, and the place in the case's history, to tell which came last. */
export interface Stamp {
  readonly at: Instant;
  readonly dueAt?: Instant;
  readonly revision: number;
}
/** Stored text with the object its seal names. */
export interface Text {
  readonly seal: Seal;
  readonly object: string;
}

/** Where a case stands, across all contexts. */
export interface CaseOverview {
  readonly caseId: string;
  readonly caseNumber: string;
  readonly employeeId: string;
  readonly ownDoctorId: string;
  readonly ownOrganisationId: string;
  readonly contractId: string;
  readonly region: string;
  readonly initiator: string;
  readonly previousCaseId?: string;
  readonly recordedAt: Instant;
  readonly decisionDueAt: Instant;
  readonly status: 'wished' | 'honoured' | 'refused' | 'submitted' | 'closed';
  readonly explainedAt?: Instant;
  readonly aid?: {
    readonly outcome: AidOutcome;
    readonly matchedRule: string;
    readonly insist: Insistence;
    readonly rulesetVersion: string;
    readonly answers: Text;
    /** insistedAt: when the employee chose a second opinion against this outcome (BR-08). */
    readonly insistedAt?: Instant;
  };
  readonly form?: {
    readonly version: number;
    readonly subject: Subject;
    readonly firstAdviceOn: string;
    readonly doubt: Text;
    readonly questions: Text;
  };
  readonly confirmedForm?: number;
  readonly missing: readonly string[];
  readonly refusal?: {
    readonly ground: RefusalGround;
    readonly motivation: Text;
    readonly complaintRouteVersion: string;
    readonly at: Instant;
  };
  readonly proposal: { readonly doctorIds: readonly string[]; readonly choiceDueAt: Instant } | null;
  readonly choices: readonly { readonly doctorId: string; readonly contracted: boolean }[];
  readonly payerDecisionNeeded: boolean;
  readonly disclosureConsented: boolean;
  /** employeePays for the doctor to whom it is offered or given (BR-52). */
  readonly employeePays: boolean;
  readonly noDoctor: boolean;
  /** unreachable: nobody answers the invitation; the own doctor may end the case. */
  readonly unreachable: boolean;
  /** silent: nor does he do what only he can; the same follows. */
  readonly silent: boolean;
  /** assignedDoctorId: to whom it is offered or given; null: nobody. */
  readonly assignedDoctorId: string | null;
  readonly assignment?: {
    readonly round: number;
    readonly step: 'offered' | 'accepted' | 'confirmed';
    readonly dueAt?: Instant;
  };
  /** quoteDueAt: the term that the quote of this round has missed; null: it has not, as far as is known. */
  readonly quoteDueAt: Instant | null;
  readonly milestones: Readonly<Partial<Record<Milestone, Stamp>>>;
  /** invoices: the last one of each payer; each is shown to whom it concerns (BR-55). */
  readonly invoices: Readonly<Partial<Record<Payer, Stamp>>>;
  /** setAside: how far each doctor had come who gave the case up, and whether the employee pays him; it counts again when the case is his again. */
  readonly setAside?: Readonly<Record<string, Pick<CaseOverview, 'milestones' | 'employeePays'>>>;
  /** notReleased: the term ended without release; who may tell the ways apart is decided when it is shown (BR-38). */
  readonly notReleased: boolean;
  /** forgotten: nobody can write about it any more. */
  readonly forgotten?: true;
  readonly outcome?: Outcome;
  readonly closedAt?: Instant;
}

export const caseOverview: View<CaseOverview> = {
  name: 'intake.case-overview',
  version: 6,
  categories: ['intake.case'],
  indexes: [
    ['employeeId', 'recordedAt'],
    ['ownDoctorId', 'recordedAt'],
    ['assignedDoctorId', 'recordedAt'],
    ['recordedAt'],
  ],
  keys: ({ stream }) => [stream.slice(stream.indexOf('-') + 1)],
  begins: ({ type }) => type === 'SecondOpinionWishRecorded',
  project: (row, event) => {
    const known = event as RecordedEvent<CaseEvent>;
    if (known.type === 'SecondOpinionWishRecorded')
      return opened(known.data as CaseEventData<'SecondOpinionWishRecorded'>);
    return row && (known.type === 'CaseReopened' ? reopened(row) : { ...row, ...changed(row, known) });
  },
};

function opened(wish: CaseEventData<'SecondOpinionWishRecorded'>): CaseOverview {
  const { remindAt: _remind, calendarVersion: _calendar, route: _route, ...data } = wish;
  return {
    ...data,
    status: 'wished',
    missing: [],
    proposal: null,
    choices: [],
    payerDecisionNeeded: false,
    disclosureConsented: false,
    employeePays: false,
    noDoctor: false,
    unreachable: false,
    silent: false,
    assignedDoctorId: null,
    quoteDueAt: null,
    milestones: {},
    invoices: {},
    notReleased: false,
  };
}

function reopened({ outcome: _outcome, closedAt: _closedAt, ...row }: CaseOverview): CaseOverview {
  return { ...row, status: 'submitted' };
}

type Change = Partial<CaseOverview>;
type On = {
  readonly [T in CaseEvent['type']]?: (data: CaseEventData<T>, row: CaseOverview, text: (seal: Seal) => Text) => Change;
};

const unassigned: Change = { assignedDoctorId: null };

/** OF_ONE_DOCTOR: how far his examination had come; the next one begins anew (A15). */
const OF_ONE_DOCTOR: readonly Milestone[] = [
  ...(['APPOINTMENT_CONFIRMED', 'APPOINTMENT_RESCHEDULED', 'CONSULTATION_HELD', 'REPORT_OVERDUE'] as const),
  ...(['AUTHORISATION_ASKED', 'AUTHORISATION_GRANTED', 'AUTHORISATION_REFUSED', 'AUTHORISATION_WITHDRAWN'] as const),
  'PROCEEDING_WITHOUT_DOSSIER',
  'DOSSIER_CLOSED',
];

function begunAnew({ milestones, employeePays, assignment, assignedDoctorId, setAside }: CaseOverview): Change {
  if (assignment?.step !== 'confirmed' || assignedDoctorId === null) return unassigned;
  const of = (one: boolean) =>
    Object.fromEntries(
      Object.entries(milestones).filter(([name]) => OF_ONE_DOCTOR.includes(name as Milestone) === one),
    );
  const his = { milestones: of(true), employeePays };
  return { ...unassigned, milestones: of(false), setAside: { ...setAside, [assignedDoctorId]: his } };
}

const on: On = {
  NonSuspensionExplained: ({ at }) => ({ explainedAt: at }),
  DecisionAidCompleted: ({ outcome, matchedRule, insist, rulesetVersion, answers }, { aid }, text) => {
    const insistedAt = aid?.outcome === outcome ? aid.insistedAt : undefined;
    const advice = { outcome, matchedRule, insist, rulesetVersion, answers: text(answers) };
    return { aid: { ...advice, ...(insistedAt === undefined ? {} : { insistedAt }) } };
  },
  EmployeeChoseSecondOpinion: ({ at }, { aid }) => (aid ? { aid: { ...aid, insistedAt: at } } : {}),
  RequestDescribed: ({ formVersion: version, subject, firstAdviceOn, doubt, questions }, _, text) => ({
    form: { version, subject, firstAdviceOn, doubt: text(doubt), questions: text(questions) },
  }),
  RequestHonoured: () => ({ status: 'honoured' }),
  RequestRefused: ({ ground, motivation, complaintRouteVersion, at }, _, text) => ({
    status: 'refused',
    refusal: { ground, motivation: text(motivation), complaintRouteVersion, at },
  }),
  DoctorsProposed: ({ doctorIds, choiceDueAt }) => ({ proposal: { doctorIds, choiceDueAt } }),
  DoctorChosen: ({ choices, payerDecisionNeeded }) => ({
    choices: choices.map(({ doctorId, contracted }) => ({ doctorId, contracted })),
    payerDecisionNeeded,
  }),
  DisclosureToEmployerConsented: () => ({ disclosureConsented: true }),
  DisclosureConsentWithdrawn: () => ({ disclosureConsented: false }),
  EmployerAgreementObtained: () => ({ payerDecisionNeeded: false }),
  EmployeeAgreedToPay: () => ({ payerDecisionNeeded: false }),
  RequestConfirmedByEmployee: ({ formVersion }) => ({ confirmedForm: formVersion }),
  RequestReturnedIncomplete: ({ missing }) => ({ missing }),
  SecondOpinionRequestSubmitted: () => ({ status: 'submitted', missing: [] }),
  AssignmentOffered: ({ doctorId, round, contracted, employerAgreed, answerDueAt }) => ({
    assignedDoctorId: doctorId,
    employeePays: !contracted && !employerAgreed,
    quoteDueAt: null,
    assignment: { round, step: 'offered', dueAt: answerDueAt },
    noDoctor: false,
  }),
  AssignmentAccepted: ({ round, independenceDueAt }) => ({
    assignment: { round, step: 'accepted', dueAt: independenceDueAt },
  }),
  IndependenceConfirmed: ({ round }) => ({ assignment: { round, step: 'confirmed' } }),
  AssignmentDeclined: () => unassigned,
  AssignmentTakenBack: () => unassigned,
  AssignmentReassigned: (_, row) => begunAnew(row),
  AssignmentRestored: ({ doctorId, round }, { milestones, employeePays, setAside }) => ({
    assignedDoctorId: doctorId,
    assignment: { round, step: 'confirmed' },
    ...{ noDoctor: false, payerDecisionNeeded: false, quoteDueAt: null },
    employeePays: setAside?.[doctorId]?.employeePays ?? employeePays,
    milestones: { ...setAside?.[doctorId]?.milestones, ...milestones },
  }),
  IndependenceRejected: () => unassigned,
  NoDoctorAvailable: () => ({ noDoctor: true, choices: [], proposal: null }),
  EmployeeUnreachable: () => ({ unreachable: true }),
  EmployeeReachable: () => ({ unreachable: false }),
  EmployeeSilent: () => ({ silent: true }),
  EmployeeAsked: () => ({ silent: false }),
  EmployeeAnswered: () => ({ silent: false }),
  CaseForgotten: () => ({ forgotten: true }),
  RequestWithdrawn: () => ({ outcome: 'WITHDRAWN' }),
  CaseClosed: ({ outcome, closedAt }) => ({ status: 'closed', outcome, closedAt }),
};

function changed(row: CaseOverview, event: RecordedEvent<CaseEvent>): Change {
  const { type, data, revision, metadata } = event;
  if (type === 'MilestoneNoted') return milestone(row, data as CaseEventData<'MilestoneNoted'>, revision);
  const text = (seal: Seal): Text => ({ seal, object: metadata.commandId });
  const project = on[type] as ((data: object, row: CaseOverview, text: (seal: Seal) => Text) => Change) | undefined;
  return project?.(data, row, text) ?? {};
}

function milestone(row: CaseOverview, data: CaseEventData<'MilestoneNoted'>, revision: number): Change {
  const { milestone: name, at, dueAt } = data;
  const stamp = { at, ...(dueAt === undefined ? {} : { dueAt }), revision };
  if (name === 'INVOICE_ISSUED') {
    const { payer = row.employeePays ? 'EMPLOYEE' : 'EMPLOYER' } = data;
    return { invoices: { ...row.invoices, [payer]: stamp } };
  }
  const milestones = { ...row.milestones, [name]: stamp };
  const ended = NOT_RELEASED_OUTCOMES.some((outcome) => name === `NOT_RELEASED_${outcome}`);
  const notReleased = name === 'REPORT_RELEASED' ? false : row.notReleased || ended;
  return { milestones, notReleased, ...(name === 'QUOTE_OVERDUE' ? { quoteDueAt: dueAt ?? null } : {}) };
}
