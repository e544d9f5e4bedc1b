import { setTimeout as pause } from 'node:timers/promises';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import { byPartition } from './by-partition';
import { clientOf, RETRY, type KafkaSettings, type Pace } from './settings';

/** Member is told what its session hears from the group. */
export interface Member {
  /** joined: these partitions are ours now; the same `memberId` as before means that nobody else had them in between. */
  joined(memberId: string, assignment: Readonly<Record<string, readonly number[]>>): void;
  /** rebalancing: the group will be divided anew; what is done should be committed. */
  rebalancing(): void;
  batch(payload: EachBatchPayload): Promise<void>;
}

/** Commit is how far one partition is handled. */
export interface Commit {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

const CLOSE_MS = 5_000;
/** JOIN_SESSIONS: joining may last so many session timeouts, since a group waits for its other members, and for those that are gone. */
const JOIN_SESSIONS = 3;
/** RETRIES are fewer than a producer's: a session that fails is made anew, and one that is closed must not go on trying for long. */
const RETRIES = 10;

/**
 * GroupSession is one membership of a consumer group, from joining until it is of no more use: it crashed, hangs, or was closed.
 * It never restarts by itself; whoever consumes opens another one. It hangs when its group has not heard it, and so has taken its share away:
 * kafkajs beats by the wall clock, and not at all after that went back, but goes on fetching.
 */
export class GroupSession {
  /** ended resolves with why this session is of no more use. */
  readonly ended: Promise<string>;
  private readonly end: (why: string) => void;
  private readonly consumer: Consumer;
  private last: EachBatchPayload | undefined;
  private isJoined = false;
  private closed = false;
  private heardAt = -Infinity;
  private silence: NodeJS.Timeout | undefined;
  private readonly beatMs: number;
  private starting: Promise<unknown> = Promise.resolve();

  constructor(
    settings: KafkaSettings,
    private readonly pace: Pace,
    group: string,
    private readonly topics: readonly string[],
    private readonly member: Member,
  ) {
    ({ promise: this.ended, resolve: this.end } = Promise.withResolvers<string>());
    this.beatMs = Math.ceil(pace.sessionTimeoutMs / 10);
    this.consumer = clientOf(settings, RETRIES).consumer({
      groupId: group,
      partitionAssigners: [byPartition],
      sessionTimeout: pace.sessionTimeoutMs,
      heartbeatInterval: this.beatMs,
      rebalanceTimeout: 2 * pace.sessionTimeoutMs,
      maxWaitTimeInMs: pace.maxWaitMs,
      maxBytes: 4_194_304,
      allowAutoTopicCreation: false,
      retry: { ...RETRY, retries: RETRIES, restartOnFailure: () => Promise.resolve(false) },
    });
  }

  /** joined: the group has given us our share. */
  get joined(): boolean {
    return this.isJoined && !this.closed;
  }

  /** start connects and joins; resolves when it is a member, or will never be one. */
  async start(): Promise<void> {
    this.listen();
    this.expect(JOIN_SESSIONS);
    this.starting = this.begin().catch((error: unknown) => this.end(`did not start: ${nameOf(error)}`));
    await this.starting;
  }

  private async begin(): Promise<void> {
    await this.consumer.connect();
    // Without a valid offset a group begins at the start, never at the end.
    if (!this.closed) await this.consumer.subscribe({ topics: [...this.topics], fromBeginning: true });
    if (!this.closed) await this.run();
  }

  private async run(): Promise<void> {
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 16,
      eachBatch: async (payload) => {
        if (this.closed) return;
        this.last = payload;
        await this.member.batch(payload);
      },
    });
  }

  /** seek: the next fetch begins here. */
  seek(topic: string, partition: number, offset: bigint): void {
    this.consumer.seek({ topic, partition, offset: String(offset) });
  }

  /** pause takes nothing more, but stays a member. */
  pause(): void {
    if (this.joined) this.consumer.pause(this.topics.map((topic) => ({ topic })));
  }

  /** commit once; throws when the broker refuses, as it does when the group was divided anew. */
  async commit(commits: readonly Commit[]): Promise<void> {
    const offsets = commits.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) }));
    if (!this.last) return await this.consumer.commitOffsets(offsets);
    const topics = [...new Set(offsets.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: offsets.filter((one) => one.topic === topic),
    }));
    await this.last.commitOffsetsIfNecessary({ topics });
  }

  /** isMember asks the broker, unless it said so a moment ago; no, where the client asks nothing. */
  private async isMember(): Promise<boolean> {
    if (!this.joined) return false;
    try {
      await this.last?.heartbeat();
      return performance.now() - this.heardAt <= 2 * this.beatMs;
    } catch {
      return false;
    }
  }

  /**
   * remains a member: asked until that can be told, which it cannot during a rebalance or while the clock is behind where it was. Only a member
   * parks: who has the partition else would not know of the row. False once the message is no longer `ours` to do, or at a stop.
   */
  async remains(ours: () => boolean, signal: AbortSignal): Promise<boolean> {
    while (ours() && !signal.aborted) {
      if (await this.isMember()) return ours();
      await pause(this.beatMs, undefined, { signal }).catch(() => undefined);
    }
    return false;
  }

  /** fail: this session is of no more use. */
  fail(why: string): void {
    this.end(why);
  }

  /** close leaves the group, within a few seconds or without its answer. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.silence);
    this.end('closed');
    // A client that is let go of while it joins forgets that it does, and becomes a member that handles nothing.
    const left = this.starting.then(() => this.consumer.disconnect()).catch(() => undefined);
    await Promise.race([left, pause(CLOSE_MS, undefined, { ref: false })]);
  }

  private listen(): void {
    const { events } = this.consumer;
    this.consumer.on(events.HEARTBEAT, () => this.hear());
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      this.hear();
      if (this.closed) return;
      this.isJoined = true;
      this.member.joined(payload.memberId, payload.memberAssignment as Record<string, number[]>);
    });
    this.consumer.on(events.REBALANCING, () => {
      this.expect(JOIN_SESSIONS);
      this.member.rebalancing();
    });
    this.consumer.on(events.CRASH, ({ payload }) => this.end(`crashed: ${payload.error.name}`));
    this.consumer.on(events.STOP, () => this.end('stopped'));
    this.consumer.on(events.DISCONNECT, () => this.end('disconnected'));
  }

  /** hear the group: it has this member for a session timeout more. */
  private hear(): void {
    this.heardAt = performance.now();
    this.expect(1);
  }

  /** expect to hear from the group within so many session timeouts. */
  private expect(sessions: number): void {
    clearTimeout(this.silence);
    if (this.closed) return;
    const ended = () => this.end('heard nothing from its group');
    this.silence = setTimeout(ended, sessions * this.pace.sessionTimeoutMs).unref();
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
