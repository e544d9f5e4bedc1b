import { derivedId, fold, type InstancesOf, type Sealed } from '@second-opinion/kernel';
import { anActor, circumstances, given, interleaved, permutations } from '@second-opinion/kernel/testing';
import { appointment } from './appointment.decider';
import type * as commands from './appointment.commands';
import type { AppointmentEvent } from './appointment.events';
import type { Appointment } from './appointment-state.rules';
import {
  appointmentConfirmed,
  aSlot,
  assignmentNoted,
  CALENDAR,
  confirmed,
  heldOf,
  independenceNoted,
  laterSlot,
  quoteNoted,
  quoteSignatureNoted,
  requestNoted,
  reserved,
  reservedUntil,
  searching,
  slotReserved,
  slotSought,
  taken,
} from './testing';

type Commands = InstancesOf<typeof commands>;
const caseId = 'case-1';
const commandId = circumstances().commandId;
const searchId = derivedId(commandId, 'search', 0);
const doctor = anActor('second-opinion-doctor', 'doctor-so');
const employee = anActor('employee', 'person-1');
const backOffice = anActor('back-office');
const afterStart = '2026-12-03T08:30:00.000Z';
const soughtNow: AppointmentEvent = { type: 'SlotSought', data: { ...slotSought.data, searchId } };

const notes = {
  request: ['NoteRequest', { caseId, ...requestNoted.data }],
  offer: ['NoteAssignment', { caseId, ...assignmentNoted.data }],
  quote: ['NoteQuote', { caseId, ...quoteNoted.data }],
  signature: ['NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data }],
  independence: ['NoteIndependence', { caseId, ...independenceNoted.data }],
} as const;
type Note = keyof typeof notes;

/** play gives commands one after the other, each answered search by a slot, and tells everything that happened. */
function play(names: readonly Note[], slots = [aSlot, laterSlot]): AppointmentEvent[] {
  const happened: AppointmentEvent[] = [];
  const free = [...slots];
  const run = (name: keyof Commands, command: object, id: string): void => {
    const state = fold(appointment, happened);
    const around = circumstances({ commandId: id });
    const decide = appointment.decide[name] as (
      command: Sealed<object>,
      state: Appointment,
      around: ReturnType<typeof circumstances>,
    ) => AppointmentEvent[];
    const events = decide(command as Sealed<object>, state, around);
    happened.push(...events);
    for (const event of events) {
      const slot = event.type === 'SlotSought' ? free.shift() : undefined;
      if (slot && event.type === 'SlotSought')
        run('NoteSlotTaken', { caseId, taken: taken(slot, event.data.searchId) }, `take-${id}`);
    }
  };
  names.forEach((name, index) => run(notes[name][0], notes[name][1], `command-${index}`));
  return happened;
}

describe('facts of other contexts, in any order and more than once', () => {
  const all = Object.keys(notes) as Note[];
  it.each(permutations(all))('BR-28 one reservation, one appointment: %s, %s, %s, %s, %s', (...order) => {
    const types = play([...order, ...order]).map(({ type }) => type);
    expect(types.filter((type) => type === 'SlotReserved')).toHaveLength(1);
    expect(types.filter((type) => type === 'AppointmentConfirmed')).toHaveLength(1);
    expect(types.filter((type) => type === 'SlotSought')).toHaveLength(1);
    expect(types).not.toContain('SlotReleased');
  });
  it.each(['signature', 'independence'] as const)('BR-28 BR-58 no appointment without %s', (missing) => {
    for (const order of permutations(all.filter((name) => name !== missing)))
      expect(play(order).map(({ type }) => type)).not.toContain('AppointmentConfirmed');
  });
  it.each(['request', 'offer'] as const)('no search without %s', (missing) => {
    for (const order of permutations(all.filter((name) => name !== missing)))
      expect(play(order).map(({ type }) => type)).not.toContain('SlotSought');
  });
  it('too late appends nothing: after the end, and after the consultation (BR-38)', () => {
    const held: AppointmentEvent = {
      type: 'ConsultationHeld',
      data: {
        appointmentId: 'appointment-1',
        doctorId: 'doctor-so',
        locationId: 'location-1',
        durationMinutes: 60,
        heldAt: '2026-12-03T08:00:00.000Z',
      },
    };
    const ended: AppointmentEvent = { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-25T09:00:00.000Z' } };
    for (const [name, command] of Object.values(notes)) {
      given(appointment)
        .events(ended)
        .when(name, command as never)
        .nothing();
      given(appointment)
        .events(...confirmed, held)
        .when(name, command as never)
        .nothing();
    }
  });
});

describe('the search', () => {
  it('BR-28 begins with the offered assignment, and its terms stand in the event', () => {
    given(appointment)
      .events(requestNoted)
      .when('NoteAssignment', { caseId, ...assignmentNoted.data })
      .then(assignmentNoted, soughtNow);
  });
  it('a found slot is reserved until two working days before it', () => {
    given(appointment)
      .events(...searching)
      .when('NoteSlotTaken', { caseId, taken: taken(aSlot) })
      .then(slotReserved);
  });
  it('or until the end of the quote, when that is earlier', () => {
    const early = { ...quoteNoted, data: { ...quoteNoted.data, validUntil: '2026-11-27T23:00:00.000Z' } };
    given(appointment)
      .events(...searching, early)
      .when('NoteSlotTaken', { caseId, taken: taken(aSlot) })
      .then({ type: 'SlotReserved', data: { ...slotReserved.data, expiresAt: '2026-11-27T23:00:00.000Z' } });
    given(appointment)
      .events(...reserved)
      .when('NoteQuote', { caseId, ...early.data })
      .then(early, {
        type: 'ReservationTermSet',
        data: { slotId: 'slot-1', expiresAt: '2026-11-27T23:00:00.000Z', calendarVersion: CALENDAR },
      });
  });
  it('the end of the quote no longer counts once it is signed', () => {
    const early = { ...quoteNoted, data: { ...quoteNoted.data, validUntil: '2026-11-27T23:00:00.000Z' } };
    const term: AppointmentEvent = {
      type: 'ReservationTermSet',
      data: { slotId: 'slot-1', expiresAt: '2026-11-27T23:00:00.000Z', calendarVersion: CALENDAR },
    };
    given(appointment)
      .events(...reserved, early, term)
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data })
      .then(quoteSignatureNoted, {
        type: 'ReservationTermSet',
        data: { slotId: 'slot-1', expiresAt: reservedUntil, calendarVersion: CALENDAR },
      });
  });
  it('a repeat of the taken slot changes nothing', () => {
    given(appointment)
      .events(...reserved)
      .when('NoteSlotTaken', { caseId, taken: taken(aSlot) })
      .nothing();
    given(appointment)
      .events(...reserved, { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'ASSIGNMENT_DECLINED' } })
      .when('NoteSlotTaken', { caseId, taken: taken(aSlot) })
      .nothing();
  });
  it('a slot of another search is not needed, and freed once', () => {
    const notNeeded: AppointmentEvent = { type: 'TakenSlotNotNeeded', data: heldOf(laterSlot, 'search-0') };
    given(appointment)
      .events(...reserved)
      .when('NoteSlotTaken', { caseId, taken: taken(laterSlot, 'search-0') })
      .then(notNeeded);
    given(appointment)
      .events(...reserved, notNeeded)
      .when('NoteSlotTaken', { caseId, taken: taken(laterSlot, 'search-0') })
      .nothing();
  });
  it('a second slot that a crash left taken for the same search is not needed', () => {
    given(appointment)
      .events(...reserved)
      .when('NoteSlotTaken', { caseId, taken: taken(laterSlot) })
      .then({ type: 'TakenSlotNotNeeded', data: heldOf(laterSlot) });
  });
  it('a slot that is past when it is told is not needed; the search goes on', () => {
    given(appointment)
      .events(...searching)
      .when('NoteSlotTaken', { caseId, taken: taken(aSlot) }, { now: afterStart })
      .thenTypes('TakenSlotNotNeeded', 'SlotSought');
  });
  it('SLA of 15 working days: a later slot is reserved all the same, and the fact is told', () => {
    const late = { ...aSlot, startsAt: '2026-12-17T09:00', endsAt: '2026-12-17T10:30' };
    given(appointment)
      .events(...searching)
      .when('NoteSlotTaken', { caseId, taken: taken(late) })
      .thenTypes('NoSlotWithinSla', 'SlotReserved');
  });
  it('nothing found: told once, and looked for again', () => {
    const none: AppointmentEvent = {
      type: 'NoSlotFound',
      data: { searchId: 'search-1', doctorId: 'doctor-so', searchAgainAt: '2026-11-25T13:00:00.000Z' },
    };
    const sla: AppointmentEvent = {
      type: 'NoSlotWithinSla',
      data: { doctorId: 'doctor-so', limit: slotSought.data.limit },
    };
    const find = { caseId, ...slotSought.data };
    given(appointment)
      .events(...searching)
      .when('FindSlot', find)
      .then(sla, none);
    given(appointment)
      .events(...searching, sla, none)
      .when('FindSlot', find)
      .nothing();
    given(appointment)
      .events(...searching, sla, none)
      .when('NoteNewSlots', { caseId })
      .then(soughtNow);
    given(appointment)
      .events(...searching, sla, none)
      .when('SearchAgain', { caseId, searchId: 'search-1' })
      .then(soughtNow);
    given(appointment)
      .events(...searching, sla, none, soughtNow)
      .when('FindSlot', { ...find, searchId })
      .thenTypes('NoSlotFound');
  });
  it('slots that come free during a search are not missed', () => {
    const noted: AppointmentEvent = { type: 'NewSlotsNoted', data: { searchId: 'search-1' } };
    given(appointment)
      .events(...searching)
      .when('NoteNewSlots', { caseId })
      .then(noted);
    given(appointment)
      .events(...searching, noted)
      .when('NoteNewSlots', { caseId })
      .nothing();
    given(appointment)
      .events(...searching, noted)
      .when('FindSlot', { caseId, ...slotSought.data })
      .thenTypes('NoSlotWithinSla', 'SlotSought');
  });
  it('whoever has a slot, or does not look for one, is not woken', () => {
    given(appointment)
      .events(...reserved)
      .when('NoteNewSlots', { caseId })
      .nothing();
    given(appointment)
      .events(...reserved)
      .when('SearchAgain', { caseId, searchId: 'search-1' })
      .nothing();
    given(appointment).events().when('NoteNewSlots', { caseId }).nothing();
  });
});

