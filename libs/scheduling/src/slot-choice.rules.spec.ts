import { kilometresBetween } from './regions.terms';
import { bestFirst, byDay, monthsFrom } from './slot-choice.rules';
import { aSlot, slotSought } from './testing';

const search = slotSought.data;
const at = (slotId: string, startsAt: string, over: object = {}) => ({ ...aSlot, slotId, startsAt, ...over });
const order = (...slots: (typeof aSlot)[]) => bestFirst(slots, search).map(({ slotId }) => slotId);

describe('which free slot a case wants', () => {
  it('BR-28 the earliest of the same place', () => {
    expect(order(at('b', '2026-12-01T10:30'), at('a', '2026-12-01T09:00'), at('c', '2026-12-02T09:00'))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });
  it('BR-30 the nearest to home first, then the earliest', () => {
    const far = { region: '97' };
    expect(order(at('far', '2026-12-01T09:00', far), at('near', '2026-12-01T15:00'))).toEqual(['near', 'far']);
  });
  it('but within the usual 7 days before later, and within 15 working days before later still', () => {
    const far = { region: '97' };
    expect(
      order(
        at('beyond', '2026-12-17T09:00'),
        at('limit', '2026-12-15T09:00', far),
        at('usual', '2026-12-01T09:00', far),
      ),
    ).toEqual(['usual', 'limit', 'beyond']);
  });
  it('BR-30 never at the service of the own doctor', () => {
    expect(order(at('own', '2026-12-01T09:00', { organisationId: 'ohs-own' }))).toEqual([]);
  });
  it('nothing before the lead, nothing of another doctor, nothing at all', () => {
    expect(order(at('soon', '2026-11-30T10:00'), at('other', '2026-12-01T09:00', { doctorId: 'doctor-x' }))).toEqual(
      [],
    );
    expect(order(at('just', '2026-11-30T10:01'))).toEqual(['just']);
    expect(order()).toEqual([]);
  });
  it('asks one agenda once for what stands together in it', () => {
    const slots = [
      at('a', '2026-12-01T09:00'),
      at('b', '2026-12-01T10:30'),
      at('c', '2026-12-02T09:00'),
      at('d', '2026-12-01T15:00'),
    ];
    expect(byDay(slots)).toEqual([
      { date: '2026-12-01', slotIds: ['a', 'b'] },
      { date: '2026-12-02', slotIds: ['c'] },
      { date: '2026-12-01', slotIds: ['d'] },
    ]);
  });
  it('looks at months across the end of a year', () => {
    expect(monthsFrom('2026-11-30', 3)).toEqual(['2026-11', '2026-12', '2027-01']);
  });
});

describe('how far regions are apart', () => {
  it('knows every region of the country', () => {
    const all = Array.from({ length: 90 }, (_, index) => String(index + 10));
    for (const region of all) {
      expect(kilometresBetween(region, region)).toBe(0);
      for (const other of all) expect(kilometresBetween(region, other)).toBeLessThan(330);
    }
  });
  it.each([
    ['35', '10', 30, 45],
    ['35', '97', 140, 180],
    ['62', '99', 260, 300],
  ])('%s to %s is %i to %i km', (from, to, least, most) => {
    expect(kilometresBetween(from, to)).toBeGreaterThanOrEqual(least);
    expect(kilometresBetween(from, to)).toBeLessThanOrEqual(most);
    expect(kilometresBetween(to, from)).toBe(kilometresBetween(from, to));
  });
});
