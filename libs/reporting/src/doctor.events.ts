import { doctorNoted, events, type EventsOf } from '@second-opinion/contracts';

export const doctorEvents = events({ DoctorNoted: doctorNoted });
export type DoctorEvent = EventsOf<typeof doctorEvents>;
