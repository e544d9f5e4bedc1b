import { DomainError, type RecordedEvent, type Relation } from '@second-opinion/kernel';
import { anActor, aSeal, recorded } from '@second-opinion/kernel/testing';
import type { FileCommands } from './acts.rules';
import { dossier, dossierReading } from './dossier.view';
import type { FileEvent } from './file.events';
import { fileOverview } from './file-overview.view';
import { caseReading } from './file.readings.view';
import { hiddenFrom } from './knowledge.rules';
import { reportReading, reports } from './reports.view';
import { reportingPublisher } from './reporting.publisher';
import { reportingTasks } from './reporting-tasks.view';
import { Play, type Step } from './testing/play';
import {
  asked,
  consulted,
  document,
  finalised,
  granted,
  independent,
  offered,
  opened,
  signed,
  texts,
} from './testing/events';

// BR-38: one and the same case, in which the employee blocks, is silent, takes his consent back or withdraws the whole request. What the
// own doctor, the back office and a partner can see of it must be the same to the byte, on every day of the term and after it.

const caseId = 'case-1';
const stream = `reporting.file-${caseId}`;
const employee = anActor('employee', 'person-1');
const doctor = anActor('second-opinion-doctor', 'doctor-2');
const file = [opened, offered, independent, asked, granted, signed(), document('document-1')];
const history = [...file, consulted, finalised()];
const share: Step = { day: 0, name: 'ShareReport', fields: { version: 1 }, actor: doctor };
const consent = (day: number): Step => ({ day, name: 'GrantReleaseConsent', fields: { version: 1 }, actor: employee });
const takeBack = (day: number): Step => ({ day, name: 'WithdrawReleaseConsent', actor: employee });

const ways: Record<string, Step[]> = {
  lapsed: [],
  'blocked at once': [{ day: 0, name: 'BlockReport', actor: employee }],
  'blocked on the last day': [{ day: 13, name: 'BlockReport', actor: employee }],
  'consent withdrawn': [consent(2), takeBack(2)],
  'consent withdrawn, then blocked': [consent(2), takeBack(2), { day: 5, name: 'BlockReport', actor: employee }],
  'request withdrawn': [{ day: 4, name: 'WithdrawRequest', actor: employee }],
  'request withdrawn with a consent in force': [consent(5), { day: 5, name: 'WithdrawRequest', actor: employee }],
  'forgotten on the privacy officer’s word': [{ day: 4, name: 'NoteFileForgotten' }],
  'forgotten with a consent in force': [consent(5), { day: 5, name: 'NoteFileForgotten' }],
  'blocked after a correction was asked': [
    { day: 1, name: 'RequestFactualCorrection', fields: { version: 1, correction: aSeal('c') }, actor: employee },
    { day: 2, name: 'RejectCorrection', fields: { reason: aSeal('r') }, actor: doctor },
    { day: 3, name: 'BlockReport', actor: employee },
  ],
};

/** Everything that somebody in this relation can see or try: readings, tasks, ETags, what is published, and the answers to his commands. */
function seenBy(relation: Relation, play: Play): string {
  const rows = <Row extends object>(view: {
    keys: typeof fileOverview.keys;
    project(row: Row | undefined, event: RecordedEvent, key: string): Row | null | undefined;
  }) => {
    const found = new Map<string, Row>();
    for (const event of play.events) {
      for (const key of view.keys(event)) {
        const row = view.project(found.get(key), event, key);
        if (row) found.set(key, row);
        else found.delete(key);
      }
    }
    return found;
  };
  const reading = reportReading(0);
  const reportRow = rows(reports).get(caseId);
  const mine = relation === 'own-doctor' ? 'doctor-1' : 'role:back-office';
  return JSON.stringify({
    now: play.now,
    file: caseReading.show(rows(fileOverview).get(caseId) ?? ({} as never), relation),
    documents: dossierReading.show(rows(dossier).get(caseId) ?? ({} as never), relation),
    report: reportRow && reading.participants(reportRow)['own-doctor'] !== undefined,
    tasks: [...rows(reportingTasks).values()].filter(({ assignee }) => assignee === mine),
    etag: play.events.filter((event) => !hiddenFrom(event, relation)).map(({ id }) => id).length,
    told: play.events
      .map((event) => reportingPublisher.on[event.type]?.(event as never)?.type)
      .filter((type) => type === 'RequestWithdrawn' || type === 'ReportNotReleased' || type === 'ReportReleased'),
    tries: relation === 'own-doctor' ? answers(play) : [],
  });
}

