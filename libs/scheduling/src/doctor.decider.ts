import type { Decider, InstancesOf, LocalDate } from '@second-opinion/kernel';
import type * as commands from './doctor.commands';
import type { DoctorEvent } from './doctor.events';
import { TERMS } from './scheduling.terms';

/** Doctor as intake's register has him; nothing until intake has told of him. */
export type Doctor = DoctorEvent['data'] | undefined;

/** Who may hold a consultation, as far as the register says (BR-19). */
export const doctor: Decider<InstancesOf<typeof commands>, Doctor, DoctorEvent> = {
  category: 'scheduling.doctor',
  rulesVersion: TERMS.version,
  initial: undefined,
  streamId: ({ doctorId }) => String(doctorId),
  decide: {
    NoteDoctor: ({ doctorId, registeredUntil }, state) => {
      if (state && state.registeredUntil === registeredUntil) return [];
      return [{ type: 'DoctorNoted', data: { doctorId, ...(registeredUntil ? { registeredUntil } : {}) } }];
    },
  },
  evolve: (_, event) => event.data,
};

/** registrationOver: the register knows this doctor, and his registration does not reach this day (BR-19). */
export function registrationOver(known: Doctor, on: LocalDate): boolean {
  return known !== undefined && (known.registeredUntil === undefined || known.registeredUntil < on);
}
