import type { Deadline } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import type { AppointmentEvent } from './appointment.events';
import {
  appointmentReminders,
  rebookingReminders,
  rebookingTerm,
  recordTerm,
  reservationTerm,
  searchTerm,
} from './scheduling.deadlines';
import {
  appointmentConfirmed,
  aSlot,
  confirmed,
  heldOf,
  laterSlot,
  reserved,
  reservedUntil,
  slotReserved,
  slotSought,
} from './testing';

/** running gives what is due after these events: ref to instant. */
function running(deadline: Deadline<AppointmentEvent>, events: readonly AppointmentEvent[]): Record<string, string> {
  let due: Record<string, string> = {};
  for (const event of recorded('scheduling.appointment-case-1', events)) {
    const stop = deadline.stop[event.type] as ((event: object) => readonly string[] | 'all') | undefined;
    const stopped = stop?.(event) ?? [];
    due = stopped === 'all' ? {} : Object.fromEntries(Object.entries(due).filter(([ref]) => !stopped.includes(ref)));
    const start = deadline.start[event.type] as ((event: object) => { ref: string; dueAt: string }[]) | undefined;
    for (const { ref, dueAt } of start?.(event) ?? []) due[ref] = dueAt;
  }
  return due;
}
const send = (deadline: Deadline<AppointmentEvent>, ref: string) => {
  const { type, fields } = deadline.send({
    stream: 'scheduling.appointment-case-1',
    streamId: 'case-1',
    ref,
    dueAt: '',
  });
  return [type.name, fields];
};

describe('the reservation', () => {
  it('ends at its term, or at the one that was set later', () => {
    expect(running(reservationTerm, reserved)).toEqual({ 'slot-1': reservedUntil });
    const term: AppointmentEvent = {
      type: 'ReservationTermSet',
      data: { slotId: 'slot-1', expiresAt: '2026-11-27T23:00:00.000Z', calendarVersion: 'c' },
    };
    expect(running(reservationTerm, [...reserved, term])).toEqual({ 'slot-1': '2026-11-27T23:00:00.000Z' });
    expect(send(reservationTerm, 'slot-1')).toEqual(['EndReservation', { caseId: 'case-1', slotId: 'slot-1' }]);
  });
  it('not once it is confirmed, let go, lapsed, or the case has ended', () => {
    expect(running(reservationTerm, confirmed)).toEqual({});
    const ends: AppointmentEvent[] = [
      { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'QUOTE_ENDED' } },
      { type: 'ReservationLapsed', data: { slotId: 'slot-1' } },
      { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: reservedUntil } },
    ];
    for (const end of ends) expect(running(reservationTerm, [...reserved, end])).toEqual({});
  });
  it('that replaced another keeps its own term', () => {
    const second: AppointmentEvent = {
      ...slotReserved,
      data: { ...slotReserved.data, ...laterSlot, expiresAt: '2026-12-08T08:00:00.000Z' },
    };
    const old: AppointmentEvent = { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'REPLACED' } };
    expect(running(reservationTerm, [...reserved, second, old])).toEqual({ 'slot-2': '2026-12-08T08:00:00.000Z' });
  });
});

describe('the search', () => {
  it('is repeated after a while, also when nobody finished it', () => {
    expect(running(searchTerm, [slotSought])).toEqual({ 'search-1': '2026-11-25T13:00:00.000Z' });
    const none: AppointmentEvent = {
      type: 'NoSlotFound',
      data: { searchId: 'search-1', doctorId: 'doctor-so', searchAgainAt: '2026-11-25T15:00:00.000Z' },
    };
    expect(running(searchTerm, [slotSought, none])).toEqual({ 'search-1': '2026-11-25T15:00:00.000Z' });
    expect(running(searchTerm, reserved)).toEqual({});
    expect(send(searchTerm, 'search-1')).toEqual(['SearchAgain', { caseId: 'case-1', searchId: 'search-1' }]);
  });
});

