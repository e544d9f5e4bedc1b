import { Command, type CaseId, type DoctorId, type Instant, type PersonId } from '@second-opinion/kernel';
import { IsCode, IsCount, IsId, IsInstant, IsLabel, Supplied } from '@second-opinion/nest/fields';
import { FACTS, type Content, type FactType } from './content.events';

// All sent by policies only.

export class NoteCase extends Command {
  @IsId() caseId!: CaseId;
  @IsLabel() caseNumber!: string;
  @IsId() employeeId!: PersonId;
  @IsId() ownDoctorId!: DoctorId;
}

/** The second opinion doctor confirmed his independence. */
export class NoteDoctor extends Command {
  @IsId() caseId!: CaseId;
  @IsId() doctorId!: DoctorId;
  @IsCount(1000) round!: number;
}

/** Another context told something that somebody is to hear of. */
export class NoteFact extends Command {
  @IsId() caseId!: CaseId;
  @IsId() eventId!: string;
  @IsCode(FACTS) fact!: FactType;
  @IsInstant() at!: Instant;
  @IsId({ optional: true }) doctorId?: DoctorId;
  @Supplied() content!: Content;
}
