import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { CheckRegistration } from './file.commands';
import type { FileEvent } from './file.events';
import { caseOf } from './participants.view';

const check = ({ stream }: { readonly stream: string }) => [issue(CheckRegistration, { caseId: caseOf(stream) })];

/** BR-19: whoever writes is known and has examined, whichever is told first: may he still? That the register changes later is a deadline's. */
export const whenWriterKnownCheckRegistration: OwnPolicy<FileEvent> = {
  name: 'when-writer-known-check-registration',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: { IndependenceNoted: check, ConsultationNoted: check },
};
