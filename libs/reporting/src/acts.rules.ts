import {
  endOfWorkingDay,
  localDateOf,
  nextWorkingDay,
  Refused,
  startOfLocalDay,
  type Circumstances,
  type Decider,
  type InstancesOf,
  type Instant,
} from '@second-opinion/kernel';
import { caseResumed } from './case-clock-state.rules';
import { evolve, type MedicalFile } from './file-state.rules';
import type * as commands from './file.commands';
import type { FileEvent, Pause } from './file.events';
import { TERMS } from './reporting.terms';

/** FileCommands, by class name. */
export type FileCommands = InstancesOf<typeof commands>;
/** FileDecider decides them on one medical file. */
export type FileDecider = Decider<FileCommands, MedicalFile, FileEvent>;
/** Acts is the part of its decisions that one file of rules holds. */
export type Acts<Names extends keyof FileCommands> = Pick<FileDecider['decide'], Names>;

/** Opened is a file that intake's submission has opened. */
export type Opened = MedicalFile & { readonly opened: NonNullable<MedicalFile['opened']> };

/** NOT_REGISTERED refuses what a doctor writes or judges on a day that his registration does not reach (BR-19). */
export const NOT_REGISTERED = 'reporting.doctor-not-registered';

/** opened refuses what comes before the submission. */
export function opened(state: MedicalFile): Opened {
  if (!state.opened) throw new Refused('reporting.no-file');
  return state as Opened;
}

/** running refuses what comes after the end of the case or its withdrawal, in the same words for all of these. */
export function running(state: MedicalFile): Opened {
  const file = opened(state);
  if (isOver(file)) throw new Refused('reporting.case-ended');
  return file;
}

/** assigned refuses what is allowed for one doctor while it is not known for whom (A11 comes after A7, and again with another doctor). */
export function assigned<File extends MedicalFile>(file: File): File {
  if (file.doctorId === undefined) throw new Refused('reporting.no-doctor-yet');
  return file;
}

/**
 * isOver: the case has ended, or its request was withdrawn, or it was forgotten after a release, which ends nothing else; nobody is asked for
 * anything more, and nothing more goes.
 */
export function isOver({ ended, withdrawnAt, forgotten, released }: MedicalFile): boolean {
  return ended !== undefined || withdrawnAt !== undefined || (forgotten && released !== undefined);
}

/** resumed: both clocks go on after what was waited for. */
export function resumed(state: MedicalFile, reason: Pause, ref: string, around: Circumstances): FileEvent[] {
  return [
    ...reportResumed(state, reason, ref, around),
    ...caseResumed(state, (wait) => wait.ref === ref, around.now, around),
  ];
}

/** reportResumed is the report's clock going on after a pause: its term starts again with the last information (A15). */
export function reportResumed(
  state: MedicalFile,
  reason: Pause,
  ref: string,
  { now, calendar }: Circumstances,
): FileEvent[] {
  if (!state.pauses.includes(ref)) return [];
  const goesOn = state.pauses.length === 1 && state.consultation !== undefined && !state.shared;
  return [
    {
      type: 'ClockResumed',
      data: {
        clock: 'REPORT',
        reason,
        ref,
        ...(goesOn ? { dueAt: endOfWorkingDay(now, TERMS.reportWorkingDays, calendar) } : {}),
        ...(goesOn && state.doctorId !== undefined ? { assigneeId: state.doctorId } : {}),
        calendarVersion: calendar.version,
      },
    },
  ];
}

/** allResumed: none of these pauses goes on. */
export function allResumed(
  state: MedicalFile,
  refs: readonly string[],
  around: Circumstances,
  goOn = resumed,
): FileEvent[] {
  return refs.reduce<FileEvent[]>((events, ref) => {
    const reason = ref === AUTHORISATION ? 'AUTHORISATION' : 'THIRD_PARTY';
    return [...events, ...goOn(events.reduce(evolve, state), reason, ref, around)];
  }, []);
}

/** AUTHORISATION is the ref of the pause that waits for the employee's decision. */
export const AUTHORISATION = 'authorisation';

/** startOfWorkingDay gives the beginning of the n-th working day after now: reminders are for that day. */
export function startOfWorkingDay(days: number, { now, calendar }: Pick<Circumstances, 'now' | 'calendar'>): Instant {
  let date = localDateOf(now);
  for (let day = 0; day < days; day++) date = nextWorkingDay(date, calendar);
  return startOfLocalDay(date);
}
