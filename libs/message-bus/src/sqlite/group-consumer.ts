import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { Unavailable } from '@second-opinion/kernel';
import type { Alarm } from '@second-opinion/sqlite';
import { Attempts } from '../attempts';
import type { ConsumeOptions, Consumption } from '../message-bus';
import type { GroupState } from './group-state';
import { Published, type TopicLog } from './topic-log';

const MOST_UNHANDLED = 1_000;
/** OFTEN: how far a group may get without a message of its own before that is written down. */
const OFTEN = 1_000;
/** COMMIT_MS between two commits of a busy group: what was handled since the last one is handled again after a crash. */
const COMMIT_MS = 100;

/** Replay asks for the parked messages of a lane's key. */
type Work = Published | 'replay';
/** Lane is the work of one key, in order. */
interface Lane {
  readonly work: Work[];
  done: Promise<void>;
}

/** GroupConsumer hands messages to one group: keys side by side, each key in order, nothing counted before it is handled or parked. */
export class GroupConsumer implements Consumption {
  readonly done: Promise<void>;
  private readonly lanes = new Map<string, Lane>();
  private readonly attempts: Attempts;
  private readonly unhandled = new Set<number>();
  private replaying = 0;
  private replayAsked = true;
  private readonly topics: ReadonlySet<string>;
  private fetched = 0;
  private committed = 0;
  private committing: Promise<void> | undefined;
  private commitWanted = false;
  private stopped = false;
  private watchers: { met: () => boolean; resolve: () => void }[] = [];

  constructor(
    private readonly options: ConsumeOptions,
    private readonly state: GroupState,
    private offsets: ReadonlyMap<string, number>,
    private readonly log: TopicLog,
    private readonly alarm: Alarm,
    /** before: the group's consumer so far; this one begins when that one has stopped. */
    private before: GroupConsumer | undefined,
  ) {
    this.topics = new Set(options.topics);
    this.attempts = new Attempts(options);
    this.done = this.begin().then(() => this.run());
  }

  async idle(): Promise<void> {
    if (this.before) await Promise.race([this.before.idle(), this.done]);
    // What another process published is seen here and not by the alarm, which would not ring for it any more.
    if (this.log.look()) this.alarm.ring();
    const target = this.log.end;
    await this.until(
      () => this.fetched >= target && this.lowest() > target && this.replaying === 0 && !this.replayAsked,
    );
  }

  /** replay looks for keys that are to be handed out again. */
  replay(): void {
    this.replayAsked = true;
    this.alarm.ring();
  }

  private async begin(): Promise<void> {
    const { signal } = this.options;
    if (this.before) {
      await Promise.race([this.before.done, once(signal)]);
      for (let read = false; !read && !signal.aborted;) read = await this.readOffsets();
      this.before = undefined;
    }
    this.fetched = Math.min(...this.offsets.values());
    this.committed = this.fetched;
  }

  private async readOffsets(): Promise<boolean> {
    try {
      this.offsets = await this.state.offsets(this.options);
      return true;
    } catch (error) {
      if (isClosed(error)) return true;
      await this.rest(500);
      return false;
    }
  }

  private async run(): Promise<void> {
    const { signal } = this.options;
    for (let failures = 0; !signal.aborted;) {
      try {
        const more = this.fetch();
        failures = 0;
        this.progressed(false);
        if (this.unhandled.size >= MOST_UNHANDLED) await this.until(() => this.unhandled.size < MOST_UNHANDLED / 2);
        else if (more) await turn();
        else await this.alarm.sleep(signal);
      } catch (error) {
        if (isClosed(error)) break;
        await this.rest(Math.min(5_000, 50 * 2 ** failures++));
      }
    }
    await Promise.all([...this.lanes.values()].map((lane) => lane.done));
    await this.settleOffsets();
    this.stopped = true;
    this.tellWatchers();
  }

  /** fetch puts what is next into the lanes; true when there may be more. */
  private fetch(): boolean {
    if (this.replayAsked) {
      const keys = this.state.toReplay();
      for (const key of keys) if (!this.lanes.get(key)?.work.includes('replay')) this.enqueue(key, 'replay');
      this.replayAsked = false;
    }
    if (this.fetched >= this.log.end) return false;
    const { messages, position } = this.log.after(this.fetched, this.topics);
    for (const message of messages) {
      if (message.position <= (this.offsets.get(message.topic) ?? 0)) continue;
      if (this.options.concerns?.(message.message) === false) continue;
      this.unhandled.add(message.position);
      this.enqueue(message.key, message);
    }
    this.fetched = position;
    return true;
  }

