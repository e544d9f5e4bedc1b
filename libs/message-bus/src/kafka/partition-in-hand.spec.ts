import type { Waiting } from './parked-rows';
import { PartitionInHand } from './partition-in-hand';

const waiting = (key: string, offset: bigint): Waiting => ({
  id: `${key}${offset}`,
  place: 'topic|1',
  key,
  offset,
  parkedAt: '2026-11-25T09:00:00.000Z',
});

function begun(committed?: bigint, floor = 0n): PartitionInHand {
  const partition = new PartitionInHand('topic', 1);
  partition.begin(committed, floor, []);
  return partition;
}

describe('PartitionInHand', () => {
  it('has reached what is before the first message in hand, whatever came after it', () => {
    const partition = begun(5n);
    for (const offset of [5n, 6n, 9n]) expect(partition.accept(offset)).toBe(true);
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
    partition.accept(0n);
    partition.accept(1n);
    expect([partition.accept(0n), partition.accept(1n), partition.accept(2n)]).toEqual([false, false, true]);
  });

  it('takes nothing from before its floor', () => {
    const partition = begun(undefined, 4n);
    partition.committed(4n);
    expect([partition.accept(0n), partition.accept(3n), partition.accept(4n)]).toEqual([false, false, true]);
  });

  it('begins anew when the broker has lost what was committed, and forgets what was in hand', () => {
    const partition = begun(7n);
    partition.accept(7n);
    const era = partition.current;
    expect(partition.accept(0n)).toBe(true);
    expect(partition.isCurrent(era)).toBe(false);
    expect([partition.reached, partition.inHand, partition.accept(1n)]).toEqual([0n, 1, true]);
  });

  it('has nothing to commit once it is revoked', () => {
    const partition = begun(0n);
    const era = partition.current;
    partition.accept(0n);
    partition.finish(0n);
    partition.revoke();
    expect([partition.due, partition.known, partition.isCurrent(era)]).toEqual([false, false, false]);
  });

  it('counts a parked message as settled, and a replayed one that was not yet committed', () => {
    const partition = begun(0n);
    partition.park(waiting('a', 0n));
    partition.park(waiting('a', 0n));
    expect([partition.isSettled('a', 0n), partition.isSettled('a', 1n)]).toEqual([true, false]);
    partition.unpark(waiting('a', 0n));
    expect(partition.first('a')).toBeUndefined();
    expect([partition.isSettled('a', 0n), partition.isSettled('a', 0n)]).toEqual([true, false]);
  });
});
