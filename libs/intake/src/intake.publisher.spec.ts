import { intakeMessages } from '@second-opinion/contracts';
import { aSeal, recorded } from '@second-opinion/kernel/testing';
import Schema from 'typebox/value';
import type { CaseEvent } from './case/case.events';
import { intakePublisher } from './intake.publisher';
import * as f from './testing/case.fixtures';

const published = (stream: string, events: readonly { type: string; data: object }[]) =>
  recorded(stream, events as never[]).flatMap((event: { type: string }) => {
    const on = intakePublisher.on as Record<
      string,
      ((event: unknown) => { type: string; key: string; data: object } | undefined) | undefined
    >;
    return on[event.type]?.(event) ?? [];
  });
const ofCase = (...events: CaseEvent[]) => published(`intake.case-${f.caseId}`, events);

it('tells what others need, each message in its published shape', () => {
  const told = ofCase(
    ...f.inForce,
    f.declined,
    f.nobodyLeft,
    { type: 'RequestWithdrawn', data: { withdrawnAt: f.at } },
    f.closed('BLOCKED'),
    { type: 'CaseReopened', data: { reopenedAt: f.at } },
  );
  expect(told.map(({ type }) => type)).toEqual([
    'SecondOpinionWishRecorded',
    'SecondOpinionRequestSubmitted',
    'AssignmentOffered',
    'AssignmentAccepted',
    'IndependenceConfirmed',
    'AssignmentDeclined',
    'NoDoctorAvailable',
    'RequestWithdrawn',
    'CaseClosed',
    'CaseReopened',
  ]);
  for (const { type, key, data } of told) {
    expect(key).toBe(f.caseId);
    expect(Schema.Check(intakeMessages[type as keyof typeof intakeMessages], data)).toBe(true);
  }
});

it('an independence rejected moves on as declined, for whatever reason the doctor had', () => {
  const [told] = ofCase({ type: 'IndependenceRejected', data: { doctorId: 'doctor-first', round: 1, at: f.at } });
  expect(told).toEqual({
    type: 'AssignmentDeclined',
    key: f.caseId,
    data: { caseId: f.caseId, doctorId: 'doctor-first', round: 1, cause: 'NOT_INDEPENDENT' },
  });
});

it('section 6 terms of the wish and of the choice that near their end or have passed are told', () => {
  const told = ofCase(
    { type: 'DecisionReminderDue', data: { decisionDueAt: f.at } },
    { type: 'DecisionOverdue', data: { dueAt: f.at } },
    { type: 'DoctorChoiceOverdue', data: { dueAt: f.at } },
  );
  expect(told).toEqual([
    { type: 'DecisionReminderDue', key: f.caseId, data: { caseId: f.caseId, decisionDueAt: f.at } },
    { type: 'DecisionOverdue', key: f.caseId, data: { caseId: f.caseId, dueAt: f.at } },
    { type: 'DoctorChoiceOverdue', key: f.caseId, data: { caseId: f.caseId, dueAt: f.at } },
  ]);
});

it('A15 an assignment given up moves on as declined', () => {
  const data = { doctorId: 'doctor-first', round: 1, cause: 'DOCTOR_ILL', at: f.at } as const;
  const [told] = ofCase({ type: 'AssignmentReassigned', data });
  expect(told).toMatchObject({ type: 'AssignmentDeclined', data: { doctorId: 'doctor-first', cause: 'REASSIGNED' } });
});

it('A15 an offer that is taken back ends as one without an answer, and the case is its doctor’s again, which is said', () => {
  const data = { caseId: f.caseId, cause: 'NOT_ANSWERED', doctorId: 'doctor-second', round: 2, takenBack: true };
  const again = { caseId: f.caseId, doctorId: 'doctor-first', round: 3, restored: true };
  expect(ofCase(f.takenBack, f.restoredIn(3))).toEqual([
    { type: 'AssignmentDeclined', key: f.caseId, data },
    { type: 'IndependenceConfirmed', key: f.caseId, data: again },
  ]);
  expect(Schema.Check(intakeMessages.AssignmentDeclined, data)).toBe(true);
  expect(Schema.Check(intakeMessages.IndependenceConfirmed, again)).toBe(true);
});

