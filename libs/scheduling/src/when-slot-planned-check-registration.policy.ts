import { issue, type OwnPolicy } from '@second-opinion/kernel';
import { CheckRegistration } from './appointment.commands';
import type { AppointmentEvent } from './appointment.events';
import { caseIdOf } from './streams.rules';

const check = ({ stream }: { readonly stream: string }) => [issue(CheckRegistration, { caseId: caseIdOf(stream) })];

/** BR-19: the register may have changed while the slot was taken, or have ended before he declared that he could begin. */
export const whenSlotPlannedCheckRegistration: OwnPolicy<AppointmentEvent> = {
  name: 'when-slot-planned-check-registration',
  listensTo: 'own-events',
  startsAt: 'beginning',
  on: { IndependenceNoted: check, SlotReserved: check, AppointmentConfirmed: check, AppointmentRescheduled: check },
};
