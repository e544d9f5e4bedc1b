import Ajv2020 from 'ajv/dist/2020';
import { SCHEDULING_TOPIC, schedulingMessages } from '@second-opinion/contracts';
import type { Publication, RecordedEvent } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import type { AppointmentEvent } from './appointment.events';
import { schedulingPublisher } from './scheduling.publisher';
import { appointmentConfirmed, confirmed, heldOf, aSlot, laterSlot, slotReserved } from './testing';

const at = '2026-12-03T08:20:00.000Z';
const rescheduled: AppointmentEvent = {
  type: 'AppointmentRescheduled',
  data: {
    ...appointmentConfirmed.data,
    ...laterSlot,
    room: '2.14',
    sequence: 1,
    takeId: 'move-1',
    by: 'employee',
    previous: heldOf(aSlot),
  },
};
const others: AppointmentEvent[] = [
  { type: 'SlotReleased', data: { ...heldOf(aSlot), cause: 'REPLACED' } },
  { type: 'NoSlotWithinSla', data: { doctorId: 'doctor-so', limit: at } },
  rescheduled,
  {
    type: 'AppointmentCancelled',
    data: {
      appointmentId: 'appointment-1',
      sequence: 1,
      ...heldOf(aSlot),
      locationId: 'location-1',
      zone: 'Europe/Amsterdam',
      by: 'employee',
      noticeClass: 'FREE',
      noticeHours: 100,
      illnessProof: false,
      at,
      rebooking: { reminders: [{ attempt: 2, dueAt: at }], until: at, calendarVersion: 'c' },
    },
  },
  { type: 'RebookingReminderDue', data: { appointmentId: 'appointment-1', attempt: 2, until: at } },
  { type: 'EndedWithoutAppointment', data: { doctorId: 'doctor-so', at } },
  {
    type: 'AppointmentReminderDue',
    data: {
      appointmentId: 'appointment-1',
      daysBefore: 5,
      startsAt: aSlot.startsAt,
      zone: aSlot.zone,
      locationId: 'location-1',
    },
  },
  { type: 'ConsultationRecordOverdue', data: { appointmentId: 'appointment-1', dueAt: at } },
  {
    type: 'ConsultationHeld',
    data: {
      appointmentId: 'appointment-1',
      doctorId: 'doctor-so',
      locationId: 'location-1',
      durationMinutes: 75,
      heldAt: at,
    },
  },
  {
    type: 'NoShowRecorded',
    data: {
      appointmentId: 'appointment-1',
      doctorId: 'doctor-so',
      count: 1,
      final: false,
      illnessProof: false,
      recordedAt: at,
      startsAt: '2026-12-03T09:00',
    },
  },
  { type: 'ConsultationAborted', data: { appointmentId: 'appointment-1', doctorId: 'doctor-so', final: false, at } },
];
const publish = (events: readonly AppointmentEvent[]) => {
  const on = schedulingPublisher.on as Record<string, ((event: RecordedEvent) => Publication | undefined) | undefined>;
  return recorded('scheduling.appointment-case-1', events).flatMap((event) => on[event.type]?.(event) ?? []);
};

describe('what the others are told', () => {
  const ajv = new Ajv2020({ strict: false });
  it.each(publish([...confirmed, ...others]))('$type is as the contract says, under the case', (message) => {
    const validate = ajv.compile(schedulingMessages[message.type as keyof typeof schedulingMessages]);
    validate(message.data);
    expect(validate.errors ?? []).toEqual([]);
    expect(message.key).toBe('case-1');
  });
  it('every message of the contract, and nothing that was only noted', () => {
    const types = publish([...confirmed, ...others]).map(({ type }) => type);
    expect(new Set(types)).toEqual(new Set(Object.keys(schedulingMessages)));
    expect(schedulingPublisher.topic).toBe(SCHEDULING_TOPIC);
  });
  it('a reservation with its term, an appointment with its place and calendar entry', () => {
    const { doctorId, locationId, startsAt, endsAt, zone, locationName, locationAddress } = aSlot;
    const where = { doctorId, locationId, startsAt, endsAt, zone };
    expect(publish([slotReserved, appointmentConfirmed]).map(({ data }) => data)).toEqual([
      { caseId: 'case-1', ...where, expiresAt: slotReserved.data.expiresAt },
      { caseId: 'case-1', appointmentId: 'appointment-1', sequence: 0, ...where, locationName, locationAddress },
    ]);
    expect(publish([rescheduled])[0]?.data).toMatchObject({ sequence: 1, by: 'employee', room: '2.14' });
  });
});
