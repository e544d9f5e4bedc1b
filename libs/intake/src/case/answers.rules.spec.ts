import { aSeal, given } from '@second-opinion/kernel/testing';
import * as f from '../testing/case.fixtures';
import { aid } from '../testing/world.fixtures';
import { secondOpinionCase } from './case.decider';
import type { CaseEvent } from './case.events';

const { caseId, employee, ownDoctor, own, at } = f;
const byOwn = { actor: ownDoctor };
const byEmployee = { actor: employee };
const cases = given(secondOpinionCase);
const asked = f.askedFor('DOCTOR_CHOICE', 'EMPLOYEE_CONFIRMATION');
const until = '2026-12-02T23:00:00.000Z';
const reminded = (attempt: number): CaseEvent => ({ type: 'AnswerReminderDue', data: { attempt, until } });
const silent: CaseEvent = {
  type: 'EmployeeSilent',
  data: { of: ['DOCTOR_CHOICE', 'EMPLOYEE_CONFIRMATION'], at: until },
};
const answered: CaseEvent = { type: 'EmployeeAnswered', data: { at } };
const unreachable: CaseEvent = { type: 'EmployeeUnreachable', data: { at } };
const lastAfternoon = '2026-12-02T16:00:00.000Z';
const reachable: CaseEvent = { type: 'EmployeeReachable', data: { at: lastAfternoon } };
const askedIn = (until: string, ...reminders: string[]): CaseEvent =>
  ({
    ...asked,
    data: { ...asked.data, reminders: reminders.map((dueAt, index) => ({ attempt: index + 2, dueAt })), until },
  }) as CaseEvent;
const anew = askedIn('2026-12-09T23:00:00.000Z', '2026-12-04T16:00:00.000Z', '2026-12-08T16:00:00.000Z');
const loggedInAt = '2026-10-01T09:00:00.000Z';
const end = { caseId, unreachable: false };
const waits = cases.events(f.wished, f.explained, f.aided, f.described, f.isHonoured, f.proposed, asked);
const chosen = waits.events(f.choseTwo, f.askedFor('EMPLOYEE_CONFIRMATION'));

