import { anActor, given } from '@second-opinion/kernel/testing';
import { derivedId } from '@second-opinion/kernel';
import { agenda } from './agenda.decider';
import type { AgendaEvent } from './agenda.events';
import { aSlot } from './testing';

const commandId = '0d4f9f6e-0000-5000-8000-000000000001';
const place = {
  locationId: 'location-1',
  organisationId: 'house-owner',
  region: '35',
  locationName: 'Vergaderhuis Centrum',
  locationAddress: 'Stationsplein 1, 3511 ED Utrecht',
};
const house = {
  locationId: 'location-1',
  name: place.locationName,
  address: place.locationAddress,
  region: '35',
  organisationId: 'house-owner',
  premises: 'NEUTRAL',
} as const;
const doctor = anActor('second-opinion-doctor', 'doctor-so');
const open = (over: object = {}) => ({
  doctorId: 'doctor-so',
  date: '2026-12-03',
  locationId: 'location-1',
  slotMinutes: 90,
  blocks: [{ from: '2026-12-03T09:00', until: '2026-12-03T12:30' }],
  location: house,
  ...over,
});
const slot = (startsAt: string, endsAt: string) => ({
  slotId: derivedId(commandId, 'slot', startsAt),
  startsAt,
  endsAt,
});
const opened: AgendaEvent = {
  type: 'AgendaSlotsOpened',
  data: {
    doctorId: 'doctor-so',
    date: '2026-12-03',
    zone: 'Europe/Amsterdam',
    ...place,
    slots: [
      { slotId: 'slot-1', startsAt: '2026-12-03T09:00', endsAt: '2026-12-03T10:30' },
      { slotId: 'slot-2', startsAt: '2026-12-03T10:30', endsAt: '2026-12-03T12:00' },
    ],
  },
};
const take = (over: object = {}) => ({
  doctorId: 'doctor-so',
  date: '2026-12-03',
  slotIds: ['slot-1'],
  caseId: 'case-1',
  takeId: 'search-1',
  ownOrganisationId: 'ohs-own',
  purpose: 'SEARCH' as const,
  by: 'system' as const,
  ...over,
});
const takenBy = (caseId: string, takeId: string): AgendaEvent => ({
  type: 'SlotTaken',
  data: { ...aSlot, caseId, takeId, purpose: 'SEARCH', by: 'system' },
});

describe('OpenAgendaDay', () => {
  it('cuts blocks into slots; what is left over is no slot', () => {
    given(agenda)
      .events()
      .when('OpenAgendaDay', open(), { actor: doctor })
      .then({
        type: 'AgendaSlotsOpened',
        data: {
          ...opened.data,
          slots: [slot('2026-12-03T09:00', '2026-12-03T10:30'), slot('2026-12-03T10:30', '2026-12-03T12:00')],
        } as never,
      });
  });
  it('BR-29 a consultation is planned for at most 90 minutes', () => {
    given(agenda)
      .events()
      .when('OpenAgendaDay', open({ slotMinutes: 91 }), { actor: doctor })
      .refused('scheduling.slot-length');
  });
  it('BR-30 only at a registered location', () => {
    given(agenda)
      .events()
      .when('OpenAgendaDay', open({ location: undefined }), { actor: doctor })
      .refused('scheduling.no-such-location');
  });
  it('the back office for any doctor, a doctor only his own', () => {
    given(agenda)
      .events()
      .when('OpenAgendaDay', open(), { actor: anActor('back-office') })
      .thenTypes('AgendaSlotsOpened');
    given(agenda)
      .events()
      .when('OpenAgendaDay', open(), { actor: anActor('second-opinion-doctor', 'doctor-other') })
      .refused('scheduling.not-your-agenda');
  });
  it('more on the same day adds, but never twice the same hour', () => {
    const afternoon = open({ blocks: [{ from: '2026-12-03T13:00', until: '2026-12-03T16:00' }] });
    given(agenda).events(opened).when('OpenAgendaDay', afternoon, { actor: doctor }).thenTypes('AgendaSlotsOpened');
    const across = open({ blocks: [{ from: '2026-12-03T11:00', until: '2026-12-03T13:00' }] });
    given(agenda).events(opened).when('OpenAgendaDay', across, { actor: doctor }).refused('scheduling.slots-overlap');
  });
  it('a closed slot may be opened again', () => {
    const closed: AgendaEvent[] = ['slot-1', 'slot-2'].map((slotId) => ({
      type: 'SlotClosed',
      data: { slotId, doctorId: 'doctor-so', startsAt: '2026-12-03T09:00' },
    }));
    given(agenda)
      .events(opened, ...closed)
      .when('OpenAgendaDay', open(), { actor: doctor })
      .thenTypes('AgendaSlotsOpened');
  });
  it.each([
    [
      'scheduling.in-the-past',
      { date: '2026-11-24', blocks: [{ from: '2026-11-24T09:00', until: '2026-11-24T12:00' }] },
    ],
    ['scheduling.block-times', { blocks: [{ from: '2026-12-03T12:00', until: '2026-12-03T09:00' }] }],
    ['scheduling.block-times', { blocks: [{ from: '2026-12-04T09:00', until: '2026-12-04T12:00' }] }],
    ['scheduling.no-slot-fits', { blocks: [{ from: '2026-12-03T09:00', until: '2026-12-03T10:00' }] }],
    [
      'scheduling.slots-overlap',
      {
        blocks: [
          { from: '2026-12-03T09:00', until: '2026-12-03T12:00' },
          { from: '2026-12-03T11:00', until: '2026-12-03T14:00' },
        ],
      },
    ],
  ])('%s', (code, over) => {
    given(agenda).events().when('OpenAgendaDay', open(over), { actor: doctor }).refused(code);
  });

  describe('BR-74 on the days on which the clock changes', () => {
    const on = (date: string, from: string, until: string, slotMinutes = 90) =>
      given(agenda)
        .events()
        .when(
          'OpenAgendaDay',
          open({ date, slotMinutes, blocks: [{ from: `${date}T${from}`, until: `${date}T${until}` }] }),
          { actor: doctor },
        );
    const times = (attempt: ReturnType<typeof on>) =>
      attempt.events().flatMap((event) => (event.type === 'AgendaSlotsOpened' ? event.data.slots : []));

    it('a slot across the spring gap is as long as any other', () => {
      expect(times(on('2027-03-28', '01:30', '05:30')).map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
        ['2027-03-28T01:30', '2027-03-28T04:00'],
        ['2027-03-28T04:00', '2027-03-28T05:30'],
      ]);
    });
    it('an hour that does not exist cannot begin a block', () => {
      on('2027-03-28', '02:30', '05:00').refused('scheduling.no-such-time');
    });
    it('an hour that exists twice cannot either, nor can a slot end in it', () => {
      on('2027-10-31', '02:30', '05:00').refused('scheduling.no-such-time');
      on('2027-10-31', '00:45', '05:00', 90).refused('scheduling.no-such-time');
    });
    it('a usual day of the week of the change is as any other', () => {
      expect(times(on('2027-03-29', '09:00', '10:30'))).toHaveLength(1);
    });
  });
});

