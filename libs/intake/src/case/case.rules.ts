import type { Outcome, Subject } from '@second-opinion/contracts';
import { Forbidden, isActor, Refused, type Circumstances, type Seal } from '@second-opinion/kernel';
import type { CaseEventData, Milestone, Missing } from './case.events';
import type { AidOutcome, Insistence } from './decision-aid.rules';

/** Choice is a doctor the employee named, in his order of preference. */
export type Choice = CaseEventData<'DoctorChosen'>['choices'][number];

export interface Assignment {
  readonly doctorId: string;
  readonly round: number;
  readonly step: 'offered' | 'accepted' | 'confirmed';
}

/** Case is what a route-A case has come to. Set `outcome` means that it is ending: known how, not yet closed. */
export interface Case {
  readonly status: 'none' | 'wished' | 'honoured' | 'submitted' | 'closed';
  readonly wish?: CaseEventData<'SecondOpinionWishRecorded'>;
  readonly explained: boolean;
  readonly aid?: { readonly outcome: AidOutcome; readonly insist: Insistence; readonly rulesetVersion: string };
  readonly insisted: boolean;
  readonly reminded: boolean;
  readonly overdue: boolean;
  readonly form?: { readonly version: number; readonly subject: Subject; readonly firstAdviceOn: string };
  readonly confirmedForm?: number;
  readonly proposed?: {
    readonly doctorIds: readonly string[];
    readonly choiceDueAt: string;
    readonly overdue: boolean;
  };
  readonly choices: readonly Choice[];
  readonly disclosureConsented: boolean;
  readonly employerAgreedTo: readonly string[];
  /** employerDenied: he does not pay for whom was chosen last. */
  readonly employerDenied: boolean;
  readonly employeePaysFor: readonly string[];
  readonly debtor?: Seal;
  readonly assignment?: Assignment;
  /** former: the doctor who gave the case up last, of those who could have begun (A15). */
  readonly former?: string;
  readonly rounds: number;
  /** waiting: preferences that were not offered yet. */
  readonly waiting: readonly Choice[];
  readonly everAccepted: boolean;
  /** notIndependent: doctors who declared an earlier involvement with this person, here or, while they had this case, in another one. */
  readonly notIndependent: readonly string[];
  /** acted: doctors who were confirmed, also those who gave the assignment up (BR-21). */
  readonly acted: readonly string[];
  /** noDoctor: no preference is left, the choice of doctors is open again. */
  readonly noDoctor: boolean;
  /** unreachable: nobody answers the invitation; the own doctor may end the case. */
  readonly unreachable: boolean;
  /** asked: what waits for him before the submission, and whether all reminders were in vain; the own doctor may then end the case. */
  readonly asked?: {
    readonly of: readonly Missing[];
    readonly until: string;
    readonly attempts: number;
    readonly silent: boolean;
  };
  readonly fileOpened: boolean;
  readonly settled: boolean;
  readonly outcome?: Outcome;
  /** noted: `<milestone>:<ref>` of everything other contexts told. */
  readonly noted: readonly string[];
  readonly released: boolean;
  readonly forgotten: boolean;
}

export const noCase: Case = {
  status: 'none',
  explained: false,
  insisted: false,
  reminded: false,
  overdue: false,
  choices: [],
  disclosureConsented: false,
  employerAgreedTo: [],
  employerDenied: false,
  employeePaysFor: [],
  rounds: 0,
  waiting: [],
  everAccepted: false,
  notIndependent: [],
  acted: [],
  noDoctor: false,
  unreachable: false,
  fileOpened: false,
  settled: false,
  noted: [],
  released: false,
  forgotten: false,
};

export type Wish = CaseEventData<'SecondOpinionWishRecorded'>;

export const isEnded = (state: Case): boolean => state.status === 'closed' || state.outcome !== undefined;

/** open gives the wish of a case that is still going on. */
export function open(state: Case): Wish {
  if (!state.wish) throw new Refused('intake.no-wish');
  if (isEnded(state)) throw new Refused('intake.case-ended');
  return state.wish;
}

/** notSubmitted gives the wish of a case whose request can still be changed. */
export function notSubmitted(state: Case): Wish {
  const wish = open(state);
  if (state.status === 'submitted') throw new Refused('intake.already-submitted');
  return wish;
}

/** honoured gives the wish of a case that the own doctor has honoured. */
export function honoured(state: Case): Wish {
  const wish = open(state);
  if (state.status === 'wished') throw new Refused('intake.not-honoured');
  return wish;
}

/** byOwnDoctor: only the employee's own company doctor himself; it cannot be delegated (BR-02, BR-03). */
export function byOwnDoctor(wish: Wish, { actor }: Circumstances): void {
  if (actor.role !== 'company-doctor' || !isActor(actor, wish.ownDoctorId))
    throw new Forbidden('intake.own-doctor-only');
}

/** byEmployee: only the employee himself (BR-01, BR-39). */
export function byEmployee(wish: Wish, { actor }: Circumstances): void {
  if (actor.role !== 'employee' || !isActor(actor, wish.employeeId)) throw new Forbidden('intake.employee-only');
}

/** payment of a doctor named: who pays him, or that this is still to be decided (BR-17, BR-52). */
export function paymentOf(state: Case, choice: Choice): 'EMPLOYER' | 'EMPLOYEE' | 'UNDECIDED' {
  if (choice.contracted || employerAgreed(state, choice)) return 'EMPLOYER';
  return state.employeePaysFor.includes(choice.doctorId) && state.debtor !== undefined ? 'EMPLOYEE' : 'UNDECIDED';
}

export function employerAgreed(state: Case, choice: Choice): boolean {
  return !choice.contracted && (choice.agreedByContract || state.employerAgreedTo.includes(choice.doctorId));
}

export function undecided(state: Case): readonly Choice[] {
  return state.choices.filter((choice) => paymentOf(state, choice) === 'UNDECIDED');
}

/** isShared: the employee has the report, so that nobody else is asked for one (A15). */
export const isShared = ({ noted, released }: Case): boolean =>
  released || noted.some((key) => key.startsWith('REPORT_SHARED:'));

/** isAboutToAct: he has acted in this case, or may still declare his independence in this round of it (BR-21). */
export function isAboutToAct(state: Case, doctorId: string, round: number): boolean {
  const { acted, assignment } = state;
  const waits = assignment?.doctorId === doctorId && assignment.round === round && assignment.step === 'accepted';
  return acted.includes(doctorId) || (waits && !isEnded(state));
}

/** milestoneKey tells what was told already. */
export const milestoneKey = (milestone: Milestone, ref: string | undefined): string => `${milestone}:${ref ?? ''}`;
