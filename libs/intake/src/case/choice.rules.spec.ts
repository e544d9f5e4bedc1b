import { aSeal, given } from '@second-opinion/kernel/testing';
import * as f from '../testing/case.fixtures';
import { secondOpinionCase } from './case.decider';
import type { CaseEvent } from './case.events';
import type { Candidate } from './independence.rules';

const { caseId, employee, ownDoctor, own, contract, at, first, second, outside } = f;
const byOwn = { actor: ownDoctor };
const byEmployee = { actor: employee };
const cases = given(secondOpinionCase);
const honoured = cases.events(f.wished, f.explained, f.aided, f.described, f.isHonoured);
const open = honoured.events(f.proposed);
const facts = { ownDoctor: own, contract };
const confirmNext = f.askedFor('EMPLOYEE_CONFIRMATION');
const payNext = f.askedFor('PAYER_DECISION', 'EMPLOYEE_CONFIRMATION');
const choose = (candidates: Candidate[], more: object = {}) => {
  const [one, two] = candidates.map(({ doctorId }) => doctorId);
  return { caseId, first: one ?? '', ...(two === undefined ? {} : { second: two }), candidates, ...facts, ...more };
};

describe('A5 proposal', () => {
  const two = { caseId, doctorIds: ['doctor-first', 'doctor-second'], candidates: [first, second], ...facts };
  it('starts the 48 hours', () =>
    honoured.when('ProposeDoctors', two, byOwn).then(f.proposed, f.askedFor('DOCTOR_CHOICE', 'EMPLOYEE_CONFIRMATION')));
  it('comes after honouring, from the own doctor', () => {
    cases.events(f.wished).when('ProposeDoctors', two, byOwn).refused('intake.not-honoured');
    honoured.when('ProposeDoctors', two, byEmployee).refused('intake.own-doctor-only');
  });
  it('BR-16 with more than one doctor or service in the contract a choice must be left', () => {
    const one = { caseId, doctorIds: ['doctor-first', 'doctor-first'], candidates: [first], ...facts };
    honoured.when('ProposeDoctors', one, byOwn).refused('intake.choice-required', { listed: 2 });
    honoured
      .when('ProposeDoctors', { ...one, contract: { ...contract, listed: 1 } }, byOwn)
      .thenTypes('DoctorsProposed', 'EmployeeAsked');
  });
  it('BR-16 BR-21 nobody is asked to leave a choice that there is not: one of those in the contract is independent', () => {
    const one = { caseId, doctorIds: ['doctor-first'], candidates: [first], ...facts };
    const acted = { ...second, actedBefore: true };
    honoured
      .when('ProposeDoctors', { ...one, register: [first, acted, outside] }, byOwn)
      .thenTypes('DoctorsProposed', 'EmployeeAsked');
    honoured
      .when('ProposeDoctors', { ...one, register: [first, second] }, byOwn)
      .refused('intake.choice-required', { listed: 2 });
    const notIndependent = honoured.events(f.offered, {
      type: 'IndependenceRejected',
      data: { doctorId: 'doctor-second', round: 1, at },
    });
    notIndependent
      .when('ProposeDoctors', { ...one, register: [first, second] }, byOwn)
      .thenTypes('DoctorsProposed', 'EmployeeAsked');
  });
  it('BR-19 from an own doctor who is registered that day', () => {
    const struckOff = { ...two, ownDoctor: { ...own, registeredUntil: '2026-11-01' } };
    honoured.when('ProposeDoctors', struckOff, byOwn).refused('intake.doctor-not-registered');
  });
  it('an overdue choice is noted once, for the proposal it belongs to', () => {
    const dueAt = '2026-11-27T09:00:00.000Z';
    open.when('NoteDoctorChoiceOverdue', { caseId, dueAt }).then({ type: 'DoctorChoiceOverdue', data: { dueAt } });
    open.events(f.choseOne, f.proposed).when('NoteDoctorChoiceOverdue', { caseId, dueAt }).nothing();
    open.when('NoteDoctorChoiceOverdue', { caseId, dueAt: at }).nothing();
    open
      .events({ type: 'DoctorChoiceOverdue', data: { dueAt } })
      .when('NoteDoctorChoiceOverdue', { caseId, dueAt })
      .nothing();
  });
});

