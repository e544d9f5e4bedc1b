import type { NewEvent, Position, RecordedEvent } from '@second-opinion/kernel';
import {
  EventStore,
  RevisionConflict,
  type AppendResult,
  type Batch,
  type Created,
  type CreatedId,
  type Derived,
  type ExpectedRevision,
  type ReadFilter,
  type SubscribeOptions,
} from './event-store';

/**
 * NamespacedEventStore lets several deployments share a server: outside, every stream has the namespace before its name; inside, nobody
 * sees that, or any stream of another deployment. Positions are those of the server's log, so `end` may lie beyond the last own event.
 */
export class NamespacedEventStore extends EventStore {
  private readonly prefix: string;

  /** namespace: small letters and digits, beginning with a letter; throws `TypeError` otherwise. */
  constructor(
    private readonly inner: EventStore,
    namespace: string,
  ) {
    super();
    if (!/^[a-z][a-z0-9]{0,29}$/.test(namespace)) throw new TypeError('a namespace is small letters and digits');
    this.prefix = `${namespace}.`;
  }

  override idFor(commandId: string, derived: () => Derived): Promise<CreatedId> {
    return this.inner.idFor(commandId, () => {
      const { id, stream } = derived();
      return { id, stream: this.prefix + stream };
    });
  }

  async append(
    stream: string,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
    created?: Created,
  ): Promise<AppendResult> {
    try {
      return { ...(await this.inner.append(this.prefix + stream, expected, events, created)), stream };
    } catch (error) {
      if (error instanceof RevisionConflict) throw new RevisionConflict(stream, error.expected, error.actual);
      throw error;
    }
  }

  async readStream(stream: string, from?: number): Promise<readonly RecordedEvent[]> {
    return (await this.inner.readStream(this.prefix + stream, from)).map((event) => this.inside(event));
  }

  async readAll(options: ReadFilter & { after?: Position; limit?: number }): Promise<Batch> {
    return this.batch(await this.inner.readAll({ ...options, categories: this.outside(options.categories) }));
  }

  async *subscribe(options: SubscribeOptions): AsyncIterable<Batch> {
    const filtered = { ...options, categories: this.outside(options.categories) };
    for await (const batch of this.inner.subscribe(filtered)) yield this.batch(batch);
  }

  end(): Promise<Position | undefined> {
    return this.inner.end();
  }

  demandReached(position: Position): Promise<void> {
    return this.inner.demandReached(position);
  }

  comparePositions(a: Position | undefined, b: Position | undefined): number {
    return this.inner.comparePositions(a, b);
  }

  private outside(categories: readonly string[] | undefined): readonly string[] {
    return categories?.map((category) => this.prefix + category) ?? [this.prefix];
  }

  private inside(event: RecordedEvent): RecordedEvent {
    return { ...event, stream: event.stream.slice(this.prefix.length) };
  }

  private batch(batch: Batch): Batch {
    return { ...batch, events: batch.events.map((event) => this.inside(event)) };
  }
}
