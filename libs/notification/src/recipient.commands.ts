import { LANGUAGES, type Language } from '@second-opinion/contracts';
import { Command, type Personal } from '@second-opinion/kernel';
import { IsCode, IsId, IsPersonal, Supplied } from '@second-opinion/nest/fields';
import { CHANNELS, type Channel, type Content } from './content.events';
import { RECIPIENT_KINDS } from './recipient.events';

// All sent by policies only.

export class NoteContact extends Command {
  @IsId() recipientId!: string;
  @IsCode(RECIPIENT_KINDS) kind!: (typeof RECIPIENT_KINDS)[number];
  @IsPersonal('CONTACT', { maxLength: 254 }) contact!: Personal;
  @IsCode(CHANNELS) channel!: Channel;
  @IsCode(LANGUAGES) language!: Language;
}

/** N23: what belongs to no case. */
export class NoteInvitation extends Command {
  @IsId() recipientId!: string;
  @IsId() eventId!: string;
  @Supplied() content!: Content;
}

/** A message wants to know in which language and by which channel its recipient is told. */
export class AskAddress extends Command {
  @IsId() recipientId!: string;
  @IsId() messageId!: string;
}

/** The key of the address was destroyed: bodies that we keep go too. */
export class RemoveBodies extends Command {
  @IsId() recipientId!: string;
  /** messages: how many of his there were. */
  @Supplied() messages!: number;
}
