import { setTimeout as pause } from 'node:timers/promises';
import type { EachBatchPayload } from 'kafkajs';
import type { Envelope, Failure } from '@second-opinion/kernel';
import type { ConsumeOptions, Consumption, GroupHealth } from '../message-bus';
import { Attempts, type Outcome } from '../attempts';
import { BEAT_MS, beating } from './beating';
import type { BrokerFacts } from './broker-facts';
import { Commits } from './commits';
import { GroupSession, type Member } from './group-session';
import { KeyLanes, whenAborted } from './key-lanes';
import type { Floors } from './beginnings';
import type { Asked, ParkedRows } from './parked-rows';
import type { PartitionInHand } from './partition-in-hand';
import { ofTopics, placeOf, type End } from './places';
import type { KafkaSettings, Pace } from './settings';
import { Share } from './share';
import { Starts } from './starts';
import { envelopeOf, identityOf, messageOf, taken, type Taken } from './wire';

/** MOST_UNHANDLED messages that a group takes before it waits for its handlers. */
const MOST_UNHANDLED = 1_000;

/** Trouble is what a person may want to know of a group; nothing in it is personal. */
export interface Trouble {
  readonly group: string;
  readonly what: string;
}

/** ConsumerParts are what a consumer works with. */
export interface ConsumerParts {
  readonly settings: KafkaSettings;
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
  private readonly starts: Starts;
  private readonly attempts: Attempts;
  private readonly lanes: KeyLanes;
  private readonly share = new Share();
  private readonly commits: Commits;
  private readonly replaying = new Set<string>();
  /** skipped messages, by identity: left out also when they are told again. */
  private readonly skipped = new Set<string>();
  private session: GroupSession | undefined;
  private moved = Promise.withResolvers<void>();
  private stopped = false;
  private handledAt: number | undefined;
  private movedAt = performance.now();
  private lag: bigint | undefined;
  private readonly isLate = (at: number) => performance.now() - at > this.parts.pace.stallMs;

  constructor(
    readonly options: ConsumeOptions,
    floors: () => Promise<Floors>,
    private readonly parts: ConsumerParts,
  ) {
    const { signal } = options;
    this.starts = new Starts(options, parts.facts, parts.parked, floors);
    this.attempts = new Attempts(options);
    this.lanes = new KeyLanes(signal);
    this.commits = new Commits(this.share, () => this.session, parts.pace.calmMs, signal);
    this.done = this.run();
  }

  async idle(): Promise<void> {
    const { facts, parked } = this.parts;
    const { group, topics } = this.options;
    let ends: readonly End[] | undefined;
    while (!this.stopped) {
      const { promise } = this.moved;
      try {
        ends ??= await facts.ends(topics);
        const done = await this.reached(ends);
        if (done && !(await parked.asked([group])).some(({ place }) => ofTopics(topics, place))) return;
      } catch {
        // The broker or the store is away; look again.
      }
      await Promise.race([promise, this.done, pause(BEAT_MS / 10)]);
    }
  }

  health(): GroupHealth {
    return {
      group: this.options.group,
      connected: this.session?.joined === true,
      stalled: (this.lag ?? 0n) > 0n && this.isLate(this.movedAt),
      ...(this.lag === undefined ? {} : { lag: Number(this.lag) }),
      ...(this.handledAt === undefined ? {} : { lastHandledAt: new Date(this.handledAt).toISOString() }),
    };
  }

  /** watch compares with the ends of the topics; a session that has something to do and takes nothing is made anew. */
  watch(ends: readonly End[]): void {
    this.lag = this.share.lag(ends);
    if (this.lag === 0n) this.movedAt = performance.now();
    else if (this.share.unhandled === 0 && this.isLate(this.movedAt)) this.session?.fail('stood still');
  }

  /** look at what somebody asked to be handed out again. */
  look(asked: readonly Asked[]): void {
    for (const { group, place, key } of asked) {
      if (group !== this.options.group || !this.share.has(place) || this.replaying.has(key)) continue;
      this.replaying.add(key);
      this.lanes.add(key, () => this.replay(key));
    }
  }

  joined(memberId: string, assignment: Readonly<Record<string, readonly number[]>>): void {
    this.movedAt = performance.now();
    void this.load(this.share.take(memberId, assignment));
  }

  rebalancing(): void {
    this.commits.now().catch(() => undefined);
  }

  /** batch takes messages into the lanes, and gives the fetching back at once: one slow key holds up no other. */
  async batch(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const beat = () => payload.heartbeat();
    const partition = this.share.get(placeOf(batch.topic, batch.partition));
    if (!partition) return;
    await beating(partition.ready.promise, beat);
    while (this.share.unhandled >= MOST_UNHANDLED && partition.known && payload.isRunning())
      await beating(Promise.race([this.moved.promise, pause(BEAT_MS)]), beat);
    if (!partition.known || !payload.isRunning() || payload.isStale()) return;
    if (this.options.signal.aborted) return await pause(BEAT_MS);
    for (const one of batch.messages) {
      const message = taken(one);
      if (partition.accept(message))
        this.lanes.add(message.key || `\u0000${partition.place}`, () => this.deliver(partition, message));
    }
    if (partition.stale) return this.session?.fail('found a topic made anew');
    payload.resolveOffset(batch.lastOffset());
    if (partition.position > BigInt(batch.lastOffset()) + 1n)
      this.session?.seek(batch.topic, batch.partition, partition.position);
  }

