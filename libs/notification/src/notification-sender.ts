import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Clock, failureOf, issue, type IssuedCommand } from '@second-opinion/kernel';
import { Calendar, Deciders, SystemCommands, tableOf, Worker, type Progress } from '@second-opinion/nest';
import { ViewStore } from '@second-opinion/view-store';
import { MailTransport, Sending, SmsTransport, type Outcome } from './mail-transport';
import { BeginDelivery, RecordDeferral, RecordDelivery, RecordFailure, RecordUnknownOutcome } from './message.commands';
import { message, type Message } from './message.decider';
import { outbox, type OutboxRow } from './outbox.view';
import { recipient, type Recipient } from './recipient.decider';
import { SealedParts, type Parts } from './sealed-parts';
import { lettersOf } from './written-letter';

const LOOK_MS = 200;
const REST_MS = 5_000;
const AT_ONCE = 4;
const PAGE = 50;
/** LEAST of what is due leaves at each look however busy the program is: some forty a second. */
const LEAST = 10;
const BY = 'notification-sender';
const FORGOTTEN = { missing: 'RECIPIENT_FORGOTTEN' } as const;

/**
 * NotificationSender makes messages leave. Every attempt is written down before anything goes out and its outcome after; an attempt
 * without an outcome was cut off by a crash, and is repeated with the same Message-ID. One replica sends at a time.
 */
@Injectable()
export class NotificationSender extends Worker {
  readonly name = 'notification.sender';
  private readonly logger = new Logger('notification');
  private readonly commands: SystemCommands;
  private readonly sending = new Set<string>();
  /** resting: messages of which not even a deferral could be written down, and until when the others go first (performance.now()). */
  private readonly resting = new Map<string, number>();
  private turn: Promise<unknown> = Promise.resolve();
  private workedAt: number | undefined;
  /** handedOver to transports, which have a patience of their own. */
  private handedOver = 0;
  private loop = performance.eventLoopUtilization();

  constructor(
    private readonly views: ViewStore,
    private readonly deciders: Deciders,
    private readonly parts: SealedParts,
    private readonly mails: MailTransport,
    private readonly shorts: SmsTransport,
    private readonly settings: Sending,
    private readonly clock: Clock,
    bus: CommandBus,
    calendar: Calendar,
  ) {
    super();
    this.commands = new SystemCommands(bus, clock, calendar);
  }

