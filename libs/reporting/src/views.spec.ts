import { NO_TERM, ToOpen, type RecordedEvent, type Relation, type TaskRow, type View } from '@second-opinion/kernel';
import { aSeal, recorded } from '@second-opinion/kernel/testing';
import { dossier, dossierReading } from './dossier.view';
import type { FileEvent } from './file.events';
import { fileOverview } from './file-overview.view';
import { caseReading, filesOf } from './file.readings.view';
import { hiddenFrom } from './knowledge.rules';
import { reportReading, reports, versionFor, versionOf } from './reports.view';
import { reportingTasks } from './reporting-tasks.view';
import {
  asked,
  authorisationWithdrawn,
  blocked,
  caseOverdue,
  casePaused,
  caseResumed,
  consented,
  consulted,
  consultedLate,
  corrected,
  correctionAsked,
  declined,
  document,
  dossierClosed,
  finalised,
  granted,
  independent,
  independentNext,
  offered,
  opened,
  paused,
  refused,
  released,
  releasedAgain,
  shared,
  signed,
  sourceAsked,
  sourceConsent,
  termEnded,
  voided,
  withdrawn,
} from './testing/events';

function rows<Row extends object>(view: View<Row>, events: readonly FileEvent[]): Map<string, Row> {
  const found = new Map<string, Row>();
  for (const event of recorded('reporting.file-case-1', events) as unknown as RecordedEvent[]) {
    for (const key of view.keys(event)) {
      const row = view.project(found.get(key), event, key);
      if (row) found.set(key, row);
      else found.delete(key);
    }
  }
  return found;
}
const one = <Row extends object>(view: View<Row>, ...events: FileEvent[]): Row => {
  const row = rows(view, events).get('case-1');
  if (!row) throw new Error('no row');
  return row;
};
const tasks = (...events: FileEvent[]) =>
  [...rows(reportingTasks as View<TaskRow>, events).values()].map(({ task, assignee }) => `${task} ${assignee}`).sort();
const file = [opened, offered, independent, asked] as const;
const reported = [...file, granted, consulted, finalised(), dossierClosed, shared()] as const;

describe('a file that was forgotten', () => {
  const forgotten: FileEvent = { type: 'FileForgotten', data: { at: '2026-11-25T09:00:00.000Z' } };
  it('asks nobody for a text any more: no report, no correction, no follow-up', () => {
    expect(tasks(...file, consulted)).toContain('FinaliseReportForReview doctor-2');
    for (const events of [
      [...file, consulted],
      reported,
      [...reported, correctionAsked],
      [...reported, consented(), released],
    ])
      expect(tasks(...events, forgotten)).toEqual([]);
  });
});

describe('who takes part', () => {
  it('follows offers, declines and the confirmed independence in every view', () => {
    for (const [view, reading] of [
      [fileOverview, caseReading],
      [dossier, dossierReading],
    ] as const) {
      const parts = (...events: FileEvent[]) => reading.participants(one(view as View<object>, ...events) as never);
      expect(parts(opened, offered)).toMatchObject({ employee: 'person-1', 'candidate-doctor': 'doctor-2' });
      expect(parts(...file)).toMatchObject({ 'second-opinion-doctor': 'doctor-2' });
      expect(parts(opened, offered, declined)).toEqual({ employee: 'person-1', 'own-doctor': 'doctor-1' });
    }
  });
  it('lists are for those who take part, and nobody else', () => {
    const actor = (role: 'employee' | 'employer' | 'back-office') => ({
      id: 'a',
      role,
      organisation: 'o',
      joined: ['b'],
    });
    expect(filesOf(actor('employee'))?.where).toEqual({ employeeId: ['a', 'b'] });
    expect(filesOf(actor('back-office'))?.where).toBeUndefined();
    expect(filesOf(actor('employer'))).toBeUndefined();
  });
});

