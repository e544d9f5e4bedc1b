import type { View } from '@second-opinion/kernel';
import type { AgendaEvent, Slot } from './agenda.events';
import { slotOf } from './appointment.rules';

export interface FreeSlotRow extends Slot {
  /** month `YYYY-MM`, so that a search asks only for what lies ahead. */
  readonly month: string;
}

const rowOf = (slot: Slot): FreeSlotRow => ({ ...slotOf(slot), month: slot.startsAt.slice(0, 7) });

/** Slots that nobody has; a search begins here and the agenda decides. */
export const freeSlots: View<FreeSlotRow> = {
  name: 'scheduling.free-slots',
  version: 1,
  categories: ['scheduling.agenda'],
  indexes: [['doctorId', 'month', 'startsAt']],
  keys: (recorded) => {
    const event = recorded as unknown as AgendaEvent;
    return event.type === 'AgendaSlotsOpened' ? event.data.slots.map(({ slotId }) => slotId) : [event.data.slotId];
  },
  project: (_, recorded, key) => {
    const event = recorded as unknown as AgendaEvent;
    switch (event.type) {
      case 'AgendaSlotsOpened': {
        const slot = event.data.slots.find(({ slotId }) => slotId === key);
        return slot ? rowOf({ ...event.data, ...slot }) : null;
      }
      case 'SlotFreed':
        return rowOf(event.data);
      case 'SlotTaken':
      case 'SlotClosed':
        return null;
    }
  },
};
