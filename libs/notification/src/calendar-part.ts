import ical, { ICalAttendeeRole, ICalAttendeeStatus, ICalCalendarMethod, ICalEventStatus } from 'ical-generator';
import type { Language } from '@second-opinion/contracts';
import { ZONE } from '@second-opinion/kernel';
import type { Content } from './content.events';
import type { CalendarPart } from './mail-transport';

const SUMMARY: Readonly<Record<Language, string>> = { nl: 'Afspraak', en: 'Appointment' };

// European rules since 1996; ical-generator has no zones of its own.
const VTIMEZONE = [
  'BEGIN:VTIMEZONE',
  `TZID:${ZONE}`,
  'BEGIN:DAYLIGHT',
  'DTSTART:19960331T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'TZNAME:CEST',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'DTSTART:19961027T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'TZNAME:CET',
  'END:STANDARD',
  'END:VTIMEZONE',
].join('\r\n');

/**
 * calendarPart gives the invitation of an appointment or its cancellation: the UID is the appointment's, so that calendars change what
 * they have; the summary says "Afspraak" and no more (N05). Undefined when the message tells of no appointment.
 */
export function calendarPart(
  method: CalendarPart['method'],
  content: Content,
  language: Language,
  mail: { readonly from: string; readonly to: string; readonly date: string },
): CalendarPart | undefined {
  const { appointmentId, sequence = 0, startsAt, endsAt, locationName, locationAddress, room } = content;
  if (appointmentId === undefined || startsAt === undefined) return undefined;
  const calendar = ical({
    prodId: { company: 'portaal', product: 'afspraken' },
    method: ICalCalendarMethod[method],
    // The event has the zone, the calendar none: else DTSTAMP would be local time, and RFC 5545 wants UTC.
    timezone: { name: null, generator: () => VTIMEZONE },
  });
  const event = calendar.createEvent({
    id: appointmentId,
    sequence,
    summary: SUMMARY[language],
    start: Temporal.PlainDateTime.from(startsAt),
    stamp: Temporal.Instant.from(mail.date),
    timezone: ZONE,
    status: method === 'CANCEL' ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    organizer: { name: SUMMARY[language], email: mail.from },
  });
  if (endsAt !== undefined) event.end(Temporal.PlainDateTime.from(endsAt));
  const place = [locationName, locationAddress, room].filter((part) => part !== undefined).join(', ');
  if (place !== '') event.location(place);
  event.createAttendee({
    email: mail.to,
    role: ICalAttendeeRole.REQ,
    status: ICalAttendeeStatus.ACCEPTED,
    rsvp: false,
  });
  return { method, content: calendar.toString() };
}
