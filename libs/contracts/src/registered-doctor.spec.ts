import { given } from '@second-opinion/kernel/testing';
import { refuseUnregistered, registeredDoctor } from './registered-doctor';

const doctorId = 'doctor-so';
const noted = (registeredUntil?: string) => ({
  type: 'DoctorNoted' as const,
  data: { doctorId, ...(registeredUntil ? { registeredUntil } : {}) },
});

it('BR-19 what the register says is noted when it changes', () => {
  const told = given(registeredDoctor('context.doctor', 'rules-1'));
  told.when('NoteDoctor', { doctorId, registeredUntil: '2027-12-31' }).then(noted('2027-12-31'));
  told.events(noted('2027-12-31')).when('NoteDoctor', { doctorId, registeredUntil: '2027-12-31' }).nothing();
  told.events(noted('2027-12-31')).when('NoteDoctor', { doctorId }).then(noted());
});

it('BR-19 a registration counts to its last day; whom intake has not told of yet it has checked itself', () => {
  const on = '2026-12-03';
  const acts = (until?: string) => () =>
    refuseUnregistered({ doctorId, ...(until ? { registeredUntil: until } : {}) }, on, 'code');
  expect(acts('2026-12-03')).not.toThrow();
  expect(acts('2026-12-02')).toThrow('code');
  expect(acts()).toThrow('code');
  expect(() => refuseUnregistered(undefined, on, 'code')).not.toThrow();
});
