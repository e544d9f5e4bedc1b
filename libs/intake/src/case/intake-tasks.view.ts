import { NO_TERM, type Instant, type RecordedEvent, type TaskRow, type View } from '@second-opinion/kernel';
import type { CaseEvent, CaseEventData } from './case.events';

/** Owners of a case remember whose its tasks are; the row is nobody's, and stands beside those that somebody has to do. */
interface Owners extends TaskRow {
  readonly ownDoctorId: string;
  readonly employeeId: string;
}

type Wish = CaseEventData<'SecondOpinionWishRecorded'>;
/** Opened: until when, and by whom when it is not the usual owner; null: closed. */
type Opened = { readonly dueAt?: Instant; readonly by?: string } | null;
type Effects = { readonly [T in CaseEvent['type']]?: (data: CaseEventData<T>) => Opened };
interface Rule {
  readonly owner: 'ownDoctorId' | 'employeeId' | undefined;
  readonly on: Effects;
}

const opens = (): Opened => ({});
const closes = (): Opened => null;

/** What somebody must do next in intake, in the words of the command. */
const rules: Readonly<Record<string, Rule>> = {
  HonourRequest: {
    owner: 'ownDoctorId',
    on: { SecondOpinionWishRecorded: ({ decisionDueAt }) => ({ dueAt: decisionDueAt }), RequestHonoured: closes },
  },
  ExplainNonSuspension: {
    owner: 'ownDoctorId',
    on: { SecondOpinionWishRecorded: opens, NonSuspensionExplained: closes },
  },
  CompleteDecisionAid: { owner: 'ownDoctorId', on: { SecondOpinionWishRecorded: opens, DecisionAidCompleted: closes } },
  DescribeRequest: { owner: 'ownDoctorId', on: { SecondOpinionWishRecorded: opens, RequestDescribed: closes } },
  ProposeDoctors: {
    owner: 'ownDoctorId',
    on: { RequestHonoured: opens, NoDoctorAvailable: opens, DoctorsProposed: closes, DoctorChosen: closes },
  },
  ChooseSecondOpinionDoctor: {
    owner: 'employeeId',
    on: { DoctorsProposed: ({ choiceDueAt }) => ({ dueAt: choiceDueAt }), DoctorChosen: closes },
  },
  PayAsEmployee: {
    owner: 'employeeId',
    on: {
      DoctorChosen: ({ payerDecisionNeeded }) => (payerDecisionNeeded ? {} : null),
      EmployerAgreementObtained: closes,
      EmployerAgreementDenied: opens,
      EmployeeAgreedToPay: closes,
    },
  },
  RecordEmployerAgreement: {
    owner: 'ownDoctorId',
    on: {
      DisclosureToEmployerConsented: opens,
      DisclosureConsentWithdrawn: closes,
      EmployerAgreementObtained: closes,
      EmployerAgreementDenied: closes,
      EmployeeAgreedToPay: closes,
    },
  },
  ConfirmRequest: { owner: 'employeeId', on: { RequestDescribed: opens, RequestConfirmedByEmployee: closes } },
  SubmitSecondOpinionRequest: {
    owner: 'ownDoctorId',
    on: { RequestConfirmedByEmployee: opens, RequestDescribed: closes, SecondOpinionRequestSubmitted: closes },
  },
  AcceptAssignment: {
    owner: undefined,
    on: {
      AssignmentOffered: ({ doctorId, answerDueAt }) => ({ by: doctorId, dueAt: answerDueAt }),
      AssignmentAccepted: closes,
      AssignmentDeclined: closes,
    },
  },
  ConfirmIndependence: {
    owner: undefined,
    on: {
      AssignmentAccepted: ({ doctorId, independenceDueAt }) => ({ by: doctorId, dueAt: independenceDueAt }),
      IndependenceConfirmed: closes,
      IndependenceRejected: closes,
      AssignmentDeclined: closes,
    },
  },
};

const ENDS: readonly string[] = ['CaseClosed', 'RequestWithdrawn'];
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
for (const end of ENDS) touched.set(end, [OWNERS, ...Object.keys(rules)]);

export const intakeTasks: View<TaskRow> = {
  name: 'intake.tasks',
  version: 2,
  categories: ['intake.case'],
  indexes: [['assignee', 'dueAt']],
  keys: (event) => (touched.get(event.type) ?? []).map((task) => `${idOf(event)}/${task}`),
  project: (row, event, key, beside) => {
    if (ENDS.includes(event.type)) return null;
    const about = idOf(event);
    const task = key.slice(key.lastIndexOf('/') + 1);
    if (task === OWNERS) return event.type === 'SecondOpinionWishRecorded' ? ownersOf(event, about) : row;
    const rule = rules[task];
    const effect = rule?.on[event.type as CaseEvent['type']] as ((data: object) => Opened) | undefined;
    if (!rule || !effect) return row;
    const opened = effect(event.data);
    if (!opened) return null;
    const owners = beside?.(`${about}/${OWNERS}`) as Owners | undefined;
    const { by = (rule.owner && owners?.[rule.owner]) ?? '', dueAt = NO_TERM } = opened;
    return by === '' ? null : { task, about, assignee: by, since: event.metadata.recordedAt, dueAt };
  },
};

function ownersOf(event: RecordedEvent, about: string): Owners {
  const { ownDoctorId, employeeId } = event.data as Wish;
  const since = event.metadata.recordedAt;
  return { task: OWNERS, about, assignee: '', since, dueAt: NO_TERM, ownDoctorId, employeeId };
}
