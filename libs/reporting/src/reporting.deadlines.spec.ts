import { categoryOf } from '@second-opinion/kernel';
import { recorded } from '@second-opinion/kernel/testing';
import { fileEvents, type FileEvent } from './file.events';
import { caseTerm, releaseReminders, releaseTerm, reportingDeadlines, reportTerm } from './reporting.deadlines';
import {
  blocked,
  casePaused,
  caseResumed,
  consented,
  consentWithdrawn,
  consulted,
  paused,
  released,
  shared,
  signed,
  voided,
  withdrawn,
} from './testing/events';

const due = (ref: string) => ({
  stream: 'reporting.file-case-1',
  streamId: 'case-1',
  ref,
  dueAt: '2026-12-09T23:00:00.000Z',
});
const one = (event: FileEvent) => recorded('reporting.file-case-1', [event])[0] as never;

describe('deadlines', () => {
  it('each has a name of its own and listens to what exists', () => {
    expect(new Set(reportingDeadlines.map(({ name }) => name)).size).toBe(reportingDeadlines.length);
    for (const { start, stop, categories } of reportingDeadlines) {
      expect(categories).toEqual([categoryOf('reporting.file-case-1')]);
      for (const type of [...Object.keys(start), ...Object.keys(stop)]) expect(Object.keys(fileEvents)).toContain(type);
    }
  });
  it('BR-38 nothing that the employee decides stops the end of the term', () => {
    for (const { type } of [consented(), consentWithdrawn, blocked, withdrawn('AFTER_SHARING')])
      expect(releaseTerm.stop).not.toHaveProperty(type);
    expect(releaseTerm.stop.ReportReleased?.(one(released))).toBe('all');
    expect(releaseTerm.start.ReportSharedWithEmployee?.(one(shared()))).toEqual([
      { ref: 'decision', dueAt: '2026-12-09T23:00:00.000Z' },
    ]);
  });
  it('N11 reminders name day and version, and go with a new version', () => {
    expect(releaseReminders.start.ReportSharedWithEmployee?.(one(shared(2)))?.map(({ ref }) => ref)).toEqual([
      '5/2',
      '8/2',
    ]);
    expect(releaseReminders.send(due('8/2')).fields).toEqual({ caseId: 'case-1', day: 8, version: 2 });
    expect(releaseReminders.stop.ReportSharedWithEmployee?.(one(shared(2)))).toBe('all');
  });
  it('a pause voids the report term', () => {
    expect(reportTerm.start.ConsultationNoted?.(one(consulted))).toEqual([
      { ref: 'report', dueAt: '2026-12-02T23:00:00.000Z' },
    ]);
    expect(reportTerm.stop.ClockPaused?.(one(paused('THIRD_PARTY', 'source-1')))).toBe('all');
  });
  it('the whole case has a target and a limit, which a pause of its clock voids and one of the report’s does not', () => {
    expect(caseTerm.start.ClockStarted?.(one(signed()))).toEqual([
      { ref: 'TARGET', dueAt: '2026-12-09T23:00:00.000Z' },
      { ref: 'LIMIT', dueAt: '2026-12-16T23:00:00.000Z' },
    ]);
    expect(caseTerm.stop.ClockPaused?.(one(casePaused()))).toBe('all');
    expect(caseTerm.stop.ClockPaused?.(one(paused('THIRD_PARTY', 'source-1')))).toEqual([]);
    expect(reportTerm.stop.ClockPaused?.(one(casePaused()))).toEqual([]);
    const goesOn = caseResumed('AUTHORISATION', 'a', '2026-11-26T09:00:00.000Z', {
      limitDueAt: '2026-12-17T23:00:00.000Z',
    });
    expect(caseTerm.start.ClockResumed?.(one(goesOn))).toEqual([{ ref: 'LIMIT', dueAt: '2026-12-17T23:00:00.000Z' }]);
    expect(reportTerm.start.ClockResumed?.(one(goesOn))).toEqual([]);
    for (const event of [voided, shared(), withdrawn('BEFORE_SHARING')])
      expect(caseTerm.stop[event.type as 'ClockVoided']?.(one(event))).toBe('all');
    expect(['TARGET', 'LIMIT'].map((ref) => caseTerm.send(due(ref)).fields)).toEqual([
      { caseId: 'case-1', term: 'TARGET' },
      { caseId: 'case-1', term: 'LIMIT' },
    ]);
  });
  it('each sends a command of its case', () => {
    for (const deadline of reportingDeadlines)
      expect(deadline.send(due('5/1')).fields).toMatchObject({ caseId: 'case-1' });
  });
});
