import { setTimeout as pause } from 'node:timers/promises';
import type { EachBatchPayload, Kafka } from 'kafkajs';
import type { ConsumeOptions, Consumption, GroupHealth } from '../message-bus';
import { Attempts } from './attempts';
import type { BrokerFacts } from './broker-facts';
import { GroupSession, type Member } from './group-session';
import { KeyLanes } from './key-lanes';
import type { Asked, ParkedRows, Waiting } from './parked-rows';
import { PartitionInHand } from './partition-in-hand';
import { placeOf, type End, type Place } from './places';
import type { Pace } from './settings';
import { envelopeOf, taken, type Taken } from './wire';

const MOST_UNHANDLED = 1_000;
const BEAT_MS = 500;
const FLUSH_MS = 5_000;

/** Trouble is what a person may want to know of a group; nothing in it is personal. */
export interface Trouble {
  readonly group: string;
  readonly what: string;
}

/** ConsumerParts are what a consumer works with. */
export interface ConsumerParts {
  readonly kafka: Kafka;
  readonly facts: BrokerFacts;
  readonly parked: ParkedRows;
  readonly pace: Pace;
  readonly now: () => number;
  readonly report: (trouble: Trouble) => void;
}

/**
 * GroupConsumer is this process's member of a group: keys side by side, each key in order, nothing committed before it is handled or
 * parked, nothing counted of a partition that went to another. What crashes or hangs is made anew.
 */
export class GroupConsumer implements Consumption, Member {
  readonly done: Promise<void>;
  private readonly attempts: Attempts;
  private readonly lanes: KeyLanes;
  private partitions = new Map<Place, PartitionInHand>();
  private session: GroupSession | undefined;
  private memberId: string | undefined;
  private readonly replaying = new Set<string>();
  private committing: Promise<void> | undefined;
  private moved = Promise.withResolvers<void>();
  private stopped = false;
  private handledAt: number | undefined;
  private movedAt: number;
  private lag: number | undefined;

  constructor(
    readonly options: ConsumeOptions,
    private readonly floors: ReadonlyMap<Place, bigint>,
    private readonly parts: ConsumerParts,
  ) {
    this.attempts = new Attempts(options);
    this.lanes = new KeyLanes(options.signal);
    this.movedAt = parts.now();
    this.done = this.run();
  }

  async idle(): Promise<void> {
    const { group, topics } = this.options;
    let ends: readonly End[] | undefined;
    while (!this.stopped) {
      const { promise } = this.moved;
      try {
        ends ??= await this.parts.facts.ends(topics);
        if ((await this.reached(ends)) && !(await this.parts.parked.asked([group])).some((row) => this.listensTo(row)))
          return;
      } catch {
        // The broker or the store is away; look again.
      }
      await Promise.race([promise, this.done, pause(50)]);
    }
  }

  health(): GroupHealth {
    const { pace, now } = this.parts;
    const since = (at: number) => now() - at > pace.stallMs;
    return {
      group: this.options.group,
      connected: this.session?.joined === true && !since(this.session.heardAt),
      stalled: (this.lag ?? 0) > 0 && since(this.movedAt),
      ...(this.lag === undefined ? {} : { lag: this.lag }),
      ...(this.handledAt === undefined ? {} : { lastHandledAt: new Date(this.handledAt).toISOString() }),
    };
  }

  /** watch compares with the ends of the topics; a session that has something to do and takes nothing is made anew. */
  watch(ends: readonly End[]): void {
    const { pace, now } = this.parts;
    let lag = 0n;
    let inHand = 0;
    for (const { place, offset } of ends) {
      const partition = this.partitions.get(place);
      if (!partition?.known) continue;
      if (offset > partition.reached) lag += offset - partition.reached;
      inHand += partition.inHand;
    }
    this.lag = Number(lag);
    if (lag === 0n) this.movedAt = now();
    const { session } = this;
    if (!session) return;
    if (now() - session.heardAt > pace.stallMs) session.fail('heard nothing from the broker');
    else if (lag > 0n && inHand === 0 && now() - this.movedAt > pace.stallMs) session.fail('stood still');
  }

  /** look at what somebody asked to be handed out again. */
  look(asked: readonly Asked[]): void {
    for (const { group, place, key } of asked) {
      if (group !== this.options.group || !this.partitions.get(place)?.known || this.replaying.has(key)) continue;
      this.replaying.add(key);
      this.lanes.add(key, () => this.replay(key));
    }
  }

