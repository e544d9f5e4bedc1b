import { aSeal, anActor, given, testCalendar, testNow } from '@second-opinion/kernel/testing';
import { person } from './person.decider';
import type { PersonEvent } from './person.events';

const ownDoctor = anActor('company-doctor', 'doctor-own');
const himself = anActor('employee', 'person-1');
/** The code works to the end of the day that its mail names (N23). */
const expiresAt = '2026-12-09T23:00:00.000Z';
const invitation = { invitationId: 'invitation-1', code: aSeal('code') };
const contact = { contact: aSeal('contact'), channel: 'email', language: 'nl' } as const;
const registered: PersonEvent = {
  type: 'PersonRegistered',
  data: {
    personId: 'person-1',
    name: aSeal('name'),
    birthDate: aSeal('born'),
    ...contact,
    registeredBy: 'doctor-own',
    at: testNow,
  },
};
const gotCase: PersonEvent = {
  type: 'CaseOfPersonRecorded',
  data: { caseId: 'case-1', ownDoctorId: 'doctor-own', contractId: 'contract-1' },
};
const unreachableAt = '2026-12-02T23:00:00.000Z';
const terms = {
  repeats: [
    { attempt: 2, dueAt: '2026-11-27T09:00:00.000Z' },
    { attempt: 3, dueAt: '2026-12-01T09:00:00.000Z' },
  ],
  unreachableAt,
  calendarVersion: testCalendar.version,
};
const issued = (of: typeof invitation): Extract<PersonEvent, { type: 'InvitationIssued' }> => ({
  type: 'InvitationIssued',
  data: { ...of, inviteeId: 'person-1', expiresAt, ...terms },
});
const invited = issued(invitation);
const redeemed: PersonEvent = {
  type: 'InvitationRedeemed',
  data: { invitationId: 'invitation-1', at: testNow, caseIds: ['case-1'] },
};
const known = given(person).events(registered, gotCase, invited);
const register = {
  personId: 'person-1',
  ...gotCase.data,
  name: aSeal('name'),
  birthDate: aSeal('born'),
  ...contact,
  invitation,
};
const login = { issuer: 'issuer', subject: 'subject' };
const redeem = {
  login,
  code: 'code',
  personId: 'person-1',
  invitationId: 'invitation-1',
  linkedTo: [] as string[],
  alike: [] as string[],
};

describe('registration', () => {
  it('comes with the case and an invitation', () => {
    given(person)
      .when('RegisterPerson', register, { actor: ownDoctor })
      .then({ ...registered, textVersion: 'private-contact-2026.1' }, gotCase, invited);
  });
  it('is done once; the retry completes what was cut', () => {
    known.when('RegisterPerson', register, { actor: ownDoctor }).nothing();
    known.when('RecordCaseOfPerson', { personId: 'person-1', ...gotCase.data }).nothing();
  });
  it('a further case is added to a known person only', () => {
    const more = { caseId: 'case-2', ownDoctorId: 'doctor-own', contractId: 'contract-1' };
    known
      .when('RecordCaseOfPerson', { personId: 'person-1', ...more })
      .then({ type: 'CaseOfPersonRecorded', data: more });
    given(person)
      .when('RecordCaseOfPerson', { personId: 'person-1', ...more })
      .refused('intake.no-such-person');
  });
});

