import { events, field, LANGUAGES, type EventsOf } from '@second-opinion/contracts';

const doctor = {
  doctorId: field.id(),
  registerName: field.register(),
  registrationNumber: field.register(),
  organisationId: field.id(),
  companyId: field.optional(field.id()),
  institutionId: field.optional(field.id()),
  secondOpinionDoctor: field.flag(),
  region: field.region(),
  registeredUntil: field.optional(field.date()),
  contact: field.sealed('CONTACT'),
  language: field.code(LANGUAGES),
};

/** Every stored event of `intake.doctor-<doctorId>`. A register entry is public; how the doctor is reached is sealed. */
export const doctorEvents = events({
  DoctorRegistered: doctor,
  DoctorRegistrationChanged: doctor,
  InvitationIssued: {
    invitationId: field.id(),
    inviteeId: field.id(),
    code: field.sealed('CONTACT'),
    expiresAt: field.instant(),
  },
  InvitationRedeemed: { invitationId: field.id(), at: field.instant() },
});
export type DoctorEvent = EventsOf<typeof doctorEvents>;
export type DoctorEntry = Extract<DoctorEvent, { type: 'DoctorRegistered' }>['data'];

const organisation = {
  organisationId: field.id(),
  legalName: field.register(),
  address: field.register(),
  chamberOfCommerceNumber: field.register(),
  vatId: field.optional(field.register()),
  kind: field.code(['OHS', 'PROVIDER']),
};

/** Every stored event of `intake.organisation-<organisationId>`. */
export const organisationEvents = events({
  OrganisationRegistered: organisation,
  OrganisationChanged: organisation,
});
export type OrganisationEvent = EventsOf<typeof organisationEvents>;
export type OrganisationEntry = Extract<OrganisationEvent, { type: 'OrganisationRegistered' }>['data'];

const contract = {
  contractId: field.id(),
  organisationId: field.id(),
  employerId: field.id(),
  sector: field.code(['GENERAL', 'DEFENCE']),
  doctorIds: field.list(field.id()),
  organisationIds: field.list(field.id()),
  employerAgreesToOthers: field.flag(),
  mailDomains: field.list(field.register()),
};

/** Every stored event of `intake.contract-<contractId>`. The employer is an id; his mail domains keep his mail out (BR-40). */
export const contractEvents = events({
  BaseContractRegistered: contract,
  BaseContractChanged: contract,
});
export type ContractEvent = EventsOf<typeof contractEvents>;
export type ContractEntry = Extract<ContractEvent, { type: 'BaseContractRegistered' }>['data'];
