import type { RecordsMessages } from '@second-opinion/contracts';
import { fold, type Envelope } from '@second-opinion/kernel';
import { circumstances, given } from '@second-opinion/kernel/testing';
import * as f from '../testing/case.fixtures';
import { secondOpinionCase } from './case.decider';
import { whenErasureDecidedNoteIt } from '../person/when-erasure-decided-note-it.policy';
import type { CaseEvent, Milestone } from './case.events';

const { caseId, employee, ownDoctor, at } = f;
const byEmployee = { actor: employee };
const cases = given(secondOpinionCase);

/** told gives the history after these milestones came in this order. */
function told(
  history: readonly CaseEvent[],
  ...milestones: (Milestone | readonly [Milestone, string, number?])[]
): CaseEvent[] {
  return milestones.reduce<CaseEvent[]>(
    (events, one) => {
      const [milestone, ref, round] = typeof one === 'string' ? ([one] as const) : one;
      const command = {
        caseId,
        milestone,
        at,
        ...(ref === undefined ? {} : { ref }),
        ...(round === undefined ? {} : { round }),
      };
      return [
        ...events,
        ...secondOpinionCase.decide.NoteMilestone(command, fold(secondOpinionCase, events), circumstances()),
      ];
    },
    [...history],
  );
}
const ends = (events: readonly CaseEvent[]) =>
  events.flatMap((event) => (event.type === 'CaseClosed' ? [event.data.outcome] : []));

describe('BR-76 withdrawal', () => {
  it('before the submission closes at once', () => {
    cases
      .events(f.wished)
      .when('WithdrawRequest', { caseId }, byEmployee)
      .then({ type: 'RequestWithdrawn', data: { withdrawnAt: at } }, f.closed('WITHDRAWN'));
  });
  it('after the submission waits for billing', () => {
    cases
      .events(...f.assigned)
      .when('WithdrawRequest', { caseId }, byEmployee)
      .then({ type: 'RequestWithdrawn', data: { withdrawnAt: at } });
    expect(
      ends(told([...f.assigned, { type: 'RequestWithdrawn', data: { withdrawnAt: at } }], 'BILLING_SETTLED')),
    ).toEqual(['WITHDRAWN']);
  });
  it('after an acceptance is reporting’s, also when that doctor turned out not to be independent', () => {
    cases
      .events(...f.inForce)
      .when('WithdrawRequest', { caseId }, byEmployee)
      .refused('intake.withdraw-at-reporting');
    const rejected: CaseEvent = { type: 'IndependenceRejected', data: { doctorId: 'doctor-first', round: 1, at } };
    cases
      .events(...f.assigned, f.accepted, rejected, f.offeredTo('doctor-second', 2))
      .when('WithdrawRequest', { caseId }, byEmployee)
      .refused('intake.withdraw-at-reporting');
  });
  it('is the employee’s, and once', () => {
    cases.events(f.wished).when('WithdrawRequest', { caseId }, { actor: ownDoctor }).refused('intake.employee-only');
    cases
      .events(f.wished, f.closed('WITHDRAWN'))
      .when('WithdrawRequest', { caseId }, byEmployee)
      .refused('intake.case-ended');
  });
  it('ends the assignment: nobody accepts any more', () => {
    cases
      .events(...f.assigned, { type: 'RequestWithdrawn', data: { withdrawnAt: at } })
      .when(
        'AcceptAssignment',
        { caseId, candidate: f.first, ownDoctor: f.own, contract: f.contract },
        { actor: f.firstDoctor },
      )
      .refused('intake.case-ended');
  });
});

describe('BR-76 somebody is forgotten while his case is open', () => {
  const forgotten: CaseEvent = { type: 'CaseForgotten', data: { at } };
  const withdrawn: CaseEvent = { type: 'RequestWithdrawn', data: { withdrawnAt: at } };
  const note = (...events: readonly CaseEvent[]) => cases.events(...events).when('NoteCaseForgotten', { caseId });
  it('before the submission he has withdrawn it', () => {
    note(f.wished).then(forgotten, withdrawn, f.closed('WITHDRAWN'));
    note(f.wished, f.explained, f.aided, f.described, f.isHonoured).then(forgotten, withdrawn, f.closed('WITHDRAWN'));
  });
  it('after it reporting decides, and what is closed stays closed', () => {
    note(...f.assigned).then(forgotten);
    note(f.wished, withdrawn, f.closed('WITHDRAWN')).then(forgotten);
    note(f.wished, forgotten, withdrawn, f.closed('WITHDRAWN')).nothing();
    note().nothing();
  });
});

