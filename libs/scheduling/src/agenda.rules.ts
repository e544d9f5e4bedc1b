import { Refused, ZONE, type Circumstances } from '@second-opinion/kernel';
import type { Mover } from './agenda.events';
import { TERMS } from './scheduling.terms';

/** moverOf: as whom somebody changes an appointment or an agenda (BR-77). */
export function moverOf({ role }: Circumstances['actor']): Mover {
  return role === 'employee' || role === 'second-opinion-doctor' || role === 'back-office' ? role : 'system';
}

interface Stretch {
  readonly from: string;
  readonly until: string;
}

/**
 * slotTimes cuts blocks of one day into slots of real minutes, as wall-clock times. On the days on which the clock changes an hour that
 * does not exist, or exists twice, cannot begin or end a block; a slot across the change is as long as any other.
 */
export function slotTimes(date: string, blocks: readonly Stretch[], slotMinutes: number) {
  if (slotMinutes > TERMS.longestSlotMinutes || slotMinutes < TERMS.shortestSlotMinutes)
    throw new Refused('scheduling.slot-length', { longest: TERMS.longestSlotMinutes });
  const ordered = [...blocks].sort((a, b) => (a.from < b.from ? -1 : 1));
  let end = '';
  return ordered.flatMap(({ from, until }) => {
    if (from >= until || !from.startsWith(date) || !until.startsWith(date)) throw new Refused('scheduling.block-times');
    if (from < end) throw new Refused('scheduling.slots-overlap');
    end = until;
    return cut(zoned(from), zoned(until), slotMinutes);
  });
}

function cut(from: Temporal.ZonedDateTime, until: Temporal.ZonedDateTime, minutes: number) {
  const slots: { startsAt: string; endsAt: string }[] = [];
  for (let start = from; ;) {
    const end = start.add({ minutes });
    if (Temporal.ZonedDateTime.compare(end, until) > 0) return slots;
    slots.push({ startsAt: spell(start), endsAt: spell(end) });
    start = end;
  }
}

function zoned(local: string): Temporal.ZonedDateTime {
  try {
    return Temporal.PlainDateTime.from(local).toZonedDateTime(ZONE, { disambiguation: 'reject' });
  } catch (cause) {
    throw new Refused('scheduling.no-such-time', {}, { cause });
  }
}

/** spell gives the wall-clock time, which must mean this very instant to everybody who reads it. */
function spell(at: Temporal.ZonedDateTime): string {
  const local = at.toPlainDateTime().toString({ smallestUnit: 'minute' });
  zoned(local);
  return local;
}
