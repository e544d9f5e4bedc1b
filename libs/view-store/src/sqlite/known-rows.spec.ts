import { KnownRows } from './known-rows';

const at = (position: bigint) => ({ row: {}, position });

describe('KnownRows', () => {
  it('knows a row by its view and its key', () => {
    const known = new KnownRows(100);
    known.set('cases', 'a', at(1n));
    known.set('tasks', 'a', at(2n));
    expect([known.get('cases', 'a'), known.get('tasks', 'a'), known.get('cases', 'b')]).toEqual([
      at(1n),
      at(2n),
      undefined,
    ]);
  });

  it('keeps what is asked for and lets go of what is not, whatever its view', () => {
    const known = new KnownRows(100);
    known.set('cases', 'asked for', at(1n));
    known.set('cases', 'forgotten', at(2n));
    for (let number = 0; number < 200; number++) {
      known.set('tasks', `task-${number}`, at(3n));
      expect(known.get('cases', 'asked for')).toEqual(at(1n));
    }
    expect(known.get('cases', 'forgotten')).toBeUndefined();
    const held = Array.from({ length: 200 }, (_, number) => known.get('tasks', `task-${number}`)).filter(Boolean);
    expect(held.length).toBeGreaterThanOrEqual(48);
    expect(held.length).toBeLessThan(100);
  });

  it('has a row of the same key only once, and none once it is deleted or all are cleared', () => {
    const known = new KnownRows(100);
    for (let number = 0; number < 200; number++) known.set('cases', 'a', at(BigInt(number)));
    known.set('cases', 'b', at(1n));
    expect(known.get('cases', 'a')).toEqual(at(199n));
    known.delete('cases', 'a');
    expect([known.get('cases', 'a'), known.get('cases', 'b')]).toEqual([undefined, at(1n)]);
    known.clear();
    expect(known.get('cases', 'b')).toBeUndefined();
  });
});