describe('invitation', () => {
  it('is redeemed once, before it ends; wrong, used and expired get the same answer', () => {
    known.when('RedeemInvitation', redeem).then(redeemed);
    known
      .when('RedeemInvitation', { ...redeem, invitationId: 'invitation-0' })
      .refused('intake.invitation-invalid', {});
    known.events(redeemed).when('RedeemInvitation', redeem).refused('intake.invitation-invalid', {});
    known.when('RedeemInvitation', redeem, { now: expiresAt }).refused('intake.invitation-invalid', {});
    given(person).when('RedeemInvitation', redeem).refused('intake.invitation-invalid', {});
  });
  it('by a login that is linked already joins the persons', () => {
    known
      .when('RedeemInvitation', { ...redeem, linkedTo: ['person-0'], alike: ['person-0', 'person-9'] })
      .then(
        redeemed,
        { type: 'PersonsJoined', data: { personId: 'person-1', earlierPersonId: 'person-0' } },
        { type: 'EarlierPersonsSuggested', data: { personIds: ['person-9'] } },
      );
  });
  it('same name and birth date only suggest, they never join', () => {
    known
      .when('RedeemInvitation', { ...redeem, alike: ['person-1', 'person-9'] })
      .then(redeemed, { type: 'EarlierPersonsSuggested', data: { personIds: ['person-9'] } });
  });
  it('is issued again by back office or his own doctor; only the newest counts', () => {
    const again = { personId: 'person-1', invitation: { invitationId: 'invitation-2', code: aSeal('code-2') } };
    const reissued = issued(again.invitation);
    const { inviteeId } = reissued.data;
    known.when('InvitePersonAgain', again, { actor: ownDoctor }).then(reissued);
    known.when('InvitePersonAgain', again, { actor: anActor('back-office') }).then(reissued);
    known
      .when('InvitePersonAgain', again, { actor: anActor('company-doctor', 'doctor-9') })
      .refused('intake.own-doctor-only');
    // Who has a login and asks for another code is not tried again.
    known
      .events(redeemed)
      .when('InvitePersonAgain', again, { actor: ownDoctor })
      .then({ type: 'InvitationIssued', data: { ...again.invitation, inviteeId, expiresAt } });
    known.events(reissued).when('RedeemInvitation', redeem).refused('intake.invitation-invalid');
  });
});

describe('section 3: who does not respond to the invitation', () => {
  const repeat = { personId: 'person-1', invitationId: 'invitation-1', attempt: 2, caseRuns: true };
  const repeated = (attempt: number): PersonEvent => ({
    type: 'InvitationRepeated',
    data: { ...invitation, inviteeId: 'person-1', attempt, expiresAt },
  });
  const note = { personId: 'person-1', invitationId: 'invitation-1', caseRuns: true };
  const unreachable: PersonEvent = {
    type: 'PersonUnreachable',
    data: { invitationId: 'invitation-1', attempts: 3, caseIds: ['case-1'], at: unreachableAt },
  };
  const again = issued({ invitationId: 'invitation-2', code: aSeal('code-2') });
  const tried = known.events(repeated(2), repeated(3));

  it('gets the same code three times over five working days, each attempt once', () => {
    known.when('RepeatInvitation', repeat).then(repeated(2));
    known.events(repeated(2)).when('RepeatInvitation', repeat).nothing();
    known
      .events(repeated(2))
      .when('RepeatInvitation', { ...repeat, attempt: 3 })
      .then(repeated(3));
    tried.when('RedeemInvitation', redeem).then(redeemed);
  });
  it('is unreachable after the last; an invitation or his login make him reachable', () => {
    tried.when('NotePersonUnreachable', note, { now: unreachableAt }).then(unreachable);
    tried.events(unreachable).when('NotePersonUnreachable', note).nothing();
    expect(tried.events(unreachable).state().unreachable).toBe(true);
    expect(tried.events(unreachable, again).state().unreachable).toBe(false);
    expect(tried.events(unreachable, redeemed).state().unreachable).toBe(false);
  });
  it('an invitation names the cases for which he was unreachable, and none when he was not', () => {
    const { invitationId, code } = again.data;
    const invite = { personId: 'person-1', invitation: { invitationId, code } };
    tried
      .events(unreachable)
      .when('InvitePersonAgain', invite, { actor: ownDoctor })
      .then({ ...again, data: { ...again.data, caseIds: ['case-1'] } });
    tried.when('InvitePersonAgain', invite, { actor: ownDoctor }).then(again);
  });
  it('is left alone once he has a login, was invited anew, or has no running case', () => {
    for (const after of [known.events(redeemed), known.events(again)]) {
      after.when('RepeatInvitation', repeat).nothing();
      after.when('NotePersonUnreachable', note).nothing();
    }
    known.when('RepeatInvitation', { ...repeat, caseRuns: false }).nothing();
    known.when('NotePersonUnreachable', { ...note, caseRuns: false }).nothing();
    given(person).when('RepeatInvitation', repeat).nothing();
  });
  it('and whose earlier code is worth nothing any more gets one with his next case', () => {
    const more = { personId: 'person-1', caseId: 'case-2', ownDoctorId: 'doctor-own', contractId: 'contract-1' };
    const { personId: _his, ...aCase } = more;
    tried
      .events(unreachable)
      .when('RecordCaseOfPerson', { ...more, invitation: { invitationId: 'invitation-2', code: aSeal('code-2') } })
      .then(
        { type: 'CaseOfPersonRecorded', data: aCase },
        { ...again, data: { ...again.data, caseIds: ['case-1', 'case-2'] } },
      );
  });
});

