import { ToOpen, type RecordedEvent, type Relation, type ShownValue } from '@second-opinion/kernel';
import { aSeal, recorded } from '@second-opinion/kernel/testing';
import * as f from '../testing/case.fixtures';
import { secondOpinionCase } from './case.decider';
import { MILESTONES, type CaseEvent, type Milestone } from './case.events';
import { caseOverview, type CaseOverview } from './case-overview.view';
import { caseReading, casesOf, casesReading, employeeReading, milestoneFor } from './case-readings.view';
import { intakeTasks } from './intake-tasks.view';

const { caseId } = f;
const rowOf = (...events: CaseEvent[]): CaseOverview => {
  let row: CaseOverview | null | undefined;
  for (const event of recorded(`intake.case-${caseId}`, events))
    row = caseOverview.project(row ?? undefined, event, caseId);
  return row as CaseOverview;
};
const shown = (relation: Relation, ...events: CaseEvent[]) => caseReading.show(rowOf(...events), relation);
const names = (value: ShownValue) => (value as { milestone: string }[]).map(({ milestone }) => milestone);
const personal = (value: unknown): string[] =>
  value instanceof ToOpen
    ? [value.place.purpose]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(personal).sort()
      : [];
const refused: CaseEvent = {
  type: 'RequestRefused',
  data: {
    ground: 'IMPROPER_USE',
    motivation: aSeal('why'),
    employeeId: 'person-1',
    ownDoctorId: 'doctor-own',
    earlierCaseIds: [],
    complaintRouteVersion: 'c',
    at: f.at,
  },
};
const everything = [
  ...f.inForce,
  f.noted('QUOTE_ISSUED', 'q', 1),
  f.noted('QUOTE_SIGNED', 'q'),
  f.noted('APPOINTMENT_CONFIRMED', 'a.0'),
  f.noted('CONSULTATION_HELD', 'h'),
  f.noted('REPORT_SHARED', '1'),
  f.noted('INVOICE_ISSUED', 'i'),
];
const refusedPapers = f.noted('AUTHORISATION_REFUSED', 'r');
/** The only doctor stands outside the contract, and the employee pays. */
const paidByEmployee = [
  ...[f.wished, f.explained, f.aided, f.described, f.isHonoured, f.proposed, f.choseOutside, f.employeePays],
  ...[f.confirmed, f.submitted, f.offeredTo('doctor-outside', 1, false), f.fileOpened, f.accepted, f.independent],
];

