import type { Example } from '@second-opinion/kernel';

/** What the answers of scheduling look like, for the API document; all of it invented. */

const caseId = '7f2d1c6e-8f5b-5f0a-9a54-2c1e7d4b9a10';
const times = { startsAt: '2026-12-01T09:00', endsAt: '2026-12-01T10:30', zone: 'Europe/Amsterdam' };

export const locationExample: Example = {
  locationId: 'location-1',
  name: 'Huis van het Voorbeeld',
  address: 'Voorbeeldplein 3, 3511 AA Utrecht',
  room: '2.04',
  region: '35',
  organisationId: 'organisation-3',
  premises: 'NEUTRAL',
  closedFrom: '2027-03-01',
};

/** One day of a doctor's agenda. */
export const agendaDayExample: Example = {
  doctorId: 'doctor-so-1',
  date: '2026-12-01',
  slots: [
    {
      slotId: 'slot-1',
      ...times,
      locationId: 'location-1',
      locationName: 'Huis van het Voorbeeld',
      room: '2.04',
      status: 'TAKEN',
      caseId,
    },
  ],
};

/** An appointment as doctor and back office are shown it; `consultation` is all that the own doctor is shown. */
export const appointmentExample: Example = {
  caseId,
  status: 'CONFIRMED',
  doctorId: 'doctor-so-1',
  appointmentId: '0b6b3f0e-5f3c-5a3d-8a43-5a0f3f6f1d11',
  sequence: 0,
  slotId: 'slot-1',
  ...times,
  location: {
    locationId: 'location-1',
    name: 'Huis van het Voorbeeld',
    address: 'Voorbeeldplein 3, 3511 AA Utrecht',
    room: '2.04',
  },
  reservedUntil: '2026-11-29T09:00:00.000Z',
  noShows: 0,
  durationMinutes: 75,
  consultation: 'HELD',
};

export const freeSlotExample: Example = {
  slotId: 'slot-2',
  date: '2026-12-01',
  ...times,
  locationName: 'Huis van het Voorbeeld',
  locationAddress: 'Voorbeeldplein 3, 3511 AA Utrecht',
  room: '2.04',
};