  private async run(): Promise<void> {
    const { signal, group, topics } = this.options;
    const { settings, pace, report } = this.parts;
    const aborted = whenAborted(signal);
    for (let failures = 0; !signal.aborted;) {
      const session = (this.session = new GroupSession(settings, pace, group, topics, this));
      void session.start();
      const why = await Promise.race([session.ended, aborted]);
      if (signal.aborted) break;
      report({ group, what: `the consumer ${why}; it is made anew` });
      failures = session.joined ? 0 : failures + 1;
      this.share.release();
      await session.close();
      await this.rest(Math.min(2_000, 100 * 2 ** failures) * (0.5 + Math.random()));
    }
    await this.stop();
  }

  /** stop takes nothing more, waits for what is in hand, writes down how far it came and leaves the group. */
  private async stop(): Promise<void> {
    this.session?.pause();
    await this.lanes.drained();
    await this.commits.flush();
    await this.session?.close();
    this.share.release();
    this.stopped = true;
    this.moved.resolve();
  }

  /** load where partitions that are new to us begin, and what of them waits parked. */
  private async load(fresh: readonly PartitionInHand[]): Promise<void> {
    const { group, signal } = this.options;
    const { parked } = this.parts;
    const ours = () => fresh.some((partition) => this.share.get(partition.place) === partition);
    while (ours() && !signal.aborted) {
      try {
        const [starts, skipped] = await Promise.all([this.starts.of(fresh), parked.skipped(group)]);
        for (const identity of skipped) this.skipped.add(identity);
        for (const { partition, committed, floor, waiting, anew } of starts) {
          partition.begin(committed, floor, waiting);
          if (anew) this.session?.seek(partition.topic, partition.partition, partition.position);
        }
        this.progressed();
        this.look(await parked.asked([group]));
        return;
      } catch {
        await this.rest(BEAT_MS);
      }
    }
  }

  /** deliver a message: handled, or parked. */
  private async deliver(partition: PartitionInHand, message: Taken): Promise<void> {
    const { key, offset } = message;
    const ours = () => partition.holds(message);
    if (!ours()) return;
    const settled = partition.isSettled(message);
    if (this.skipped.size > 0 && this.skipped.has(identityOf(partition.place, message)))
      this.report('skipped', partition, message, 0);
    else if (settled) await this.arrange(partition, message);
    else {
      const outcome: Outcome = this.share.first(key)
        ? { reason: 'behind', attempts: 0 }
        : await this.attempt(partition, message, ours);
      if (outcome === 'stopped') return;
      if (outcome !== 'handled') {
        if (!(await this.session?.remains(ours, this.options.signal))) return;
        const { reason, attempts, failure } = outcome;
        const last = this.share.last(key);
        const row = await this.parts.parked.park(this.options.group, partition.place, message, reason, attempts, last);
        if (row) partition.park(row);
        this.report(row ? 'parked' : 'skipped', partition, message, attempts, failure);
      }
    }
    if (!ours()) return;
    partition.finish(offset);
    this.handledAt = this.parts.now();
    this.movedAt = performance.now();
    this.progressed();
  }

  /** arrange what waits as it stands in its partition, where that was put back to before both were told; only a member does. */
  private async arrange(partition: PartitionInHand, message: Taken): Promise<void> {
    const late = partition.misplaced(message);
    if (late && (await this.session?.remains(() => partition.holds(message), this.options.signal)))
      partition.putBehind(await this.parts.parked.putBehind(late, this.share.last(message.key)));
  }

  /** replay the key's parked messages in order, until one fails again. */
  private async replay(key: string): Promise<void> {
    const { parked } = this.parts;
    const { places } = this.share;
    for (let row = this.share.first(key); row; row = this.share.first(key)) {
      const partition = this.share.get(row.place);
      if (!partition) break;
      const message = await parked.read(row);
      if (message === 'skipped') this.skipped.add(row.identity);
      else if (message !== 'gone') {
        const outcome = await this.attempt(partition, message, () => partition.known);
        if (outcome === 'stopped') return void this.replaying.delete(key);
        if (outcome !== 'handled') {
          await parked.failedAgain(row, outcome.reason, outcome.attempts);
          this.report('parked', partition, message, outcome.attempts, outcome.failure);
          break;
        }
        await parked.remove(row);
      }
      partition.unpark(row);
    }
    await parked.answered(this.options.group, places, key);
    this.replaying.delete(key);
    this.progressed();
  }

  private async attempt(partition: PartitionInHand, message: Taken, ours: () => boolean): Promise<Outcome> {
    const event: Envelope | undefined = envelopeOf(message.value);
    if (!event) return { reason: 'message-bus.unreadable', attempts: 1 };
    return await this.attempts.attempt({ topic: partition.topic, key: message.key, event }, ours);
  }

  private report(
    what: 'parked' | 'skipped',
    { topic }: PartitionInHand,
    message: Taken,
    attempts: number,
    failure?: Failure,
  ) {
    this.attempts.report(what, messageOf(topic, message, this.parts.now()), attempts, failure);
  }

  /** reached: the group has handled or parked everything below these ends; what others hold is known from their commits. */
  private async reached(ends: readonly End[]): Promise<boolean> {
    const open = ends.filter(
      ({ place, offset }) => !this.share.has(place) || (this.share.get(place)?.reached ?? 0n) < offset,
    );
    if (open.length === 0) return true;
    if (open.some(({ place }) => this.share.has(place))) return false;
    return await this.starts.reached(open);
  }

  private progressed(): void {
    this.moved.resolve();
    this.moved = Promise.withResolvers<void>();
    this.commits.soon();
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.options.signal }).catch(() => undefined);
  }
}
