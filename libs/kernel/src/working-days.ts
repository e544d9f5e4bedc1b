import { type Instant, type LocalDate } from './ids';

/** ZONE is where all terms are counted and all dates are shown (BR-74). */
export const ZONE = 'Europe/Amsterdam';

/** WorkingCalendar tells working days; its version is stored with every due instant that was decided with it. */
export interface WorkingCalendar {
  readonly version: string;
  /** isWorkingDay: Monday to Friday and no public holiday (domain section 6). */
  isWorkingDay(date: LocalDate): boolean;
}

const zoned = (instant: Instant): Temporal.ZonedDateTime => Temporal.Instant.from(instant).toZonedDateTimeISO(ZONE);
const spell = (at: Temporal.ZonedDateTime): Instant => new Date(at.epochMilliseconds).toISOString();

/** localDateOf gives the date in Amsterdam at this instant. */
export function localDateOf(instant: Instant): LocalDate {
  return zoned(instant).toPlainDate().toString();
}

/** startOfLocalDay gives the instant at which this date begins in Amsterdam. */
export function startOfLocalDay(date: LocalDate): Instant {
  return spell(Temporal.PlainDate.from(date).toZonedDateTime(ZONE));
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

/**
 * addWorkingDays gives the same local clock time, n working days later; a start outside a working day counts from 00:00 of the
 * next working day, and then the n-th day counts to its end (Sat + 1 = Monday 24:00). Summer time does not move the clock time.
 */
export function addWorkingDays(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  const start = zoned(from);
  const date = start.toPlainDate().toString();
  if (!calendar.isWorkingDay(date)) {
    let last = date;
    for (let i = 0; i < days; i++) last = nextWorkingDay(last, calendar);
    return endOfLocalDay(days === 0 ? date : last);
  }
  let day = date;
  for (let i = 0; i < days; i++) day = nextWorkingDay(day, calendar);
  return spell(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: ZONE, plainTime: start.toPlainTime() }));
}

/** endOfWorkingDay gives the end (24:00 local) of the n-th working day after this instant: terms told to people end with a day. */
export function endOfWorkingDay(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  let day = localDateOf(from);
  for (let i = 0; i < days; i++) day = nextWorkingDay(day, calendar);
  return endOfLocalDay(day);
}

/** subtractWorkingDays gives the same local clock time, n working days earlier (reservations, free cancellation). */
export function subtractWorkingDays(from: Instant, days: number, calendar: WorkingCalendar): Instant {
  const start = zoned(from);
  let day = start.toPlainDate().toString();
  for (let i = 0; i < days; i++) day = previousWorkingDay(day, calendar);
  return spell(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: ZONE, plainTime: start.toPlainTime() }));
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
  return startOfLocalDay(Temporal.PlainDate.from(date).add({ days: 1 }).toString());
}
