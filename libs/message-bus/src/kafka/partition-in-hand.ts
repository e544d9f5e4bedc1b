import type { Waiting } from './parked-rows';
import { placeOf, type Place } from './places';

/** PartitionInHand is what a member knows of a partition while it has it: what it took, what is done, and what waits parked. */
export class PartitionInHand {
  readonly place: Place;
  /** ready resolves when it is known where the partition begins and what of it is parked. */
  readonly ready = Promise.withResolvers<void>();
  private era = 0;
  private revoked = false;
  private begun = false;
  private floor = 0n;
  private next = 0n;
  private written = -1n;
  private readonly unhandled = new Set<bigint>();
  private readonly replayed = new Set<bigint>();
  private readonly parked = new Map<string, Waiting[]>();

  constructor(
    readonly topic: string,
    readonly partition: number,
  ) {
    this.place = placeOf(topic, partition);
  }

  /** begin where the group is, not before `floor`, with what is parked. */
  begin(committed: bigint | undefined, floor: bigint, waiting: readonly Waiting[]): void {
    if (this.begun) return;
    this.written = committed ?? -1n;
    this.floor = floor;
    this.next = committed !== undefined && committed > floor ? committed : floor;
    for (const row of waiting) this.park(row);
    this.begun = true;
    this.ready.resolve();
  }

  /** known: it has begun and is still ours. */
  get known(): boolean {
    return this.begun && !this.revoked;
  }

  /** current is a mark of this era; {@link isCurrent} tells whether work of that era still counts. */
  get current(): number {
    return this.era;
  }

  isCurrent(era: number): boolean {
    return !this.revoked && this.era === era;
  }

  /** revoke: the partition is another's now; what is in hand counts no more. */
  revoke(): void {
    this.revoked = true;
    this.ready.resolve();
  }

  /** accept a message that was fetched; false when it was taken before. */
  accept(offset: bigint): boolean {
    // The broker has lost what we know to be committed: the topic was made anew or restored. Begin where it says.
    if (offset < this.written && offset >= this.floor) this.restart(offset);
    if (offset < this.next) return false;
    this.next = offset + 1n;
    this.unhandled.add(offset);
    return true;
  }

  /** position of the next message that was not taken yet. */
  get position(): bigint {
    return this.next;
  }

  /** finish a message: handled, or parked. */
  finish(offset: bigint): void {
    this.unhandled.delete(offset);
  }

  get inHand(): number {
    return this.unhandled.size;
  }

  /** reached: everything below was handled or parked. */
  get reached(): bigint {
    for (const offset of this.unhandled) return offset;
    return this.next;
  }

  /** due: there is something to commit. */
  get due(): boolean {
    return this.known && this.reached > this.written;
  }

  committed(offset: bigint): void {
    if (offset > this.written) this.written = offset;
  }

  /** park a message, in order of the offsets. */
  park(row: Waiting): void {
    const rows = this.parked.get(row.key) ?? [];
    if (rows.some(({ offset }) => offset === row.offset)) return;
    rows.push(row);
    this.parked.set(row.key, rows);
  }

  /** first that waits under the key. */
  first(key: string): Waiting | undefined {
    return this.parked.get(key)?.[0];
  }

  /** unpark the first of a key; replayed before it was committed means that it must not be handled again when it comes. */
  unpark(row: Waiting): void {
    const rows = (this.parked.get(row.key) ?? []).filter(({ offset }) => offset !== row.offset);
    if (rows.length > 0) this.parked.set(row.key, rows);
    else this.parked.delete(row.key);
    if (row.offset >= this.reached) this.replayed.add(row.offset);
  }

  /** isSettled: the message was parked, or replayed, in an earlier delivery. */
  isSettled(key: string, offset: bigint): boolean {
    return this.replayed.delete(offset) || (this.parked.get(key)?.some((row) => row.offset === offset) ?? false);
  }

  private restart(offset: bigint): void {
    this.era++;
    this.unhandled.clear();
    this.replayed.clear();
    this.next = offset;
    this.written = -1n;
  }
}