describe('erasure', () => {
  const erased = (data: Partial<RecordsMessages['ErasureDecided']>) =>
    (
      whenErasureDecidedNoteIt.on.ErasureDecided?.({
        data: {
          personId: 'person-1',
          categories: ['IDENTITY', 'MEDICAL', 'CONTACT'],
          basis: 'EMPLOYEE_REQUEST',
          ...data,
        },
      } as Envelope<'ErasureDecided', RecordsMessages['ErasureDecided']>) ?? []
    ).map(({ type, fields }) => ({ type: type.name, fields }));
  it('of medical texts or of the person ends his cases, of an address or a bill none', () => {
    expect(erased({})).toEqual([{ type: 'ForgetCasesOfPerson', fields: { personId: 'person-1' } }]);
    expect(erased({ categories: ['IDENTITY'] })).toHaveLength(1);
    expect(erased({ categories: ['CONTACT'] })).toEqual([]);
    expect(erased({ caseId })).toEqual([{ type: 'NoteCaseForgotten', fields: { caseId } }]);
    expect(erased({ caseId, categories: ['IDENTITY', 'BILLING'] })).toEqual([]);
  });
});

describe('no doctor', () => {
  it('the own doctor ends it only when nobody is left', () => {
    const one = [...f.assigned, f.declined, f.nobodyLeft];
    cases
      .events(...one)
      .when('EndForLackOfDoctor', { caseId }, { actor: ownDoctor })
      .thenTypes('EndedForLackOfDoctor', 'CaseClosed');
    cases
      .events(...f.assigned)
      .when('EndForLackOfDoctor', { caseId }, { actor: ownDoctor })
      .refused('intake.doctor-available');
    cases
      .events(...one)
      .when('EndForLackOfDoctor', { caseId }, { actor: f.backOffice })
      .refused('intake.own-doctor-only');
  });
});

describe('no doctor before the submission', () => {
  const honoured = cases.events(f.wished, f.explained, f.aided, f.described, f.isHonoured);
  const facts = { caseId, ownDoctor: f.own, contract: f.contract };
  const byOwn = { actor: ownDoctor };
  it('A5 BR-21 the own doctor ends it when nobody in the register may be chosen, and not while somebody may', () => {
    const acted = [f.first, f.second].map((one) => ({ ...one, actedBefore: true }));
    honoured
      .when('EndForLackOfDoctor', { ...facts, register: acted }, byOwn)
      .thenTypes('EndedForLackOfDoctor', 'CaseClosed');
    honoured
      .when('EndForLackOfDoctor', { ...facts, register: [] }, byOwn)
      .thenTypes('EndedForLackOfDoctor', 'CaseClosed');
    honoured
      .when('EndForLackOfDoctor', { ...facts, register: [...acted, f.outside] }, byOwn)
      .refused('intake.doctor-available');
  });
  it('a wish that was not honoured is refused with reasons, not ended like this (BR-10)', () => {
    cases
      .events(f.wished)
      .when('EndForLackOfDoctor', { ...facts, register: [] }, byOwn)
      .refused('intake.doctor-available');
  });
});

