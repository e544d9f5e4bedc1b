import type { RegisteredDoctor } from '@second-opinion/contracts';
import type { Instant } from '@second-opinion/kernel';
import { startOf } from './appointment.rules';
import type { AppointmentData } from './appointment.events';
import type { Slot } from './agenda.events';
import { kilometresBetween } from './regions.terms';
import { isBeyond } from './registration.rules';
import { dateOf } from './streams.rules';

/** Search is what a case asks of a slot. */
export type Search = Pick<
  AppointmentData<'SlotSought'>,
  'doctorId' | 'ownOrganisationId' | 'region' | 'from' | 'usualUntil' | 'limit'
>;

/** Wanted is a day's agenda with the slots to ask it for, best first. */
export interface Wanted {
  readonly date: string;
  readonly slotIds: readonly string[];
}

/**
 * bestFirst puts free slots in the order in which a case wants them: those within the usual time before those within the limit before
 * later ones; in each the nearest to the employee's home first, then the earliest (BR-28, BR-30). Never at the own doctor's service, never
 * beyond the registration of the doctor (BR-19).
 */
export function bestFirst<S extends Slot>(slots: readonly S[], search: Search, doctor?: RegisteredDoctor): S[] {
  return slots
    .filter((slot) => slot.doctorId === search.doctorId && slot.organisationId !== search.ownOrganisationId)
    .filter((slot) => !isBeyond(doctor, slot))
    .map((slot) => ({ slot, start: startOf(slot) }))
    .filter(({ start }) => start > search.from)
    .map((found) => ({
      ...found,
      tier: tierOf(found.start, search),
      far: kilometresBetween(search.region, found.slot.region),
    }))
    .sort((a, b) => a.tier - b.tier || a.far - b.far || compare(a.start, b.start))
    .map(({ slot }) => slot);
}

/** byDay groups neighbours in this order that stand in the same agenda, so that one decision there tries them all. */
export function byDay(slots: readonly Slot[]): Wanted[] {
  const days: { date: string; slotIds: string[] }[] = [];
  for (const { startsAt, slotId } of slots) {
    const last = days.at(-1);
    if (last?.date === dateOf(startsAt)) last.slotIds.push(slotId);
    else days.push({ date: dateOf(startsAt), slotIds: [slotId] });
  }
  return days;
}

function tierOf(start: Instant, { usualUntil, limit }: Search): number {
  if (start <= usualUntil) return 0;
  return start <= limit ? 1 : 2;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** monthsFrom lists calendar months, `YYYY-MM`, beginning with that of a date. */
export function monthsFrom(date: string, count: number): string[] {
  const first = Temporal.PlainDate.from(date).toPlainYearMonth();
  return Array.from({ length: count }, (_, months) => first.add({ months }).toString());
}
