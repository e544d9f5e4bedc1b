import { RECORDS_TOPIC, type RecordsMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { RemoveBodies } from './recipient.commands';

/**
 * Erasure of somebody's address reaches the bodies that we keep (the folder of mails); a body outside is out of our hands. What is erased
 * of one case leaves his address, and the mails about his other cases, as they are.
 */
export const whenKeyDestroyedRemoveBodies: TopicPolicy<RecordsMessages> = {
  name: 'when-key-destroyed-remove-bodies',
  listensTo: [RECORDS_TOPIC],
  startsAt: 'beginning',
  on: {
    SubjectKeyDestroyed: ({ data: { personId, caseId, category } }) =>
      category === 'CONTACT' && caseId === undefined
        ? [issue(RemoveBodies, { recipientId: personId, messages: 0 })]
        : [],
  },
};