describe('A5 choice', () => {
  it('BR-16 is the employee’s alone', () => {
    open.when('ChooseSecondOpinionDoctor', choose([first, second]), byEmployee).then(f.choseTwo, confirmNext);
    open.when('ChooseSecondOpinionDoctor', choose([first]), byOwn).refused('intake.employee-only');
  });
  it('waits for the proposal', () => {
    honoured.when('ChooseSecondOpinionDoctor', choose([first]), byEmployee).refused('intake.doctors-not-proposed');
  });
  it('BR-20 two preferences are two doctors', () => {
    open.when('ChooseSecondOpinionDoctor', choose([first, first]), byEmployee).refused('intake.same-doctor-twice');
  });
  const dependent: [string, Partial<Candidate>, string][] = [
    ['BR-15 the same service', { organisationId: 'service-own' }, 'SAME_SERVICE'],
    ['BR-15 the same company', { companyId: 'company-1' }, 'SAME_COMPANY'],
    ['BR-15 the employer’s own company', { companyId: 'employer-1' }, 'SAME_COMPANY'],
    ['BR-15 the same institution', { institutionId: 'institution-1' }, 'SAME_INSTITUTION'],
    ['BR-19 an expired registration', { registeredUntil: '2026-11-24' }, 'NOT_REGISTERED'],
    ['BR-21 a doctor who acted for this person before', { actedBefore: true }, 'ACTED_BEFORE'],
    ['no second opinion doctor', { secondOpinionDoctor: false }, 'NOT_A_SECOND_OPINION_DOCTOR'],
    ['a doctor nobody knows', { known: false }, 'NOT_A_SECOND_OPINION_DOCTOR'],
  ];
  it.each(dependent)('%s is not independent', (_, over, failed) => {
    const ownDoctorThere = { ...own, companyId: 'company-1', institutionId: 'institution-1' };
    const named = choose([first, { ...second, ...over }], { ownDoctor: ownDoctorThere });
    const { events } = open.when('ChooseSecondOpinionDoctor', named, byEmployee);
    expect(events).toThrow(
      expect.objectContaining({
        code: 'intake.doctor-not-independent',
        facts: { doctorId: 'doctor-second', failed: expect.arrayContaining([failed]) as string[] },
      }),
    );
  });
  it('BR-15 defence is excepted from the rule on the same service', () => {
    const named = choose([{ ...first, organisationId: 'service-own' }], {
      contract: { ...contract, sector: 'DEFENCE' },
    });
    const [event] = open.when('ChooseSecondOpinionDoctor', named, byEmployee).events();
    expect(event).toMatchObject({ data: { choices: [{ checks: { service: 'EXEMPT' } }] } });
  });
  it('BR-21 a doctor who declared an earlier involvement is not chosen again', () => {
    const rejected = { type: 'IndependenceRejected', data: { doctorId: 'doctor-first', round: 1, at } } as const;
    cases
      .events(...f.ready, f.submitted, f.offered, f.accepted, rejected, f.nobodyLeft, f.proposed)
      .when('ChooseSecondOpinionDoctor', choose([first]), byEmployee)
      .refused('intake.doctor-not-independent');
  });
});

