import type { Waiting } from './parked-rows';
import { PartitionInHand } from './partition-in-hand';
import { placeOf, type End, type Place } from './places';

/** Share is the partitions that are this member's now. */
export class Share {
  private partitions = new Map<Place, PartitionInHand>();
  private memberId: string | undefined;

  /**
   * take what the group gives us; the partitions that are new to us. A partition that stays keeps what is known of it, when we
   * were a member all the time (`memberId` is as before), since then nobody else had it in between.
   */
  take(memberId: string, assignment: Readonly<Record<string, readonly number[]>>): readonly PartitionInHand[] {
    const kept = memberId === this.memberId ? this.partitions : new Map<Place, PartitionInHand>();
    const mine = Object.entries(assignment).flatMap(([topic, partitions]) =>
      partitions.map((partition) => kept.get(placeOf(topic, partition)) ?? new PartitionInHand(topic, partition)),
    );
    const staying = new Set(mine);
    for (const partition of this.partitions.values()) if (!staying.has(partition)) partition.revoke();
    this.partitions = new Map(mine.map((partition) => [partition.place, partition]));
    this.memberId = memberId;
    return mine.filter((partition) => !partition.known);
  }

  /** release everything: we are no member any more. */
  release(): void {
    for (const partition of this.partitions.values()) partition.revoke();
    this.partitions = new Map();
    this.memberId = undefined;
  }

  get(place: Place): PartitionInHand | undefined {
    return this.partitions.get(place);
  }

  /** has the partition, and knows how far it is. */
  has(place: Place): boolean {
    return this.partitions.get(place)?.known === true;
  }

  /** places that are ours. */
  get places(): readonly Place[] {
    return [...this.partitions.values()].filter(({ known }) => known).map(({ place }) => place);
  }

  /** first that waits parked under a key. */
  first(key: string): Waiting | undefined {
    let first: Waiting | undefined;
    for (const partition of this.partitions.values()) {
      const row = partition.first(key);
      if (row && (!first || row.parkedAt < first.parkedAt)) first = row;
    }
    return first;
  }

  /** last that waits parked under a key. */
  last(key: string): Waiting | undefined {
    let last: Waiting | undefined;
    for (const partition of this.partitions.values()) {
      const row = partition.last(key);
      if (row && (!last || row.parkedAt > last.parkedAt)) last = row;
    }
    return last;
  }

  /** unhandled messages in hand. */
  get unhandled(): number {
    let unhandled = 0;
    for (const { inHand } of this.partitions.values()) unhandled += inHand;
    return unhandled;
  }

  /** due to be committed. */
  get due(): readonly PartitionInHand[] {
    return [...this.partitions.values()].filter(({ due }) => due);
  }

  /** lag behind these ends, as far as the partitions are ours. */
  lag(ends: readonly End[]): bigint {
    let lag = 0n;
    for (const { place, offset } of ends) {
      const partition = this.partitions.get(place);
      if (partition?.known && offset > partition.reached) lag += offset - partition.reached;
    }
    return lag;
  }
}
