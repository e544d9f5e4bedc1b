import {
  ToOpen,
  type Actor,
  type Example,
  type Participants,
  type Reading,
  type Relation,
  type Shown,
  type ShownValue,
} from '@second-opinion/kernel';
import type { Payer } from '@second-opinion/contracts';
import type { Milestone } from './case.events';
import { caseOverview, type CaseOverview, type Stamp, type Text } from './case-overview.view';
import { awaitedOf, isOver, phaseOf, type Awaited, type Phase } from './case-progress.rules';
import { caseExample, caseStatusExample, employeeExample } from '../intake.examples';

/** What each relation is shown of a case: the matrix of domain section 2, rows 1, 3, 5, 6, 7, 12, 16, 18, 19, 20. */

const SEES_OUTCOME: readonly Relation[] = ['employee', 'second-opinion-doctor', 'auditor'];
const SEES_REPORT: readonly Relation[] = ['employee', 'second-opinion-doctor', 'back-office', 'auditor', 'system'];
const SEES_ADVICE: readonly Relation[] = ['employee', 'own-doctor', 'second-opinion-doctor', 'auditor', 'system'];
const SEES_FOLLOW_UP: readonly Relation[] = ['employee', 'own-doctor'];
const KNOWS_FOLLOW_UP: readonly Relation[] = ['back-office', 'auditor'];
/** NOT_HELD is all that the own doctor is told of a consultation that came to nothing (row 12, N09). */
const NOT_HELD = 'NOT_HELD';
const CAME_TO_NOTHING: readonly Milestone[] = [
  'NO_SHOW',
  'FINAL_NO_SHOW',
  'CONSULTATION_ABORTED',
  'FINAL_CONSULTATION_ABORTED',
  'ENDED_WITHOUT_APPOINTMENT',
];

/** outcomeFor: nobody but employee, second opinion doctor and auditor tells blocked from lapsed or withdrawn (BR-38); no reason to the own doctor (N09). */
export function outcomeFor({ outcome, notReleased }: CaseOverview, relation: Relation): string | undefined {
  if (outcome === undefined) return undefined;
  if (notReleased && !SEES_OUTCOME.includes(relation)) return 'NOT_RELEASED';
  if (outcome === 'NO_SHOW' && relation === 'own-doctor') return NOT_HELD;
  return outcome.startsWith('RELEASED_') && !SEES_FOLLOW_UP.includes(relation) ? 'RELEASED' : outcome;
}

/** milestoneFor gives the name under which this relation may know of it; undefined: not at all. */
export function milestoneFor(
  name: Milestone,
  row: CaseOverview,
  relation: Relation,
  payer: Payer = 'EMPLOYER',
): string | undefined {
  // The sharing closes the dossier too: who may not know of the one is not told of the other (BR-38).
  if (name === 'DOSSIER_CLOSED' || (name.startsWith('REPORT_') && name !== 'REPORT_RELEASED'))
    return SEES_REPORT.includes(relation) ? name : undefined;
  if (name.startsWith('NOT_RELEASED_')) return SEES_OUTCOME.includes(relation) ? name : 'NOT_RELEASED';
  if (name.startsWith('SLOT_') || name.startsWith('APPOINTMENT_') || name === 'NO_SLOT_WITHIN_SLA')
    return relation === 'own-doctor' ? undefined : name;
  if (relation === 'own-doctor' && CAME_TO_NOTHING.includes(name)) return NOT_HELD;
  if (name.startsWith('FOLLOW_UP_')) return followUpFor(name, relation);
  if (name.startsWith('QUOTE_')) return relation === 'employee' && !row.employeePays ? undefined : name;
  if (name === 'INVOICE_ISSUED') return seesInvoice(payer, relation) ? name : undefined;
  if (name === 'BILLING_SETTLED')
    return relation === 'second-opinion-doctor' || relation === 'employee' ? undefined : name;
  return name;
}

/** followUpFor: between employee and own doctor; the second opinion doctor is told nothing of it (row 18). */
function followUpFor(name: Milestone, relation: Relation): string | undefined {
  if (relation === 'second-opinion-doctor') return undefined;
  if (SEES_FOLLOW_UP.includes(relation) || name === 'FOLLOW_UP_TERM_ENDED') return name;
  return KNOWS_FOLLOW_UP.includes(relation) ? 'FOLLOW_UP_RECORDED' : undefined;
}

