import { calendarPart } from './calendar-part';

const content = {
  appointmentId: 'appointment-1',
  sequence: 2,
  startsAt: '2027-03-30T09:00',
  endsAt: '2027-03-30T10:30',
  zone: 'Europe/Amsterdam',
  locationName: 'Het Gebouw',
  locationAddress: 'Kade 1; 3511 AB, Utrecht',
  room: 'Kamer 2',
};
const mail = { from: 'noreply@portaal.example', to: 'an@prive.example', date: '2026-11-25T09:00:00.000Z' };
const lines = (text = '') => text.replace(/\r\n[ \t]/g, '').split('\r\n');

describe('calendar part', () => {
  it('invites to "Afspraak" in Amsterdam time, with its zone, and says no more (N05)', () => {
    const part = calendarPart('REQUEST', content, 'nl', mail);
    const all = lines(part?.content);
    expect(all).toEqual(
      expect.arrayContaining([
        'METHOD:REQUEST',
        'BEGIN:VTIMEZONE',
        'TZID:Europe/Amsterdam',
        'UID:appointment-1',
        'SEQUENCE:2',
        'DTSTAMP:20261125T090000Z',
        'DTSTART;TZID=Europe/Amsterdam:20270330T090000',
        'DTEND;TZID=Europe/Amsterdam:20270330T103000',
        'SUMMARY:Afspraak',
        'STATUS:CONFIRMED',
        'LOCATION:Het Gebouw\\, Kade 1\\; 3511 AB\\, Utrecht\\, Kamer 2',
      ]),
    );
    expect(part?.content).not.toMatch(/DESCRIPTION|\barts|doctor|opinion|SO-/i);
    expect(part?.content).toMatch(/ORGANIZER.*mailto:noreply@portaal\.example/i);
  });
  it('cancels the same UID with a higher sequence', () => {
    const { endsAt: _endsAt, locationName: _name, locationAddress: _address, room: _room, ...short } = content;
    const all = lines(calendarPart('CANCEL', { ...short, sequence: 3 }, 'nl', mail)?.content);
    expect(all).toEqual(
      expect.arrayContaining(['METHOD:CANCEL', 'UID:appointment-1', 'SEQUENCE:3', 'STATUS:CANCELLED']),
    );
    expect(all).toContain('DTSTART;TZID=Europe/Amsterdam:20270330T090000');
  });
  it('is the same text whenever it is repeated', () =>
    expect(calendarPart('REQUEST', content, 'en', mail)).toEqual(calendarPart('REQUEST', content, 'en', mail)));
  it('is not there without an appointment', () => expect(calendarPart('REQUEST', {}, 'nl', mail)).toBeUndefined());
});