describe('the end of a reservation', () => {
  const lapsed: AppointmentEvent = { type: 'ReservationLapsed', data: { slotId: 'slot-1' } };
  const end = { caseId, slotId: 'slot-1' };
  it('not before its time, and once', () => {
    given(appointment)
      .events(...reserved)
      .when('EndReservation', end)
      .nothing();
    given(appointment)
      .events(...reserved, lapsed)
      .when('EndReservation', end, { now: reservedUntil })
      .nothing();
    given(appointment)
      .events(...confirmed)
      .when('EndReservation', end, { now: reservedUntil })
      .nothing();
  });
  it('another slot is sought while the old one is kept', () => {
    given(appointment)
      .events(...reserved)
      .when('EndReservation', end, { now: reservedUntil })
      .thenTypes('ReservationLapsed', 'SlotSought');
  });
  it('another day is reserved before the old one is freed', () => {
    given(appointment)
      .events(...reserved, lapsed, { ...slotSought, data: { ...slotSought.data, searchId: 'search-2' } })
      .when('NoteSlotTaken', { caseId, taken: taken(laterSlot, 'search-2') }, { now: reservedUntil })
      .then(
        {
          type: 'SlotReserved',
          data: {
            ...laterSlot,
            takeId: 'search-2',
            expiresAt: '2026-12-08T08:00:00.000Z',
            calendarVersion: CALENDAR,
          },
        },
        { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'REPLACED' } },
      );
  });
  it('without a successor the old one goes', () => {
    given(appointment)
      .events(...reserved, lapsed, { ...slotSought, data: { ...slotSought.data, searchId: 'search-2' } })
      .when('FindSlot', { caseId, ...slotSought.data, searchId: 'search-2' }, { now: reservedUntil })
      .thenTypes('NoSlotWithinSla', 'SlotReleased', 'NoSlotFound');
  });
  it('when the quote has ended no other one is sought', () => {
    const early = { ...quoteNoted, data: { ...quoteNoted.data, validUntil: '2026-11-27T23:00:00.000Z' } };
    const term: AppointmentEvent = {
      type: 'ReservationTermSet',
      data: { slotId: 'slot-1', expiresAt: early.data.validUntil, calendarVersion: CALENDAR },
    };
    given(appointment)
      .events(...reserved, early, term)
      .when('EndReservation', end, { now: early.data.validUntil })
      .then(lapsed, { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'QUOTE_ENDED' } });
  });
  it('a quote signed in time but told late: reserve and confirm in one step', () => {
    const early = { ...quoteNoted, data: { ...quoteNoted.data, validUntil: '2026-11-27T23:00:00.000Z' } };
    const freed: AppointmentEvent = { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'QUOTE_ENDED' } };
    const before = given(appointment).events(...reserved, early, independenceNoted, lapsed, freed);
    before
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data }, { now: '2026-11-28T09:00:00.000Z' })
      .thenTypes('QuoteSignatureNoted', 'SlotSought');
    before
      .events(quoteSignatureNoted, { ...slotSought, data: { ...slotSought.data, searchId: 'search-2' } })
      .when('NoteSlotTaken', { caseId, taken: taken(laterSlot, 'search-2') }, { now: '2026-11-28T09:00:00.000Z' })
      .thenTypes('SlotReserved', 'AppointmentConfirmed');
  });
  it('never a slot in the past when the quote is signed: the reservation was over, also when nobody had noted it, and another is taken', () => {
    const now = '2026-12-04T09:00:00.000Z';
    const before = given(appointment).events(...reserved, independenceNoted);
    before
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data }, { now })
      .thenTypes('QuoteSignatureNoted', 'ReservationLapsed', 'SlotSought');
    const after = before.events(quoteSignatureNoted, lapsed, {
      ...slotSought,
      data: { ...slotSought.data, searchId: 'search-2' },
    });
    after.when('EndReservation', end, { now }).nothing();
    after
      .when('FindSlot', { caseId, ...slotSought.data, searchId: 'search-2' }, { now })
      .thenTypes('NoSlotWithinSla', 'SlotReleased', 'NoSlotFound');
  });
});