/** What the own doctor is answered when he tries everything that is his to do. */
function answers(play: Play): unknown[] {
  const ownDoctor = anActor('company-doctor', 'doctor-1');
  const stored = { documentId: 'd', contentId: 'c', storedId: 's', size: 1, mediaType: 'm', hash: 'h', salt: 'salt' };
  const tries: [keyof FileCommands, object][] = [
    ['AddDossierDocument', { kind: 'FML', name: aSeal('n'), stored }],
    ['AddWorkSituation', { kind: 'WORK_SITUATION', name: aSeal('n'), stored }],
    ['RecordFollowUp', { adoption: 'FULL', motivation: aSeal('m') }],
    ['OpenDossierDocument', { documentId: 'document-1' }],
  ];
  return tries.map(([name, fields]) => {
    const copy = Object.assign(Object.create(Play.prototype) as Play, play, { events: [...play.events] });
    try {
      return copy.run(name, fields, ownDoctor);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      return { kind: error.kind, code: error.code, facts: error.facts };
    }
  });
}

describe('BR-38 what the own doctor may infer', () => {
  const DAYS = 20;
  const played = (steps: readonly Step[], relation: Relation): string[] => {
    const play = new Play(history);
    return Array.from({ length: DAYS }, (_, day) => {
      play.day(day, [share, ...steps]);
      return seenBy(relation, play);
    });
  };

  it.each(['own-doctor', 'back-office', 'partner'] as const)(
    '%s sees the same on every day, whatever was decided',
    (relation) => {
      const silent = played([], relation);
      for (const [way, steps] of Object.entries(ways)) expect([way, played(steps, relation)]).toEqual([way, silent]);
    },
  );

  const correction = { version: 1, correction: aSeal('c') };
  const again: readonly Step[] = [
    { day: 1, name: 'RequestFactualCorrection', fields: correction, actor: employee },
    { day: 3, name: 'CorrectReport', fields: texts, actor: doctor },
    { day: 6, name: 'ShareReport', fields: { version: 2 }, actor: doctor },
  ];
  const consentAgain = (day: number): Step => ({ ...consent(day), fields: { version: 2 } });
  const block = (day: number): Step => ({ day, name: 'BlockReport', actor: employee });
  it.each<[string, Step[]]>([
    ['blocked before the new version', [block(1)]],
    ['blocked after it', [block(7)]],
    ['a consent for the former version that its sharing ended', [consent(6)]],
    ['the same, blocked afterwards', [consent(6), block(13)]],
    ['a consent for the new version that was taken back', [consentAgain(7), takeBack(7)]],
    ['a block that was lifted by a consent, which was taken back', [block(1), consentAgain(7), takeBack(7)]],
    [
      'the request withdrawn before the new version is shared again',
      [{ day: 7, name: 'WithdrawRequest', actor: employee }],
    ],
    ['forgotten', [{ day: 8, name: 'NoteFileForgotten' }]],
  ])('the same with a corrected version, %s', (_, steps) => {
    for (const relation of ['own-doctor', 'back-office', 'partner'] as const)
      expect(played([...steps, ...again], relation)).toEqual(played(again, relation));
  });

  it('and learns at the end of the term, in both cases alike, that nothing will be released', () => {
    const days = played([], 'own-doctor').map((day) => /NOT_RELEASED|RELEASED|PENDING/.exec(day)?.[0]);
    expect(days.slice(0, 14)).toEqual(Array(14).fill('PENDING'));
    expect(days.slice(15)).toEqual(Array(DAYS - 15).fill('NOT_RELEASED'));
  });

  it('in no words that tell which it was', () => {
    for (const steps of Object.values(ways))
      expect(played(steps, 'own-doctor').join()).not.toMatch(/BLOCK|LAPSE|WITHDRAWN|CONSENT/);
  });

  it('the employee, the second opinion doctor and the auditor see which', () => {
    for (const relation of ['employee', 'second-opinion-doctor', 'auditor'] as const) {
      expect(played(ways['blocked at once'] ?? [], relation).at(-1)).toContain('"outcome":"BLOCKED"');
      expect(played(ways['request withdrawn'] ?? [], relation).at(-1)).toContain('"outcome":"WITHDRAWN"');
    }
  });

  it('a released report is seen by the own doctor alone of these, with its hash', () => {
    const released = played([consent(2)], 'own-doctor');
    expect(released.at(-1)).toContain('"status":"RELEASED"');
    expect(released.at(-1)).toContain('RecordFollowUp');
  });

  it('a late consent (BR-36) releases after the term, and the own doctor sees it then', () => {
    const late = played([{ day: 0, name: 'BlockReport', actor: employee }, consent(16)], 'own-doctor');
    expect(late[16]).toContain('NOT_RELEASED');
    expect(late.at(-1)).toContain('"status":"RELEASED"');
  });

  it('BR-32 a draft is hidden from the employee, and what is new is hidden from the own doctor', () => {
    const [draft] = recorded(stream, [finalised()]);
    const [unknown] = recorded(stream, [{ type: 'SomethingNew', data: {} } as unknown as FileEvent]);
    expect(hiddenFrom(draft as never, 'employee')).toBe(true);
    expect(hiddenFrom(unknown as never, 'own-doctor')).toBe(true);
    expect(hiddenFrom(unknown as never, 'auditor')).toBe(false);
    expect(texts.findings).toBeDefined();
  });
});
