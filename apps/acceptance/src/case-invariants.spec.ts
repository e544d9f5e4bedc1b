import type { RecordedEvent } from '@second-opinion/kernel';
import {
  clockFaults,
  feeFaults,
  independenceFaults,
  invoiceFaults,
  outcomeFaults,
  releaseFaults,
  silenceFaults,
  slotFaults,
  unsignedFaults,
} from './case-invariants';

/** log of one case, as far as the checks look at it. */
const log = (...events: readonly (readonly [place: string, type: string, data?: object])[]): RecordedEvent[] =>
  events.map(([place, type, data = {}]) => {
    const id = place === 'billing.series' ? 'SO2026' : place === 'scheduling.agenda' ? 'd1.2026-12-01' : '1';
    return { stream: `${place}-${id}`, type, data } as unknown as RecordedEvent;
  });

const QUOTE = 'billing.quote';
const AGENDA = 'scheduling.agenda';
const APPOINTMENT = 'scheduling.appointment';
const CASE = 'intake.case';
const FILE = 'reporting.file';
const d1 = { doctorId: 'd1', quoteId: 'q1' };
const slot = { slotId: 's', caseId: '1', startsAt: '2026-12-01T09:00', zone: 'Europe/Amsterdam' };

describe('what must hold of every case finds what does not', () => {
  it('BR-58: held before the signature, for another doctor, or on a quote that another took the place of', () => {
    const signed = [QUOTE, 'QuoteSigned', d1] as const;
    const held = [APPOINTMENT, 'ConsultationHeld', d1] as const;
    expect(unsignedFaults(log(signed, held))).toEqual([]);
    expect(unsignedFaults(log([QUOTE, 'QuoteCarriedOver', d1], held))).toEqual([]);
    expect(unsignedFaults(log(held, signed))).toHaveLength(1);
    expect(unsignedFaults(log(signed, [APPOINTMENT, 'ConsultationHeld', { doctorId: 'd2' }]))).toHaveLength(1);
    expect(unsignedFaults(log(signed, [QUOTE, 'QuoteSuperseded', d1], held))).toHaveLength(1);
  });

  it('A10: invited to a doctor who did not declare his independence', () => {
    const confirmed = [APPOINTMENT, 'AppointmentConfirmed', d1] as const;
    expect(independenceFaults(log([CASE, 'IndependenceConfirmed', d1], confirmed))).toEqual([]);
    expect(independenceFaults(log([CASE, 'IndependenceConfirmed', { doctorId: 'd2' }], confirmed))).toHaveLength(1);
  });

  it('BR-34, BR-37: released without consent, in another version, or after the consent was taken back', () => {
    const granted = [FILE, 'ReleaseConsentGranted', { version: 1 }] as const;
    const released = [FILE, 'ReportReleased', { version: 1 }] as const;
    expect(releaseFaults(log(granted, released))).toEqual([]);
    expect(releaseFaults(log(released))).toHaveLength(1);
    expect(releaseFaults(log(granted, [FILE, 'ReportReleased', { version: 2 }]))).toHaveLength(1);
    for (const end of ['ReleaseConsentWithdrawn', 'ReportBlocked', 'RequestWithdrawn', 'ReportSharedWithEmployee'])
      expect(releaseFaults(log(granted, [FILE, end], released))).toHaveLength(1);
  });

  it('section 3: silent without both reminders of what he was asked last', () => {
    const [asked, reminder] = [[CASE, 'EmployeeAsked'] as const, [CASE, 'AnswerReminderDue'] as const];
    const silent = [CASE, 'EmployeeSilent'] as const;
    expect(silenceFaults(log(asked, reminder, reminder, silent))).toEqual([]);
    expect(silenceFaults(log(asked, silent))).toHaveLength(1);
    expect(silenceFaults(log(asked, reminder, reminder, asked, reminder, silent))).toHaveLength(1);
  });

  it('BR-53: shared and not invoiced, charged twice, charged without a signature', () => {
    const [signed, shared] = [[QUOTE, 'QuoteSigned', d1] as const, [FILE, 'ReportSharedWithEmployee'] as const];
    const invoiced = ['billing.series', 'InvoiceIssued', { caseId: '1', charge: 'SECOND_OPINION' }] as const;
    expect(invoiceFaults(log(signed, shared, invoiced))).toEqual([]);
    expect(invoiceFaults(log(signed, shared))).toHaveLength(1);
    expect(invoiceFaults(log(signed, shared, invoiced, invoiced))).toHaveLength(1);
    expect(invoiceFaults(log(shared, invoiced))).toHaveLength(1);
  });

  it('a fee for what nobody did', () => {
    const fee = (charge: string) => ['billing.series', 'InvoiceIssued', { caseId: '1', charge }] as const;
    const cancelled = (by: string, noticeClass: string) =>
      [APPOINTMENT, 'AppointmentCancelled', { by, noticeClass }] as const;
    expect(feeFaults(log(cancelled('employee', 'WITHIN_24_HOURS'), fee('LATE_CANCELLATION')))).toEqual([]);
    expect(feeFaults(log(cancelled('employee', 'FREE'), fee('LATE_CANCELLATION')))).toHaveLength(1);
    expect(feeFaults(log(cancelled('system', 'WITHIN_24_HOURS'), fee('LATE_CANCELLATION')))).toHaveLength(1);
    expect(feeFaults(log([APPOINTMENT, 'NoShowRecorded'], fee('NO_SHOW')))).toEqual([]);
    expect(feeFaults(log(fee('WORKED_HOURS'), fee('SECOND_OPINION')))).toHaveLength(1);
  });

  it('a slot that is kept after the end', () => {
    const taken = [AGENDA, 'SlotTaken', slot] as const;
    const closed = (closedAt: string) => [CASE, 'CaseClosed', { closedAt }] as const;
    expect(slotFaults(log(taken, closed('2026-12-02T08:00:00.000Z')))).toEqual([]);
    expect(slotFaults(log(taken, closed('2026-11-30T08:00:00.000Z')))).toHaveLength(1);
    expect(slotFaults(log(taken, [AGENDA, 'SlotFreed', slot], closed('2026-11-30T08:00:00.000Z')))).toEqual([]);
  });

  it('a clock that moves after it was stopped, that goes on twice, or whose limit passes in silence', () => {
    const limit = '2026-12-16T23:00:00.000Z';
    const started = [FILE, 'ClockStarted', { clock: 'CASE', limitDueAt: limit }] as const;
    const pause = (type: string, clock = 'CASE') =>
      [FILE, type, { clock, ref: 's', at: '2026-12-01T09:00:00.000Z', limitDueAt: limit }] as const;
    const overdue = [FILE, 'CaseOverdue', { term: 'LIMIT', dueAt: limit }] as const;
    const shared = [FILE, 'ReportSharedWithEmployee', { sharedAt: '2026-12-17T09:00:00.000Z' }] as const;
    const goesOn = [pause('ClockPaused'), pause('ClockResumed')];
    expect(clockFaults(log(started, ...goesOn, overdue, shared, pause('ClockResumed', 'REPORT')))).toEqual([]);
    expect(clockFaults(log(started, [FILE, 'ClockVoided', { clock: 'CASE' }], shared))).toEqual([]);
    expect(clockFaults(log(started, pause('ClockPaused'), shared))).toEqual([]);
    expect(clockFaults(log(started, shared))).toHaveLength(1);
    expect(clockFaults(log(started, overdue, overdue))).toHaveLength(1);
    expect(clockFaults(log(started, ...goesOn, pause('ClockResumed')))).toHaveLength(1);
    expect(clockFaults(log([FILE, 'CaseEndNoted'], started))).toHaveLength(1);
  });

  it('an outcome that nothing bears out, that the release contradicts, and a case that is closed twice', () => {
    const closed = [CASE, 'CaseClosed', { outcome: 'BLOCKED' }] as const;
    const blocked = [FILE, 'ReportBlocked'] as const;
    expect(outcomeFaults(log(blocked, closed))).toEqual([]);
    expect(outcomeFaults(log(closed))).toHaveLength(1);
    expect(outcomeFaults(log(blocked, [FILE, 'ReportReleased'], closed))).toHaveLength(1);
    expect(outcomeFaults(log(blocked, closed, closed))).toHaveLength(1);
    expect(outcomeFaults(log(blocked, closed, [CASE, 'CaseReopened'], closed))).toEqual([]);
    const refused = [CASE, 'CaseClosed', { outcome: 'REFUSED' }] as const;
    expect(outcomeFaults(log([FILE, 'ReportSharedWithEmployee'], [CASE, 'RequestRefused'], refused))).toHaveLength(1);
    expect(outcomeFaults(log([CASE, 'CaseClosed', { outcome: 'LOST' }]))).not.toEqual([]);
  });
});
