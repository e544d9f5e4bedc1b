import type { CaseTerm } from '@second-opinion/contracts';
import type { Shown } from '@second-opinion/kernel';
import { changed } from './participants.view';
import type { FileEvent, Pause } from './file.events';

/** ClockRow is the clock of the whole case: from the signed quote to the first sharing. */
export interface ClockRow {
  readonly startedAt?: string;
  /** targetDueAt and limitDueAt: absent while the clock is paused and they have not passed yet. */
  readonly targetDueAt?: string;
  readonly limitDueAt?: string;
  readonly pausedFor: readonly Pause[];
  readonly overdue: readonly CaseTerm[];
  readonly stoppedAt?: string;
}

export const noClock: ClockRow = { pausedFor: [], overdue: [] };

/** clockAfter an event; the same row when it does not move it. */
export function clockAfter(row: ClockRow, event: FileEvent): ClockRow {
  if (row.stoppedAt !== undefined) return row;
  switch (event.type) {
    case 'ClockStarted': {
      const { startedAt, targetDueAt, limitDueAt } = event.data;
      return changed(row, { startedAt, targetDueAt, limitDueAt, overdue: [] });
    }
    case 'ClockVoided':
      return changed(row, { startedAt: undefined, targetDueAt: undefined, limitDueAt: undefined, overdue: [] });
    case 'ClockPaused': {
      const { clock, reason, at = '' } = event.data;
      if (clock !== 'CASE') return row;
      const passed = (dueAt?: string) => (dueAt !== undefined && dueAt <= at ? dueAt : undefined);
      const terms = { targetDueAt: passed(row.targetDueAt), limitDueAt: passed(row.limitDueAt) };
      return changed(row, { ...terms, pausedFor: [...row.pausedFor, reason] });
    }
    case 'ClockResumed': {
      const { clock, reason, targetDueAt, limitDueAt } = event.data;
      if (clock !== 'CASE') return row;
      const pausedFor = row.pausedFor.filter((_, index) => index !== row.pausedFor.indexOf(reason));
      return changed(row, { targetDueAt, limitDueAt, pausedFor });
    }
    case 'CaseOverdue':
      return { ...row, overdue: [...row.overdue, event.data.term] };
    case 'ReportSharedWithEmployee':
      return stopped(row, event.data.sharedAt);
    case 'NotExecutableDecided':
    case 'RequestWithdrawn':
    case 'CaseEndNoted':
      return stopped(row, event.data.at);
    default:
      return row;
  }
}

function stopped(row: ClockRow, stoppedAt: string): ClockRow {
  return { ...row, pausedFor: [], stoppedAt };
}

/** clockShown once it runs, to those whose work it times and who audit it: the signature is not the employee's to know of (row 19). */
export function clockShown({ startedAt, ...terms }: ClockRow): Shown {
  return startedAt === undefined ? {} : { caseClock: { startedAt, ...terms } };
}
