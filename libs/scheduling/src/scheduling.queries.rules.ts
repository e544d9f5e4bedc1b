import { isActor, type Actor, type Instant, type Shown } from '@second-opinion/kernel';
import type { Slot } from './agenda.events';
import { startOf } from './appointment.rules';
import type { AppointmentRow } from './appointment.view';
import { TERMS } from './scheduling.terms';
import { monthsFrom, type Search } from './slot-choice.rules';

// What somebody may ask for; what he is shown of it is the reading's business.

interface Asked {
  readonly where?: Readonly<Record<string, readonly string[]>>;
  readonly orderBy?: string;
}

/** agendasOf: a doctor's own days from this month on, or any doctor's for the back office. */
export function agendasOf(doctorId: string, today: string, actor: Actor) {
  if (actor.role === 'second-opinion-doctor' && !isActor(actor, doctorId)) return undefined;
  return { where: { doctorId, month: monthsFrom(today, TERMS.searchMonths) }, orderBy: 'date' };
}

/** appointmentsOf: those in which the asker takes part; the back office and the auditor see all. */
export function appointmentsOf(actor: Actor): Asked | undefined {
  const ids = [actor.id, ...(actor.joined ?? [])];
  switch (actor.role) {
    case 'employee':
      return { where: { employeeId: ids }, orderBy: 'startsAt' };
    case 'company-doctor':
      // Not in order of time: it would tell of a cancelled appointment.
      return { where: { ownDoctorId: ids } };
    case 'second-opinion-doctor':
      return { where: { doctorId: ids }, orderBy: 'startsAt' };
    case 'back-office':
    case 'auditor':
      return { orderBy: 'startsAt' };
    default:
      return undefined;
  }
}

/** freeFor: what this case may be moved to: any coming slot of its doctor, earliest first. */
export function freeFor({ state: { offer, request } }: AppointmentRow, now: Instant): Search | undefined {
  if (!offer || !request) return undefined;
  const { doctorId, region } = offer;
  const { ownOrganisationId } = request;
  return { doctorId, ownOrganisationId, region, from: now, usualUntil: now, limit: now };
}

/** shownFreeSlots: by time, as many as fit a page. */
export function shownFreeSlots(slots: readonly Slot[]): Shown[] {
  return [...slots]
    .sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1))
    .slice(0, 200)
    .map(({ slotId, startsAt, endsAt, zone, locationName, locationAddress, room }) => ({
      slotId,
      date: startsAt.slice(0, 10),
      startsAt,
      endsAt,
      zone,
      locationName,
      locationAddress,
      room,
    }));
}