describe('phase and what is awaited', () => {
  const steps: [string, CaseEvent[], string, string[]][] = [
    [
      'a wish',
      [f.wished],
      'WISH',
      ['HonourRequest own-doctor', 'CompleteDecisionAid own-doctor', 'ExplainNonSuspension own-doctor'],
    ],
    [
      'BR-07 BR-09 honoured before aid and explanation',
      [f.wished, f.isHonoured],
      'HONOURED',
      [
        'CompleteDecisionAid own-doctor',
        'ExplainNonSuspension own-doctor',
        'ProposeDoctors own-doctor',
        'DescribeRequest own-doctor',
      ],
    ],
    [
      'BR-07 ready but for the aid',
      f.ready.filter((event) => event !== f.aided),
      'HONOURED',
      ['CompleteDecisionAid own-doctor'],
    ],
    [
      'BR-09 ready but for the explanation',
      f.ready.filter((event) => event !== f.explained),
      'HONOURED',
      ['ExplainNonSuspension own-doctor'],
    ],
    [
      'BR-08 advised otherwise: whether he insists',
      [f.wished, f.explained, f.advisedUwv],
      'WISH',
      ['HonourRequest own-doctor', 'InsistOnSecondOpinion employee'],
    ],
    ['BR-08 ready but for the choice', [...f.ready, f.advisedUwv], 'HONOURED', ['InsistOnSecondOpinion employee']],
    ['BR-08 insisted', [...f.ready, f.advisedUwv, f.insisted], 'HONOURED', ['SubmitSecondOpinionRequest own-doctor']],
    [
      'BR-08 insisted, and advised the same again',
      [...f.ready, f.advisedUwv, f.insisted, f.advisedUwv],
      'HONOURED',
      ['SubmitSecondOpinionRequest own-doctor'],
    ],
    [
      'BR-08 insisted, advised something else, and the first again',
      [...f.ready, f.advisedUwv, f.insisted, f.advisedToDiscuss, f.advisedUwv],
      'HONOURED',
      ['InsistOnSecondOpinion employee'],
    ],
    ['BR-05 no second opinion at all', [f.wished, f.advisedReExamination], 'WISH', ['RefuseRequest own-doctor']],
    [
      'BR-05 no second opinion at all, seen after honouring',
      [...f.ready, f.advisedReExamination],
      'HONOURED',
      ['RefuseRequest own-doctor'],
    ],
    [
      'proposed',
      [f.wished, f.explained, f.aided, f.described, f.isHonoured, f.proposed],
      'HONOURED',
      ['ChooseSecondOpinionDoctor employee', 'ConfirmRequest employee'],
    ],
    [
      'chosen outside',
      [f.wished, f.explained, f.aided, f.described, f.isHonoured, f.proposed, f.choseOutside, f.confirmed],
      'HONOURED',
      ['DecideOnPayment employee'],
    ],
    ['ready', f.ready, 'HONOURED', ['SubmitSecondOpinionRequest own-doctor']],
    ['offered', f.assigned, 'SUBMITTED', ['AcceptAssignment candidate-doctor', 'IssueQuote back-office']],
    [
      'accepted',
      [...f.assigned, f.accepted],
      'SUBMITTED',
      ['ConfirmIndependence candidate-doctor', 'IssueQuote back-office'],
    ],
    [
      'A15 given up after the consultation, offered to the next',
      [
        ...f.inForce,
        f.noted('QUOTE_SIGNED', 'q'),
        f.noted('AUTHORISATION_ASKED', 'asked'),
        f.noted('APPOINTMENT_CONFIRMED', 'a.0'),
        f.noted('CONSULTATION_HELD', 'h'),
        f.reassigned,
        f.offeredTo('doctor-second', 2),
      ],
      'SUBMITTED',
      ['AcceptAssignment candidate-doctor', 'ConfirmAppointment back-office'],
    ],
    ['nobody left', [...f.assigned, f.declined, f.nobodyLeft], 'SUBMITTED', ['ProposeDoctors own-doctor']],
    ['in force', f.inForce, 'ASSIGNED', ['IssueQuote back-office']],
    ['quote issued', [...f.inForce, f.noted('QUOTE_ISSUED', 'q', 1)], 'ASSIGNED', ['SignQuote own-doctor']],
    [
      'quote issued, the employee pays',
      [...paidByEmployee, f.noted('QUOTE_ISSUED', 'q', 1)],
      'ASSIGNED',
      ['SignQuote own-doctor', 'SignQuote employee'],
    ],
    ['signed', [...f.inForce, f.noted('QUOTE_SIGNED', 'q')], 'ASSIGNED', ['ConfirmAppointment back-office']],
    [
      'BR-58 signed, and another quote took its place',
      [...f.inForce, f.noted('QUOTE_SIGNED', 'q'), f.noted('QUOTE_SUPERSEDED', 'q'), f.noted('QUOTE_ISSUED', 'r', 2)],
      'ASSIGNED',
      ['SignQuote own-doctor'],
    ],
    [
      'BR-24 authorisation refused',
      [...f.inForce, f.noted('QUOTE_SIGNED', 'q'), f.noted('AUTHORISATION_ASKED', 'a'), refusedPapers],
      'ASSIGNED',
      ['ProceedWithoutOwnDossier second-opinion-doctor', 'ConfirmAppointment back-office'],
    ],
    [
      'BR-24 authorisation withdrawn',
      [...everything.slice(0, -3), f.noted('AUTHORISATION_GRANTED', 'g'), f.noted('AUTHORISATION_WITHDRAWN', 'w')],
      'PLANNED',
      ['ProceedWithoutOwnDossier second-opinion-doctor', 'Consultation employee'],
    ],
    [
      'A12 the dossier is closed before the employee decided about the authorisation',
      [...f.inForce, f.noted('QUOTE_SIGNED', 'q'), f.noted('AUTHORISATION_ASKED', 'a'), f.noted('DOSSIER_CLOSED', 'd')],
      'ASSIGNED',
      ['ConfirmAppointment back-office'],
    ],
    [
      'BR-24 refused, and the doctor goes on without',
      [...everything.slice(0, -2), refusedPapers, f.noted('PROCEEDING_WITHOUT_DOSSIER', 'p')],
      'EXAMINED',
      ['ShareReport second-opinion-doctor'],
    ],
    [
      'BR-24 refused, and granted after all',
      [...everything.slice(0, -3), refusedPapers, f.noted('AUTHORISATION_GRANTED', 'g')],
      'PLANNED',
      ['Consultation employee'],
    ],
    ['planned', everything.slice(0, -3), 'PLANNED', ['Consultation employee']],
    ['examined', everything.slice(0, -2), 'EXAMINED', ['ShareReport second-opinion-doctor']],
    ['shared', everything, 'REPORT_WITH_EMPLOYEE', ['DecideOnRelease employee']],
    ['released', [...everything, f.noted('REPORT_RELEASED', '1')], 'RELEASED', ['RecordFollowUp own-doctor']],
    ['followed up', [...everything, f.noted('REPORT_RELEASED', '1'), f.noted('FOLLOW_UP_FULL')], 'RELEASED', []],
    ['not released', [...everything, f.noted('NOT_RELEASED_LAPSED')], 'ENDED', []],
    ['no-show', [...f.inForce, f.noted('QUOTE_SIGNED', 'q'), f.noted('FINAL_NO_SHOW', 'n')], 'ENDED', []],
    [
      'aborted, to be planned again',
      [...everything.slice(0, -3), f.noted('CONSULTATION_ABORTED', 'c')],
      'ASSIGNED',
      ['ConfirmAppointment back-office'],
    ],
    ['aborted for good', [...everything.slice(0, -3), f.noted('FINAL_CONSULTATION_ABORTED', 'c')], 'ENDED', []],
    ['quote expired', [...f.inForce, f.noted('QUOTE_EXPIRED', 'q')], 'ASSIGNED', []],
    ['closed', [...everything, f.closed('BLOCKED')], 'CLOSED', []],
    [
      'reopened',
      [
        ...everything,
        f.closed('BLOCKED'),
        f.noted('REPORT_RELEASED', '1'),
        { type: 'CaseReopened', data: { reopenedAt: f.at } },
      ],
      'RELEASED',
      ['RecordFollowUp own-doctor'],
    ],
  ];
  it.each(steps)('%s', (_, events, phase, awaited) => {
    const seen = shown('system', ...events);
    expect(seen['phase']).toBe(phase);
    expect((seen['awaited'] as { what: string; from: string }[]).map(({ what, from }) => `${what} ${from}`)).toEqual(
      awaited,
    );
  });
});

