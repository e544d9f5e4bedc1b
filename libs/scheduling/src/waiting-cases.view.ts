import type { View } from '@second-opinion/kernel';
import type { AppointmentEvent } from './appointment.events';
import { caseIdOf } from './streams.rules';

export interface WaitingCaseRow {
  readonly caseId: string;
  readonly doctorId: string;
  readonly since: string;
}

const FOUND: readonly string[] = [
  'SlotReserved',
  'AppointmentConfirmed',
  'AppointmentRescheduled',
  'CaseEndNoted',
] satisfies AppointmentEvent['type'][];

/** Cases that look for a slot with a doctor, from the beginning of the search until it has one; they share what comes free, oldest first. */
export const waitingCases: View<WaitingCaseRow> = {
  name: 'scheduling.waiting-cases',
  version: 1,
  categories: ['scheduling.appointment'],
  indexes: [['doctorId', 'since']],
  keys: ({ stream, type }) => (type === 'SlotSought' || FOUND.includes(type) ? [caseIdOf(stream)] : []),
  project: (row, recorded, key) => {
    const event = recorded as unknown as AppointmentEvent;
    if (event.type !== 'SlotSought') return null;
    const { doctorId } = event.data;
    if (row?.doctorId === doctorId) return row;
    return { caseId: key, doctorId, since: recorded.metadata.recordedAt };
  },
};