it('the other registration learns of the join, once', () => {
  const join = { personId: 'person-1', otherPersonId: 'person-2' };
  const joined: PersonEvent = { type: 'PersonsJoined', data: { personId: 'person-1', earlierPersonId: 'person-2' } };
  known.when('JoinPersons', join).then(joined);
  known.events(joined).when('JoinPersons', join).nothing();
});

describe('a doctor is reserved for one case of the person', () => {
  const asked = { personId: 'person-1', doctorId: 'doctor-first', caseId: 'case-1', round: 1 };
  const reservedFor = (caseId: string, round: number): PersonEvent => ({
    type: 'DoctorReserved',
    data: { doctorId: 'doctor-first', caseId, round },
  });
  const ofOther = { ...asked, caseId: 'case-2', round: 3 };
  it('BR-21 and not for a second one at the same instant', () => {
    known.when('ReserveDoctor', asked).then(reservedFor('case-1', 1));
    const reserved = known.events(reservedFor('case-1', 1));
    reserved.when('ReserveDoctor', asked).nothing();
    reserved
      .when('ReserveDoctor', ofOther)
      .refused('intake.doctor-not-independent', { doctorId: 'doctor-first', failed: ['ACTED_BEFORE'] });
    reserved.when('ReserveDoctor', { ...asked, round: 2 }).then(reservedFor('case-1', 2));
    reserved.when('ReserveDoctor', { ...ofOther, doctorId: 'doctor-second' }).then({
      type: 'DoctorReserved',
      data: { doctorId: 'doctor-second', caseId: 'case-2', round: 3 },
    });
  });
  it('BR-21 what lapsed in one case is free for another, unless a new round there took it up again', () => {
    const lapsed = { caseId: 'case-1', round: 1 };
    const reserved = known.events(reservedFor('case-1', 1));
    reserved.when('ReserveDoctor', { ...ofOther, lapsed }).then(reservedFor('case-2', 3));
    reserved
      .events(reservedFor('case-1', 2))
      .when('ReserveDoctor', { ...ofOther, lapsed })
      .refused('intake.doctor-not-independent');
  });
});