it('A15 BR-38 what crossed a reassignment: the case is its doctor’s again, as far as he had come, and nothing is asked of the own doctor', () => {
  const held = [
    f.noted('QUOTE_SIGNED', 'q'),
    f.noted('APPOINTMENT_CONFIRMED', 'a.0'),
    f.noted('CONSULTATION_HELD', 'h'),
  ];
  for (const next of [
    [f.nobodyLeft, f.shared],
    [f.offeredTo('doctor-second', 2), f.shared, f.takenBack],
  ]) {
    const history = [...f.inForce, ...held, f.reassigned, ...next, f.restoredIn(3)];
    expect(shown('own-doctor', ...history)).toMatchObject({ phase: 'EXAMINED', doctorId: 'doctor-first', awaited: [] });
    expect(shown('second-opinion-doctor', ...history)).toMatchObject({ phase: 'REPORT_WITH_EMPLOYEE' });
    expect(caseReading.participants(rowOf(...history))['second-opinion-doctor']).toBe('doctor-first');
  }
  const late = [f.nobodyLeft, f.closed('NO_DOCTOR'), f.noted('REPORT_RELEASED', '1')];
  const reopened: CaseEvent = { type: 'CaseReopened', data: { reopenedAt: f.at } };
  expect(shown('own-doctor', ...f.inForce, f.reassigned, ...late, reopened, f.restoredIn(2))).toMatchObject({
    phase: 'RELEASED',
    awaited: [{ what: 'RecordFollowUp', from: 'own-doctor' }],
  });
});

it('A15 BR-52 a case that is its doctor’s again is paid by who pays him, as far as he had come, whoever was asked meanwhile', () => {
  const held = [f.noted('QUOTE_SIGNED', 'q'), f.noted('CONSULTATION_HELD', 'h')];
  const second = f.offeredTo('doctor-second', 2, false);
  const gaveUpToo = [f.acceptedBy('doctor-second', 2), f.reassignedFrom('doctor-second', 2)];
  for (const meanwhile of [
    [second, f.noted('QUOTE_ISSUED', 'other'), f.shared, f.takenBack],
    [second, ...gaveUpToo, f.nobodyLeft, f.shared],
    [second, f.independentOf('doctor-second', 2), ...gaveUpToo.slice(1), f.nobodyLeft, f.shared],
  ]) {
    const row = rowOf(...f.inForce, ...held, f.reassigned, ...meanwhile, f.restoredIn(3));
    expect(row).toMatchObject({
      employeePays: false,
      quoteDueAt: null,
      milestones: { CONSULTATION_HELD: { at: f.at } },
    });
    const seen = JSON.stringify(caseReading.show(row, 'employee'));
    expect(seen).not.toMatch(/QUOTE_|SignQuote/);
  }
  expect(rowOf(...f.inForce, ...held, f.reassigned, second).employeePays).toBe(true);
});

describe('until when', () => {
  const dueAt = '2026-12-04T09:00:00.000Z';
  const until = (milestone: Milestone, ref = 'd'): CaseEvent => ({
    type: 'MilestoneNoted',
    data: { milestone, at: f.at, dueAt, ref },
  });
  const untilOf = (what: string, ...events: CaseEvent[]) =>
    (shown('system', ...events)['awaited'] as { what: string; until: string | null }[]).find((one) => one.what === what)
      ?.until;
  it('a quote and a report that are late have the term that they missed, an appointment its time', () => {
    expect(untilOf('IssueQuote', ...f.inForce)).toBeNull();
    expect(untilOf('IssueQuote', ...f.inForce, until('QUOTE_OVERDUE'))).toBe(dueAt);
    expect(untilOf('ShareReport', ...everything.slice(0, -2))).toBeNull();
    expect(untilOf('ShareReport', ...everything.slice(0, -2), until('REPORT_OVERDUE'))).toBe(dueAt);
    expect(untilOf('Consultation', ...everything.slice(0, -4), until('APPOINTMENT_CONFIRMED'))).toBe(dueAt);
  });
  it('the term of a quote goes with its round', () => {
    const next = [...f.assigned, until('QUOTE_OVERDUE'), f.declined, f.offeredTo('doctor-second', 2)];
    expect(untilOf('IssueQuote', ...next)).toBeNull();
    expect(untilOf('IssueQuote', ...next, until('QUOTE_OVERDUE', 'e'))).toBe(dueAt);
  });
});

