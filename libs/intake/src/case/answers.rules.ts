import { addWorkingDays, endOfWorkingDay, type Circumstances, type Sealed } from '@second-opinion/kernel';
import { intakeTerms } from '../intake.terms';
import { evolve } from './case-evolution.rules';
import type * as commands from './case.commands';
import type { CaseEvent, Missing } from './case.events';
import { isEnded, type Case } from './case.rules';
import { missingFor } from './request.rules';

// What only the employee can do before the submission must not wait for ever: reminded, then silent, then ended by his own doctor (section 3).

type Decide<C> = (command: Sealed<C>, state: Case, around: Circumstances) => CaseEvent[];

/** asking decides, and sees to the term of what the employee is asked by it. */
export const asking =
  <C>(decide: Decide<C>): Decide<C> =>
  (command, state, around) => {
    const events = decide(command, state, around);
    return events.length === 0 ? events : [...events, ...asked(state, events.reduce(evolve, state), around)];
  };

/** askedOf the employee: what the submission of an honoured request lacks and nobody else can do. */
function askedOf(state: Case): Missing[] {
  const { status, aid, form, proposed, disclosureConsented, employerDenied } = state;
  if (status !== 'honoured' || isEnded(state) || aid?.insist === 'BLOCKED') return [];
  const his: Readonly<Record<Missing, boolean>> = {
    REQUEST_FORM: false,
    EMPLOYEE_CHOICE: true,
    DOCTOR_CHOICE: proposed !== undefined,
    // The employer's answer is a third party's (section 6): the clock waits for it.
    PAYER_DECISION: !disclosureConsented || employerDenied,
    EMPLOYEE_CONFIRMATION: form !== undefined,
  };
  return missingFor(state).filter((one) => his[one]);
}

function asked({ asked: known }: Case, after: Case, around: Circumstances): CaseEvent[] {
  const of = askedOf(after);
  if (of.length === 0)
    return known && after.status === 'honoured' ? [{ type: 'EmployeeAnswered', data: { at: around.now } }] : [];
  return known && !known.silent && of.join() === known.of.join() ? [] : askedAnew(after, around);
}

function askedAnew(state: Case, { now, calendar }: Circumstances): CaseEvent[] {
  const of = askedOf(state);
  if (of.length === 0) return [];
  const reminders = intakeTerms.answerReminderWorkingDays.map((days, index) => ({
    attempt: index + 2,
    dueAt: addWorkingDays(now, days, calendar),
  }));
  const until = endOfWorkingDay(now, intakeTerms.unreachableWorkingDays, calendar);
  return [{ type: 'EmployeeAsked', data: { of, reminders, until, calendarVersion: calendar.version } }];
}

export const remindOfAnswer: Decide<commands.RemindEmployeeOfAnswer> = ({ attempt, loggedInAt }, { asked: open }) =>
  loggedInAt === undefined || !open || open.silent || open.attempts >= attempt
    ? []
    : [{ type: 'AnswerReminderDue', data: { attempt, until: open.until } }];

/** Without a login he can answer nothing: what was left of the term when he got it is not a term in which he was reminded. */
const isWhole = ({ asked: open }: Case, loggedInAt: string, { calendar }: Circumstances): boolean =>
  open !== undefined && open.until >= endOfWorkingDay(loggedInAt, intakeTerms.unreachableWorkingDays, calendar);

/** Who is invited anew, or logs in, has the whole term from then on. */
export const noteReachable: Decide<commands.NoteEmployeeReachable> = ({ loggedInAt }, state, around) => {
  if (isEnded(state)) return [];
  if (state.unreachable) return [{ type: 'EmployeeReachable', data: { at: around.now } }, ...askedAnew(state, around)];
  return loggedInAt === undefined || isWhole(state, loggedInAt, around) ? [] : askedAnew(state, around);
};

/** Who has no login is told of, and can be given up, for the invitation that he does not answer. */
export const noteSilent: Decide<commands.NoteEmployeeSilent> = ({ loggedInAt }, state, around) => {
  const { asked: open, unreachable } = state;
  if (!open || open.silent || unreachable || loggedInAt === undefined || around.now < open.until) return [];
  // The case may not have heard of his login yet.
  if (!isWhole(state, loggedInAt, around)) return askedAnew(state, around);
  return [{ type: 'EmployeeSilent', data: { of: [...open.of], at: around.now } }];
};
