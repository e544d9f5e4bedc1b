import { events, field, type EventsOf } from '@second-opinion/contracts';
import { content, due, FACTS } from './content.events';

/** Every stored event of `notification.case-<caseId>`: who takes part, what happened, and who is to be told. */
export const caseEvents = events({
  CaseNoted: { caseId: field.id(), caseNumber: field.label(), employeeId: field.id(), ownDoctorId: field.id() },
  /** The second opinion doctor confirmed his independence: from here on he is told. */
  DoctorNoted: { doctorId: field.id(), round: field.count() },
  /** What another context told; may come before it is known whom it concerns. */
  FactNoted: {
    eventId: field.id(),
    fact: field.code(FACTS),
    at: field.instant(),
    doctorId: field.optional(field.id()),
    content,
  },
  NotificationDue: due,
});
export type CaseEvent = EventsOf<typeof caseEvents>;
