import fc from 'fast-check';
import { minutesAt, percentOf, piece, share, totalsOf } from './amounts.rules';

describe('amounts', () => {
  it('are integer cents, halves rounded up, VAT over the total of the rate', () => {
    expect(share(5, 1, 2)).toBe(3);
    expect(percentOf('x', 45_001, 50).netCents).toBe(22_501);
    expect(minutesAt('x', 20, 10_000).netCents).toBe(3_333);
    // 3 × 21% of 2 cents is 0 per line, but 1 cent over the total.
    expect(totalsOf([piece('a', 2), piece('b', 2), piece('c', 2)], 'STANDARD_21')).toEqual({
      netCents: 6,
      vatCents: 1,
      totalCents: 7,
    });
    expect(totalsOf([piece('a', 100)], 'EXEMPT')).toEqual({ netCents: 100, vatCents: 0, totalCents: 100 });
    expect(totalsOf([], 'STANDARD_21')).toEqual({ netCents: 0, vatCents: 0, totalCents: 0 });
  });

  it('never leave the integers, up to the largest amount that is taken', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (cents, minutes) => {
          const { netCents } = minutesAt('x', minutes, Math.min(cents, 10_000_000));
          const { vatCents } = totalsOf([piece('x', cents)], 'STANDARD_21');
          expect(Number.isSafeInteger(netCents)).toBe(true);
          expect(Math.abs(vatCents - cents * 0.21)).toBeLessThanOrEqual(0.5 + 1e-6);
        },
      ),
    );
  });
});
