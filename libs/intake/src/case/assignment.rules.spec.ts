import { given } from '@second-opinion/kernel/testing';
import type { CaseEvent } from './case.events';
import * as f from '../testing/case.fixtures';
import { secondOpinionCase } from './case.decider';

const { caseId, firstDoctor, secondDoctor, own, contract, at, first } = f;
const byFirst = { actor: firstDoctor };
const cases = given(secondOpinionCase);
const accept = { caseId, candidate: first, ownDoctor: own, contract };

describe('A7 the assignment', () => {
  it('is accepted with a fresh proof of independence', () => {
    cases
      .events(...f.assigned)
      .when('AcceptAssignment', accept, byFirst)
      .then(f.accepted);
    cases
      .events(...f.assigned, f.accepted)
      .when('AcceptAssignment', accept, byFirst)
      .nothing();
  });
  it('is not accepted before reporting takes withdrawals', () => {
    cases
      .events(...f.ready, f.submitted, f.offered)
      .when('AcceptAssignment', accept, byFirst)
      .refused('intake.file-not-open-yet');
    cases
      .events(...f.ready, f.submitted, f.offered, f.fileOpened)
      .when('AcceptAssignment', accept, byFirst)
      .then(f.accepted);
  });
  it('only by the doctor it was offered to', () => {
    cases
      .events(...f.assigned)
      .when('AcceptAssignment', accept, { actor: secondDoctor })
      .refused('intake.assigned-doctor-only');
    cases
      .events(...f.assigned)
      .when('AcceptAssignment', accept, { actor: { ...firstDoctor, role: 'back-office' } })
      .refused('intake.assigned-doctor-only');
  });
  it('BR-15 BR-19 not by a doctor who has meanwhile moved to the own doctor’s service, or lost his registration', () => {
    const moved = { ...accept, candidate: { ...first, organisationId: 'service-own' } };
    cases
      .events(...f.assigned)
      .when('AcceptAssignment', moved, byFirst)
      .refused('intake.doctor-not-independent');
    const struckOff = { ...accept, candidate: { ...first, registeredUntil: '2026-11-01' } };
    cases
      .events(...f.assigned)
      .when('AcceptAssignment', struckOff, byFirst)
      .refused('intake.doctor-not-independent');
  });
  it('BR-20 declined, it moves to the second preference without a new request', () => {
    cases
      .events(...f.assigned)
      .when('DeclineAssignment', { caseId }, byFirst)
      .then(f.declined, f.offeredTo('doctor-second', 2));
  });
  it('BR-20 with no preference left nobody is available', () => {
    const one = f.assigned.map((event) => (event === f.choseTwo ? f.choseOne : event));
    cases
      .events(...one)
      .when('DeclineAssignment', { caseId }, byFirst)
      .then(f.declined, f.nobodyLeft);
  });
  it('not answered in time counts as declined, once and only for its round', () => {
    const late = { caseId, round: 1, awaited: 'answer' } as const;
    cases
      .events(...f.assigned)
      .when('NoteAssignmentNotAnswered', late)
      .then(
        { type: 'AssignmentDeclined', data: { doctorId: 'doctor-first', round: 1, cause: 'NOT_ANSWERED' } },
        f.offeredTo('doctor-second', 2),
      );
    cases
      .events(...f.assigned, f.accepted)
      .when('NoteAssignmentNotAnswered', late)
      .nothing();
    cases
      .events(...f.assigned, f.declined, f.offeredTo('doctor-second', 2))
      .when('NoteAssignmentNotAnswered', late)
      .nothing();
  });
  it('accepted but never declared independent, it moves on as not answered', () => {
    const late = { caseId, round: 1, awaited: 'independence' } as const;
    cases
      .events(...f.assigned, f.accepted)
      .when('NoteAssignmentNotAnswered', late)
      .thenTypes('AssignmentDeclined', 'AssignmentOffered');
    cases
      .events(...f.inForce)
      .when('NoteAssignmentNotAnswered', late)
      .nothing();
  });
});

