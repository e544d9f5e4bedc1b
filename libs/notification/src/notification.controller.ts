import { Param, Query } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Acts, Answers, Asking, Context, FromRequest, Reads, type PageQuery } from '@second-opinion/nest';
import { RetryNotification } from './message.commands';
import { logFor, messageLog, messageLogOfCase, messagesOf, myMessages, oneMessage } from './messages.view';
import { notificationTasks } from './tasks.view';

@Context('notification')
export class NotificationController {
  constructor(
    private readonly bus: CommandBus,
    private readonly reads: Reads,
  ) {}

  @Answers('messages', myMessages)
  messages(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(myMessages, messagesOf(asking.actor), page, asking);
  }

  @Answers('messages/:messageId', oneMessage)
  message(@Param('messageId') messageId: string, @Asking() asking: Asking) {
    return this.reads.one(oneMessage, messageId, asking);
  }

  @Acts('messages/:messageId', RetryNotification)
  retry(@FromRequest() command: RetryNotification) {
    return this.bus.execute(command);
  }

  @Answers('log', messageLog)
  log(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(messageLog, logFor(asking.actor), page, asking);
  }

  @Answers('log/:caseId', messageLogOfCase)
  logOfCase(@Param('caseId') caseId: string, @Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.list(messageLogOfCase, logFor(asking.actor, caseId), page, asking);
  }

  @Answers('tasks', 'notification.ListTasks')
  tasks(@Query() page: PageQuery, @Asking() asking: Asking) {
    return this.reads.tasks(notificationTasks, page, asking);
  }
}