describe('TakeSlot', () => {
  it('gives the first of the wanted slots that is free', () => {
    given(agenda)
      .events(opened, takenBy('case-9', 'search-9'))
      .when('TakeSlot', take({ slotIds: ['slot-1', 'slot-2'] }))
      .then({
        type: 'SlotTaken',
        data: {
          ...aSlot,
          slotId: 'slot-2',
          startsAt: '2026-12-03T10:30',
          endsAt: '2026-12-03T12:00',
          caseId: 'case-1',
          takeId: 'search-1',
          purpose: 'SEARCH',
          by: 'system',
        },
      });
  });
  it('BR-28 nobody is booked twice: the second of two cases is refused', () => {
    given(agenda)
      .events(opened, takenBy('case-9', 'search-9'))
      .when('TakeSlot', take())
      .refused('scheduling.slot-not-free');
  });
  it('a repeat takes no second slot', () => {
    given(agenda)
      .events(opened, takenBy('case-1', 'search-1'))
      .when('TakeSlot', take({ slotIds: ['slot-2'] }))
      .nothing();
  });
  it('BR-30 never at the service of the own doctor', () => {
    given(agenda)
      .events(opened)
      .when('TakeSlot', take({ ownOrganisationId: 'house-owner' }))
      .refused('scheduling.slot-not-free');
  });
  it('BR-19 never beyond the registration of the doctor', () => {
    const until = (registeredUntil: string) => take({ doctor: { doctorId: 'doctor-so', registeredUntil } });
    const day = given(agenda).events(opened);
    day.when('TakeSlot', until('2026-12-02')).refused('scheduling.doctor-not-registered', { on: '2026-12-03' });
    day.when('TakeSlot', until('2026-12-03')).thenTypes('SlotTaken');
  });
  it('never in the past', () => {
    given(agenda)
      .events(opened)
      .when('TakeSlot', take(), { now: '2026-12-03T08:00:00.000Z' })
      .refused('scheduling.slot-not-free');
  });
  it('no closed slot, no unknown slot, no empty day', () => {
    const closed: AgendaEvent = {
      type: 'SlotClosed',
      data: { slotId: 'slot-1', doctorId: 'doctor-so', startsAt: '2026-12-03T09:00' },
    };
    given(agenda).events(opened, closed).when('TakeSlot', take()).refused('scheduling.slot-not-free');
    given(agenda)
      .events(opened)
      .when('TakeSlot', take({ slotIds: ['other'] }))
      .refused('scheduling.slot-not-free');
    given(agenda).events().when('TakeSlot', take()).refused('scheduling.slot-not-free');
  });
});

