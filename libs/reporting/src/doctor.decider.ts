import { registeredDoctor, type RegisteredDoctor } from '@second-opinion/contracts';
import type { Decider, InstancesOf } from '@second-opinion/kernel';
import type * as commands from './doctor.commands';
import type { DoctorEvent } from './doctor.events';
import { TERMS } from './reporting.terms';

const register = registeredDoctor('reporting.doctor', TERMS.version);

/** Who may write and share a report, as far as intake's register says (BR-19). That his files are looked at changes nothing here. */
export const doctor: Decider<InstancesOf<typeof commands>, RegisteredDoctor, DoctorEvent> = {
  ...register,
  decide: { ...register.decide, CheckFilesOfDoctor: () => [] },
};
