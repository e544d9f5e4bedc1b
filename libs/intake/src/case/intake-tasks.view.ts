import { NO_TERM, type Instant, type RecordedEvent, type TaskRow, type View } from '@second-opinion/kernel';
import type { CaseEvent, CaseEventData } from './case.events';

/** IntakeTask remembers whose task it would be; while nobody has to do it, it stands with nobody. */
interface IntakeTask extends TaskRow {
  readonly owner: string;
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
const idOf = ({ stream }: RecordedEvent): string => stream.slice(stream.indexOf('-') + 1);

export const intakeTasks: View<TaskRow> = {
  name: 'intake.tasks',
  version: 1,
  categories: ['intake.case'],
  indexes: [['assignee', 'dueAt']],
  keys: (event) => {
    const everything = event.type === 'SecondOpinionWishRecorded' || ENDS.includes(event.type);
    return Object.entries(rules)
      .filter(([, { on }]) => everything || event.type in on)
      .map(([task]) => `${idOf(event)}/${task}`);
  },
  project: (stored, event, key) => {
    const row = stored as IntakeTask | undefined;
    if (ENDS.includes(event.type)) return null;
    const task = key.slice(key.lastIndexOf('/') + 1);
    const rule = rules[task];
    if (!rule) return row;
    const owner = event.type === 'SecondOpinionWishRecorded' ? ownerOf(rule, event.data as Wish) : (row?.owner ?? '');
    const known = row ?? {
      task,
      about: idOf(event),
      assignee: '',
      since: event.metadata.recordedAt,
      dueAt: NO_TERM,
      owner,
    };
    const effect = rule.on[event.type as CaseEvent['type']] as ((data: object) => Opened) | undefined;
    if (!effect) return { ...known, owner };
    const opened = effect(event.data);
    if (!opened && row?.assignee === '') return row;
    if (!opened) return { ...known, assignee: '', dueAt: NO_TERM };
    const { by = owner, dueAt = NO_TERM } = opened;
    return { ...known, assignee: by, since: event.metadata.recordedAt, dueAt };
  },
};

const ownerOf = ({ owner }: Rule, wish: Wish): string => (owner === undefined ? '' : wish[owner]);
