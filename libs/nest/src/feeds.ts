import { EventStore } from '@second-opinion/event-store';
import {
  categoryOf,
  derivedId,
  type Envelope,
  type OwnPolicy,
  type Position,
  type Publisher,
  type RecordedEvent,
} from '@second-opinion/kernel';
import { MessageBus, type Message } from '@second-opinion/message-bus';
import { ViewStore, type Lease } from '@second-opinion/view-store';
import { policyPlace, publisherPlace } from './names';
import { LeaseLost } from './projections';

/** Feed copies some own events to a topic: a publisher's messages for the others, or the events that an own policy has commands for. */
interface Feed {
  /** name of its checkpoint. */
  readonly name: string;
  readonly startsAt: 'beginning' | 'deployment';
  messageOf(event: RecordedEvent): Message | undefined;
}

/** KEEP_MS: how often the places are kept at most. */
const KEEP_MS = 1_000;

/** ownTopic is the private topic through which a policy gets the events of its own context: retried and parked like all others. */
export function ownTopic(context: string, policy: string): string {
  return `${context}.own.${policy}`;
}

/** Feeds publishes what this context tells, and what its own policies wait for; at least once, ids derived from the event. */
export class Feeds {
  private readonly feeds: readonly Feed[];
  private readonly at = new Map<Feed, Position | undefined>();
  private reached: Position | undefined;
  private waiting: { position: Position; done: () => void }[] = [];

  constructor(
    context: string,
    publishers: readonly Publisher[],
    policies: readonly OwnPolicy[],
    private readonly categories: readonly string[],
    private readonly store: EventStore,
    private readonly checkpoints: ViewStore,
    private readonly bus: MessageBus,
  ) {
    this.feeds = [
      ...publishers.map((publisher) => publisherFeed(context, publisher)),
      ...policies.map((policy) => ownFeed(context, policy)),
    ];
  }

  /** position up to which everything is published. */
  get position(): Position | undefined {
    return this.reached;
  }

  /** empty: nothing is published. */
  get empty(): boolean {
    return this.feeds.length === 0;
  }

  /** run follows the own streams until the signal. */
  async run(lease: Lease, signal: AbortSignal): Promise<void> {
    const from = await this.resume();
    if (from !== undefined) this.moved(from);
    let saved = { at: from, ms: performance.now() };
    let position = from;
    for await (const batch of this.store.subscribe({
      ...(from === undefined ? {} : { after: from }),
      categories: this.categories,
      signal,
    })) {
      await this.publish(batch.events, batch.position);
      position = batch.position;
      // Places are kept now and then: what was told since is told again after a crash.
      if (performance.now() - saved.ms >= KEEP_MS) {
        await this.save(position, lease);
        saved = { at: position, ms: performance.now() };
      }
      this.moved(position);
    }
    // Whoever has the lease by now goes on from what he finds.
    if (position !== undefined && position !== saved.at) await this.save(position, lease).catch(() => undefined);
  }

  /** caughtUp resolves when everything up to this position is published. */
  async caughtUp(position: Position): Promise<void> {
    if (this.empty || this.store.comparePositions(this.reached, position) >= 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push({ position, done: resolve });
    await promise;
  }

  /** publish tells what these events say to anybody, in one go. */
  private async publish(events: readonly RecordedEvent[], position: Position): Promise<void> {
    const messages: Message[] = [];
    for (const feed of this.feeds) {
      const at = this.at.get(feed);
      for (const event of events) {
        if (this.store.comparePositions(event.position, at) <= 0) continue;
        const message = feed.messageOf(event);
        if (message) messages.push(message);
      }
    }
    if (messages.length > 0) await this.bus.publish(messages);
    for (const feed of this.feeds)
      if (this.store.comparePositions(position, this.at.get(feed)) > 0) this.at.set(feed, position);
  }

  private async save(position: Position, lease: Lease): Promise<void> {
    const kept = await Promise.all(
      this.feeds.map((feed) => this.checkpoints.saveCheckpoint(feed.name, position, lease)),
    );
    if (kept.includes(false)) throw new LeaseLost();
  }

  private async resume(): Promise<Position | undefined> {
    let from: Position | undefined | null = null;
    for (const feed of this.feeds) {
      let at = await this.checkpoints.checkpoint(feed.name);
      if (at === undefined && feed.startsAt === 'deployment') {
        at = await this.store.end();
        if (at !== undefined) await this.checkpoints.saveCheckpoint(feed.name, at);
      }
      if (at !== undefined) await this.store.demandReached(at);
      this.at.set(feed, at);
      if (from === null || this.store.comparePositions(at, from) < 0) from = at;
    }
    return from ?? undefined;
  }

  private moved(position: Position): void {
    this.reached = position;
    const ready = this.waiting.filter((waiter) => this.store.comparePositions(position, waiter.position) >= 0);
    this.waiting = this.waiting.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.done();
  }
}

function publisherFeed(context: string, publisher: Publisher): Feed {
  return {
    name: publisherPlace(context, publisher.topic),
    startsAt: 'beginning',
    messageOf(event) {
      if (!publisher.categories.includes(categoryOf(event.stream))) return undefined;
      const publication = publisher.on[event.type]?.(event);
      if (!publication) return undefined;
      const { type, key, data } = publication;
      return {
        topic: publisher.topic,
        key,
        event: envelope(context, type, key, data, event, derivedId(event.id, publisher.topic, type)),
      };
    },
  };
}

function ownFeed(context: string, policy: OwnPolicy): Feed {
  const topic = ownTopic(context, policy.name);
  return {
    name: policyPlace(context, policy.name),
    startsAt: policy.startsAt,
    messageOf(event) {
      if (!asks(policy, event)) return undefined;
      return { topic, key: event.stream, event: envelope(context, event.type, event.stream, event, event, event.id) };
    },
  };
}

/** asks: the policy has commands for this event, or stumbles over it: then it is tried again, and parked, as its message. */
function asks(policy: OwnPolicy, event: RecordedEvent): boolean {
  try {
    return (policy.on[event.type]?.(event)?.length ?? 0) > 0;
  } catch {
    return true;
  }
}

function envelope(
  context: string,
  type: string,
  subject: string,
  data: object,
  event: RecordedEvent,
  id: string,
): Envelope {
  const { traceparent } = event.metadata;
  return {
    specversion: '1.0',
    id,
    source: `/second-opinion/${context}`,
    type,
    subject,
    time: event.metadata.recordedAt,
    datacontenttype: 'application/json',
    correlationid: event.metadata.correlationId,
    causationid: event.id,
    ...(traceparent === undefined ? {} : { traceparent }),
    data,
  };
}
