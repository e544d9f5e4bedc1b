import { RECORDS_TOPIC, type RecordsMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { RemoveBodies } from './recipient.commands';

/** Erasure reaches the bodies that we keep (the folder of mails); a body outside is out of our hands. */
export const whenKeyDestroyedRemoveBodies: TopicPolicy<RecordsMessages> = {
  name: 'when-key-destroyed-remove-bodies',
  listensTo: [RECORDS_TOPIC],
  startsAt: 'beginning',
  on: {
    SubjectKeyDestroyed: ({ data: { personId, category } }) =>
      category === 'CONTACT' ? [issue(RemoveBodies, { recipientId: personId, messages: 0 })] : [],
  },
};
