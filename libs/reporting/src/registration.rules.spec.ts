import type { RegisteredDoctor } from '@second-opinion/contracts';
import { fold } from '@second-opinion/kernel';
import { given, recorded } from '@second-opinion/kernel/testing';
import { medicalFile } from './file.decider';
import type { FileEvent } from './file.events';
import { doctorDeadlines, registerChange, registrationTerm } from './reporting.deadlines';
import { consulted, declined, finalised, independent, independentNext, opened, shared } from './testing/events';
import { CheckFilesOfDoctor } from './doctor.commands';

const caseId = 'case-1';
const now = '2026-12-03T09:00:00.000Z';
const doctor = (registeredUntil?: string): RegisteredDoctor => ({
  doctorId: 'doctor-2',
  ...(registeredUntil === undefined ? {} : { registeredUntil }),
});
const begun = [opened, independent, consulted];
const checked = (events: readonly FileEvent[], known: RegisteredDoctor) =>
  given(medicalFile)
    .events(...events)
    .when('CheckRegistration', { caseId, doctor: known } as never, { now });
const ended: FileEvent = {
  type: 'RegistrationEndNoted',
  data: { doctorId: 'doctor-2', registeredUntil: '2026-12-02' },
};

describe('A15 BR-19 the registration of who writes', () => {
  it('has ended: it is told once, also when he never had one', () => {
    checked(begun, doctor('2026-12-02')).then(ended);
    checked(begun, doctor()).then({ type: 'RegistrationEndNoted', data: { doctorId: 'doctor-2' } });
    checked([...begun, finalised()], doctor('2026-12-02')).then(ended);
    checked([opened, consulted, independent], doctor('2026-12-02')).then(ended);
    checked([...begun, ended], doctor('2026-12-02')).nothing();
  });
  it('reaches today: nothing, and that it does again is told', () => {
    checked(begun, doctor('2026-12-03')).nothing();
    checked([...begun, ended], doctor('2027-12-31')).then({
      type: 'RegistrationRenewalNoted',
      data: { doctorId: 'doctor-2', registeredUntil: '2027-12-31' },
    });
  });
  it('concerns nobody before the consultation, after the sharing or the end, or once he is out; nor a doctor of whom nothing was told', () => {
    const closed: FileEvent = { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: now } };
    for (const history of [
      [opened, independent],
      [...begun, finalised(), shared()],
      [...begun, closed],
      [...begun, declined],
      [...begun, declined, independentNext('ANEW')],
    ])
      checked(history, doctor('2026-12-02')).nothing();
    checked(begun, undefined).nothing();
    checked(begun, { doctorId: 'doctor-3', registeredUntil: '2026-12-02' }).nothing();
  });
  it('is another’s with the next doctor', () => {
    expect(fold(medicalFile, [...begun, ended, declined]).unregistered).toBe(false);
    expect(fold(medicalFile, [...begun, ended, independentNext('ANEW')]).unregistered).toBe(false);
  });
  it('ends by itself at the end of its last day, in Amsterdam', () => {
    const start = registrationTerm.start.DoctorNoted;
    expect(start?.({ data: doctor('2026-12-02') } as never)).toEqual([
      { ref: 'registration', dueAt: '2026-12-02T23:00:00.000Z' },
    ]);
    expect(start?.({ data: doctor() } as never)).toEqual([]);
  });
  it('is looked at when the register changes, at once', () => {
    const [noted] = recorded('reporting.doctor-doctor-2', [{ type: 'DoctorNoted', data: { doctorId: 'doctor-2' } }]);
    expect(registerChange.start.DoctorNoted?.(noted as never)).toEqual([
      { ref: 'change', dueAt: noted?.metadata.recordedAt },
    ]);
  });
  it('is looked at in every file of the doctor', () => {
    const due = { stream: 'reporting.doctor-doctor-2', streamId: 'doctor-2', ref: 'registration', dueAt: now };
    for (const { send } of doctorDeadlines)
      expect(send(due)).toMatchObject({ type: CheckFilesOfDoctor, fields: { doctorId: 'doctor-2' } });
  });
});
