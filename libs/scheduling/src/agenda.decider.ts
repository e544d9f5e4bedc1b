import { refuseUnregistered } from '@second-opinion/contracts';
import {
  derivedId,
  Forbidden,
  instantOfLocal,
  isActor,
  Refused,
  ZONE,
  type Circumstances,
  type Decider,
  type InstancesOf,
  type Sealed,
} from '@second-opinion/kernel';
import type * as commands from './agenda.commands';
import type { AgendaEvent, Mover, Slot } from './agenda.events';
import { moverOf, slotTimes } from './agenda.rules';
import { isClosedOn } from './location.decider';
import { TERMS } from './scheduling.terms';

/** A slot in the agenda, and who has it. */
export interface AgendaSlot extends Slot {
  readonly takenBy?: { readonly caseId: string; readonly takeId: string };
  readonly closed?: true;
}
/** Agenda of one doctor on one day: the one place that decides who gets a slot, so nobody is booked twice. */
export interface Agenda {
  readonly slots: Readonly<Record<string, AgendaSlot>>;
}

/** agendaId gives the part of the stream's name after the dash. */
export const agendaId = (doctorId: string, date: string): string => `${doctorId}.${date}`;

export const agenda: Decider<InstancesOf<typeof commands>, Agenda, AgendaEvent> = {
  category: 'scheduling.agenda',
  rulesVersion: TERMS.version,
  initial: { slots: {} },
  contended: true,
  streamId: ({ doctorId, date }) => agendaId(String(doctorId), String(date)),
  decide: {
    OpenAgendaDay: (command, state, circumstances) => open(command, state, circumstances),

    CloseAgendaSlot: ({ doctorId, slotId, evenIfTaken }, state, { actor, now }) => {
      ownAgenda(doctorId, actor);
      const slot = state.slots[slotId];
      if (!slot) throw new Refused('scheduling.no-such-slot');
      if (slot.closed) return [];
      if (hasBegun(slot, now)) throw new Refused('scheduling.in-the-past');
      if (slot.takenBy && !evenIfTaken) throw new Refused('scheduling.slot-taken');
      return [closed(slot, moverOf(actor))];
    },

    CloseSlotsOfLocation: ({ date, locationId, location }, { slots }, { now }) =>
      isClosedOn(location, date)
        ? Object.values(slots)
            .filter((slot) => slot.locationId === locationId && !slot.closed && !hasBegun(slot, now))
            .map((slot) => closed(slot, 'back-office'))
        : [],

    TakeSlot: ({ slotIds, caseId, takeId, ownOrganisationId, purpose, by, from, date, doctor }, state, { now }) => {
      const slots = Object.values(state.slots);
      if (slots.some((slot) => slot.takenBy?.takeId === takeId)) return [];
      const free = slotIds
        .map((slotId) => state.slots[slotId])
        .find((slot) => slot && isFree(slot, now) && slot.organisationId !== ownOrganisationId);
      if (!free) throw new Refused('scheduling.slot-not-free');
      refuseUnregistered(doctor, date, 'scheduling.doctor-not-registered');
      const taking = { caseId, takeId, purpose, by, ...(from === undefined ? {} : { from }) };
      return [{ type: 'SlotTaken', data: { ...free, ...taking } }];
    },

    FreeSlot: ({ slotId, takeId }, state) => {
      const slot = state.slots[slotId];
      if (!slot?.takenBy || slot.takenBy.takeId !== takeId || slot.closed) return [];
      const { takenBy, ...facts } = slot;
      return [{ type: 'SlotFreed', data: { ...facts, ...takenBy } }];
    },

    ServeWaitingCases: () => [],
  },
  evolve: (state, event) => {
    switch (event.type) {
      case 'AgendaSlotsOpened': {
        const { slots, date: _date, ...shared } = event.data;
        const added = slots.map((slot) => [slot.slotId, { ...shared, ...slot }] as const);
        return { slots: { ...state.slots, ...Object.fromEntries(added) } };
      }
      case 'SlotTaken': {
        const { caseId, takeId } = event.data;
        return changed(state, event.data.slotId, (slot) => ({ ...slot, takenBy: { caseId, takeId } }));
      }
      case 'SlotFreed':
        return changed(state, event.data.slotId, ({ takenBy: _takenBy, ...slot }) => slot);
      case 'SlotClosed':
        return changed(state, event.data.slotId, ({ takenBy: _takenBy, ...slot }) => ({ ...slot, closed: true }));
    }
  },
};

type Open = Sealed<InstancesOf<typeof commands>['OpenAgendaDay']>;

function open(command: Open, state: Agenda, { actor, now, commandId }: Circumstances): AgendaEvent[] {
  const { doctorId, date, location, slotMinutes, blocks } = command;
  ownAgenda(doctorId, actor);
  if (!location) throw new Refused('scheduling.no-such-location');
  if (isClosedOn(location, date)) throw new Refused('scheduling.location-closed', { from: location.closedFrom });
  const times = slotTimes(date, blocks, slotMinutes);
  if (times.length === 0) throw new Refused('scheduling.no-slot-fits');
  if (times.some(({ startsAt }) => instantOfLocal(startsAt, ZONE) <= now)) throw new Refused('scheduling.in-the-past');
  const living = Object.values(state.slots).filter((slot) => !slot.closed);
  if (times.some((time) => living.some((slot) => time.startsAt < slot.endsAt && slot.startsAt < time.endsAt)))
    throw new Refused('scheduling.slots-overlap');
  const { locationId, organisationId, region, name, address, room } = location;
  const place = { locationId, organisationId, region, locationName: name, locationAddress: address };
  const slots = times.map((time) => ({ slotId: derivedId(commandId, 'slot', time.startsAt), ...time }));
  const data = { doctorId, date, zone: ZONE, ...place, ...(room ? { room } : {}), slots };
  return [{ type: 'AgendaSlotsOpened', data }];
}

function ownAgenda(doctorId: string, actor: Circumstances['actor']): void {
  if (actor.role === 'second-opinion-doctor' && !isActor(actor, doctorId))
    throw new Forbidden('scheduling.not-your-agenda');
}

function isFree(slot: AgendaSlot, now: string): boolean {
  return !slot.closed && !slot.takenBy && !hasBegun(slot, now);
}

function hasBegun({ startsAt, zone }: AgendaSlot, now: string): boolean {
  return instantOfLocal(startsAt, zone) <= now;
}

function closed({ slotId, doctorId, startsAt, takenBy }: AgendaSlot, by: Mover): AgendaEvent {
  return { type: 'SlotClosed', data: { slotId, doctorId, startsAt, by, ...takenBy } };
}

function changed(state: Agenda, slotId: string, change: (slot: AgendaSlot) => AgendaSlot): Agenda {
  const slot = state.slots[slotId];
  return slot ? { slots: { ...state.slots, [slotId]: change(slot) } } : state;
}