describe('A21 closing: the second of outcome and settlement closes, whichever it is', () => {
  const outcomes: [Milestone, string][] = [
    ['FINAL_NO_SHOW', 'NO_SHOW'],
    ['FINAL_CONSULTATION_ABORTED', 'NO_SHOW'],
    ['NOT_EXECUTABLE', 'NOT_EXECUTABLE'],
    ['WITHDRAWN_IN_REPORTING', 'WITHDRAWN'],
    ['NOT_RELEASED_BLOCKED', 'BLOCKED'],
    ['NOT_RELEASED_LAPSED', 'RELEASE_DECISION_LAPSED'],
    ['NOT_RELEASED_WITHDRAWN', 'WITHDRAWN'],
    ['FOLLOW_UP_FULL', 'RELEASED_ADOPTED'],
    ['FOLLOW_UP_PARTLY', 'RELEASED_PARTLY_ADOPTED'],
    ['FOLLOW_UP_NOT', 'RELEASED_NOT_ADOPTED'],
    ['FOLLOW_UP_TERM_ENDED', 'RELEASED_NO_FOLLOW_UP_KNOWN'],
    ['QUOTE_DECLINED', 'QUOTE_NOT_SIGNED'],
    ['QUOTE_EXPIRED', 'QUOTE_NOT_SIGNED'],
  ];
  it.each(outcomes)('%s ends as %s', (milestone, outcome) => {
    expect(ends(told(f.inForce, milestone))).toEqual([]);
    expect(ends(told(f.inForce, milestone, 'BILLING_SETTLED'))).toEqual([outcome]);
    expect(ends(told(f.inForce, 'BILLING_SETTLED', milestone))).toEqual([outcome]);
    expect(ends(told(f.inForce, 'BILLING_SETTLED', 'BILLING_SETTLED', milestone, milestone))).toEqual([outcome]);
  });
  it('BR-53 a blocked report closes no earlier than its invoice', () => {
    expect(ends(told(f.inForce, ['REPORT_SHARED', '1'], 'NOT_RELEASED_BLOCKED'))).toEqual([]);
  });
  it('the first ending stands, and what comes after the closing appends nothing', () => {
    expect(ends(told(f.inForce, 'WITHDRAWN_IN_REPORTING', 'FINAL_NO_SHOW', 'BILLING_SETTLED'))).toEqual(['WITHDRAWN']);
    const done = told(f.inForce, 'WITHDRAWN_IN_REPORTING', 'BILLING_SETTLED');
    expect(told(done, 'SLOT_RELEASED', 'FINAL_NO_SHOW', 'QUOTE_EXPIRED')).toEqual(done);
  });
  it('A9 a quote that ended unsigned ends the case, also when the next round was offered, or nobody is left, before that is heard', () => {
    const declined = [...f.assigned, f.noted('QUOTE_ISSUED', 'quote-1', 1), f.declined];
    for (const next of [f.offeredTo('doctor-second', 2), f.nobodyLeft])
      expect(ends(told([...declined, next], ['QUOTE_EXPIRED', 'quote-1'], 'BILLING_SETTLED'))).toEqual([
        'QUOTE_NOT_SIGNED',
      ]);
  });
  it('a milestone that overtakes everything is noted, not refused', () => {
    cases.when('NoteMilestone', { caseId, milestone: 'FILE_OPENED', at }).then(f.fileOpened);
  });
});

describe('A19 the follow-up', () => {
  const released = [['REPORT_SHARED', '1'], 'BILLING_SETTLED', ['REPORT_RELEASED', '1']] as const;
  it('BR-42 BR-43 is noted also after its term; the case stays closed as it was', () => {
    const over = told(f.inForce, ...released, 'FOLLOW_UP_TERM_ENDED');
    expect(ends(over)).toEqual(['RELEASED_NO_FOLLOW_UP_KNOWN']);
    const late = told(over, ['FOLLOW_UP_FULL', at]);
    expect(late).toEqual([...over, f.noted('FOLLOW_UP_FULL', at)]);
    expect(told(late, ['FOLLOW_UP_FULL', at], 'FOLLOW_UP_TERM_ENDED', 'QUOTE_EXPIRED')).toEqual(late);
    expect(fold(secondOpinionCase, late).outcome).toBe('RELEASED_NO_FOLLOW_UP_KNOWN');
  });
  it('BR-42 on a corrected report is decided again, and the later one tells how the case ended', () => {
    const twice = told(f.inForce, ['REPORT_RELEASED', '1'], ['FOLLOW_UP_NOT', '1'], ['REPORT_RELEASED', '2']);
    expect(ends(told(twice, ['FOLLOW_UP_PARTLY', '2'], 'BILLING_SETTLED'))).toEqual(['RELEASED_PARTLY_ADOPTED']);
    expect(ends(told(twice, 'FOLLOW_UP_TERM_ENDED', 'BILLING_SETTLED'))).toEqual(['RELEASED_NOT_ADOPTED']);
  });
  it('of a report that was not released is none', () => {
    const blocked = told(f.inForce, ['REPORT_SHARED', '1'], 'BILLING_SETTLED', 'NOT_RELEASED_BLOCKED');
    expect(told(blocked, 'FOLLOW_UP_FULL')).toEqual(blocked);
  });
});