describe('reminders', () => {
  it('N05 five days and one day before', () => {
    expect(running(appointmentReminders, confirmed)).toEqual({
      '5/0/appointment-1': '2026-11-28T08:00:00.000Z',
      '1/0/appointment-1': '2026-12-02T08:00:00.000Z',
    });
    expect(send(appointmentReminders, '5/0/appointment-1')).toEqual([
      'RemindOfAppointment',
      { caseId: 'case-1', appointmentId: 'appointment-1', sequence: 0, daysBefore: 5 },
    ]);
  });
  it('of the new time only, after a change', () => {
    const moved: AppointmentEvent = {
      type: 'AppointmentRescheduled',
      data: {
        ...appointmentConfirmed.data,
        sequence: 1,
        reminders: [{ daysBefore: 1, dueAt: '2026-12-09T08:00:00.000Z' }],
        by: 'employee',
        previous: heldOf(aSlot),
      },
    };
    expect(running(appointmentReminders, [...confirmed, moved])).toEqual({
      '1/1/appointment-1': '2026-12-09T08:00:00.000Z',
    });
  });
});

describe('section 3: who cancelled', () => {
  const cancelled = (rebooking?: object): AppointmentEvent =>
    ({
      type: 'AppointmentCancelled',
      data: { appointmentId: 'a/1', ...heldOf(aSlot), by: 'employee', ...(rebooking ? { rebooking } : {}) },
    }) as AppointmentEvent;
  const waits = cancelled({ reminders: [{ attempt: 2, dueAt: 'soon' }], until: 'later', calendarVersion: 'c' });
  it('is reminded, and counts as unreachable in the end', () => {
    expect(running(rebookingReminders, [...confirmed, waits])).toEqual({ '2/a/1': 'soon' });
    expect(running(rebookingTerm, [...confirmed, waits])).toEqual({ 'a/1': 'later' });
    const about = { caseId: 'case-1', appointmentId: 'a/1' };
    expect(send(rebookingReminders, '2/a/1')).toEqual(['RemindOfRebooking', { ...about, attempt: 2 }]);
    expect(send(rebookingTerm, 'a/1')).toEqual(['NoteNotRebooked', about]);
  });
  it('not when somebody else sees to it, or once it is settled', () => {
    const ends: AppointmentEvent[] = [
      appointmentConfirmed,
      { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-so', round: 1 } },
      { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: reservedUntil } },
      { type: 'EndedWithoutAppointment', data: { doctorId: 'doctor-so', at: reservedUntil } },
    ];
    for (const deadline of [rebookingReminders, rebookingTerm]) {
      expect(running(deadline, [...confirmed, cancelled()])).toEqual({});
      for (const end of ends) expect(running(deadline, [...confirmed, waits, end])).toEqual({});
    }
  });
});

describe('the record of what became of an appointment', () => {
  it('A13 is due by the end of the next working day, until there is one', () => {
    expect(running(recordTerm, confirmed)).toEqual({ 'appointment-1': '2026-12-04T23:00:00.000Z' });
    const { data } = recorded('scheduling.appointment-case-1', [appointmentConfirmed])[0] ?? { data: {} };
    const late: AppointmentEvent = { type: 'EmployeeLate', data: { appointmentId: 'appointment-1', minutesLate: 10 } };
    expect(Object.keys(running(recordTerm, [...confirmed, late]))).toEqual(['appointment-1']);
    const ends = ['AppointmentCancelled', 'ConsultationHeld', 'NoShowRecorded', 'ConsultationAborted'] as const;
    for (const type of ends) expect(running(recordTerm, [...confirmed, { type, data } as never])).toEqual({});
    const due = '2026-12-04T23:00:00.000Z';
    expect(recordTerm.send({ stream: '', streamId: 'case-1', ref: 'appointment-1', dueAt: due }).fields).toEqual({
      caseId: 'case-1',
      appointmentId: 'appointment-1',
      dueAt: due,
    });
  });
});
