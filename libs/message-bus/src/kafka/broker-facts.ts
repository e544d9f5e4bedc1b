import { setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '@second-opinion/kernel';
import type { Admin, KafkaMessage } from 'kafkajs';
import { firstRecord } from './first-record';
import { partitionsOf, samePartitions, TopicsUnfit } from './partitions';
import { placeOf, type End, type Place } from './places';
import { isCutOff, isHidden, isRefusal } from './refusal';
import { clientOf, type KafkaSettings } from './settings';
import { together } from './together';
import { missingIn } from './topics';

const PATIENCE_MS = 10_000;
const LIST_MS = 2_000;
const RETRIES = 2;

/** BrokerFacts asks the brokers what stands there: topics, ends, and how far groups are. One connection for all. */
export class BrokerFacts {
  private readonly admin: Admin;
  private connected: Promise<void> | undefined;
  private readonly known = new Set<string>();
  private closed = false;
  private readonly offsetsOf = together((topic) => this.ask((admin) => admin.fetchTopicOffsets(topic)));

  private readonly brokers: string;

  constructor(private readonly settings: KafkaSettings) {
    this.brokers = settings.brokers.join(', ');
    this.admin = clientOf(settings, RETRIES).admin();
  }

  /** reach waits for the brokers, so long at most; then, or when they refuse who we are, it says so in one sentence. */
  async reach(waitMs: number): Promise<void> {
    const until = performance.now() + waitMs;
    let failure: unknown;
    for (let failures = 0; ; failures++) {
      // A frozen broker takes the connection and says nothing, for longer than a start may wait.
      const late = pause(Math.max(0, until - performance.now()), false, { ref: false });
      try {
        if (await Promise.race([this.answers().then(() => true), late])) return;
      } catch (error) {
        failure = error;
      }
      const refused = isRefusal(failure);
      const rest = Math.min(2_000, 100 * 2 ** failures);
      if (refused || performance.now() + rest > until)
        throw new Error(refused ? this.refuses() : this.silent(waitMs, failure), { cause: failure });
      await pause(rest);
    }
  }

  private refuses(): string {
    return `Kafka at ${this.brokers} refuses this user: check its name, password and SASL mechanism, and that this listener takes logins.`;
  }

  private silent(waitMs: number, error: unknown): string {
    const within = `Kafka at ${this.brokers} did not answer within ${waitMs / 1000} s`;
    return isCutOff(error)
      ? `${within} and ended each connection: check whether this listener wants TLS, and a user.`
      : `${within}.`;
  }

  /** answers resolves when a broker does; asked once, without patience. */
  async answers(): Promise<void> {
    await this.ask((admin) => admin.describeCluster(), 0);
  }

  /** demand that these topics exist, with the same number of partitions; a sentence names those of which that is not so. */
  async demand(topics: readonly string[]): Promise<void> {
    if (topics.every((topic) => this.known.has(topic))) return;
    // A broker that has just come, or a topic that was just made, may not be in its list yet.
    const until = performance.now() + LIST_MS;
    let there = await this.ask((admin) => partitionsOf(admin, topics));
    while (missingIn(there, topics).length > 0 && performance.now() < until) {
      await pause(200);
      there = await this.ask((admin) => partitionsOf(admin, topics));
    }
    const missing = missingIn(there, topics);
    const hidden = await this.hidden(missing);
    if (hidden.length > 0)
      throw new TopicsUnfit(
        `Kafka does not let this user see the ${named(hidden)}: give this service its own user, or run the step that declares topics and makes rights.`,
      );
    if (missing.length > 0) throw new Error(`Kafka lacks the ${named(missing)}: run the step that declares topics.`);
    samePartitions(there);
    for (const topic of topics) this.known.add(topic);
  }

  /** hidden from this user, of the topics that he does not see. */
  private async hidden(topics: readonly string[]): Promise<readonly string[]> {
    const found: string[] = [];
    for (const topic of topics)
      await this.ask((admin) => admin.fetchTopicMetadata({ topics: [topic] }), 0).catch((error: unknown) => {
        if (isHidden((error as Error).cause)) found.push(topic);
      });
    return found;
  }

  /** ends of the topics' partitions; those that hold nothing are left out. */
  async ends(topics: readonly string[]): Promise<readonly End[]> {
    const answers = await Promise.all(topics.map(async (topic) => ({ topic, offsets: await this.offsetsOf(topic) })));
    return answers.flatMap(({ topic, offsets }) =>
      offsets
        .filter(({ low, high }) => low !== high)
        .map(({ partition, high }) => ({ place: placeOf(topic, partition), topic, partition, offset: BigInt(high) })),
    );
  }

  /** publishedSince an instant: the first offset of each partition with a message of then or later; its end when there is none. */
  async publishedSince(topic: string, atMs: number): Promise<ReadonlyMap<Place, bigint>> {
    const answer = await this.ask((admin) => admin.fetchTopicOffsetsByTimestamp(topic, atMs));
    return new Map(answer.map(({ partition, offset }) => [placeOf(topic, partition), BigInt(offset)]));
  }

  /** committed offsets of a group; a partition without one is left out. */
  async committed(group: string, topics: readonly string[]): Promise<ReadonlyMap<Place, bigint>> {
    const answer = await this.ask((admin) => admin.fetchOffsets({ groupId: group, topics: [...topics] }));
    const known = new Map<Place, bigint>();
    for (const { topic, partitions } of answer)
      for (const { partition, offset } of partitions)
        if (BigInt(offset) >= 0n) known.set(placeOf(topic, partition), BigInt(offset));
    return known;
  }

  /** first record of a topic; undefined while it holds none. */
  first(topic: string): Promise<KafkaMessage | undefined> {
    return this.ask(() => firstRecord(this.settings, topic));
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.admin.disconnect();
  }

  /** ask, and again for a while: right after a topic was made, or a broker came back, an answer can be that nobody leads yet. */
  private async ask<T>(question: (admin: Admin) => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
    for (const until = performance.now() + patienceMs; ;) {
      try {
        await (this.connected ??= this.admin.connect());
        return await question(this.admin);
      } catch (error) {
        this.connected = undefined;
        // While a password is changed; asking again at once would not help.
        if (this.closed || isRefusal(error) || performance.now() > until)
          throw new Unavailable('message-bus.unreachable', {}, { cause: error });
        await pause(200);
      }
    }
  }
}

function named(topics: readonly string[]): string {
  return `${topics.length === 1 ? 'topic' : 'topics'} ${topics.join(', ')}`;
}
