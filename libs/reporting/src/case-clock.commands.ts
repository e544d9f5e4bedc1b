import { CASE_TERMS, type CaseTerm } from '@second-opinion/contracts';
import { Command, type CaseId, type DoctorId, type Instant } from '@second-opinion/kernel';
import { IsCode, IsId } from '@second-opinion/nest/fields';

// The clock of the whole case (domain section 6). From the other contexts and the deadline; no routes.
export class NoteQuoteSignature extends Command {
  @IsId() caseId!: CaseId;
  @IsId() quoteId!: string;
  signedAt!: Instant;
}
export class NoteQuoteSuperseded extends Command {
  @IsId() caseId!: CaseId;
  @IsId() quoteId!: string;
}
export class NoteMissedAppointment extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  /** ref tells one from another: the appointment, or the event that told it. */
  @IsId() ref!: string;
  missedAt!: Instant;
}
export class NoteCaseOverdue extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(CASE_TERMS) term!: CaseTerm;
}