/** seesInvoice: what the employee pays, the own doctor only sees to be settled between them (BR-55), and no employee sees what another pays. */
function seesInvoice(payer: Payer, relation: Relation): boolean {
  if (relation === 'employee') return payer === 'EMPLOYEE';
  if (relation === 'own-doctor') return payer === 'EMPLOYER';
  return relation === 'back-office' || relation === 'auditor';
}

function phaseFor(row: CaseOverview, relation: Relation): Phase {
  const phase = phaseOf(row, SEES_REPORT.includes(relation));
  return phase === 'PLANNED' && relation === 'own-doctor' ? 'ASSIGNED' : phase;
}

/** withoutAdvice: to whoever may not know what the decision aid came to, every advice is one to go on with (row 5). */
function withoutAdvice({ aid, ...row }: CaseOverview): CaseOverview {
  return aid ? { ...row, aid: { ...aid, insist: 'NOT_NEEDED' } } : row;
}

function awaitedFor(whole: CaseOverview, relation: Relation): readonly Awaited[] {
  const row = SEES_ADVICE.includes(relation) ? whole : withoutAdvice(whole);
  return awaitedOf(row, SEES_REPORT.includes(relation)).filter(({ what }) => {
    if (relation === 'own-doctor') return what !== 'Consultation' && what !== 'ConfirmAppointment';
    if (relation === 'second-opinion-doctor') return what !== 'RecordFollowUp';
    return relation !== 'employee' || row.employeePays || !what.endsWith('Quote');
  });
}

const opened = (row: CaseOverview, { seal, object }: Text, field: string): ToOpen =>
  new ToOpen(seal, { personId: row.employeeId, caseId: row.caseId, purpose: `intake.${field}`, object });

function participants(row: CaseOverview): Participants {
  const { employeeId, ownDoctorId, assignedDoctorId, assignment } = row;
  const doctor = assignment?.step === 'confirmed' ? 'second-opinion-doctor' : 'candidate-doctor';
  return {
    employee: employeeId,
    'own-doctor': ownDoctorId,
    ...(assignedDoctorId === null ? {} : { [doctor]: assignedDoctorId }),
  };
}

function status(row: CaseOverview, relation: Relation): Shown {
  const invoices = Object.entries(row.invoices) as [Payer, Stamp][];
  const all: readonly [Milestone, Stamp, Payer?][] = [
    ...(Object.entries(row.milestones) as [Milestone, Stamp][]),
    ...invoices.map(([payer, stamp]): [Milestone, Stamp, Payer] => ['INVOICE_ISSUED', stamp, payer]),
  ];
  const milestones = all
    .toSorted(([, a], [, b]) => a.revision - b.revision)
    .flatMap(([name, { at, dueAt }, payer]): Shown[] => {
      const shown = milestoneFor(name, row, relation, payer);
      return shown === undefined ? [] : [{ milestone: shown, at, dueAt }];
    });
  return {
    caseId: row.caseId,
    caseNumber: row.caseNumber,
    phase: phaseFor(row, relation),
    awaited: awaitedFor(row, relation).map((one) => ({ ...one })),
    recordedAt: row.recordedAt,
    milestones,
    outcome: outcomeFor(row, relation),
    closedAt: row.closedAt,
  };
}

function request(row: CaseOverview, relation: Relation): ShownValue {
  if (!row.form) return undefined;
  const { version, subject, firstAdviceOn, doubt, questions } = row.form;
  if (!['employee', 'own-doctor', 'second-opinion-doctor'].includes(relation)) return undefined;
  return {
    formVersion: version,
    subject,
    firstAdviceOn,
    doubt: opened(row, doubt, 'doubt'),
    questions: opened(row, questions, 'questions'),
    confirmed: row.confirmedForm === version,
  };
}

function decisionAid({ aid, ...row }: CaseOverview, relation: Relation): ShownValue {
  if (!aid) return undefined;
  const { outcome, matchedRule, rulesetVersion, insist, insistedAt, answers } = aid;
  if (relation === 'second-opinion-doctor' || relation === 'auditor') return { outcome, rulesetVersion };
  if (relation !== 'employee' && relation !== 'own-doctor') return undefined;
  return {
    outcome,
    matchedRule,
    rulesetVersion,
    insist,
    insistedAt,
    answers: opened(row, answers, 'answers'),
  };
}