describe('A7 independence', () => {
  it('BR-21 is declared after acceptance has shown the name', () => {
    cases
      .events(...f.assigned)
      .when('ConfirmIndependence', accept, byFirst)
      .refused('intake.not-accepted-yet');
    cases
      .events(...f.assigned, f.accepted)
      .when('ConfirmIndependence', accept, byFirst)
      .then({ ...f.independent, textVersion: 'independence-2026.1' });
    cases
      .events(...f.inForce)
      .when('ConfirmIndependence', accept, byFirst)
      .nothing();
  });
  it('BR-19 with a valid registration', () => {
    const candidate = { ...first, registeredUntil: '2026-11-24' };
    cases
      .events(...f.assigned, f.accepted)
      .when('ConfirmIndependence', { ...accept, candidate }, byFirst)
      .refused('intake.doctor-not-registered');
  });
  it('BR-21 not by a doctor who has meanwhile acted for this person in another case, nor by one of the own doctor’s service (BR-15)', () => {
    const confirms = (candidate: Partial<typeof first>) =>
      cases
        .events(...f.assigned, f.accepted)
        .when('ConfirmIndependence', { ...accept, candidate: { ...first, ...candidate } }, byFirst);
    const failed = (code: string) =>
      ['intake.doctor-not-independent', { doctorId: 'doctor-first', failed: [code] }] as const;
    confirms({ actedBefore: true }).refused(...failed('ACTED_BEFORE'));
    confirms({ organisationId: 'service-own' }).refused(...failed('SAME_SERVICE'));
  });
  const rejects = { caseId, otherCaseIds: [] };
  it('BR-21 rejected, it moves on as if declined', () => {
    cases
      .events(...f.assigned, f.accepted)
      .when('RejectIndependence', rejects, byFirst)
      .then(
        {
          type: 'IndependenceRejected',
          data: { doctorId: 'doctor-first', round: 1, at },
          textVersion: 'independence-2026.1',
        },
        f.offeredTo('doctor-second', 2),
      );
    cases
      .events(...f.inForce)
      .when('RejectIndependence', rejects, byFirst)
      .refused('intake.not-accepted-yet');
  });
  it('BR-21 rejected, it says in which other cases of this person it counts', () => {
    const [event] = cases
      .events(...f.assigned, f.accepted)
      .when('RejectIndependence', { caseId, otherCaseIds: ['case-2'] }, byFirst)
      .events();
    expect(event?.data).toEqual({ doctorId: 'doctor-first', round: 1, at, otherCaseIds: ['case-2'] });
  });
  const elsewhere = { caseId, doctorId: 'doctor-first' };
  const declaredElsewhere: CaseEvent = {
    type: 'EarlierInvolvementDeclared',
    data: { doctorId: 'doctor-first', round: 1, at },
  };
  it('BR-21 rejected in another case of this person: noted where he has taken it, until the report is shared or the case ends', () => {
    for (const given of [[...f.assigned, f.accepted], f.inForce]) {
      cases
        .events(...given)
        .when('NoteEarlierInvolvement', elsewhere)
        .then(declaredElsewhere);
      cases
        .events(...given, declaredElsewhere)
        .when('NoteEarlierInvolvement', elsewhere)
        .nothing();
    }
    for (const given of [
      [...f.ready],
      [...f.assigned],
      [...f.inForce, f.reassigned],
      [...f.inForce, f.shared],
      [...f.inForce, f.closed('WITHDRAWN')],
    ])
      cases
        .events(...given)
        .when('NoteEarlierInvolvement', elsewhere)
        .nothing();
    cases
      .events(...f.inForce)
      .when('NoteEarlierInvolvement', { caseId, doctorId: 'doctor-second' })
      .nothing();
  });
  it('BR-21 who rejected it in another case does not confirm it here, and is not chosen again', () => {
    const noted = cases.events(...f.assigned, f.accepted, declaredElsewhere);
    noted
      .when('ConfirmIndependence', accept, byFirst)
      .refused('intake.doctor-not-independent', { doctorId: 'doctor-first', failed: ['ACTED_BEFORE'] });
    expect(noted.state().notIndependent).toEqual(['doctor-first']);
  });
});

