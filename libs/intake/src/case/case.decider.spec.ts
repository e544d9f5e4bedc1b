import { REFUSAL_GROUNDS, SUBJECTS } from '@second-opinion/contracts';
import { aSeal, given } from '@second-opinion/kernel/testing';
import * as f from '../testing/case.fixtures';
import { aid } from '../testing/world.fixtures';
import { secondOpinionCase } from './case.decider';
import type { CaseEvent } from './case.events';

const { caseId, employee, ownDoctor, otherDoctor, backOffice, own, at } = f;
const byOwn = { actor: ownDoctor };
const byEmployee = { actor: employee };
const cases = given(secondOpinionCase);
const wish = {
  caseId,
  initiator: 'EMPLOYEE',
  contractId: 'contract-1',
  region: '35',
  ownDoctor: own,
  contractKnown: true,
} as const;
const refusal = {
  caseId,
  ground: 'IMPROPER_USE' as const,
  motivation: aSeal('why'),
  ownDoctor: own,
  earlierCaseIds: [] as string[],
};

describe('A1 the wish', () => {
  it('is recorded by the own doctor, with the terms decided', () => {
    cases.when('RecordSecondOpinionWish', { ...wish, personId: 'person-1' }, byOwn).then(f.wished);
  });
  it('BR-01 only an employee or ex-employee can be the initiator', () => {
    for (const initiator of ['EMPLOYER', 'CASE_MANAGER', 'OTHER'] as const)
      cases.when('RecordSecondOpinionWish', { ...wish, initiator }, byOwn).refused('intake.only-employee-initiates');
    cases
      .when('RecordSecondOpinionWish', { ...wish, initiator: 'FORMER_EMPLOYEE' }, byOwn)
      .thenTypes('SecondOpinionWishRecorded');
  });
  it('BR-02 cannot be recorded by anybody but a company doctor', () => {
    for (const actor of [backOffice, employee, f.firstDoctor])
      cases.when('RecordSecondOpinionWish', wish, { actor }).refused('intake.own-doctor-only');
  });
  it('BR-19 needs a valid registration on the day', () => {
    const expired = { ...own, registeredUntil: '2026-11-24' };
    cases
      .when('RecordSecondOpinionWish', { ...wish, ownDoctor: expired }, byOwn)
      .refused('intake.doctor-not-registered');
    const lastDay = { ...own, registeredUntil: '2026-11-25' };
    cases
      .when('RecordSecondOpinionWish', { ...wish, ownDoctor: lastDay }, byOwn)
      .thenTypes('SecondOpinionWishRecorded');
  });
  it('BR-13 has no maximum: a further case only names the earlier one', () => {
    const events = cases.when('RecordSecondOpinionWish', { ...wish, previousCaseId: 'case-0' }, byOwn).events();
    expect(events[0]?.data).toMatchObject({ previousCaseId: 'case-0' });
  });
  it('is recorded once, and needs a known base contract', () => {
    cases.events(f.wished).when('RecordSecondOpinionWish', wish, byOwn).refused('intake.wish-exists');
    cases.when('RecordSecondOpinionWish', { ...wish, contractKnown: false }, byOwn).refused('intake.no-base-contract');
  });
});

