import type { RecordedEvent, Relation, View } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import type { AgendaEvent } from './agenda.events';
import { agendaDays, agendaReading } from './agenda.view';
import type { AppointmentEvent } from './appointment.events';
import { appointmentReading, appointments } from './appointment.view';
import { freeSlots } from './free-slots.view';
import { locations, locationsReading } from './locations.view';
import { schedulingTasks } from './scheduling-tasks.view';
import { appointmentsOf, agendasOf, freeFor, shownFreeSlots } from './scheduling.queries.rules';
import {
  appointmentConfirmed,
  aSlot,
  confirmed,
  heldOf,
  laterSlot,
  requestNoted,
  reserved,
  searching,
  taken,
} from './testing';
import { waitingCases } from './waiting-cases.view';

const CASE = 'scheduling.appointment-case-1';
const DAY = 'scheduling.agenda-doctor-so.2026-12-03';

function rows<Row extends object>(view: View<Row>, events: readonly RecordedEvent[]): Record<string, Row> {
  const all = new Map<string, Row>();
  for (const event of events) {
    for (const key of view.keys(event)) {
      const row = view.project(all.get(key), event, key, (other) => all.get(other));
      if (row) all.set(key, row);
      else all.delete(key);
    }
  }
  return Object.fromEntries(all);
}
const ofCase = (...events: AppointmentEvent[]) => recorded(CASE, events);
const ofDay = (...events: AgendaEvent[]) => recorded(DAY, events);

const { slotId, doctorId, startsAt, endsAt, ...place } = aSlot;
const opened: AgendaEvent = {
  type: 'AgendaSlotsOpened',
  data: {
    doctorId,
    date: '2026-12-03',
    ...place,
    slots: [
      { slotId: 'slot-3', startsAt: '2026-12-03T10:30', endsAt: '2026-12-03T12:00' },
      { slotId, startsAt, endsAt },
    ],
  },
};
const took: AgendaEvent = { type: 'SlotTaken', data: taken(aSlot) };
const cancelled = (by: 'employee' | 'second-opinion-doctor'): AppointmentEvent => ({
  type: 'AppointmentCancelled',
  data: {
    appointmentId: 'appointment-1',
    sequence: 1,
    ...heldOf(aSlot),
    locationId: 'location-1',
    zone: 'Europe/Amsterdam',
    by,
    noticeClass: 'FREE',
    noticeHours: 100,
    illnessProof: false,
    at: '2026-11-25T09:00:00.000Z',
  },
});
const held: AppointmentEvent = {
  type: 'ConsultationHeld',
  data: {
    appointmentId: 'appointment-1',
    doctorId,
    locationId: 'location-1',
    durationMinutes: 75,
    heldAt: '2026-12-03T08:00:00.000Z',
  },
};

describe('agenda of a doctor', () => {
  it('shows every slot of a day in order, and which case has it, but nobody', () => {
    const [row] = Object.values(rows(agendaDays, ofDay(opened, took)));
    expect(row && agendaReading.show(row, 'back-office')).toMatchObject({
      doctorId,
      date: '2026-12-03',
      slots: [
        { slotId: 'slot-1', status: 'TAKEN', caseId: 'case-1' },
        { slotId: 'slot-3', status: 'FREE', caseId: undefined },
      ],
    });
    expect(row).toMatchObject({ month: '2026-12', doctorId: 'doctor-so' });
  });
  it('a doctor asks for his own days only, under any of his ids; the back office for all', () => {
    const me = { id: 'doctor-9', role: 'second-opinion-doctor', organisation: 'o', joined: ['doctor-so'] } as const;
    expect(agendasOf('doctor-so', '2026-11-25', me)).toMatchObject({ where: { doctorId: 'doctor-so' } });
    expect(agendasOf('doctor-x', '2026-11-25', me)).toBeUndefined();
    expect(agendasOf('doctor-x', '2026-11-25', { ...me, role: 'back-office' })).toBeDefined();
  });
});

