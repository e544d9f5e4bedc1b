import { refuseUnregistered } from '@second-opinion/contracts';
import { localDateOf, Refused } from '@second-opinion/kernel';
import { NOT_REGISTERED, type Acts } from './acts.rules';
import { TEXTS } from './reporting.terms';

/**
 * A19: the advice does not bind; the own doctor, registered on the day (BR-19), tells the employee what he does with it, and why (BR-42).
 * Nobody waits for one who is not: the term ends without him.
 */
export const acts: Acts<'RecordFollowUp' | 'RemindOfFollowUp' | 'EndFollowUpTerm'> = {
  RecordFollowUp: ({ adoption, motivation, discussedOn, doctor }, { released, followUp }, { now }) => {
    if (!released) throw new Refused('reporting.not-released');
    if (followUp) throw new Refused('reporting.follow-up-recorded');
    refuseUnregistered(doctor, localDateOf(now), NOT_REGISTERED);
    return [
      {
        type: 'FollowUpRecorded',
        data: { adoption, motivation, ...(discussedOn === undefined ? {} : { discussedOn }) },
        textVersion: TEXTS.followUp,
      },
    ];
  },

  RemindOfFollowUp: (_, { released, followUp, followUpReminded, forgotten }, { now }) =>
    !released ||
    followUp ||
    followUpReminded ||
    forgotten ||
    now < released.followUpReminderAt ||
    now >= released.followUpDueAt
      ? []
      : [{ type: 'FollowUpReminderDue', data: { followUpDueAt: released.followUpDueAt } }],

  EndFollowUpTerm: (_, { released, followUp, followUpTermEnded }, { now }) =>
    !released || followUp || followUpTermEnded || now < released.followUpDueAt
      ? []
      : [{ type: 'FollowUpTermEnded', data: { at: released.followUpDueAt } }],
};
