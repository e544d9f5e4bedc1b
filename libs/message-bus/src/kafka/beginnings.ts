import type { ViewStore } from '@second-opinion/view-store';
import type { BrokerFacts } from './broker-facts';
import { PARKED_VIEW } from './parked-rows';
import { ofTopics, type Place } from './places';

const VIEW = PARKED_VIEW.name;
/** MOST_AHEAD_MS: a clock that is further ahead of ours is wrong, and moves no instant. */
const MOST_AHEAD_MS = 3_600_000;

/** BeginRow is where a group that starts at its deployment began. */
interface BeginRow {
  readonly kind: 'begin';
  readonly group: string;
  readonly offsets: Readonly<Record<Place, string>>;
  /** since: when that was decided for each topic; absent in rows of earlier versions, which are completed when they are read. */
  readonly since?: Readonly<Record<string, string>>;
}

/** Floors: nothing before these is for a group; a partition that is not named begins at its start. */
export type Floors = ReadonlyMap<Place, bigint>;

/**
 * Beginnings of groups that start at their deployment: decided once for each topic, whoever asks first, and kept. An offset counts only
 * together with the instant at which it was decided, since a topic that was made anew has other messages under the same offsets.
 */
export class Beginnings {
  constructor(
    private readonly views: ViewStore,
    private readonly facts: BrokerFacts,
    private readonly now: () => number,
  ) {}

  /** of a group: gives a question for its floors, to be asked anew whenever it begins. */
  async of(group: string, topics: readonly string[]): Promise<() => Promise<Floors>> {
    const key = `begin|${group}`;
    const whole = (row: BeginRow | undefined) => topics.every((topic) => row?.since?.[topic] !== undefined);
    let row = await this.read(key);
    if (!row || !whole(row))
      row = await this.alone(key, async () => {
        const before = await this.read(key);
        if (before && whole(before)) return before;
        const decided = await this.decided(group, topics, before);
        await this.views.patch(VIEW, [{ key, row: decided }]);
        return decided;
      });
    const { offsets, since = {} } = row;
    return () => this.floors(topics, offsets, since);
  }

  private async decided(group: string, topics: readonly string[], before?: BeginRow): Promise<BeginRow> {
    const ends = new Map((await this.facts.ends(topics)).map(({ place, offset }) => [place, offset]));
    const at = this.now();
    const [offsets, since] = [{ ...before?.offsets }, { ...before?.since }];
    for (const topic of topics.filter((one) => since[one] === undefined)) {
      const known = Object.entries(offsets).filter(([place]) => ofTopics([topic], place));
      // An earlier version decided without an instant. What lies beyond the end is of a topic that is no more.
      const gone = known.some(([place, offset]) => BigInt(offset) > (ends.get(place) ?? 0n));
      if (gone) for (const [place] of known) offsets[place] = '0';
      if (known.length === 0) {
        // An empty topic begins at its start; an earlier version would decide it again if nothing were written down.
        offsets[`${topic}|0`] = '0';
        for (const [place, end] of ends) if (ofTopics([topic], place)) offsets[place] = String(end);
      }
      since[topic] = new Date(await this.behindAll(topic, offsets, at)).toISOString();
    }
    return { kind: 'begin', group, offsets, since };
  }

  /** behindAll that stands before these offsets: the instant, or a later one where who published it had a clock ahead of ours; else that would count as published since. */
  private async behindAll(topic: string, offsets: BeginRow['offsets'], at: number): Promise<number> {
    const places = Object.entries(offsets).filter(([place, offset]) => ofTopics([topic], place) && offset !== '0');
    if (places.length === 0) return at;
    for (let ahead = 0; ahead < MOST_AHEAD_MS; ahead = ahead * 2 || 1_000) {
      const later = await this.facts.publishedSince(topic, at + ahead + 1);
      if (places.every(([place, offset]) => (later.get(place) ?? 0n) >= BigInt(offset))) return at + ahead;
    }
    return at;
  }

  /** floors now: where it was decided, or at the first message that was published since, whichever comes first. */
  private async floors(topics: readonly string[], offsets: BeginRow['offsets'], since: Record<string, string>) {
    const floors = new Map<Place, bigint>();
    for (const topic of topics) {
      const places = Object.entries(offsets).filter(([place, offset]) => ofTopics([topic], place) && offset !== '0');
      if (places.length === 0) continue;
      const later = await this.facts.publishedSince(topic, Date.parse(since[topic] ?? '') + 1);
      for (const [place, offset] of places) {
        const [decided, first] = [BigInt(offset), later.get(place) ?? 0n];
        floors.set(place, first < decided ? first : decided);
      }
    }
    return floors;
  }

  private async read(key: string): Promise<BeginRow | undefined> {
    return (await this.views.get<BeginRow>(VIEW, key))?.row;
  }

  private async alone<T>(name: string, work: () => Promise<T>): Promise<T> {
    const holder = crypto.randomUUID();
    for (;;) {
      const lease = await this.views.acquire(`bus.${name}`, holder, 30_000);
      if (!lease) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      try {
        return await work();
      } finally {
        await this.views.release(lease);
      }
    }
  }
}