describe('confirmation', () => {
  it('BR-28 by the signature, when independence is known', () => {
    given(appointment)
      .events(...reserved, independenceNoted)
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data })
      .then(quoteSignatureNoted, {
        type: 'AppointmentConfirmed',
        data: { ...appointmentConfirmed.data, appointmentId: derivedId(commandId, 'appointment', 'search-1') },
      });
  });
  it('not by the signature for another doctor', () => {
    given(appointment)
      .events(...reserved, independenceNoted)
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data, doctorId: 'doctor-other' })
      .thenTypes('QuoteSignatureNoted');
  });
  it('A9 BR-20 by a signature that stays valid for the next doctor, in whichever order it is told', () => {
    const next = { doctorId: 'doctor-two', round: 2 };
    const slot = { ...aSlot, doctorId: 'doctor-two' };
    const carried = { caseId, ...quoteSignatureNoted.data, doctorId: 'doctor-two' };
    const moved = given(appointment).events(
      requestNoted,
      assignmentNoted,
      quoteNoted,
      quoteSignatureNoted,
      { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } },
      { type: 'AssignmentNoted', data: { ...next, region: '35' } },
      { type: 'SlotSought', data: { ...slotSought.data, doctorId: 'doctor-two', searchId: 'search-2' } },
    );
    const noted: AppointmentEvent = {
      type: 'QuoteSignatureNoted',
      data: { ...quoteSignatureNoted.data, doctorId: 'doctor-two' },
    };
    const found = { caseId, taken: taken(slot, 'search-2') };
    moved.when('NoteQuoteSignature', carried).then(noted);
    moved
      .events(noted, { type: 'IndependenceNoted', data: next })
      .when('NoteSlotTaken', found)
      .thenTypes('SlotReserved', 'AppointmentConfirmed');
    moved.events(noted).when('NoteQuoteSignature', carried).nothing();
    given(appointment)
      .events(noted)
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data })
      .then(quoteSignatureNoted);
  });
  it('BR-28 BR-58 not by the signature under a quote that another took the place of', () => {
    given(appointment)
      .events(...reserved, quoteNoted, quoteSignatureNoted, { type: 'QuoteEndNoted', data: { quoteId: 'quote-1' } })
      .when('NoteQuote', { caseId, ...quoteNoted.data, quoteId: 'quote-2', round: 1 })
      .thenTypes('QuoteNoted');
    given(appointment)
      .events(...reserved, quoteNoted, quoteSignatureNoted, { type: 'QuoteEndNoted', data: { quoteId: 'quote-1' } })
      .events({ type: 'QuoteNoted', data: { ...quoteNoted.data, quoteId: 'quote-2' } })
      .when('NoteIndependence', { caseId, ...independenceNoted.data })
      .then(independenceNoted);
    given(appointment)
      .events(...reserved, { type: 'QuoteEndNoted', data: { quoteId: 'quote-1' } })
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data })
      .nothing();
  });
  it('reminders whose time has passed are left out; over the change of the clock the time of the day stays', () => {
    const spring = { ...aSlot, startsAt: '2027-03-29T09:00', endsAt: '2027-03-29T10:30' };
    const inForce: AppointmentEvent = {
      type: 'SlotReserved',
      data: { ...spring, takeId: 'search-1', expiresAt: '2027-03-25T08:00:00.000Z', calendarVersion: CALENDAR },
    };
    const events = given(appointment)
      .events(...searching, inForce, independenceNoted)
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data })
      .events();
    // 09:00 on Monday 29 March is 07:00 UTC; five days and one day before, clocks still (or no longer) stand otherwise.
    expect(events.at(-1)?.data).toMatchObject({
      reminders: [
        { daysBefore: 5, dueAt: '2027-03-24T08:00:00.000Z' },
        { daysBefore: 1, dueAt: '2027-03-28T07:00:00.000Z' },
      ],
    });
    const late = given(appointment)
      .events(...searching, inForce, independenceNoted)
      .when('NoteQuoteSignature', { caseId, ...quoteSignatureNoted.data }, { now: '2027-03-24T09:00:00.000Z' })
      .events();
    expect(late.at(-1)?.data).toMatchObject({ reminders: [{ daysBefore: 1 }] });
  });
});

