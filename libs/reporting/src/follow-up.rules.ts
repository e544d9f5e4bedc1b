import { Refused } from '@second-opinion/kernel';
import type { Acts } from './acts.rules';
import { TEXTS } from './reporting.terms';

/** A19: the advice does not bind; the own doctor tells the employee what he does with it, and why (BR-42). */
export const acts: Acts<'RecordFollowUp' | 'RemindOfFollowUp' | 'EndFollowUpTerm'> = {
  RecordFollowUp: ({ adoption, motivation, discussedOn }, { released, followUp }) => {
    if (!released) throw new Refused('reporting.not-released');
    if (followUp) throw new Refused('reporting.follow-up-recorded');
    return [
      {
        type: 'FollowUpRecorded',
        data: { adoption, motivation, ...(discussedOn === undefined ? {} : { discussedOn }) },
        textVersion: TEXTS.followUp,
      },
    ];
  },

  RemindOfFollowUp: (_, { released, followUp, followUpReminded }, { now }) =>
    !released || followUp || followUpReminded || now < released.followUpReminderAt || now >= released.followUpDueAt
      ? []
      : [{ type: 'FollowUpReminderDue', data: { followUpDueAt: released.followUpDueAt } }],

  EndFollowUpTerm: (_, { released, followUp, followUpTermEnded }, { now }) =>
    !released || followUp || followUpTermEnded || now < released.followUpDueAt
      ? []
      : [{ type: 'FollowUpTermEnded', data: { at: released.followUpDueAt } }],
};
