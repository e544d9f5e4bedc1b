import { NO_TERM, type Instant, type RecordedEvent, type TaskRow, type View } from '@second-opinion/kernel';
import type { CaseEvent, CaseEventData } from './case.events';
import { outcomeOf } from './case-evolution.rules';
import type { AidOutcome, Insistence } from './decision-aid.rules';

/** Owners of a case remember whose its tasks are and what they depend on; the row is nobody's, and stands beside those that somebody has to do. */
interface Owners extends TaskRow {
  readonly ownDoctorId: string;
  readonly employeeId: string;
  readonly decisionDueAt: Instant;
  readonly honoured: boolean;
  readonly confirmed: boolean;
  readonly consented: boolean;
  readonly unreachable: boolean;
  readonly advice?: { readonly outcome: AidOutcome; readonly insist: Insistence; readonly insisted: boolean };
}

type Data<T extends CaseEvent['type']> = CaseEventData<T>;
type On<Effect> = { readonly [T in CaseEvent['type']]?: (data: Data<T>, owners: Owners) => Effect };
/** Opened: until when, and by whom when it is not the usual owner; null: closed. */
type Opened = { readonly dueAt?: Instant; readonly by?: string } | null;
interface Rule {
  readonly owner: 'ownDoctorId' | 'employeeId' | undefined;
  readonly on: On<Opened>;
}

const BACK_OFFICE = 'role:back-office';

const opens = (): Opened => ({});
const closes = (): Opened => null;
const whileUnreachable = (_: unknown, { unreachable }: Owners): Opened => (unreachable ? {} : null);