describe('the file at a glance', () => {
  it('shows the employee everything of his decision, and whom he lets ask', () => {
    const row = one(
      fileOverview,
      ...reported,
      sourceConsent,
      sourceAsked,
      paused('THIRD_PARTY', 'source-1'),
      consented(),
    );
    const shown = caseReading.show(row, 'employee');
    expect(shown).toMatchObject({
      caseId: 'case-1',
      transferAuthorisation: { status: 'GRANTED', scope: ['FML', 'MEDICAL_LETTER'] },
      report: { version: 1, decisionDueAt: '2026-12-09T23:00:00.000Z' },
      decision: { status: 'CONSENT', releaseDueAt: '2026-11-25T23:00:00.000Z' },
      sources: [{ sourceId: 'source-1', request: 'ASKED' }],
    });
    expect((shown['sources'] as { source: unknown }[])[0]?.source).toBeInstanceOf(ToOpen);
  });
  it('BR-38 shows the own doctor nothing between the dossier and what is told of the release', () => {
    const shown = caseReading.show(one(fileOverview, ...reported, blocked), 'own-doctor');
    expect(Object.keys(shown).sort()).toEqual([
      'caseId',
      'caseNumber',
      'consultationHeldAt',
      'ended',
      'openedAt',
      'proceedingWithoutOwnDossier',
      'release',
      'transferAuthorisation',
    ]);
    expect(shown['release']).toEqual({ status: 'PENDING' });
  });
  it('BR-67 shows the back office how far it is, and no text', () => {
    const shown = caseReading.show(one(fileOverview, ...reported, correctionAsked), 'back-office');
    expect(shown).toMatchObject({ reportShared: true, release: { status: 'PENDING' } });
    expect(JSON.stringify(shown)).not.toContain('seal:');
  });
  it('A15 another doctor begins with nothing of what was allowed before', () => {
    const used = [...file, granted, sourceConsent, consulted, dossierClosed, finalised()];
    const row = one(fileOverview, ...used, independentNext('ANEW'));
    expect(row).toMatchObject({
      doctorId: 'doctor-3',
      authorisation: { status: 'NONE', scope: [] },
      sources: [{ sourceId: 'source-1', consent: false }],
      dossierClosed: false,
    });
    expect([row.latestVersion, row.consultationHeldAt, row.reportDueAt]).toEqual([undefined, undefined, undefined]);
    expect(one(fileOverview, ...reported, independentNext('SHARED'))).toMatchObject({
      authorisation: { status: 'NONE' },
      dossierClosed: true,
      latestVersion: 1,
    });
  });
  it('a block stays over new versions, another decision begins again', () => {
    const again = [correctionAsked, corrected, shared(2)];
    expect(one(fileOverview, ...reported, blocked, ...again).decision).toBe('BLOCKED');
    expect(one(fileOverview, ...reported, consented(), ...again).decision).toBe('NONE');
  });
  it('the clock of the report stands still as long as anything holds it', () => {
    const resumed = (ref: string, reason: 'AUTHORISATION' | 'THIRD_PARTY', dueAt?: string): FileEvent => ({
      type: 'ClockResumed',
      data: { clock: 'REPORT', reason, ref, ...(dueAt ? { dueAt } : {}), calendarVersion: 'c' },
    });
    const both = [...file, consulted, paused('AUTHORISATION', 'authorisation'), paused('THIRD_PARTY', 'source-1')];
    expect(one(fileOverview, ...both)).toMatchObject({ clockPausedFor: ['AUTHORISATION', 'THIRD_PARTY'] });
    expect(one(fileOverview, ...both).reportDueAt).toBeUndefined();
    const later = [
      ...both,
      resumed('authorisation', 'AUTHORISATION'),
      resumed('source-1', 'THIRD_PARTY', '2026-12-09T23:00:00.000Z'),
    ];
    expect(one(fileOverview, ...later)).toMatchObject({ clockPausedFor: [], reportDueAt: '2026-12-09T23:00:00.000Z' });
  });
});