describe('who pays', () => {
  const choseOutside = open.events(f.choseOutside);
  it('BR-17 outside the contract a payer decision is needed, unless the employer agreed beforehand', () => {
    open.when('ChooseSecondOpinionDoctor', choose([outside]), byEmployee).then(f.choseOutside, payNext);
    const agreed = choose([outside], { contract: { ...contract, agreesToOthers: true } });
    const [event] = open.when('ChooseSecondOpinionDoctor', agreed, byEmployee).events();
    expect(event).toMatchObject({ data: { payerDecisionNeeded: false, choices: [{ agreedByContract: true }] } });
  });
  it('BR-17 without that decision nothing is submitted', () => {
    const [event] = choseOutside
      .events(f.confirmed)
      .when('SubmitSecondOpinionRequest', { caseId, ownDoctor: own }, byOwn)
      .events();
    expect(event).toMatchObject({ data: { missing: ['PAYER_DECISION'] } });
  });
  it('BR-18 the employer is only asked with the employee’s consent', () => {
    choseOutside
      .when('RecordEmployerAgreement', { caseId, agreed: true }, byOwn)
      .refused('intake.no-disclosure-consent');
    choseOutside.when('ConsentToDisclosure', { caseId }, byOwn).refused('intake.employee-only');
    choseOutside
      .when('ConsentToDisclosure', { caseId }, byEmployee)
      .then({ ...f.disclosureConsented, textVersion: 'disclosure-to-employer-2026.1' }, confirmNext);
    choseOutside
      .events(f.disclosureConsented)
      .when('RecordEmployerAgreement', { caseId, agreed: true }, byOwn)
      .then({ type: 'EmployerAgreementObtained', data: { doctorIds: ['doctor-outside'], at } }, confirmNext);
  });
  it('BR-18 a consent withdrawn before the employer was asked counts no more', () => {
    const withdrawn = { type: 'DisclosureConsentWithdrawn', data: { at } } as const;
    const consented = choseOutside.events(f.disclosureConsented);
    consented.when('WithdrawDisclosureConsent', { caseId }, byEmployee).then(withdrawn, payNext);
    consented
      .events(withdrawn)
      .when('RecordEmployerAgreement', { caseId, agreed: true }, byOwn)
      .refused('intake.no-disclosure-consent');
  });
  it('BR-17 BR-52 a denied agreement leaves the employee as payer, with the debtor in the submission', () => {
    const debtor = aSeal('debtor');
    const denied: CaseEvent = { type: 'EmployerAgreementDenied', data: { doctorIds: ['doctor-outside'], at } };
    const pays: CaseEvent = { type: 'EmployeeAgreedToPay', data: { doctorIds: ['doctor-outside'], debtor, at } };
    choseOutside
      .events(f.disclosureConsented)
      .when('RecordEmployerAgreement', { caseId, agreed: false }, byOwn)
      .then(denied, payNext);
    choseOutside
      .events(denied)
      .when('PayAsEmployee', { caseId, debtor }, byEmployee)
      .then({ ...pays, textVersion: 'employee-pays-2026.1' }, confirmNext);
    const [submitted, offered] = choseOutside
      .events(pays, f.confirmed)
      .when('SubmitSecondOpinionRequest', { caseId, ownDoctor: own }, byOwn)
      .events();
    expect(submitted).toMatchObject({ data: { contracted: false, employerAgreed: false, debtor } });
    expect(offered).toMatchObject({ data: { contracted: false, employerAgreed: false, debtor } });
  });
  it('where the contract pays there is nothing to decide', () => {
    const contracted = open.events(f.choseOne);
    contracted
      .when('PayAsEmployee', { caseId, debtor: aSeal('debtor') }, byEmployee)
      .refused('intake.no-payer-decision-needed');
    contracted.when('ConsentToDisclosure', { caseId }, byEmployee).refused('intake.no-payer-decision-needed');
  });
});

describe('A7 back to the choice when nobody is left', () => {
  const left = cases.events(...f.assigned, f.declined, f.nobodyLeft, f.proposed);
  it('BR-20 the new choice is offered without a new request', () => {
    left.when('ChooseSecondOpinionDoctor', choose([second]), byEmployee).thenTypes('DoctorChosen', 'AssignmentOffered');
  });
  it('outside the contract it is offered once it is clear who pays', () => {
    left.when('ChooseSecondOpinionDoctor', choose([outside]), byEmployee).thenTypes('DoctorChosen');
    const [, offer] = left
      .events(f.choseOutside)
      .when('PayAsEmployee', { caseId, debtor: aSeal('debtor') }, byEmployee)
      .events();
    expect(offer).toMatchObject({
      type: 'AssignmentOffered',
      data: { doctorId: 'doctor-outside', round: 2, debtor: aSeal('debtor') },
    });
    left
      .events(f.choseOutside, f.disclosureConsented)
      .when('RecordEmployerAgreement', { caseId, agreed: true }, byOwn)
      .thenTypes('EmployerAgreementObtained', 'AssignmentOffered');
  });
});
