import {
  BILLING_TOPIC,
  INTAKE_TOPIC,
  REPORTING_TOPIC,
  SCHEDULING_TOPIC,
  type BillingMessages,
  type IntakeMessages,
  type ReportingMessages,
  type SchedulingMessages,
} from '@second-opinion/contracts';
import { issue, type Envelope, type IssuedCommand, type TopicPolicy } from '@second-opinion/kernel';
import { NoteCase, NoteDoctor, NoteFact } from './case.commands';
import type { Content, FactType } from './content.events';

type Heard = Envelope<string, { caseId: string }>;

/** fact passes on what a message may tell, and nothing else of the event: what is not named here is not even stored. */
function fact({ id, type, time, data: { caseId } }: Heard, content: Content = {}, doctorId?: string): IssuedCommand {
  const told = { caseId, eventId: id, fact: type as FactType, at: time, content };
  return issue(NoteFact, doctorId === undefined ? told : { ...told, doctorId });
}

function referenceIn({ data: { reference } }: { data: { reference?: string } }): Pick<Content, 'reference'> {
  return reference === undefined ? {} : { reference };
}

/** The case itself: its participants, and what intake tells of it. */
export const whenIntakeMovesTellIt: TopicPolicy<IntakeMessages> = {
  name: 'when-intake-moves-tell-whom-it-concerns',
  listensTo: [INTAKE_TOPIC],
  startsAt: 'beginning',
  on: {
    SecondOpinionWishRecorded: ({ data }) => [noteCase(data)],
    SecondOpinionRequestSubmitted: (event) => [noteCase(event.data), fact(event)],
    DecisionReminderDue: (event) => [fact(event, { until: event.data.decisionDueAt })],
    DecisionOverdue: (event) => [fact(event, { until: event.data.dueAt })],
    DoctorChoiceOverdue: (event) => [fact(event, { until: event.data.dueAt })],
    RequestRefused: (event) => {
      const { ground, motivation, complaintRouteVersion } = event.data;
      return [fact(event, { ground, motivation, textVersion: complaintRouteVersion })];
    },
    AssignmentOffered: (event) => {
      const { doctorId, region, subject, answerDueAt } = event.data;
      return [fact(event, { region, subject, until: answerDueAt }, doctorId)];
    },
    AssignmentDeclined: (event) => {
      const { doctorId, cause, takenBack } = event.data;
      // That nobody else is needed any more is no decline (A15).
      return takenBack ? [] : [fact(event, cause === 'REASSIGNED' ? { reassigned: true } : {}, doctorId)];
    },
    IndependenceConfirmed: ({ data: { caseId, doctorId, round } }) => [issue(NoteDoctor, { caseId, doctorId, round })],
    NoDoctorAvailable: (event) => [fact(event)],
    EmployeeUnreachable: (event) => [fact(event)],
    AnswerReminderDue: (event) => [fact(event, { until: event.data.until })],
    EmployeeSilent: (event) => [fact(event)],
    EndedForUnreachableEmployee: (event) => [fact(event)],
    RequestWithdrawn: (event) => [fact(event)],
    CaseClosed: (event) => {
      const { outcome } = event.data;
      return outcome === 'QUOTE_NOT_SIGNED' || outcome === 'NO_DOCTOR' ? [fact(event, { outcome })] : [];
    },
  },
};

/** Quotes and invoices. */
export const whenBillingMovesTellIt: TopicPolicy<BillingMessages> = {
  name: 'when-billing-moves-tell-whom-it-concerns',
  listensTo: [BILLING_TOPIC],
  startsAt: 'beginning',
  on: {
    QuoteIssued: (event) => {
      const { quoteId, payer, netCents, vatCents, totalCents, explanationVersion, validUntil } = event.data;
      const money = { netCents, vatCents, totalCents };
      const terms = { textVersion: explanationVersion, until: validUntil };
      return [fact(event, { quoteId, payer, ...money, ...terms, ...referenceIn(event) })];
    },
    QuoteReminderDue: (event) => {
      const { quoteId, validUntil } = event.data;
      return [fact(event, { quoteId, until: validUntil, ...referenceIn(event) })];
    },
    QuoteExpired: (event) => [fact(event, { quoteId: event.data.quoteId, ...referenceIn(event) })],
    QuoteOverdue: (event) => [fact(event, { until: event.data.dueAt })],
    InvoiceIssued: (event) => {
      const { invoiceNumber, payer, netCents, vatCents, totalCents, paymentDueOn } = event.data;
      const money = { netCents, vatCents, totalCents };
      return [fact(event, { invoiceNumber, payer, ...money, day: paymentDueOn, ...referenceIn(event) })];
    },
    CreditNoteIssued: (event) => {
      const { creditNoteNumber, invoiceNumber, totalCents } = event.data;
      return [fact(event, { creditNoteNumber, invoiceNumber, totalCents, ...referenceIn(event) })];
    },
    PaymentOverdue: (event) => {
      const { invoiceNumber, paymentDueOn } = event.data;
      return [fact(event, { invoiceNumber, day: paymentDueOn, ...referenceIn(event) })];
    },
  },
};

