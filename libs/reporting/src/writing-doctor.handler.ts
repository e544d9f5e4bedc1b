import { Injectable } from '@nestjs/common';
import type { RegisteredDoctor } from '@second-opinion/contracts';
import { Deciders, type CommandResult, type OutsideFacts } from '@second-opinion/nest';
import { doctor } from './doctor.decider';
import { medicalFile } from './file.decider';
import type { MedicalFile } from './file-state.rules';
import type { DecideNotExecutable, ProceedWithoutOwnDossier } from './dossier.commands';
import { RecordFollowUp } from './release.commands';
import type {
  CheckRegistration,
  CorrectReport,
  FinaliseReportForReview,
  RejectCorrection,
  ShareReport,
} from './report.commands';

type Writing = CheckRegistration | FinaliseReportForReview | ShareReport | CorrectReport | RejectCorrection;
type Judging = ProceedWithoutOwnDossier | DecideNotExecutable | RecordFollowUp;

/** Supplies what the register says of the doctor who writes or judges (BR-19): the one of the second opinion, or the own one of the follow-up. */
@Injectable()
export class WritingDoctorHandler implements OutsideFacts<Writing | Judging> {
  constructor(private readonly deciders: Deciders) {}

  async execute(command: Writing | Judging): Promise<CommandResult> {
    const { state } = await this.deciders.state<MedicalFile>(medicalFile, command.caseId);
    const doctorId = command instanceof RecordFollowUp ? state.opened?.ownDoctorId : state.doctorId;
    if (doctorId !== undefined) command.doctor = (await this.deciders.state<RegisteredDoctor>(doctor, doctorId)).state;
    return this.deciders.execute(medicalFile, command);
  }
}
