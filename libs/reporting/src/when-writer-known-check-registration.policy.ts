import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { CheckFilesOfDoctor } from './doctor.commands';
import type { DoctorEvent } from './doctor.events';
import { CheckRegistration } from './file.commands';
import type { FileEvent } from './file.events';
import { caseOf } from './participants.view';

/** BR-19: the register has changed, or whoever writes has begun: may he still? That his registration ends by itself is a deadline's. */
export const whenWriterKnownCheckRegistration: OwnPolicy<DoctorEvent | FileEvent> = {
  name: 'when-writer-known-check-registration',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: {
    DoctorNoted: ({ data: { doctorId } }) => [issue(CheckFilesOfDoctor, { doctorId })],
    ConsultationNoted: ({ stream }) => [issue(CheckRegistration, { caseId: caseOf(stream) })],
  },
};
