import type { Waiting } from './parked-rows';
import { placeOf, type Place } from './places';
import { identityOf, type Taken } from './wire';

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
  /** passed: how far what is before the floor was handed out and left out; a broker does that once at most. */
  private passed = -1n;
  private isStale = false;
  /** owed: the broker has an offset that is no longer so. */
  private owed = false;
  private readonly unhandled = new Map<bigint, Taken>();
  /** prints of what was taken and is not known to be committed. */
  private readonly prints = new Map<bigint, string>();
  /** replayed by offset: the identities. */
  private readonly replayed = new Map<bigint, string>();
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
    this.passed = this.written < floor ? -1n : floor;
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
  accept(message: Taken): boolean {
    const { offset, print } = message;
    if (offset < this.floor) {
      this.isStale ||= offset <= this.passed || this.next > this.floor;
      this.passed = offset;
      return false;
    }
    // The broker has lost what we know to be committed, or another message stands where we took one: the topic was made anew or restored.
    if (offset < this.written || (this.prints.get(offset) ?? print) !== print) this.restart(offset);
    if (this.isStale || offset < this.next) return false;
    this.next = offset + 1n;
    this.unhandled.set(offset, message);
    this.prints.set(offset, print);
    return true;
  }

  /** stale: the topic was made anew, and where it begins for this group must be asked again. */
  get stale(): boolean {
    return this.isStale;
  }

  /** holds the message in hand: it was not handled yet, and the partition, with it, is still ours. */
  holds(message: Taken): boolean {
    return !this.revoked && this.unhandled.get(message.offset) === message;
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
    for (const offset of this.unhandled.keys()) return offset;
    return this.next;
  }

  /** due: there is something to commit. */
  get due(): boolean {
    return this.known && (this.owed || this.reached > this.written);
  }

  committed(offset: bigint): void {
    this.owed = false;
    if (offset > this.written) this.written = offset;
    for (const taken of this.prints.keys()) {
      if (taken >= offset) return;
      this.prints.delete(taken);
    }
  }

  /** park a message behind those of its key. */
  park(row: Waiting): void {
    const rows = this.parked.get(row.key) ?? [];
    if (rows.some(({ id }) => id === row.id)) return;
    rows.push(row);
    this.parked.set(row.key, rows);
  }

  /** first that waits under the key. */
  first(key: string): Waiting | undefined {
    return this.parked.get(key)?.[0];
  }

  /** last that waits under the key. */
  last(key: string): Waiting | undefined {
    return this.parked.get(key)?.at(-1);
  }

  /** unpark the first of a key; replayed before it was committed means that it must not be handled again when it comes. */
  unpark(row: Waiting): void {
    const rows = (this.parked.get(row.key) ?? []).filter(({ id }) => id !== row.id);
    if (rows.length > 0) this.parked.set(row.key, rows);
    else this.parked.delete(row.key);
    if (row.offset >= this.reached) this.replayed.set(row.offset, row.identity);
  }

  /** isSettled: this very message waits parked already, under whatever offset it was told, or was replayed in an earlier delivery. */
  isSettled(message: Taken): boolean {
    const rows = this.parked.get(message.key);
    const replayed = this.replayed.get(message.offset);
    if (!rows && replayed === undefined) return false;
    const identity = identityOf(this.place, message);
    this.replayed.delete(message.offset);
    return replayed === identity || (rows?.some((row) => row.identity === identity) ?? false);
  }

  /** misplaced: the message waits, is told again at the very offset at which it was parked, and one that stands before it there waits behind it. */
  misplaced(message: Taken): Waiting | undefined {
    const { key, offset } = message;
    const rows = this.parked.get(key) ?? [];
    const at = rows.findIndex((row) => row.offset === offset && row.identity === identityOf(this.place, message));
    return rows.slice(at + 1).some((row) => row.offset < offset) ? rows[at] : undefined;
  }

  /** putBehind all that wait under its key. */
  putBehind(row: Waiting): void {
    const others = (this.parked.get(row.key) ?? []).filter(({ id }) => id !== row.id);
    this.parked.set(row.key, [...others, row]);
  }

  /** restart at an offset: what stood from there on is no more; what stands before it is as it was. */
  private restart(offset: bigint): void {
    this.era++;
    this.replayed.clear();
    for (const gone of [...this.prints.keys()].filter((taken) => taken >= offset)) {
      this.prints.delete(gone);
      this.unhandled.delete(gone);
    }
    this.next = offset;
    this.owed = offset < this.written;
    if (this.owed) this.written = offset;
  }
}
