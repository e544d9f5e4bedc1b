import { Injectable } from '@nestjs/common';
import { Deciders, tableOf, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import { MailTransport, SmsTransport } from './mail-transport';
import { messages, type MessageRow } from './messages.view';
import { RemoveBodies } from './recipient.commands';
import { recipient } from './recipient.decider';

/** Removes first and writes down after: cut in between, it is done again. */
@Injectable()
export class RemoveBodiesHandler implements OutsideFacts<RemoveBodies> {
  constructor(
    private readonly deciders: Deciders,
    private readonly views: ViewStore,
    private readonly mails: MailTransport,
    private readonly shorts: SmsTransport,
  ) {}

  async execute(command: RemoveBodies): Promise<CommandResult> {
    const ids = await this.messagesOf(command.recipientId);
    await this.mails.forget(ids);
    await this.shorts.forget(ids);
    return this.deciders.execute(recipient, Object.assign(command, { messages: ids.length }));
  }

  private async messagesOf(recipientId: string): Promise<string[]> {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { where: { recipientId }, limit: 500, ...(cursor === undefined ? {} : { cursor }) };
      const { rows, next } = await this.views.find<MessageRow>(tableOf(messages), query);
      ids.push(...rows.map(({ key }) => key));
      cursor = next;
    } while (cursor !== undefined);
    return ids;
  }
}