it('BR-14 a refusal carries the motivation, for the employee alone, and the complaint route', () => {
  const refused: CaseEvent = {
    type: 'RequestRefused',
    data: {
      ground: 'OTHER_WEIGHTY',
      motivation: aSeal('why'),
      employeeId: 'person-1',
      ownDoctorId: 'doctor-own',
      earlierCaseIds: ['case-0'],
      complaintRouteVersion: 'complaint-route-2026.1',
      at: f.at,
    },
  };
  const [told] = ofCase(refused);
  expect(told?.data).toEqual({
    caseId: f.caseId,
    employeeId: 'person-1',
    ownDoctorId: 'doctor-own',
    ground: 'OTHER_WEIGHTY',
    motivation: aSeal('why'),
    complaintRouteVersion: 'complaint-route-2026.1',
  });
});

it('forms, answers, consents to the employer and milestones stay here', () => {
  expect(ofCase(f.aided, f.described, f.disclosureConsented, f.confirmed, f.noted('REPORT_SHARED', '1'))).toEqual([]);
});

it('persons and doctors are told apart in an invitation', () => {
  const invited = {
    type: 'InvitationIssued',
    data: { invitationId: 'i', inviteeId: 'x', code: aSeal('code'), expiresAt: f.at },
  };
  expect(published('intake.person-x', [invited])[0]).toMatchObject({ key: 'x', data: { inviteeKind: 'person' } });
  expect(published('intake.doctor-x', [invited])[0]).toMatchObject({ key: 'x', data: { inviteeKind: 'doctor' } });
});

it('a person is told with his contact seal only, a doctor and an organisation with their register data', () => {
  const contact = { contact: aSeal('contact'), channel: 'email', language: 'nl' };
  const person = {
    type: 'PersonRegistered',
    data: { personId: 'p', name: aSeal('name'), birthDate: aSeal('born'), ...contact, registeredBy: 'd', at: f.at },
  };
  const corrected = { type: 'ContactDataCorrected', data: { personId: 'p', ...contact, at: f.at } };
  expect(published('intake.person-p', [person, corrected]).map(({ data }) => data)).toEqual([
    { personId: 'p', ...contact },
    { personId: 'p', ...contact },
  ]);
  const doctor = {
    doctorId: 'd',
    registerName: 'J. Jansen',
    registrationNumber: '1',
    organisationId: 'o',
    secondOpinionDoctor: true,
    region: '35',
    contact: aSeal('c'),
    language: 'nl',
  };
  const changed = [
    { type: 'DoctorRegistered', data: { ...doctor, companyId: 'c' } },
    { type: 'DoctorRegistrationChanged', data: doctor },
  ];
  for (const { type, data } of published('intake.doctor-d', changed)) {
    expect(type).toBe('DoctorRegistered');
    expect(data).toEqual(doctor);
  }
  const organisation = { organisationId: 'o', legalName: 'A', address: 'B', chamberOfCommerceNumber: '1', kind: 'OHS' };
  expect(published('intake.organisation-o', [{ type: 'OrganisationChanged', data: organisation }])[0]).toMatchObject({
    type: 'OrganisationRegistered',
    data: organisation,
  });
});

it('section 3: an invitation that is repeated is told as one more attempt; that nobody answers, for the own doctor alone', () => {
  const data = { invitationId: 'i-1', inviteeId: 'person-1', attempt: 2, code: aSeal('code'), expiresAt: f.at };
  const [repeated] = published('intake.person-person-1', [{ type: 'InvitationRepeated', data }]);
  const { invitationId: _ours, ...told } = data;
  expect(repeated).toEqual({
    type: 'InvitationIssued',
    key: 'person-1',
    data: { ...told, inviteeKind: 'person' },
  });
  expect(Schema.Check(intakeMessages.InvitationIssued, repeated?.data)).toBe(true);
  expect(ofCase({ type: 'EmployeeUnreachable', data: { at: f.at } })).toEqual([
    { type: 'EmployeeUnreachable', key: f.caseId, data: { caseId: f.caseId } },
  ]);
});
it('section 3: what waits for the employee is told without what it is', () => {
  expect(ofCase(f.askedFor('DOCTOR_CHOICE'))).toEqual([]);
  const until = '2026-12-02T23:00:00.000Z';
  expect(ofCase({ type: 'AnswerReminderDue', data: { attempt: 2, until } })).toEqual([
    { type: 'AnswerReminderDue', key: f.caseId, data: { caseId: f.caseId, attempt: 2, until } },
  ]);
  expect(ofCase({ type: 'EmployeeSilent', data: { of: ['DOCTOR_CHOICE'], at: until } })).toEqual([
    { type: 'EmployeeSilent', key: f.caseId, data: { caseId: f.caseId } },
  ]);
  expect(ofCase({ type: 'EndedForUnreachableEmployee', data: { at: until } })).toEqual([
    { type: 'EndedForUnreachableEmployee', key: f.caseId, data: { caseId: f.caseId, endedAt: until } },
  ]);
});
