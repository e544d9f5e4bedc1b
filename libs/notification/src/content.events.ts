import {
  ADOPTIONS,
  CASE_TERMS,
  DOCUMENT_KINDS,
  field,
  PAYERS,
  REFUSAL_GROUNDS,
  SENDER_ROLES,
  SUBJECTS,
} from '@second-opinion/contracts';
import type { Static } from 'typebox';

/** FACTS are the integration events that somebody is told of. */
export const FACTS = [
  'SecondOpinionRequestSubmitted',
  'DecisionReminderDue',
  'DecisionOverdue',
  'DoctorChoiceOverdue',
  'RequestRefused',
  'AssignmentOffered',
  'AssignmentDeclined',
  'NoDoctorAvailable',
  'EmployeeUnreachable',
  'AnswerReminderDue',
  'EmployeeSilent',
  'EndedForUnreachableEmployee',
  'RequestWithdrawn',
  'CaseClosed',
  'QuoteIssued',
  'QuoteReminderDue',
  'QuoteExpired',
  'QuoteOverdue',
  'InvoiceIssued',
  'CreditNoteIssued',
  'PaymentOverdue',
  'AppointmentConfirmed',
  'AppointmentRescheduled',
  'AppointmentCancelled',
  'AppointmentReminderDue',
  'NoSlotWithinSla',
  'ConsultationRecordOverdue',
  'NoShowRecorded',
  'ConsultationAborted',
  'RebookingReminderDue',
  'EndedWithoutAppointment',
  'TransferAuthorisationAsked',
  'TransferAuthorisationGranted',
  'TransferAuthorisationRefused',
  'TransferAuthorisationWithdrawn',
  'NotExecutableDecided',
  'DossierDocumentAdded',
  'ReportSharedWithEmployee',
  'ReleaseReminderDue',
  'ReportReleased',
  'ReportNotReleased',
  'ReleaseDeliveryFailed',
  'ReportOverdue',
  'CaseOverdue',
  'FollowUpReminderDue',
  'FollowUpRecorded',
  'FollowUpTermEnded',
  'InvitationIssued',
] as const;
export type FactType = (typeof FACTS)[number];

/** ROLES of a recipient. There is none for an employer: he is told nothing (BR-40). */
export const ROLES = [
  'employee',
  'own-doctor',
  'candidate-doctor',
  'second-opinion-doctor',
  'back-office',
  'invitee',
] as const;
export type RecipientRole = (typeof ROLES)[number];

/** CHANNELS outside the portal. */
export const CHANNELS = ['email', 'sms'] as const;
export type Channel = (typeof CHANNELS)[number];

/** BACK_OFFICE is the recipient of internal messages: whoever has the role. */
export const BACK_OFFICE = 'role:back-office';

const optional = field.optional;

/** What a message may tell, as codes, times, amounts and seals; the texts are made of it when they are read or sent. */
export const content = field.record({
  caseNumber: optional(field.label()),
  subject: optional(field.code(SUBJECTS)),
  region: optional(field.region()),
  ground: optional(field.code(REFUSAL_GROUNDS)),
  motivation: optional(field.sealed('MEDICAL')),
  textVersion: optional(field.label()),
  reference: optional(field.label()),
  quoteId: optional(field.id()),
  payer: optional(field.code(PAYERS)),
  netCents: optional(field.cents()),
  vatCents: optional(field.cents()),
  totalCents: optional(field.cents()),
  invoiceNumber: optional(field.label()),
  creditNoteNumber: optional(field.label()),
  day: optional(field.date()),
  appointmentId: optional(field.id()),
  sequence: optional(field.count()),
  startsAt: optional(field.localDateTime()),
  endsAt: optional(field.localDateTime()),
  zone: optional(field.label()),
  locationName: optional(field.register()),
  locationAddress: optional(field.register()),
  room: optional(field.register()),
  documentKind: optional(field.code(DOCUMENT_KINDS)),
  senderRole: optional(field.code(SENDER_ROLES)),
  adoption: optional(field.code(ADOPTIONS)),
  version: optional(field.count()),
  until: optional(field.instant()),
  outcome: optional(field.code(['QUOTE_NOT_SIGNED', 'NO_DOCTOR'])),
  final: optional(field.flag()),
  term: optional(field.code(CASE_TERMS)),
  /** reassigned: the doctor had taken the assignment, and gives it up or has it taken from him (A15). */
  reassigned: optional(field.flag()),
  code: optional(field.sealed('CONTACT')),
  attempt: optional(field.count()),
});
export type Content = Static<typeof content>;

/** Somebody is to be told: one message per event, recipient and template. */
export const due = {
  messageId: field.id(),
  eventId: field.id(),
  template: field.label(),
  recipientId: field.id(),
  recipientRole: field.code(ROLES),
  caseId: field.optional(field.id()),
  content,
  /** replaces: older messages on the same matter, which need not leave any more. */
  replaces: field.list(field.id()),
};
