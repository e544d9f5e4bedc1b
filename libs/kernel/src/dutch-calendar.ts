import Holidays from 'date-holidays';
import type { LocalDate } from './ids';
import { remembered } from './remembered';
import type { WorkingCalendar } from './working-days';

/** CalendarSettings: what organisations may choose differently (domain section 6). */
export interface CalendarSettings {
  /** goodFridayIsFree: by default Good Friday is a day off. */
  readonly goodFridayIsFree: boolean;
  /** liberationDayIsFree: every year (default), only each fifth year, or never. */
  readonly liberationDayIsFree: 'every-year' | 'each-fifth-year' | 'never';
}

/** defaultCalendarSettings are those of domain section 6. */
export const defaultCalendarSettings: CalendarSettings = { goodFridayIsFree: true, liberationDayIsFree: 'every-year' };

/**
 * dutchCalendar gives the working days of the Netherlands: the public holidays of `date-holidays`, adjusted by the settings.
 * Pure: the same date and settings always give the same answer. The version names the library's release and the settings.
 * It has an entry of its own: the library is large, and who only projects needs none.
 */
export function dutchCalendar(settings: CalendarSettings = defaultCalendarSettings): WorkingCalendar {
  const rules = new Holidays('NL');
  const years = new Map<number, ReadonlySet<LocalDate>>();
  const workingDays = new Map<LocalDate, boolean>();
  const holidaysOf = (year: number): ReadonlySet<LocalDate> => {
    let dates = years.get(year);
    if (!dates) years.set(year, (dates = freeDates(rules, year, settings)));
    return dates;
  };
  return {
    version: `nl-2026.1-gf${settings.goodFridayIsFree ? 1 : 0}-ld-${settings.liberationDayIsFree}`,
    isWorkingDay: (date) =>
      remembered(workingDays, date, () => {
        const day = Temporal.PlainDate.from(date);
        return day.dayOfWeek <= 5 && !holidaysOf(day.year).has(day.toString());
      }),
  };
}

function freeDates(rules: Holidays, year: number, settings: CalendarSettings): ReadonlySet<LocalDate> {
  const dates = new Set<LocalDate>();
  for (const holiday of rules.getHolidays(year)) {
    const date = holiday.date.slice(0, 10);
    const liberationDay = date.endsWith('-05-05');
    if (holiday.type === 'public' && !liberationDay) dates.add(date);
    // Good Friday is no public holiday in the library's table; it is equated by the Algemene termijnenwet.
    if (settings.goodFridayIsFree && holiday.rule === 'easter -2') dates.add(date);
  }
  const { liberationDayIsFree: free } = settings;
  if (free === 'every-year' || (free === 'each-fifth-year' && year % 5 === 0)) dates.add(`${year}-05-05`);
  return dates;
}