describe('each relation sees its rows of the matrix', () => {
  it('own doctor: no report, no appointment times, until the end of the term', () => {
    const seen = shown('own-doctor', ...everything);
    expect(seen).toMatchObject({ phase: 'EXAMINED', awaited: [] });
    expect(names(seen['milestones'])).toEqual([
      'FILE_OPENED',
      'QUOTE_ISSUED',
      'QUOTE_SIGNED',
      'CONSULTATION_HELD',
      'INVOICE_ISSUED',
    ]);
  });
  it('matrix row 12: the ETag of the own doctor stays as it is when a milestone comes that he is not shown', () => {
    for (const milestone of MILESTONES) {
      const event = recorded(`intake.case-${caseId}`, [f.noted(milestone, '1')])[0] as RecordedEvent<CaseEvent>;
      const hidden = milestoneFor(milestone, rowOf(...f.inForce), 'own-doctor') === undefined;
      expect([milestone, secondOpinionCase.hiddenFrom?.(event, 'own-doctor')]).toEqual([milestone, hidden]);
      if (hidden)
        expect(shown('own-doctor', ...f.inForce, f.noted(milestone, '1'))).toEqual(shown('own-doctor', ...f.inForce));
    }
  });
  it('matrix row 12, N09: the own doctor is told that it was not held, in the same words whatever the reason', () => {
    const ways = [
      ['NO_SHOW', 'FINAL_NO_SHOW'],
      ['CONSULTATION_ABORTED', 'FINAL_NO_SHOW'],
      ['NO_SHOW', 'FINAL_CONSULTATION_ABORTED'],
      ['CONSULTATION_ABORTED', 'FINAL_CONSULTATION_ABORTED'],
    ] as const;
    const planned = everything.slice(0, -3);
    for (const [one, two] of ways) {
      const ended = [...planned, f.noted(one, '1'), f.noted(two, '2'), f.closed('NO_SHOW')];
      const seen = shown('own-doctor', ...ended);
      expect(names(seen['milestones']).slice(-2)).toEqual(['NOT_HELD', 'NOT_HELD']);
      expect(seen['outcome']).toBe('NOT_HELD');
      expect(seen).toEqual(
        shown('own-doctor', ...planned, f.noted('NO_SHOW', '1'), f.noted('FINAL_NO_SHOW', '2'), f.closed('NO_SHOW')),
      );
      expect(JSON.stringify(casesReading.show(rowOf(...ended), 'own-doctor'))).not.toMatch(/NO_SHOW|ABORT/);
      expect(names(shown('employee', ...ended)['milestones']).slice(-2)).toEqual([one, two]);
      expect(shown('employee', ...ended)['outcome']).toBe('NO_SHOW');
    }
  });
  it('BR-38 own doctor, back office and partner see NOT_RELEASED, whichever way', () => {
    for (const relation of ['own-doctor', 'back-office', 'partner'] as const) {
      const ways = (['BLOCKED', 'LAPSED', 'WITHDRAWN'] as const).map((way) => {
        const outcome = way === 'LAPSED' ? 'RELEASE_DECISION_LAPSED' : way;
        return shown(relation, ...everything, f.noted(`NOT_RELEASED_${way}`), f.closed(outcome));
      });
      expect(ways[0]).toMatchObject({ outcome: 'NOT_RELEASED' });
      expect(JSON.stringify(ways[0])).not.toMatch(/BLOCKED|LAPSED|WITHDRAWN/);
      expect(ways[1]).toEqual(ways[0]);
      expect(ways[2]).toEqual(ways[0]);
    }
    for (const relation of ['employee', 'second-opinion-doctor', 'auditor'] as const)
      expect(shown(relation, ...everything, f.noted('NOT_RELEASED_BLOCKED'), f.closed('BLOCKED'))['outcome']).toBe(
        'BLOCKED',
      );
  });
  it('the follow-up is for employee and own doctor; others see at most that there is one', () => {
    const events = [
      ...everything,
      f.noted('REPORT_RELEASED', '1'),
      f.noted('FOLLOW_UP_NOT'),
      f.closed('RELEASED_NOT_ADOPTED'),
    ];
    expect(shown('employee', ...events)['outcome']).toBe('RELEASED_NOT_ADOPTED');
    for (const relation of ['second-opinion-doctor', 'back-office', 'auditor'] as const)
      expect(JSON.stringify(shown(relation, ...events))).not.toMatch(/ADOPTED|FOLLOW_UP_NOT/);
    expect(names(shown('auditor', ...events)['milestones'])).toContain('FOLLOW_UP_RECORDED');
  });
  it('matrix row 18: the second opinion doctor sees the same whether and whatever was recorded, or nothing in time; his ETag stays', () => {
    const released = [...everything, f.noted('REPORT_RELEASED', '1')];
    const before = shown('second-opinion-doctor', ...released);
    expect(before).toMatchObject({ phase: 'RELEASED', awaited: [] });
    for (const name of MILESTONES.filter((one) => one.startsWith('FOLLOW_UP_'))) {
      const event = recorded(`intake.case-${caseId}`, [f.noted(name)])[0] as RecordedEvent<CaseEvent>;
      expect(shown('second-opinion-doctor', ...released, f.noted(name))).toEqual(before);
      expect(secondOpinionCase.hiddenFrom?.(event, 'second-opinion-doctor')).toBe(true);
      expect(secondOpinionCase.hiddenFrom?.(event, 'own-doctor')).toBe(false);
    }
    expect(shown('employee', ...released)).toMatchObject({ awaited: [{ what: 'RecordFollowUp' }] });
  });
  it('BR-55 the invoice: own doctor when the employer pays, employee when he pays himself', () => {
    const has = (relation: Relation, ...events: CaseEvent[]) =>
      names(shown(relation, ...events)['milestones']).includes('INVOICE_ISSUED');
    expect([has('own-doctor', ...everything), has('employee', ...everything)]).toEqual([true, false]);
    const invoiced = [...paidByEmployee, f.noted('INVOICE_ISSUED', 'i')];
    expect([has('own-doctor', ...invoiced), has('employee', ...invoiced)]).toEqual([false, true]);
    expect(has('second-opinion-doctor', ...everything)).toBe(false);
  });
  it('BR-51 BR-55 when the payer changes with the doctor, each invoice is shown to its own payer, and moves nobody else’s ETag', () => {
    const next = [f.declined, f.offeredTo('doctor-outside', 2, false)];
    const [ours, his] = [f.invoiced('EMPLOYER', 'i-1'), f.invoiced('EMPLOYEE', 'i-2')];
    const count = (relation: Relation, ...events: CaseEvent[]) =>
      names(shown(relation, ...events)['milestones']).filter((name) => name === 'INVOICE_ISSUED').length;
    const seen = (...events: CaseEvent[]) =>
      (['own-doctor', 'employee', 'back-office'] as const).map((relation) => count(relation, ...events));
    expect(seen(...f.assigned, ours, ...next)).toEqual([1, 0, 1]);
    expect(seen(...f.assigned, ...next, ours)).toEqual([1, 0, 1]);
    expect(seen(...f.assigned, ours, ...next, his)).toEqual([1, 1, 2]);
    // Of older ones it is not told who paid: whoever had to at that time.
    expect(seen(...f.assigned, f.noted('INVOICE_ISSUED', 'i'), ...next)).toEqual([1, 0, 1]);
    const hidden = (event: CaseEvent, relation: Relation) =>
      secondOpinionCase.hiddenFrom?.(recorded('intake.case-1', [event])[0] as RecordedEvent<CaseEvent>, relation);
    expect([hidden(ours, 'own-doctor'), hidden(ours, 'employee')]).toEqual([false, true]);
    expect([hidden(his, 'own-doctor'), hidden(his, 'employee')]).toEqual([true, false]);
  });
  it('matrix rows 19 and 20: bills and their settlement move the ETag of nobody who is shown none of them', () => {
    for (const relation of ['employee', 'second-opinion-doctor', 'back-office', 'auditor'] as const)
      for (const event of [f.noted('BILLING_SETTLED'), f.invoiced('EMPLOYER', 'i-1'), f.invoiced('EMPLOYEE', 'i-2')]) {
        const before = JSON.stringify(shown(relation, ...paidByEmployee));
        const moves = JSON.stringify(shown(relation, ...paidByEmployee, event)) !== before;
        const [told] = recorded('intake.case-1', [event]) as RecordedEvent<CaseEvent>[];
        expect([relation, event, told && secondOpinionCase.hiddenFrom?.(told, relation)]).toEqual([
          relation,
          event,
          !moves,
        ]);
      }
  });
  it('matrix rows 19 and 20: who pays is told by the doctor to whom it is offered, not by who was willing to pay for another', () => {
    const money = [f.noted('QUOTE_ISSUED', 'q', 1), f.noted('INVOICE_ISSUED', 'i')];
    const both = [f.wished, f.isHonoured, f.proposed, f.choseFirstAndOutside, f.employeePays, f.submitted, f.offered];
    const ofMoney = (relation: Relation, ...events: CaseEvent[]) =>
      names(shown(relation, ...events)['milestones']).filter((name) => /QUOTE|INVOICE/.test(name));
    expect(ofMoney('employee', ...both, ...money)).toEqual([]);
    expect(ofMoney('own-doctor', ...both, ...money)).toEqual(['QUOTE_ISSUED', 'INVOICE_ISSUED']);
    const second = [...both, f.declined, f.offeredTo('doctor-outside', 2, false), ...money];
    expect(ofMoney('employee', ...second)).toEqual(['QUOTE_ISSUED', 'INVOICE_ISSUED']);
    expect(ofMoney('own-doctor', ...second)).toEqual(['QUOTE_ISSUED']);
    const again = [...both, f.declined, f.nobodyLeft, f.choseOutside, f.offeredTo('doctor-outside', 2, false)];
    expect(ofMoney('employee', ...again, ...money)).toEqual(['QUOTE_ISSUED', 'INVOICE_ISSUED']);
  });
  it('personal text is shown to whom it belongs, and nobody gets what he has no right to', () => {
    const opens = (relation: Relation) => personal(shown(relation, ...f.inForce, refused));
    expect(opens('employee')).toEqual(['intake.answers', 'intake.doubt', 'intake.motivation', 'intake.questions']);
    expect(opens('own-doctor')).toEqual(['intake.answers', 'intake.doubt', 'intake.questions']);
    expect(opens('second-opinion-doctor')).toEqual(['intake.doubt', 'intake.questions']);
    for (const relation of [
      'candidate-doctor',
      'back-office',
      'auditor',
      'partner',
      'privacy-officer',
      'operator',
      'none',
    ] as const)
      expect(opens(relation)).toEqual([]);
  });
  it('matrix row 5: what is awaited does not tell what the aid came to to whoever may not know it', () => {
    const awaitedBy = (relation: Relation, ...events: CaseEvent[]) => shown(relation, ...f.ready, ...events)['awaited'];
    for (const relation of ['back-office', 'partner'] as const)
      for (const aid of [f.advisedUwv, f.advisedReExamination])
        expect(awaitedBy(relation, aid)).toEqual(awaitedBy(relation, f.aided));
    for (const relation of ['employee', 'own-doctor', 'auditor'] as const)
      expect(awaitedBy(relation, f.advisedUwv)).toEqual([
        { what: 'InsistOnSecondOpinion', from: 'employee', until: null },
      ]);
  });
  it('a candidate sees case number, region and subject, no name and no text', () => {
    expect(Object.keys(shown('candidate-doctor', ...f.assigned))).toEqual([
      'caseId',
      'caseNumber',
      'region',
      'subject',
      'assignment',
    ]);
    expect(employeeReading.facts?.(rowOf(...f.assigned))).toEqual({ accepted: false });
    expect(employeeReading.facts?.(rowOf(...f.assigned, f.accepted))).toEqual({ accepted: true });
  });
  it('matrix row 2: who never declared his independence reads no name once the case has ended, who examined still does', () => {
    const withdrawn: CaseEvent = { type: 'RequestWithdrawn', data: { withdrawnAt: f.at } };
    const ends: CaseEvent[] = [
      withdrawn,
      f.closed('WITHDRAWN'),
      f.noted('WITHDRAWN_IN_REPORTING'),
      f.noted('QUOTE_DECLINED', 'q'),
      f.noted('QUOTE_EXPIRED', 'q'),
      f.noted('NOT_EXECUTABLE'),
    ];
    for (const end of ends) {
      expect(employeeReading.facts?.(rowOf(...f.assigned, f.accepted, end))).toEqual({ accepted: false });
      expect(employeeReading.facts?.(rowOf(...f.inForce, end))).toEqual({ accepted: true });
    }
  });
  it('a list opens nothing', () => {
    for (const relation of ['employee', 'own-doctor', 'second-opinion-doctor', 'candidate-doctor'] as const)
      expect(personal(casesReading.show(rowOf(...f.inForce, refused), relation))).toEqual([]);
  });
  it('who declined is no participant any more', () => {
    const { participants } = caseReading;
    expect(participants(rowOf(...f.assigned, f.accepted))).toMatchObject({ 'candidate-doctor': 'doctor-first' });
    expect(participants(rowOf(...f.inForce))).toMatchObject({ 'second-opinion-doctor': 'doctor-first' });
    expect(participants(rowOf(...f.assigned, f.declined, f.nobodyLeft))).toEqual({
      employee: 'person-1',
      'own-doctor': 'doctor-own',
    });
  });
  it('each lists his own cases, the employer nobody’s', () => {
    expect(casesOf({ ...f.employee, joined: ['person-0'] })?.where).toEqual({ employeeId: ['person-1', 'person-0'] });
    expect(casesOf(f.ownDoctor)?.where).toEqual({ ownDoctorId: ['doctor-own'] });
    expect(casesOf(f.firstDoctor)?.where).toEqual({ assignedDoctorId: ['doctor-first'] });
    expect(casesOf(f.backOffice)?.where).toBeUndefined();
    expect(casesOf({ ...f.backOffice, role: 'employer' })).toBeUndefined();
  });
});

