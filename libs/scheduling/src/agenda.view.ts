import type { Reading, View } from '@second-opinion/kernel';
import { agenda, type Agenda, type AgendaSlot } from './agenda.decider';
import type { AgendaEvent } from './agenda.events';
import { agendaDayExample } from './scheduling.examples';

export interface AgendaRow {
  readonly doctorId: string;
  readonly date: string;
  /** month `YYYY-MM`, to ask for a part of the year. */
  readonly month: string;
  readonly agenda: Agenda;
}

/** One row per doctor and day. */
export const agendaDays: View<AgendaRow> = {
  name: 'scheduling.agenda-days',
  version: 1,
  categories: ['scheduling.agenda'],
  indexes: [['doctorId', 'month', 'date'], ['date']],
  keys: ({ stream }) => [stream.slice('scheduling.agenda-'.length)],
  project: (row, event, key) => {
    const date = key.slice(-10);
    return {
      doctorId: key.slice(0, -11),
      date,
      month: date.slice(0, 7),
      agenda: agenda.evolve(row?.agenda ?? agenda.initial, event as unknown as AgendaEvent),
    };
  },
};

const status = ({ closed, takenBy }: AgendaSlot) => {
  if (closed) return 'CLOSED';
  return takenBy ? 'TAKEN' : 'FREE';
};

/** The doctor sees his own days, the back office all; which case has a slot, but nobody's name. */
export const agendaReading: Reading<AgendaRow> = {
  operation: 'scheduling.ListAgenda',
  view: agendaDays,
  participants: () => ({}),
  caseId: () => undefined,
  stream: ({ doctorId, date }) => `scheduling.agenda-${doctorId}.${date}`,
  show: ({ doctorId, date, agenda: { slots } }) => ({
    doctorId,
    date,
    slots: Object.values(slots)
      .sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1))
      .map((slot) => ({
        slotId: slot.slotId,
        startsAt: slot.startsAt,
        endsAt: slot.endsAt,
        zone: slot.zone,
        locationId: slot.locationId,
        locationName: slot.locationName,
        room: slot.room,
        status: status(slot),
        caseId: slot.takenBy?.caseId,
      })),
  }),
  example: agendaDayExample,
};