describe('A2 and A3, aid and explanation', () => {
  const answers = { caseId, ...aid, answers: aSeal('answers') };

  it('stores outcome, rule and ruleset version plain and the answers sealed', () => {
    cases
      .events(f.wished)
      .when('CompleteDecisionAid', answers, byOwn)
      .then({ ...f.aided, textVersion: 'decision-aid-2026.1' });
  });
  it('BR-77 stores the version of the text that was explained', () => {
    cases
      .events(f.wished)
      .when('ExplainNonSuspension', { caseId }, byOwn)
      .then({ ...f.explained, textVersion: 'non-suspension-2026.1' });
    cases.events(f.wished, f.explained).when('ExplainNonSuspension', { caseId }, byOwn).nothing();
  });
  it('BR-19 aid, explanation and form are a doctor’s acts; what only ends a case or records what others said is not', () => {
    const acts = [
      ['CompleteDecisionAid', answers],
      ['ExplainNonSuspension', { caseId }],
      [
        'DescribeRequest',
        { caseId, subject: 'AbsenceGuidance', firstAdviceOn: '2026-11-02', doubt: aSeal('d'), questions: aSeal('q') },
      ],
    ] as const;
    for (const [act, command] of acts) {
      const on = (registeredUntil: string, actor = byOwn) =>
        cases.events(f.wished).when(act, { ...command, ownDoctor: { ...own, registeredUntil } } as never, actor);
      on('2026-11-24').refused('intake.doctor-not-registered', { on: '2026-11-25' });
      expect(on('2026-11-25').events()).toHaveLength(1);
      if (act === 'DescribeRequest') expect(on('2026-11-24', byEmployee).events()).toHaveLength(1);
    }
  });
  it('BR-08 the employee who insists is not stopped by the advice', () => {
    cases
      .events(f.wished, f.advisedUwv)
      .when('InsistOnSecondOpinion', { caseId }, byEmployee)
      .then({ ...f.insisted, textVersion: 'decision-aid-2026.1' });
    const [, , , ...rest] = f.ready;
    cases
      .events(f.wished, f.explained, f.advisedUwv, f.insisted, ...rest)
      .when('SubmitSecondOpinionRequest', { caseId, ownDoctor: own }, byOwn)
      .thenTypes('SecondOpinionRequestSubmitted', 'AssignmentOffered');
  });
  it('BR-08 who does not insist is asked first', () => {
    const [, , , ...rest] = f.ready;
    const [event] = cases
      .events(f.wished, f.explained, f.advisedUwv, ...rest)
      .when('SubmitSecondOpinionRequest', { caseId, ownDoctor: own }, byOwn)
      .events();
    expect(event).toMatchObject({ type: 'RequestReturnedIncomplete', data: { missing: ['EMPLOYEE_CHOICE'] } });
  });
  it('BR-05 a pre-employment examination is always rejected with code PRE_EMPLOYMENT', () => {
    const examined = cases.events(f.wished, f.advisedReExamination);
    const facts = { reason: 'PRE_EMPLOYMENT', rulesetVersion: 'decision-aid-2026.1' };
    examined.when('InsistOnSecondOpinion', { caseId }, byEmployee).refused('intake.not-possible', facts);
    examined.when('HonourRequest', { caseId, ownDoctor: own }, byOwn).refused('intake.not-possible', facts);
    examined.when('RefuseRequest', refusal, byOwn).refused('intake.not-possible', { reason: 'PRE_EMPLOYMENT' });
    examined
      .when('RefuseRequest', { ...refusal, ground: 'PRE_EMPLOYMENT' }, byOwn)
      .thenTypes('RequestRefused', 'CaseClosed');
    cases
      .events(f.wished, f.isHonoured, f.advisedReExamination)
      .when('RefuseRequest', { ...refusal, ground: 'PRE_EMPLOYMENT' }, byOwn)
      .thenTypes('RequestRefused', 'CaseClosed');
    cases
      .events(...f.ready, f.advisedReExamination)
      .when('SubmitSecondOpinionRequest', { caseId, ownDoctor: own }, byOwn)
      .refused('intake.not-possible', facts);
  });
  it('a new answer with another outcome asks the employee again', () => {
    cases
      .events(f.wished, f.advisedUwv, f.insisted, f.aided, f.advisedUwv)
      .when('InsistOnSecondOpinion', { caseId }, byEmployee)
      .thenTypes('EmployeeChoseSecondOpinion');
  });
  it('following the advice ends the case as redirected', () => {
    cases
      .events(f.wished, f.advisedUwv)
      .when('ChooseOtherInstrument', { caseId, instrument: 'UWV_EXPERT_JUDGMENT' }, byEmployee)
      .then(
        {
          type: 'OtherInstrumentChosen',
          data: { instrument: 'UWV_EXPERT_JUDGMENT', at },
          textVersion: 'decision-aid-2026.1',
        },
        f.closed('REDIRECTED'),
      );
  });
});

