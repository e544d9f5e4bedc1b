import type { Waiting } from './parked-rows';
import { PartitionInHand } from './partition-in-hand';
import { identityOf, takenAs, type Taken } from './wire';

const place = 'topic|1';
/** at an offset stands a message; without a text always the same one. */
const at = (offset: bigint, id = `m${offset}`, key = 'a'): Taken =>
  takenAs(offset, key, JSON.stringify({ id, type: 'T', data: {} }));
const waiting = (message: Taken): Waiting => ({
  ...{ id: `${message.offset}|${message.print}`, place, key: message.key, offset: message.offset },
  ...{ parkedAt: '2026-11-25T09:00:00.000Z', identity: identityOf(place, message) },
});

function begun(committed?: bigint, floor = 0n): PartitionInHand {
  const partition = new PartitionInHand('topic', 1);
  partition.begin(committed, floor, []);
  return partition;
}

describe('PartitionInHand', () => {
  it('has reached what is before the first message in hand, whatever came after it', () => {
    const partition = begun(5n);
    for (const offset of [5n, 6n, 9n]) expect(partition.accept(at(offset))).toBe(true);
    partition.finish(6n);
    expect([partition.reached, partition.due]).toEqual([5n, false]);
    partition.finish(5n);
    expect([partition.reached, partition.due]).toEqual([9n, true]);
    partition.finish(9n);
    expect(partition.reached).toBe(10n);
    partition.committed(10n);
    expect(partition.due).toBe(false);
  });

  it('takes nothing twice, as when the same is fetched again after the group was divided anew', () => {
    const partition = begun(0n);
    partition.accept(at(0n));
    partition.accept(at(1n));
    expect([partition.accept(at(0n)), partition.accept(at(1n)), partition.accept(at(2n))]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('takes nothing from before its floor', () => {
    const partition = begun(undefined, 4n);
    partition.committed(4n);
    expect([partition.accept(at(0n)), partition.accept(at(3n)), partition.accept(at(4n))]).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('begins anew when the broker has lost what was committed, and forgets what was in hand', () => {
    const partition = begun(7n);
    const inHand = at(7n);
    partition.accept(inHand);
    const era = partition.current;
    expect([partition.due, partition.accept(at(0n)), partition.due]).toEqual([false, true, true]);
    expect([partition.isCurrent(era), partition.holds(inHand)]).toEqual([false, false]);
    expect([partition.reached, partition.inHand, partition.accept(at(1n))]).toEqual([0n, 1, true]);
  });

  it('begins anew where another message stands than the one it took, and keeps in hand what stands before it', () => {
    const partition = begun();
    const [first, second] = [at(0n), at(1n)];
    for (const message of [first, second, at(2n)]) partition.accept(message);
    partition.finish(2n);
    expect([partition.accept(at(0n)), partition.accept(at(1n, 'other'))]).toEqual([false, true]);
    expect([partition.holds(first), partition.holds(second), partition.inHand]).toEqual([true, false, 2]);
    expect([partition.reached, partition.position, partition.accept(at(2n))]).toEqual([0n, 2n, true]);
  });

  it('knows that also of what is handled and not yet committed, and forgets what is committed', () => {
    const partition = begun();
    for (const offset of [0n, 1n, 2n]) {
      partition.accept(at(offset));
      partition.finish(offset);
    }
    partition.committed(2n);
    expect(partition.accept(at(2n))).toBe(false);
    expect(partition.accept(at(2n, 'other'))).toBe(true);
    expect(partition.accept(at(0n, 'other'))).toBe(true);
  });

  it('asks where it begins when the broker hands out again what is before its floor', () => {
    const partition = begun(7n, 4n);
    expect([partition.accept(at(0n)), partition.stale, partition.accept(at(7n))]).toEqual([false, true, false]);
    const fresh = begun(undefined, 4n);
    for (const offset of [0n, 1n]) expect([fresh.accept(at(offset)), fresh.stale]).toEqual([false, false]);
    expect([fresh.accept(at(0n)), fresh.stale]).toEqual([false, true]);
  });

  it('has nothing to commit once it is revoked', () => {
    const partition = begun(0n);
    const era = partition.current;
    partition.accept(at(0n));
    partition.finish(0n);
    partition.revoke();
    expect([partition.due, partition.known, partition.isCurrent(era)]).toEqual([false, false, false]);
  });

  it('counts a parked message as settled, and a replayed one that was not yet committed', () => {
    const partition = begun(0n);
    partition.park(waiting(at(0n)));
    partition.park(waiting(at(0n)));
    expect([partition.isSettled(at(0n)), partition.isSettled(at(1n))]).toEqual([true, false]);
    partition.unpark(waiting(at(0n)));
    expect(partition.first('a')).toBeUndefined();
    expect([partition.isSettled(at(0n)), partition.isSettled(at(0n))]).toEqual([true, false]);
  });

  it('takes no other message at its offset for a parked or replayed one, and knows the parked one under another', () => {
    const partition = begun(0n);
    partition.park(waiting(at(0n)));
    partition.park(waiting(at(0n, 'other')));
    expect(partition.last('a')).toEqual(waiting(at(0n, 'other')));
    expect([at(0n, 'third'), at(9n, 'm0'), at(0n, 'm0', 'b')].map((one) => partition.isSettled(one))).toEqual([
      ...[false, true, false],
    ]);
    partition.unpark(waiting(at(0n)));
    expect(partition.isSettled(at(0n, 'third'))).toBe(false);
  });

  it('knows what is no envelope only at its place', () => {
    const partition = begun(0n);
    partition.park(waiting(takenAs(3n, 'a', 'garbage')));
    expect([3n, 4n].map((offset) => partition.isSettled(takenAs(offset, 'a', 'garbage')))).toEqual([true, false]);
  });
});