describe('what frees the slot', () => {
  const round2 = { doctorId: 'doctor-two', round: 2, region: '35' };
  it('a declined assignment; the next doctor gets a search of his own', () => {
    given(appointment)
      .events(...reserved)
      .when('NoteAssignmentDecline', { caseId, doctorId: 'doctor-so', round: 1 })
      .then(
        { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } },
        { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'ASSIGNMENT_DECLINED' } },
      );
    given(appointment)
      .events(
        ...reserved,
        { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } },
        {
          type: 'SlotReleased',
          data: { ...heldOf(aSlot), cause: 'ASSIGNMENT_DECLINED' },
        },
      )
      .when('NoteAssignment', { caseId, ...round2 })
      .thenTypes('AssignmentNoted', 'SlotSought');
  });
  it('the next offer alone, when it overtakes the decline; and a decline that overtakes its offer', () => {
    given(appointment)
      .events(...reserved)
      .when('NoteAssignment', { caseId, ...round2 })
      .thenTypes('AssignmentNoted', 'SlotReleased', 'SlotSought');
    given(appointment)
      .events(requestNoted, { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } })
      .when('NoteAssignment', { caseId, ...assignmentNoted.data })
      .nothing();
  });
  it('a slot found for the doctor who declined meanwhile', () => {
    given(appointment)
      .events(...searching, { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } })
      .when('NoteSlotTaken', { caseId, taken: taken(aSlot) })
      .thenTypes('TakenSlotNotNeeded');
  });
  it('a declined or expired quote of this round, also when it is told first', () => {
    const ended: AppointmentEvent = { type: 'QuoteEndNoted', data: { quoteId: 'quote-1' } };
    given(appointment)
      .events(...reserved, quoteNoted)
      .when('NoteQuoteEnd', { caseId, quoteId: 'quote-1' })
      .then(ended, { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'QUOTE_ENDED' } });
    given(appointment)
      .events(...reserved, ended)
      .when('NoteQuote', { caseId, ...quoteNoted.data })
      .thenTypes('QuoteNoted', 'SlotReleased');
  });
  it('not the end of the quote of an earlier round', () => {
    const first = { ...quoteNoted, data: { ...quoteNoted.data, quoteId: 'quote-0', round: 0 } };
    given(appointment)
      .events(...reserved, first, quoteNoted)
      .when('NoteQuoteEnd', { caseId, quoteId: 'quote-0' })
      .thenTypes('QuoteEndNoted');
  });
  it('a new quote after the old one ended: a search again', () => {
    given(appointment)
      .events(...searching, quoteNoted, { type: 'QuoteEndNoted', data: { quoteId: 'quote-1' } })
      .when('NoteQuote', { caseId, ...quoteNoted.data, quoteId: 'quote-2' })
      .thenTypes('QuoteNoted', 'SlotSought');
  });
  it.each(['WITHDRAWN', 'NOT_EXECUTABLE', 'CLOSED'] as const)('the end of the case: %s', (cause) => {
    const note = { caseId, cause, at: '2026-11-25T09:00:00.000Z' };
    const noted: AppointmentEvent = { type: 'CaseEndNoted', data: { cause, at: note.at } };
    given(appointment)
      .events(...reserved)
      .when('NoteCaseEnd', note)
      .then(noted, { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'CASE_ENDED' } });
    given(appointment).events().when('NoteCaseEnd', note).then(noted);
    given(appointment)
      .events(...reserved, noted)
      .when('NoteCaseEnd', note)
      .nothing();
    given(appointment)
      .events(...confirmed)
      .when('NoteCaseEnd', note)
      .then(noted, {
        type: 'AppointmentCancelled',
        data: {
          appointmentId: 'appointment-1',
          sequence: 1,
          ...heldOf(aSlot),
          locationId: 'location-1',
          zone: 'Europe/Amsterdam',
          by: cause === 'WITHDRAWN' ? 'employee' : 'system',
          at: note.at,
          illnessProof: false,
          noticeClass: 'FREE',
          noticeHours: 191,
        },
      });
  });
  it('BR-76 a withdrawal counts from when it was made, not from when it is told here', () => {
    const events = given(appointment)
      .events(...confirmed)
      .when(
        'NoteCaseEnd',
        { caseId, cause: 'WITHDRAWN', at: '2026-11-30T09:00:00.000Z' },
        { now: '2026-12-02T12:00:00.000Z' },
      )
      .events();
    expect(events.at(-1)?.data).toMatchObject({ noticeClass: 'FREE', by: 'employee' });
  });
  it('a withdrawal after the beginning leaves the doctor to say what happened, without a rebooking', () => {
    const note: AppointmentEvent = { type: 'CaseEndNoted', data: { cause: 'WITHDRAWN', at: afterStart } };
    const over = given(appointment).events(...confirmed, note);
    given(appointment)
      .events(...confirmed)
      .when('NoteCaseEnd', { caseId, cause: 'WITHDRAWN', at: afterStart }, { now: afterStart })
      .then(note);
    over.when('RecordConsultation', { caseId, durationMinutes: 20 }, { now: afterStart }).thenTypes('ConsultationHeld');
    over.when('AbortConsultation', { caseId }, { now: afterStart }).thenTypes('ConsultationAborted');
  });
  it('a slot that the doctor closes: the reservation moves on, the appointment is cancelled by him and made anew', () => {
    const closed = { caseId, slotId: 'slot-1', takeId: 'search-1' };
    given(appointment)
      .events(...reserved)
      .when('NoteSlotClosed', closed)
      .thenTypes('SlotReleased', 'SlotSought');
    const events = given(appointment)
      .events(...confirmed)
      .when('NoteSlotClosed', closed)
      .events();
    expect(events.map(({ type }) => type)).toEqual(['AppointmentCancelled', 'SlotSought']);
    expect(events[0]?.data).toMatchObject({ by: 'second-opinion-doctor' });
    const byDesk = given(appointment)
      .events(...confirmed)
      .when('NoteSlotClosed', { ...closed, by: 'back-office' });
    byDesk.thenTypes('AppointmentCancelled', 'SlotSought');
    expect(byDesk.events()[0]?.data).toMatchObject({ by: 'back-office', slotClosed: true });
    given(appointment)
      .events(...confirmed)
      .when('NoteSlotClosed', { ...closed, slotId: 'slot-9' })
      .nothing();
  });
});

describe('RescheduleAppointment', () => {
  const to = (by: 'employee' | 'second-opinion-doctor' | 'back-office' = 'employee') => ({
    caseId,
    date: '2026-12-10',
    slotId: 'slot-2',
    taken: taken(laterSlot, 'move-1', by),
  });
  const rescheduled = (by: 'employee' | 'second-opinion-doctor' | 'back-office'): AppointmentEvent => ({
    type: 'AppointmentRescheduled',
    data: {
      appointmentId: 'appointment-1',
      sequence: 1,
      ...laterSlot,
      takeId: 'move-1',
      reminders: [
        { daysBefore: 5, dueAt: '2026-12-05T08:00:00.000Z' },
        { daysBefore: 1, dueAt: '2026-12-09T08:00:00.000Z' },
      ],
      recordDueAt: '2026-12-11T23:00:00.000Z',
      calendarVersion: CALENDAR,
      by,
      previous: heldOf(aSlot),
    },
  });
  it.each([
    ['employee', employee],
    ['second-opinion-doctor', doctor],
    ['back-office', backOffice],
  ] as const)('by %s: the same entry in the calendar, a higher sequence', (by, actor) => {
    given(appointment)
      .events(...confirmed)
      .when('RescheduleAppointment', to(by), { actor })
      .then(rescheduled(by));
  });
  it('whether the handler or the policy comes first, and again', () => {
    given(appointment)
      .events(...confirmed)
      .when('NoteSlotTaken', { caseId, taken: to().taken })
      .then(rescheduled('employee'));
    given(appointment)
      .events(...confirmed, rescheduled('employee'))
      .when('NoteSlotTaken', { caseId, taken: to().taken })
      .nothing();
    given(appointment)
      .events(...confirmed, rescheduled('employee'))
      .when('RescheduleAppointment', to(), { actor: employee })
      .nothing();
  });
  it('a move that is no longer possible when it is told gives its slot back', () => {
    given(appointment)
      .events(...confirmed, { type: 'CaseEndNoted', data: { cause: 'WITHDRAWN', at: '2026-11-25T09:00:00.000Z' } })
      .when('NoteSlotTaken', { caseId, taken: to().taken })
      .thenTypes('TakenSlotNotNeeded', 'AppointmentCancelled');
  });
  it('not when the appointment was changed meanwhile: whoever comes second looks again', () => {
    const other: AppointmentEvent = {
      type: 'AppointmentRescheduled',
      data: { ...(rescheduled('back-office').data as never as object), takeId: 'move-0', slotId: 'slot-3' } as never,
    };
    given(appointment)
      .events(...confirmed, other)
      .when('RescheduleAppointment', to(), { actor: employee })
      .refused('scheduling.appointment-changed');
    given(appointment)
      .events(...confirmed, other)
      .when('NoteSlotTaken', { caseId, taken: to().taken })
      .then({ type: 'TakenSlotNotNeeded', data: heldOf(laterSlot, 'move-1') });
    given(appointment)
      .events(...confirmed, other, { type: 'TakenSlotNotNeeded', data: heldOf(laterSlot, 'move-1') })
      .when(
        'RescheduleAppointment',
        { caseId, date: '2026-12-10', slotId: 'slot-2', takeId: 'move-1' },
        { actor: employee },
      )
      .refused('scheduling.slot-not-free');
  });
  it('a repeat finds what the policy completed', () => {
    given(appointment)
      .events(...confirmed, rescheduled('employee'))
      .when(
        'RescheduleAppointment',
        { caseId, date: '2026-12-10', slotId: 'slot-2', takeId: 'move-1' },
        { actor: employee },
      )
      .nothing();
  });
  it('the employee not within two working days; doctor and back office until it begins', () => {
    const now = '2026-12-01T08:00:00.001Z';
    const move = given(appointment).events(...confirmed);
    move.when('RescheduleAppointment', to(), { actor: employee, now }).refused('scheduling.too-late-to-reschedule');
    move
      .when('RescheduleAppointment', to('back-office'), { actor: backOffice, now })
      .thenTypes('AppointmentRescheduled');
    move
      .when('RescheduleAppointment', to('back-office'), { actor: backOffice, now: afterStart })
      .refused('scheduling.appointment-has-begun');
  });
  it('only a confirmed appointment, only to a slot of its doctor that is still to come', () => {
    given(appointment)
      .events(...reserved)
      .when('RescheduleAppointment', to(), { actor: employee })
      .refused('scheduling.no-appointment', { phase: 'reserved' });
    given(appointment)
      .events(...confirmed)
      .when(
        'RescheduleAppointment',
        { ...to(), taken: taken({ ...laterSlot, doctorId: 'doctor-x' }, 'move-1', 'employee') },
        { actor: employee },
      )
      .refused('scheduling.slot-not-free');
  });
});

