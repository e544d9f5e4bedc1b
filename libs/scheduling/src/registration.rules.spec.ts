import { anActor, given } from '@second-opinion/kernel/testing';
import { appointment } from './appointment.decider';
import type { AppointmentEvent } from './appointment.events';
import { bestFirst } from './slot-choice.rules';
import {
  aSlot,
  confirmed,
  heldOf,
  independenceNoted,
  laterSlot,
  reserved,
  searching,
  slotSought,
  taken,
} from './testing';

// aSlot is on 3 December, laterSlot on the 10th; the terms of the search end on the 16th.
const until = (registeredUntil?: string) => ({
  doctorId: 'doctor-so',
  ...(registeredUntil === undefined ? {} : { registeredUntil }),
});
const caseId = 'case-1';
const check = (registeredUntil?: string) => ({ caseId, doctor: until(registeredUntil) });
const ended = (registeredUntil?: string): AppointmentEvent => ({
  type: 'RegistrationEndNoted',
  data: until(registeredUntil),
});
const afterStart = '2026-12-03T08:30:00.000Z';
const cancelled: AppointmentEvent = {
  type: 'AppointmentCancelled',
  data: {
    ...{ appointmentId: 'appointment-1', sequence: 1, ...heldOf(aSlot) },
    ...{ locationId: 'location-1', zone: 'Europe/Amsterdam', by: 'system', at: '2026-11-25T09:00:00.000Z' },
    ...{ noticeClass: 'FREE', noticeHours: 191, illnessProof: false },
  },
};

describe('BR-19 a slot beyond the registration of its doctor', () => {
  it('BR-19 is not wanted, that of the last day is; of whom the register says nothing every slot is', () => {
    const wanted = (doctor?: ReturnType<typeof until>) =>
      bestFirst([aSlot, laterSlot], slotSought.data, doctor).map(({ slotId }) => slotId);
    expect(wanted(until('2026-12-03'))).toEqual(['slot-1']);
    expect(wanted(until('2026-12-10'))).toEqual(['slot-1', 'slot-2']);
    expect(wanted(until())).toEqual([]);
    expect(wanted()).toEqual(['slot-1', 'slot-2']);
  });
  it('BR-19 A15 confirmed: cancelled, sought anew, and back office may have to reassign', () => {
    const check1 = given(appointment)
      .events(...confirmed)
      .when('CheckRegistration', check('2026-12-02'));
    check1.thenTypes('RegistrationEndNoted', 'AppointmentCancelled', 'SlotSought');
    expect(check1.events().slice(0, 2)).toEqual([ended('2026-12-02'), cancelled]);
    const [, , sought] = check1.events();
    const searchId = sought?.type === 'SlotSought' ? sought.data.searchId : '';
    const found = given(appointment)
      .events(...confirmed, ...check1.events())
      .when('NoteSlotTaken', { caseId, taken: taken({ ...aSlot, startsAt: '2026-12-02T09:00' }, searchId) });
    found.thenTypes('SlotReserved', 'AppointmentConfirmed');
    expect(appointmentAfter(...check1.events()).unregistered).toEqual({ registeredUntil: '2026-12-02' });
    expect(appointmentAfter(...check1.events(), ...found.events()).unregistered).toBeUndefined();
  });
  it('BR-19 reserved: released and sought anew; before independence intake looks itself', () => {
    const released: AppointmentEvent = {
      type: 'SlotReleased',
      data: { ...heldOf(aSlot), cause: 'DOCTOR_NOT_REGISTERED' },
    };
    const when = given(appointment)
      .events(...reserved)
      .when('CheckRegistration', check());
    when.thenTypes('SlotReleased', 'SlotSought');
    expect(when.events()[0]).toEqual(released);
    given(appointment)
      .events(...reserved, independenceNoted)
      .when('CheckRegistration', check())
      .thenTypes('RegistrationEndNoted', 'SlotReleased', 'SlotSought');
  });
  it('BR-19 that has begun: he cannot say that he held it, so another doctor may have to', () => {
    given(appointment)
      .events(...confirmed)
      .when('CheckRegistration', check('2026-12-02'), { now: afterStart })
      .then(ended('2026-12-02'));
    given(appointment)
      .events(...confirmed, ended('2026-12-02'))
      .when('CheckRegistration', check('2026-12-03'), { now: afterStart })
      .then({ type: 'RegistrationRenewalNoted', data: { doctorId: 'doctor-so', registeredUntil: '2026-12-03' } });
  });
  it('BR-19 within the registration, of another doctor, or after the end: nothing', () => {
    const of = given(appointment).events(...confirmed);
    of.when('CheckRegistration', check('2026-12-03')).nothing();
    of.when('CheckRegistration', { caseId }).nothing();
    of.when('CheckRegistration', { caseId, doctor: { doctorId: 'doctor-two' } }).nothing();
    of.events({ type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-25T09:00:00.000Z' } })
      .when('CheckRegistration', check())
      .nothing();
    given(appointment).events().when('CheckRegistration', check()).nothing();
  });
  it('BR-19 while the employee picks another time: told on the day, and taken back when it is renewed', () => {
    const by = given(appointment)
      .events(...confirmed)
      .when('CancelAppointment', { caseId }, { actor: anActor('employee', 'person-1') });
    const waiting = given(appointment).events(...confirmed, ...by.events());
    waiting.when('CheckRegistration', check('2026-11-25')).nothing();
    waiting.when('CheckRegistration', check('2026-11-24')).then(ended('2026-11-24'));
    waiting
      .events(ended('2026-11-24'))
      .when('CheckRegistration', check('2027-12-31'))
      .thenTypes('RegistrationRenewalNoted');
  });
});

describe('BR-19 a search that finds nothing', () => {
  const find = { caseId, ...slotSought.data };
  const none = (registeredUntil?: string, ...more: AppointmentEvent[]) =>
    given(appointment)
      .events(...searching, independenceNoted, ...more)
      .when('FindSlot', { ...find, doctor: until(registeredUntil) });
  it('BR-19 tells once that the registration ends before the term does', () => {
    none('2026-12-15').thenTypes('NoSlotWithinSla', 'RegistrationEndNoted', 'NoSlotFound');
    none('2026-12-15', ended('2026-12-15')).thenTypes('NoSlotWithinSla', 'NoSlotFound');
    none('2026-12-17').thenTypes('NoSlotWithinSla', 'NoSlotFound');
  });
  it('BR-19 looks again when the register changes, and takes back what it told', () => {
    const waits = none('2026-12-15').events();
    const again = given(appointment)
      .events(...searching, independenceNoted, ...waits)
      .when('CheckRegistration', check('2027-12-31'));
    again.thenTypes('RegistrationRenewalNoted', 'SlotSought');
    given(appointment)
      .events(...searching, independenceNoted, ...waits)
      .when('CheckRegistration', check('2026-12-15'))
      .thenTypes('SlotSought');
    given(appointment)
      .events(...searching, independenceNoted)
      .when('CheckRegistration', check('2027-12-31'))
      .thenTypes('NewSlotsNoted');
  });
  it('A15 BR-19 the next doctor begins with a clean sheet', () => {
    const next = given(appointment)
      .events(...searching, independenceNoted, ended())
      .when('NoteAssignmentDecline', { caseId, doctorId: 'doctor-so', round: 1 });
    expect(appointmentAfter(ended(), ...next.events()).unregistered).toBeUndefined();
  });
});

function appointmentAfter(...events: AppointmentEvent[]) {
  return given(appointment)
    .events(...confirmed, ...events)
    .state();
}
