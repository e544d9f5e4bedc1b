import { NOTIFICATION_TOPIC, type NotificationMessages } from '@second-opinion/contracts';
import { issue, type TopicPolicy } from '@second-opinion/kernel';
import { RecordDeliveryFailure } from './file.commands';

/** N12 could not be delivered to the own doctor: that is recorded, and the consent stays as it was (A18). */
export const whenReleaseMessageFailedRecordIt: TopicPolicy<NotificationMessages> = {
  name: 'when-release-message-failed-record-it',
  listensTo: [NOTIFICATION_TOPIC],
  startsAt: 'beginning',
  on: {
    NotificationFailed: ({ data: { caseId, template, recipientId, version, at } }) =>
      caseId !== undefined && template.startsWith('N12')
        ? [
            issue(RecordDeliveryFailure, {
              caseId,
              recipientId,
              failedAt: at,
              ...(version === undefined ? {} : { version }),
            }),
          ]
        : [],
  },
};