/** Appointments. */
export const whenSchedulingMovesTellIt: TopicPolicy<SchedulingMessages> = {
  name: 'when-scheduling-moves-tell-whom-it-concerns',
  listensTo: [SCHEDULING_TOPIC],
  startsAt: 'beginning',
  on: {
    AppointmentConfirmed: (event) => [fact(event, appointment(event.data), event.data.doctorId)],
    AppointmentRescheduled: (event) => [fact(event, appointment(event.data), event.data.doctorId)],
    AppointmentCancelled: (event) => {
      const { appointmentId, sequence, startsAt, zone, doctorId } = event.data;
      return [fact(event, { appointmentId, sequence, startsAt, zone }, doctorId)];
    },
    AppointmentReminderDue: (event) => {
      const { appointmentId, startsAt, zone } = event.data;
      return [fact(event, { appointmentId, startsAt, zone })];
    },
    NoSlotWithinSla: (event) => [fact(event)],
    ConsultationRecordOverdue: (event) => [fact(event, { until: event.data.dueAt })],
    NoShowRecorded: (event) => [fact(event, { appointmentId: event.data.appointmentId, final: event.data.final })],
    ConsultationAborted: (event) => [fact(event, { final: event.data.final })],
    RebookingReminderDue: (event) => [fact(event, { until: event.data.until })],
    EndedWithoutAppointment: (event) => [fact(event)],
  },
};

/** Authorisation, dossier, report. That a report was not released has no outcome here: the own doctor's message cannot tell it (BR-38). */
export const whenReportingMovesTellIt: TopicPolicy<ReportingMessages> = {
  name: 'when-reporting-moves-tell-whom-it-concerns',
  listensTo: [REPORTING_TOPIC],
  startsAt: 'beginning',
  on: {
    TransferAuthorisationAsked: (event) => [fact(event)],
    TransferAuthorisationGranted: (event) => [fact(event)],
    TransferAuthorisationRefused: (event) => [fact(event)],
    TransferAuthorisationWithdrawn: (event) => [fact(event)],
    NotExecutableDecided: (event) => [fact(event)],
    DossierDocumentAdded: (event) => {
      const { kind, senderRole } = event.data;
      return [fact(event, { documentKind: kind, senderRole })];
    },
    ReportSharedWithEmployee: (event) => [fact(event, { until: event.data.decisionDueAt })],
    ReleaseReminderDue: (event) => [fact(event, { until: event.data.decisionDueAt })],
    ReportReleased: (event) => [fact(event, { version: event.data.version, until: event.data.followUpDueAt })],
    ReportNotReleased: (event) => [fact(event)],
    ReleaseDeliveryFailed: (event) => [fact(event)],
    RequestWithdrawn: (event) => [fact(event)],
    ReportOverdue: (event) => [fact(event, { until: event.data.dueAt })],
    CaseOverdue: (event) => [fact(event, { term: event.data.term, until: event.data.dueAt })],
    FollowUpReminderDue: (event) => [fact(event, { until: event.data.followUpDueAt })],
    FollowUpRecorded: (event) => {
      const { adoption, motivation, discussedOn } = event.data;
      return [fact(event, { adoption, motivation, ...(discussedOn === undefined ? {} : { day: discussedOn }) })];
    },
    FollowUpTermEnded: (event) => [fact(event)],
  },
};

function noteCase({
  caseId,
  caseNumber,
  employeeId,
  ownDoctorId,
}: IntakeMessages['SecondOpinionWishRecorded' | 'SecondOpinionRequestSubmitted']) {
  return issue(NoteCase, { caseId, caseNumber, employeeId, ownDoctorId });
}

function appointment(data: SchedulingMessages['AppointmentConfirmed']): Content {
  const { appointmentId, sequence, startsAt, endsAt, zone, locationName, locationAddress, room } = data;
  const told = { appointmentId, sequence, startsAt, endsAt, zone, locationName, locationAddress };
  return room === undefined ? told : { ...told, room };
}