/** What somebody must do next in intake, in the words of the command. */
const rules: Readonly<Record<string, Rule>> = {
  HonourRequest: {
    owner: 'ownDoctorId',
    on: {
      SecondOpinionWishRecorded: ({ decisionDueAt }) => ({ dueAt: decisionDueAt }),
      DecisionAidCompleted: ({ insist }, { honoured, decisionDueAt }) =>
        insist === 'BLOCKED' || honoured ? null : { dueAt: decisionDueAt },
      RequestHonoured: closes,
    },
  },
  // What is no second opinion at all can only be refused (BR-05, BR-06).
  RefuseRequest: {
    owner: 'ownDoctorId',
    on: {
      DecisionAidCompleted: ({ insist }, { honoured, decisionDueAt }) => {
        if (insist !== 'BLOCKED') return null;
        return honoured ? {} : { dueAt: decisionDueAt };
      },
    },
  },
  ExplainNonSuspension: {
    owner: 'ownDoctorId',
    on: { SecondOpinionWishRecorded: opens, NonSuspensionExplained: closes },
  },
  CompleteDecisionAid: { owner: 'ownDoctorId', on: { SecondOpinionWishRecorded: opens, DecisionAidCompleted: closes } },
  InsistOnSecondOpinion: {
    owner: 'employeeId',
    on: {
      DecisionAidCompleted: ({ insist }, { advice }) =>
        (insist === 'ALLOWED' || insist === 'OWN_DOCTOR_DECIDES') && !advice?.insisted ? {} : null,
      EmployeeChoseSecondOpinion: closes,
    },
  },
  DescribeRequest: { owner: 'ownDoctorId', on: { SecondOpinionWishRecorded: opens, RequestDescribed: closes } },
  ProposeDoctors: {
    owner: 'ownDoctorId',
    on: {
      RequestHonoured: opens,
      NoDoctorAvailable: opens,
      DoctorsProposed: closes,
      DoctorChosen: closes,
      AssignmentRestored: closes,
    },
  },
  // Doctors who were proposed after the choice can be chosen until one is asked.
  ChooseSecondOpinionDoctor: {
    owner: 'employeeId',
    on: {
      DoctorsProposed: ({ choiceDueAt }) => ({ dueAt: choiceDueAt }),
      DoctorChosen: closes,
      AssignmentOffered: closes,
      AssignmentRestored: closes,
    },
  },
  PayAsEmployee: {
    owner: 'employeeId',
    on: {
      DoctorChosen: ({ payerDecisionNeeded }) => (payerDecisionNeeded ? {} : null),
      EmployerAgreementObtained: closes,
      EmployerAgreementDenied: opens,
      EmployeeAgreedToPay: closes,
      AssignmentRestored: closes,
    },
  },
  RecordEmployerAgreement: {
    owner: 'ownDoctorId',
    on: {
      DoctorChosen: ({ payerDecisionNeeded }, { consented }) => (payerDecisionNeeded && consented ? {} : null),
      DisclosureToEmployerConsented: opens,
      DisclosureConsentWithdrawn: closes,
      EmployerAgreementObtained: closes,
      EmployerAgreementDenied: closes,
      EmployeeAgreedToPay: closes,
      AssignmentRestored: closes,
    },
  },
  ConfirmRequest: { owner: 'employeeId', on: { RequestDescribed: opens, RequestConfirmedByEmployee: closes } },
  SubmitSecondOpinionRequest: {
    owner: 'ownDoctorId',
    on: {
      DecisionAidCompleted: ({ insist }, { confirmed }) => (confirmed && insist !== 'BLOCKED' ? {} : null),
      RequestConfirmedByEmployee: (_, { advice }) => (advice?.insist === 'BLOCKED' ? null : {}),
      RequestDescribed: closes,
      SecondOpinionRequestSubmitted: closes,
    },
  },
  // Who cannot be reached can answer nothing either: what he is asked then changes nothing.
  EndForUnreachableEmployee: {
    owner: 'ownDoctorId',
    on: {
      EmployeeUnreachable: opens,
      EmployeeReachable: closes,
      EmployeeSilent: opens,
      EmployeeAsked: whileUnreachable,
      EmployeeAnswered: whileUnreachable,
      SecondOpinionRequestSubmitted: closes,
    },
  },
  AcceptAssignment: {
    owner: undefined,
    on: {
      AssignmentOffered: ({ doctorId, answerDueAt }) => ({ by: doctorId, dueAt: answerDueAt }),
      AssignmentAccepted: closes,
      AssignmentDeclined: closes,
      AssignmentTakenBack: closes,
      AssignmentReassigned: closes,
    },
  },
  ConfirmIndependence: {
    owner: undefined,
    on: {
      AssignmentAccepted: ({ doctorId, independenceDueAt }) => ({ by: doctorId, dueAt: independenceDueAt }),
      IndependenceConfirmed: closes,
      IndependenceRejected: closes,
      AssignmentDeclined: closes,
      AssignmentTakenBack: closes,
      AssignmentReassigned: closes,
    },
  },
  // A doctor who confirmed here has rejected his independence in another case of this person (BR-21).
  ReassignAssignment: {
    owner: undefined,
    on: {
      EarlierInvolvementDeclared: () => ({ by: BACK_OFFICE }),
      IndependenceRejected: closes,
      AssignmentDeclined: closes,
      AssignmentTakenBack: closes,
      AssignmentReassigned: closes,
    },
  },
};

/** What the owners remember, before the tasks are looked at. */
const remembered: On<Partial<Owners>> = {
  RequestHonoured: () => ({ honoured: true }),
  DecisionAidCompleted: ({ outcome, insist }, { advice }) => ({
    advice: { outcome, insist, insisted: advice?.outcome === outcome && advice.insisted },
  }),
  EmployeeChoseSecondOpinion: (_, { advice }) => (advice ? { advice: { ...advice, insisted: true } } : {}),
  RequestDescribed: () => ({ confirmed: false }),
  RequestConfirmedByEmployee: () => ({ confirmed: true }),
  DisclosureToEmployerConsented: () => ({ consented: true }),
  DisclosureConsentWithdrawn: () => ({ consented: false }),
  EmployeeUnreachable: () => ({ unreachable: true }),
  EmployeeReachable: () => ({ unreachable: false }),
};

