import { LANGUAGES, type Language } from '@second-opinion/contracts';
import { Command, type CaseId } from '@second-opinion/kernel';
import { IsCode, IsCount, IsId, IsLabel, Supplied } from '@second-opinion/nest/fields';
import { CHANNELS, ROLES, type Channel, type Content, type RecipientRole } from './content.events';
import { FAILURES } from './message.events';

/** The back office has a failed delivery tried again, when the cause is gone. */
export class RetryNotification extends Command {
  @IsId() messageId!: string;
}

// From here on: sent by policies and by the sender only.

/** With channel and language where it is known already how he is reached: then nobody need ask for his address. */
export class PlanMessage extends Command {
  @IsId() messageId!: string;
  @IsId() eventId!: string;
  @IsLabel() template!: string;
  @IsId() recipientId!: string;
  @IsCode(ROLES) recipientRole!: RecipientRole;
  @IsId({ optional: true }) caseId?: CaseId;
  @Supplied() content!: Content;
  @IsCode(CHANNELS, { optional: true }) channel?: Channel;
  @IsCode(LANGUAGES, { optional: true }) language?: Language;
}

/** A newer message on the same matter is planned: this one need not leave any more. */
export class SupersedeMessage extends Command {
  @IsId() messageId!: string;
}

export class AllowDelivery extends Command {
  @IsId() messageId!: string;
  @IsCode(CHANNELS) channel!: Channel;
  @IsCode(LANGUAGES) language!: Language;
}

/** Written down before anything leaves. */
export class BeginDelivery extends Command {
  @IsId() messageId!: string;
  @IsCount(1000) attempt!: number;
  @IsCode(CHANNELS) channel!: Channel;
  /** header is the Message-ID. */
  @IsLabel() header!: string;
}

export class RecordDelivery extends Command {
  @IsId() messageId!: string;
  @IsCount(1000) attempt!: number;
}

export class RecordDeferral extends Command {
  @IsId() messageId!: string;
  @IsCount(1000) attempt!: number;
  @IsCount(999, { optional: true }) reply?: number;
}

/** Nobody knows whether the attempt arrived: the line broke after the text was handed over, or the sender died. */
export class RecordUnknownOutcome extends Command {
  @IsId() messageId!: string;
  @IsCount(1000) attempt!: number;
}

export class RecordFailure extends Command {
  @IsId() messageId!: string;
  @IsCount(1000) attempt!: number;
  @IsCode(FAILURES) reason!: (typeof FAILURES)[number];
  @IsCount(999, { optional: true }) reply?: number;
}
