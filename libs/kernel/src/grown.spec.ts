import fc from 'fast-check';
import { Grown } from './index';

interface Held {
  readonly key: string;
  readonly nth: number;
}
const none = Grown.by<Held>(({ key }) => key);
const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', '__proto__'];

/** All that can be asked of it, beside the list that says what must come. */
const answers = (grown: Grown<Held>) => ({
  all: [...grown],
  backwards: [...grown.newestFirst()],
  newest: grown.newest,
  size: grown.size,
  known: KEYS.filter((key) => grown.has(key)),
  seventh: grown.some(({ nth }) => nth === 7),
});
const expected = (list: readonly Held[]) => ({
  all: [...list],
  backwards: list.toReversed(),
  newest: list.at(-1),
  size: list.length,
  known: KEYS.filter((known) => list.some(({ key }) => key === known)),
  seventh: list.some(({ nth }) => nth === 7),
});

describe('what has grown', () => {
  it('holds what came, in its order, and finds it', () => {
    const two = none.with({ key: 'a', nth: 1 }).with({ key: 'b', nth: 2 });
    expect([...two].map(({ nth }) => nth)).toEqual([1, 2]);
    expect([...two.newestFirst()].map(({ nth }) => nth)).toEqual([2, 1]);
    expect([two.has('a'), two.has('c'), two.newest?.key, two.size]).toEqual([true, false, 'b', 2]);
    expect(answers(none)).toEqual(expected([]));
  });

  it('is what it was after others have grown out of it, from whichever of them they grow', () => {
    const steps = fc.array(fc.record({ from: fc.nat(), key: fc.constantFrom(...KEYS) }), { maxLength: 40 });
    fc.assert(
      fc.property(steps, (grows) => {
        const versions = [{ grown: none, list: [] as readonly Held[] }];
        grows.forEach(({ from, key }, nth) => {
          // Mostly out of the newest, as events do; otherwise out of any, as decisions do that were put aside.
          const before = versions[from % 3 === 0 ? from % versions.length : versions.length - 1];
          if (!before) return;
          const value = { key, nth };
          const isKnown = before.list.some((held) => held.key === key);
          versions.push({ grown: before.grown.with(value), list: isKnown ? before.list : [...before.list, value] });
        });
        for (const { grown, list } of versions) expect(answers(grown)).toEqual(expected(list));
      }),
    );
  });
});
