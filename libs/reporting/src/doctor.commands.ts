import { Command, type DoctorId, type LocalDate } from '@second-opinion/kernel';
import { IsId, IsLocalDate } from '@second-opinion/nest/fields';

/** Only the policy sends it: what intake tells of a doctor's registration. */
export class NoteDoctor extends Command {
  @IsId() doctorId!: DoctorId;
  @IsLocalDate({ optional: true }) registeredUntil?: LocalDate;
}

/** Only deadlines send it: may this doctor still write what he has begun? */
export class CheckFilesOfDoctor extends Command {
  @IsId() doctorId!: DoctorId;
}