function refusal({ refusal: refused, ...row }: CaseOverview, relation: Relation): ShownValue {
  if (!refused) return undefined;
  const { ground, motivation, complaintRouteVersion, at } = refused;
  if (relation === 'employee')
    return { ground, motivation: opened(row, motivation, 'motivation'), complaintRouteVersion, at };
  return relation === 'own-doctor' || relation === 'auditor' ? { ground, at } : undefined;
}

/** operativeAdvice: the first advice stays in force until the own doctor changes it (BR-43). */
const operativeAdvice = ({ milestones }: CaseOverview): string =>
  milestones.FOLLOW_UP_FULL || milestones.FOLLOW_UP_PARTLY ? 'CHANGED_BY_OWN_DOCTOR' : 'FIRST_ADVICE';

function show(row: CaseOverview, relation: Relation): Shown {
  const { proposal, choices, payerDecisionNeeded, disclosureConsented, missing, assignment } = row;
  if (relation === 'candidate-doctor') {
    const { caseId, caseNumber, region, form } = row;
    return { caseId, caseNumber, region, subject: form?.subject, assignment };
  }
  const common = status(row, relation);
  const requestComplete = row.form !== undefined && row.confirmedForm === row.form.version;
  if (relation === 'back-office')
    return {
      ...common,
      requestComplete,
      region: row.region,
      doctorId: row.assignedDoctorId,
      decisionAidDone: row.aid !== undefined,
    };
  const parts = { request: request(row, relation), decisionAid: decisionAid(row, relation) };
  if (relation === 'second-opinion-doctor') return { ...common, ...parts };
  if (relation === 'auditor')
    return { ...common, ...parts, requestComplete, refusal: refusal(row, relation), employeeId: row.employeeId };
  if (relation !== 'employee' && relation !== 'own-doctor') return common;
  return {
    ...common,
    ...parts,
    refusal: refusal(row, relation),
    employeeId: row.employeeId,
    contractId: row.contractId,
    nonSuspensionExplained: row.explainedAt !== undefined,
    proposal,
    choices,
    payerDecisionNeeded,
    disclosureConsented,
    missing,
    doctorId: row.assignedDoctorId,
    operativeAdvice: operativeAdvice(row),
  };
}

const reading = (operation: string, shown: Reading<CaseOverview>['show'], example: Example): Reading<CaseOverview> => ({
  operation,
  view: caseOverview,
  participants,
  caseId: (row) => row.caseId,
  stream: (row) => `intake.case-${row.caseId}`,
  show: shown,
  example,
});

export const caseReading = reading('intake.GetCase', show, caseExample);
/** The list shows the same without personal text: a list opens nothing. */
export const casesReading = reading(
  'intake.ListCases',
  (row, relation) => (relation === 'candidate-doctor' ? show(row, relation) : status(row, relation)),
  caseStatusExample,
);
/** Who the employee is: for the doctor from his acceptance on, to declare his independence (A7), and no longer than he can. */
export const employeeReading: Reading<CaseOverview> = {
  ...reading('intake.GetEmployeeOfCase', () => ({}), employeeExample),
  facts: (row) => {
    const step = row.assignment?.step;
    return { accepted: step === 'confirmed' || (step === 'accepted' && !isOver(row)) };
  },
};

/** casesOf: whose cases somebody may list; undefined: nobody's. */
export function casesOf(
  actor: Actor,
): { where?: Record<string, readonly string[]>; orderBy: string; descending: boolean } | undefined {
  const newest = { orderBy: 'recordedAt', descending: true };
  const ids = [actor.id, ...(actor.joined ?? [])];
  switch (actor.role) {
    case 'employee':
      return { where: { employeeId: ids }, ...newest };
    case 'company-doctor':
      return { where: { ownDoctorId: ids }, ...newest };
    case 'second-opinion-doctor':
      return { where: { assignedDoctorId: ids }, ...newest };
    case 'back-office':
    case 'auditor':
      return newest;
    default:
      return undefined;
  }
}