describe('A4 honour or refuse', () => {
  it('BR-03 neither a case manager, back office nor another doctor can honour or refuse', () => {
    for (const actor of [backOffice, otherDoctor, employee, f.firstDoctor]) {
      cases
        .events(f.wished)
        .when('HonourRequest', { caseId, ownDoctor: own }, { actor })
        .refused('intake.own-doctor-only');
      cases.events(f.wished).when('RefuseRequest', refusal, { actor }).refused('intake.own-doctor-only');
    }
  });
  it('BR-10 honouring needs no reason', () => {
    cases.events(f.wished).when('HonourRequest', { caseId, ownDoctor: own }, byOwn).then(f.isHonoured);
    cases.events(f.wished, f.isHonoured).when('HonourRequest', { caseId, ownDoctor: own }, byOwn).nothing();
  });
  it('BR-10 BR-14 a refusal carries the motivation for the employee and the complaint route in the same message', () => {
    cases
      .events(f.wished)
      .when('RefuseRequest', refusal, byOwn)
      .then(
        {
          type: 'RequestRefused',
          data: {
            ground: 'IMPROPER_USE',
            motivation: aSeal('why'),
            employeeId: 'person-1',
            ownDoctorId: 'doctor-own',
            earlierCaseIds: [],
            complaintRouteVersion: 'complaint-route-2026.1',
            at,
          },
          textVersion: 'complaint-route-2026.1',
        },
        f.closed('REFUSED'),
      );
  });
  it('BR-11 every ground of the closed list can be given, and there are eleven', () => {
    expect(REFUSAL_GROUNDS).toHaveLength(11);
    for (const ground of REFUSAL_GROUNDS)
      cases
        .events(f.wished)
        .when('RefuseRequest', { ...refusal, ground, earlierCaseIds: ['case-0'] }, byOwn)
        .thenTypes('RequestRefused', 'CaseClosed');
  });
  it('BR-12 REPEATED_SAME_SUBJECT needs an earlier case, in the system or declared', () => {
    const repeated = { ...refusal, ground: 'REPEATED_SAME_SUBJECT' } as const;
    cases.events(f.wished).when('RefuseRequest', repeated, byOwn).refused('intake.no-earlier-case');
    cases
      .events(f.wished)
      .when('RefuseRequest', { ...repeated, earlierCaseIds: ['case-0'] }, byOwn)
      .thenTypes('RequestRefused', 'CaseClosed');
    cases
      .events(f.wished, f.described)
      .when('RefuseRequest', { ...repeated, earlierDeclaredOn: '2026-01-09' }, byOwn)
      .thenTypes('RequestRefused', 'CaseClosed');
  });
  it('BR-12 an earlier case that is declared was before today, and on the advice that the form names', () => {
    const declared = (earlierDeclaredOn: string, ground: (typeof REFUSAL_GROUNDS)[number] = 'REPEATED_SAME_SUBJECT') =>
      ['RefuseRequest', { ...refusal, ground, earlierDeclaredOn }, byOwn] as const;
    const described = cases.events(f.wished, f.described);
    described.when(...declared('2099-01-01')).refused('intake.earlier-in-future', { earlierDeclaredOn: '2099-01-01' });
    described.when(...declared('2026-11-26', 'IMPROPER_USE')).refused('intake.earlier-in-future');
    described.when(...declared('2026-11-25')).thenTypes('RequestRefused', 'CaseClosed');
    cases
      .events(f.wished)
      .when(...declared('2026-01-09'))
      .refused('intake.request-not-described');
  });
  it('what is honoured is no longer refused, what is refused no longer honoured', () => {
    cases.events(f.wished, f.isHonoured).when('RefuseRequest', refusal, byOwn).refused('intake.already-honoured');
    cases
      .events(f.wished, f.closed('REFUSED'))
      .when('HonourRequest', { caseId, ownDoctor: own }, byOwn)
      .refused('intake.case-ended');
  });
  it('the reminder and the overdue fact come once, and not after the decision', () => {
    cases.events(f.wished).when('RemindOfDecision', { caseId }).thenTypes('DecisionReminderDue');
    cases.events(f.wished).when('NoteDecisionOverdue', { caseId }).thenTypes('DecisionOverdue');
    cases.events(f.wished, f.isHonoured).when('RemindOfDecision', { caseId }).nothing();
    cases.events(f.wished, f.isHonoured).when('NoteDecisionOverdue', { caseId }).nothing();
    const overdue = { type: 'DecisionOverdue', data: { dueAt: at } } as const;
    cases.events(f.wished, overdue).when('NoteDecisionOverdue', { caseId }).nothing();
  });
});

