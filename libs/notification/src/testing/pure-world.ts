import {
  derivedId,
  fold,
  type Command,
  type Decider,
  type Envelope,
  type Event,
  type IssuedCommand,
  type Policy,
  type RecordedEvent,
} from '@second-opinion/kernel';
import { circumstances } from '@second-opinion/kernel/testing';
import { NoteCase, NoteDoctor, NoteFact } from '../case.commands';
import { tellingCase } from '../case.decider';
import { message } from '../message.decider';
import type { MessageEvent } from '../message.events';
import { AskAddress, NoteContact, NoteInvitation } from '../recipient.commands';
import { recipient } from '../recipient.decider';
import { whenAddressToldNoteIt } from '../when-address-told-note-it.policy';
import {
  whenBillingMovesTellIt,
  whenIntakeMovesTellIt,
  whenReportingMovesTellIt,
  whenSchedulingMovesTellIt,
} from '../when-case-moves-tell-whom-it-concerns.policy';
import { whenMessageDueBringItOnItsWay } from '../when-message-due-bring-it-on-its-way.policy';

// Deciders of different streams in one table; each is only given its own commands.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AnyDecider = Decider<any, any, any>;

const OF_CASE: readonly unknown[] = [NoteCase, NoteDoctor, NoteFact];
const OF_RECIPIENT: readonly unknown[] = [NoteContact, NoteInvitation, AskAddress];
const ON_TOPICS: readonly Policy[] = [
  whenAddressToldNoteIt,
  whenIntakeMovesTellIt,
  whenBillingMovesTellIt,
  whenSchedulingMovesTellIt,
  whenReportingMovesTellIt,
];

/** Told is an integration event as a test tells it. */
export interface Told {
  readonly topic: string;
  readonly type: string;
  readonly data: object;
  readonly id: string;
}

/** PureWorld runs the whole context without an engine: what other contexts tell goes in, what was planned and allowed comes out. */
export class PureWorld {
  readonly streams = new Map<string, Event[]>();
  private readonly done = new Set<string>();

  /** hears an integration event; the same one again is a duplicate delivery. */
  hears({ topic, type, data, id }: Told): void {
    const envelope = { id, type, time: '2026-11-25T09:00:00.000Z', data } as Envelope;
    for (const policy of ON_TOPICS) {
      if (policy.listensTo === 'own-events' || !policy.listensTo.includes(topic)) continue;
      this.issue(policy.name, id, policy.on[type]?.(envelope as never) ?? []);
    }
  }

  /** planned lists the messages of a recipient: template codes, sorted. */
  planned(recipientId: string): string[] {
    return this.events('notification.message')
      .filter((event) => event.type === 'NotificationPlanned')
      .map(({ data }) => data as { recipientId: string; template: string })
      .filter((one) => one.recipientId === recipientId)
      .map(({ template }) => template)
      .sort();
  }

  /** leaving lists what is to leave to a recipient and was not superseded: template code and appointment, sorted. */
  leaving(recipientId: string): string[] {
    const of = [...this.streams].filter(([stream]) => stream.startsWith('notification.message-'));
    return of
      .map(([, events]) => fold(message, events as MessageEvent[]))
      .flatMap(({ planned, phase }) => (planned?.outside && phase !== 'superseded' ? planned : []))
      .filter((one) => one.recipientId === recipientId)
      .map(({ template, content }) => `${template} ${content.appointmentId ?? ''}`.trim())
      .sort();
  }

  /** events of all streams of a category. */
  events(category: string): Event[] {
    return [...this.streams].filter(([stream]) => stream.startsWith(`${category}-`)).flatMap(([, events]) => events);
  }

  private issue(policy: string, cause: string, commands: readonly IssuedCommand[]): void {
    for (const [index, { type, fields }] of commands.entries()) {
      const decider = this.deciderOf(type);
      const stream = `${decider.category}-${decider.streamId(fields)}`;
      const commandId = derivedId(cause, policy, type.name, stream, index);
      if (this.done.has(commandId)) continue;
      const command = Object.assign(new type(), fields) as Command;
      const state: unknown = fold(decider, this.streams.get(stream) ?? []);
      const events: Event[] = decider.decide[type.name]?.(command, state, circumstances({ commandId })) ?? [];
      if (events.length > 0) this.done.add(commandId);
      this.streams.set(stream, [...(this.streams.get(stream) ?? []), ...events]);
      events.forEach((event, place) => this.react(stream, event, derivedId(commandId, place)));
    }
  }

  private react(stream: string, event: Event, id: string): void {
    const { name, on } = whenMessageDueBringItOnItsWay;
    const react = on[event.type as keyof typeof on] as ((event: RecordedEvent) => IssuedCommand[]) | undefined;
    this.issue(name, id, react?.({ ...event, stream, id } as never) ?? []);
  }

  private deciderOf(type: unknown): AnyDecider {
    if (OF_CASE.includes(type)) return tellingCase;
    return OF_RECIPIENT.includes(type) ? recipient : message;
  }
}
