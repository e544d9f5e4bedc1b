import type { Deadline } from '@second-opinion/kernel';
import { aSeal, recorded } from '@second-opinion/kernel/testing';
import type { CaseEvent } from './case/case.events';
import * as deadlines from './intake.deadlines';
import type { PersonEvent } from './person/person.events';
import * as f from './testing/case.fixtures';

/** running gives the refs that are still due after these events. */
function running<E extends CaseEvent | PersonEvent>(deadline: Deadline<E>, ...events: E[]): string[] {
  const refs = new Map<string, string>();
  for (const event of recorded('intake.case-1', events as CaseEvent[])) {
    const stopped =
      (deadline.stop as Record<string, ((event: unknown) => readonly string[] | 'all') | undefined>)[event.type]?.(
        event,
      ) ?? [];
    if (stopped === 'all') refs.clear();
    else stopped.forEach((ref) => refs.delete(ref));
    const started =
      (deadline.start as Record<string, ((event: unknown) => readonly { ref: string; dueAt: string }[]) | undefined>)[
        event.type
      ]?.(event) ?? [];
    started.forEach(({ ref, dueAt }) => refs.set(ref, dueAt));
  }
  return [...refs].map(([ref, dueAt]) => `${ref} ${dueAt}`);
}
const due = { stream: 'intake.case-1', streamId: '1', ref: '2', dueAt: f.at };

it('the decision is reminded and overdue until it is taken', () => {
  expect(running(deadlines.decisionReminder, f.wished)).toEqual(['decision 2026-11-30T09:00:00.000Z']);
  expect(running(deadlines.decisionTerm, f.wished)).toEqual(['decision 2026-12-02T23:00:00.000Z']);
  for (const decided of [f.isHonoured, f.closed('REFUSED')]) {
    expect(running(deadlines.decisionReminder, f.wished, decided)).toEqual([]);
    expect(running(deadlines.decisionTerm, f.wished, decided)).toEqual([]);
  }
});
it('the choice runs from the last proposal', () => {
  expect(running(deadlines.doctorChoiceTerm, f.proposed, f.proposed)).toHaveLength(1);
  expect(running(deadlines.doctorChoiceTerm, f.proposed, f.choseTwo)).toEqual([]);
  expect(running(deadlines.doctorChoiceTerm, f.proposed, f.choseTwo, f.proposed, f.offered)).toEqual([]);
  expect(running(deadlines.doctorChoiceTerm, f.nobodyLeft, f.proposed, f.restoredIn(2))).toEqual([]);
});
it('what the employee is asked is reminded and given up, until he has answered or the request is submitted', () => {
  const { answerReminders, answerTerm } = deadlines;
  const asked = f.askedFor('DOCTOR_CHOICE');
  expect(running(answerReminders, asked)).toEqual(['2 2026-11-27T09:00:00.000Z', '3 2026-12-01T09:00:00.000Z']);
  expect(running(answerTerm, asked, asked)).toEqual(['answer 2026-12-02T23:00:00.000Z']);
  const answered: CaseEvent = { type: 'EmployeeAnswered', data: { at: f.at } };
  for (const end of [answered, f.submitted, f.closed('WITHDRAWN')])
    for (const deadline of [answerReminders, answerTerm]) expect(running(deadline, asked, end)).toEqual([]);
  expect(answerReminders.send(due)).toMatchObject({ fields: { caseId: '1', attempt: 2 } });
  expect(answerTerm.send(due)).toMatchObject({ fields: { caseId: '1' } });
});
it('every round of the assignment has its own term', () => {
  const { assignmentAnswerTerm: answer, independenceTerm: independence } = deadlines;
  expect(running(answer, f.offered, f.declined, f.offeredTo('doctor-second', 2))).toEqual([
    '2 2026-12-02T23:00:00.000Z',
  ]);
  expect(running(answer, f.offered, f.accepted)).toEqual([]);
  expect(running(answer, f.offeredTo('doctor-second', 2), f.takenBack)).toEqual([]);
  expect(running(independence, f.accepted)).toEqual(['1 2026-11-27T23:00:00.000Z']);
  expect(running(independence, f.accepted, f.independent)).toEqual([]);
  expect(running(independence, f.accepted, f.reassigned)).toEqual([]);
  expect(running(independence, f.accepted, { type: 'RequestWithdrawn', data: { withdrawnAt: f.at } })).toEqual([]);
});
it('an invitation is sent again and given up, until somebody has redeemed it', () => {
  const plain = { invitationId: 'i-1', inviteeId: 'person-1', code: aSeal('code'), expiresAt: f.at };
  const repeats = [{ attempt: 2, dueAt: f.at }];
  const issued = (more: object): PersonEvent => ({ type: 'InvitationIssued', data: { ...plain, ...more } });
  const redeemed: PersonEvent = { type: 'InvitationRedeemed', data: { invitationId: 'i-1', at: f.at } };
  const { invitationRepeats, invitationTerm } = deadlines;
  expect(running(invitationRepeats, issued({ repeats }))).toEqual([`2/i-1 ${f.at}`]);
  expect(running(invitationTerm, issued({ unreachableAt: f.at }))).toEqual([`i-1 ${f.at}`]);
  for (const deadline of [invitationRepeats, invitationTerm]) {
    expect(running(deadline, issued({}))).toEqual([]);
    expect(running(deadline, issued({ repeats, unreachableAt: f.at }), redeemed)).toEqual([]);
  }
  const again = { personId: '1', invitationId: 'i-1' };
  expect(invitationRepeats.send({ ...due, ref: '2/i-1' }).fields).toEqual({ ...again, attempt: 2 });
  expect(invitationTerm.send({ ...due, ref: 'i-1' }).fields).toEqual(again);
});
it('they send their commands', () => {
  expect(deadlines.decisionReminder.send(due).fields).toEqual({ caseId: '1' });
  expect(deadlines.decisionTerm.send(due).fields).toEqual({ caseId: '1' });
  expect(deadlines.doctorChoiceTerm.send(due).fields).toEqual({ caseId: '1', dueAt: f.at });
  expect(deadlines.assignmentAnswerTerm.send(due).fields).toEqual({ caseId: '1', round: 2, awaited: 'answer' });
  expect(deadlines.independenceTerm.send(due).fields).toEqual({ caseId: '1', round: 2, awaited: 'independence' });
});