describe('CancelAppointment', () => {
  const at = (now: string, over: object = {}) =>
    given(appointment)
      .events(...confirmed)
      .when('CancelAppointment', { caseId, ...over }, { actor: employee, now });
  it.each([
    ['2026-12-01T08:00:00.000Z', 'FREE', 48],
    ['2026-12-01T08:00:00.001Z', 'WITHIN_TWO_WORKING_DAYS', 47],
    ['2026-12-02T08:00:00.000Z', 'WITHIN_TWO_WORKING_DAYS', 24],
    ['2026-12-02T08:00:00.001Z', 'WITHIN_24_HOURS', 23],
    ['2026-12-03T07:59:59.999Z', 'WITHIN_24_HOURS', 0],
  ])('domain section 8: at %s it is %s', (now, noticeClass, noticeHours) => {
    expect(at(now).events()[0]?.data).toMatchObject({ noticeClass, noticeHours, by: 'employee', sequence: 1 });
  });
  it('the notice is counted in working days and local time, also over the change of the clock', () => {
    // Monday 29 March 2027 is Easter Monday and Good Friday is off: two working days before Tuesday 09:00 is Wednesday 09:00.
    const spring = { ...aSlot, startsAt: '2027-03-30T09:00', endsAt: '2027-03-30T10:30' };
    const booked: AppointmentEvent = { ...appointmentConfirmed, data: { ...appointmentConfirmed.data, ...spring } };
    const cancelAt = (now: string) =>
      given(appointment)
        .events(...reserved, booked)
        .when('CancelAppointment', { caseId }, { actor: employee, now })
        .events()[0]?.data;
    expect(cancelAt('2027-03-24T08:00:00.000Z')).toMatchObject({ noticeClass: 'FREE' });
    expect(cancelAt('2027-03-24T08:00:00.001Z')).toMatchObject({ noticeClass: 'WITHIN_TWO_WORKING_DAYS' });
    expect(cancelAt('2027-03-29T07:00:00.000Z')).toMatchObject({ noticeClass: 'WITHIN_TWO_WORKING_DAYS' });
    expect(cancelAt('2027-03-29T07:00:00.001Z')).toMatchObject({ noticeClass: 'WITHIN_24_HOURS' });
  });
  it('by employee or back office: somebody picks another time', () => {
    at('2026-11-25T09:00:00.000Z').thenTypes('AppointmentCancelled');
    const cancelled = given(appointment)
      .events(...confirmed, ...at('2026-11-25T09:00:00.000Z').events())
      .when(
        'RescheduleAppointment',
        {
          caseId,
          date: '2026-12-10',
          slotId: 'slot-2',
          taken: { ...taken(laterSlot, 'move-1', 'back-office'), from: undefined as never },
        },
        { actor: backOffice },
      );
    cancelled.thenTypes('AppointmentConfirmed');
    expect(cancelled.events()[0]?.data).toMatchObject({ sequence: 0, startsAt: laterSlot.startsAt });
  });
  it('by the doctor: another time is sought at once, and confirmed when found', () => {
    const cancel = given(appointment)
      .events(...confirmed)
      .when('CancelAppointment', { caseId }, { actor: doctor });
    cancel.thenTypes('AppointmentCancelled', 'SlotSought');
    given(appointment)
      .events(...confirmed, ...cancel.events())
      .when('NoteSlotTaken', { caseId, taken: taken(laterSlot, derivedId(commandId, 'search', 1)) })
      .thenTypes('SlotReserved', 'AppointmentConfirmed');
  });
  it('the back office passes on whose wish it was; nobody else does', () => {
    const by = given(appointment)
      .events(...confirmed)
      .when('CancelAppointment', { caseId, onRequestOf: 'employee' }, { actor: backOffice });
    expect(by.events()[0]?.data).toMatchObject({ by: 'employee' });
    at('2026-11-25T09:00:00.000Z', { onRequestOf: 'second-opinion-doctor' }).refused('scheduling.not-on-request');
  });
  it('a proof of illness is stated by who has seen it', () => {
    at('2026-12-02T09:00:00.000Z', { illnessProof: true }).refused('scheduling.proof-not-seen');
    const seen = given(appointment)
      .events(...confirmed)
      .when('CancelAppointment', { caseId, onRequestOf: 'employee', illnessProof: true }, { actor: backOffice });
    expect(seen.events()[0]?.data).toMatchObject({ illnessProof: true, by: 'employee' });
  });
  it('not after the beginning, and not without an appointment', () => {
    at('2026-12-03T08:00:00.000Z').refused('scheduling.appointment-has-begun');
    given(appointment)
      .events(...reserved)
      .when('CancelAppointment', { caseId }, { actor: employee })
      .refused('scheduling.no-appointment');
  });
});

