import { aSeal, given, testNow } from '@second-opinion/kernel/testing';
import { contactProblem, normalisedDomain } from './contact.rules';
import { baseContract } from './contract.decider';
import { doctor } from './doctor.decider';
import { organisation } from './organisation.decider';

const entry = {
  doctorId: 'doctor-1',
  registerName: 'J. Jansen',
  registrationNumber: '19012345601',
  organisationId: 'service-1',
  secondOpinionDoctor: true,
  region: '35',
  registeredUntil: '2028-01-31',
  contact: aSeal('contact'),
  language: 'nl',
} as const;
const invitation = { invitationId: 'invitation-1', code: aSeal('code') };
const registered = { type: 'DoctorRegistered', data: entry } as const;
const invited = {
  type: 'InvitationIssued',
  data: { ...invitation, inviteeId: 'doctor-1', expiresAt: '2026-12-09T23:00:00.000Z' },
} as const;
const redeemed = { type: 'InvitationRedeemed', data: { invitationId: 'invitation-1', at: testNow } } as const;

describe('doctor', () => {
  it('is registered with an invitation, changed and found by his code once', () => {
    given(doctor)
      .when('RegisterDoctor', { ...entry, invitation })
      .then(registered, invited);
    given(doctor)
      .events(registered)
      .when('RegisterDoctor', { ...entry, invitation })
      .refused('intake.doctor-exists');
    const changed = { ...entry, organisationId: 'service-2' };
    given(doctor)
      .events(registered)
      .when('ChangeDoctorRegistration', changed)
      .then({ type: 'DoctorRegistrationChanged', data: changed });
    given(doctor).when('ChangeDoctorRegistration', changed).refused('intake.no-such-doctor');
    const redeem = {
      code: 'x',
      login: { issuer: 'i', subject: 's' },
      doctorId: 'doctor-1',
      invitationId: 'invitation-1',
    };
    given(doctor).events(registered, invited).when('RedeemDoctorInvitation', redeem).then(redeemed);
    given(doctor)
      .events(registered, invited, redeemed)
      .when('RedeemDoctorInvitation', redeem)
      .refused('intake.invitation-invalid');
    given(doctor)
      .events(registered, invited)
      .when('RedeemDoctorInvitation', redeem, { now: '2026-12-09T23:00:00.000Z' })
      .refused('intake.invitation-invalid');
    given(doctor)
      .events(registered, invited, redeemed)
      .when('InviteDoctorAgain', { doctorId: 'doctor-1', invitation })
      .then(invited);
  });
});

describe('organisation and contract', () => {
  const service = {
    organisationId: 'service-1',
    legalName: 'Arbodienst Zuid B.V.',
    address: 'Straat 1, 5611 AA Eindhoven',
    chamberOfCommerceNumber: '12345678',
    kind: 'OHS',
  } as const;
  const terms = {
    contractId: 'contract-1',
    organisationId: 'service-1',
    employerId: 'employer-1',
    sector: 'GENERAL',
    doctorIds: ['doctor-1'],
    organisationIds: [],
    employerAgreesToOthers: false,
    mailDomains: ['werkgever.nl'],
  } as const;
  const contract = {
    ...terms,
    doctorIds: [...terms.doctorIds],
    organisationIds: [],
    mailDomains: [...terms.mailDomains],
  };
  it('are registered once and changed later', () => {
    given(organisation).when('RegisterOrganisation', service).then({ type: 'OrganisationRegistered', data: service });
    given(organisation)
      .events({ type: 'OrganisationRegistered', data: service })
      .when('RegisterOrganisation', service)
      .refused('intake.organisation-exists');
    given(organisation).when('ChangeOrganisation', service).refused('intake.no-such-organisation');
    given(baseContract).when('RegisterBaseContract', contract).then({ type: 'BaseContractRegistered', data: contract });
    given(baseContract).when('ChangeBaseContract', contract).refused('intake.no-base-contract');
  });
  it('BR-40 mail domains are kept in one spelling, and must be domains', () => {
    const [event] = given(baseContract)
      .when('RegisterBaseContract', { ...contract, mailDomains: ['@Werkgever.NL.', 'werkgever.nl', 'BÜRO.example'] })
      .events();
    expect(event?.data.mailDomains).toEqual(['werkgever.nl', 'xn--bro-hoa.example']);
    given(baseContract)
      .when('RegisterBaseContract', { ...contract, mailDomains: ['no domain'] })
      .refused('intake.not-a-mail-domain');
  });
});

describe('BR-40 the contact address', () => {
  const domains = ['werkgever.nl', 'xn--bro-hoa.example'];
  it.each([
    ['jan@privé.example', 'email', undefined],
    ['jan@werkgever.nl', 'email', 'employer-domain'],
    ['jan@WERKGEVER.NL', 'email', 'employer-domain'],
    ['jan@hr.werkgever.nl', 'email', 'employer-domain'],
    ['jan@nietwerkgever.nl', 'email', undefined],
    ['jan@büro.example', 'email', 'employer-domain'],
    ['jan', 'email', 'malformed'],
    ['jan@localhost', 'email', 'malformed'],
    ['+31612345678', 'sms', undefined],
    ['0612345678', 'sms', 'malformed'],
  ] as const)('%s by %s: %s', (contact, channel, problem) => {
    expect(contactProblem(contact, channel, domains)).toBe(problem);
  });
  it('normalises domains, whatever the spelling', () => {
    expect(normalisedDomain(' @Werkgever.nl.')).toBe('werkgever.nl');
  });
});