describe('BR-36 late consent', () => {
  const lapsed = told(f.inForce, ['REPORT_SHARED', '1'], 'BILLING_SETTLED', 'NOT_RELEASED_LAPSED');
  it('a release after the closing opens the case again, and the follow-up closes it', () => {
    expect(ends(lapsed)).toEqual(['RELEASE_DECISION_LAPSED']);
    const released = told(lapsed, ['REPORT_RELEASED', '1']);
    expect(released.at(-1)).toEqual({ type: 'CaseReopened', data: { reopenedAt: at } });
    expect(told(released, ['REPORT_RELEASED', '1'])).toEqual(released);
    expect(ends(told(released, 'FOLLOW_UP_PARTLY'))).toEqual(['RELEASE_DECISION_LAPSED', 'RELEASED_PARTLY_ADOPTED']);
  });
  it('a release before the closing only takes the ending back', () => {
    const events = told(f.inForce, 'NOT_RELEASED_LAPSED', ['REPORT_RELEASED', '1'], 'BILLING_SETTLED');
    expect(ends(events)).toEqual([]);
    expect(ends(told(events, 'FOLLOW_UP_FULL'))).toEqual(['RELEASED_ADOPTED']);
  });
});

it('BR-38 blocked, lapsed and withdrawn leave the same steps at the same moment', () => {
  const [blocked, lapsed, withdrawn] = (
    ['NOT_RELEASED_BLOCKED', 'NOT_RELEASED_LAPSED', 'NOT_RELEASED_WITHDRAWN'] as const
  ).map((end) => told(f.inForce, ['REPORT_SHARED', '1'], 'BILLING_SETTLED', end).map(({ type }) => type));
  expect(lapsed).toEqual(blocked);
  expect(withdrawn).toEqual(blocked);
});

describe('section 3: the employee answers no invitation', () => {
  const unreachable: CaseEvent = { type: 'EmployeeUnreachable', data: { at } };
  const reachable: CaseEvent = { type: 'EmployeeReachable', data: { at } };
  const end = { caseId, unreachable: true };
  const byOwnDoctor = { actor: ownDoctor };
  it('is noted once in a case that runs, and taken back', () => {
    cases.events(f.wished).when('NoteEmployeeUnreachable', { caseId }).then(unreachable);
    cases.events(f.wished, unreachable).when('NoteEmployeeUnreachable', { caseId }).nothing();
    cases.events(f.wished, unreachable).when('NoteEmployeeReachable', { caseId }).then(reachable);
    cases.events(f.wished).when('NoteEmployeeReachable', { caseId }).nothing();
    for (const command of ['NoteEmployeeUnreachable', 'NoteEmployeeReachable'] as const) {
      cases.when(command, { caseId }).nothing();
      cases.events(f.wished, unreachable, f.closed('REFUSED')).when(command, { caseId }).nothing();
    }
    cases
      .events(...f.ready, f.submitted)
      .when('NoteEmployeeUnreachable', { caseId })
      .nothing();
  });
  it('his own doctor ends the case, honoured or not: NO_SHOW, and nothing was submitted that could be charged', () => {
    const ended = [
      { type: 'EndedForUnreachableEmployee', data: { at } },
      { type: 'CaseClosed', data: { outcome: 'NO_SHOW', closedAt: at } },
    ] as const;
    cases
      .events(f.wished, unreachable)
      .when('EndForUnreachableEmployee', end, byOwnDoctor)
      .then(...ended);
    cases
      .events(f.wished, f.isHonoured, unreachable)
      .when('EndForUnreachableEmployee', end, byOwnDoctor)
      .then(...ended);
  });
  it('nobody else ends it, and he only while the employee cannot be reached', () => {
    const tried = cases.events(f.wished, unreachable);
    for (const actor of [employee, f.backOffice, f.otherDoctor])
      tried.when('EndForUnreachableEmployee', end, { actor }).refused('intake.own-doctor-only');
    tried
      .when('EndForUnreachableEmployee', { ...end, unreachable: false }, byOwnDoctor)
      .refused('intake.employee-reachable');
    for (const history of [[f.wished], [f.wished, unreachable, reachable]])
      cases
        .events(...history)
        .when('EndForUnreachableEmployee', end, byOwnDoctor)
        .refused('intake.employee-reachable');
    cases
      .events(...f.ready, unreachable, f.submitted)
      .when('EndForUnreachableEmployee', end, byOwnDoctor)
      .refused('intake.already-submitted');
  });
});
