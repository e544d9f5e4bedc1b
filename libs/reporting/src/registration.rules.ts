import { registrationReaches } from '@second-opinion/contracts';
import { localDateOf } from '@second-opinion/kernel';
import { isOver, type Acts } from './acts.rules';

/**
 * BR-19, A15: who has examined and may not write any more is told to the back office, which can have another take over until the report is
 * shared. Before the consultation it is scheduling that looks; one of whom intake has not told yet passes.
 */
export const acts: Acts<'CheckRegistration'> = {
  CheckRegistration: ({ doctor }, state, { now }) => {
    const { doctorId, consultation, shared, unregistered } = state;
    const writes = doctorId !== undefined && consultation?.doctorId === doctorId && !shared && !isOver(state);
    if (!writes || doctor?.doctorId !== doctorId) return [];
    const { registeredUntil } = doctor;
    if (registeredUntil !== undefined && registrationReaches(registeredUntil, localDateOf(now)))
      return unregistered ? [{ type: 'RegistrationRenewalNoted', data: { doctorId, registeredUntil } }] : [];
    const until = registeredUntil === undefined ? {} : { registeredUntil };
    return unregistered ? [] : [{ type: 'RegistrationEndNoted', data: { doctorId, ...until } }];
  },
};
