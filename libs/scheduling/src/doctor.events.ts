import { doctorNoted, events } from '@second-opinion/contracts';

export const doctorEvents = events({ DoctorNoted: doctorNoted });
