import fc from 'fast-check';
import { dutchCalendar } from './dutch-calendar';
import {
  addWorkingDays,
  endOfDay,
  endOfWorkingDay,
  instantOfLocal,
  localDateOf,
  subtractWorkingDays,
  ZONE,
} from './index';

const calendar = dutchCalendar();
const at = (local: string) => instantOfLocal(local, ZONE);

describe('BR-74 working days of the Netherlands', () => {
  const free: Record<number, string[]> = {
    2026: ['01-01', '04-03', '04-06', '04-27', '05-05', '05-14', '05-25', '12-25'],
    2027: ['01-01', '03-26', '03-29', '04-27', '05-05', '05-06', '05-17'],
    2028: ['04-14', '04-17', '04-27', '05-05', '05-25', '06-05', '12-25', '12-26'],
  };
  it.each([2026, 2027, 2028])('the free weekdays of %i are those of domain section 6', (year) => {
    const found: string[] = [];
    for (let day = Temporal.PlainDate.from(`${year}-01-01`); day.year === year; day = day.add({ days: 1 })) {
      if (day.dayOfWeek <= 5 && !calendar.isWorkingDay(day.toString())) found.push(day.toString().slice(5));
    }
    expect(found).toEqual(free[year]);
  });
  it("King's Day moves to Saturday 26 April when 27 April is a Sunday", () => {
    expect(calendar.isWorkingDay('2031-04-28')).toBe(true);
    expect(calendar.isWorkingDay('2032-04-27')).toBe(false);
  });
  it('5 May and Good Friday are settings', () => {
    const other = dutchCalendar({ goodFridayIsFree: false, liberationDayIsFree: 'each-fifth-year' });
    expect(other.isWorkingDay('2026-05-05')).toBe(true);
    expect(other.isWorkingDay('2027-03-26')).toBe(true);
    expect(
      dutchCalendar({ goodFridayIsFree: true, liberationDayIsFree: 'each-fifth-year' }).isWorkingDay('2030-05-05'),
    ).toBe(false);
    expect(other.version).not.toBe(calendar.version);
  });
});

describe('BR-27 24 hours counted on working days', () => {
  it.each([
    ['Friday to Monday', '2026-11-27T16:00', '2026-11-30T16:00'],
    ['over Easter', '2027-03-25T10:00', '2027-03-30T10:00'],
    ['over Christmas', '2026-12-24T15:00', '2026-12-28T15:00'],
    ['Saturday to the end of Monday', '2026-11-28T11:00', '2026-12-01T00:00'],
    ['the clock time stays when summer time ends', '2026-10-23T09:30', '2026-10-26T09:30'],
  ])('%s', (_, from, to) => expect(addWorkingDays(at(from), 1, calendar)).toBe(at(to)));
  it('Good Friday as a working day ends the term that day', () => {
    const other = dutchCalendar({ goodFridayIsFree: false, liberationDayIsFree: 'every-year' });
    expect(addWorkingDays(at('2027-03-25T10:00'), 1, other)).toBe(at('2027-03-26T10:00'));
  });
  it('counts back over a weekend', () => {
    expect(subtractWorkingDays(at('2026-11-30T16:00'), 2, calendar)).toBe(at('2026-11-26T16:00'));
  });
  it('uses local dates, not UTC', () => expect(localDateOf('2026-07-01T22:30:00.000Z')).toBe('2026-07-02'));
});

describe('BR-74 what is remembered is what is computed', () => {
  const zoned = (instant: string) => Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE);
  const instants = fc
    .integer({ min: Date.UTC(1930, 0, 1), max: Date.UTC(2090, 0, 1) })
    .map((at) => new Date(at).toISOString());
  const aroundSummerTime = fc
    .tuple(fc.integer({ min: 2024, max: 2030 }), fc.constantFrom('03-25', '10-25'), fc.integer({ min: 0, max: 7 * 24 }))
    .map(([year, day, hours]) =>
      new Date(Date.parse(`${year}-${day}T00:30:00.000Z`) + hours * 3_600_000).toISOString(),
    );

  it('dates, and the same clock time working days later and earlier', () => {
    fc.assert(
      fc.property(fc.oneof(instants, aroundSummerTime), fc.integer({ min: 1, max: 12 }), (from, days) => {
        const start = zoned(from);
        const date = start.toPlainDate();
        expect(localDateOf(from)).toBe(date.toString());
        const walk = (by: 1 | -1) => {
          let day = date;
          for (let left = days; left > 0; left -= Number(calendar.isWorkingDay(day.toString())))
            day = day.add({ days: by });
          return day;
        };
        const sameTime = (day: Temporal.PlainDate) =>
          new Date(
            day.toZonedDateTime({ timeZone: ZONE, plainTime: start.toPlainTime() }).epochMilliseconds,
          ).toISOString();
        expect(subtractWorkingDays(from, days, calendar)).toBe(sameTime(walk(-1)));
        if (calendar.isWorkingDay(date.toString()))
          expect(addWorkingDays(from, days, calendar)).toBe(sameTime(walk(1)));
        const nextMidnight = walk(1).add({ days: 1 }).toZonedDateTime(ZONE).epochMilliseconds;
        expect(Date.parse(endOfWorkingDay(from, days, calendar))).toBe(nextMidnight);
      }),
      { numRuns: 500 },
    );
  });

  it('a term of calendar days ends with its last day, also in the nights in which the clock changes, and over the year', () => {
    for (const time of ['00:00', '10:00', '23:59']) {
      expect(endOfDay(at(`2026-10-11T${time}`), 14)).toBe(at('2026-10-26T00:00'));
      expect(endOfDay(at(`2027-03-14T${time}`), 14)).toBe(at('2027-03-29T00:00'));
      expect(endOfDay(at(`2026-12-24T${time}`), 14)).toBe(at('2027-01-08T00:00'));
    }
  });
});
