import type { RegisteredDoctor } from '@second-opinion/contracts';
import { Command, type CaseId, type Personal } from '@second-opinion/kernel';
import { IsCount, IsId, IsPersonal, Supplied } from '@second-opinion/nest/fields';

const text = { maxLength: 20_000 };

// A15. The five parts that a report must have (BR-50).
export class FinaliseReportForReview extends Command {
  @IsId() caseId!: CaseId;
  @IsPersonal('MEDICAL', { ...text, description: 'Facts and findings' }) findings!: Personal;
  @IsPersonal('MEDICAL', { ...text, description: 'How the examination was done' }) method!: Personal;
  @IsPersonal('MEDICAL', { ...text, description: 'From the findings to the conclusions' }) reasoning!: Personal;
  @IsPersonal('MEDICAL', { ...text, description: 'What it rests on; also what was asked and did not come' })
  sources!: Personal;
  @IsPersonal('MEDICAL', { ...text, description: 'Conclusions, within the own expertise' }) conclusion!: Personal;
  @Supplied() doctor?: RegisteredDoctor;
}
export class ShareReport extends Command {
  @IsId() caseId!: CaseId;
  /** version: the newest when it is left out. */
  @IsCount(1000, { minimum: 1, optional: true }) version?: number;
  @Supplied() doctor?: RegisteredDoctor;
}
export class NoteReportOverdue extends Command {
  @IsId() caseId!: CaseId;
}
/** The policy sends it, and `CheckFilesOfDoctor` for each file: what the register says now of the doctor who writes (BR-19). */
export class CheckRegistration extends Command {
  @IsId() caseId!: CaseId;
  @Supplied() doctor?: RegisteredDoctor;
}

// A16.
export class RequestFactualCorrection extends Command {
  @IsId() caseId!: CaseId;
  @IsCount(1000, { minimum: 1 }) version!: number;
  @IsPersonal('MEDICAL', { maxLength: 10_000, description: 'Which facts are wrong; findings and conclusions stay' })
  correction!: Personal;
}
export class CorrectReport extends Command {
  @IsId() caseId!: CaseId;
  @IsPersonal('MEDICAL', text) findings!: Personal;
  @IsPersonal('MEDICAL', text) method!: Personal;
  @IsPersonal('MEDICAL', text) reasoning!: Personal;
  @IsPersonal('MEDICAL', text) sources!: Personal;
  @IsPersonal('MEDICAL', text) conclusion!: Personal;
  @Supplied() doctor?: RegisteredDoctor;
}
export class RejectCorrection extends Command {
  @IsId() caseId!: CaseId;
  @IsPersonal('MEDICAL', { maxLength: 4000 }) reason!: Personal;
  @Supplied() doctor?: RegisteredDoctor;
}