describe('identity', () => {
  const right = { name: aSeal('right-name'), birthDate: aSeal('right-born') };
  const correction = { personId: 'person-1', ...right, caseRuns: true, keepsOne: true, alike: [] as string[] };
  const corrected: PersonEvent = { type: 'IdentityCorrected', data: { personId: 'person-1', ...right, at: testNow } };
  it('is corrected by the own doctor until the person has a login, then by himself alone', () => {
    known.when('CorrectIdentity', correction, { actor: ownDoctor }).then(corrected);
    known
      .when('CorrectIdentity', { ...correction, caseRuns: false }, { actor: ownDoctor })
      .refused('intake.no-running-case');
    known.events(redeemed).when('CorrectIdentity', correction, { actor: ownDoctor }).refused('intake.person-linked');
    known.events(redeemed).when('CorrectIdentity', correction, { actor: himself }).then(corrected);
    for (const actor of [
      anActor('company-doctor', 'doctor-9'),
      anActor('employee', 'person-9'),
      anActor('back-office'),
    ])
      known.when('CorrectIdentity', correction, { actor }).refused('intake.employee-only');
  });
  it('keeps the name or the birth date of the registration: BR-12 and BR-21 look at the same human being', () => {
    for (const actor of [ownDoctor, himself])
      known.when('CorrectIdentity', { ...correction, keepsOne: false }, { actor }).refused('intake.another-person');
  });
  it('is what he is recognised by from then on', () => {
    const state = known.events(corrected).state();
    expect(state.identity).toEqual(right);
    expect(state.registered).toEqual({ name: aSeal('name'), birthDate: aSeal('born') });
  });
  it('of who has a login suggests anew who else it might be; who has none is compared when he gets one', () => {
    const alike = { ...correction, alike: ['person-1', 'person-9'] };
    const suggested: PersonEvent = { type: 'EarlierPersonsSuggested', data: { personIds: ['person-9'] } };
    known.when('CorrectIdentity', alike, { actor: ownDoctor }).then(corrected);
    const linked = known.events(redeemed);
    linked.when('CorrectIdentity', alike, { actor: himself }).then(corrected, suggested);
    linked.events(suggested).when('CorrectIdentity', alike, { actor: himself }).then(corrected);
    linked
      .events(suggested)
      .when('CorrectIdentity', correction, { actor: himself })
      .then(corrected, { type: 'EarlierPersonsSuggested', data: { personIds: [] } });
    const joined: PersonEvent = { type: 'PersonsJoined', data: { personId: 'person-1', earlierPersonId: 'person-9' } };
    linked.events(joined).when('CorrectIdentity', alike, { actor: himself }).then(corrected);
  });
});

describe('contact data', () => {
  const correction = { personId: 'person-1', ...contact, declaredPrivate: true, caseRuns: true };
  const corrected: PersonEvent = {
    type: 'ContactDataCorrected',
    data: { personId: 'person-1', ...contact, at: testNow },
    textVersion: 'private-contact-2026.1',
  };
  const newCode = { invitationId: 'invitation-2', code: aSeal('code-2') };
  const byDoctor = { ...correction, invitation: newCode };
  it('are corrected by the person himself', () => {
    known.when('CorrectContactData', correction, { actor: himself }).then(corrected);
    known
      .events(redeemed)
      .when('CorrectContactData', { ...correction, caseRuns: false }, { actor: himself })
      .then(corrected);
    known
      .when('CorrectContactData', correction, { actor: anActor('employee', 'person-2') })
      .refused('intake.employee-only');
    given(person).when('CorrectContactData', correction, { actor: himself }).refused('intake.employee-only');
  });
  it('BR-40 must be declared private', () => {
    const undeclared = { declaredPrivate: false };
    known
      .when('CorrectContactData', { ...correction, ...undeclared }, { actor: himself })
      .refused('intake.contact-not-private');
    known
      .when('CorrectContactData', { ...byDoctor, ...undeclared }, { actor: ownDoctor })
      .refused('intake.contact-not-private');
  });
  it('are corrected by the own doctor as long as nobody has a login: the code that went astray ends, and another is sent', () => {
    const reinvited = issued(newCode);
    known.when('CorrectContactData', byDoctor, { actor: ownDoctor }).then(corrected, reinvited);
    known.events(corrected, reinvited).when('RedeemInvitation', redeem).refused('intake.invitation-invalid', {});
  });
  it('are the person’s own once he has a login, also after he was invited again', () => {
    const again = issued(newCode);
    known.events(redeemed).when('CorrectContactData', correction, { actor: ownDoctor }).refused('intake.person-linked');
    known
      .events(redeemed, again)
      .when('CorrectContactData', correction, { actor: ownDoctor })
      .refused('intake.person-linked');
  });
  it('are corrected by no other doctor, by nobody else, and by him only while a case runs', () => {
    const other = anActor('company-doctor', 'doctor-9');
    known.when('CorrectContactData', byDoctor, { actor: other }).refused('intake.employee-only');
    known.when('CorrectContactData', byDoctor, { actor: anActor('back-office') }).refused('intake.employee-only');
    known
      .when('CorrectContactData', { ...correction, caseRuns: false }, { actor: ownDoctor })
      .refused('intake.no-running-case');
  });
});
