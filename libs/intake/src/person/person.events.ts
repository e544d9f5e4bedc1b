import { events, field, LANGUAGES, type EventsOf } from '@second-opinion/contracts';

/** Every stored event of `intake.person-<personId>`; the only place of name, birth date and contact data. */
export const personEvents = events({
  PersonRegistered: {
    personId: field.id(),
    name: field.sealed('IDENTITY'),
    birthDate: field.sealed('IDENTITY'),
    contact: field.sealed('CONTACT'),
    channel: field.code(['email', 'sms']),
    language: field.code(LANGUAGES),
    registeredBy: field.id(),
    at: field.instant(),
  },
  /** The person got a case: recorded before the case itself, so that joined persons' cases can be found (BR-12, BR-21). */
  CaseOfPersonRecorded: { caseId: field.id(), ownDoctorId: field.id(), contractId: field.id() },
  /** The code is a seal on its way to the mail; what it is compared with is a keyed hash in the key store. */
  InvitationIssued: {
    invitationId: field.id(),
    inviteeId: field.id(),
    code: field.sealed('CONTACT'),
    expiresAt: field.instant(),
    /** repeats: when it is sent again, and from when on he counts as unreachable; only while nobody has a login. */
    repeats: field.optional(field.list(field.record({ attempt: field.count(), dueAt: field.instant() }))),
    unreachableAt: field.optional(field.instant()),
    calendarVersion: field.optional(field.label()),
    /** caseIds for which he counted as unreachable until now; earlier events name all his cases. */
    caseIds: field.optional(field.list(field.id())),
  },
  /** The same code once more: nobody has used it. */
  InvitationRepeated: {
    invitationId: field.id(),
    inviteeId: field.id(),
    attempt: field.count(),
    code: field.sealed('CONTACT'),
    expiresAt: field.instant(),
  },
  /** Every attempt was in vain; in each of these cases somebody has to say what becomes of it. */
  PersonUnreachable: {
    invitationId: field.id(),
    attempts: field.count(),
    caseIds: field.list(field.id()),
    at: field.instant(),
  },
  InvitationRedeemed: {
    invitationId: field.id(),
    at: field.instant(),
    caseIds: field.optional(field.list(field.id())),
  },
  /** The login that redeemed the code was linked to an earlier registration: the same human being. */
  PersonsJoined: { personId: field.id(), earlierPersonId: field.id() },
  /** The doctor who declares his independence in this round of the case: nobody else's case of this person can have him meanwhile (BR-21). */
  DoctorReserved: { doctorId: field.id(), caseId: field.id(), round: field.count() },
  /** Same name and birth date as these; only a suggestion, two people can share both. After a correction: as it is from then on. */
  EarlierPersonsSuggested: { personIds: field.list(field.id()) },
  /** As written down from now on; he is recognised by this. */
  IdentityCorrected: {
    personId: field.id(),
    name: field.sealed('IDENTITY'),
    birthDate: field.sealed('IDENTITY'),
    at: field.instant(),
  },
  ContactDataCorrected: {
    personId: field.id(),
    contact: field.sealed('CONTACT'),
    channel: field.code(['email', 'sms']),
    language: field.code(LANGUAGES),
    at: field.instant(),
  },
});
export type PersonEvent = EventsOf<typeof personEvents>;