describe('A15 a doctor who took the assignment cannot finish it', () => {
  const given = { caseId, cause: 'DOCTOR_ILL' } as const;
  const byOffice = { actor: f.backOffice };
  const inForce = cases.events(...f.inForce);
  it('he or back office gives it to the next, who begins anew', () => {
    for (const actor of [byFirst, byOffice])
      inForce.when('ReassignAssignment', given, actor).then(f.reassigned, f.offeredTo('doctor-second', 2));
    cases
      .events(...f.assigned, f.accepted)
      .when('ReassignAssignment', given, byFirst)
      .then(f.reassigned, f.offeredTo('doctor-second', 2));
    cases
      .events(...f.inForce, f.reassigned, f.offeredTo('doctor-second', 2))
      .when('AcceptAssignment', accept, byFirst)
      .refused('intake.assigned-doctor-only');
  });
  it('with no preference left the choice is open again, with a new consent of the employee', () => {
    const one = f.inForce.map((event) => (event === f.choseTwo ? f.choseOne : event));
    cases
      .events(...one)
      .when('ReassignAssignment', given, byOffice)
      .then(f.reassigned, { type: 'NoDoctorAvailable', data: { afterRound: 1 } });
  });
  it('not before he took it, not once his report was shared, not after the end, and by nobody else', () => {
    cases
      .events(...f.assigned)
      .when('ReassignAssignment', given, byOffice)
      .refused('intake.not-accepted-yet');
    cases
      .events(...f.inForce, f.noted('REPORT_SHARED', '1'))
      .when('ReassignAssignment', given, byOffice)
      .refused('intake.report-shared');
    cases
      .events(...f.inForce, f.closed('WITHDRAWN'))
      .when('ReassignAssignment', given, byOffice)
      .refused('intake.case-ended');
    inForce.when('ReassignAssignment', given, { actor: secondDoctor }).refused('intake.assigned-doctor-only');
  });
});

describe('A15 BR-36 the sharing crosses the reassignment', () => {
  const gaveUp = [...f.inForce, f.reassigned];
  const share = { caseId, milestone: 'REPORT_SHARED', at, ref: '1' } as const;
  it('who was asked instead is asked no more, and the case is its doctor’s again', () => {
    cases
      .events(...gaveUp, f.offeredTo('doctor-second', 2))
      .when('NoteMilestone', share)
      .then(f.shared, f.takenBack, f.restoredIn(3));
    cases
      .events(...gaveUp, f.nobodyLeft)
      .when('NoteMilestone', share)
      .then(f.shared, f.restoredIn(2));
    cases
      .events(...f.inForce)
      .when('NoteMilestone', share)
      .then(f.shared);
  });
  it('A15 it is his who could share a report, not his who gave it up before he could begin', () => {
    const gaveUpToo = [f.acceptedBy('doctor-second', 2), f.reassignedFrom('doctor-second', 2), f.nobodyLeft];
    cases
      .events(...gaveUp, f.offeredTo('doctor-second', 2), ...gaveUpToo)
      .when('NoteMilestone', share)
      .then(f.shared, f.restoredIn(3));
  });
  it('nobody proposes, chooses, accepts or ends the case for lack of a doctor; the own doctor is not told why (BR-38)', () => {
    const own = { actor: f.ownDoctor };
    // The second history is of before the case became its doctor's again.
    for (const history of [
      [...gaveUp, f.nobodyLeft, f.shared, f.restoredIn(2)],
      [...gaveUp, f.nobodyLeft, f.shared],
    ]) {
      const known = cases.events(...history);
      known.when('EndForLackOfDoctor', { caseId }, own).refused('intake.doctor-available');
      const facts = { candidates: [f.second], ownDoctor: f.own, contract };
      known
        .when('ProposeDoctors', { caseId, doctorIds: ['doctor-second'], ...facts }, own)
        .refused('intake.already-submitted');
      const chosen = { caseId, first: 'doctor-second', ...facts } as never;
      known.when('ChooseSecondOpinionDoctor', chosen, { actor: f.employee }).refused('intake.already-submitted');
    }
    for (const history of [
      [...gaveUp, f.offeredTo('doctor-second', 2), f.shared, f.takenBack, f.restoredIn(3)],
      [...gaveUp, f.offeredTo('doctor-second', 2), f.shared],
    ]) {
      const known = cases.events(...history);
      known
        .when('AcceptAssignment', { ...accept, candidate: f.second }, { actor: secondDoctor })
        .refused('intake.assigned-doctor-only');
      known.when('NoteAssignmentNotAnswered', { caseId, round: 2, awaited: 'answer' }).nothing();
    }
  });
  it.each([
    ['for lack of a doctor', [f.nobodyLeft, f.closed('NO_DOCTOR')]],
    ['for a quote of the next one that nobody signed', [f.noted('QUOTE_DECLINED', 'q'), f.closed('QUOTE_NOT_SIGNED')]],
  ])('a case that was ended %s before the sharing was heard of is opened again by the release', (_, ended) => {
    cases
      .events(...gaveUp, ...ended)
      .when('NoteMilestone', { caseId, milestone: 'REPORT_RELEASED', at, ref: '1' })
      .then(f.noted('REPORT_RELEASED', '1'), { type: 'CaseReopened', data: { reopenedAt: at } }, f.restoredIn(2));
  });
});