  /** progress: it has looked for what is due, and something of that went well. */
  get progress(): Progress {
    return { workedAt: this.handedOver > 0 ? performance.now() : this.workedAt };
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { handled, failed } = await this.round(this.room(), signal);
      await pause(failed && handled === 0 ? REST_MS : LOOK_MS, undefined, { signal, ref: false }).catch(
        () => undefined,
      );
    }
  }

  async settle(): Promise<void> {
    while ((await this.round(PAGE)).handled > 0);
  }

  /** room for so many messages since the last look. */
  private room(): number {
    const before = this.loop;
    this.loop = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(this.loop, before);
    return roomAt(utilization);
  }

  /** round sends what is due now, until so many have left, a few at a time; rounds never run side by side. */
  private round(most: number, signal?: AbortSignal): Promise<{ handled: number; failed: boolean }> {
    const mine = this.turn.then(async () => {
      const due = await this.due();
      const result = { handled: 0, failed: false };
      const next = async (): Promise<void> => {
        // Those that left already, as far as the view is behind, and those that cannot leave take nobody's room.
        while (result.handled < most && !signal?.aborted) {
          const id = due.shift();
          if (id === undefined) return;
          try {
            if (await this.handle(id).catch((error: unknown) => this.defer(id, error))) result.handled++;
          } catch {
            result.failed = true;
            this.resting.set(id, performance.now() + REST_MS);
          }
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, next));
      if (!result.failed || result.handled > 0) this.workedAt = performance.now();
      return result;
    });
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** due now, the oldest first, past those that rest. */
  private async due(): Promise<string[]> {
    const now = this.clock.now();
    for (const [id, until] of this.resting) if (until <= performance.now()) this.resting.delete(id);
    const due: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { where: { leaves: true }, orderBy: 'dueAt', limit: PAGE, ...(cursor ? { cursor } : {}) };
      const { rows, next } = await this.views.find<OutboxRow>(tableOf(outbox), query);
      const ids = rows.filter(({ row }) => row.dueAt <= now).map(({ row }) => row.messageId);
      due.push(...ids.filter((id) => !this.resting.has(id)));
      cursor = ids.length === PAGE ? next : undefined;
    } while (cursor !== undefined && due.length < PAGE);
    return due;
  }

  /** defer what could not be begun; throws when that cannot be written down either. True when it was. */
  private async defer(messageId: string, error: unknown): Promise<boolean> {
    this.logger.warn({ messageId, ...failureOf(error) }, 'message is tried again later');
    const state = await this.state(messageId);
    // An attempt that was begun stands as one whose outcome nobody knows.
    if (state.phase !== 'due') throw error;
    await this.record(state, issue(RecordDeferral, { messageId, attempt: state.attempts + 1 }));
    return true;
  }

  /** handle brings one message a step further; false when there was nothing to do (the row was behind). */
  private async handle(messageId: string): Promise<boolean> {
    const state = await this.state(messageId);
    const { phase, attempts, dueAt = '' } = state;
    if (phase === 'sending' && !this.sending.has(messageId)) {
      await this.record(state, issue(RecordUnknownOutcome, { messageId, attempt: attempts }));
      return true;
    }
    if (phase !== 'due' || dueAt > this.clock.now() || this.sending.has(messageId)) return false;
    this.sending.add(messageId);
    try {
      return await this.attempt(state, messageId, attempts + 1);
    } finally {
      this.sending.delete(messageId);
    }
  }

  private async attempt(state: Message, messageId: string, attempt: number): Promise<boolean> {
    const planned = state.planned;
    if (!planned) return false;
    const { known: to, forgotten } = (await this.deciders.state<Recipient>(recipient, planned.recipientId)).state;
    if (!to) return false;
    const parts = forgotten ? FORGOTTEN : await this.parts.open(planned, to, attempt);
    if ('missing' in parts) {
      await this.record(state, issue(RecordFailure, { messageId, attempt, reason: parts.missing }));
      return true;
    }
    const header = state.header ?? `<${messageId}@${domainOf(this.settings.mailFrom)}>`;
    await this.record(state, issue(BeginDelivery, { messageId, attempt, channel: to.channel, header }));
    const begun = await this.state(messageId);
    if (begun.phase !== 'sending' || begun.attempts !== attempt) return false;
    const outcome = await this.send(begun, parts);
    await this.record(begun, recordOf(messageId, attempt, outcome));
    return true;
  }

  private async send(state: Message, parts: Parts): Promise<Outcome> {
    this.handedOver++;
    try {
      const { mail, sms } = lettersOf(state, parts, this.settings);
      return state.channel === 'sms' ? await this.shorts.send(sms) : await this.mails.send(mail);
    } catch (error) {
      // A transport that throws did not say whether anything left.
      this.logger.error(failureOf(error), 'a transport failed');
      return { kind: 'unknown' };
    } finally {
      this.handedOver--;
    }
  }

  private async state(messageId: string): Promise<Message> {
    return (await this.deciders.state<Message>(message, messageId)).state;
  }

  private record({ planned, dueAt = '', attempts }: Message, command: IssuedCommand): Promise<void> {
    const of = `${planned?.messageId ?? ''}/${attempts}/${dueAt}`;
    return this.commands.send([command], { by: BY, of, correlationId: planned?.eventId ?? of });
  }
}

/**
 * roomAt gives how many messages leave at a look, when the program was busy for this part of the time (0 to 1; NaN when no time has passed): whoever
 * waits for an answer goes first, so from half on they are fewer.
 */
export function roomAt(utilization: number): number {
  const room = Math.round(2 * PAGE * (1 - utilization));
  return room > LEAST ? Math.min(room, PAGE) : LEAST;
}

function recordOf(messageId: string, attempt: number, outcome: Outcome): IssuedCommand {
  switch (outcome.kind) {
    case 'sent':
      return issue(RecordDelivery, { messageId, attempt });
    case 'unknown':
      return issue(RecordUnknownOutcome, { messageId, attempt });
    case 'temporary':
      return issue(RecordDeferral, { messageId, attempt, ...replyOf(outcome.reply) });
    case 'permanent':
      return issue(RecordFailure, { messageId, attempt, reason: 'PERMANENT', ...replyOf(outcome.reply) });
  }
}

function replyOf(reply: number | undefined): { reply?: number } {
  return reply === undefined ? {} : { reply };
}

function domainOf(address: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(address)?.[1] ?? 'localhost';
}