describe('tasks', () => {
  const tasksAfter = (...events: CaseEvent[]) => {
    const rows = new Map<string, ReturnType<typeof intakeTasks.project>>();
    for (const event of recorded(`intake.case-${caseId}`, events))
      for (const key of intakeTasks.keys(event))
        rows.set(
          key,
          intakeTasks.project(rows.get(key) ?? undefined, event, key, (other) => rows.get(other) ?? undefined),
        );
    return [...rows.values()]
      .flatMap((row) => (row?.assignee ? [`${row.task} ${row.assignee} ${row.dueAt.slice(0, 10)}`] : []))
      .sort();
  };
  it('stand with the own doctor, the employee or the doctor asked, with their terms', () => {
    expect(tasksAfter(f.wished)).toContain('HonourRequest doctor-own 2026-12-02');
    expect(tasksAfter(f.wished, f.isHonoured, f.proposed)).toContain('ChooseSecondOpinionDoctor person-1 2026-11-27');
    expect(tasksAfter(f.wished, f.described)).toContain('ConfirmRequest person-1 9999-12-31');
    const unreachable: CaseEvent = { type: 'EmployeeUnreachable', data: { at: f.at } };
    expect(tasksAfter(f.wished, unreachable)).toContain('EndForUnreachableEmployee doctor-own 9999-12-31');
    const reachable: CaseEvent = { type: 'EmployeeReachable', data: { at: f.at } };
    for (const after of [reachable, f.closed('NO_SHOW')])
      expect(tasksAfter(f.wished, unreachable, after).join()).not.toContain('EndForUnreachableEmployee');
    const silent: CaseEvent = { type: 'EmployeeSilent', data: { of: ['DOCTOR_CHOICE'], at: f.at } };
    const asked = f.askedFor('DOCTOR_CHOICE');
    const ends = (...events: CaseEvent[]) =>
      tasksAfter(f.wished, f.isHonoured, f.proposed, asked, ...events).includes(
        'EndForUnreachableEmployee doctor-own 9999-12-31',
      );
    expect([ends(silent), ends(silent, asked), ends(unreachable, asked)]).toEqual([true, false, true]);
    expect(ends(silent, { type: 'EmployeeAnswered', data: { at: f.at } })).toBe(false);
    expect(tasksAfter(...f.assigned)).toEqual(['AcceptAssignment doctor-first 2026-12-02']);
    expect(tasksAfter(...f.assigned, f.declined, f.offeredTo('doctor-second', 2))).toEqual([
      'AcceptAssignment doctor-second 2026-12-02',
    ]);
    expect(tasksAfter(...f.assigned, f.accepted)).toEqual(['ConfirmIndependence doctor-first 2026-11-27']);
    expect(tasksAfter(...f.inForce)).toEqual([]);
    expect(
      tasksAfter(f.wished, f.described, f.isHonoured, f.proposed, f.choseOutside, f.disclosureConsented, f.confirmed),
    ).toEqual([
      'CompleteDecisionAid doctor-own 9999-12-31',
      'ExplainNonSuspension doctor-own 9999-12-31',
      'PayAsEmployee person-1 9999-12-31',
      'RecordEmployerAgreement doctor-own 9999-12-31',
      'SubmitSecondOpinionRequest doctor-own 9999-12-31',
    ]);
  });
  const namesAfter = (...events: CaseEvent[]) =>
    tasksAfter(...events).map((task) => task.split(' ').slice(0, 2).join(' '));
  it('BR-21 A15 back office has another take over from who declared elsewhere that he was involved before, until it is no longer needed', () => {
    const declared: CaseEvent = {
      type: 'EarlierInvolvementDeclared',
      data: { doctorId: 'doctor-first', round: 1, at: f.at },
    };
    const reassigns = 'ReassignAssignment role:back-office';
    const declaredIn = (...events: CaseEvent[]) => namesAfter(...events).includes(reassigns);
    expect(declaredIn(...f.inForce, declared)).toBe(true);
    expect(declaredIn(...f.inForce, declared, f.noted('QUOTE_SIGNED', 'quote-1'))).toBe(true);
    const rejected: CaseEvent = {
      type: 'IndependenceRejected',
      data: { doctorId: 'doctor-first', round: 1, at: f.at },
    };
    for (const last of [f.reassigned, f.shared, f.closed('WITHDRAWN'), f.noted('NOT_EXECUTABLE')])
      expect(declaredIn(...f.inForce, declared, last)).toBe(false);
    for (const last of [rejected, f.declined])
      expect(declaredIn(...f.assigned, f.accepted, declared, last)).toBe(false);
  });
  it('A5 nobody is asked to choose among doctors once one of those he chose before is asked', () => {
    const chosen = [f.wished, f.isHonoured, f.proposed, f.choseOne, f.proposed];
    expect(namesAfter(...chosen)).toContain('ChooseSecondOpinionDoctor person-1');
    expect(namesAfter(...chosen, f.offeredTo('doctor-first', 1))).not.toContain('ChooseSecondOpinionDoctor person-1');
  });
  it('BR-08 the employee is asked whether he insists, until he does, or no advice stands against it', () => {
    const insists = 'InsistOnSecondOpinion person-1';
    const after = (...events: CaseEvent[]) => namesAfter(f.wished, ...events).includes(insists);
    expect(after(f.aided)).toBe(false);
    expect(after(f.advisedUwv)).toBe(true);
    expect(after(f.advisedUwv, f.aided)).toBe(false);
    expect(after(f.advisedUwv, f.advisedReExamination)).toBe(false);
    expect(after(f.advisedUwv, f.insisted)).toBe(false);
    expect(after(f.advisedUwv, f.insisted, f.advisedUwv)).toBe(false);
    expect(after(f.advisedUwv, f.insisted, f.advisedToDiscuss)).toBe(true);
    expect(after(f.advisedUwv, f.insisted, f.advisedToDiscuss, f.advisedUwv)).toBe(true);
    expect(after(f.advisedUwv, f.closed('REDIRECTED'))).toBe(false);
  });
  it('BR-05 what is no second opinion at all is to be refused: neither honoured nor submitted', () => {
    const others = [f.wished, f.explained, f.described];
    expect(tasksAfter(...others, f.advisedReExamination)).toEqual([
      'ConfirmRequest person-1 9999-12-31',
      'RefuseRequest doctor-own 2026-12-02',
    ]);
    expect(tasksAfter(...others, f.advisedReExamination, f.aided)).toEqual([
      'ConfirmRequest person-1 9999-12-31',
      'HonourRequest doctor-own 2026-12-02',
    ]);
    expect(tasksAfter(...f.ready, f.advisedReExamination)).toEqual(['RefuseRequest doctor-own 9999-12-31']);
    expect(tasksAfter(f.wished, f.described, f.explained, f.advisedReExamination, f.confirmed)).toEqual([
      'RefuseRequest doctor-own 2026-12-02',
    ]);
    expect(tasksAfter(...f.ready, f.advisedReExamination, f.aided)).toEqual([
      'SubmitSecondOpinionRequest doctor-own 9999-12-31',
    ]);
  });
  it('BR-17 BR-18 the employer is asked for the doctors chosen last, and only with consent', () => {
    const asks = 'RecordEmployerAgreement doctor-own';
    const after = (...events: CaseEvent[]) => namesAfter(f.wished, f.isHonoured, f.proposed, ...events).includes(asks);
    expect(after(f.choseOutside)).toBe(false);
    expect(after(f.choseOutside, f.disclosureConsented)).toBe(true);
    expect(after(f.choseOutside, f.disclosureConsented, f.choseTwo)).toBe(false);
    expect(after(f.choseOutside, f.disclosureConsented, f.choseTwo, f.choseFirstAndOutside)).toBe(true);
    const withdrawn: CaseEvent = { type: 'DisclosureConsentWithdrawn', data: { at: f.at } };
    expect(after(f.choseOutside, f.disclosureConsented, withdrawn, f.choseFirstAndOutside)).toBe(false);
  });
  it('a task that stands keeps the moment since when', () => {
    const rows = new Map<string, ReturnType<typeof intakeTasks.project>>();
    recorded(`intake.case-${caseId}`, [f.wished, f.advisedToDiscuss]).forEach((event, index) => {
      const metadata = { ...event.metadata, recordedAt: `2026-11-2${index + 5}T09:00:00.000Z` };
      for (const key of intakeTasks.keys(event))
        rows.set(
          key,
          intakeTasks.project(
            rows.get(key) ?? undefined,
            { ...event, metadata },
            key,
            (other) => rows.get(other) ?? undefined,
          ),
        );
    });
    expect(rows.get(`${caseId}/HonourRequest`)).toMatchObject({ since: '2026-11-25T09:00:00.000Z' });
    expect(rows.get(`${caseId}/InsistOnSecondOpinion`)).toMatchObject({ since: '2026-11-26T09:00:00.000Z' });
  });
  it('that stand as they did are the same rows, so that nobody writes them again', () => {
    const rows = new Map<string, ReturnType<typeof intakeTasks.project>>();
    const changed: string[][] = recorded(`intake.case-${caseId}`, [f.wished, f.described, f.described]).map((event) =>
      intakeTasks.keys(event).filter((key) => {
        const before = rows.get(key) ?? undefined;
        rows.set(
          key,
          intakeTasks.project(before, event, key, (other) => rows.get(other) ?? undefined),
        );
        return (rows.get(key) ?? undefined) !== before;
      }),
    );
    expect(changed.map((keys) => keys.map((key) => key.slice(key.lastIndexOf('/') + 1)))).toEqual([
      ['Owners', 'HonourRequest', 'ExplainNonSuspension', 'CompleteDecisionAid', 'DescribeRequest'],
      ['DescribeRequest', 'ConfirmRequest'],
      [],
    ]);
  });
  it('A15 end with the offer or the choice when the case is its former doctor’s again', () => {
    const gaveUp = [...f.inForce, f.reassigned];
    expect(tasksAfter(...gaveUp, f.offeredTo('doctor-second', 2), f.shared, f.takenBack)).toEqual([]);
    const chosen = [f.nobodyLeft, f.proposed, f.choseOutside, f.disclosureConsented, f.proposed];
    expect(namesAfter(...gaveUp, ...chosen)).toHaveLength(3);
    expect(tasksAfter(...gaveUp, ...chosen, f.shared, f.restoredIn(2))).toEqual([]);
    expect(tasksAfter(...gaveUp, f.nobodyLeft, f.shared, f.restoredIn(2))).toEqual([]);
  });
  it('end with the case', () => {
    expect(tasksAfter(...f.assigned, { type: 'RequestWithdrawn', data: { withdrawnAt: f.at } })).toEqual([]);
    expect(tasksAfter(f.wished, refused, f.closed('REFUSED'))).toEqual([]);
  });
  it('BR-76 A9 end when another context tells how the case ends, before it is closed', () => {
    const going = [f.assigned, [...f.assigned, f.accepted], [...f.inForce, f.reassigned, f.nobodyLeft]];
    for (const ended of ['WITHDRAWN_IN_REPORTING', 'QUOTE_EXPIRED', 'QUOTE_DECLINED', 'NOT_EXECUTABLE'] as const)
      for (const events of going) {
        expect(tasksAfter(...events)).toHaveLength(1);
        expect(tasksAfter(...events, f.noted(ended))).toEqual([]);
        expect(shown('own-doctor', ...events, f.noted(ended))).toMatchObject({ awaited: [] });
      }
    expect(tasksAfter(...f.assigned, f.noted('QUOTE_ISSUED', 'q', 1))).toHaveLength(1);
  });
});
