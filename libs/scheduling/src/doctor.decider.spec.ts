import { given } from '@second-opinion/kernel/testing';
import { doctor, registrationOver } from './doctor.decider';
import type { DoctorEvent } from './doctor.events';
import { whenDoctorRegisteredNoteHim } from './when-doctor-registered-note-him.policy';

const doctorId = 'doctor-so';
const noted = (registeredUntil?: string): DoctorEvent => ({
  type: 'DoctorNoted',
  data: { doctorId, ...(registeredUntil ? { registeredUntil } : {}) },
});

it('BR-19 what the register says is noted when it changes', () => {
  const told = given(doctor);
  told.when('NoteDoctor', { doctorId, registeredUntil: '2027-12-31' }).then(noted('2027-12-31'));
  told.events(noted('2027-12-31')).when('NoteDoctor', { doctorId, registeredUntil: '2027-12-31' }).nothing();
  told.events(noted('2027-12-31')).when('NoteDoctor', { doctorId }).then(noted());
});

it('BR-19 a registration counts to its last day; whom intake has not told of yet it has checked itself', () => {
  const known = { doctorId, registeredUntil: '2026-12-03' };
  expect([registrationOver(known, '2026-12-03'), registrationOver(known, '2026-12-04')]).toEqual([false, true]);
  expect([registrationOver({ doctorId }, '2026-12-03'), registrationOver(undefined, '2026-12-03')]).toEqual([
    true,
    false,
  ]);
});

it('BR-19 every entry of the register is told', () => {
  const data = { doctorId, registeredUntil: '2027-12-31', registerName: 'A. Arts' };
  const [command] = whenDoctorRegisteredNoteHim.on.DoctorRegistered?.({ data } as never) ?? [];
  expect(command?.fields).toEqual({ doctorId, registeredUntil: '2027-12-31' });
});
