import { ADOPTIONS, type Adoption } from '@second-opinion/contracts';
import { Command, type CaseId, type Instant, type LocalDate, type Personal } from '@second-opinion/kernel';
import { IsCode, IsCount, IsId, IsLocalDate, IsPersonal } from '@second-opinion/nest/fields';

// A17: the employee personally (BR-39). Consent names the version (BR-34).
export class GrantReleaseConsent extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(1000, { minimum: 1 }) version!: number;
}
export class WithdrawReleaseConsent extends Command {
  @IsId() caseId!: CaseId;
}
export class BlockReport extends Command {
  @IsId() caseId!: CaseId;
}
export class RemindOfRelease extends Command {
  @IsId() caseId!: CaseId;
  version!: number;
  day!: number;
}
export class EndReleaseTerm extends Command {
  @IsId() caseId!: CaseId;
  dueAt!: Instant;
}

// A18.
export class ReleaseReport extends Command {
  @IsId() caseId!: CaseId;
}
export class RecordReleaseReceipt extends Command {
  @IsId() caseId!: CaseId;
  version!: number;
}
export class RecordDeliveryFailure extends Command {
  @IsId() caseId!: CaseId;
  @IsId() recipientId!: string;
  failedAt!: Instant;
  version?: number;
}

// A19.
export class RecordFollowUp extends Command {
  @IsId() caseId!: CaseId;
  @IsCode(ADOPTIONS) adoption!: Adoption;
  @IsPersonal('MEDICAL', { maxLength: 4000, description: 'For the employee: why this advice is adopted or not' })
  motivation!: Personal;
  @IsLocalDate({ optional: true }) discussedOn?: LocalDate;
}
export class RemindOfFollowUp extends Command {
  @IsId() caseId!: CaseId;
}
export class EndFollowUpTerm extends Command {
  @IsId() caseId!: CaseId;
}

// BR-76.
export class WithdrawRequest extends Command {
  @IsId() caseId!: CaseId;
}
export class StateWorkedHours extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(6000, { minimum: 1, description: 'Minutes worked' }) minutes!: number;
}
export class EndWorkedHoursTerm extends Command {
  @IsId() caseId!: CaseId;
}