  private enqueue(key: string, work: Work): void {
    if (work === 'replay') this.replaying++;
    const lane = this.lanes.get(key);
    if (lane) {
      lane.work.push(work);
      return;
    }
    const fresh: Lane = { work: [work], done: Promise.resolve() };
    this.lanes.set(key, fresh);
    fresh.done = this.drive(key, fresh);
  }

  /** drive works through a lane; what is left when the group stops was not handled and comes again. */
  private async drive(key: string, lane: Lane): Promise<void> {
    for (let failures = 0; lane.work.length > 0 && !this.options.signal.aborted;) {
      const work = lane.work[0] as Work;
      try {
        const finished = work === 'replay' ? await this.replayKey(key) : await this.deliver(work);
        if (!finished) break;
        failures = 0;
        lane.work.shift();
        if (work === 'replay') this.replaying--;
        else this.unhandled.delete(work.position);
        this.progressed(work !== 'replay');
      } catch (error) {
        // The storage is away: the same message again, in order.
        if (isClosed(error)) break;
        await this.rest(Math.min(5_000, 50 * 2 ** failures++));
      }
    }
    this.lanes.delete(key);
  }

  /** deliver a message: handled, or parked. False when the group stopped meanwhile. */
  private async deliver(published: Published): Promise<boolean> {
    if (this.state.isSkipped(published)) {
      this.attempts.report('skipped', published.message, 0);
      return true;
    }
    if (this.state.isParked(published.key)) {
      await this.state.park(published, 'behind', 0);
      this.attempts.report('parked', published.message, 0);
      return true;
    }
    const outcome = await this.attempts.attempt(published.message);
    if (outcome === 'stopped') return false;
    if (outcome === 'handled') return true;
    await this.state.park(published, outcome.reason, outcome.attempts);
    this.attempts.report('parked', published.message, outcome.attempts, outcome.failure);
    return true;
  }

  private async replayKey(key: string): Promise<boolean> {
    for (let row = this.state.first(key); row; row = this.state.first(key)) {
      const published = new Published(row.position, row.topic, row.key, row.event);
      const outcome = await this.attempts.attempt(published.message);
      if (outcome === 'stopped') return false;
      if (outcome !== 'handled') {
        await this.state.failedAgain(row, outcome.reason, outcome.attempts);
        this.attempts.report('parked', published.message, outcome.attempts, outcome.failure);
        return true;
      }
      await this.state.unpark(row);
    }
    return true;
  }

  private lowest(): number {
    for (const position of this.unhandled) return position;
    return Infinity;
  }

  private progressed(mine: boolean): void {
    const reached = Math.min(this.lowest() - 1, this.fetched);
    if (mine || reached - this.committed > OFTEN) {
      this.commitWanted = true;
      this.committing ??= this.commit().finally(() => (this.committing = undefined));
    }
    this.tellWatchers();
  }

  private async commit(): Promise<void> {
    while (this.commitWanted) {
      this.commitWanted = false;
      const reached = Math.min(this.lowest() - 1, this.fetched);
      if (reached <= this.committed) continue;
      try {
        await this.state.commit(reached, this.topics);
        this.committed = reached;
        if (!this.options.signal.aborted) await this.rest(COMMIT_MS);
      } catch {
        // What is not written down is handled again after a restart; the next progress tries again.
      }
    }
  }

  private async settleOffsets(): Promise<void> {
    await this.committing;
    this.commitWanted = true;
    await this.commit();
  }

  private async until(met: () => boolean): Promise<void> {
    if (met() || this.stopped) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.watchers.push({ met, resolve });
    await Promise.race([promise, this.done]);
  }

  private tellWatchers(): void {
    if (this.watchers.length === 0) return;
    this.watchers = this.watchers.filter(({ met, resolve }) => {
      const ready = this.stopped || met();
      if (ready) resolve();
      return !ready;
    });
  }

  private async rest(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.options.signal }).catch(() => undefined);
  }
}

function once(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

function isClosed(error: unknown): boolean {
  return error instanceof Unavailable && error.code === 'storage-closed';
}