describe('section 3: the employee cancelled and does not respond', () => {
  const cancelledBy = (actor: typeof employee, over: object = {}) =>
    given(appointment)
      .events(...confirmed)
      .when('CancelAppointment', { caseId, ...over }, { actor })
      .events();
  const his = cancelledBy(employee);
  const until = '2026-12-02T23:00:00.000Z';
  const due = (attempt: number): AppointmentEvent => ({
    type: 'RebookingReminderDue',
    data: { appointmentId: 'appointment-1', attempt, until },
  });
  const unreachable: AppointmentEvent = {
    type: 'EmployeeUnreachable',
    data: { appointmentId: 'appointment-1', attempts: 3, at: until },
  };
  const waiting = given(appointment).events(...confirmed, ...his);
  const remind = { caseId, appointmentId: 'appointment-1', attempt: 2 };
  const tried = waiting.events(due(2), due(3));
  const gaveUp = tried.events(unreachable);
  const another: AppointmentEvent = {
    ...appointmentConfirmed,
    data: { ...appointmentConfirmed.data, ...laterSlot, appointmentId: 'appointment-2', takeId: 'move-1' },
  };
  const ended: AppointmentEvent = { type: 'CaseEndNoted', data: { cause: 'WITHDRAWN', at: until } };
  const declined: AppointmentEvent = { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } };

  it('the terms stand in his cancellation, also when the back office passes it on; nobody else is waited for like that', () => {
    const rebooking = {
      reminders: [
        { attempt: 2, dueAt: '2026-11-27T09:00:00.000Z' },
        { attempt: 3, dueAt: '2026-12-01T09:00:00.000Z' },
      ],
      until,
    };
    expect(his[0]?.data).toMatchObject({ rebooking });
    expect(cancelledBy(backOffice, { onRequestOf: 'employee' })[0]?.data).toMatchObject({ rebooking });
    for (const events of [cancelledBy(backOffice), cancelledBy(doctor)])
      expect(events[0]?.data).not.toHaveProperty('rebooking');
  });
  it('is reminded at each attempt once', () => {
    waiting.when('RemindOfRebooking', remind).then(due(2));
    waiting.events(due(2)).when('RemindOfRebooking', remind).nothing();
    waiting
      .events(due(2))
      .when('RemindOfRebooking', { ...remind, attempt: 3 })
      .then(due(3));
  });
  it('counts as unreachable after the last, once', () => {
    tried.when('NoteNotRebooked', remind, { now: until }).then(unreachable);
    tried.when('NoteNotRebooked', remind).nothing();
    gaveUp.when('NoteNotRebooked', remind, { now: until }).nothing();
  });
  it('is left alone once another time was chosen, the case has ended or his doctor has gone', () => {
    for (const after of [another, ended, declined]) {
      waiting.events(after).when('RemindOfRebooking', remind).nothing();
      tried.events(after).when('NoteNotRebooked', remind, { now: until }).nothing();
      gaveUp
        .events(after)
        .when('EndWithoutAppointment', { caseId }, { actor: backOffice })
        .refused('scheduling.employee-may-answer');
    }
  });
  it('the back office ends it then, and not before; he can choose as long as it has not', () => {
    for (const before of [waiting, tried])
      before.when('EndWithoutAppointment', { caseId }, { actor: backOffice }).refused('scheduling.employee-may-answer');
    const end = gaveUp.when('EndWithoutAppointment', { caseId }, { actor: backOffice, now: until });
    end.then({ type: 'EndedWithoutAppointment', data: { doctorId: 'doctor-so', at: until } });
    expect(gaveUp.events(...end.events()).state().phase).toBe('missed');
    const chosen = { ...taken(laterSlot, 'move-1', 'employee'), from: undefined as never };
    gaveUp
      .when(
        'RescheduleAppointment',
        { caseId, date: '2026-12-10', slotId: 'slot-2', taken: chosen },
        { actor: employee },
      )
      .thenTypes('AppointmentConfirmed');
  });
});

describe('the consultation', () => {
  const record = { caseId, durationMinutes: 75 };
  it('was held', () => {
    given(appointment)
      .events(...confirmed)
      .when('RecordConsultation', record, { actor: doctor, now: '2026-12-03T09:30:00.000Z' })
      .then({
        type: 'ConsultationHeld',
        data: {
          appointmentId: 'appointment-1',
          doctorId: 'doctor-so',
          locationId: 'location-1',
          durationMinutes: 75,
          heldAt: '2026-12-03T08:00:00.000Z',
        },
      });
  });
  it('BR-58 never before the quote is signed', () => {
    given(appointment)
      .events(...reserved, independenceNoted)
      .when('RecordConsultation', record, { actor: doctor, now: afterStart })
      .refused('scheduling.no-appointment', { phase: 'reserved' });
  });
  it('BR-19 by a doctor who was registered that day', () => {
    given(appointment)
      .events(...confirmed)
      .when(
        'RecordConsultation',
        { ...record, doctor: { doctorId: 'doctor-so', registeredUntil: '2026-12-02' } },
        { now: afterStart },
      )
      .refused('scheduling.doctor-not-registered', { on: '2026-12-03' });
  });
  it('BR-29 as long as it took, also when that is longer than it may be planned for', () => {
    const long = given(appointment)
      .events(...confirmed)
      .when('RecordConsultation', { caseId, durationMinutes: 125 }, { actor: doctor, now: afterStart });
    expect(long.events()[0]?.data).toMatchObject({ durationMinutes: 125 });
  });
  it('never before its start, never twice, never longer than a working day', () => {
    const when = given(appointment).events(...confirmed);
    when
      .when('RecordConsultation', record, { actor: doctor, now: '2026-12-03T07:59:59.999Z' })
      .refused('scheduling.appointment-not-begun');
    when
      .when('RecordConsultation', { caseId, durationMinutes: 481 }, { actor: doctor, now: afterStart })
      .refused('scheduling.consultation-too-long');
    given(appointment)
      .events(...confirmed, ...when.when('RecordConsultation', record, { now: afterStart }).events())
      .when('RecordConsultation', record, { now: afterStart })
      .refused('scheduling.no-appointment', { phase: 'held' });
  });
  it('late arrival changes nothing by itself', () => {
    const late = given(appointment)
      .events(...confirmed)
      .when('RecordLateArrival', { caseId, minutesLate: 12 }, { now: afterStart });
    late.then({ type: 'EmployeeLate', data: { appointmentId: 'appointment-1', minutesLate: 12 } });
    given(appointment)
      .events(...confirmed, ...late.events())
      .when('RecordConsultation', record, { now: afterStart })
      .thenTypes('ConsultationHeld');
  });
});