describe('FreeSlot', () => {
  const free = { doctorId: 'doctor-so', date: '2026-12-03', slotId: 'slot-1', takeId: 'search-1' };
  it('frees what this case had', () => {
    given(agenda)
      .events(opened, takenBy('case-1', 'search-1'))
      .when('FreeSlot', free)
      .then({ type: 'SlotFreed', data: { ...aSlot, caseId: 'case-1', takeId: 'search-1' } });
  });
  it('never what somebody else has by now', () => {
    given(agenda).events(opened, takenBy('case-2', 'search-2')).when('FreeSlot', free).nothing();
    given(agenda).events(opened).when('FreeSlot', free).nothing();
    given(agenda).events().when('FreeSlot', free).nothing();
  });
});

describe('CloseAgendaSlot', () => {
  const close = { doctorId: 'doctor-so', date: '2026-12-03', slotId: 'slot-1' };
  const facts = { slotId: 'slot-1', doctorId: 'doctor-so', startsAt: '2026-12-03T09:00' };
  it('closes a free slot, once', () => {
    given(agenda)
      .events(opened)
      .when('CloseAgendaSlot', close, { actor: doctor })
      .then({ type: 'SlotClosed', data: { ...facts, by: 'second-opinion-doctor' } });
    given(agenda)
      .events(opened, { type: 'SlotClosed', data: facts })
      .when('CloseAgendaSlot', close, { actor: doctor })
      .nothing();
  });
  it('BR-77 tells who closed it', () => {
    const closed = given(agenda)
      .events(opened)
      .when('CloseAgendaSlot', close, { actor: anActor('back-office') });
    closed.then({ type: 'SlotClosed', data: { ...facts, by: 'back-office' } });
  });
  it('a taken one only on purpose, and tells who had it', () => {
    const taken = given(agenda).events(opened, takenBy('case-1', 'search-1'));
    taken.when('CloseAgendaSlot', close, { actor: doctor }).refused('scheduling.slot-taken');
    taken.when('CloseAgendaSlot', { ...close, evenIfTaken: true }, { actor: doctor }).then({
      type: 'SlotClosed',
      data: { ...facts, by: 'second-opinion-doctor', caseId: 'case-1', takeId: 'search-1' },
    });
  });
  it('by nobody but the doctor and the back office, and only what exists', () => {
    given(agenda)
      .events(opened)
      .when('CloseAgendaSlot', close, { actor: anActor('second-opinion-doctor', 'doctor-other') })
      .refused('scheduling.not-your-agenda');
    given(agenda)
      .events()
      .when('CloseAgendaSlot', close, { actor: anActor('back-office') })
      .refused('scheduling.no-such-slot');
  });
});

describe('a house that closes', () => {
  const taken: AgendaEvent = {
    type: 'SlotTaken',
    data: {
      ...aSlot,
      ...place,
      slotId: 'slot-1',
      caseId: 'case-1',
      takeId: 'search-1',
      purpose: 'SEARCH',
      by: 'system',
    },
  };
  const closes = (closedFrom: string | undefined, over: object = {}) => ({
    doctorId: 'doctor-so',
    date: '2026-12-03',
    locationId: 'location-1',
    location: { ...house, ...(closedFrom === undefined ? {} : { closedFrom }) },
    ...over,
  });
  const gone = (slotId: string, startsAt: string, over: object = {}) =>
    ({ type: 'SlotClosed', data: { slotId, doctorId: 'doctor-so', startsAt, by: 'back-office', ...over } }) as const;
  it('BR-29 takes its slots along, free or taken, from that day on', () => {
    const day = given(agenda).events(opened, taken);
    const both = [
      gone('slot-1', '2026-12-03T09:00', { caseId: 'case-1', takeId: 'search-1' }),
      gone('slot-2', '2026-12-03T10:30'),
    ] as const;
    for (const from of ['2026-12-03', '2026-11-25']) day.when('CloseSlotsOfLocation', closes(from)).then(...both);
    for (const from of ['2026-12-04', undefined]) day.when('CloseSlotsOfLocation', closes(from)).nothing();
    day.when('CloseSlotsOfLocation', closes('2026-12-03', { location: undefined })).nothing();
    day
      .events(...both)
      .when('CloseSlotsOfLocation', closes('2026-12-03'))
      .nothing();
  });
  it('not what is elsewhere, nor what has begun', () => {
    const day = given(agenda).events(opened);
    day.when('CloseSlotsOfLocation', closes('2026-12-03', { locationId: 'location-2' })).nothing();
    day
      .when('CloseSlotsOfLocation', closes('2026-12-03'), { now: '2026-12-03T08:00:00.000Z' })
      .then(gone('slot-2', '2026-12-03T10:30'));
  });
  it('BR-29 has no new hours from that day on, before it still', () => {
    const when = (closedFrom: string) =>
      given(agenda)
        .events()
        .when('OpenAgendaDay', open({ location: { ...house, closedFrom } }), { actor: doctor });
    when('2026-12-03').refused('scheduling.location-closed', { from: '2026-12-03' });
    when('2026-12-04').thenTypes('AgendaSlotsOpened');
  });
});