describe('the clock of the whole case', () => {
  const due = { targetDueAt: '2026-12-09T23:00:00.000Z', limitDueAt: '2026-12-16T23:00:00.000Z' };
  const runs = { startedAt: '2026-11-25T09:00:00.000Z', ...due, pausedFor: [], overdue: [] };
  const clockFor = (relation: Relation, ...events: FileEvent[]) =>
    caseReading.show(one(fileOverview, ...events), relation)['caseClock'];
  it('shows the back office target and limit as dates, and what it waits for', () => {
    expect(clockFor('back-office', ...file, casePaused())).toBeUndefined();
    expect(clockFor('back-office', ...file, granted, signed())).toEqual(runs);
    const waiting = [...file, signed(), casePaused('THIRD_PARTY', 'source-1')];
    const { startedAt } = runs;
    expect(clockFor('back-office', ...waiting)).toEqual({ startedAt, pausedFor: ['THIRD_PARTY'], overdue: [] });
    const later = { targetDueAt: '2026-12-11T23:00:00.000Z', limitDueAt: '2026-12-18T23:00:00.000Z' };
    const goesOn = caseResumed('THIRD_PARTY', 'source-1', '2026-11-27T09:00:00.000Z', later);
    expect(clockFor('back-office', ...waiting, goesOn)).toEqual({ ...runs, ...later });
  });
  it('keeps what has passed, over a pause too, and stops with the first sharing', () => {
    const late = [...file, granted, signed(), caseOverdue('TARGET', due.targetDueAt)];
    const from = '2026-12-10T09:00:00.000Z';
    const { limitDueAt: _limit, ...kept } = runs;
    expect(clockFor('back-office', ...late, casePaused('REBOOKING', 'appointment-1', from))).toEqual({
      ...kept,
      pausedFor: ['REBOOKING'],
      overdue: ['TARGET'],
    });
    const stopped = { ...runs, overdue: ['TARGET'], stoppedAt: '2026-11-25T09:00:00.000Z' };
    const reports = [consulted, finalised(), dossierClosed, shared()];
    expect(clockFor('back-office', ...late, ...reports)).toEqual(stopped);
    expect(clockFor('back-office', ...late, ...reports, correctionAsked, corrected, shared(2))).toEqual(stopped);
    expect(clockFor('auditor', ...late, voided)).toBeUndefined();
    expect(clockFor('auditor', ...late, voided, signed('quote-2'))).toEqual(runs);
  });
  it('BR-38 is for those whose work it times and who audit it; own doctor and employee are shown nothing of it', () => {
    const who = (
      ['second-opinion-doctor', 'back-office', 'auditor', 'employee', 'own-doctor', 'partner'] as const
    ).filter((relation) => clockFor(relation, ...file, signed()) !== undefined);
    expect(who).toEqual(['second-opinion-doctor', 'back-office', 'auditor']);
    const recordedClock = recorded('reporting.file-case-1', [
      ...[signed(), casePaused(), caseResumed('REBOOKING', 'a', '2026-12-04T09:00:00.000Z'), voided],
      caseOverdue('LIMIT', due.limitDueAt),
    ]) as unknown as RecordedEvent<FileEvent>[];
    for (const event of recordedClock) {
      const sees = (['employee', 'own-doctor', 'partner', 'candidate-doctor', 'back-office'] as const).filter(
        (relation) => !hiddenFrom(event, relation),
      );
      expect([event.type, sees]).toEqual([event.type, ['back-office']]);
    }
  });
  it('is no pause of the report’s clock', () => {
    const row = one(fileOverview, ...file, consulted, casePaused());
    expect([row.reportDueAt, row.clockPausedFor]).toEqual(['2026-12-02T23:00:00.000Z', []]);
    expect([...rows(reportingTasks as View<TaskRow>, [...file, consulted, casePaused()]).values()]).toContainEqual(
      expect.objectContaining({ task: 'FinaliseReportForReview', dueAt: '2026-12-02T23:00:00.000Z' }),
    );
  });
  it('N19 the back office has a task once the limit has passed, until the sharing or the end', () => {
    const late = [...file, granted, signed(), caseOverdue('TARGET', due.targetDueAt)];
    expect(tasks(...late)).toEqual(['AddDossierDocument doctor-1']);
    const over = [...late, caseOverdue('LIMIT', due.limitDueAt)];
    expect(tasks(...over)).toEqual(['AddDossierDocument doctor-1', 'EscalateCase role:back-office']);
    const [task] = [...rows(reportingTasks as View<TaskRow>, over).values()].filter(
      (row) => row.task === 'EscalateCase',
    );
    expect(task).toMatchObject({ about: 'case-1', dueAt: due.limitDueAt });
    const ended: FileEvent = { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-12-20T09:00:00.000Z' } };
    for (const end of [shared(), withdrawn('BEFORE_SHARING'), ended, voided])
      expect(tasks(...over, end)).not.toContain('EscalateCase role:back-office');
  });
});

describe('the dossier', () => {
  const names = (
    relation: 'employee' | 'own-doctor' | 'second-opinion-doctor' | 'back-office',
    ...events: FileEvent[]
  ) =>
    (dossierReading.show(one(dossier, ...events), relation)['items'] as { documentId: string; name?: ToOpen }[]).map(
      ({ documentId, name }) => (name ? `${documentId} named` : documentId),
    );
  const papers = [
    document('own'),
    document('work', { kind: 'WORK_SITUATION' }),
    document('brought', { senderRole: 'employee' }),
  ];
  it('BR-22 what the employee brought is hidden from his own doctor until he shares it', () => {
    expect(names('own-doctor', ...file, granted, ...papers)).toEqual(['own', 'work']);
    const given: FileEvent = { type: 'DocumentSharedWithOwnDoctor', data: { documentId: 'brought' } };
    expect(names('own-doctor', ...file, granted, ...papers, given)).toEqual(['own', 'work', 'brought named']);
  });
  it('A11 what goes with a refusal or with the former doctor is deleted; of his own papers the own doctor is not told what became of them', () => {
    const statuses = (relation: 'employee' | 'own-doctor', ...events: FileEvent[]) =>
      (dossierReading.show(one(dossier, ...events), relation)['items'] as { status?: string }[]).map(
        ({ status }) => status,
      );
    const before = [...file, granted, ...papers];
    const refusal = { ...refused, data: { ...refused.data, documents: ['own'] } } as FileEvent;
    const gone = ['DELETED', 'STORED', 'STORED'];
    expect(statuses('employee', ...before, independentNext(undefined, { documents: ['own'] }))).toEqual(gone);
    expect(statuses('employee', ...before, refusal)).toEqual(gone);
    expect(statuses('employee', ...before, authorisationWithdrawn('own'))).toEqual(gone);
    for (const events of [[], [authorisationWithdrawn('own')], [authorisationWithdrawn('own'), granted]])
      expect(statuses('own-doctor', ...before, ...events)).toEqual([undefined, 'STORED']);
  });
  it('BR-22 names are medical too: the doctor is shown them as long as they are covered', () => {
    const all = ['own named', 'work named', 'brought named'];
    expect(names('second-opinion-doctor', ...file, granted, ...papers)).toEqual(all);
    expect(names('second-opinion-doctor', ...file, granted, ...papers, authorisationWithdrawn('own'))).toEqual([
      'own',
      'work named',
      'brought named',
    ]);
    expect(names('second-opinion-doctor', ...file, granted, ...papers, withdrawn('BEFORE_SHARING'))).toEqual([
      'own',
      'work',
      'brought',
    ]);
    expect(names('second-opinion-doctor', ...file, granted, ...papers, independentNext(), asked)).toEqual([
      'own',
      'work named',
      'brought named',
    ]);
    expect(names('employee', ...file, granted, ...papers)).toEqual(all);
    expect(names('back-office', ...file, granted, ...papers)).toEqual(['own', 'work', 'brought']);
  });
});

describe('the report', () => {
  const parts = (version: number, ...events: FileEvent[]) =>
    Object.keys(reportReading(version).participants(one(reports, ...events))).sort();
  it('BR-32 a draft is the doctor’s alone, a shared version the employee’s too, a released one the own doctor’s', () => {
    expect(parts(0, ...file, consulted, finalised())).toEqual(['second-opinion-doctor']);
    expect(parts(0, ...reported)).toEqual(['employee', 'second-opinion-doctor']);
    expect(parts(0, ...reported, consented(), released)).toEqual(['employee', 'own-doctor', 'second-opinion-doctor']);
    expect(parts(2, ...reported, consented(), released, correctionAsked, corrected, shared(2))).toEqual([
      'employee',
      'second-opinion-doctor',
    ]);
  });
  it('BR-31 the draft of a former doctor is nobody’s; what was shared is read by the next one too', () => {
    const next = independentNext('ANEW');
    expect(parts(0, ...file, consulted, finalised(), next)).toEqual([]);
    expect(parts(1, ...file, consulted, finalised(), next, finalised(2))).toEqual([]);
    expect(parts(2, ...file, consulted, finalised(), next, finalised(2))).toEqual(['second-opinion-doctor']);
    expect(parts(0, ...reported, independentNext('SHARED'))).toEqual(['employee', 'second-opinion-doctor']);
  });
  it('BR-31 a doctor who gave up and is chosen again goes on with his own draft', () => {
    const again: FileEvent = { type: 'IndependenceNoted', data: { doctorId: 'doctor-2', round: 2 } };
    expect(parts(0, ...file, consulted, finalised(), declined, again)).toEqual(['second-opinion-doctor']);
  });
  it('the newest of what one may read', () => {
    const row = one(reports, ...reported, consented(), released, correctionAsked, corrected);
    expect(versionFor(row, 'second-opinion-doctor', 0)?.version).toBe(2);
    expect(versionFor(row, 'employee', 0)?.version).toBe(1);
    expect(versionFor(row, 'own-doctor', 0)?.version).toBe(1);
    expect(versionFor(row, 'back-office', 0)).toBeUndefined();
  });
  it.each([
    ['1', 1],
    ['0', -1],
    ['-1', -1],
    ['01', -1],
    ['x', -1],
    ['99999', -1],
  ])('version %s in a path is %i', (text, version) => expect(versionOf(text)).toBe(version));
});

describe('tasks', () => {
  const nobodys = (task: string) => `${task} `;
  it('each has his own, and they end', () => {
    expect(tasks(...file)).toEqual(['GrantTransferAuthorisation person-1']);
    expect(tasks(...file, granted)).toEqual(['AddDossierDocument doctor-1']);
    expect(tasks(...file, refused)).toEqual(['ProceedWithoutOwnDossier doctor-2']);
    expect(tasks(...file, granted, document('d'), consulted)).toEqual(['FinaliseReportForReview doctor-2']);
    expect(tasks(...file, granted, consulted, finalised())).toEqual([
      'AddDossierDocument doctor-1',
      'ShareReport doctor-2',
    ]);
    expect(tasks(...reported)).toEqual(['GrantReleaseConsent person-1']);
    expect(tasks(...reported, correctionAsked)).toEqual(['CorrectReport doctor-2', 'GrantReleaseConsent person-1']);
    expect(tasks(...reported, blocked)).toEqual([]);
    expect(tasks(...reported, termEnded('LAPSED'))).toEqual([]);
    expect(tasks(...reported, consented(), released)).toEqual(['RecordFollowUp doctor-1']);
    expect(tasks(...file, consulted, withdrawn('BEFORE_SHARING'))).toEqual([]);
  });
  it('BR-76 a consultation that is told after the withdrawal asks the doctor for no report', () => {
    expect(tasks(...file, granted, withdrawn('BEFORE_SHARING'), consultedLate)).toEqual([]);
    expect(one(fileOverview, ...file, granted, withdrawn('BEFORE_SHARING'), consultedLate).reportDueAt).toBeUndefined();
  });
  it('BR-62 whoever blocked is not asked again by a new version, whenever its term ends', () => {
    const lapsed: FileEvent = { type: 'ReleaseDecisionLapsed', data: { version: 1 } };
    const again = [correctionAsked, corrected, shared(2, {})];
    expect(tasks(...reported, blocked, ...again)).toEqual([]);
    expect(tasks(...reported, lapsed, termEnded('LAPSED'), blocked, ...again)).toEqual([]);
  });
  it('A15 another doctor has those of the report with his own consultation, and the employee is asked anew', () => {
    const open = [...file, granted, consulted];
    const anew = ['GrantTransferAuthorisation person-1'];
    const his = { ...consulted, data: { ...consulted.data, doctorId: 'doctor-3' } } as FileEvent;
    expect(tasks(...open, independentNext('ANEW'), asked)).toEqual(anew);
    expect(tasks(...open, finalised(), independentNext('ANEW'), asked)).toEqual(anew);
    expect(tasks(...file, independentNext(), asked, consultedLate)).toEqual(anew);
    expect(tasks(...open, independentNext('ANEW'), asked, his)).toEqual(['FinaliseReportForReview doctor-3', ...anew]);
    expect(tasks(...file, refused, independentNext(), asked)).toEqual(['GrantTransferAuthorisation person-1']);
    expect(tasks(...reported, correctionAsked, independentNext('SHARED'))).toEqual([
      'CorrectReport doctor-3',
      'GrantReleaseConsent person-1',
    ]);
    const between: FileEvent = {
      type: 'FactualCorrectionRequested',
      data: { requestId: 'request-1', version: 1, correction: aSeal('correction') },
    };
    const pending = independentNext('SHARED', { requestId: 'request-1' });
    expect(tasks(...reported, declined, between, pending)).toEqual([
      'CorrectReport doctor-3',
      'GrantReleaseConsent person-1',
    ]);
    expect(tasks(...reported, correctionAsked, corrected, independentNext('SHARED'))).toEqual([
      'GrantReleaseConsent person-1',
      'ShareReport doctor-3',
    ]);
  });
  const hoursAsked: FileEvent = {
    type: 'WorkedHoursAsked',
    data: { dueAt: '2026-12-02T23:00:00.000Z', assigneeId: 'doctor-2', calendarVersion: 'nl-2026.1-gf1-ld-every-year' },
  };
  it('A15 who gave the case up has no task any more, at once, and none that is told late; the next goes on with what was shared', () => {
    const open = [...file, granted, document('d')];
    expect(tasks(...file, refused, declined)).toEqual([nobodys('ProceedWithoutOwnDossier')]);
    expect(tasks(...file, declined)).toEqual([]);
    expect(tasks(...file, declined, independentNext(), asked)).toEqual(['GrantTransferAuthorisation person-1']);
    expect(tasks(...open, consulted, declined)).toEqual([nobodys('FinaliseReportForReview')]);
    expect(tasks(...open, consulted, declined, independentNext('ANEW'), asked)).toEqual([
      'GrantTransferAuthorisation person-1',
    ]);
    const again = { ...independent, data: { ...independent.data, round: 2 } } as FileEvent;
    expect(tasks(...open, consulted, declined, again)).toEqual(['FinaliseReportForReview doctor-2']);
    const withEmployee = 'GrantReleaseConsent person-1';
    expect(tasks(...reported, correctionAsked, declined)).toEqual([nobodys('CorrectReport'), withEmployee]);
    const unassigned = { ...correctionAsked, data: { ...correctionAsked.data, assigneeId: undefined } } as FileEvent;
    for (const order of [
      [correctionAsked, declined],
      [declined, unassigned],
    ])
      expect(tasks(...reported, ...order, independentNext('SHARED'))).toEqual(['CorrectReport doctor-3', withEmployee]);
    expect(tasks(...open, consulted, withdrawn('BEFORE_SHARING'), hoursAsked, declined)).toEqual([
      nobodys('StateWorkedHours'),
    ]);
  });
  it('A15 BR-19 the back office has another take over from who may not write any more, until that is no longer needed', () => {
    const ended: FileEvent = { type: 'RegistrationEndNoted', data: { doctorId: 'doctor-2' } };
    const left = (...more: FileEvent[]) =>
      tasks(...file, granted, document('d'), consulted, ended, ...more).filter((one) => one.startsWith('Reassign'));
    expect(left()).toEqual(['ReassignAssignment role:back-office']);
    for (const end of [
      { type: 'RegistrationRenewalNoted', data: { doctorId: 'doctor-2', registeredUntil: '2027-12-31' } } as FileEvent,
      declined,
      independentNext('ANEW'),
      shared(),
      withdrawn('BEFORE_SHARING'),
      { type: 'CaseEndNoted', data: { cause: 'CLOSED', at: '2026-11-25T09:00:00.000Z' } } as FileEvent,
    ])
      expect(left(end)).toEqual([]);
  });
  it('the report has no term while its clock stands still', () => {
    const [row] = [
      ...rows(reportingTasks as View<TaskRow>, [
        ...file,
        granted,
        document('d'),
        consulted,
        paused('THIRD_PARTY', 's'),
      ]).values(),
    ];
    expect(row).toMatchObject({ task: 'FinaliseReportForReview', dueAt: NO_TERM });
  });
  it('A18 the receipt of an earlier version is none of the version in force', () => {
    const again = [
      ...reported,
      consented(),
      released,
      correctionAsked,
      corrected,
      shared(2),
      consented(2),
      releasedAgain,
    ];
    const receivedAt = (version: number) => {
      const data = { version, receipt: `receipt-${version}`, at: '2026-12-02T09:00:00.000Z' };
      return one(fileOverview, ...again, { type: 'ReleaseReceiptRecorded', data }).released?.receivedAt;
    };
    expect([receivedAt(1), receivedAt(2)]).toEqual([undefined, '2026-12-02T09:00:00.000Z']);
  });
  it('a follow-up ends it, and says which version it answers (BR-42)', () => {
    const followUp: FileEvent = { type: 'FollowUpRecorded', data: { adoption: 'FULL', motivation: aSeal('m') } };
    const answered = [...reported, consented(), released, followUp];
    expect(tasks(...answered)).toEqual([]);
    const again = [...answered, correctionAsked, corrected, shared(2), consented(2), releasedAgain];
    expect(tasks(...again)).toEqual(['RecordFollowUp doctor-1']);
    const shown = (...events: FileEvent[]) => caseReading.show(one(fileOverview, ...events), 'own-doctor')['followUp'];
    expect([shown(...answered), shown(...again), shown(...again, followUp)]).toMatchObject(
      [1, 1, 2].map((version) => ({ version, adoption: 'FULL' })),
    );
  });
});
