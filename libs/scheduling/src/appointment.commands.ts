import type { RegisteredDoctor } from '@second-opinion/contracts';
import {
  Command,
  type CaseId,
  type DoctorId,
  type Instant,
  type LocalDate,
  type OrganisationId,
  type PersonId,
} from '@second-opinion/kernel';
import { IsCode, IsCount, IsFlag, IsId, IsInstant, IsLocalDate, IsRegion, Supplied } from '@second-opinion/nest/fields';
import { MOVERS, type Mover, type Slot, type Taken } from './agenda.events';
import { ENDS, type End } from './appointment.events';
import { TERMS } from './scheduling.terms';

/** By employee, second opinion doctor or back office, to a free slot of the same doctor. Also plans anew what was cancelled. */
export class RescheduleAppointment extends Command {
  @IsId() caseId!: CaseId;
  @IsLocalDate() date!: LocalDate;
  @IsId() slotId!: string;
  @Supplied() takeId?: string;
  @Supplied() taken?: Taken;
}

export class CancelAppointment extends Command {
  @IsId() caseId!: CaseId;
  /** onRequestOf: the back office passes on what employee or doctor told it. */
  @IsCode(['employee', 'second-opinion-doctor'], { optional: true }) onRequestOf?: 'employee' | 'second-opinion-doctor';
  /** illnessProof: back office or doctor have seen a proof of illness; it waives the fee once. */
  @IsFlag({ optional: true }) illnessProof?: boolean;
}

/** Only the deadline sends it. */
export class RemindOfRebooking extends Command {
  @IsId() caseId!: CaseId;
  @IsId() appointmentId!: string;
  @IsCount(10) attempt!: number;
}

/** Only the deadline sends it: the employee has not chosen again. */
export class NoteNotRebooked extends Command {
  @IsId() caseId!: CaseId;
  @IsId() appointmentId!: string;
}

/** Section 3: the employee cancelled, and does not respond. */
export class EndWithoutAppointment extends Command {
  @IsId() caseId!: CaseId;
}

/** A13: the second opinion doctor held the consultation. */
export class RecordConsultation extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(TERMS.longestConsultationMinutes, { minimum: 1, example: 75 }) durationMinutes!: number;
  @Supplied() doctor?: RegisteredDoctor;
}

export class RecordNoShow extends Command {
  @IsId() caseId!: CaseId;
  @IsFlag({ optional: true }) illnessProof?: boolean;
}

export class RecordLateArrival extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(TERMS.longestSlotMinutes, { minimum: 1, example: 10 }) minutesLate!: number;
}

/** The consultation began and could not be finished; rebooked as after a no-show. */
export class AbortConsultation extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() doctor?: RegisteredDoctor;
}

// From here on: sent by policies and deadlines only.

export class NoteRequest extends Command {
  @IsId() caseId!: CaseId;
  @IsId() employeeId!: PersonId;
  @IsId() ownDoctorId!: DoctorId;
  @IsId() ownOrganisationId!: OrganisationId;
  @IsInstant() submittedAt!: Instant;
}

export class NoteAssignment extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  @IsCount(1000) round!: number;
  @IsRegion() region!: string;
}

export class NoteAssignmentDecline extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  @IsCount(1000) round!: number;
}

export class NoteIndependence extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  @IsCount(1000) round!: number;
  @IsFlag({ optional: true }) restored?: boolean;
}

export class NoteQuote extends Command {
  @IsId() caseId!: CaseId;
  @IsId() quoteId!: string;
  @IsId() doctorId!: DoctorId;
  @IsCount(1000) round!: number;
  @IsInstant() validUntil!: Instant;
}

export class NoteQuoteSignature extends Command {
  @IsId() caseId!: CaseId;
  @IsId() quoteId!: string;
  @IsId() doctorId!: DoctorId;
  @IsInstant() signedAt!: Instant;
}

export class NoteQuoteEnd extends Command {
  @IsId() caseId!: CaseId;
  @IsId() quoteId!: string;
}

export class NoteCaseEnd extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(ENDS) cause!: End;
  @IsInstant() at!: Instant;
}

/** Runs a search: its handler tries the free slots, best first; the decision stands for the search that found none. */
export class FindSlot extends Command {
  @IsId() caseId!: CaseId;
  @IsId() searchId!: string;
  @IsId() doctorId!: DoctorId;
  @IsId() ownOrganisationId!: OrganisationId;
  @IsRegion() region!: string;
  @IsInstant() from!: Instant;
  @IsInstant() usualUntil!: Instant;
  @IsInstant() limit!: Instant;
  @Supplied() doctor?: RegisteredDoctor;
}

/** What the register says of the doctor now, beside what this case has or looks for (BR-19). */
export class CheckRegistration extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() doctor?: RegisteredDoctor;
}

/** Some slots with the doctor came free while this case was looking for one. */
export class NoteNewSlots extends Command {
  @IsId() caseId!: CaseId;
}

/** Searches again when a search has waited long enough, whatever became of it. */
export class SearchAgain extends Command {
  @IsId() caseId!: CaseId;
  @IsId() searchId!: string;
}

export class NoteSlotTaken extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() taken!: Taken;
}

export class NoteSlotClosed extends Command {
  @IsId() caseId!: CaseId;
  @IsId() slotId!: Slot['slotId'];
  @IsId() takeId!: string;
  @IsCode(MOVERS, { optional: true }) by?: Mover;
}

export class EndReservation extends Command {
  @IsId() caseId!: CaseId;
  @IsId() slotId!: string;
}

export class NoteConsultationRecordOverdue extends Command {
  @IsId() caseId!: CaseId;
  @IsId() appointmentId!: string;
  @IsInstant() dueAt!: Instant;
}

export class RemindOfAppointment extends Command {
  @IsId() caseId!: CaseId;
  @IsId() appointmentId!: string;
  @IsCount(100_000) sequence!: number;
  @IsCount(100) daysBefore!: number;
}