describe('no-show and aborted consultation: one rebooking', () => {
  const now = '2026-12-03T08:15:00.000Z';
  const first = () =>
    given(appointment)
      .events(...confirmed)
      .when('RecordNoShow', { caseId }, { now })
      .events();
  const again = () => {
    const search = first().at(-1);
    const searchId2 = search?.type === 'SlotSought' ? search.data.searchId : '';
    const before = [...confirmed, ...first()];
    const found = given(appointment)
      .events(...before)
      .when('NoteSlotTaken', { caseId, taken: taken(laterSlot, searchId2) }, { now })
      .events();
    return [...before, ...found];
  };
  const later = '2026-12-10T08:15:00.000Z';
  it('the first: counted, a new slot is sought, reserved and confirmed by itself', () => {
    expect(first().map(({ type }) => type)).toEqual(['NoShowRecorded', 'SlotSought']);
    const recorded = { count: 1, final: false, illnessProof: false, recordedAt: now, startsAt: '2026-12-03T09:00' };
    expect(first()[0]?.data).toMatchObject(recorded);
    expect(
      again()
        .slice(-2)
        .map(({ type }) => type),
    ).toEqual(['SlotReserved', 'AppointmentConfirmed']);
  });
  it('the clock of the rebooking starts anew', () => {
    expect(first()[1]?.data).toMatchObject({
      limit: '2026-12-24T23:00:00.000Z',
      usualUntil: '2026-12-10T08:15:00.000Z',
    });
  });
  it('the second is final', () => {
    const second = given(appointment)
      .events(...again())
      .when('RecordNoShow', { caseId }, { now: later });
    second.thenTypes('NoShowRecorded');
    expect(second.events()[0]?.data).toMatchObject({ count: 2, final: true });
    given(appointment)
      .events(...again(), ...second.events())
      .when('NoteCaseEnd', { caseId, cause: 'CLOSED', at: later })
      .nothing();
  });
  it('an aborted consultation uses the same rebooking up', () => {
    const aborted = given(appointment)
      .events(...again())
      .when('AbortConsultation', { caseId }, { now: later });
    aborted.then({
      type: 'ConsultationAborted',
      data: { appointmentId: expect.any(String) as string, doctorId: 'doctor-so', final: true, at: later },
    });
    given(appointment)
      .events(...confirmed)
      .when('AbortConsultation', { caseId }, { now })
      .thenTypes('ConsultationAborted', 'SlotSought');
  });
  it('BR-19 who is not registered breaks nothing off, and another may take over; that nobody came is a fact', () => {
    const unregistered = { doctorId: 'doctor-so', registeredUntil: '2026-12-02' };
    const of = given(appointment).events(...confirmed);
    of.when('AbortConsultation', { caseId, doctor: unregistered }, { now }).refused(
      'scheduling.doctor-not-registered',
      { on: '2026-12-03' },
    );
    of.when('RecordNoShow', { caseId }, { now }).thenTypes('NoShowRecorded', 'SlotSought');
    of.when('NoteAssignmentDecline', { caseId, doctorId: 'doctor-so', round: 1 }, { now }).thenTypes(
      'AssignmentDeclineNoted',
      'AppointmentCancelled',
    );
  });
  it('not within a quarter of an hour after the beginning', () => {
    given(appointment)
      .events(...confirmed)
      .when('RecordNoShow', { caseId }, { now: '2026-12-03T08:14:59.999Z' })
      .refused('scheduling.too-early-for-no-show', { afterMinutes: 15 });
    given(appointment)
      .events(...confirmed)
      .when('RecordNoShow', { caseId }, { now: '2026-12-03T07:00:00.000Z' })
      .refused('scheduling.appointment-not-begun');
  });
});

describe('NoteConsultationRecordOverdue', () => {
  const dueAt = '2026-12-04T23:00:00.000Z';
  const command = { caseId, appointmentId: 'appointment-1', dueAt };
  it('A13 N19 nobody recorded what became of the appointment', () => {
    given(appointment)
      .events(...confirmed)
      .when('NoteConsultationRecordOverdue', command, { now: dueAt })
      .then({ type: 'ConsultationRecordOverdue', data: { appointmentId: 'appointment-1', dueAt } });
  });
  it('not before its time, of another time, or once it was recorded', () => {
    const of = given(appointment).events(...confirmed);
    of.when('NoteConsultationRecordOverdue', command, { now: afterStart }).nothing();
    of.when(
      'NoteConsultationRecordOverdue',
      { ...command, dueAt: '2026-12-03T23:00:00.000Z' },
      { now: dueAt },
    ).nothing();
    of.events(...of.when('RecordConsultation', { caseId, durationMinutes: 75 }, { now: afterStart }).events())
      .when('NoteConsultationRecordOverdue', command, { now: dueAt })
      .nothing();
  });
});

describe('RemindOfAppointment', () => {
  const due = { caseId, appointmentId: 'appointment-1', sequence: 0, daysBefore: 5 };
  const reminded: AppointmentEvent = {
    type: 'AppointmentReminderDue',
    data: {
      appointmentId: 'appointment-1',
      daysBefore: 5,
      startsAt: aSlot.startsAt,
      zone: 'Europe/Amsterdam',
      locationId: 'location-1',
    },
  };
  it('N05 once for each day', () => {
    given(appointment)
      .events(...confirmed)
      .when('RemindOfAppointment', due)
      .then(reminded);
    given(appointment)
      .events(...confirmed, reminded)
      .when('RemindOfAppointment', due)
      .nothing();
    given(appointment)
      .events(...confirmed, reminded)
      .when('RemindOfAppointment', { ...due, daysBefore: 1 })
      .thenTypes('AppointmentReminderDue');
  });
  it('not of a time that was changed, cancelled or has passed', () => {
    given(appointment)
      .events(...confirmed)
      .when('RemindOfAppointment', { ...due, sequence: 1 })
      .nothing();
    given(appointment)
      .events(...confirmed)
      .when('RemindOfAppointment', due, { now: afterStart })
      .nothing();
    given(appointment)
      .events(...reserved)
      .when('RemindOfAppointment', due)
      .nothing();
  });
});

describe('who takes part', () => {
  it('the doctor is a candidate until his independence is confirmed', () => {
    const people = (events: AppointmentEvent[]) => appointment.participants?.(fold(appointment, events));
    const both = { employee: 'person-1', 'own-doctor': 'doctor-own' };
    expect(people([])).toEqual({});
    expect(people(reserved)).toEqual({ ...both, 'candidate-doctor': 'doctor-so' });
    expect(people(confirmed)).toEqual({ ...both, 'second-opinion-doctor': 'doctor-so' });
    expect(
      people([...reserved, { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } }]),
    ).toEqual(both);
  });
  it('BR-38 the own doctor can tell nothing from the history but that the consultation was held', () => {
    const visible = [...confirmed, ...confirmed].filter(
      (event) => !appointment.hiddenFrom?.({ ...event } as never, 'own-doctor'),
    );
    expect(visible.map(({ type }) => type)).toEqual(['RequestNoted', 'RequestNoted']);
    expect(appointment.hiddenFrom?.({ type: 'ConsultationHeld' } as never, 'own-doctor')).toBe(false);
    expect(appointment.hiddenFrom?.({ type: 'AppointmentConfirmed' } as never, 'employee')).toBe(false);
  });
});

