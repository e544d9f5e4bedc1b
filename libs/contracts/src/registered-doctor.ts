import { Refused, type Decider, type LocalDate } from '@second-opinion/kernel';
import type { TObject } from 'typebox';
import { field, type EventsOf } from './fields';

/** doctorNoted: how a context keeps what intake's register tells of a doctor (`DoctorRegistered`); registeredUntil absent: no registration. */
export const doctorNoted = { doctorId: field.id(), registeredUntil: field.optional(field.date()) };
type DoctorEvent = EventsOf<{ DoctorNoted: TObject<typeof doctorNoted> }>;

/** RegisteredDoctor as the register has him; nothing until intake has told of him. */
export type RegisteredDoctor = DoctorEvent['data'] | undefined;

/** DoctorNote is what intake tells of a doctor's registration. */
export interface DoctorNote {
  readonly doctorId: string;
  readonly registeredUntil?: LocalDate;
}

/** registeredDoctor is the register of a context that needs to know, when a doctor acts, whether he still may (BR-19). */
export function registeredDoctor(
  category: string,
  rulesVersion: string,
): Decider<{ NoteDoctor: DoctorNote }, RegisteredDoctor, DoctorEvent> {
  return {
    category,
    rulesVersion,
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
}

/** registrationReaches: a registration counts to its last day, that day included (BR-19). */
export function registrationReaches(registeredUntil: LocalDate | undefined, on: LocalDate): boolean {
  return registeredUntil !== undefined && registeredUntil >= on;
}

/**
 * refuseUnregistered refuses with this code what a doctor does on a day that his registration does not reach (BR-19). One of whom intake has
 * not told yet passes: it looked itself when he confirmed his independence.
 */
export function refuseUnregistered(doctor: RegisteredDoctor, on: LocalDate, code: string): void {
  if (doctor && !registrationReaches(doctor.registeredUntil, on)) throw new Refused(code, { on });
}