describe('section 3: what only the employee can do before the submission has a term', () => {
  it('that begins when something is asked of him, and anew with what is asked next', () => {
    const honour = { caseId, ownDoctor: own };
    cases.events(f.wished).when('HonourRequest', honour, byOwn).thenTypes('RequestHonoured');
    cases
      .events(f.wished, f.advisedUwv, f.described)
      .when('HonourRequest', honour, byOwn)
      .then(f.isHonoured, f.askedFor('EMPLOYEE_CHOICE', 'EMPLOYEE_CONFIRMATION'));
    const form = { caseId, subject: 'AbsenceGuidance', firstAdviceOn: '2026-11-02' } as const;
    const described = { ...form, doubt: aSeal('doubt'), questions: aSeal('questions'), ownDoctor: own };
    chosen
      .events(f.confirmed, answered)
      .when('DescribeRequest', described, byOwn)
      .then(f.describedAgain, f.askedFor('EMPLOYEE_CONFIRMATION'));
    cases
      .events(f.wished, f.isHonoured)
      .when('DescribeRequest', described, byOwn)
      .then(f.described, f.askedFor('EMPLOYEE_CONFIRMATION'));
  });
  it('and ends when nothing is asked of him any more; what others have to do is not asked of him', () => {
    chosen
      .when('ConfirmRequest', { caseId, formVersion: 1 }, byEmployee)
      .thenTypes('RequestConfirmedByEmployee', 'EmployeeAnswered');
    const employerAsked = chosen.events(f.choseOutside, f.confirmed, f.askedFor('PAYER_DECISION'));
    employerAsked
      .when('ConsentToDisclosure', { caseId }, byEmployee)
      .thenTypes('DisclosureToEmployerConsented', 'EmployeeAnswered');
    cases
      .events(...f.ready)
      .when('SubmitSecondOpinionRequest', { caseId, ownDoctor: own }, byOwn)
      .thenTypes('SecondOpinionRequestSubmitted', 'AssignmentOffered');
  });
  it('the same question does not begin it anew, before he is silent', () => {
    const submit = { caseId, ownDoctor: own };
    waits.when('SubmitSecondOpinionRequest', submit, byOwn).thenTypes('RequestReturnedIncomplete');
    waits
      .events(silent)
      .when('SubmitSecondOpinionRequest', submit, byOwn)
      .then(
        { type: 'RequestReturnedIncomplete', data: { missing: ['DOCTOR_CHOICE', 'EMPLOYEE_CONFIRMATION'], at } },
        asked,
      );
  });
  it('a request that can only be refused asks nothing of him (BR-05)', () =>
    cases
      .events(f.wished, f.described, f.isHonoured, f.askedFor('EMPLOYEE_CONFIRMATION'))
      .when(
        'CompleteDecisionAid',
        { caseId, ...aid, preEmployment: true, answers: aSeal('answers'), ownDoctor: own },
        byOwn,
      )
      .thenTypes('DecisionAidCompleted', 'EmployeeAnswered'));
  it('he is reminded twice, once he has a login', () => {
    waits.when('RemindEmployeeOfAnswer', { caseId, attempt: 2, loggedInAt }).then(reminded(2));
    waits.when('RemindEmployeeOfAnswer', { caseId, attempt: 2 }).nothing();
    waits.events(reminded(2)).when('RemindEmployeeOfAnswer', { caseId, attempt: 2, loggedInAt }).nothing();
    waits.events(reminded(2)).when('RemindEmployeeOfAnswer', { caseId, attempt: 3, loggedInAt }).then(reminded(3));
    for (const after of [waits.events(silent), waits.events(answered), cases.events(...f.assigned)])
      after.when('RemindEmployeeOfAnswer', { caseId, attempt: 2, loggedInAt }).nothing();
  });
  it('and counts as silent after the last, once; not who cannot be reached at all', () => {
    waits.when('NoteEmployeeSilent', { caseId, loggedInAt }, { now: until }).then(silent);
    waits.when('NoteEmployeeSilent', { caseId, loggedInAt }).nothing();
    for (const after of [
      waits.events(silent),
      waits.events(answered),
      waits.events(unreachable),
      waits.events(f.choseTwo, f.confirmed, answered, f.submitted),
    ])
      after.when('NoteEmployeeSilent', { caseId, loggedInAt }, { now: until }).nothing();
    waits.events(unreachable).when('NoteEmployeeReachable', { caseId }).thenTypes('EmployeeReachable', 'EmployeeAsked');
  });
  it('nobody is silent who has no login: he was reminded of nothing', () =>
    waits.when('NoteEmployeeSilent', { caseId }, { now: until }).nothing());
  it('his login begins it anew, when it had begun before', () => {
    const login = { caseId, loggedInAt: lastAfternoon };
    waits.when('NoteEmployeeReachable', login, { now: lastAfternoon }).then(anew);
    waits.events(anew).when('NoteEmployeeReachable', login, { now: lastAfternoon }).nothing();
    // He can log in on the day he is asked, or long before: both reminders reach him.
    for (const day of [at, loggedInAt]) waits.when('NoteEmployeeReachable', { caseId, loggedInAt: day }).nothing();
    waits.when('NoteEmployeeReachable', { caseId }).nothing();
    waits.events(unreachable).when('NoteEmployeeReachable', login, { now: lastAfternoon }).then(reachable, anew);
    // Given up for lack of an answer, invited anew by his own doctor, and logged in.
    waits.events(silent).when('NoteEmployeeReachable', login, { now: lastAfternoon }).then(anew);
    // Honoured before such a term was known.
    cases
      .events(f.wished, f.described, f.isHonoured)
      .when('NoteEmployeeReachable', { caseId, loggedInAt: at })
      .then(f.askedFor('EMPLOYEE_CONFIRMATION'));
    for (const after of [
      cases.events(f.wished),
      waits.events(f.choseTwo, f.confirmed, answered),
      cases.events(...f.inForce),
    ])
      after.when('NoteEmployeeReachable', login, { now: lastAfternoon }).nothing();
  });
  it('nobody is silent at the end of a term in part of which he had no login, whatever the case has heard of it', () => {
    const login = { caseId, loggedInAt: lastAfternoon };
    waits
      .when('NoteEmployeeSilent', login, { now: until })
      .then(askedIn('2026-12-10T23:00:00.000Z', '2026-12-06T23:00:00.000Z', '2026-12-08T23:00:00.000Z'));
    const now = '2026-12-09T23:00:00.000Z';
    waits
      .events(anew)
      .when('NoteEmployeeSilent', login, { now })
      .then({ ...silent, data: { ...silent.data, at: now } } as CaseEvent);
  });
});

describe('section 3: the case of an employee who is silent', () => {
  const given = waits.events(silent);
  it('is ended by his own doctor: NO_SHOW, and nothing was submitted that could be charged', () => {
    given
      .when('EndForUnreachableEmployee', end, byOwn)
      .then({ type: 'EndedForUnreachableEmployee', data: { at } }, f.closed('NO_SHOW'));
    for (const actor of [employee, f.backOffice, f.otherDoctor])
      given.when('EndForUnreachableEmployee', end, { actor }).refused('intake.own-doctor-only');
  });
  it('goes on when he answers after all', () => {
    given
      .when(
        'ChooseSecondOpinionDoctor',
        { caseId, first: 'doctor-first', candidates: [f.first], ownDoctor: own, contract: f.contract },
        byEmployee,
      )
      .then(f.choseOne, f.askedFor('EMPLOYEE_CONFIRMATION'));
    for (const after of [chosen, given.events(asked), given.events(answered)])
      after.when('EndForUnreachableEmployee', end, byOwn).refused('intake.employee-reachable');
  });
});