describe('free slots', () => {
  const free: AgendaEvent = { type: 'SlotFreed', data: { ...aSlot, caseId: 'case-1', takeId: 'search-1' } };
  it('come with the day, go when taken or closed, and come back whole', () => {
    const whole = { ...aSlot, month: '2026-12' };
    expect(rows(freeSlots, ofDay(opened))['slot-1']).toEqual(whole);
    expect(Object.keys(rows(freeSlots, ofDay(opened, took)))).toEqual(['slot-3']);
    expect(rows(freeSlots, ofDay(opened, took, free))['slot-1']).toEqual(whole);
    const closed: AgendaEvent = { type: 'SlotClosed', data: { slotId, doctorId, startsAt } };
    expect(Object.keys(rows(freeSlots, ofDay(opened, closed)))).toEqual(['slot-3']);
  });
  it('are shown by time, without what planning alone needs', () => {
    expect(shownFreeSlots([laterSlot, aSlot])).toEqual([
      expect.objectContaining({ slotId: 'slot-1', date: '2026-12-03' }),
      expect.objectContaining({ slotId: 'slot-2', date: '2026-12-10' }),
    ]);
    expect(shownFreeSlots([aSlot])[0]).not.toHaveProperty('organisationId');
  });
});

describe('waiting cases', () => {
  it('from the beginning of a search until there is a slot or the case ends', () => {
    expect(rows(waitingCases, ofCase(...searching))).toMatchObject({ 'case-1': { doctorId } });
    expect(rows(waitingCases, ofCase(...reserved))).toEqual({});
    const end: AppointmentEvent = { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-25T09:00:00.000Z' } };
    expect(rows(waitingCases, ofCase(...searching, end))).toEqual({});
  });
});

describe('appointment of a case, matrix item 12', () => {
  const seen = (relation: Relation, ...events: AppointmentEvent[]) => {
    const row = rows(appointments, ofCase(...events))['case-1'];
    return row && JSON.parse(JSON.stringify(appointmentReading.show(row, relation)));
  };
  it('everything to who plans and who comes', () => {
    for (const relation of ['employee', 'second-opinion-doctor', 'back-office'] as const)
      expect(seen(relation, ...confirmed)).toEqual({
        caseId: 'case-1',
        status: 'CONFIRMED',
        doctorId,
        appointmentId: 'appointment-1',
        sequence: 0,
        slotId,
        startsAt,
        endsAt,
        zone: 'Europe/Amsterdam',
        location: { locationId: 'location-1', name: place.locationName, address: place.locationAddress },
        noShows: 0,
      });
  });
  it('A15 a consultation counts as held again, with its time, when the case is its doctor’s again', () => {
    const taken: AppointmentEvent[] = [
      { type: 'AssignmentDeclineNoted', data: { doctorId, round: 1 } },
      {
        type: 'AssignmentNoted',
        data: { doctorId: 'doctor-two', round: 2, region: '35', anewAt: '2026-12-04T09:00:00.000Z' },
      },
      { type: 'AssignmentDeclineNoted', data: { doctorId: 'doctor-two', round: 2 } },
    ];
    const back: AppointmentEvent = { type: 'IndependenceNoted', data: { doctorId, round: 3, restored: true } };
    expect(seen('back-office', ...confirmed, held, ...taken)).toMatchObject({ status: 'PLANNING' });
    for (const relation of ['employee', 'second-opinion-doctor', 'back-office'] as const)
      expect(seen(relation, ...confirmed, held, ...taken, back)).toEqual(seen(relation, ...confirmed, held));
    const row = rows(appointments, ofCase(...confirmed, held, ...taken, back))['case-1'];
    expect(row).toMatchObject({ doctorId, startsAt, phase: 'held' });
  });
  it('BR-28 no time to the employee before it is certain', () => {
    expect(seen('employee', ...reserved)).toEqual({ caseId: 'case-1', status: 'RESERVED', noShows: 0 });
    expect(seen('back-office', ...reserved)).toMatchObject({ startsAt, reservedUntil: '2026-12-01T08:00:00.000Z' });
  });
  it('BR-38 the own doctor: held or not held, whatever else happened', () => {
    const notHeld = { caseId: 'case-1', consultation: 'NOT_HELD' };
    const end = (cause: 'WITHDRAWN' | 'CLOSED'): AppointmentEvent => ({
      type: 'CaseEndNoted',
      data: { cause, at: '2026-11-25T09:00:00.000Z' },
    });
    const histories = [
      reserved,
      confirmed,
      [...confirmed, cancelled('employee')],
      [...reserved, end('WITHDRAWN')],
      [...reserved, end('CLOSED')],
    ];
    for (const history of histories) expect(seen('own-doctor', ...history)).toEqual(notHeld);
    for (const history of [[], [end('WITHDRAWN')], [end('CLOSED')]])
      expect(seen('own-doctor', ...confirmed, held, ...history)).toEqual({ caseId: 'case-1', consultation: 'HELD' });
    const anew: AppointmentEvent = {
      type: 'AssignmentNoted',
      data: { doctorId: 'doctor-two', round: 2, region: '35', anewAt: '2026-12-04T09:00:00.000Z' },
    };
    expect(seen('own-doctor', ...confirmed, held, anew)).toEqual({ caseId: 'case-1', consultation: 'HELD' });
  });
  it('BR-40 nothing to an employer; metadata to auditor and partner', () => {
    for (const relation of ['employer', 'none', 'operator', 'court'] as const)
      expect(seen(relation, ...confirmed)).toEqual({});
    expect(seen('auditor', ...confirmed)).toEqual({ caseId: 'case-1', status: 'CONFIRMED', startsAt });
    expect(seen('partner', ...confirmed)).toEqual({ caseId: 'case-1', status: 'CONFIRMED' });
  });
  it('is found by who takes part; the own doctor not in an order that tells of times (BR-38)', () => {
    const row = rows(appointments, ofCase(...confirmed))['case-1'];
    expect(row).toMatchObject({ employeeId: 'person-1', ownDoctorId: 'doctor-own', doctorId });
    const actor = { id: 'x', organisation: 'o' };
    expect(appointmentsOf({ ...actor, role: 'company-doctor' })).toEqual({ where: { ownDoctorId: ['x'] } });
    expect(appointmentsOf({ ...actor, role: 'employee' })).toMatchObject({ where: { employeeId: ['x'] } });
    expect(appointmentsOf({ ...actor, role: 'employer' })).toBeUndefined();
    expect(row && freeFor(row, '2026-11-25T09:00:00.000Z')).toMatchObject({ doctorId, ownOrganisationId: 'ohs-own' });
  });
  it('the minutes of a consultation that was held', () => {
    expect(seen('back-office', ...confirmed, held)).toMatchObject({ status: 'HELD', durationMinutes: 75 });
  });
});

describe('tasks', () => {
  const tasks = (...events: AppointmentEvent[]) =>
    Object.values(rows(schedulingTasks, ofCase(...events)))
      .filter(({ assignee }) => assignee !== '')
      .map(({ task, assignee, dueAt }) => [task, assignee, dueAt]);
  const never = '9999-12-31T00:00:00.000Z';
  it('the doctor records the consultation, by its end', () => {
    expect(tasks(...confirmed)).toEqual([['RecordConsultation', doctorId, '2026-12-03T09:30:00.000Z']]);
    expect(tasks(...confirmed, held)).toEqual([]);
  });
  it('the back office plans what was cancelled, but not what the doctor cancelled', () => {
    expect(tasks(...confirmed, cancelled('employee'))).toEqual([['RescheduleAppointment', 'role:back-office', never]]);
    expect(tasks(...confirmed, cancelled('second-opinion-doctor'))).toEqual([]);
    expect(tasks(...confirmed, cancelled('employee'), appointmentConfirmed)).toEqual([
      ['RecordConsultation', doctorId, '2026-12-03T09:30:00.000Z'],
    ]);
  });
  it('A13 the back office asks what became of an appointment, when the doctor did not record it in time', () => {
    const overdue: AppointmentEvent = {
      type: 'ConsultationRecordOverdue',
      data: { appointmentId: 'appointment-1', dueAt: '2026-12-04T23:00:00.000Z' },
    };
    expect(tasks(...confirmed, overdue)).toContainEqual(['RecordNoShow', 'role:back-office', never]);
    expect(tasks(...confirmed, overdue, held)).toEqual([]);
  });
  it('BR-76 nobody plans anew what fell away with the case', () => {
    const at = '2026-11-25T09:00:00.000Z';
    const ended: AppointmentEvent = { type: 'CaseEndNoted', data: { cause: 'WITHDRAWN', at } };
    expect(tasks(...confirmed, ended, cancelled('employee'))).toEqual([]);
    expect(tasks(...confirmed, cancelled('employee'), ended)).toEqual([]);
  });
  it('A15 nobody plans anew with a doctor who gave his assignment up', () => {
    const declined: AppointmentEvent = { type: 'AssignmentDeclineNoted', data: { doctorId, round: 1 } };
    expect(tasks(...confirmed, cancelled('employee'), declined)).toEqual([]);
  });
  it('section 3: the back office may end what the employee does not answer, as long as he does not', () => {
    const at = '2026-12-02T23:00:00.000Z';
    const unreachable: AppointmentEvent = {
      type: 'EmployeeUnreachable',
      data: { appointmentId: 'appointment-1', attempts: 3, at },
    };
    const given = [...confirmed, cancelled('employee'), unreachable];
    expect(tasks(...given)).toEqual([
      ['RescheduleAppointment', 'role:back-office', never],
      ['EndWithoutAppointment', 'role:back-office', never],
    ]);
    const ends: AppointmentEvent[] = [
      { type: 'EndedWithoutAppointment', data: { doctorId, at } },
      { type: 'CaseEndNoted', data: { cause: 'CLOSED', at } },
      { type: 'AssignmentDeclineNoted', data: { doctorId, round: 1 } },
    ];
    for (const end of ends) expect(tasks(...given, end)).toEqual([]);
    expect(tasks(...given, appointmentConfirmed)).toEqual([
      ['RecordConsultation', doctorId, '2026-12-03T09:30:00.000Z'],
    ]);
  });
  it('BR-19 A15 the back office reassigns when the registration of the doctor ends, until it is no longer needed', () => {
    const ended: AppointmentEvent = { type: 'RegistrationEndNoted', data: { doctorId } };
    const left = (...more: AppointmentEvent[]) =>
      tasks(...confirmed, ended, ...more).filter(([task]) => task === 'ReassignAssignment');
    expect(left()).toEqual([['ReassignAssignment', 'role:back-office', never]]);
    const ends: AppointmentEvent[] = [
      { type: 'RegistrationRenewalNoted', data: { doctorId, registeredUntil: '2027-12-31' } },
      { type: 'AssignmentDeclineNoted', data: { doctorId, round: 1 } },
      { type: 'CaseEndNoted', data: { cause: 'WITHDRAWN', at: '2026-11-25T09:00:00.000Z' } },
      appointmentConfirmed,
    ];
    for (const end of ends) expect(left(end)).toEqual([]);
  });
  it('somebody opens hours when there are none', () => {
    const none: AppointmentEvent = { type: 'NoSlotWithinSla', data: { doctorId, limit: '2026-12-16T23:00:00.000Z' } };
    expect(tasks(requestNoted, none)).toEqual([['OpenAgendaDay', 'role:back-office', never]]);
    expect(tasks(requestNoted, none, ...reserved)).toEqual([]);
  });
});

describe('locations', () => {
  it('are as registered', () => {
    const data = {
      locationId: 'location-1',
      name: 'Vergaderhuis Centrum',
      address: 'Stationsplein 1, 3511 ED Utrecht',
      region: '35',
      organisationId: 'house-owner',
      premises: 'NEUTRAL',
    } as const;
    const row = rows(locations, recorded('scheduling.location-location-1', [{ type: 'LocationRegistered', data }]));
    expect(row['location-1']).toEqual(data);
    expect(locationsReading.show(data, 'back-office')).toMatchObject(data);
    const closed = { type: 'LocationClosed', data: { locationId: 'location-1', from: '2027-03-01' } };
    const gone = rows(
      locations,
      recorded('scheduling.location-location-1', [{ type: 'LocationRegistered', data }, closed]),
    )['location-1'];
    expect(gone).toEqual({ ...data, closedFrom: '2027-03-01' });
    expect(locationsReading.show(gone!, 'back-office')).toMatchObject({ closedFrom: '2027-03-01' });
  });
});