const ENDS: readonly string[] = ['CaseClosed', 'RequestWithdrawn'];
/** isEnd: nothing is to be done here any more, also when another context told how the case ends. */
const isEnd = ({ type, data }: RecordedEvent): boolean =>
  ENDS.includes(type) ||
  (type === 'MilestoneNoted' && outcomeOf[(data as Data<'MilestoneNoted'>).milestone] !== undefined);
/** isSharing: the report is its doctor’s from then on (A15). */
const isSharing = ({ type, data }: RecordedEvent): boolean =>
  type === 'MilestoneNoted' && (data as Data<'MilestoneNoted'>).milestone === 'REPORT_SHARED';
const OWNERS = 'Owners';
const idOf = ({ stream }: RecordedEvent): string => stream.slice(stream.indexOf('-') + 1);

/** Touched by each type of event: first the owners, then the tasks that it opens or closes. */
const touched = new Map<string, string[]>([['SecondOpinionWishRecorded', [OWNERS]]]);
for (const [task, { on }] of Object.entries(rules))
  for (const [type, effect] of Object.entries(on)) {
    // A wish finds nothing to close.
    if (type === 'SecondOpinionWishRecorded' && effect === closes) continue;
    const tasks = touched.get(type);
    if (tasks) tasks.push(task);
    else touched.set(type, [OWNERS, task]);
  }
const everything = [OWNERS, ...Object.keys(rules)];

export const intakeTasks: View<TaskRow> = {
  name: 'intake.tasks',
  version: 7,
  categories: ['intake.case'],
  indexes: [['assignee', 'dueAt']],
  keys: (event) =>
    (isEnd(event) ? everything : isSharing(event) ? ['ReassignAssignment'] : (touched.get(event.type) ?? [])).map(
      (task) => `${idOf(event)}/${task}`,
    ),
  begins: ({ type }) => type === 'SecondOpinionWishRecorded',
  project: (row, event, key, beside) => {
    if (isEnd(event)) return null;
    if (isSharing(event)) return row && null;
    const about = idOf(event);
    const task = key.slice(key.lastIndexOf('/') + 1);
    if (task === OWNERS) return ownersAfter(row as Owners | undefined, event, about);
    const rule = rules[task];
    const owners = beside?.(`${about}/${OWNERS}`) as Owners | undefined;
    const effect = effectOf(rule?.on, event);
    if (!rule || !effect || !owners) return row;
    const opened = effect(event.data, owners);
    if (!opened) return row && null;
    const { by = (rule.owner && owners[rule.owner]) ?? '', dueAt = NO_TERM } = opened;
    if (by === '') return null;
    if (row?.assignee === by && row.dueAt === dueAt) return row;
    const since = row?.assignee === by ? row.since : event.metadata.recordedAt;
    return { task, about, assignee: by, since, dueAt };
  },
};

function effectOf<Effect>(on: On<Effect> | undefined, { type }: RecordedEvent) {
  return on?.[type as CaseEvent['type']] as ((data: object, owners: Owners) => Effect) | undefined;
}

function ownersAfter(owners: Owners | undefined, event: RecordedEvent, about: string): Owners | undefined {
  if (event.type !== 'SecondOpinionWishRecorded') {
    const change = owners && effectOf(remembered, event)?.(event.data, owners);
    const isNew = Object.entries(change ?? {}).some(([name, value]) => owners?.[name as keyof Owners] !== value);
    return owners && isNew ? { ...owners, ...change } : owners;
  }
  const { ownDoctorId, employeeId, decisionDueAt } = event.data as Data<'SecondOpinionWishRecorded'>;
  const nothingYet = { honoured: false, confirmed: false, consented: false, unreachable: false };
  const since = event.metadata.recordedAt;
  return {
    ...{ task: OWNERS, about, assignee: '', since, dueAt: NO_TERM },
    ...{ ownDoctorId, employeeId, decisionDueAt, ...nothingYet },
  };
}