describe('A15 the doctor cannot go on', () => {
  const next = { doctorId: 'doctor-two', round: 2 };
  const now = '2026-12-04T09:00:00.000Z';
  const held: AppointmentEvent = {
    type: 'ConsultationHeld',
    data: {
      appointmentId: 'appointment-1',
      doctorId: 'doctor-so',
      locationId: 'location-1',
      durationMinutes: 60,
      heldAt: '2026-12-03T08:00:00.000Z',
    },
  };
  const declined: AppointmentEvent = { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } };
  const offer = ['NoteAssignment', { caseId, ...next, region: '35' }] as const;
  it('before the consultation: the appointment falls away, also when its time has come; the next doctor gets a search', () => {
    for (const at of ['2026-12-01T09:00:00.000Z', now])
      given(appointment)
        .events(...confirmed)
        .when('NoteAssignmentDecline', { caseId, doctorId: 'doctor-so', round: 1 }, { now: at })
        .thenTypes('AssignmentDeclineNoted', 'AppointmentCancelled');
    given(appointment)
      .events(...confirmed)
      .when(...offer, { now })
      .thenTypes('AssignmentNoted', 'AppointmentCancelled', 'SlotSought');
  });
  it('A15 after the employee cancelled: a search for the next doctor, and no appointment before he is independent', () => {
    const at = '2026-11-25T09:00:00.000Z';
    const cancel = given(appointment)
      .events(...confirmed)
      .when('CancelAppointment', { caseId }, { actor: employee, now: at });
    const anew = given(appointment).events(...confirmed, ...cancel.events(), declined);
    const offered = anew.when(...offer, { now: at });
    offered.thenTypes('AssignmentNoted', 'SlotSought');
    const taking = { ...taken({ ...laterSlot, doctorId: 'doctor-two' }, 'move-1', 'back-office') };
    given(appointment)
      .events(...confirmed, ...cancel.events(), declined, ...offered.events())
      .when(
        'RescheduleAppointment',
        { caseId, date: '2026-12-10', slotId: 'slot-2', taken: taking },
        { actor: backOffice },
      )
      .refused('scheduling.no-appointment');
  });
  it('after the consultation: he plans and holds one of his own, with its own terms', () => {
    const anew = given(appointment).events(...confirmed, held, declined);
    const [noted, sought] = anew.when(...offer, { now }).events() as [AppointmentEvent, AppointmentEvent];
    expect([noted.data, sought.type]).toEqual([{ ...next, region: '35', anewAt: now }, 'SlotSought']);
    expect(sought.data).toMatchObject({ doctorId: 'doctor-two', usualUntil: '2026-12-11T09:00:00.000Z' });
    const slot = { ...laterSlot, doctorId: 'doctor-two' };
    const { searchId } = sought.data as { searchId: string };
    const signature = { ...quoteSignatureNoted.data, doctorId: 'doctor-two' };
    const facts = [
      ['NoteIndependence', { caseId, ...next }],
      ['NoteQuoteSignature', { caseId, ...signature }],
    ] as const;
    const rest = [...facts, ['NoteSlotTaken', { caseId, taken: taken(slot, searchId) }]] as const;
    for (const order of permutations([0, 1, 2] as const)) {
      const happened = [...confirmed, held, declined, noted, sought];
      for (const index of order) {
        const [name, command] = rest[index];
        happened.push(
          ...given(appointment)
            .events(...happened)
            .when(name, command as never, { now })
            .events(),
        );
      }
      expect(happened.at(-1)).toMatchObject({ type: 'AppointmentConfirmed', data: { doctorId: 'doctor-two' } });
    }
  });
  it('A15 BR-76 not when the case ended meanwhile: nothing is sought for the next doctor, in whichever order it is told', () => {
    const end = ['NoteCaseEnd', { caseId, cause: 'WITHDRAWN', at: now }] as const;
    const decline = ['NoteAssignmentDecline', { caseId, doctorId: 'doctor-so', round: 1 }] as const;
    for (const order of interleaved<readonly [string, object]>([[end], [decline, offer]])) {
      const happened = [...confirmed, held];
      for (const [name, command] of order)
        happened.push(
          ...given(appointment)
            .events(...happened)
            .when(name as never, command as never, { now })
            .events(),
        );
      const { search, slot, ended } = fold(appointment, happened);
      expect({ search, ended, over: order }).toEqual({
        search: undefined,
        ended: { cause: 'WITHDRAWN', at: now },
        over: order,
      });
      expect(slot?.doctorId).not.toBe('doctor-two');
    }
    const after = given(appointment).events(...confirmed, held);
    const noted = after.when(...end, { now });
    noted.then({ type: 'CaseEndNoted', data: { cause: 'WITHDRAWN', at: now } });
    after
      .events(...noted.events())
      .when(...end, { now })
      .nothing();
    after
      .events(...noted.events())
      .when(...offer, { now })
      .nothing();
  });
  describe('and his report was shared meanwhile: the case is his again', () => {
    const back = { doctorId: 'doctor-so', round: 3, restored: true } as const;
    const takenBack = ['NoteAssignmentDecline', { caseId, ...next }] as const;
    const again = ['NoteIndependence', { caseId, ...back }] as const;
    const after = (...steps: readonly (readonly [string, object])[]) =>
      steps.reduce<AppointmentEvent[]>(
        (happened, [name, command]) => [
          ...happened,
          ...given(appointment)
            .events(...happened)
            .when(name as never, command as never, { now })
            .events(),
        ],
        [...confirmed, held, declined],
      );
    const { slot, appointment: agreed, offer: his } = fold(appointment, [...confirmed, held]);

    it('A15 the consultation that he held counts, with its time and its place, whoever was asked meanwhile', () => {
      for (const asked of [[], [offer, takenBack], [offer]]) {
        const { phase, ...state } = fold(appointment, after(...asked, again));
        expect({ phase, slot: state.slot, appointment: state.appointment, offer: state.offer }).toEqual({
          ...{ phase: 'held', slot, appointment: agreed },
          offer: { ...his, round: 3 },
        });
        expect([state.search, state.former]).toEqual([undefined, undefined]);
        expect(appointment.participants?.({ phase, ...state })).toMatchObject({ 'second-opinion-doctor': 'doctor-so' });
        given(appointment)
          .events(...after(...asked, again))
          .when('CheckRegistration', { caseId, doctor: { doctorId: 'doctor-so' } }, { now })
          .nothing();
      }
      const again3: AppointmentEvent = { type: 'IndependenceNoted', data: back };
      expect(after(offer, takenBack, again).at(-1)).toEqual(again3);
    });
    it('A15 a slot that was reserved for the other is free again, and the news is noted once', () => {
      const planned = after(offer);
      const { searchId } = planned.at(-1)?.data as { searchId: string };
      const takes = [
        'NoteSlotTaken',
        { caseId, taken: taken({ ...laterSlot, doctorId: 'doctor-two' }, searchId) },
      ] as const;
      const types = after(offer, takes, takenBack, again, again).map(({ type }) => type);
      expect(types.slice(-4)).toEqual(['SlotReserved', 'AssignmentDeclineNoted', 'SlotReleased', 'IndependenceNoted']);
    });
    it('A15 BR-36 also when the case was closed before that was heard of', () => {
      const end = ['NoteCaseEnd', { caseId, cause: 'CLOSED', at: now }] as const;
      for (const asked of [[end], [offer, end]]) expect(fold(appointment, after(...asked, again)).phase).toBe('held');
    });
    it('without a consultation that was held nothing is planned for him by that alone', () => {
      given(appointment)
        .events(...searching)
        .when(...again, { now })
        .thenTypes('IndependenceNoted');
      expect(fold(appointment, [...searching, { type: 'IndependenceNoted', data: back }]).phase).toBe('planning');
    });
  });
  it('what is told of the next doctor before his assignment is kept for it', () => {
    const signature = { ...quoteSignatureNoted.data, doctorId: 'doctor-two' };
    given(appointment)
      .events(...confirmed, held)
      .when('NoteQuoteSignature', { caseId, ...signature }, { now })
      .thenTypes('QuoteSignatureNoted');
    given(appointment)
      .events(...confirmed, held)
      .when('NoteIndependence', { caseId, ...next }, { now })
      .thenTypes('IndependenceNoted');
    given(appointment)
      .events(...confirmed, held)
      .when('NoteQuoteEnd', { caseId, quoteId: 'quote-1' }, { now })
      .thenTypes('QuoteEndNoted');
  });
});
