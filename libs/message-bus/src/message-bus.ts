import type { Envelope, Failure } from '@second-opinion/kernel';

/** Message is an integration event on its way: `key` orders. */
export interface Message {
  readonly topic: string;
  readonly key: string;
  readonly event: Envelope;
}

/** ParkedMessage waits for a person: the one that failed, or a later one of the same key behind it. */
export interface ParkedMessage extends Message {
  readonly parkedId: string;
  readonly group: string;
  /** reason: code of the failure, or `behind` for those that wait behind a failed one of their key. Never the error's text. */
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: string;
}

/**
 * Report tells what became of a message in a group: handled; failed and to be tried again; parked, after so many attempts (0: behind
 * another one of its key); or skipped, told again after somebody had it skipped. It must not throw.
 */
export type Report = (
  what: 'handled' | 'retried' | 'parked' | 'skipped',
  message: Message,
  attempts: number,
  failure?: Failure,
) => void;

/** ConsumeOptions of one consumer group. */
export interface ConsumeOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** startsAt: where a new group begins: the beginning of the topic, or what is published from now on. */
  readonly startsAt: 'beginning' | 'deployment';
  /** handle is called one message at a time per key; when it throws it is tried again, then parked. */
  readonly handle: (message: Message) => Promise<void>;
  /** concerns tells what `handle` does anything with: an adapter may count the rest as handled without handing it over. */
  readonly concerns?: (message: Message) => boolean;
  /** retries before parking (default 5), with growing pauses; what fails with `Unavailable` is retried for ten minutes at least. */
  readonly retries?: number;
  readonly pauseMs?: (attempt: number) => number;
  readonly signal: AbortSignal;
  /** report is told of each message, once what it says is so. */
  readonly report?: Report;
}

/** GroupHealth tells whether this process's part in a group works. */
export interface GroupHealth {
  readonly group: string;
  /** connected: it is a member and hears from the engine. */
  readonly connected: boolean;
  /** stalled: there is something to do and it has not moved for long; only lagging behind is not that. */
  readonly stalled: boolean;
  /** lag: messages that are published and neither handled nor parked, as far as this process has them; absent until it was measured. */
  readonly lag?: number;
  readonly lastHandledAt?: string;
}

/** Consumption tells how far a group is: for health, tests and `settled()`. */
export interface Consumption {
  /** idle resolves when everything published before the call was handled or parked. */
  idle(): Promise<void>;
  /** health, from engines that can lose touch; absent where the bus is in the same process. */
  health?(): GroupHealth;
  /** done resolves when the consumer has stopped, after `signal`. */
  readonly done: Promise<void>;
}

/**
 * MessageBus carries integration events. Promises: at least once; order per key; each consumer group gets every message;
 * a message counts as handled only after `handle` resolved; a failing one is retried with backoff, then parked with its key:
 * later messages of that key wait parked behind it, other keys go on. A message that is published again, just as it was, waits once
 * while it is parked, and stays skipped in the groups for which somebody had it skipped.
 */
export abstract class MessageBus {
  /** publish resolves when all are stored; on an error some may be stored and the caller repeats them all. */
  abstract publish(messages: readonly Message[]): Promise<void>;
  abstract consume(options: ConsumeOptions): Promise<Consumption>;
  /** parked lists what waits, oldest first. */
  abstract parked(group?: string): Promise<readonly ParkedMessage[]>;
  /** countParked counts, by group, what waits; a skipped message counts until its group has taken note of that. Costs no more than a look at an index. */
  abstract countParked(): Promise<ReadonlyMap<string, number>>;
  /** replay hands the key's parked messages to the group again, in order. */
  abstract replay(group: string, key: string): Promise<void>;
  /** skip drops the first parked message of the key for a reason (kept), and replays those behind it. */
  abstract skip(group: string, key: string, reason: string): Promise<void>;
}