describe('A6 form, confirmation, submission', () => {
  const form = {
    caseId,
    subject: 'AbsenceGuidance',
    firstAdviceOn: '2026-11-02',
    doubt: aSeal('doubt'),
    questions: aSeal('questions'),
  } as const;
  const submit = { caseId, ownDoctor: own };

  it('BR-04 BR-06 the form has exactly one of three subjects, a first advice and a reason for doubt', () => {
    expect(SUBJECTS).toHaveLength(3);
    cases.events(f.wished).when('DescribeRequest', form, byOwn).then(f.described);
    cases
      .events(f.wished)
      .when('DescribeRequest', { ...form, firstAdviceOn: '2026-11-26' }, byOwn)
      .refused('intake.first-advice-in-future');
  });
  it('own doctor and employee may write it, nobody else', () => {
    cases.events(f.wished, f.described).when('DescribeRequest', form, byEmployee).then(f.describedAgain);
    cases.events(f.wished).when('DescribeRequest', form, { actor: otherDoctor }).refused('intake.own-doctor-only');
  });
  it('BR-01 the employee confirms under his own login the version he has read', () => {
    const described = cases.events(f.wished, f.described);
    described.when('ConfirmRequest', { caseId, formVersion: 1 }, byOwn).refused('intake.employee-only');
    described
      .when('ConfirmRequest', { caseId, formVersion: 1 }, byEmployee)
      .then({ ...f.confirmed, textVersion: 'confirmation-2026.1' });
    described
      .when('ConfirmRequest', { caseId, formVersion: 2 }, byEmployee)
      .refused('intake.form-changed', { formVersion: 1 });
  });
  it('a person who joined registrations is himself under each', () => {
    const joined = { ...employee, id: 'person-0', joined: ['person-1'] };
    cases
      .events(f.wished, f.described)
      .when('ConfirmRequest', { caseId, formVersion: 1 }, { actor: joined })
      .thenTypes('RequestConfirmedByEmployee');
  });
  it('a form that changes after the confirmation is confirmed again', () => {
    const [event] = cases
      .events(...f.ready, f.describedAgain)
      .when('SubmitSecondOpinionRequest', submit, byOwn)
      .events();
    expect(event).toMatchObject({ data: { missing: ['EMPLOYEE_CONFIRMATION'] } });
  });
  it('is submitted whole, and offered to the first choice', () => {
    cases
      .events(...f.ready)
      .when('SubmitSecondOpinionRequest', submit, byOwn)
      .then(f.submitted, f.offered);
  });
  it('BR-02 only the own doctor himself submits', () => {
    for (const actor of [backOffice, otherDoctor, employee, { ...ownDoctor, role: 'second-opinion-doctor' as const }])
      cases
        .events(...f.ready)
        .when('SubmitSecondOpinionRequest', submit, { actor })
        .refused('intake.own-doctor-only');
  });
  it('BR-19 with a registration that is valid that day', () => {
    cases
      .events(...f.ready)
      .when('SubmitSecondOpinionRequest', { caseId, ownDoctor: { ...own, registeredUntil: '2026-11-24' } }, byOwn)
      .refused('intake.doctor-not-registered');
  });
  it('BR-07 not before the decision aid is recorded', () => {
    const events = f.ready.filter((event) => event !== f.aided);
    cases
      .events(...events)
      .when('SubmitSecondOpinionRequest', submit, byOwn)
      .refused('intake.decision-aid-missing');
  });
  it('BR-09 not before the non-suspension is explained', () => {
    const events = f.ready.filter((event) => event !== f.explained);
    cases
      .events(...events)
      .when('SubmitSecondOpinionRequest', submit, byOwn)
      .refused('intake.non-suspension-not-explained');
  });
  it('BR-06 comes back with everything that is missing', () => {
    const bare = [f.wished, f.explained, f.aided, f.isHonoured];
    cases
      .events(...bare)
      .when('SubmitSecondOpinionRequest', submit, byOwn)
      .then({
        type: 'RequestReturnedIncomplete',
        data: { missing: ['REQUEST_FORM', 'DOCTOR_CHOICE', 'EMPLOYEE_CONFIRMATION'], at },
      });
  });
  it('is submitted once', () => {
    cases
      .events(...f.assigned)
      .when('SubmitSecondOpinionRequest', submit, byOwn)
      .refused('intake.already-submitted');
    cases
      .events(...f.assigned)
      .when('DescribeRequest', form, byOwn)
      .refused('intake.already-submitted');
  });
});

describe('participants and what the own doctor may know', () => {
  it('the doctor is a candidate until his independence is confirmed', () => {
    const of = (...events: CaseEvent[]) => secondOpinionCase.participants?.(cases.events(...events).state());
    expect(of()).toEqual({});
    expect(of(f.wished)).toEqual({ employee: 'person-1', 'own-doctor': 'doctor-own' });
    expect(of(...f.assigned, f.accepted)).toMatchObject({ 'candidate-doctor': 'doctor-first' });
    expect(of(...f.inForce)).toEqual({
      employee: 'person-1',
      'own-doctor': 'doctor-own',
      'second-opinion-doctor': 'doctor-first',
    });
  });
  it('BR-38 the way of the report is hidden from the own doctor', () => {
    const shared = { ...f.noted('REPORT_SHARED', '1') } as Parameters<
      NonNullable<typeof secondOpinionCase.hiddenFrom>
    >[0];
    expect(secondOpinionCase.hiddenFrom?.(shared, 'own-doctor')).toBe(true);
    expect(secondOpinionCase.hiddenFrom?.(shared, 'employee')).toBe(false);
    const held = { ...f.noted('CONSULTATION_HELD') } as typeof shared;
    expect(secondOpinionCase.hiddenFrom?.(held, 'own-doctor')).toBe(false);
  });
});
