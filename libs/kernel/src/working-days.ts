import { instantOf } from './clock';
import { type Instant, type LocalDate } from './ids';
import { remembered } from './remembered';

/** ZONE is where all terms are counted and all dates are shown (BR-74). */
export const ZONE = 'Europe/Amsterdam';

/** WorkingCalendar tells working days; its version is stored with every due instant that was decided with it. */
export interface WorkingCalendar {
  readonly version: string;
  /** isWorkingDay: Monday to Friday and no public holiday (domain section 6). */
  isWorkingDay(date: LocalDate): boolean;
}

const zoned = (instant: Instant): Temporal.ZonedDateTime => Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE);
const spell = (at: Temporal.ZonedDateTime): Instant => instantOf(at.epochMilliseconds);

/** localDateOf gives the date in Amsterdam at this instant. */
export function localDateOf(instant: Instant): LocalDate {
  const date = () => instantOf(localMs(instant)).slice(0, 10);
  return isHourly(instant) ? remembered(dates, instant.slice(0, HOUR), date) : date();
}

/** startOfLocalDay gives the instant at which this date begins in Amsterdam. */
export function startOfLocalDay(date: LocalDate): Instant {
  return dayOf(date).start;
}

/** instantOfLocal gives the instant of a wall-clock time in a zone; a time in the spring gap moves forward, a doubled one is the first. */
export function instantOfLocal(local: string, zone: string): Instant {
  return spell(Temporal.PlainDateTime.from(local).toZonedDateTime(zone, { disambiguation: 'compatible' }));
}

/** nextWorkingDay gives the first working day strictly after this date. */
export function nextWorkingDay(date: LocalDate, calendar: WorkingCalendar): LocalDate {
  return step(date, 1, calendar);
}

/** previousWorkingDay gives the last working day strictly before this date. */
export function previousWorkingDay(date: LocalDate, calendar: WorkingCalendar): LocalDate {
  return step(date, -1, calendar);
}

function step(date: LocalDate, days: 1 | -1, calendar: WorkingCalendar): LocalDate {
  let day = Temporal.PlainDate.from(date);
  do day = day.add({ days });
  while (!calendar.isWorkingDay(day.toString()));
  return day.toString();
}

/** Counted keeps answers that never change: which date is so many working days after another on this calendar. */
const counted = new WeakMap<WorkingCalendar, Map<string, LocalDate>>();

/** workingDaysFrom gives the n-th working day after this date (before it, when n is negative). */
function workingDaysFrom(date: LocalDate, days: number, calendar: WorkingCalendar): LocalDate {
  let known = counted.get(calendar);
  if (!known) counted.set(calendar, (known = new Map<string, LocalDate>()));
  return remembered(known, `${date}/${days}`, () => {
    let day = date;
    for (let i = 0; i < Math.abs(days); i++) day = step(day, days > 0 ? 1 : -1, calendar);
    return day;
  });
}

/**
 * addWorkingDays gives the same local clock time, n working days later; a start outside a working day counts from 00:00 of the
 * next working day, and then the n-th day counts to its end (Sat + 1 = Monday 24:00). Summer time does not move the clock time.
 */
export function addWorkingDays(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  const date = localDateOf(from);
  const day = workingDaysFrom(date, days, calendar);
  return calendar.isWorkingDay(date) ? sameTimeOn(day, from) : endOfLocalDay(day);
}

/** endOfWorkingDay gives the end (24:00 local) of the n-th working day after this instant: terms told to people end with a day. */
export function endOfWorkingDay(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  return endOfLocalDay(workingDaysFrom(localDateOf(from), days, calendar));
}

/** subtractWorkingDays gives the same local clock time, n working days earlier (reservations, free cancellation). */
export function subtractWorkingDays(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  return sameTimeOn(workingDaysFrom(localDateOf(from), -days, calendar), from);
}

/** sameTimeOn gives the local clock time of an instant on another date; summer time does not move it. */
function sameTimeOn(date: LocalDate, from: Instant): Instant {
  const { startMs, regular } = dayOf(date);
  if (regular) return instantOf(startMs + (((localMs(from) % DAY_MS) + DAY_MS) % DAY_MS));
  const plainTime = zoned(from).toPlainTime();
  return spell(Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: ZONE, plainTime }));
}

/** endOfDay gives the end (24:00 local) of the n-th calendar day after this instant: terms of days that people are told end with a day. */
export function endOfDay(from: Instant, days: number): Instant {
  return endOfLocalDay(localDateOf(addDays(from, days)));
}

/** addDays gives the same local clock time n calendar days later. */
export function addDays(from: Instant, days: number): Instant {
  return spell(zoned(from).add({ days }));
}

/** addHours gives the instant n real hours later. */
export function addHours(from: Instant, hours: number): Instant {
  return spell(zoned(from).add({ hours }));
}

/** endOfLocalDay gives 24:00 of this date, which is 00:00 of the next. */
export function endOfLocalDay(date: LocalDate): Instant {
  return dayOf(date).end;
}

const DAY_MS = 86_400_000;
/** HOURS_SINCE: since then Amsterdam changes its offset on a full hour of UTC only, so one look-up serves an hour. */
const HOURS_SINCE = '1970';
/** HOUR so many characters of an instant name its hour. */
const HOUR = 13;

interface LocalDay {
  readonly startMs: number;
  readonly start: Instant;
  readonly end: Instant;
  /** regular: 24 hours long, no change of summer time in it. */
  readonly regular: boolean;
}

const days = new Map<LocalDate, LocalDay>();
const offsets = new Map<string, number>();
const dates = new Map<string, LocalDate>();

/** isHourly: offset and date in Amsterdam are the same in the whole hour of this instant. */
function isHourly(instant: Instant): boolean {
  return instant.length === 24 && instant >= HOURS_SINCE && instant < '9999';
}

function dayOf(date: LocalDate): LocalDay {
  return remembered(days, date, () => {
    const day = Temporal.PlainDate.from(date);
    const startMs = day.toZonedDateTime(ZONE).epochMilliseconds;
    const endMs = day.add({ days: 1 }).toZonedDateTime(ZONE).epochMilliseconds;
    return { startMs, start: instantOf(startMs), end: instantOf(endMs), regular: endMs - startMs === DAY_MS };
  });
}

/** localMs gives the wall clock in Amsterdam as milliseconds, as if it were UTC. */
function localMs(instant: Instant): number {
  const at = Date.parse(instant);
  const offset = () => zoned(instant).offsetNanoseconds / 1_000_000;
  return at + (isHourly(instant) ? remembered(offsets, instant.slice(0, HOUR), offset) : offset());
}