  joined(memberId: string, assignment: Readonly<Record<string, readonly number[]>>): void {
    const kept = memberId === this.memberId ? this.partitions : new Map<Place, PartitionInHand>();
    const mine = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => {
        const before = kept.get(placeOf(topic, partition));
        return before?.known ? before : new PartitionInHand(topic, partition);
      }),
    );
    const staying = new Set(mine);
    for (const partition of this.partitions.values()) if (!staying.has(partition)) partition.revoke();
    this.partitions = new Map(mine.map((partition) => [partition.place, partition]));
    this.memberId = memberId;
    this.movedAt = this.parts.now();
    void this.load(mine.filter((partition) => !partition.known));
  }

  rebalancing(): void {
    void this.commitNow().catch(() => undefined);
  }

  /** batch takes messages into the lanes, and gives the fetching back at once: one slow key holds up no other. */
  async batch({ batch, heartbeat, isRunning, isStale, resolveOffset }: EachBatchPayload): Promise<void> {
    const partition = this.partitions.get(placeOf(batch.topic, batch.partition));
    if (!partition) return;
    await beating(partition.ready.promise, heartbeat);
    while (this.unhandled() >= MOST_UNHANDLED && partition.known && isRunning())
      await beating(Promise.race([this.moved.promise, pause(BEAT_MS)]), heartbeat);
    if (!partition.known || !isRunning() || isStale()) return;
    if (this.options.signal.aborted) return await pause(BEAT_MS);
    for (const one of batch.messages) {
      if (!partition.accept(BigInt(one.offset))) continue;
      const message = taken(one);
      const era = partition.current;
      this.lanes.add(message.key || `\u0000${partition.place}`, () => this.deliver(partition, era, message));
    }
    resolveOffset(batch.lastOffset());
    if (partition.position > BigInt(batch.lastOffset()) + 1n)
      this.session?.seek(batch.topic, batch.partition, partition.position);
  }

  private async run(): Promise<void> {
    const { signal, group, topics } = this.options;
    const { kafka, pace, now, report } = this.parts;
    const aborted = once(signal);
    for (let failures = 0; !signal.aborted;) {
      const session = new GroupSession(kafka, pace, group, topics, this, now);
      this.session = session;
      const started = session.start().catch((error: unknown) => session.fail(`did not start: ${nameOf(error)}`));
      const why = await Promise.race([session.ended, aborted]);
      if (signal.aborted) break;
      report({ group, what: `the consumer ${why}; it is made anew` });
      failures = session.joined ? 0 : failures + 1;
      this.release();
      await session.close();
      await Promise.race([started, pause(FLUSH_MS), aborted]);
      await this.rest(Math.min(5_000, 100 * 2 ** failures) * (0.5 + Math.random()));
    }
    await this.stop();
  }

  /** stop takes nothing more, waits for what is in hand, writes down how far it came and leaves the group. */
  private async stop(): Promise<void> {
    this.session?.pause();
    await this.lanes.drained();
    await this.committing;
    const until = this.parts.now() + FLUSH_MS;
    while (this.due().length > 0 && this.session?.joined && this.parts.now() < until) {
      const flushed = this.commitNow().then(
        () => true,
        () => false,
      );
      if (!(await Promise.race([flushed, pause(FLUSH_MS).then(() => true)]))) await pause(200);
    }
    await this.session?.close();
    this.release();
    this.stopped = true;
    this.moved.resolve();
  }

  private release(): void {
    for (const partition of this.partitions.values()) partition.revoke();
    this.partitions = new Map();
    this.memberId = undefined;
  }

  private async load(fresh: readonly PartitionInHand[]): Promise<void> {
    const { group, topics, signal } = this.options;
    const { facts, parked } = this.parts;
    const places = fresh.map(({ place }) => place);
    const ours = () => fresh.some((partition) => this.partitions.get(partition.place) === partition);
    while (places.length > 0 && ours() && !signal.aborted) {
      try {
        const [committed, waiting, floors] = await Promise.all([
          facts.committed(group, topics),
          parked.waiting(group, places),
          this.floorsNow(),
        ]);
        for (const partition of fresh) {
          const rows = waiting.filter(({ place }) => place === partition.place);
          partition.begin(committed.get(partition.place), floors.get(partition.place) ?? 0n, rows);
        }
        this.progressed();
        this.look(await parked.asked([group]));
        return;
      } catch {
        await this.rest(BEAT_MS);
      }
    }
  }

  /** floorsNow leaves out those beyond the end: the topic was made anew since, and is read from its start. */
  private async floorsNow(): Promise<ReadonlyMap<Place, bigint>> {
    if (this.floors.size === 0) return this.floors;
    const ends = await this.parts.facts.ends(this.options.topics);
    const beyond = (place: Place, floor: bigint) => (ends.find((end) => end.place === place)?.offset ?? 0n) < floor;
    return new Map([...this.floors].filter(([place, floor]) => !beyond(place, floor)));
  }

  /** deliver a message: handled, or parked. */
  private async deliver(partition: PartitionInHand, era: number, message: Taken): Promise<void> {
    const { key, offset, value } = message;
    const ours = () => partition.isCurrent(era);
    if (!ours()) return;
    if (!partition.isSettled(key, offset)) {
      const event = envelopeOf(value);
      const outcome = this.first(key)
        ? { reason: 'behind', attempts: 0 }
        : event
          ? await this.attempts.attempt({ topic: partition.topic, key, event }, ours)
          : { reason: 'message-bus.unreadable', attempts: 1 };
      if (outcome === 'stopped') return;
      if (outcome !== 'handled') {
        if (!(await this.session?.isMember()) || !ours()) return;
        const { reason, attempts } = outcome;
        const row = await this.parts.parked.park(this.options.group, partition.place, message, reason, attempts);
        if (row) partition.park(row);
      }
    }
    if (!ours()) return;
    partition.finish(offset);
    this.handledAt = this.movedAt = this.parts.now();
    this.progressed();
  }

  /** replay the key's parked messages in order, until one fails again. */
  private async replay(key: string): Promise<void> {
    const { parked } = this.parts;
    const { group } = this.options;
    const places = [...this.partitions.values()].filter(({ known }) => known).map(({ place }) => place);
    for (let row = this.first(key); row; row = this.first(key)) {
      const partition = this.partitions.get(row.place);
      if (!partition) break;
      const message = await parked.read(row);
      if (message) {
        const event = envelopeOf(message.value);
        const outcome = event
          ? await this.attempts.attempt({ topic: partition.topic, key, event }, () => partition.known)
          : { reason: 'message-bus.unreadable', attempts: 1 };
        if (outcome === 'stopped') return void this.replaying.delete(key);
        if (outcome !== 'handled') {
          await parked.failedAgain(row, outcome.reason, outcome.attempts);
          break;
        }
        await parked.remove(row);
      }
      partition.unpark(row);
    }
    await parked.answered(group, places, key);
    this.replaying.delete(key);
    this.progressed();
  }

  /** first that waits under a key, of all partitions that are ours. */
  private first(key: string): Waiting | undefined {
    let first: Waiting | undefined;
    for (const partition of this.partitions.values()) {
      const row = partition.first(key);
      if (row && (!first || row.parkedAt < first.parkedAt)) first = row;
    }
    return first;
  }

  /** reached: the group has handled or parked everything below these ends; what others hold is known from their commits. */
  private async reached(ends: readonly End[]): Promise<boolean> {
    const known = (place: Place) => this.partitions.get(place)?.known === true;
    const open = ends.filter(({ place, offset }) => !known(place) || this.partitions.get(place)!.reached < offset);
    if (open.length === 0) return true;
    if (open.some(({ place }) => known(place))) return false;
    const committed = await this.parts.facts.committed(this.options.group, this.options.topics);
    return open.every(({ place, offset }) => {
      const reached = committed.get(place) ?? 0n;
      const floor = this.floors.get(place) ?? 0n;
      return reached >= offset || floor >= offset;
    });
  }

  private listensTo({ place }: Asked): boolean {
    return this.options.topics.some((topic) => place.startsWith(`${topic}|`));
  }

  private unhandled(): number {
    let unhandled = 0;
    for (const { inHand } of this.partitions.values()) unhandled += inHand;
    return unhandled;
  }

  private due(): readonly PartitionInHand[] {
    return [...this.partitions.values()].filter(({ due }) => due);
  }

  private progressed(): void {
    this.moved.resolve();
    this.moved = Promise.withResolvers<void>();
    this.committing ??= this.commit().finally(() => (this.committing = undefined));
  }

  /** commit what is done, calmly, until nothing is due. */
  private async commit(): Promise<void> {
    while (this.due().length > 0 && !this.options.signal.aborted) {
      const written = await this.commitNow().then(
        () => true,
        () => false,
      );
      await this.rest(written ? this.parts.pace.calmMs : BEAT_MS);
    }
  }

  private async commitNow(): Promise<void> {
    const due = this.due().map((partition) => ({ partition, era: partition.current, offset: partition.reached }));
    if (due.length === 0) return;
    await this.session?.commit(
      due.map(({ partition: { topic, partition }, offset }) => ({ topic, partition, offset })),
    );
    for (const { partition, era, offset } of due) if (partition.isCurrent(era)) partition.committed(offset);
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.options.signal }).catch(() => undefined);
  }
}

/** beating keeps the membership while something takes long. */
async function beating(work: Promise<unknown>, heartbeat: () => Promise<void>): Promise<void> {
  const finished = work.then(() => true);
  while (!(await Promise.race([finished, pause(BEAT_MS, false)]))) await heartbeat();
}

function once(signal: AbortSignal): Promise<string> {
  if (signal.aborted) return Promise.resolve('aborted');
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'), { once: true }));
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
