import { COMPLAINT_ROUTE, COMPLAINT_ROUTES } from '@second-opinion/contracts';
import { amount, dateInWords, lastDayOf, valuesOf } from './variables.rules';

describe('variables of a text', () => {
  it.each([
    [0, '€ 0,00', '€0.00'],
    [5, '€ 0,05', '€0.05'],
    [125000, '€ 1.250,00', '€1,250.00'],
    [123456789, '€ 1.234.567,89', '€1,234,567.89'],
    [-151250, '-€ 1.512,50', '-€1,512.50'],
  ])('%d cents', (cents, nl, en) => {
    expect(amount(cents, 'nl')).toBe(nl);
    expect(amount(cents, 'en')).toBe(en);
  });
  it('BR-74: dates are those of Amsterdam; a term that ends at 24:00 ends with its day', () => {
    expect(lastDayOf('2026-12-10T23:00:00.000Z')).toBe('2026-12-10');
    expect(lastDayOf('2026-07-10T22:00:00.000Z')).toBe('2026-07-10');
    expect(lastDayOf('2026-12-10T23:00:00.001Z')).toBe('2026-12-11');
    expect(dateInWords('2027-01-04', 'nl')).toBe('maandag 4 januari 2027');
    expect(dateInWords('2027-01-04', 'en')).toBe('Monday 4 January 2027');
  });
  it('BR-74: a moment is told in local time, in summer too', () => {
    expect(valuesOf({ until: '2026-07-10T08:05:00.000Z' }, 'nl').moment).toBe('vrijdag 10 juli 2026 10:05');
  });
  it('BR-14, BR-77: the complaint route has the words of the version that was told, which are those that intake shows', () => {
    for (const language of ['nl', 'en'] as const)
      for (const textVersion of [COMPLAINT_ROUTE, 'complaint-route-2099.1'])
        expect(valuesOf({ textVersion }, language).complaintRoute).toBe(COMPLAINT_ROUTES[COMPLAINT_ROUTE][language]);
  });
  it('what is not known has no value', () => {
    expect(Object.keys(valuesOf({}, 'nl'))).toEqual(['complaintRoute']);
    expect(valuesOf({ locationName: 'Huis', locationAddress: 'Straat 1' }, 'nl').place).toBe('Huis, Straat 1');
  });
});
