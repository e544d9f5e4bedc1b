import type { CaseTerm } from '@second-opinion/contracts';
import {
  endOfLocalDay,
  localDateOf,
  nextWorkingDay,
  type Circumstances,
  type Instant,
  type LocalDate,
  type WorkingCalendar,
} from '@second-opinion/kernel';
import type { MedicalFile } from './file-state.rules';
import type { FileEvent, Pause } from './file.events';
import { TERMS } from './reporting.terms';

/** Wait for the employee or a third party; it goes on until it has an end. */
export interface Wait {
  readonly reason: Pause;
  readonly ref: string;
  readonly from: Instant;
  readonly until?: Instant;
}

/** CaseClock runs from the signed quote to the first sharing; what is waited for stands here whether it runs already or not. */
export interface CaseClock {
  readonly running?: {
    readonly quoteId: string;
    readonly startedAt: Instant;
    readonly due: Readonly<Partial<Record<CaseTerm, Instant>>>;
  };
  /** quotes that ever started it; a signature starts it once. */
  readonly quotes: readonly string[];
  readonly waits: readonly Wait[];
  /** overdue: the due instant with which a term was said to have passed. */
  readonly overdue: Readonly<Partial<Record<CaseTerm, Instant>>>;
}

export const stoppedClock: CaseClock = { quotes: [], waits: [], overdue: {} };

/** evolveClock tells the clock of the case after an event; undefined when it does not move it. */
export function evolveClock(clock: CaseClock, event: FileEvent): CaseClock | undefined {
  switch (event.type) {
    case 'ClockStarted': {
      const { quoteId, startedAt } = event.data;
      const running = { quoteId, startedAt, due: dueOf(event.data) };
      return { ...clock, running, quotes: [...clock.quotes, quoteId], overdue: {} };
    }
    case 'ClockVoided': {
      const { running: _running, ...rest } = clock;
      return { ...rest, overdue: {} };
    }
    case 'ClockPaused': {
      const { reason, ref, at: from } = event.data;
      if (event.data.clock !== 'CASE' || from === undefined) return undefined;
      return { ...withDue(clock, passed(clock, from)), waits: [...clock.waits, { reason, ref, from }] };
    }
    case 'ClockResumed': {
      const { clock: which, ref, at: until } = event.data;
      if (which !== 'CASE' || until === undefined) return undefined;
      return { ...withDue(clock, dueOf(event.data)), waits: ended(clock.waits, ref, until) };
    }
    case 'CaseOverdue':
      return { ...clock, overdue: { ...clock.overdue, [event.data.term]: event.data.dueAt } };
    default:
      return undefined;
  }
}

/** caseTermsOf the clock, when it was started then: each ends with its n-th working day that was not waited through (domain section 6). */
export function caseTermsOf(
  startedAt: Instant,
  waits: readonly Wait[],
  calendar: WorkingCalendar,
): { targetDueAt?: Instant; limitDueAt?: Instant } {
  const [target, limit] = [TERMS.caseWorkingDays.TARGET, TERMS.caseWorkingDays.LIMIT].map((days) =>
    dueAfter(startedAt, days, waits, calendar),
  );
  return {
    ...(target === undefined ? {} : { targetDueAt: target }),
    ...(limit === undefined ? {} : { limitDueAt: limit }),
  };
}

/** casePaused: from then on the clock of the case waits. It is no clock any more once the report was shared, or the case is over. */
export function casePaused(state: MedicalFile, reason: Pause, ref: string, at: Instant): FileEvent[] {
  return isStopped(state) ? [] : [{ type: 'ClockPaused', data: { clock: 'CASE', reason, ref, at } }];
}

/** caseResumed: what was waited for has come, or is waited for no more; other waits may go on. */
export function caseResumed(
  state: MedicalFile,
  which: (wait: Wait) => boolean,
  at: Instant,
  { calendar }: Pick<Circumstances, 'calendar'>,
): FileEvent[] {
  if (isStopped(state)) return [];
  let { waits } = state.clock;
  const open = waits.filter((wait) => wait.until === undefined && which(wait));
  return open.map(({ reason, ref }) => {
    waits = ended(waits, ref, at);
    const { running } = state.clock;
    const terms = running ? caseTermsOf(running.startedAt, waits, calendar) : {};
    const data = { clock: 'CASE' as const, reason, ref, at, ...terms, calendarVersion: calendar.version };
    return { type: 'ClockResumed', data };
  });
}

/** isStopped: the first sharing, or the end of the case, has stopped the clock for good. */
export function isStopped({ shared, ended: end, withdrawnAt }: MedicalFile): boolean {
  return shared !== undefined || end !== undefined || withdrawnAt !== undefined;
}

function dueAfter(
  startedAt: Instant,
  days: number,
  waits: readonly Wait[],
  calendar: WorkingCalendar,
): Instant | undefined {
  const stretches = waits.map(({ from, until }) => [localDateOf(from), until && localDateOf(until)] as const);
  let date: LocalDate = localDateOf(startedAt);
  for (let counted = 0; counted < days;) {
    date = nextWorkingDay(date, calendar);
    const through = stretches.filter(([from, until]) => date > from && (until === undefined || date <= until));
    if (through.some(([, until]) => until === undefined)) return undefined;
    if (through.length === 0) counted++;
  }
  return endOfLocalDay(date);
}

function dueOf({ targetDueAt, limitDueAt }: { targetDueAt?: Instant; limitDueAt?: Instant }) {
  return {
    ...(targetDueAt === undefined ? {} : { TARGET: targetDueAt }),
    ...(limitDueAt === undefined ? {} : { LIMIT: limitDueAt }),
  };
}

/** passed: a pause voids what is still to come, and nothing of what had passed. */
function passed({ running }: CaseClock, at: Instant): Partial<Record<CaseTerm, Instant>> {
  return Object.fromEntries(Object.entries(running?.due ?? {}).filter(([, dueAt]) => dueAt <= at));
}

function withDue(clock: CaseClock, due: Partial<Record<CaseTerm, Instant>>): CaseClock {
  return clock.running ? { ...clock, running: { ...clock.running, due } } : clock;
}

function ended(waits: readonly Wait[], ref: string, until: Instant): readonly Wait[] {
  return waits.map((wait) => (wait.ref === ref && wait.until === undefined ? { ...wait, until } : wait));
}
