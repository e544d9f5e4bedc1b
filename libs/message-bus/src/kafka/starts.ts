import type { ConsumeOptions } from '../message-bus';
import type { Floors } from './beginnings';
import type { BrokerFacts } from './broker-facts';
import type { ParkedRows, Waiting } from './parked-rows';
import type { PartitionInHand } from './partition-in-hand';
import type { End } from './places';

/** Start is what a member must know of a partition before it takes anything of it. */
export interface Start {
  readonly partition: PartitionInHand;
  readonly committed: bigint | undefined;
  readonly floor: bigint;
  readonly waiting: readonly Waiting[];
  /** anew: what was committed lies beyond the end, so it was of a topic that is no more; this one is read from where the group begins. */
  readonly anew: boolean;
}

/** Starts knows where a group goes on: from what the broker and the view store keep. */
export class Starts {
  constructor(
    private readonly options: Pick<ConsumeOptions, 'group' | 'topics'>,
    private readonly facts: BrokerFacts,
    private readonly parked: ParkedRows,
    /** floors as they are now. */
    private readonly floors: () => Promise<Floors>,
  ) {}

  /** of partitions that are new to the member. */
  async of(fresh: readonly PartitionInHand[]): Promise<readonly Start[]> {
    const { group, topics } = this.options;
    const places = fresh.map(({ place }) => place);
    const [committed, rows, floors, ends] = await Promise.all([
      this.facts.committed(group, topics),
      this.parked.waiting(group, places),
      this.floors(),
      this.facts.ends(topics),
    ]);
    return fresh.map((partition) => {
      const { place } = partition;
      const at = committed.get(place);
      const anew = at !== undefined && at > (ends.find((end) => end.place === place)?.offset ?? 0n);
      const waiting = rows.filter((row) => row.place === place);
      return { partition, committed: anew ? undefined : at, floor: floors.get(place) ?? 0n, waiting, anew };
    });
  }

  /** reached: the group has handled or parked everything below these ends, or begins behind it. */
  async reached(ends: readonly End[]): Promise<boolean> {
    const [committed, floors] = await Promise.all([
      this.facts.committed(this.options.group, this.options.topics),
      this.floors(),
    ]);
    return ends.every(
      ({ place, offset }) => (committed.get(place) ?? 0n) >= offset || (floors.get(place) ?? 0n) >= offset,
    );
  }
}
