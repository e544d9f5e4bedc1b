import { CHARGES, PAYERS, type Charge, type Payer } from '@second-opinion/contracts';
import {
  Command,
  type CaseId,
  type Cents,
  type DoctorId,
  type Instant,
  type LocalDate,
  type LocalDateTime,
  type OrganisationId,
  type PersonId,
  type Seal,
} from '@second-opinion/kernel';
import {
  IsCents,
  IsCode,
  IsCount,
  IsFlag,
  IsId,
  IsInstant,
  IsLabel,
  IsLocalDate,
  IsLocalDateTime,
  Supplied,
} from '@second-opinion/nest/fields';
import { CREDIT_REASONS, type CreditReason } from './money.events';
import { CANCELLERS, NOTICE_CLASSES, type Canceller, type Ending, type NoticeClass } from './quote.events';
import type { InvoiceIssued } from './series.events';
import type { TariffVersion } from './tariff.events';

/** A9: own doctor always; the employee too when he pays. Who names the quote he has read does not sign a newer one by mistake. */
export class SignQuote extends Command {
  @IsId() caseId!: CaseId;
  @IsId({ optional: true }) quoteId?: string;
}

export class DeclineQuote extends Command {
  @IsId() caseId!: CaseId;
  @IsId({ optional: true }) quoteId?: string;
}

/** A8, by the back office: for a quote that did not come by itself. */
export class IssueQuote extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() tariff?: TariffVersion;
}

/** BR-57: refers to an invoice and credits at most what is left of it, net. */
export class IssueCreditNote extends Command {
  @IsId() caseId!: CaseId;
  @IsLabel({ example: 'SO2026-000123' }) invoiceNumber!: string;
  @IsCents() netCents!: Cents;
  @IsCode(CREDIT_REASONS) reason!: CreditReason;
}

export class RecordPayment extends Command {
  @IsId() caseId!: CaseId;
  @IsLabel({ example: 'SO2026-000123' }) invoiceNumber!: string;
  @IsCents() amountCents!: Cents;
  @IsLocalDate() receivedOn!: LocalDate;
}

// From here on: sent by policies and deadlines only.

export class NoteSubmission extends Command {
  @IsId() caseId!: CaseId;
  @IsLabel() caseNumber!: string;
  @IsId() employeeId!: PersonId;
  @IsId() ownDoctorId!: DoctorId;
  @IsId() ownOrganisationId!: OrganisationId;
  @IsInstant() submittedAt!: Instant;
  @Supplied() debtor?: Seal;
}

export class NoteOffer extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  @IsCount(1000) round!: number;
  @IsCode(PAYERS) payer!: Payer;
  @IsInstant() offeredAt!: Instant;
  @Supplied() debtor?: Seal;
}

export class NoteOfferDeclined extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(1000) round!: number;
}

export class NoteIndependence extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  @IsCount(1000) round!: number;
  @IsFlag({ optional: true }) restored?: boolean;
}

/** Issues the quote that was requested; its handler brings the tariff in force, or lets the case wait for one. */
export class IssueDueQuote extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() tariff?: TariffVersion;
}

export class NoteAppointment extends Command {
  @IsId() caseId!: CaseId;
  @IsId() appointmentId!: string;
}

export class NoteCancellation extends Command {
  @IsId() caseId!: CaseId;
  @IsId() appointmentId!: string;
  @IsCode(CANCELLERS) by!: Canceller;
  @IsCode(NOTICE_CLASSES) noticeClass!: NoticeClass;
  @IsFlag() illnessProof!: boolean;
  @IsInstant() at!: Instant;
}

export class NoteNoShow extends Command {
  @IsId() caseId!: CaseId;
  @IsId() appointmentId!: string;
  @IsFlag() final!: boolean;
  @IsFlag() illnessProof!: boolean;
  @IsInstant() at!: Instant;
  @IsLocalDateTime({ optional: true }) startsAt?: LocalDateTime;
}

/** A consultation that could not be finished costs nothing by itself; the last one ends the case. */
export class NoteAbort extends Command {
  @IsId() caseId!: CaseId;
  @IsFlag() final!: boolean;
  @IsInstant() at!: Instant;
}

export class NoteConsultation extends Command {
  @IsId() caseId!: CaseId;
  @IsInstant() heldAt!: Instant;
}

export class NoteWorkedHours extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(100_000) minutes!: number;
  @IsInstant() at!: Instant;
}

/** How the case ended for billing. `SHARED` makes the invoice due, whatever becomes of the report (BR-53, BR-59). */
export class NoteEnding extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(['SHARED', 'WITHDRAWN', 'NOT_EXECUTABLE', 'NO_SHOW', 'CLOSED']) ending!: Ending;
  @IsFlag() consultationHeld!: boolean;
  @IsInstant() at!: Instant;
  /** doctorId: who shared the report. */
  @IsId({ optional: true }) doctorId?: string;
}

/** Notes the number that the series gave. */
export class NoteInvoiceNumber extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() invoice!: InvoiceIssued;
}

export class NoteCreditNoteNumber extends Command {
  @IsId() caseId!: CaseId;
  @IsId() creditId!: string;
  @IsLabel() creditNoteNumber!: string;
  @IsLocalDate() issuedOn!: LocalDate;
}

export class NoteQuoteOverdue extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(1000) round!: number;
}

export class RemindOfQuote extends Command {
  @IsId() caseId!: CaseId;
  @IsId() quoteId!: string;
}

export class ExpireQuote extends Command {
  @IsId() caseId!: CaseId;
  @IsId() quoteId!: string;
}

export class NoteInvoiceLate extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(CHARGES) charge!: Charge;
}

export class NotePaymentOverdue extends Command {
  @IsId() caseId!: CaseId;
  @IsLabel() invoiceNumber!: string;
}

/** What another context should have told at the end did not come in time: settle without it. */
export class EndSettlementTerm extends Command {
  @IsId() caseId!: CaseId;
}
