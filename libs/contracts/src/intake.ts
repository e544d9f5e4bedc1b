import { LANGUAGES, OUTCOMES, REFUSAL_GROUNDS, SUBJECTS } from './codes';
import { events, field, type DataOf } from './fields';

/** INTAKE_TOPIC: key = case id; for persons, doctors and organisations the id of the thing. */
export const INTAKE_TOPIC = 'intake.events.v1';

/** Integration events of intake. */
export const intakeMessages = events({
  /** A person was registered with a wish; the contact seal is under (person, CONTACT). Key = personId. */
  PersonRegistered: {
    personId: field.id(),
    contact: field.sealed('CONTACT'),
    language: field.code(LANGUAGES),
    channel: field.code(['email', 'sms']),
  },
  /** N23: a person or doctor is invited; the link with the one-time code is itself a CONTACT seal. Key = personId or doctorId. */
  InvitationIssued: {
    inviteeId: field.id(),
    inviteeKind: field.code(['person', 'doctor']),
    code: field.sealed('CONTACT'),
    expiresAt: field.instant(),
    /** attempt: the same code once more, since nobody has used it; the first when it is not there. */
    attempt: field.optional(field.count()),
  },
  /** Contact data corrected by the person himself, or by his own doctor as long as nobody has a login for it. Key = personId. */
  ContactDataCorrected: {
    personId: field.id(),
    contact: field.sealed('CONTACT'),
    language: field.code(LANGUAGES),
    channel: field.code(['email', 'sms']),
  },
  /** A doctor's register entry (new or changed). Name and number are public register data; contact is sealed under (doctor, CONTACT). Key = doctorId. */
  DoctorRegistered: {
    doctorId: field.id(),
    registerName: field.register(),
    registrationNumber: field.register(),
    organisationId: field.id(),
    secondOpinionDoctor: field.flag(),
    region: field.region(),
    registeredUntil: field.optional(field.date()),
    contact: field.sealed('CONTACT'),
    language: field.code(LANGUAGES),
  },
  /** An occupational health service or other organisation, with its legal name and address for invoices (public register data). Key = organisationId. */
  OrganisationRegistered: {
    organisationId: field.id(),
    legalName: field.register(),
    address: field.register(),
    chamberOfCommerceNumber: field.register(),
    vatId: field.optional(field.register()),
    kind: field.code(['OHS', 'PROVIDER']),
  },
  /** A1: a case exists; its participants as other contexts need them. */
  SecondOpinionWishRecorded: {
    caseId: field.id(),
    caseNumber: field.label(),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ownOrganisationId: field.id(),
    recordedAt: field.instant(),
  },
  /** A4: the own doctor has not decided yet, and can still do so in time. */
  DecisionReminderDue: { caseId: field.id(), decisionDueAt: field.instant() },
  /** A4: his term has passed without a decision. */
  DecisionOverdue: { caseId: field.id(), dueAt: field.instant() },
  /** A5: the employee's term has passed, and nobody is chosen of those who were proposed. */
  DoctorChoiceOverdue: { caseId: field.id(), dueAt: field.instant() },
  /** A4: own doctor refused; motivation sealed for the employee only (BR-14 gives him the complaint route in the same message). */
  RequestRefused: {
    caseId: field.id(),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ground: field.code(REFUSAL_GROUNDS),
    motivation: field.sealed('MEDICAL'),
    complaintRouteVersion: field.label(),
  },
  /** A6: complete submission. Starts quote, reservation and the medical file. */
  SecondOpinionRequestSubmitted: {
    caseId: field.id(),
    caseNumber: field.label(),
    subject: field.code(SUBJECTS),
    employeeId: field.id(),
    ownDoctorId: field.id(),
    ownOrganisationId: field.id(),
    doctorId: field.id(),
    /** contracted: the doctor stands in the base contract. employerAgreed: BR-17; together they give the payer (BR-52). */
    contracted: field.flag(),
    employerAgreed: field.flag(),
    /** region near the employee's home, for the location (BR-30). */
    region: field.region(),
    /** debtor: name and address of the employee for an invoice; only there when he pays (BR-55). */
    debtor: field.optional(field.sealed('BILLING')),
    submittedAt: field.instant(),
  },
  /** A7: an assignment was offered to this doctor (the first, or the next after a decline). `contracted`/`employerAgreed` as above. */
  AssignmentOffered: {
    caseId: field.id(),
    caseNumber: field.label(),
    doctorId: field.id(),
    subject: field.code(SUBJECTS),
    region: field.region(),
    contracted: field.flag(),
    employerAgreed: field.flag(),
    /** debtor: as above, when the employee pays this doctor. */
    debtor: field.optional(field.sealed('BILLING')),
    answerDueAt: field.instant(),
    /** round counts the offers of this case from 1. */
    round: field.count(),
  },
  AssignmentAccepted: { caseId: field.id(), doctorId: field.id(), round: field.count() },
  /**
   * Declined, not answered in time, independence rejected, or given up by a doctor who had begun (A15): all move on alike; slot freed,
   * unsigned quote superseded.
   */
  AssignmentDeclined: {
    caseId: field.id(),
    doctorId: field.id(),
    round: field.count(),
    cause: field.code(['DECLINED', 'NOT_ANSWERED', 'NOT_INDEPENDENT', 'REASSIGNED']),
    /** takenBack: nobody needs his answer any more, for the doctor who gave the case up had shared his report; no other is asked. */
    takenBack: field.optional(field.flag()),
  },
  /** From here on the second opinion doctor may see the dossier. */
  IndependenceConfirmed: {
    caseId: field.id(),
    doctorId: field.id(),
    round: field.count(),
    /** restored: the case is its former doctor's again, in a round of its own that was never offered; what he had come to counts again (A15). */
    restored: field.optional(field.flag()),
  },
  /** No preference left: back to the choice of doctors (A5). */
  NoDoctorAvailable: { caseId: field.id() },
  /** BR-76 as intake decides it: before the first assignment was accepted. */
  RequestWithdrawn: { caseId: field.id(), withdrawnAt: field.instant() },
  /** Section 3: the employee answers no invitation; his own doctor may try him himself, or end the case. */
  EmployeeUnreachable: { caseId: field.id() },
  /** Section 3: something that only the employee can do before the submission still waits for him. */
  AnswerReminderDue: { caseId: field.id(), attempt: field.count(), until: field.instant() },
  /** Section 3: he did not, however often he was reminded; his own doctor may try him himself, or end the case. */
  EmployeeSilent: { caseId: field.id() },
  /** Section 3: his own doctor ended the case, for he answered nothing. */
  EndedForUnreachableEmployee: { caseId: field.id(), endedAt: field.instant() },
  /** The case has ended. The outcome is what intake knows; what the own doctor may see of it is the access matrix's business. */
  CaseClosed: { caseId: field.id(), outcome: field.code(OUTCOMES), closedAt: field.instant() },
  /** The medical texts of the case cannot be read any more, or nobody knows whose it is: what is still open ends as withdrawn. */
  CaseForgotten: { caseId: field.id(), at: field.instant() },
  /** Re-opened for a late consent (BR-36). */
  CaseReopened: { caseId: field.id(), reopenedAt: field.instant() },
});
export type IntakeMessages = DataOf<typeof intakeMessages>;
